"""责任清单: post × industry × region × date → rows to edit, approve and download."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import streamlit as st

from generator.duty_list import DutyList, ListKind, count_line, edit
from generator.duty_paper import basis_words
from generator.duty_rows import list_of, write_list
from retriever import duties
from screens import desk
from screens.wording import plain, t

SHOWN = 300


def show_page() -> None:
    st.title(t("duties"))
    taxonomy = desk.book().taxonomy
    none = t("none_chosen")
    left, middle, right = st.columns(3)
    post = left.selectbox(t("post"), [none, *(p.name for p in taxonomy.posts)], key="post")
    industry = middle.selectbox(t("industry"), [none, *(i.name for i in taxonomy.industries)], key="industry")
    region = right.text_input(t("region"), key="duty_region")
    text = st.text_input(t("free_text"), placeholder=t("free_text_hint"), key="duty_text")
    left, middle = st.columns(2)
    day = left.date_input(t("as_of"), value=date.today(), key="duty_day")
    kind = middle.selectbox(t("list_kind"), [kind.value for kind in ListKind], index=1, key="list_kind")
    if st.button(t("find_duties"), type="primary"):
        with st.spinner(t("searching")):
            found = duties.find(
                desk.book(),
                post=None if post == none else post,
                industry=None if industry == none else industry,
                region=region or None,
                on=str(day),
                text=text or None,
            )
            drawn = list_of(found, desk.library(), kind=ListKind(kind)) if found.rows else None
        st.session_state["drawn"] = drawn
        if drawn is None:
            st.info(t("no_duties"))
    if drawn := st.session_state.get("drawn"):
        _show_list(drawn)


show = desk.page(show_page)


def _show_list(drawn: DutyList) -> None:
    st.subheader(plain(drawn.title))
    st.caption(plain(count_line(drawn)))
    rows = [
        {
            t("keep"): True,
            t("bearer"): row.bearer,
            t("duty"): row.duty,
            t("basis"): "\n".join(basis_words(basis) for basis in row.bases[:3]),
            t("penalty"): "、".join(basis.citation for basis in row.penalties[:2]),
            t("note"): row.comment,
        }
        for row in drawn.rows[:SHOWN]
    ]
    law = [t("bearer"), t("duty"), t("basis"), t("penalty")]
    edited = st.data_editor(rows, width="stretch", disabled=law, hide_index=True, key="duty_table")
    kept = [
        edit(row, comment=str(line[t("note")] or "")) if line[t("note")] != row.comment else row
        for row, line in zip(drawn.rows, edited, strict=False)
        if line[t("keep")]
    ]
    final = desk.with_rows(drawn, (*kept, *drawn.rows[SHOWN:]), omitted=len(edited) - len(kept))
    form = st.segmented_control(
        t("form"), ["table", "text"], default="table", format_func=lambda f: t(f"form_{f}")
    )
    left, right = st.columns(2)
    _download(left, final, ".docx", t("download_word"), form or "table")
    _download(right, final, ".xlsx", t("download_excel"), form or "table")


def _download(
    column: st.delta_generator.DeltaGenerator, drawn: DutyList, suffix: str, label: str, form: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_list(drawn, Path(folder) / f"list{suffix}", form=form)
        column.download_button(
            label,
            path.read_bytes(),
            file_name=f"{drawn.title}{suffix}",
            icon=":material/download:",
            key=f"get{suffix}",
        )
