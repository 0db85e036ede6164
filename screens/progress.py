"""Long work on the page: a bar that says how far it is, and a button that stops it.

A press of the button, or of anything else, is noticed at the next `step`: Streamlit then ends the run there,
so what was done until then is kept if the caller keeps it, and nothing half-done is shown. Work that a page
starts by itself asks `stopped` first, so that it does not start again at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from screens.wording import t

Step = Callable[[int, int], None]


@contextmanager
def working(label: str, *, key: str) -> Iterator[Step]:
    """A bar and a 取消 button while the work runs; `step(done, total)` moves the bar."""
    place = st.empty()
    with place.container():
        left, right = st.columns([6, 1], vertical_alignment="center")
        bar = left.progress(0.0, label)
        right.button(t("stop"), key=f"stop_{key}", icon=":material/close:", on_click=_stop, args=(key,))

    def step(done: int, total: int) -> None:
        bar.progress(min(1.0, done / max(total, 1)), t("step_of", label=label, done=done, total=total))

    try:
        yield step
    except Exception:
        place.empty()
        raise
    # not in a `finally`: Streamlit ends a run by an exception of its own, and a command on the way out would
    # swallow the press that ended it
    place.empty()


def stopped(key: str) -> bool:
    """Whether the person stopped this work; then it says so and offers to go on."""
    if not st.session_state.get(f"stopped_{key}"):
        return False
    words, button = st.columns([5, 1], vertical_alignment="center")
    words.info(t("stopped"))
    button.button(t("go_on"), key=f"go_on_{key}", on_click=go_on, args=(key,))
    return True


def go_on(key: str) -> None:
    """The work may start again."""
    st.session_state.pop(f"stopped_{key}", None)


def _stop(key: str) -> None:
    st.session_state[f"stopped_{key}"] = True
