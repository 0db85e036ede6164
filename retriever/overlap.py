"""What a question and each candidate share, in words, heading and title: features of the ranker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from indexer.embedding import Encoder, StaticEncoder
from indexer.grams import PAIR, Keys, grams
from indexer.keys import KeyTable, Tokens
from indexer.lexical import LexicalIndex
from indexer.shelf import Shelf
from indexer.word_marks import Nearness, Texts, laid, marks
from retriever.earlier import words_key

NAMES = (
    "covered",  # share of the question's weight (inverse document frequency) found in the words
    "covered_pairs",  # the same over pairs of letters alone
    "covered_title",
    "covered_heading",
    "covered_anywhere",
    "rarest_found",  # whether the question's rarest pair stands there
    "text_covered",  # share of the unit's weight found in the question
    "late",  # late interaction: each pair of the question against its nearest pair, weighted
    "late_worst",  # the least of these among the three rarest
    "title_cosine",
)
QUESTION = ("question_letters", "question_weight")
_KEPT = 16_384  # titles whose vectors are kept
_LAST = 64  # questions whose vectors are kept: one search asks for them several times
_NOBODY = Tokens(KeyTable(np.empty(0, np.int64)), np.zeros((1, 1), np.int8))
Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Overlap:
    """The words of an opened index, held against questions."""

    shelf: Shelf
    lexical: LexicalIndex
    encoder: Encoder
    _keys: Numbers  # of each unit's words, -1 where they were not asked for yet
    _titles: dict[str, Floats] = field(default_factory=dict)
    _questions: dict[str, Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, shelf: Shelf, lexical: LexicalIndex, encoder: Encoder) -> Overlap:
        """Nothing worked out yet."""
        return cls(shelf, lexical, encoder, np.full(len(shelf), -1, np.int64))

    def keys(self, units: Numbers) -> Numbers:
        """What earlier questions know the words of units by, each worked out once."""
        new = units[self._keys[units] < 0]
        if len(new):
            self._keys[new] = [words_key(text) for text in self.shelf.texts(new)]
        return self._keys[units]

    def vector(self, question: str) -> Floats:
        """The vector of a question; 0 where the model knows no token of it."""
        kept = self._questions.get(question)
        if kept is None:
            kept = self.encoder.encode([question])[0]
            if len(self._questions) >= _LAST:
                self._questions.clear()
            self._questions[question] = kept
        return kept

    def features(self, question: str, units: Numbers, titles: Sequence[str]) -> dict[str, Floats]:
        """The columns NAMES and QUESTION for units in texts of these titles."""
        asked = np.unique(grams([question]).keys)
        table = KeyTable(asked)
        weight = self.lexical.weights(asked)
        total = max(float(weight.sum()), 1e-6)
        near, known = self._nearness(asked, weight)
        body = marks(Texts(*self.shelf.spans(units)), table, near)
        of_title = _Once.of_all(titles)
        of_heading = _Once.of_all(self.shelf.nearest_headings(units))
        in_title, in_heading = (one.spread(_held(one.texts, table)) for one in (of_title, of_heading))
        pairs = np.where(asked >= PAIR, weight, 0).astype(np.float32)
        rarest = body.held[:, int(np.argmax(weight))] if len(asked) else np.zeros(len(units), np.float32)
        late, worst = _late(body.nearest, known)
        return {
            "covered": body.held @ weight / total,
            "covered_pairs": body.held @ pairs / max(float(pairs.sum()), 1e-6),
            "covered_title": in_title @ weight / total,
            "covered_heading": in_heading @ weight / total,
            "covered_anywhere": np.maximum(np.maximum(body.held, in_title), in_heading) @ weight / total,
            "rarest_found": rarest,
            "text_covered": body.held.sum(axis=1) / np.sqrt(np.maximum(body.count, 1)),
            "late": late,
            "late_worst": worst,
            "title_cosine": of_title.spread(self._vectors(of_title.texts) @ self.vector(question)),
            "question_letters": np.full(1, len(question), np.float32),
            "question_weight": np.full(1, total, np.float32),
        }

    def _nearness(self, asked: Keys, weight: Floats) -> tuple[Nearness, Floats]:
        """The pairs and words of a question as unit vectors, with their weights; 0 for what is unknown.

        Single letters are left out: they cost half the time and say little beside the pairs they stand in.
        """
        encoder, pairs = self.encoder, asked >= PAIR
        if not isinstance(encoder, StaticEncoder):
            return Nearness(_NOBODY, np.zeros((0, 1), np.float32)), np.zeros(0, np.float32)
        rows = encoder.gram_rows(asked[pairs])
        vectors = encoder.weights[rows].astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return Nearness(encoder.tokens, vectors), np.where(rows > 0, weight[pairs], 0).astype(np.float32)

    def _vectors(self, titles: Sequence[str]) -> Floats:
        """The vectors of titles, each worked out once."""
        kept = self._titles
        new = [title for title in titles if title not in kept]
        made = dict(zip(new, self.encoder.encode(new), strict=True)) if new else {}
        vectors = [made[title] if title in made else kept[title] for title in titles]
        if len(kept) + len(made) <= _KEPT:
            kept.update(made)
        return np.stack(vectors) if vectors else np.zeros((0, self.encoder.dimension), np.float32)


def _held(texts: list[str], asked: KeyTable) -> Floats:
    """Which asked grams each text holds."""
    nothing = Nearness(_NOBODY, np.zeros((0, 1), np.float32))
    return marks(laid(texts), asked, nothing).held


def _late(nearest: Floats, known: Floats) -> tuple[Floats, Floats]:
    """MaxSim over the vectors of pairs and words: (weighted mean, least of the three rarest)."""
    if not len(known):
        return np.zeros(len(nearest), np.float32), np.zeros(len(nearest), np.float32)
    rarest = np.argsort(-known, kind="stable")[:3]
    return nearest @ known / max(float(known.sum()), 1e-6), nearest[:, rarest].min(axis=1)


@dataclass(frozen=True, slots=True)
class _Once:
    """Texts of candidates, each once: that of candidate n is texts[of[n]]."""

    texts: list[str]
    of: Numbers

    @classmethod
    def of_all(cls, texts: Sequence[str]) -> _Once:
        places: dict[str, int] = {}
        of = np.array([places.setdefault(text, len(places)) for text in texts], np.int64)
        return cls(list(places), of)

    def spread(self, values: Floats) -> Floats:
        """A value a text → a value a candidate."""
        return values[self.of]
