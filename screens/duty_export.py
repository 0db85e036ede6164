"""Fourth step: the list on paper. Kind, title, form and columns at the left, its first page at the right."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from generator import duty_editing as editing
from generator.duty_columns import columns_of
from generator.duty_list import DutyList, ListKind, check_complete, coverage_note
from generator.duty_rows import FORMS, write_list
from screens import desk, duty_state, export
from screens.preview import show_first_page
from screens.uploads import file_name
from screens.wording import plain, t

FIRST_PAGE = 16  # rows: more than a page holds


def show(drawn: DutyList) -> None:
    choice, picture = st.columns([2, 3])
    with choice:
        form, hidden = _choose(drawn)
        _warn(drawn)
        check_complete(drawn)
        _files(drawn, form, hidden)
        with st.expander(t("duty_coverage")):
            for line in coverage_note(drawn):
                st.markdown(plain(line))
    with picture:
        start = replace(drawn, rows=drawn.rows[:FIRST_PAGE])
        show_first_page(partial(_file, start, ".docx", form, hidden), alt=drawn.title)


def _choose(drawn: DutyList) -> tuple[str, tuple[str, ...]]:
    st.text_input(t("title_field"), value=drawn.title, key="duty_title", on_change=_rename)
    st.selectbox(
        t("list_kind"), list(ListKind), index=list(ListKind).index(drawn.kind), key="duty_as",
        format_func=lambda kind: kind.value, on_change=_as_kind,
    )  # fmt: skip
    form = st.segmented_control(
        t("form"), FORMS, default=FORMS[0], required=True, format_func=lambda one: t(f"form_{one}"),
        key="duty_form", persist_state="session",
    )  # fmt: skip
    heads = [column.head for column in columns_of(drawn.kind) if column.key != "duty"]
    hidden = st.multiselect(
        t("duty_hide"),
        heads,
        key=f"duty_hide_{drawn.kind}",
        placeholder=t("none_chosen"),
        persist_state="session",
    )
    return str(form), tuple(hidden)


def _rename() -> None:
    title = str(st.session_state["duty_title"]).strip()
    if title:
        duty_state.change(lambda drawn: replace(drawn, title=title))


def _as_kind() -> None:
    duty_state.change(partial(editing.change_kind, kind=st.session_state["duty_as"]))
    st.session_state.pop("duty_title", None)


def _warn(drawn: DutyList) -> None:
    """What the reader of the paper will ask: rows not approved, words not in the library."""
    waiting = sum(row.approval is None for row in drawn.rows)
    if waiting:
        st.info(t("duty_waiting", n=waiting))
    for line in editing.verify(drawn, desk.library())[:5]:
        st.error(plain(line))


def _files(drawn: DutyList, form: str, hidden: tuple[str, ...]) -> None:
    left, right = st.columns(2)
    for place, suffix, label in ((left, ".docx", "download_word"), (right, ".xlsx", "download_excel")):
        export.offer(
            t(label), partial(_file, drawn, suffix, form, hidden), file_name=file_name(drawn.title, suffix),
            place=place, key=f"duty_get{suffix}", width="stretch", disabled=not drawn.rows,
        )  # fmt: skip


def _file(drawn: DutyList, suffix: str, form: str, hidden: tuple[str, ...]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write_list(drawn, Path(folder) / f"list{suffix}", form=form, hidden=hidden).read_bytes()
