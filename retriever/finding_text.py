"""One text as findings are held against it: its provisions as arrays, made once and kept.

Every measure of a finding is an array over the duties of the text; what a phrase, a pair of letters or a
concept hits is looked up once and remembered, for a record of five hundred findings asks the same again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.embedding import Encoder
from retriever.finding import Concept, hit, pairs
from retriever.pool import Rows

Floats = npt.NDArray[np.float32]
_SENTENCE = re.compile(r"(?<=[。；;])|\n")
_SHORT, _LONG = 6, 160  # characters of a sentence worth a vector of its own, and of what is read of it
_SAFETY = re.compile("安全|消防|职业病|特种设备|应急|劳动保护|有毒物品|防护|危险化学品")
_STATE = re.compile("^中华人民共和国")
_GENERIC = re.compile("安全|监督|管理|条例|规定|办法|法$|保护|生产|暂行|实施|特别|国务院|若干|关于")
STATIC = ("law", "low", "catch_all", "length", "prohibits", "item", "safety", "linked", "local")


class Ground:
    """The duties and penalties of a text, with their vectors. `static` has one row a duty (STATIC)."""

    def __init__(self, rows: Rows, encoder: Encoder) -> None:
        self.rows = rows
        title = _STATE.sub("", rows.edition.title)
        self.title_pairs = frozenset(pairs(_GENERIC.sub("，", title)))
        self.title = encoder.encode([title])[0]
        self.whole: Floats = encoder.encode([duty.words for duty in rows.duties])
        sentences = [(n, part) for n, duty in enumerate(rows.duties) for part in _sentences(duty.words)]
        self.owner = np.array([n for n, _ in sentences], np.int64)
        self.sentences: Floats = encoder.encode([part for _, part in sentences])
        behaviours = [penalty.words for penalty in rows.penalties]
        empty = np.zeros((0, self.whole.shape[1]), np.float32)
        self.behaviours: Floats = encoder.encode(behaviours) if behaviours else empty
        self.static = _static(rows)
        articles: dict[Any, int] = {}
        for duty in rows.duties:
            articles.setdefault(duty.address.whole(), len(articles))
        self.article = np.array([articles[duty.address.whole()] for duty in rows.duties], np.int64)
        linked = [(n, p, tie) for n, links in enumerate(rows.links) for p, tie in links]
        self.link_duty = np.array([n for n, _, _ in linked], np.int64)
        self.link_penalty = np.array([p for _, p, _ in linked], np.int64)
        self.tie = np.array([tie for _, _, tie in linked], np.float32)
        self.duty_pairs = _inverted([duty.pairs for duty in rows.duties])
        self.penalty_pairs = _inverted([penalty.pairs for penalty in rows.penalties])
        self._hits: dict[int, tuple[Floats, Floats]] = {}

    @property
    def size(self) -> int:
        return len(self.rows.duties) + len(self.rows.penalties)

    def held(self, pair: str) -> int:
        """How many provisions have this pair of letters."""
        return len(self.duty_pairs.get(pair, ())) + len(self.penalty_pairs.get(pair, ()))

    def hits(self, concept: Concept) -> tuple[Floats, Floats]:
        """How strongly each duty, and each penalty, speaks of a matter: 0..1."""
        known = self._hits.get(id(concept))
        if known is None:
            known = self._hits[id(concept)] = (
                np.array([hit(concept, duty.words) for duty in self.rows.duties], np.float32),
                np.array([hit(concept, penalty.words) for penalty in self.rows.penalties], np.float32),
            )
        return known

    def best_sentence(self, vector: Floats) -> Floats:
        """The nearness of the nearest sentence of each duty."""
        best = np.full(len(self.rows.duties), -1.0, np.float32)
        np.maximum.at(best, self.owner, self.sentences @ vector)
        return best

    def best_article(self, near: Floats) -> Floats:
        """For each duty the best value within its article."""
        best = np.full(int(self.article.max()) + 1, -1.0, np.float32)
        np.maximum.at(best, self.article, near)
        return best[self.article]

    def punished(self, values: Floats) -> Floats:
        """For each duty the best of the values of its penalties, by how surely they punish it."""
        best = np.zeros(len(self.rows.duties), np.float32)
        if len(self.tie):
            np.maximum.at(best, self.link_duty, self.tie * values[self.link_penalty])
        return best


def _sentences(words: str) -> list[str]:
    parts = [part.strip()[:_LONG] for part in _SENTENCE.split(words)]
    return [part for part in parts if len(part) >= _SHORT] or [words[:_LONG]]


def _static(rows: Rows) -> Floats:
    edition = rows.edition
    of_text = (edition.rank == 1, edition.rank >= 3)
    after = (_SAFETY.search(edition.title) is not None,)
    return np.array(
        [
            (*of_text, duty.catch_all, np.log(len(duty.words)), duty.prohibits, duty.address.item is not None,
             *after, bool(links), edition.masthead.region is not None)
            for duty, links in zip(rows.duties, rows.links, strict=True)
        ],
        np.float32,
    )  # fmt: skip


def _inverted(documents: list[frozenset[str]]) -> dict[str, npt.NDArray[np.int64]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, document in enumerate(documents):
        for pair in document:
            found[pair].append(number)
    return {pair: np.array(numbers, np.int64) for pair, numbers in found.items()}
