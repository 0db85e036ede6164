"""The page's router, nothing else."""

from __future__ import annotations

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import streamlit as st

from screens import ask, check, duties, home, library, rectify, study
from screens.wording import t

PAGES = (
    (home.show, "home", ":material/home:"),
    (ask.show, "ask", ":material/search:"),
    (duties.show, "duties", ":material/checklist:"),
    (rectify.show, "rectify", ":material/gavel:"),
    (study.show, "study", ":material/school:"),
    (check.show, "check", ":material/fact_check:"),
    (library.show, "library", ":material/library_books:"),
)


def main() -> None:
    st.set_page_config(page_title="责任 Zeren", page_icon=":material/balance:", layout="wide")
    st.session_state.setdefault("language", "zh")
    chosen = st.navigation(
        [
            st.Page(show, title=t(name), icon=icon, url_path=name, default=name == "home")
            for show, name, icon in PAGES
        ]
    )
    with st.sidebar:
        st.caption(t("tagline"))
        if st.button(t("language"), key="switch_language"):
            st.session_state["language"] = "en" if st.session_state["language"] == "zh" else "zh"
            st.rerun()
    chosen.run()


main()
