"""The row of steps at the head of a page: where one is, the way on, and the button that saves.

The step is kept apart from the widget that shows it: a run that is cut short by the next press would
otherwise leave the widget, and with it the page, on the step before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from screens.wording import t

TOP = "top"  # the anchor of a page's title


def at(name: str, steps: Sequence[str], *, first: str | None = None) -> str:
    """The step one is at; the first one where there is none yet, or where the steps have changed."""
    if st.session_state.get(name) not in steps:
        st.session_state[name] = first or steps[0]
    return str(st.session_state[name])


def go_to(name: str, step: str) -> None:
    """Another step, by the program or a button."""
    st.session_state[name] = step
    st.session_state[f"{name}_turn"] = st.session_state.get(f"{name}_turn", 0) + 1


def choose(name: str, steps: Sequence[str], words: Callable[[str], str], *, numbered: bool = True) -> None:
    """The steps to choose from, the present one marked."""
    turn = st.session_state.get(f"{name}_turn", 0)
    key = f"{name}_shown_{turn}"
    st.segmented_control(
        t("steps"), steps, default=st.session_state[name], required=True, key=key,
        label_visibility="collapsed", on_change=_chosen, args=(name, key, turn),
        format_func=lambda one: f"{steps.index(one) + 1} {words(one)}" if numbered else words(one),
    )  # fmt: skip


def _chosen(name: str, key: str, turn: int) -> None:
    """A slow browser may send once more what a widget held that is shown no longer: it changes nothing."""
    if turn == st.session_state.get(f"{name}_turn", 0):
        st.session_state[name] = st.session_state[key]


def step_row(
    name: str, steps: Sequence[str], words: Callable[[str], str], *, kept: bool, keep: Callable[[], None]
) -> None:
    """Steps, 下一步 and 保存 in one row; `kept` says that changes are saved already."""
    left, middle, right = st.columns([6, 2, 1.4], vertical_alignment="center")
    with left:
        choose(name, steps, words)
    following = next(iter(steps[steps.index(st.session_state[name]) + 1 :]), None)
    if following is not None:
        middle.button(
            t("onward", step=words(following)), type="primary", key=f"{name}_onward", width="stretch",
            icon=":material/arrow_forward:", icon_position="right", on_click=go_to, args=(name, following),
        )  # fmt: skip
    right.button(
        t("save"), icon=":material/save:", key=f"{name}_save", width="stretch", disabled=kept, on_click=keep
    )


def back_to_top() -> None:
    """A way from the foot of a long step back to the row of steps."""
    st.markdown(f":small[[{t('to_top')}](#{TOP})]")
