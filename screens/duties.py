"""责任清单, in four steps: scope → the rows, edited → approved row by row → exported."""

from __future__ import annotations

import streamlit as st

from generator.duty_list import DutyList, count_line
from screens import desk, duty_approve, duty_export, duty_scope, duty_state, duty_table, saved
from screens.access import require_editor
from screens.duty_state import KIND, STEPS
from screens.steps import TOP, back_to_top, step_row
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
        back_to_top()


show = desk.page(show_page)


def _head(drawn: DutyList) -> str:
    """The steps, what list this is, how far it is approved, and whether it is kept; the step chosen."""
    if asked := duty_state.asked_step():
        st.session_state["duty_step"] = asked
    chosen = str(st.session_state.setdefault("duty_step", "edit"))
    following = next(iter(STEPS[STEPS.index(chosen) + 1 :]), None)
    kept = saved.saved_id(KIND)
    approved = sum(row.approval is not None for row in drawn.rows)
    told = t("duty_approved_of", n=approved, of=len(drawn.rows))
    state = f"{plain(count_line(drawn))} {told} {t('saved_kept' if kept else 'saved_not')}"
    with step_row(
        STEPS, "duty_step", lambda one: t(f"duty_step_{one}"), onward=following, go=duty_state.go,
        kept=kept is not None, keep=duty_state.keep,
    ):  # fmt: skip
        st.markdown(f"**{plain(drawn.title)}**  \n:small[:gray[{state}]]")
    return chosen
