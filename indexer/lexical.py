"""BM25 over character 1- and 2-grams, Latin words and numbers.

The postings are counted in bulk with numpy and handed to bm25s, which keeps, maps and scores them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from corpus.errors import DamagedData
from indexer.grams import Grams, Keys, grams

K1, B = 1.2, 0.75
VOCABULARY = "grams.npy"
COMMON = 0.25  # a single letter in more than this share of the units says nothing and costs most
Floats = npt.NDArray[np.float32]


class LexicalIndex:
    """The scores of grams in units, memory-mapped when opened."""

    def __init__(self, index: bm25s.BM25, vocabulary: Keys) -> None:
        self._index = index
        self._vocabulary = vocabulary
        self._lengths = np.diff(index.scores["indptr"])

    def __len__(self) -> int:
        return int(self._index.scores["num_docs"])

    @classmethod
    def build(cls, units: Grams) -> LexicalIndex:
        """Counts and weighs the grams of the units (Lucene's BM25)."""
        count = len(units.starts) - 1
        vocabulary, ids = np.unique(units.keys, return_inverse=True)
        owner = np.repeat(np.arange(count), np.diff(units.starts))
        cells, frequency = np.unique(ids * np.int64(max(count, 1)) + owner, return_counts=True)
        term, unit = cells // max(count, 1), cells % max(count, 1)
        documents = np.bincount(term, minlength=len(vocabulary))
        length = np.diff(units.starts).astype(np.float32)
        norm = K1 * (1 - B + B * length / max(float(length.mean()) if count else 1.0, 1e-9))
        idf = np.log1p((count - documents + 0.5) / (documents + 0.5)).astype(np.float32)
        scores = idf[term] * (frequency / (frequency + norm[unit]))
        index = bm25s.BM25(k1=K1, b=B, method="lucene")
        index.vocab_dict, index.unique_token_ids_set = {}, set()
        index.nonoccurrence_array = None
        starts = np.concatenate([[0], np.cumsum(documents)]).astype(np.int64)
        index.scores = {
            "data": scores.astype(np.float32),
            "indices": unit.astype(np.int32),
            "indptr": starts,
            "num_docs": count,
        }
        return cls(index, vocabulary)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Maps an index whose files the manifest has already vouched for. Raises DamagedData."""
        try:
            index = bm25s.BM25.load(folder, mmap=True, load_vocab=False, allow_pickle=False)
            return cls(index, np.load(folder / VOCABULARY, allow_pickle=False))
        except (OSError, ValueError, KeyError) as error:
            raise DamagedData("词语索引读不出来。", "请运行 zeren index 重建。") from error

    def save(self, folder: Path) -> None:
        self._index.save(folder, show_progress=False)
        np.save(folder / VOCABULARY, self._vocabulary)

    def terms(self, text: str) -> npt.NDArray[np.int64]:
        """The gram numbers of a question that are worth scoring, each as often as it stands there."""
        keys = grams([text]).keys
        found = np.searchsorted(self._vocabulary, keys)
        found[found == len(self._vocabulary)] = 0
        known = found[self._vocabulary[found] == keys] if len(self._vocabulary) else found[:0]
        common = (self._lengths[known] > COMMON * len(self)) & (self._vocabulary[known] < 1 << 32)
        kept = known[~common]
        return kept if len(kept) else known

    def rarity(self, pieces: Sequence[str]) -> list[float]:
        """The inverse document frequency of each piece: one or two letters, a word or a number."""
        keys = [grams([piece]).keys[-1:] for piece in pieces]
        found = np.array([key[0] if len(key) else -1 for key in keys], np.int64)
        return [float(weight) for weight in self.weights(found)]

    def weights(self, keys: Keys) -> Floats:
        """The inverse document frequency of grams."""
        if not len(self._vocabulary):
            return np.zeros(len(keys), np.float32)
        at = np.minimum(np.searchsorted(self._vocabulary, keys), len(self._vocabulary) - 1)
        held = np.where(self._vocabulary[at] == keys, self._lengths[at], 0)
        weights: Floats = np.log1p((len(self) - held + 0.5) / (held + 0.5)).astype(np.float32)
        return weights

    def scores(self, text: str) -> Floats:
        """BM25 of every unit."""
        terms = self.terms(text)
        if not len(terms):
            return np.zeros(len(self), np.float32)
        return np.asarray(self._index.get_scores_from_ids(terms), np.float32)
