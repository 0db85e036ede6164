"""The learned ranker: gradient-boosted trees (LightGBM's text format), read and evaluated with numpy.

Importing LightGBM costs seconds; a few hundred small trees over a hundred rows need none of it. The
file's feature names must be those of `retriever.features`, in their order.
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

MODEL = Path(__file__).with_name("ranker.txt")
CALIBRATION = Path(__file__).with_name("ranker.json")
_REPAIR = "请重新安装程序。"
Cells = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranker:
    """Trees laid end to end: node n compares `feature[n]` with `threshold[n]` and goes `left` or `right`;
    a node below zero is leaf ~n of `value`. `slope` and `offset` turn a sum of leaves into a log-odds."""

    roots: Cells
    feature: Cells
    threshold: npt.NDArray[np.float64]
    left: Cells
    right: Cells
    value: npt.NDArray[np.float64]
    slope: float
    offset: float

    def raw(self, matrix: Matrix) -> Floats:
        """The sum of leaves for each row of features."""
        at = np.broadcast_to(self.roots, (len(matrix), len(self.roots))).copy()
        rows = np.arange(len(matrix))[:, None]
        while (inner := at >= 0).any():
            node = np.where(inner, at, 0)
            below = matrix[rows, self.feature[node]] <= self.threshold[node]
            at = np.where(inner, np.where(below, self.left[node], self.right[node]), at)
        total: Floats = self.value[~at].sum(axis=1).astype(np.float32)
        return total

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
    roots: list[int] = []
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    value: list[float] = []
    nodes = leaves = 0
    for tree in trees:
        inner = [int(cell) for cell in tree.get("split_feature", "").split()]
        roots.append(nodes if inner else ~leaves)
        feature += inner
        threshold += [float(cell) for cell in tree.get("threshold", "").split()]
        for target, name in ((left, "left_child"), (right, "right_child")):
            for child in map(int, tree.get(name, "").split()):
                target.append(child + nodes if child >= 0 else child - leaves)
        held = [float(cell) for cell in tree["leaf_value"].split()]
        value += held
        nodes, leaves = nodes + len(inner), leaves + len(held)
    return Ranker(
        np.array(roots, np.int64),
        np.array(feature or [0], np.int64),
        np.array(threshold or [0.0]),
        np.array(left or [-1], np.int64),
        np.array(right or [-1], np.int64),
        np.array(value),
        slope,
        offset,
    )
