"""责任清单, in four steps: scope → the rows, edited → approved row by row → exported."""

from __future__ import annotations

import streamlit as st

from generator.duty_list import DutyList, count_line
from screens import desk, duty_approve, duty_export, duty_scope, duty_state, duty_table, saved
from screens.access import require_editor
from screens.duty_state import KIND, STEPS
from screens.wording import plain, t

SHOW = {"edit": duty_table.show, "approve": duty_approve.show, "export": duty_export.show}


def show_page() -> None:
    require_editor()
    st.title(t("duties"))
    saved.reopen_asked(KIND, duty_state.show_saved)
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


show = desk.page(show_page)


def _head(drawn: DutyList) -> str:
    """The steps, what list this is, how far it is approved, and whether it is kept; the step chosen."""
    if asked := duty_state.asked_step():
        st.session_state["duty_step"] = asked
    st.session_state.setdefault("duty_step", "edit")
    steps, button = st.columns([5, 1], vertical_alignment="center")
    chosen = steps.segmented_control(
        t("steps"), STEPS, required=True, format_func=_step_words, key="duty_step",
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    button.button(
        t("save"), icon=":material/save:", key="duty_save", width="stretch",
        disabled=saved.saved_id(KIND) is not None, on_click=saved.save,
        args=(KIND, drawn.title, duty_state.payload(drawn)),
    )  # fmt: skip
    approved = sum(row.approval is not None for row in drawn.rows)
    kept = t("saved_kept" if saved.saved_id(KIND) else "saved_not")
    state = f"{plain(count_line(drawn))} {t('duty_approved_of', n=approved, of=len(drawn.rows))} {kept}"
    st.markdown(f"**{plain(drawn.title)}**  \n:small[:gray[{state}]]")
    return str(chosen)


def _step_words(step: str) -> str:
    return f"{STEPS.index(step) + 1} {t('duty_step_' + step)}"
