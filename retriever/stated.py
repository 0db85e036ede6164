"""The types of an answer: statements with their places, and what the question was read as.

Type module beside `hit`: what is stated is a verbatim slice of one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.document import Edition
from corpus.place import Place
from retriever.hit import Filters, Hit
from retriever.notfound import Signals
from retriever.question import Question
from retriever.statements import Slice

HITS = 10


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of one place that answer; `decisive` are the spans that carry the answer."""

    key: str
    place: Place
    text: str
    score: float
    decisive: tuple[tuple[int, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """A row of `statements` in the command line's contract."""
        return {
            **self.place.as_json(),
            "text": self.text,
            "score": round(self.score, 4),
            "decisive": [self.text[a:b] for a, b in self.decisive],
            "spans": [list(span) for span in self.decisive],
        }


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence ready to print about `places` of the answer. `kind` names the rule behind it."""

    kind: str
    sentence: str
    places: tuple[Place, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "sentence": self.sentence,
            "places": [place.as_json() for place in self.places],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library says to a question. `reason` stands where it says nothing; `confidence` is 0 … 1."""

    question: Question
    statements: tuple[Statement, ...]
    hits: tuple[Hit, ...]
    reason: str | None = None
    confidence: float = 1.0
    signals: Signals | None = None
    notes: tuple[Note, ...] = ()
    filters: Filters = field(default=Filters())

    @property
    def found(self) -> bool:
        return bool(self.statements)

    def as_json(self) -> dict[str, Any]:
        """The object `zeren ask --json` prints."""
        decisive = dict.fromkeys(s.text[a:b] for s in self.statements for a, b in s.decisive)
        return {
            "question": self.question.text,
            "status": "answered" if self.found else "not_found",
            "statements": [s.as_json() for s in self.statements],
            "hits": [hit.as_json() for hit in self.hits[:HITS]],
            "reason": self.reason,
            "confidence": round(self.confidence, 3),
            "decisive": list(decisive),
            "understood": self.question.as_json(),
            "notes": [note.as_json() for note in self.notes],
            "filters": self.filters.as_json(),
        }


def statement_of(
    edition: Edition, piece: Slice, headings: Sequence[str], *, score: float, on: str
) -> Statement:
    """A slice of a text with its place and its validity on a day."""
    place = Place(
        edition.source,
        edition.title,
        edition.masthead.version,
        edition.status(on),
        piece.address,
        tuple(headings),
    )
    return Statement(edition.key, place, piece.text, score, piece.decisive)
