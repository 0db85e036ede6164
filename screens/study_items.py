"""Second step of study material: the items with their provisions; our own words of each can be edited."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from generator import study_upkeep
from generator.study_item import Item, Kind, Rule
from generator.study_makers import Drawn
from screens import study_state
from screens.study_scope import kind_words
from screens.wording import plain, t

SHOWN = 20
LETTERS = "ABCDEFGH"


def show(drawn: Drawn) -> None:
    if drawn.shortage:
        st.warning(plain(drawn.shortage))
    st.caption(plain("、".join(drawn.bank.texts)))
    total = len(drawn.bank.items)
    if not total:
        st.info(t("study_none"))
        return
    pages = -(-total // SHOWN)
    page = st.pagination(pages, key="study_page") if pages > 1 else 1
    for number in range((page - 1) * SHOWN, min(total, page * SHOWN)):
        _one(drawn, number, drawn.bank.items[number])
    if drawn.bank.refused:
        with st.expander(t("study_refused", n=sum(drawn.bank.refused.values()))):
            for reason, times in drawn.bank.refused.items():
                st.markdown(f"- {plain(reason)} × {times}")


def _one(drawn: Drawn, number: int, item: Item) -> None:
    with st.container(border=True):
        st.markdown(f"**{number + 1}\\.** :blue-badge[{kind_words(item.kind)}] {plain(item.stem)}")
        if item.kind is not Kind.TRUEFALSE:
            for position, option in enumerate(item.options):
                strong = "**" if position in item.answer else ""
                st.markdown(f"{strong}{LETTERS[position]}\\. {plain(option)}{strong}")
        st.caption(plain(f"{t('study_answer')}：{item.answer_words}"))
        st.caption(plain(item.explanation))
        _edit(item)
        with st.container(horizontal=True):
            st.button(
                t("study_again"), key=f"again_{item.id}", icon=":material/refresh:", on_click=_regenerate,
                args=(drawn, item),
            )  # fmt: skip
            st.button(
                t("study_drop"), key=f"drop_{item.id}", icon=":material/delete:",
                on_click=study_state.put_bank, args=(drawn.bank.without(frozenset({item.id})),),
            )  # fmt: skip


def _edit(item: Item) -> None:
    """Our own words of an item: those before the law's, the difficulty, plain words; never the law's."""
    with st.expander(t("study_edit")):
        st.text_input(
            t("study_lead"), item.lead, key=f"lead_{item.id}", disabled=item.rule is Rule.TOPIC,
            on_change=_keep, args=(item,),
        )  # fmt: skip
        st.segmented_control(
            t("study_difficulty"), [1, 2, 3], default=item.difficulty, key=f"level_{item.id}", required=True,
            on_change=_keep, args=(item,),
        )  # fmt: skip
        st.text_input(t("study_note"), item.note, key=f"note_{item.id}", on_change=_keep, args=(item,))


def _keep(item: Item) -> None:
    """As a callback: what was typed is kept even when the next step is pressed at once."""
    lead, level, note = (st.session_state[f"{name}_{item.id}"] for name in ("lead", "level", "note"))
    study_state.put_item(replace(item, lead=lead, difficulty=level, note=note))


def _regenerate(drawn: Drawn, item: Item) -> None:
    """The same provision asked another way, with the next seed that gives one."""
    for seed in range(item.seed + 1, item.seed + 6):
        fresh = study_upkeep.regenerate(
            item, study_state.library(), study_state.texts(), seed=seed, on=drawn.bank.as_of
        )
        if fresh is not None and (fresh.options, fresh.stem) != (item.options, item.stem):
            study_state.put_item(fresh)
            return
    st.toast(t("study_no_other"))
