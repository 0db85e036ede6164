"""The weights by which measures of a finding become an order, and the order a decision whether to offer.

Linear, fitted by training/findings.py on the labelled findings of tests/cases; the file says on which.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import DamagedData
from retriever.finding import Finding
from retriever.finding_features import NAMES

Floats = npt.NDArray[np.float32]
FILE = Path(__file__).with_name("finding_model.json")
SIGNS = (
    "sentence", "clause", "told", "score", "core", "words", "behaviour", "affinity", "trade", "general",
    "polarity", "safety",
)  # fmt: skip
SURENESS = (*SIGNS, "best", "lead", "faulty", "matters", "praise", "trifle")


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` over NAMES; `sure` over SURENESS with `bias`: the log-odds that the first is breached."""

    weights: npt.NDArray[np.float64]
    sure: npt.NDArray[np.float64]
    bias: float

    def order(self, table: Floats) -> npt.NDArray[np.float64]:
        """The value of every duty; only differences within one finding mean anything."""
        return np.asarray(table @ self.weights, np.float64)

    def sureness(self, found: Finding, table: Floats, values: npt.NDArray[np.float64]) -> float:
        """The log-odds that the finding breaches the first of the duties so ordered."""
        return float(signs(found, table, values) @ self.sure + self.bias)


def signs(found: Finding, table: Floats, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What tells a breach from a remark: how near the first duty is, and what the finding says of itself."""
    order = np.argsort(-values, kind="stable")
    first = table[order[0]]
    lead = float(values[order[0]] - values[order[min(20, len(order) - 1)]])
    own = [float(first[NAMES.index(name)]) for name in SIGNS]
    said = [float(values[order[0]]), lead, float(found.sure), min(len(found.concepts), 4) / 4]
    return np.array([*own, *said, float(found.praise), float(found.trifle)])


@cache
def shipped() -> Model:
    """The model of this version. Raises DamagedData where its names are not the program's."""
    told = json.loads(FILE.read_text(encoding="utf-8"))
    if tuple(told["weights"]) != NAMES or tuple(told["sure"]) != SURENESS:
        raise DamagedData("检查发现的排序模型与程序不一致。", "请重新安装程序。")
    return Model(
        np.array(list(told["weights"].values()), np.float64),
        np.array(list(told["sure"].values()), np.float64),
        float(told["bias"]),
    )
