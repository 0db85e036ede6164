"""语料库: the texts, adding, coverage, what is missing, the index, the log."""

from __future__ import annotations

import streamlit as st

from screens import desk, library_add, library_state, library_texts
from screens.access import current_user
from screens.wording import t


def show_page() -> None:
    st.title(t("library"), anchor=False)
    editor = current_user().role == "editor"
    if not desk.has_library():
        _first(editor=editor)
        return
    names = ["tab_texts", "tab_coverage", "tab_missing"]
    if editor:
        names[1:1] = ["tab_add"]
        names += ["tab_index", "tab_log"]
    tabs = dict(zip(names, st.tabs([t(name) for name in names]), strict=True))
    with tabs["tab_texts"]:
        library_texts.show(editor=editor)
    with tabs["tab_coverage"]:
        library_state.coverage()
    with tabs["tab_missing"]:
        library_state.missing()
    if editor:
        with tabs["tab_add"]:
            library_add.show()
        with tabs["tab_index"]:
            library_state.index()
        with tabs["tab_log"]:
            library_state.log()


show = desk.page(show_page)


def _first(*, editor: bool) -> None:
    """An empty data folder: what to do first."""
    st.info(t("no_library_yet") if editor else t("no_library"))
    if editor:
        library_add.show()
