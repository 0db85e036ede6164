"""From article hits to the one row of each that answers: level="item"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from corpus.library import Library, covers
from retriever.hit import Hit
from retriever.question import Question


class Weighing(Protocol):
    """What is needed of the retriever."""

    @property
    def library(self) -> Library: ...

    def similarity(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...


def best_rows(weighing: Weighing, question: Question, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Each hit narrowed to its row nearest to the question, a 款, 项, 目 or subsection."""
    return tuple(_best_row(weighing, question, hit) for hit in hits)


def _best_row(weighing: Weighing, question: Question, hit: Hit) -> Hit:
    rows = [
        row
        for row in weighing.library.provisions(hit.key)
        if covers(hit.address, row.address) and row.text.strip()
    ]
    if not rows:
        return hit
    scores = weighing.similarity(question.query, [row.text for row in rows])
    best = max(range(len(rows)), key=lambda n: scores[n])
    place = replace(hit.place, address=rows[best].address, headings=rows[best].headings)
    return replace(hit, place=place, text=rows[best].text, also=())
