"""整改文书: a letter from findings, a reply to a recommendation, or the provisions a finding breaches."""

from __future__ import annotations

from functools import partial

import streamlit as st

from screens import (
    desk,
    letter_answers,
    letter_export,
    letter_findings,
    letter_start,
    letter_state,
    quick_basis,
    saved,
    steps,
)
from screens.access import require_editor
from screens.letter_fields import show_field, show_table
from screens.letter_state import ANSWER, FINDINGS, KIND, LETTER, PROGRESS, TASK, Filling
from screens.wording import plain, t

TASKS = (LETTER, ANSWER, "basis")
_ELSEWHERE = (FINDINGS, PROGRESS, "行业", "地域")  # fields that have a step of their own


def show_page() -> None:
    require_editor()
    saved.reopen_asked(letter_state.show_saved)
    title, tasks = st.columns([2, 5], vertical_alignment="center")
    title.title(t("rectify"), anchor=steps.TOP)
    task = steps.at(TASK, TASKS)
    with tasks:
        steps.choose(TASK, TASKS, lambda one: t(f"rectify_{one}"), numbered=False)
    saved.say_error()
    if task == "basis":
        quick_basis.show()
    else:
        _letter(letter_state.current(task))


show = desk.page(show_page)


def _letter(filling: Filling) -> None:
    step = _step(filling)
    match step:
        case "start":
            letter_start.show(filling)
        case "findings":
            letter_findings.show(filling)
        case "answers":
            letter_answers.show(filling)
        case "fields":
            _fields(filling)
        case _:
            letter_export.show(filling)
    steps.back_to_top()
    letter_state.keep_again(filling)


def _step(filling: Filling) -> str:
    """The steps of the letter, the way to the next, and whether it is kept; the step shown."""
    name = letter_state.step_name(filling.slot)
    step = steps.at(name, filling.steps)
    kept = saved.saved_id(f"{KIND}_{filling.slot}") is not None
    steps.step_row(
        name, filling.steps, lambda one: t(f"{filling.slot}_step_{one}"), kept=kept,
        keep=partial(letter_state.keep, filling),
    )  # fmt: skip
    st.markdown(f"**{plain(filling.kind)}** :small[:gray[{t('saved_kept' if kept else 'saved_not')}]]")
    return step


def _fields(filling: Filling) -> None:
    """Every field of the kind but those of the other steps; two side by side, long ones and tables below."""
    faults = filling.faults()
    fields = [one for one in filling.form.fields if one.name not in _ELSEWHERE]
    short = [one for one in fields if one.shape in ("text", "day", "choice")]
    for start in range(0, len(short), 2):
        for place, field in zip(st.columns(2), short[start : start + 2], strict=False):
            show_field(filling, field, faults, place=place)
    for field in fields:
        if field.shape == "table":
            show_table(filling, field, faults)
        elif field not in short:
            show_field(filling, field, faults)
    letter_start.offer_instead(filling, faults)
