"""Findings, one a line → the provisions each breaches and the penalties, and a letter made of them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from retriever import basis
from screens import desk, letter_state
from screens.letter_state import FINDINGS, LETTER, TASK
from screens.progress import go_on, working
from screens.steps import go_to
from screens.wording import plain, t

_FOUND = "basis_found"
SHOWN = 3  # provisions of a finding


def show() -> None:
    text = st.text_area(
        t("finding"), placeholder=t("finding_hint"), height=120, key="basis_text", persist_state="session"
    )
    left, right = st.columns(2)
    industry = left.text_input(t("industry"), key="basis_industry", persist_state="session")
    region = right.text_input(
        t("region"), placeholder=t("region_hint"), key="basis_region", persist_state="session"
    )
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if st.button(t("find_basis"), type="primary", key="find_basis_button", icon=":material/search:"):
        st.session_state[_FOUND] = {}
        go_on("basis")
        with working(t("looking_up"), key="basis") as step:
            for done, line in enumerate(lines):
                step(done, len(lines))
                found = basis.find(desk.grounds(), line, industry=industry or None, region=region or None)
                st.session_state[_FOUND][line] = found.as_json()
    held: dict[str, dict[str, Any]] = st.session_state.get(_FOUND, {})
    if not held:
        st.caption(t("basis_teach"))
        return
    for line, answer in held.items():
        _one(line, answer)
    st.button(
        t("basis_to_letter"), key="basis_to_letter", icon=":material/draft:", on_click=_to_letter,
        args=(tuple(held), industry, region),
    )  # fmt: skip


def _one(line: str, found: dict[str, Any]) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(line)}**")
        if not found["breached"]:
            st.warning(t("nothing_breached"))
            return
        _places(t("breached"), found["breached"])
        _places(t("penalties"), found["penalties"])


def _places(head: str, places: list[dict[str, Any]]) -> None:
    if places:
        st.caption(head)
    for place in places[:SHOWN]:
        st.markdown(
            f"{plain(place['citation'])} {desk.status_badge(place['status'])} "
            f"{plain(place['version'] or '')}  \n{plain(place['text'])}"
        )


def _to_letter(lines: tuple[str, ...], industry: str, region: str) -> None:
    filling = letter_state.current(LETTER)
    held = {str(row.get("内容")) for row in filling.rows(FINDINGS)}
    filling.rows(FINDINGS).extend({"内容": line} for line in lines if line not in held)
    letter_state.fill(filling, {n: v for n, v in (("行业", industry), ("地域", region)) if v})
    go_to(TASK, LETTER)
    letter_state.go(filling, "findings" if "findings" in filling.steps else "start")
