"""The texts held: finding one, its facts, versions and timeline, remarks and proofs, its words."""

from __future__ import annotations

import streamlit as st

from corpus.document import Edition
from corpus.library import Library
from corpus.proof import UNPROVED
from screens import audit, desk, library_add, provision
from screens.access import current_user, require_editor
from screens.export import offer
from screens.place_line import place_line, row_label
from screens.wording import plain, t

SHOWN = 500
ROWS = 120  # rows of a text drawn at once


def show(*, editor: bool) -> None:
    library = desk.library()
    editions = library.editions()
    left, middle, right = st.columns([3, 1, 1])
    wanted = left.text_input(t("find_title"), key="find_title", placeholder=t("find_title_hint"))
    kinds = sorted({edition.masthead.kind for edition in editions})
    kind = middle.selectbox(t("kind"), kinds, index=None, placeholder=t("all_kinds"), key="find_kind")
    states = ["in_force", "not_yet", "amended", "repealed", "unknown"]
    state = right.selectbox(
        t("status"), states, index=None, format_func=desk.status_words, placeholder=t("all_states"),
        key="find_status",
    )  # fmt: skip
    found = [e for e in editions if _fits(e, wanted.strip(), kind, state)]
    st.caption(t("texts_found", n=len(found), of=len(editions)))
    if not found:
        st.info(t("texts_none"))
        return
    picked = st.dataframe(
        [_row(edition) for edition in found[:SHOWN]], width="stretch", hide_index=True, height=320,
        on_select="rerun", selection_mode="single-row", key="texts",
    )  # fmt: skip
    chosen = picked["selection"]["rows"]
    if chosen and chosen[0] < len(found):
        _one(library, found[chosen[0]], editor=editor)
    else:
        st.caption(t("texts_pick"))


def _fits(edition: Edition, wanted: str, kind: str | None, state: str | None) -> bool:
    named = wanted in edition.title or wanted in (edition.masthead.number or "") or wanted in edition.source
    return (
        named
        and kind in (None, edition.masthead.kind)
        and (state is None or edition.status(desk.today()) == state)
    )


def _row(edition: Edition) -> dict[str, str]:
    return {
        t("title_column"): edition.title,
        t("version"): edition.masthead.version or "—",
        t("status"): desk.status_words(edition.status(desk.today())),
        t("effective_from"): edition.effective_from or "—",
        t("kind"): edition.masthead.kind,
        t("region"): edition.masthead.region or "全国",
        t("file"): edition.source,
    }


def _one(library: Library, edition: Edition, *, editor: bool) -> None:
    with st.container(border=True):
        place = edition.place(library.provisions(edition.key)[0].address, on=desk.today())
        st.markdown(place_line(place, kind=edition.masthead.kind).replace(_label(place.label), ""))
        facts = (edition.masthead.issuer, edition.masthead.number, edition.source)
        st.caption(plain(" · ".join(filter(None, facts))))
        timeline, proofs, words = st.tabs([t("timeline"), t("proofs"), t("words")])
        with timeline:
            _timeline(library, edition)
        with proofs:
            _proofs(library, edition)
        with words:
            _words(library, edition)
        if editor:
            _removal(library, edition)


def _label(label: str) -> str:
    return f" :blue-badge[{plain(label)}]"


def _timeline(library: Library, edition: Edition) -> None:
    """Every version held with its first and last day; the dates that the text names above itself."""
    for one in library.versions(edition.work):
        until = f" → {one.effective_to}" if one.effective_to else ""
        mark = " :material/arrow_left_alt:" if one.key == edition.key else ""
        st.markdown(
            f"{desk.status_badge(one.status(desk.today()))} **{plain(one.masthead.version or '—')}** "
            f"{plain((one.effective_from or t('unknown_day')) + until)}{mark}"
        )
        if one.ended_reason:
            st.caption(plain(one.ended_reason))
    if dates := edition.masthead.versions:
        st.caption(f"{t('dates_named')}：{plain('、'.join(dates))}")
    st.caption(t(f"basis_{edition.effective_basis.split()[0]}"))


def _proofs(library: Library, edition: Edition) -> None:
    record = library.record(edition.key)
    failed = [remark for remark in record.remarks if remark.code in UNPROVED]
    if failed:
        st.warning(t("proof_failed"))
    else:
        st.success(t("proof_whole"))
    for remark in record.remarks[:40]:
        st.markdown(f"- {plain(remark.message)}")
    if len(record.remarks) > 40:
        st.caption(t("remarks_more", n=len(record.remarks) - 40))
    counts = record.counts
    st.caption(t("counts", chapters=counts.chapters, articles=counts.articles, items=counts.items))
    st.caption(f"SHA-256 {record.sha256} · {record.size:,} B · {plain(record.added_at)}")


def _words(library: Library, edition: Edition) -> None:
    rows = library.provisions(edition.key)
    pages = -(-len(rows) // ROWS)
    page = st.number_input(t("page_of", n=pages), 1, pages, 1, key=f"page_{edition.key}") if pages > 1 else 1
    shown = rows[(page - 1) * ROWS : page * ROWS]
    with st.container(height=420):
        above: tuple[str, ...] = ()
        for row in shown:
            for heading in row.headings if row.headings != above else ():
                st.caption(plain(heading))
            above = row.headings
            st.markdown(f"{row_label(row)}{plain(row.text)}")
    tools = st.container(horizontal=True)
    if tools.button(t("open_place"), key=f"open_{edition.key}", icon=":material/menu_book:"):
        provision.open_text(edition.key, shown[0].address)
    offer(
        t("original"), lambda: library.original(edition.key),
        file_name=edition.source.rpartition("/")[2], action="导出原件",
        place=tools, key=f"original_{edition.key}",
    )  # fmt: skip


def _removal(library: Library, edition: Edition) -> None:
    """Taking a version out is asked twice: the file added is gone with it."""
    with st.popover(t("remove"), icon=":material/delete:"):
        st.markdown(
            t("remove_sure", title=plain(edition.title), version=plain(edition.masthead.version or ""))
        )
        if st.button(t("remove_yes"), type="primary", key=f"remove_{edition.key}"):
            require_editor()
            library.remove(edition.key)
            subject = f"{edition.title}（{edition.masthead.version}）"
            audit.record(desk.data(), current_user().name, "移除", subject)
            library_add.start([], {})
