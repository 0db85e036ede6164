"""The row of steps at the head of a page: where one is, the way on, and the button that saves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from screens.wording import t

TOP = "top"  # the anchor of a page's title


@contextmanager
def step_row(
    steps: Sequence[str], key: str, words: Callable[[str], str], *, onward: str | None,
    go: Callable[[str], None], kept: bool, keep: Callable[[], None],
) -> Iterator[None]:  # fmt: skip
    """Steps, 下一步 and 保存 in one row; what is drawn inside stands below it.

    `key` holds the step shown, `onward` is the next one, `kept` says that changes are saved already.
    """
    left, middle, right = st.columns([6, 2, 1.4], vertical_alignment="center")
    left.segmented_control(
        t("steps"), steps, required=True, key=key, label_visibility="collapsed", persist_state="session",
        format_func=lambda one: f"{steps.index(one) + 1} {words(one)}",
    )  # fmt: skip
    if onward is not None:
        middle.button(
            t("onward", step=words(onward)), type="primary", key=f"{key}_onward", width="stretch",
            icon=":material/arrow_forward:", icon_position="right", on_click=go, args=(onward,),
        )  # fmt: skip
    right.button(
        t("save"), icon=":material/save:", key=f"{key}_save", width="stretch", disabled=kept, on_click=keep
    )
    yield


def back_to_top() -> None:
    """A way from the foot of a long step back to the row of steps."""
    st.markdown(f":small[[{t('to_top')}](#{TOP})]")
