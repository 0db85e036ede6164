"""The page's router, nothing else."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import streamlit as st

from screens import desk, look
from screens.access import current_user, login_is_set_up, require_editor
from screens.wording import plain, t

# screens/<name>.py with its show(), icon, who may open it. A page is imported when it is first opened.
PAGES = (
    ("home", ":material/home:", "reader"),
    ("ask", ":material/search:", "reader"),
    ("duties", ":material/checklist:", "editor"),
    ("rectify", ":material/gavel:", "editor"),
    ("study", ":material/school:", "reader"),
    ("check", ":material/fact_check:", "editor"),
    ("library", ":material/library_books:", "reader"),
)


def main() -> None:
    st.set_page_config(page_title="责任 Zeren", page_icon=":material/balance:", layout="wide")
    look.apply()
    st.session_state.setdefault("language", "zh")
    user = current_user()
    desk.warm()
    pages = {name: page(name, icon, needed, role=user.role) for name, icon, needed in PAGES}
    st.session_state["pages"] = pages
    chosen = st.navigation(list(pages.values()))
    with st.sidebar:
        st.caption(t("tagline"))
        if st.button(t("language"), key="switch_language"):
            st.session_state["language"] = "en" if st.session_state["language"] == "zh" else "zh"
            st.rerun()
        if login_is_set_up():
            st.caption(f"{plain(user.name)} · {t('role_' + user.role)}")
            st.button(t("log_out"), key="log_out", icon=":material/logout:", on_click=st.logout)
    chosen.run()


def page(name: str, icon: str, needed: str, *, role: str) -> Any:
    """A page of the menu; one for editors is hidden from a reader's menu and refused at its address."""
    closed = needed == "editor" and role != "editor"

    def show() -> None:
        if closed:
            require_editor()
        import_module(f"screens.{name}").show()

    return st.Page(
        show,
        title=t(name),
        icon=icon,
        url_path=name,
        default=name == "home",
        visibility="hidden" if closed else "visible",
    )


main()
