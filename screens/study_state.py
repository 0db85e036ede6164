"""The bank on the study page: what was drawn, from which texts and for which post; and how it is kept."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from corpus.errors import DamagedData, InputRefused, NothingFound
from corpus.library import Library
from generator.study_item import Bank, Item, bank_from
from generator.study_makers import Drawn
from generator.study_text import StudyText
from indexer.taxonomy import Post
from screens import desk, saved
from screens.steps import go_to
from screens.work import SavedWork

KIND = "study"
STEP = "study_step"
STEPS = ("scope", "items", "practise", "files")
_FORGET = ("study_zip", "study_at", "study_marks", "study_shown", "study_updated")


def library() -> Library:
    """The library alone: making items needs no index."""
    return desk.library()


def current() -> Drawn | None:
    drawn: Drawn | None = st.session_state.get(KIND)
    return drawn


def texts() -> tuple[StudyText, ...]:
    held: tuple[StudyText, ...] = st.session_state["study_texts"]
    return held


def post() -> Post | None:
    held: Post | None = st.session_state.get("study_for")
    return held


def start(drawn: Drawn, chosen: tuple[StudyText, ...], for_post: Post | None) -> None:
    """A bank just drawn up: new work, opened at its items."""
    saved.forget(KIND)
    _open(drawn, chosen, for_post)


def _open(drawn: Drawn, chosen: tuple[StudyText, ...], for_post: Post | None) -> None:
    st.session_state[KIND], st.session_state["study_texts"] = drawn, chosen
    st.session_state["study_for"] = for_post
    for key in _FORGET:
        st.session_state.pop(key, None)
    go("items")


def put(drawn: Drawn) -> None:
    """The bank with a change; saved again where it was saved before, and its files to be made anew."""
    st.session_state[KIND] = drawn
    st.session_state.pop("study_zip", None)
    if saved.saved_id(KIND):
        keep()


def put_bank(bank: Bank) -> None:
    drawn = current()
    if drawn is not None:
        put(replace(drawn, bank=bank))


def put_item(item: Item) -> None:
    """The bank with one item put in the place of the one with its id."""
    drawn = current()
    if drawn is not None:
        put_bank(drawn.bank.with_item(item))


def name() -> str:
    """What the saved bank is called."""
    held = [text.name for text in texts()]
    more = "等" if len(held) > 1 else ""
    who = f"（{one.name}）" if (one := post()) else ""
    return f"《{held[0]}》{more}题库{who}" if held else "题库"


def keep() -> None:
    """Saves the bank, its texts by their keys."""
    drawn = current()
    if drawn is not None:
        one = post()
        payload = {
            "bank": drawn.bank.as_json(),
            "texts": [text.edition.key for text in texts()],
            "post": one.name if one else "",
        }
        saved.save(KIND, name(), payload)


def show_saved(held: SavedWork) -> None:
    """A saved bank, opened at its items. Raises InputRefused where its texts are no longer held."""
    bank = bank_from(held.payload.get("bank"))
    taxonomy = desk.taxonomy()
    for_post = taxonomy.find_post(str(held.payload.get("post") or ""))
    counts = bank.counts()
    _open(Drawn(bank, len(bank.items), counts), _texts(held.payload.get("texts") or (), bank.as_of), for_post)
    saved.hold(KIND, held)


def _texts(keys: tuple[str, ...], on: str) -> tuple[StudyText, ...]:
    found = []
    for key in keys:
        try:
            edition = library().edition(key)
        except (NothingFound, InputRefused, DamagedData):
            continue
        found.append(StudyText(edition, library().provisions(key), on))
    if not found:
        raise InputRefused("题库所依据的文本已不在语料库中。", "请先加入这些文本，或重新出题。")
    return tuple(found)


def go(step: str) -> None:
    """The step shown next."""
    go_to(STEP, step)
