"""The state of the library: coverage as charts, what is missing, index health, the sample, the log."""

from __future__ import annotations

import streamlit as st

from corpus import derived
from corpus.errors import ZerenError
from corpus.library import Library
from indexer import intake
from screens import audit, desk, holdings, library_add
from screens.access import current_user, require_editor
from screens.export import offer
from screens.wording import plain, t

LOGGED = 500
COLOUR = "#9c1f1f"  # the theme's


def coverage() -> None:
    """Texts by rank, industry, region and validity, each as a chart and as a table."""
    editions = desk.library().editions()
    st.caption(t("coverage_note", n=len(editions), day=desk.today()))
    left, right = st.columns(2)
    with left:
        _chart("by_rank", holdings.by_rank(editions))
        statuses = holdings.by_status(editions, desk.today())
        _chart("by_status", {desk.status_words(name): count for name, count in statuses.items()})
    with right:
        _chart("by_region", holdings.by_region(editions))
        if holdings.index_health(desk.data(), "").generation:
            counts, general, other = holdings.by_industry(desk.book().register.texts)
            _chart("by_industry", counts)
            st.caption(t("industry_rest", general=general, other=other))


def _chart(name: str, counts: dict[str, int]) -> None:
    st.markdown(f"**{t(name)}**")
    if not counts:
        st.caption(t("nothing_to_count"))
        return
    rows = [{t("group"): group, t("texts"): count} for group, count in counts.items()]
    st.bar_chart(
        rows, x=t("group"), y=t("texts"), x_label="", y_label="", horizontal=True, sort=False,
        color=COLOUR, height=40 + 26 * len(rows),
    )  # fmt: skip
    with st.expander(t("as_table")):
        st.dataframe(rows, hide_index=True, width="stretch")


def missing() -> None:
    """The main texts that the catalogue lists and the library does not hold; texts that did not prove."""
    library = desk.library()
    absent = derived.missing(library)
    st.markdown(f"**{t('missing_main')}** :gray-badge[{len(absent)}]")
    if absent:
        st.markdown("\n".join(f"- 《{plain(title)}》" for title in absent))
        st.caption(t("missing_next"))
    else:
        st.success(t("missing_none"))
    remarks, articles = library.totals()
    st.markdown(f"**{t('remarks')}** :small[{t('articles_held', n=f'{articles:,}')}]")
    if remarks:
        rows = [{t("remark_code"): code, t("times"): times} for code, times in remarks.items()]
        st.dataframe(rows, hide_index=True, width="stretch")
    else:
        st.caption(t("remarks_none"))


def index() -> None:
    """Whether the index fits the texts; bringing it up to date; the sample on and off."""
    library = desk.library()
    health = holdings.index_health(desk.data(), library.content_hash())
    if problem := health.problem or (health.generation and _does_not_open()):
        st.error(plain(problem))
    elif health.generation is None:
        st.warning(t("index_none"))
    elif health.up_to_date:
        st.success(t("index_fits", name=plain(health.generation)))
    else:
        st.warning(t("index_late"))
    if facts := health.facts:
        names = ("units", "passages", "dimension", "seconds")
        places = st.columns(len(names))
        for place, name in zip(places, names, strict=True):
            place.metric(t(f"index_{name}"), f"{facts.get(name, '—'):,}" if facts.get(name) else "—")
    if st.button(t("index_now"), icon=":material/refresh:", key="index_now"):
        library_add.start([], {})
    st.divider()
    _sample(library)


def _does_not_open() -> str:
    """Why the index cannot be used, for one made by another version of the program; "" where it opens."""
    try:
        desk.retriever()
    except ZerenError as error:
        return error.message
    return ""


def _sample(library: Library) -> None:
    st.markdown(f"**{t('sample')}**")
    samples = [edition for edition in library.editions() if edition.masthead.sample]
    if said := st.session_state.pop("sample_said", ""):
        st.success(said)
    if not samples:
        st.caption(t("sample_off"))
        if st.button(t("sample_add"), key="sample_add"):
            library_add.start([intake.STARTER], {})
        return
    st.caption(t("sample_note"))
    with st.popover(t("sample_remove"), icon=":material/delete:"):
        st.markdown(t("sample_sure", n=len(samples)))
        if st.button(t("remove_yes"), type="primary", key="sample_remove"):
            require_editor()
            for edition in samples:
                library.remove(edition.key)
            audit.record(desk.data(), current_user().name, "移除样例", f"{len(samples)} 份")
            st.session_state["sample_said"] = t("sample_removed")
            library_add.start([], {})


def log() -> None:
    """Who did what, and when: exports and changes of the library."""
    require_editor()
    held = audit.entries(desk.data(), newest=LOGGED)
    if not held:
        st.info(t("log_none"))
        return
    heads = (t("when"), t("who"), t("what"), t("subject"))
    rows = [
        dict(zip(heads, (e.when.replace("T", " "), e.user, e.action, e.subject), strict=True)) for e in held
    ]
    st.caption(t("log_note", n=len(rows)))
    st.dataframe(rows, hide_index=True, width="stretch")
    offer(
        t("log_export"), (desk.data() / audit.FILE).read_bytes, file_name="audit.jsonl",
        action="导出操作记录", key="log_export",
    )  # fmt: skip
