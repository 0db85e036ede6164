"""A question as it was asked, with its answer and what was recognised; history and judgements of a user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from corpus.library import Library
from retriever.hit import Filters
from screens import work
from screens.work import SavedWork

if TYPE_CHECKING:  # the first page asks nothing and waits for no index
    from retriever.answer import Desk
    from retriever.recognised import Recognised
    from retriever.stated import Answer

QUESTION, JUDGEMENT = "question", "judgement"
AGAIN = "ask_again"  # a question to put at once: from the first page, an example, the history
REMEMBERED = 200  # questions of a user; the oldest go


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its filters, what was recognised (`chips`), what of it is `off`, the answer."""

    text: str
    filters: Filters
    chips: tuple[Recognised, ...]
    off: tuple[str, ...]
    answer: Answer


def put_again(text: str) -> None:
    """The question that the Ask page puts next."""
    st.session_state[AGAIN] = text


def put(
    desk: Desk, text: str, filters: Filters, *, off: Sequence[str] = (), before: Asked | None = None
) -> Asked:
    """Asks. `before` is the same question asked earlier, whose chips stay when some are switched off."""
    answer = desk.ask(text, filters=filters, ignore=tuple(off))
    chips = {chip.undo: chip for chip in (before.chips if before else ())}
    chips |= {chip.undo: chip for chip in answer.question.recognised}
    return Asked(text, filters, tuple(chips.values()), tuple(off), answer)


def works_of(answer: Answer, library: Library) -> dict[str, str]:
    """The texts an answer was drawn from, to ask on within: work → title."""
    return {library.edition(s.key).work: s.place.title for s in answer.statements}


def remember(data: Path, owner: str, asked: Asked) -> None:
    """Keeps the question in its user's history; the same question again moves to the front."""
    held = work.owned(data, owner, QUESTION)
    same = next((one.id for one in held if one.payload.get("text") == asked.text), None)
    payload = {"text": asked.text, "found": asked.answer.found, "filters": _given(asked.filters)}
    work.keep(data, owner, QUESTION, asked.text[:80], payload, id=same)
    if same is None:
        for old in held[REMEMBERED - 1 :]:
            work.discard(data, owner, old.id)


def history(data: Path, owner: str) -> tuple[SavedWork, ...]:
    """The user's questions, newest first."""
    return work.owned(data, owner, QUESTION)


def forget(data: Path, owner: str) -> None:
    """Empties the user's history."""
    for one in history(data, owner):
        work.discard(data, owner, one.id)


def judge(data: Path, owner: str, asked: Asked, *, useful: bool, reason: str) -> SavedWork:
    """Stores whether an answer was useful, and why; it never leaves the data folder."""
    cited = [statement.place.citation for statement in asked.answer.statements]
    payload = {
        "text": asked.text,
        "filters": _given(asked.filters),
        "useful": useful,
        "reason": reason.strip(),
        "cited": cited or [hit.place.citation for hit in asked.answer.hits[:3]],
        "found": asked.answer.found,
    }
    return work.keep(data, owner, JUDGEMENT, asked.text[:80], payload)


def _given(filters: Filters) -> dict[str, Any]:
    nothing = asdict(Filters())
    return {name: value for name, value in asdict(filters).items() if value != nothing[name]}
