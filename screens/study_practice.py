"""Practising a bank in the page: one item at a time, scored, the provision shown after each answer."""

from __future__ import annotations

import streamlit as st

from generator.study_item import Item, Kind
from generator.study_makers import Drawn
from generator.study_practice import mark
from screens.study_items import LETTERS
from screens.study_scope import kind_words
from screens.wording import plain, t


def show(drawn: Drawn) -> None:
    items = drawn.bank.items
    if not items:
        st.info(t("study_none"))
        return
    marks: dict[str, tuple[float, int]] = st.session_state.setdefault("study_marks", {})
    at = min(int(st.session_state.setdefault("study_at", 0)), len(items) - 1)
    progress = st.empty()
    item = items[at]
    with st.container(border=True):
        st.markdown(f":blue-badge[{kind_words(item.kind)}] {plain(item.stem)}")
        chosen, words = _given(item)
        with st.container(horizontal=True):
            if st.button(t("study_submit"), type="primary", key=f"submit_{item.id}"):
                marked = mark(item, chosen=chosen, words=words)
                marks[item.id] = (marked.score, marked.full)
                st.session_state["study_shown"] = (item.id, marked)
            st.button(t("study_next"), key=f"next_{item.id}", on_click=_move, args=((at + 1) % len(items),))
    _verdict(item)
    score, full = sum(one for one, _ in marks.values()), sum(of for _, of in marks.values())
    told = t("study_progress", at=at + 1, of=len(items), score=f"{score:g}", full=full)
    progress.progress((at + 1) / len(items), text=told)
    if len(marks) == len(items):
        st.success(t("study_finished", score=f"{score:g}", full=full))
    if marks:
        st.button(t("study_restart"), key="study_restart", on_click=_restart)


def _verdict(item: Item) -> None:
    """Right or wrong, the answer, and the provision it rests on."""
    shown = st.session_state.get("study_shown")
    if not shown or shown[0] != item.id:
        return
    marked = shown[1]
    (st.success if marked.right else st.error)(
        plain(t("study_marked", score=f"{marked.score:g}", full=marked.full, answer=item.answer_words))
    )
    st.info(plain(item.explanation))


def _move(at: int) -> None:
    st.session_state["study_at"] = at


def _restart() -> None:
    for key in ("study_marks", "study_shown", "study_at"):
        st.session_state.pop(key, None)


def _lettered(number: int, option: str) -> str:
    return f"{LETTERS[number]}\\. {plain(option)}"


def _given(item: Item) -> tuple[tuple[int, ...], str]:
    """What the person has ticked or written."""
    key = f"given_{item.id}"
    if item.kind is Kind.MULTIPLE:
        ticked = [
            st.checkbox(_lettered(n, option), key=f"{key}_{n}") for n, option in enumerate(item.options)
        ]
        return tuple(n for n, on in enumerate(ticked) if on), ""
    if item.options:
        position = st.radio(
            t("study_answer"), range(len(item.options)), index=None, key=key,
            format_func=lambda n: _lettered(n, item.options[n]), label_visibility="collapsed",
        )  # fmt: skip
        return (() if position is None else (position,)), ""
    if item.kind is Kind.CLOZE:
        return (), st.text_input(t("study_answer"), key=key)
    return (), st.text_area(t("study_answer"), key=key)
