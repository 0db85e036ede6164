"""The duty list on the page: one frozen value in the session; each step gives a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from corpus.errors import ZerenError
from generator.duty_list import DutyList, dump, restore
from screens import saved
from screens.access import current_user
from screens.steps import go_to
from screens.work import SavedWork

KIND = "duty_list"
STEPS = ("scope", "edit", "approve", "export")
STEP = "duty_step"


def current() -> DutyList | None:
    held: DutyList | None = st.session_state.get(KIND)
    return held


def put(drawn: DutyList) -> None:
    """The list as it is now; saved again where it was saved before."""
    st.session_state[KIND] = drawn
    if saved.saved_id(KIND):
        keep()


def start(drawn: DutyList) -> None:
    """A list just drawn up: new work, opened at the table."""
    saved.forget(KIND)
    _open(drawn)


def show_saved(held: SavedWork) -> None:
    """A saved list, opened at the table. Raises InputRefused when its quotations were altered."""
    _open(restore(dict(held.payload)))
    saved.hold(KIND, held)


def _open(drawn: DutyList) -> None:
    """The list at its table, without what belonged to the one before."""
    for name in ("duty_notes", "duty_found", "duty_proposed", "duty_at", "duty_title"):
        st.session_state.pop(name, None)
    st.session_state[KIND] = drawn
    go("edit")


def keep() -> None:
    """Saves the list, again where it was saved before."""
    if drawn := current():
        saved.save(KIND, drawn.title, dict(dump(drawn)))


def change(step: Callable[[DutyList], DutyList]) -> None:
    """A callback's change of the list; a refusal is left for the page to say."""
    drawn = current()
    if drawn is None:
        return
    try:
        put(step(drawn))
    except ZerenError as error:
        st.session_state["duty_error"] = error


def go(step: str) -> None:
    """The step shown next."""
    go_to(STEP, step)


def who() -> str:
    return current_user().name


def now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
