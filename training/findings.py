"""Fits the weights of `zeren basis` (retriever/finding_model.json) on labelled findings.

Each finding is held against the whole library as the command does it; the weights raise the breached
provision over the others (softmax over the duties of one finding). Half of the copies forget some or all of
the word list's matters, so that the weights do not lean on words that were written down for these findings.
The sureness is fitted on orders of held-out fifths.

    python -m training.findings --data DIR tests/cases/findings*.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retriever import finding as reading
from retriever.basis import Grounds, Judged, judge
from retriever.duties import Book
from retriever.finding_features import NAMES
from retriever.finding_model import FILE, SURENESS, Model, signs

Array = npt.NDArray[np.float64]
FORGOTTEN = (0.0, 0.5, 1.0)  # shares of the matters forgotten, one copy each
KEPT = 120  # duties of one finding that are learnt from, beside the right ones
FOLDS = 5
ROUNDS, PENALTY, STEP = 400, 1e-2, 0.05
SILENCED = 4  # every fourth breach is also shown without its words of fault
NONE_WEIGHT = 1.5  # of findings that breach nothing, which are fewer


@dataclass(frozen=True, slots=True)
class Example:
    """One finding (or a copy): measures of some of its duties, which of them are right, its signs' source."""

    number: int
    table: Array
    right: npt.NDArray[np.bool_]
    judged: Judged | None
    whole: bool


def examples(grounds: Grounds, rows: Sequence[dict[str, Any]], *, on: str) -> list[Example]:
    out = []
    for number, row in enumerate(rows):
        found = reading.read(row["finding"], industry=row["industry"])
        for share in FORGOTTEN if row["breached"] else FORGOTTEN[:1]:
            chance = random.Random(f"{number}/{share}")
            kept = tuple(one for one in found.concepts if chance.random() >= share)
            judged = judge(grounds, replace(found, concepts=kept), region=row["region"], on=on)
            if judged is not None:
                out.append(_example(number, judged, row, whole=share == 0))
    return out


def _example(number: int, judged: Judged, row: dict[str, Any], *, whole: bool) -> Example:
    right = np.array(
        [_is_right(text.ground.rows.edition.source, duty.address, row) for text, duty in judged.duties]
    )
    rough = judged.table[:, NAMES.index("score")] + judged.table[:, NAMES.index("sentence")]
    kept = np.union1d(np.argsort(-rough)[:KEPT], np.flatnonzero(right))
    return Example(
        number, judged.table[kept].astype(np.float64), right[kept], judged if whole else None, whole
    )


def _is_right(source: str, address: Any, row: dict[str, Any]) -> bool:
    return any(
        (source, address.article, address.paragraph) == (one["source"], one["article"], one["paragraph"])
        and one["item"] in (None, address.item)
        for one in row["breached"]
    )


def fit_order(rows: Sequence[Example]) -> Array:
    """The weights that raise the right duties of each finding over the rest."""
    used = [one for one in rows if one.right.any()]
    every = np.concatenate([one.table for one in used])
    mean, spread = every.mean(0), every.std(0) + 1e-6
    tables = [(one.table - mean) / spread for one in used]
    weights, first, second = (np.zeros(len(NAMES)) for _ in range(3))
    for n in range(1, ROUNDS + 1):
        slope = PENALTY * weights * len(used)
        for table, one in zip(tables, used, strict=True):
            value = table @ weights
            chance = np.exp(value - value.max())
            chance /= chance.sum()
            wanted = chance * one.right
            slope += table.T @ (chance - wanted / wanted.sum())
        slope /= len(used)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope * slope
        weights = weights - STEP * (first / (1 - 0.9**n)) / (np.sqrt(second / (1 - 0.999**n)) + 1e-8)
    return np.asarray(weights / spread, np.float64)


