"""First step of study material: which texts, for whom, which types of items and how many."""

from __future__ import annotations

from datetime import date

import streamlit as st

from corpus.place import Status
from generator.study_item import Kind
from generator.study_makers import Wanted, choose, draw_up
from screens import desk, study_state
from screens.progress import working
from screens.wording import t


def show() -> None:
    library, taxonomy = study_state.library(), desk.taxonomy()
    none = t("none_chosen")
    day = desk.today()
    titles = sorted({e.title for e in library.editions() if e.status(day) is Status.IN_FORCE})
    works = st.multiselect(
        t("study_works"), titles, key="study_works", placeholder=t("study_works_hint"),
        persist_state="session",
    )  # fmt: skip
    left, middle, right = st.columns(3)
    post = left.selectbox(
        t("post"), [none, *(p.name for p in taxonomy.posts)], key="study_post", persist_state="session"
    )
    industry = middle.selectbox(
        t("industry"), [none, *(i.name for i in taxonomy.industries)], key="study_field",
        help=t("study_industry_help"), persist_state="session",
    )  # fmt: skip
    on = right.date_input(
        t("as_of"), value=date.today(), key="study_day", format="YYYY-MM-DD", persist_state="session"
    )
    kinds = st.pills(
        t("study_kinds"), list(Kind), default=list(Kind), selection_mode="multi", format_func=kind_words,
        key="study_kinds", persist_state="session",
    )  # fmt: skip
    left, middle, right = st.columns(3)
    count = left.number_input(t("study_count"), 1, 5000, 50, key="study_count", persist_state="session")
    seed = middle.number_input(t("study_seed"), 0, 10**6, 1, key="study_seed", persist_state="session")
    levels = right.pills(
        t("study_difficulty"), [1, 2, 3], default=[1, 2, 3], selection_mode="multi", key="study_levels",
        persist_state="session",
    )  # fmt: skip
    if st.button(t("study_draw"), type="primary", icon=":material/quiz:", key="study_draw"):
        chosen = choose(
            library, taxonomy, works=works, industry=None if industry == none else industry, on=str(on)
        )
        for_post = None if post == none else taxonomy.post(post)
        wanted = Wanted(tuple(kinds), (), for_post, tuple(levels), int(count))
        with working(t("study_drawing"), key="study") as step:
            drawn = draw_up(
                library, chosen, wanted=wanted, seed=int(seed), on=str(on), taxonomy=taxonomy, progress=step
            )
        study_state.start(drawn, chosen, for_post)
        st.rerun()


def kind_words(kind: Kind) -> str:
    return t(f"study_{kind.value}")
