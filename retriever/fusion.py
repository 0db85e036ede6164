"""Two rankings of units, dense and lexical, joined into one: min-max of the best of each, weighted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

DEPTH = 1000
DENSE_WEIGHT = 0.7
Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Units with both raw scores and the fused one in 0..1, best first."""

    units: Numbers
    dense: Floats
    lexical: Floats
    fused: Floats

    def __len__(self) -> int:
        return len(self.units)

    def take(self, chosen: npt.NDArray[np.int64] | slice) -> Candidates:
        """The chosen positions, in the given order."""
        return Candidates(self.units[chosen], self.dense[chosen], self.lexical[chosen], self.fused[chosen])

    @classmethod
    def bare(cls, unit: int) -> Candidates:
        """A unit that no ranking found."""
        nought = np.zeros(1, np.float32)
        return cls(np.array([unit], np.int64), nought, nought, nought)

    @classmethod
    def join(cls, parts: Sequence[Candidates]) -> Candidates:
        """The parts, one after the other."""
        names = ("units", "dense", "lexical", "fused")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def top(scores: Floats, count: int) -> Numbers:
    """The positions of the `count` highest positive scores, best first; of equal ones the first first."""
    held = np.flatnonzero(scores > 0)
    values = scores[held]
    if len(held) > count > 0:  # of the positive ones alone: among as many noughts a border is long to find
        best = np.flatnonzero(values >= np.partition(values, len(held) - count)[len(held) - count])
        held, values = held[best], values[best]
    return held[np.argsort(-values, kind="stable")][:count]


def best_passages(passage_units: Numbers, scores: Floats) -> tuple[Numbers, Floats]:
    """Passage scores → each unit once with its best passage's score, best first."""
    units, first = np.unique(passage_units, return_index=True)
    order = np.argsort(first, kind="stable")
    return units[order].astype(np.int64), scores[first[order]]


def fuse(dense_units: Numbers, dense: Floats, lexical: Floats, *, weight: float = DENSE_WEIGHT) -> Candidates:
    """Joins the best DEPTH of each ranking.

    `dense_units` and `dense` are best first; `lexical` holds the score of every unit. A unit that one
    ranking does not hold among its best counts there as its last.
    """
    words = top(lexical, DEPTH)
    dense_units, dense = dense_units[:DEPTH], dense[:DEPTH]
    units = _union(dense_units, words)
    cosine = np.full(len(units), dense.min(initial=1.0) if len(dense) else 0.0, np.float32)
    cosine[np.searchsorted(units, dense_units)] = dense
    bm25 = lexical[units]
    floor = lexical[words[-1]] if len(words) else np.float32(0)
    share = weight if len(dense) and len(words) else float(len(dense) > 0)
    fused = share * _unit_range(cosine) + (1 - share) * _unit_range(np.maximum(bm25, floor))
    order = np.lexsort((units, -fused))
    return Candidates(units[order], cosine[order], bm25[order], fused[order].astype(np.float32))


def _union(some: Numbers, others: Numbers) -> Numbers:
    """The numbers of both, each once and rising; np.union1d takes eight times as long for so few."""
    both = np.sort(np.concatenate([some, others]))
    first = np.ones(len(both), bool)
    first[1:] = both[1:] != both[:-1]
    return both[first]


def _unit_range(values: Floats) -> Floats:
    low, high = values.min(initial=np.inf), values.max(initial=-np.inf)
    if not len(values) or high <= low:
        return np.ones_like(values)
    spread: Floats = ((values - low) / (high - low)).astype(np.float32)
    return spread
