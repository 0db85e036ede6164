"""The text of a provision, opened at its place: chapter, neighbours, versions, links, duties, citation."""

from __future__ import annotations

from functools import partial

import streamlit as st

from corpus.compare import Op
from corpus.document import Edition
from corpus.library import Library, covers
from corpus.place import Address
from generator import citation_style
from screens import ask_filters, desk, provision_facts
from screens.place_line import place_line, row_label
from screens.provision_facts import Linked
from screens.wording import plain, t

TAB = "provision_tab"
TRAIL = "provision_trail"  # the provisions opened one after another, for the way back
SHOWN_WORDS = 160
HEIGHT = 420  # pixels of the window's inside


def open_text(key: str, address: Address) -> None:
    """Opens the dialog at a provision."""
    st.session_state[TRAIL] = [(key, address)]
    st.session_state.pop(TAB, None)
    st.dialog(t("text_dialog"), width="large")(_draw)()


def _draw() -> None:
    key, address = st.session_state[TRAIL][-1]
    library = desk.library()
    edition = library.edition(key)
    _head(edition, address)
    names = ("tab_text", "tab_versions", "tab_links", "tab_duties", "tab_cite")
    draw = (_text, _versions, _links, _duties, _cite)
    for tab, one in zip(st.tabs([t(name) for name in names], key=TAB, on_change="rerun"), draw, strict=True):
        # one height for every tab: the window does not jump when another is chosen
        with tab.container(height=HEIGHT, border=False):
            if tab.open:
                one(library, edition, address)


def _go(key: str, address: Address) -> None:
    st.session_state[TRAIL].append((key, address))
    st.session_state.pop(TAB, None)


def _back() -> None:
    st.session_state[TRAIL].pop()


def _head(edition: Edition, address: Address) -> None:
    place = edition.place(address.whole(), on=desk.today())
    st.markdown(place_line(place, kind=edition.masthead.kind))
    facts = (
        edition.masthead.issuer,
        edition.masthead.number,
        f"{t('effective_from')} {edition.effective_from}" if edition.effective_from else None,
        edition.ended_reason,
    )
    st.caption(plain(" · ".join(filter(None, facts))))
    row = st.container(horizontal=True, vertical_alignment="center")
    if len(st.session_state[TRAIL]) > 1:
        row.button(t("trail_back"), icon=":material/arrow_back:", on_click=_back, key="trail_back")
    if row.button(t("within_this"), icon=":material/manage_search:", type="tertiary", key="within_this"):
        ask_filters.stay_within(edition.work, edition.title)
        st.rerun()


def _text(library: Library, edition: Edition, address: Address) -> None:
    rows = library.provisions(edition.key)
    chapter = st.toggle(t("whole_chapter"), key=f"chapter_{edition.key}_{address.label}")
    for heading in provision_facts.headings_of(rows, address):
        st.caption(plain(heading))
    shown = provision_facts.around(rows, address, chapter=chapter)
    if shown.before:
        with st.expander(t("articles_before", first=shown.before[0].address.whole().label)):
            for row in shown.before:
                st.markdown(f"{row_label(row)}{plain(row.text)}")
    for row in shown.here:
        words = _tinted(row.text) if covers(address, row.address) else plain(row.text)
        st.markdown(f":red[▌]{row_label(row)}{words}")
    if shown.after:
        st.caption(t("articles_after"))
    for row in shown.after:
        st.markdown(f"{row_label(row)}{plain(row.text)}")


def _tinted(text: str) -> str:
    return "  \n".join(
        f":orange-background[{plain(line)}]" if line.strip() else "" for line in text.split("\n")
    )


# -- versions ----------------------------------------------------------------------------------------


