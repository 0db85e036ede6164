"""The sums of a ranker's trees: a loop compiled to machine code."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.compiled import compiled

Cells = npt.NDArray[np.int32]


class Forest(NamedTuple):
    """Trees laid end to end (`retriever.ranker.Ranker`): the root of each and the steps to its deepest leaf;
    of each node the feature, what it is compared with, the two nodes below, its worth as a leaf."""

    roots: Cells
    depths: Cells
    feature: Cells
    threshold: npt.NDArray[np.float32]
    child: Cells
    value: npt.NDArray[np.float64]


@compiled
def sums(columns: npt.NDArray[np.float32], forest: Forest) -> npt.NDArray[np.float64]:
    """The sum of the leaves that each row reaches; `columns[f, r]` is feature f of row r.

    All rows go one step down a tree before any goes the next: no step waits for the one before it, and none
    is guessed.
    """
    count = columns.shape[1]
    total = np.zeros(count)
    at = np.empty(count, np.int32)
    for tree in range(len(forest.roots)):
        for row in range(count):
            at[row] = forest.roots[tree]
        for _ in range(forest.depths[tree]):
            for row in range(count):
                node = at[row]
                above = columns[forest.feature[node], row] > forest.threshold[node]
                at[row] = forest.child[2 * node + above]
        for row in range(count):
            total[row] += forest.value[at[row]]
    return total
