"""Second step: the rows as a table. The law's words are read-only; our advice and the comment are not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from generator import duty_editing as editing
from generator.duty_columns import ListColumn, columns_of
from generator.duty_list import DutyList
from screens import duty_changes, duty_more, duty_state
from screens.wording import plain, t

WIDE = frozenset({"duty", "basis"})
ROW_HEIGHT = 112  # pixels: five lines of a provision


def show(drawn: DutyList) -> None:
    for note in st.session_state.get("duty_notes", ()):
        st.caption(plain(note))
    duty_changes.show(drawn)
    st.caption(t("duty_table_help"))
    _table(drawn)
    _remove_picked(drawn)
    duty_more.show(drawn)


def _table(drawn: DutyList) -> None:
    columns, rows = columns_of(drawn.kind), editing.rows(drawn)
    pick, approved = t("duty_pick"), t("duty_approved")
    lines = [
        {
            pick: False,
            "№": row.number,
            **{c.head: row.values[c.key] if c.editable else row.shown[c.key] for c in columns},
            approved: f"{row.approval.who} {row.approval.when[:10]}" if row.approval else "",
        }
        for row in rows
    ]
    key = table_key(drawn)
    st.data_editor(
        lines,
        hide_index=True,
        width="stretch",
        height=min(480, 42 + ROW_HEIGHT * len(lines)),
        row_height=ROW_HEIGHT,
        disabled=["№", approved, *(c.head for c in columns if not c.editable)],
        column_config=_shapes(columns, pick),
        key=key,
        on_change=_fold,
        args=(key, tuple(row.key for row in rows)),
        alt=drawn.title,
    )


def _shapes(columns: Sequence[ListColumn], pick: str) -> dict[str, Any]:
    shapes: dict[str, Any] = {
        pick: st.column_config.CheckboxColumn(pick, width=60, pinned=True),
        "№": st.column_config.NumberColumn("№", width=46, pinned=True),
    }
    for column in columns:
        width = 320 if column.key == "duty" else 220 if column.key in WIDE else 150
        mark = "" if column.editable else " 🔒"
        shapes[column.head] = st.column_config.TextColumn(column.head + mark, width=width)
    return shapes


def table_key(drawn: DutyList) -> str:
    """The same as long as the rows and columns are: edits then stay where they were made."""
    rows = "".join(row.key for row in drawn.rows) + drawn.kind.value
    return f"duty_table_{hashlib.sha256(rows.encode()).hexdigest()[:12]}"


def _fold(key: str, rows: tuple[str, ...]) -> None:
    """The cells a person filled in, put into the list; what did not change costs nothing."""
    pick = t("duty_pick")
    for position, cells in _edited(key).items():
        for head, text in cells.items():
            if head != pick:
                duty_state.change(partial(_set, row=rows[position], head=head, text=text))


def _set(drawn: DutyList, *, row: str, head: str, text: Any) -> DutyList:
    return editing.set_cell(drawn, row, head, str(text or ""), by=duty_state.who(), at=duty_state.now())


def _edited(key: str) -> Mapping[int, Mapping[str, Any]]:
    held: Mapping[int, Mapping[str, Any]] = st.session_state.get(key, {}).get("edited_rows", {})
    return held


def _remove_picked(drawn: DutyList) -> None:
    pick = t("duty_pick")
    picked = [n for n, cells in _edited(table_key(drawn)).items() if cells.get(pick)]
    st.button(
        t("duty_remove_picked", n=len(picked)), icon=":material/delete:", disabled=not picked,
        key="duty_remove_picked", on_click=_remove, args=(tuple(drawn.rows[n].key for n in picked),),
    )  # fmt: skip


def _remove(keys: tuple[str, ...]) -> None:
    for key in keys:
        duty_state.change(partial(editing.remove_row, key=key, by=duty_state.who(), at=duty_state.now()))