def _versions(library: Library, edition: Edition, address: Address) -> None:
    held = library.versions(edition.work)
    day = desk.today()
    for one in held:
        until = f" → {one.effective_to}" if one.effective_to else ""
        here = f" :material/arrow_left_alt: {t('this_version')}" if one.key == edition.key else ""
        since = one.effective_from or t("unknown_day")
        st.markdown(
            f"{desk.status_badge(one.status(day))} **{plain(one.masthead.version or '—')}** "
            f":small[{plain(f'{since}{until}')}]{here}"
        )
    others = [one for one in held if one.key != edition.key]
    if not others:
        st.caption(t("one_version"))
        return
    other = st.selectbox(
        t("compare_with"), others, format_func=lambda one: one.masthead.version or one.source,
        key=f"compare_{edition.key}",
    )  # fmt: skip
    older, newer = sorted((edition, other), key=lambda one: one.masthead.version or "")
    change = provision_facts.change_of(library, older.key, newer.key, address)
    if change is None:
        st.success(t("no_change"))
        return
    st.caption(t("change_legend", old=older.masthead.version, new=newer.masthead.version))
    if not (change.old and change.new):
        st.info(t("article_added" if change.new else "article_removed"))
        st.markdown(plain(change.new_text or change.old_text))
        return
    if change.moved:
        st.caption(plain(f"{change.old.label} → {change.new.label}"))
    marks = {Op.SAME: "{}", Op.DELETED: ":red[~~{}~~]", Op.INSERTED: ":green-background[**{}**]"}
    pieces = change.pieces or ()
    st.markdown("".join(_piece(marks[piece.op], piece.text) for piece in pieces) or plain(change.new_text))


def _piece(mark: str, text: str) -> str:
    """Marks stay within a line, and around words: Markdown would show them otherwise."""
    lines = text.split("\n")
    return "  \n".join(mark.format(plain(line)) if line.strip() else line for line in lines)


# -- links, duties, citation -------------------------------------------------------------------------


def _links(library: Library, edition: Edition, address: Address) -> None:
    ends = (
        ("links_from", provision_facts.cites(library, edition.key, address)),
        ("links_to", provision_facts.cited_by(library, edition.key, address)),
    )
    for name, (found, total) in ends:
        st.markdown(f"**{t(name)}** :gray-badge[{total}]")
        if not found:
            st.caption(t(f"{name}_none"))
        for number, linked in enumerate(found):
            _linked(f"{name}_{number}", linked)


def _linked(key: str, linked: Linked) -> None:
    row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    place = linked.edition.place(linked.address, on=desk.today())
    row.markdown(place_line(place))
    row.button(
        t("open"), key=f"{key}_{place.citation}", type="tertiary",
        on_click=partial(_go, linked.edition.key, linked.address),
    )  # fmt: skip
    cut = "……" if len(linked.words) > SHOWN_WORDS else ""
    st.caption(plain(linked.words[:SHOWN_WORDS]) + cut)


def _duties(_library: Library, edition: Edition, address: Address) -> None:
    book = desk.book()
    held = provision_facts.duties_of(book, edition.key, address)
    if not held:
        st.caption(t("no_duties_here"))
        return
    for one in held:
        duty = one.obligation
        bearer, modality = plain(duty.bearer or t("no_bearer")), t(f"modality_{duty.modality.value}")
        st.markdown(
            f":blue-badge[{bearer}] :gray-badge[{modality}] "
            f"**{plain(duty.address.label)}** {plain(duty.quote)}"
        )
    st.markdown(f"**{t('penalties_here')}**")
    found = provision_facts.penalties_of(book, edition.key, held)
    if not found:
        st.caption(t("no_penalties_here"))
    for number, punished in enumerate(found):
        row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
        row.markdown(place_line(edition.place(punished.address, on=desk.today())))
        row.button(
            t("open"), key=f"penalty_{number}_{punished.address.label}", type="tertiary",
            on_click=partial(_go, edition.key, punished.address),
        )  # fmt: skip
        st.markdown(plain(punished.words))
        st.caption(
            t("penalty_sure") if punished.explicit else t("penalty_score", score=f"{punished.score:.2f}")
        )


def _cite(library: Library, edition: Edition, address: Address) -> None:
    place = edition.place(address, on=desk.today())
    words = library.text(edition.key, address)
    styles = citation_style.cite(place, words, number=edition.masthead.number)
    for style, text in styles.items():
        st.caption(t(f"style_{style.value}"))
        st.code(text, language=None, wrap_lines=True)
