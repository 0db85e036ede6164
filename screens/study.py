"""学习资料: choose texts, post and types → items to edit, drop and ask again → practise → files."""

from __future__ import annotations

import streamlit as st

from generator.study_makers import Drawn
from screens import desk, saved, steps, study_files, study_items, study_practice, study_scope, study_state
from screens.steps import TOP
from screens.study_state import KIND, STEP, STEPS
from screens.wording import plain, t

SHOW = {"items": study_items.show, "practise": study_practice.show, "files": study_files.show}


def show_page() -> None:
    saved.reopen_asked(study_state.show_saved)
    st.title(t("study"), anchor=TOP)
    saved.say_error()
    drawn = study_state.current()
    step = _head(drawn) if drawn is not None else "scope"
    if step == "scope" or drawn is None:
        st.caption(t("study_teach"))
        study_scope.show()
        saved.saved_works(KIND, study_state.show_saved)
        study_files.show_update()
    else:
        SHOW[step](drawn)
        steps.back_to_top()


show = desk.page(show_page)


def _head(drawn: Drawn) -> str:
    """The steps, which bank this is, and whether it is kept; the step shown."""
    kept = saved.saved_id(KIND) is not None
    step = steps.at(STEP, STEPS, first="items")
    steps.step_row(STEP, STEPS, lambda one: t(f"study_step_{one}"), kept=kept, keep=study_state.keep)
    told = f"{t('study_count_of', n=len(drawn.bank.items))} {t('saved_kept' if kept else 'saved_not')}"
    st.markdown(f"**{plain(study_state.name())}**  \n:small[:gray[{told}]]")
    return step
