"""Any field of a form as a widget: what is typed goes into the letter at once, faults stand below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from generator.letter_days import iso_day
from generator.letter_form import Column, Fault, Field
from screens.letter_state import Filling, is_current, widget_key
from screens.wording import plain, t


def show_field(filling: Filling, field: Field, faults: Sequence[Fault], *, place: Any = st) -> None:
    """One field, not a table."""
    key = widget_key(filling, field.name)
    with place.container():
        _input(
            field.name, field.shape, field.choices, filling.fields, key, hint=field.hint, must=field.required
        )
        say_faults(faults, field.name)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a table field being filled in, its columns and its faults."""

    filling: Filling
    field: str
    number: int
    cells: dict[str, Any]
    columns: Mapping[str, Column]
    faults: Sequence[Fault]

    def show(self, name: str) -> None:
        """The cell of a column, its faults below."""
        column = self.columns[name]
        key = widget_key(self.filling, self.field, self.number, name)
        _input(name, column.shape, column.choices, self.cells, key, must=column.required)
        say_faults(self.faults, self.field, row=self.number + 1, column=name)

    def show_all(self, *, across: int = 2) -> None:
        """Long cells over the full width, the others side by side."""
        narrow = [name for name, column in self.columns.items() if column.shape != "long"]
        for name, column in self.columns.items():
            if column.shape == "long":
                self.show(name)
        for start in range(0, len(narrow), across):
            for place, name in zip(st.columns(across), narrow[start : start + across], strict=False):
                with place:
                    self.show(name)

    def removable(self) -> None:
        """The button that takes the row out."""
        key = widget_key(self.filling, self.field, self.number, "remove")
        st.button(
            t("row_remove"), key=key, icon=":material/delete:", type="tertiary", on_click=_remove,
            args=(self.filling, self.field, self.number),
        )  # fmt: skip


def rows_of(filling: Filling, name: str, faults: Sequence[Fault]) -> list[FormRow]:
    """The rows of a table field as they stand."""
    columns = {c.name: c for field in filling.form.fields if field.name == name for c in field.columns}
    return [
        FormRow(filling, name, number, cells, columns, faults)
        for number, cells in enumerate(filling.rows(name))
    ]


def show_table(filling: Filling, field: Field, faults: Sequence[Fault]) -> None:
    """A table field as rows of inputs that can be added and removed."""
    st.markdown(f"**{plain(field.name)}**")
    for row in rows_of(filling, field.name, faults):
        with st.container(border=True):
            row.show_all()
            row.removable()
    say_faults(faults, field.name)
    add_button(filling, field.name)


def _input(
    name: str, shape: str, choices: tuple[str, ...], held: dict[str, Any], key: str, *, hint: str = "",
    must: bool = False,
) -> None:  # fmt: skip
    """The widget of a shape over `held[name]`."""
    label, value = f"{name} :red[*]" if must else name, held.get(name)
    kept: dict[str, Any] = {"key": key, "on_change": take, "args": (held, name, key, shape)}
    match shape:
        case "day":
            _day(label, str(value or ""), hint, kept)
        case "choice":
            options = list(choices)
            at = options.index(str(value)) if value in options else 0
            st.selectbox(label, options, index=at, help=hint or None, format_func=_choice, **kept)
        case "lines":
            lines = value if isinstance(value, list) else [str(value)] if value else []
            words = "\n".join(map(str, lines))
            st.text_area(f"{label} {t('one_a_line')}", words, help=hint or None, **kept)
        case "long":
            st.text_area(label, str(value or ""), height=90, help=hint or None, **kept)
        case _:
            st.text_input(label, str(value or ""), placeholder=hint or None, **kept)


def take(held: dict[str, Any], name: str, key: str, shape: str = "text") -> None:
    """What was typed goes into the letter.

    As a callback, because the person may press the next step at once: the page is then drawn without the
    widget, and only callbacks still see what was typed in it.
    """
    if not is_current(key):
        return
    value = st.session_state[key]
    match shape:
        case "day":
            held[name] = value.isoformat() if isinstance(value, date) else str(value or "")
        case "lines":
            held[name] = [line.strip() for line in str(value).splitlines() if line.strip()]
        case _:
            held[name] = str(value or "").strip()


def _choice(option: str) -> str:
    return option or t("none_chosen")


def _day(label: str, written: str, hint: str, kept: dict[str, Any]) -> None:
    """A day from the calendar; one that is written in another way is shown as it is, to be corrected."""
    try:
        day = date.fromisoformat(iso_day(written)) if written else None
    except ValueError:
        held, name, key, _ = kept["args"]
        kept = {**kept, "key": f"{key}_text", "args": (held, name, f"{key}_text", "text")}
        st.text_input(label, written, help=hint or None, **kept)
        return
    st.date_input(label, value=day, format="YYYY-MM-DD", help=hint or None, **kept)


def say_faults(faults: Sequence[Fault], field: str, *, row: int | None = None, column: str = "") -> None:
    """The faults of a field or a cell, each one sentence and what to do."""
    for fault in faults:
        if (fault.field, fault.row, fault.column) == (field, row, column):
            st.markdown(f":red[{plain(fault.said)}] :small[{plain(fault.next_step)}]")


def add_button(filling: Filling, name: str) -> None:
    key = f"add_{filling.slot}_{name}"
    st.button(t("row_add"), key=key, icon=":material/add:", on_click=_add, args=(filling, name))


def _add(filling: Filling, name: str) -> None:
    filling.rows(name).append({})
    filling.revision += 1


def _remove(filling: Filling, name: str, number: int) -> None:
    del filling.rows(name)[number]
    filling.revision += 1
