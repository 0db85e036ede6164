"""Long work on the page: a bar that says how far it is, and a button that stops it.

A press of the button, or of anything else, is noticed at the next `step`: Streamlit then ends the run there,
so what was done until then is kept if the caller keeps it, and nothing half-done is shown.
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
        right.button(t("stop"), key=f"stop_{key}", icon=":material/close:")

    def step(done: int, total: int) -> None:
        bar.progress(min(1.0, done / max(total, 1)), t("step_of", label=label, done=done, total=total))

    try:
        yield step
    finally:
        place.empty()
