"""Rows added to a duty list (of the law, or the unit's own) and rows taken out that can be put back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from generator import duty_editing as editing
from generator.duty_list import DutyList, ListRow
from generator.duty_rows import rows_of
from retriever import duties
from screens import desk, duty_state
from screens.wording import plain, t

_FOUND = "duty_found"
LABEL = 70  # characters of a duty in a list to choose from


def show(drawn: DutyList) -> None:
    law, own, gone = st.tabs([t("duty_add_law"), t("duty_add_own"), t("duty_removed", n=len(drawn.removed))])
    with law:
        _from_law(drawn)
    with own:
        _own(drawn)
    with gone:
        _removed(drawn)


def _from_law(drawn: DutyList) -> None:
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    text = left.text_input(t("duty_add_what"), placeholder=t("duty_add_hint"), key="duty_add_text")
    if right.button(t("duty_add_find"), key="duty_add_find", width="stretch") and text.strip():
        with st.spinner(t("searching")):
            found = duties.find(
                desk.book(), text=text, industry=drawn.industry or None, region=drawn.region or None,
                on=drawn.as_of,
            )  # fmt: skip
            st.session_state[_FOUND] = {row.key: row for row in rows_of(found, desk.library())}
        if not found.rows:
            st.info(t("no_duties"))
    held = {row.key for row in drawn.rows}
    offered: dict[str, ListRow] = {
        key: row for key, row in st.session_state.get(_FOUND, {}).items() if key not in held
    }
    if offered:
        chosen = st.multiselect(
            t("duty_add_choose", n=len(offered)), list(offered), format_func=lambda key: _label(offered[key]),
            key="duty_add_rows", placeholder=t("none_chosen"),
        )  # fmt: skip
        for key in chosen:
            st.markdown(f"{plain(offered[key].duty)}  \n:small[{plain(offered[key].bases[0].citation)}]")
        st.button(
            t("duty_add_these", n=len(chosen)), disabled=not chosen, key="duty_add", on_click=_add,
            args=(tuple(offered[key] for key in chosen),),
        )  # fmt: skip


def _label(row: ListRow) -> str:
    return f"{row.bases[0].citation} {row.duty[:LABEL]}"


def _add(rows: tuple[ListRow, ...]) -> None:
    for row in rows:
        duty_state.change(partial(editing.add_row, row=row, by=duty_state.who(), at=duty_state.now()))
    st.session_state.pop("duty_add_rows", None)


def _own(drawn: DutyList) -> None:
    with st.form("duty_own", border=False, clear_on_submit=True):
        st.caption(t("duty_own_help"))
        post = st.text_input(t("post"), value=drawn.post, key="duty_own_post")
        words = st.text_area(t("duty_own_words"), key="duty_own_words", height=80)
        if st.form_submit_button(t("duty_add_this")):
            row = editing.own_row(post, words, at=duty_state.now())
            duty_state.change(partial(editing.add_row, row=row, by=duty_state.who(), at=duty_state.now()))
            st.rerun()


def _removed(drawn: DutyList) -> None:
    if not drawn.removed:
        st.caption(t("duty_removed_none"))
    for gone in drawn.removed:
        words, button = st.columns([6, 1], vertical_alignment="center")
        mark = f"{gone.mark.who} {gone.mark.when[:16].replace('T', ' ')}"
        words.markdown(f"{plain(gone.row.duty)}  \n:small[{plain(mark)}]")
        button.button(
            t("duty_put_back"), key=f"back_{gone.row.key}", on_click=duty_state.change,
            args=(partial(editing.put_back, key=gone.row.key),),
        )  # fmt: skip
