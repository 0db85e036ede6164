"""The learned ranker: gradient-boosted trees (LightGBM's text format), read and added up here.

Importing LightGBM costs seconds; a few hundred small trees over a hundred rows need none of it. The file's
feature names must be those of `retriever.features`, in their order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import DamagedData
from retriever.features import NAMES, Floats, Matrix
from retriever.tree_sums import Forest, sums

MODEL = Path(__file__).with_name("ranker.txt")
CALIBRATION = Path(__file__).with_name("ranker.json")
_REPAIR = "请重新安装程序。"


@dataclass(frozen=True, slots=True)
class Ranker:
    """Trees laid end to end. Node n compares `feature[n]` with `threshold[n]` and goes to child[2n] when not
    greater, else to child[2n + 1]; a leaf is its own child and holds a `value`. After the tree's `depths`
    steps every row stands on a leaf. `slope` and `offset` turn a sum of leaves into a log-odds."""

    forest: Forest
    slope: float
    offset: float

    def raw(self, matrix: Matrix) -> Floats:
        """The sum of leaves for each row of features."""
        columns = np.ascontiguousarray(matrix.T, np.float32)
        return sums(columns, self.forest).astype(np.float32)

    def log_odds(self, matrix: Matrix) -> Floats:
        """How sure the ranker is that each row answers, as log-odds."""
        odds: Floats = (self.slope * self.raw(matrix) + self.offset).astype(np.float32)
        return odds


@lru_cache(maxsize=1)
def shipped() -> Ranker:
    """The ranker beside this module. Raises DamagedData."""
    return read(MODEL, CALIBRATION)


def read(model: Path, calibration: Path) -> Ranker:
    """A ranker from LightGBM's text and {"slope", "offset"}. Raises DamagedData when they do not fit."""
    try:
        head, *trees = model.read_text("utf-8").split("\nTree=")
        facts = json.loads(calibration.read_text("utf-8"))
        names = _fields(head)["feature_names"].split(" ")
        parts = [_fields(tree.split("\nend of trees")[0]) for tree in trees]
        slope, offset = float(facts["slope"]), float(facts["offset"])
    except (OSError, ValueError, KeyError) as error:
        raise DamagedData("排序模型缺失或损坏。", _REPAIR) from error
    if names != list(NAMES):
        raise DamagedData("排序模型与程序的特征不一致。", _REPAIR)
    return _assemble(parts, slope, offset)


def _fields(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def _assemble(trees: list[dict[str, str]], slope: float, offset: float) -> Ranker:
    """The nodes of each tree, then its leaves, tree after tree."""
    roots: list[int] = []
    depths: list[int] = []
    feature: list[int] = []
    threshold: list[float] = []
    child: list[int] = []
    value: list[float] = []
    for tree in trees:
        start = len(feature)
        inner = [int(cell) for cell in tree.get("split_feature", "").split()]
        leaves = [float(cell) for cell in tree["leaf_value"].split()]
        sides = [[int(cell) for cell in tree.get(f"{side}_child", "").split()] for side in ("left", "right")]
        for pair in zip(*sides, strict=True):
            child += [start + (one if one >= 0 else len(inner) + ~one) for one in pair]
        own = range(start + len(inner), start + len(inner) + len(leaves))
        child += [node for node in own for _ in range(2)]
        roots.append(start)
        depths.append(_depth(sides))
        feature += inner + [0] * len(leaves)
        threshold += [float(cell) for cell in tree.get("threshold", "").split()] + [0.0] * len(leaves)
        value += [0.0] * len(inner) + leaves
    forest = Forest(
        np.array(roots, np.int32),
        np.array(depths, np.int32),
        np.array(feature, np.int32),
        _rounded_down(np.array(threshold)),
        np.array(child, np.int32),
        np.array(value),
    )
    return Ranker(forest, slope, offset)


def _rounded_down(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """The next 32-bit number not above each: a 32-bit feature is above the one when it is above the other."""
    near = values.astype(np.float32)
    return np.where(near > values, np.nextafter(near, np.float32(-np.inf)), near)


def _depth(sides: list[list[int]]) -> int:
    """The most comparisons from the root of a tree to a leaf."""
    waiting, deepest = [(0, 1)] if sides[0] else [], 0
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(side[node], depth + 1) for side in sides if side[node] >= 0]
    return deepest
