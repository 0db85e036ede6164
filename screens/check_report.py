"""The findings of a citation check: a table of all, and each with the words that differ."""

from __future__ import annotations

from typing import Any

import streamlit as st

from generator.citation_check import UNCHECKED, Verdict
from screens import desk
from screens.wording import plain, t

PER_PAGE = 10
TARGETS = 2  # provisions shown of a finding
VIEWS = ("all", "wrong", "unchecked", "right")


def show(found: list[dict[str, Any]]) -> None:
    view = st.segmented_control(
        t("check_view"), VIEWS, default="all", required=True, format_func=lambda one: t(f"check_view_{one}"),
        key="check_view", label_visibility="collapsed",
    )  # fmt: skip
    chosen = [(number, one) for number, one in enumerate(found, 1) if view in ("all", group(one))]
    if not chosen:
        st.caption(t("check_view_none"))
        return
    _table(chosen)
    pages = -(-len(chosen) // PER_PAGE)
    page = st.pagination(pages, key=f"check_page_{view}") if pages > 1 else 1
    for number, one in chosen[(page - 1) * PER_PAGE : page * PER_PAGE]:
        _one(number, one)


def group(one: dict[str, Any]) -> str:
    """right, wrong, or could not be checked."""
    verdict = Verdict(one["status"])
    return "right" if verdict is Verdict.MATCH else "unchecked" if verdict in UNCHECKED else "wrong"


def _table(chosen: list[tuple[int, dict[str, Any]]]) -> None:
    rows = [
        {
            "№": number,
            t("conclusion"): ("✓ " if group(one) == "right" else "✗ ") + t(f"check_{one['status']}"),
            t("where"): one.get("position") or one["where"],
            t("citation"): one["citation"],
            t("quotation"): one["quote"] or "",
            t("check_message"): one.get("message") or "",
        }
        for number, one in chosen
    ]
    st.dataframe(rows, width="stretch", hide_index=True, height=min(320, 38 + 36 * len(rows)))


def _one(number: int, one: dict[str, Any]) -> None:
    colour = "green" if group(one) == "right" else "red"
    with st.container(border=True):
        st.markdown(
            f"{number}\\. :{colour}-badge[{t('check_' + one['status'])}] **{plain(one['citation'])}** "
            f":small[:gray[{plain(str(one.get('position') or one['where']))}]]"
        )
        if one["quote"]:
            st.markdown(f":small[{t('quotation')}：{plain(one['quote'])}]")
        for pair in one.get("differences") or ():
            written, stored = pair["written"] or t("check_nothing"), pair["stored"] or t("check_nothing")
            st.markdown(
                f"{t('check_written')} :red-background[{plain(written)}] → "
                f"{t('check_stored')} :green-background[{plain(stored)}]"
            )
        if one.get("message"):
            st.markdown(plain(one["message"]))
        for place in one["targets"][:TARGETS]:
            st.caption(
                f"→ {plain(place['citation'])} {plain(place['version'] or '')} "
                f"{desk.status_badge(place['status'])}  \n{plain(place.get('text') or '')}"
            )
