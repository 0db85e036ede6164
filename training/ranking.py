"""The ranker: features of the candidates of held-out questions → LightGBM LambdaRank → text.

The questions are those whose articles the encoder has not seen; figures are cross-validated over folds
that share no article.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retriever.features import NAMES, Matrix
from retriever.hit import Filters
from retriever.question import understand
from retriever.search import Retriever
from training.texts import Question

TODAY = "2026-11-22"
FOLDS = 5
ROUNDS = 300
PARAMETERS = {
    "objective": "lambdarank",
    "metric": "none",
    "learning_rate": 0.05,
    "num_leaves": 24,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "lambdarank_truncation_level": 12,
    "num_threads": 2,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Candidates of questions: rows question[i]; `base` is the rank they had before learning."""

    matrix: Matrix
    label: npt.NDArray[np.int8]
    question: Numbers
    fold: Numbers
    asked: int


def gather(retriever: Retriever, questions: Sequence[Question], tell: Callable[[str], None]) -> Examples:
    """Searches every question and keeps its candidates' features."""
    standing, engine = retriever.standing(TODAY), retriever.engine
    blocks, labels, owner, folds = [], [], [], []
    for number, asked in enumerate(questions):
        question = understand(asked.text, titles=retriever.titles)
        allowed = None
        if question.named.works:
            allowed = retriever.allowed(Filters(works=question.named.works), standing)
        picked, rows = engine.picked(question, standing, allowed)
        if not len(picked):
            continue
        right = np.isin(engine.shelf.group[picked.units], engine.shelf.group[list(asked.answers)])
        blocks.append(engine.features(question, standing, picked, rows))
        labels.append(right.astype(np.int8))
        owner.append(np.full(len(picked), number))
        folds.append(np.full(len(picked), asked.answers[0] % FOLDS))
        if number % 500 == 0:
            tell(f"ranker: {number}/{len(questions)} questions searched")
    return Examples(
        np.concatenate(blocks),
        np.concatenate(labels),
        np.concatenate(owner),
        np.concatenate(folds),
        len(questions),
    )


def fit(examples: Examples, model: Path, calibration: Path, *, seed: int) -> dict[str, dict[str, float]]:
    """Trains, writes both files, and returns hit rates before and after, cross-validated."""
    outside = np.zeros(len(examples.label))
    for fold in range(FOLDS):
        test = examples.fold == fold
        outside[test] = _train(examples, ~test, seed).predict(examples.matrix[test])
    _train(examples, np.ones(len(outside), bool), seed).save_model(str(model))
    slope, offset = _logistic(outside, examples.label.astype(float))
    calibration.write_text(json.dumps({"slope": slope, "offset": offset}, indent=1) + "\n", "utf-8")
    position = np.zeros(len(outside))
    starts = np.flatnonzero(np.r_[True, np.diff(examples.question) > 0])
    for start, stop in zip(starts, [*starts[1:], len(outside)], strict=True):
        position[start:stop] = -np.arange(stop - start)
    return {"fused": hits(examples, position), "ranked": hits(examples, outside)}


def _train(examples: Examples, chosen: npt.NDArray[np.bool_], seed: int):  # type: ignore[no-untyped-def]
    import lightgbm

    _, sizes = np.unique(examples.question[chosen], return_counts=True)
    data = lightgbm.Dataset(
        examples.matrix[chosen], examples.label[chosen], group=sizes, feature_name=list(NAMES)
    )
    return lightgbm.train({**PARAMETERS, "seed": seed}, data, num_boost_round=ROUNDS)


def hits(examples: Examples, scores: Floats) -> dict[str, float]:
    """Share of all questions with a right candidate among the first 1, 3, 10 and 100."""
    order = np.lexsort((-scores, examples.question))
    question, label = examples.question[order], examples.label[order]
    starts = np.flatnonzero(np.r_[True, np.diff(question) > 0])
    out = {}
    for k in (1, 3, 10, 100):
        within = np.arange(len(question)) - np.repeat(starts, np.diff(np.r_[starts, len(question)])) < k
        out[f"hit@{k}"] = round(len(np.unique(question[within & (label > 0)])) / examples.asked, 4)
    return out


def _logistic(scores: Floats, label: Floats) -> tuple[float, float]:
    """Slope and offset that make scores log-odds of the label (Newton's method)."""
    design = np.stack([scores, np.ones_like(scores)], axis=1)
    weight = np.zeros(2)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weight))
        slope = design.T @ (design * (chance * (1 - chance))[:, None]) + 1e-6 * np.eye(2)
        weight += np.linalg.solve(slope, design.T @ (label - chance))
    return float(weight[0]), float(weight[1])