def fit_sureness(rows: Sequence[Example]) -> tuple[Array, float, Array]:
    """The log-odds of a breach over SURENESS, with held-out orders; and the held-out log-odds."""
    whole = [one for one in rows if one.whole]
    told = np.zeros((len(whole), len(SURENESS)))
    fold = [one.number % FOLDS for one in whole]
    for n in range(FOLDS):
        weights = fit_order([one for one in rows if one.number % FOLDS != n])
        for at, one in enumerate(whole):
            if fold[at] == n and one.judged is not None:
                told[at] = signs(one.judged.found, one.judged.table, one.judged.table @ weights)
    labels = np.array([one.right.any() for one in whole], float)
    held = np.zeros(len(whole))
    for n in range(FOLDS):
        inside = np.array(fold) != n
        part, bias = _logistic(*_silenced(told[inside], labels[inside]))
        held[~inside] = told[~inside] @ part + bias
    part, bias = _logistic(*_silenced(told, labels))
    return part, bias, held


def _silenced(told: Array, labels: Array) -> tuple[Array, Array]:
    """Copies of the breaches as if no word of them said that something is wrong, for inspectors often do not
    (收割机拖斗里坐着六个人)."""
    copies = told[labels > 0].copy()
    copies[:, SURENESS.index("faulty")] = 0.0
    chosen = copies[::SILENCED]
    return np.concatenate([told, chosen]), np.concatenate([labels, np.ones(len(chosen))])


def _logistic(told: Array, labels: Array) -> tuple[Array, float]:
    mean, spread = told.mean(0), told.std(0) + 1e-6
    table = np.column_stack([(told - mean) / spread, np.ones(len(told))])
    weight = np.where(labels > 0, 1.0, NONE_WEIGHT)
    ridge = np.eye(table.shape[1]) * 1.0
    ridge[-1, -1] = 0
    beta = np.zeros(table.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(table @ beta, -30, 30)))
        slope = table.T @ (weight * (labels - chance)) - ridge @ beta
        curve = (table * (weight * chance * (1 - chance))[:, None]).T @ table + ridge
        beta = beta + np.linalg.solve(curve, slope)
    return beta[:-1] / spread, float(beta[-1] - (beta[:-1] * mean / spread).sum())


def report(rows: Sequence[Example], held: Array) -> str:
    """Shares on held-out fifths: the right provision in the first three, offered and none rightly."""
    whole = [one for one in rows if one.whole]
    first = [0, 0]
    for n in range(FOLDS):
        weights = fit_order([one for one in rows if one.number % FOLDS != n])
        for one in whole:
            if one.number % FOLDS == n and one.right.any():
                order = np.argsort(-(one.table @ weights), kind="stable")[:3]
                first[0] += bool(one.right[order].any())
                first[1] += 1
    labels = np.array([one.right.any() for one in whole])
    offered, none = (held[labels] >= 0).mean(), (held[~labels] < 0).mean()
    return f"held out: in the first three {first[0] / first[1]:.3f}, offered {offered:.3f}, none {none:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--on", default="2026-11-22")
    parser.add_argument("cases", nargs="+", type=Path)
    args = parser.parse_args()
    rows = [json.loads(line) for path in args.cases for line in path.read_text(encoding="utf-8").splitlines()]
    book = Book.open(args.data)
    blank = Model(np.zeros(len(NAMES)), np.zeros(len(SURENESS)), 0.0)
    grounds = Grounds(book.library, book.register, book.taxonomy, model=blank)
    found = examples(grounds, rows, on=args.on)
    weights = fit_order(found)
    sure, bias, held = fit_sureness(found)
    told = {
        "fitted_on": {
            "findings": len(rows),
            "files": sorted(path.name for path in args.cases),
            "on": args.on,
        },
        "bias": round(bias, 4),
        "weights": {name: round(float(value), 4) for name, value in zip(NAMES, weights, strict=True)},
        "sure": {name: round(float(value), 4) for name, value in zip(SURENESS, sure, strict=True)},
    }
    FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(report(found, held))


if __name__ == "__main__":
    main()
