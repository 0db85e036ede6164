"""首页: what is held, as of when, what takes effect soon."""

from __future__ import annotations

import streamlit as st

from corpus.library import Library
from screens import desk
from screens.wording import plain, t


def show_page() -> None:
    st.title(t("app"))
    st.write(t("tagline"))
    with Library.open(desk.data()) as library:
        editions = library.editions()
        today = desk.today()
        columns = st.columns(3)
        columns[0].metric(t("held"), len(editions))
        columns[1].metric(t("works"), len(library.works()))
        columns[2].metric(t("as_of"), today)
        if any(edition.masthead.sample for edition in editions):
            st.warning(t("sample_note"))
        st.subheader(t("pending"))
        waiting = [edition for edition in editions if edition.status(today) == "not_yet"]
        if not waiting:
            st.caption(t("pending_none"))
        for edition in sorted(waiting, key=lambda e: e.effective_from or ""):
            st.markdown(f"- {plain(edition.effective_from or '')} {plain(edition.title)}")


show = desk.page(show_page)
