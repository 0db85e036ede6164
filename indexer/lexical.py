"""BM25 over character 1- and 2-grams, Latin words and numbers.

Scores are worked out when asked: a posting keeps counts, so that a text more or less moves no stored score.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import DamagedData
from indexer.grams import Grams, Keys, grams
from indexer.keys import KeyTable
from indexer.postings import Postings, count

K1, B = 1.2, 0.75
COMMON = 0.25  # a single letter in more than this share of the units says nothing and costs most
Floats = npt.NDArray[np.float32]


class LexicalIndex:
    """The scores of grams in units (Lucene's BM25), memory-mapped when opened."""

    def __init__(self, postings: Postings) -> None:
        self.postings = postings
        lengths, units = postings.lengths, max(len(postings.lengths), 1)
        mean = max(float(lengths.sum()) / units, 1e-9)
        self._norm: Floats = (K1 * (1 - B + B * lengths.astype(np.float32) / mean)).astype(np.float32)
        self._ends = np.cumsum(postings.documents, dtype=np.int64)
        self._high_ends = np.cumsum(np.where(postings.near, 0, postings.documents), dtype=np.int64)
        self._near = postings.near
        self._table = KeyTable(postings.vocabulary)

    def __len__(self) -> int:
        return len(self._norm)

    @classmethod
    def build(cls, units: Grams) -> LexicalIndex:
        """Counts and weighs the grams of the units."""
        return cls(Postings.of(count(units)))

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Maps an index whose files the manifest has already vouched for. Raises DamagedData."""
        try:
            return cls(Postings.open(folder))
        except (OSError, ValueError, KeyError) as error:
            raise DamagedData("词语索引读不出来。", "请运行 zeren index 重建。") from error

    def save(self, folder: Path) -> None:
        self.postings.save(folder)

    def terms(self, text: str) -> npt.NDArray[np.int64]:
        """The gram numbers of a question that are worth scoring, each as often as it stands there."""
        found = self._table.places(grams([text]).keys)
        known = found[found >= 0]
        letters = self.postings.vocabulary[known] < 1 << 32
        kept = known[~(letters & (self.postings.documents[known] > COMMON * len(self)))]
        return kept if len(kept) else known

    def rarity(self, pieces: Sequence[str]) -> list[float]:
        """The inverse document frequency of each piece: one or two letters, a word or a number."""
        found = grams(pieces)
        ends = found.starts[1:]
        held = ends > found.starts[:-1]
        keys = np.full(len(pieces), -1, np.int64)
        keys[held] = found.keys[ends[held] - 1]
        return [float(weight) for weight in self.weights(keys)]

    def weights(self, keys: Keys) -> Floats:
        """The inverse document frequency of grams."""
        at = self._table.places(keys)
        held = self.postings.documents[at] * (at >= 0) if len(self.postings.documents) else at * 0
        return self._idf(held)

    def _idf(self, documents: npt.NDArray[np.integer]) -> Floats:
        weights: Floats = np.log1p((len(self) - documents + 0.5) / (documents + 0.5)).astype(np.float32)
        return weights

    def scores(self, text: str) -> Floats:
        """BM25 of every unit."""
        from indexer.posting_sums import Packed, Terms, add_up  # compiled loops: adding texts needs none

        terms, times = np.unique(self.terms(text), return_counts=True)
        total = np.zeros(len(self), np.float32)
        held = self.postings
        documents = held.documents[terms].astype(np.int64)
        weights = (self._idf(documents) * times).astype(np.float32)
        upper = np.where(self._near[terms], -1, self._high_ends[terms] - documents)
        packed = Packed(held.gaps, held.high, held.counts, held.far_at, held.far, held.many_at, held.many)
        add_up(total, self._norm, Terms(self._ends[terms] - documents, upper, documents, weights), packed)
        return total
