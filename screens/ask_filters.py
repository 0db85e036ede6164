"""What a question is limited to: the filters of Ask, read from their widgets."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from corpus.document import Edition
from indexer.taxonomy import Taxonomy
from retriever.hit import Filters
from retriever.narrowing import RANKS
from screens.wording import plain, t

KEYS = ("ask_industry", "ask_post", "ask_region", "ask_region_only", "ask_ranks", "ask_day", "ask_only")
WITHIN = "ask_within"  # (work, title) of the text a follow-up stays in


def choose(taxonomy: Taxonomy, editions: tuple[Edition, ...]) -> Filters:
    """Draws the filters and returns what is chosen; an open choice limits nothing."""
    chosen = sum(bool(st.session_state.get(key)) for key in KEYS)
    head = t("filters_on", n=chosen) if chosen else t("filters")
    with st.expander(head, icon=":material/tune:", key="ask_filters"):
        first, second = st.columns(3), st.columns(3)
        _select(first[0], "ask_industry", t("industry"), [one.name for one in taxonomy.industries])
        _select(first[1], "ask_post", t("post"), [one.name for one in taxonomy.posts])
        _select(first[2], "ask_region", t("region"), regions_of(editions))
        second[0].multiselect(
            t("ranks"), [name for name, _ in RANKS], key="ask_ranks", placeholder=t("ranks_any")
        )
        second[1].date_input(
            t("as_of_law"), value=None, key="ask_day", min_value=date(1949, 10, 1), help=t("as_of_help")
        )
        with second[2]:
            st.checkbox(t("in_force_only"), key="ask_only", help=t("in_force_only_help"))
            st.checkbox(
                t("region_only"), key="ask_region_only", disabled=not st.session_state.get("ask_region")
            )
        st.button(t("filters_clear"), on_click=clear, disabled=not chosen, type="tertiary", key="ask_clear")
    return read(st.session_state)


def _select(place: Any, key: str, label: str, options: list[str]) -> None:
    place.selectbox(label, options, index=None, key=key, placeholder=t("any"))


def read(state: Any) -> Filters:
    """The filters that the widgets hold."""
    kinds = dict(RANKS)
    day, within = state.get("ask_day"), state.get(WITHIN)
    region = state.get("ask_region")
    return Filters(
        industry=state.get("ask_industry"),
        post=state.get("ask_post"),
        region=region,
        region_only=bool(region and state.get("ask_region_only")),
        kinds=tuple(kind for name in state.get("ask_ranks") or () for kind in kinds[name]),
        as_of=day.isoformat() if day else None,
        in_force_only=bool(state.get("ask_only")),
        works=(within[0],) if within else (),
    )


def clear() -> None:
    """Takes every filter off (a follow-up's text stays)."""
    for key in KEYS:
        st.session_state.pop(key, None)


def stay_within(work: str, title: str) -> None:
    """The next question asks this text only."""
    st.session_state[WITHIN] = (work, title)


def everywhere() -> None:
    """The next question asks every text again."""
    st.session_state.pop(WITHIN, None)


def show_within() -> None:
    """Says which text a follow-up stays in, with the way out."""
    if within := st.session_state.get(WITHIN):
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(f":material/subdirectory_arrow_right: {t('within_now')} **《{plain(within[1])}》**")
        row.button(t("within_leave"), on_click=everywhere, icon=":material/close:", key="ask_everywhere")


def offer_within(works: dict[str, str]) -> None:
    """Buttons to ask on within one of the texts an answer was drawn from."""
    if st.session_state.get(WITHIN) or not works:
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    row.caption(t("within_offer"), width="content")
    for number, (work, title) in enumerate(list(works.items())[:4]):
        row.button(
            f"《{plain(title)}》",
            key=f"within_{number}",
            type="tertiary",
            on_click=partial(stay_within, work, title),
        )


def regions_of(editions: tuple[Edition, ...]) -> list[str]:
    """The regions that texts are held of, those with most texts first."""
    found = Counter(edition.masthead.region for edition in editions if edition.masthead.region)
    return [name for name, _ in found.most_common()]
