"""整改文书: findings → the provisions they breach and their penalties; a recommendation → its fields."""

from __future__ import annotations

from typing import Any

import streamlit as st

from corpus import recommendation
from corpus.reading import read
from retriever import basis
from screens import desk
from screens.letters import show_form
from screens.uploads import as_file
from screens.wording import plain, t


def show_page() -> None:
    st.title(t("rectify"))
    findings, draft, letter = st.tabs([t("find_basis"), t("letters"), t("recommendation_upload")])
    with findings:
        _findings()
    with draft:
        show_form()
    with letter:
        _recommendation()


show = desk.page(show_page)


def _findings() -> None:
    text = st.text_area(t("finding"), placeholder=t("finding_hint"), height=120)
    left, right = st.columns(2)
    industry = left.text_input(t("industry"))
    region = right.text_input(t("region"))
    if not st.button(t("find_basis"), type="primary", key="find_basis_button"):
        return
    for line in filter(None, map(str.strip, text.splitlines())):
        found = basis.find(desk.grounds(), line, industry=industry or None, region=region or None).as_json()
        with st.container(border=True):
            st.markdown(f"**{plain(line)}**")
            if not found["breached"]:
                st.warning(t("nothing_breached"))
                continue
            _places(t("breached"), found["breached"])
            _places(t("penalties"), found["penalties"])


def _places(head: str, places: list[dict[str, Any]]) -> None:
    if places:
        st.caption(head)
    for place in places[:3]:
        st.markdown(
            f"{plain(place['citation'])} {desk.status_badge(place['status'])} "
            f"{plain(place['version'] or '')}  \n{plain(place['text'])}"
        )


def _recommendation() -> None:
    upload = st.file_uploader(t("recommendation_upload"), type=["docx", "pdf", "txt", "md"])
    received = st.date_input(t("received"), value=None)
    if upload is None:
        return
    with as_file(upload) as path:
        letter = recommendation.parse([line.text for line in read(path).lines])
    due = recommendation.reply_due(letter, received)
    fields = recommendation.as_json(letter, due)
    for name in ("number", "issuer", "addressee", "due"):
        st.markdown(f"**{t(name)}** {plain(str(fields[name] or '—'))}")
    st.caption(plain(str(fields["rule"] or "")))
    for name in ("problems", "recommendations"):
        st.subheader(t(name))
        for number, words in enumerate(fields[name], 1):
            st.markdown(f"{number}\\. {plain(words)}")
