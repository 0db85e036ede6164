"""责任清单, in four steps: scope → the rows, edited → approved row by row → exported."""

from __future__ import annotations

import streamlit as st

from generator.duty_list import DutyList, count_line
from screens import desk, duty_approve, duty_export, duty_scope, duty_state, duty_table, saved, steps
from screens.access import require_editor
from screens.duty_state import KIND, STEP, STEPS
from screens.steps import TOP
from screens.wording import plain, t

SHOW = {"edit": duty_table.show, "approve": duty_approve.show, "export": duty_export.show}


def show_page() -> None:
    require_editor()
    saved.reopen_asked(duty_state.show_saved)
    st.title(t("duties"), anchor=TOP)
    saved.say_error()
    drawn = duty_state.current()
    step = _head(drawn) if drawn is not None else "scope"
    if error := st.session_state.pop("duty_error", None):
        st.error(plain(error.message))
        st.caption(plain(error.next_step))
    if step == "scope" or drawn is None:
        st.caption(t("duty_teach"))
        duty_scope.show()
        saved.saved_works(KIND, duty_state.show_saved)
    else:
        SHOW[step](drawn)
        steps.back_to_top()


show = desk.page(show_page)


def _head(drawn: DutyList) -> str:
    """The steps, what list this is, how far it is approved, and whether it is kept; the step shown."""
    kept = saved.saved_id(KIND) is not None
    step = steps.at(STEP, STEPS, first="edit")
    steps.step_row(STEP, STEPS, lambda one: t(f"duty_step_{one}"), kept=kept, keep=duty_state.keep)
    approved = sum(row.approval is not None for row in drawn.rows)
    told = t("duty_approved_of", n=approved, of=len(drawn.rows))
    state = f"{plain(count_line(drawn))} {told} {t('saved_kept' if kept else 'saved_not')}"
    st.markdown(f"**{plain(drawn.title)}**  \n:small[:gray[{state}]]")
    return step
