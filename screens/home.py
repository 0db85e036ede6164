"""首页: what is held, as of when, what takes effect soon, the user's saved work, what changed since."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from corpus.document import Edition
from corpus.library import Library
from screens import desk, holdings, work
from screens.access import current_user
from screens.asked import put_again
from screens.wording import plain, t

VISIT = "visit"
PAGE_OF = {"duty_list": "duties", "letter": "rectify", "study": "study", "check": "check"}
SAME_VISIT = timedelta(hours=4)
MOST = 8  # rows of a list before it is folded


def show_page() -> None:
    st.title(t("app"), anchor=False)
    st.write(t("tagline"))
    if not desk.has_library():
        _empty()
        return
    library = desk.library()
    editions = library.editions()
    _box()
    _held(library, editions)
    _ways()
    left, right = st.columns(2)
    with left:
        _pending(editions)
        _changes(editions)
    with right:
        _saved()


show = desk.page(show_page)


def _empty() -> None:
    st.info(t("no_library"))
    _link("library", t("go_library"))


def _link(name: str, label: str, place: object = st) -> None:
    """A link to another page, where this session may open it."""
    page = st.session_state.get("pages", {}).get(name)
    if page is not None and page.visibility == "visible":
        place.page_link(page, label=label)  # type: ignore[attr-defined]


def _box() -> None:
    """A question asked from here is answered on its own page."""
    with st.form("home_form", border=False):
        box, button = st.columns([6, 1], vertical_alignment="bottom")
        text = box.text_input(t("question"), placeholder=t("question_hint"), key="home_question")
        pressed = button.form_submit_button(
            t("ask_button"), type="primary", icon=":material/search:", width="stretch"
        )
    if pressed and text.strip():
        put_again(text.strip())
        st.switch_page(st.session_state["pages"]["ask"])


def _held(library: Library, editions: tuple[Edition, ...]) -> None:
    columns = st.columns(4)
    columns[0].metric(t("held"), f"{len(editions):,}", border=True)
    columns[1].metric(t("works"), f"{len(library.works()):,}", border=True)
    columns[2].metric(t("articles"), f"{library.totals()[1]:,}", border=True)
    columns[3].metric(t("as_of"), desk.today(), border=True)
    if any(edition.masthead.sample for edition in editions):
        st.warning(t("sample_note"), icon=":material/science:")


def _ways() -> None:
    row = st.container(horizontal=True)
    for name in ("ask", "duties", "rectify", "study", "check"):
        _link(name, t(f"go_{name}"), row)


def _pending(editions: tuple[Edition, ...]) -> None:
    st.subheader(t("pending"), anchor=False)
    waiting = holdings.pending(editions, desk.today())
    if not waiting:
        st.caption(t("pending_none"))
    _dated([(edition.effective_from or "", edition) for edition in waiting])


def _dated(rows: list[tuple[str, Edition]]) -> None:
    lines = [
        f"- **{plain(day)}** {plain(edition.title)} :gray-badge[{plain(edition.masthead.kind)}]"
        for day, edition in rows
    ]
    if lines:
        st.markdown("\n".join(lines[:MOST]))
    if len(lines) > MOST:
        with st.expander(t("hits_rest", n=len(lines) - MOST)):
            st.markdown("\n".join(lines[MOST:]))


def _changes(editions: tuple[Edition, ...]) -> None:
    st.subheader(t("since"), anchor=False)
    last = _last_visit()
    if last is None:
        st.caption(t("since_first"))
        return
    found = holdings.changes(editions, desk.added_at(), since=last, today=desk.today())
    st.caption(t("since_when", when=last[:16].replace("T", " ")))
    if not found:
        st.caption(t("since_none"))
    for name in ("added", "began", "ended"):
        held: tuple[Edition, ...] = getattr(found, name)
        if held:
            st.markdown(f"{t('since_' + name)} :gray-badge[{len(held)}]")
            dates = {"added": "version", "began": "effective_from", "ended": "effective_to"}
            _dated([(_day(edition, dates[name]), edition) for edition in held])


def _day(edition: Edition, name: str) -> str:
    held = edition.masthead.version if name == "version" else getattr(edition, name)
    return held or ""


def _last_visit() -> str | None:
    """When the user was here before this visit; a new tab or a reload within SAME_VISIT is no new visit."""
    owner = current_user().name
    if "last_visit" not in st.session_state:
        held = next(iter(work.owned(desk.data(), owner, VISIT)), None)
        now = datetime.now().astimezone()
        if held and now - datetime.fromisoformat(held.saved_at) < SAME_VISIT:
            st.session_state["last_visit"] = held.payload.get("since")
        else:
            since = held.saved_at if held else None
            work.keep(desk.data(), owner, VISIT, VISIT, {"since": since}, id=held.id if held else None)
            st.session_state["last_visit"] = since
    last: str | None = st.session_state["last_visit"]
    return last


def _saved() -> None:
    st.subheader(t("saved"), anchor=False)
    held = [one for one in work.owned(desk.data(), current_user().name) if one.kind in PAGE_OF]
    if lost := work.damaged(desk.data(), current_user().name):
        st.warning(t("home_saved_damaged", n=lost))
    if not held:
        st.caption(t("home_saved_none"))
    for one in held[:MOST]:
        row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
        when = plain(one.saved_at[:16].replace("T", " "))
        row.markdown(f":blue-badge[{t('saved_' + one.kind)}] {plain(one.name)} :small[{when}]")
        if row.button(t("home_saved_open"), key=f"saved_{one.id}", type="tertiary"):
            st.session_state["reopen"] = one.id
            st.switch_page(st.session_state["pages"][PAGE_OF[one.kind]])
    if len(held) > MOST:
        st.caption(t("saved_more", n=len(held) - MOST))
