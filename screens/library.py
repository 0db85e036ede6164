"""语料库: the texts, adding, coverage, what is missing, the index, the log."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from screens import desk, library_add, library_state, library_texts
from screens.access import current_user
from screens.wording import t

TAB = "library_tab"


def show_page() -> None:
    st.title(t("library"), anchor=False)
    editor = current_user().role == "editor"
    if not desk.has_library():
        _first(editor=editor)
        return
    if st.session_state.pop(library_add.WATCH, False):
        st.session_state[TAB] = t("tab_add")  # where the job and its report are seen
    names = ["tab_texts", "tab_coverage", "tab_missing"]
    if editor:
        names[1:1] = ["tab_add"]
        names += ["tab_index", "tab_log"]
    tabs = st.tabs([t(name) for name in names], key=TAB, on_change="rerun")
    draw: dict[str, Callable[[], None]] = {
        "tab_texts": partial(library_texts.show, editor=editor),
        "tab_add": library_add.show,
        "tab_coverage": library_state.coverage,
        "tab_missing": library_state.missing,
        "tab_index": library_state.index,
        "tab_log": library_state.log,
    }
    for name, tab in zip(names, tabs, strict=True):
        if tab.open:  # only what is looked at is worked out
            with tab:
                draw[name]()


show = desk.page(show_page)


def _first(*, editor: bool) -> None:
    """An empty data folder: what to do first."""
    st.info(t("no_library_yet") if editor else t("no_library"))
    if editor:
        library_add.show()
