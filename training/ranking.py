"""The ranker: features of the candidates of held-out questions → LightGBM LambdaRank → text.

The encoders that found the candidates have not seen the questions: ours are those of the held-out articles,
STARD's are searched part by part, each with an encoder made without it. Figures are cross-validated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus import derived
from corpus.library import Library
from retriever.engine import Engine
from retriever.features import NAMES, Matrix
from retriever.hit import Filters
from retriever.question import understand
from retriever.standing import Standing
from retriever.titles import Titles
from training.texts import Question

TODAY = "2026-11-22"
FOLDS = 5
ROUNDS = 350
LAY_WEIGHT = 2.0  # of a layperson's question against one of ours, which are four times as many
PARAMETERS = {
    "objective": "lambdarank",
    "metric": "none",
    "learning_rate": 0.05,
    "num_leaves": 32,
    "max_depth": 7,  # a step of the evaluation each
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
    """Candidates of questions, in the rank they had before learning: row i is of question[i].

    `wanted` holds the number of different right answers of every question, found or not.
    """

    matrix: Matrix
    label: npt.NDArray[np.int8]
    question: Numbers
    fold: Numbers
    wanted: Numbers

    @classmethod
    def join(cls, parts: Iterable[Examples]) -> Examples:
        """The questions of every part, one part after the other."""
        held = list(parts)
        before = np.cumsum([0, *(len(part.wanted) for part in held[:-1])])
        return cls(
            np.concatenate([part.matrix for part in held]),
            np.concatenate([part.label for part in held]),
            np.concatenate([part.question + n for part, n in zip(held, before, strict=True)]),
            np.concatenate([part.fold for part in held]),
            np.concatenate([part.wanted for part in held]),
        )

    def save(self, file: Path) -> None:
        np.savez(file, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, file: Path) -> Examples:
        with np.load(file, allow_pickle=False) as held:
            return cls(**{name: held[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Place:
    """Where questions are searched: `titles` None where questions name no texts of it."""

    engine: Engine
    standing: Standing
    titles: Titles | None = None

    @classmethod
    def of_library(cls, engine: Engine, library: Library) -> Place:
        known = {edition.key: edition for edition in library.editions()}
        standing = Standing.of([known.get(key) for key in engine.shelf.keys], engine.shelf.edition, on=TODAY)
        works = {work: library.versions(work) for work in library.works()}
        numbers = {edition.key: library.numbers(edition.key) for edition in library.editions()}
        return cls(engine, standing, Titles(derived.names_of(works, numbers)))

    def seen(self, text: str) -> tuple[Numbers, Matrix]:
        """The units that the ranker sees for a question, and their features."""
        question = understand(text, titles=self.titles)
        allowed = None
        if question.named.works:
            held = self.standing.allowed(Filters(works=question.named.works))
            allowed = np.flatnonzero(held[self.engine.shelf.edition])
        picked = self.engine.picked(question, self.standing, allowed)
        if not len(picked):
            return picked.units, np.zeros((0, len(NAMES)), np.float32)
        return picked.units, self.engine.features(question, self.standing, picked)


def gather(
    place: Place, asked: list[Question], fold: Callable[[Question], int], tell: Callable[[str], None]
) -> Examples:
    """Searches every question and keeps its candidates' features."""
    group = place.engine.shelf.group
    blocks, labels, owner, folds, wanted = [], [], [], [], []
    for number, one in enumerate(asked):
        units, matrix = place.seen(one.text)
        answers = np.unique(group[list(one.answers)])
        wanted.append(len(answers))
        blocks.append(matrix)
        labels.append(np.isin(group[units], answers).astype(np.int8))
        owner.append(np.full(len(units), number))
        folds.append(np.full(len(units), fold(one)))
        if number % 500 == 0:
            tell(f"ranker: {number}/{len(asked)} questions searched")
    matrix, label, question, part = (np.concatenate(rows) for rows in (blocks, labels, owner, folds))
    return Examples(matrix, label, question, part, np.array(wanted, np.int64))


def fit(
    own: Examples, lay: Examples, model: Path, calibration: Path, *, seed: int
) -> dict[str, dict[str, float]]:
    """Trains on both, writes both files, and returns figures before and after, cross-validated.

    The calibration is by our questions alone: they are asked of the whole library.
    """
    both = Examples.join([own, lay])
    weight = np.repeat([1.0, LAY_WEIGHT], [len(own.label), len(lay.label)])
    outside = np.zeros(len(both.label))
    for fold in range(FOLDS):
        test = both.fold == fold
        outside[test] = _train(both, weight, ~test, seed).predict(both.matrix[test])
    _train(both, weight, np.ones(len(outside), bool), seed).save_model(str(model))
    ours, theirs = outside[: len(own.label)], outside[len(own.label) :]
    slope, offset = _logistic(ours, own.label.astype(float))
    calibration.write_text(json.dumps({"slope": slope, "offset": offset}, indent=1) + "\n", "utf-8")
    return {
        "fused": hits(own, before(own)),
        "ranked": hits(own, ours),
        "STARD fused": recalls(lay, before(lay)),
        "STARD ranked": recalls(lay, theirs),
    }


def before(examples: Examples) -> Floats:
    """Scores that keep the order before learning."""
    return -np.arange(len(examples.label), dtype=np.float64)


def _train(  # type: ignore[no-untyped-def]
    examples: Examples, weight: Floats, chosen: npt.NDArray[np.bool_], seed: int
):
    import lightgbm

    _, sizes = np.unique(examples.question[chosen], return_counts=True)
    data = lightgbm.Dataset(
        examples.matrix[chosen],
        examples.label[chosen],
        group=sizes,
        weight=weight[chosen],
        feature_name=list(NAMES),
    )
    return lightgbm.train({**PARAMETERS, "seed": seed}, data, num_boost_round=ROUNDS)


def hits(examples: Examples, scores: Floats) -> dict[str, float]:
    """Share of all questions with a right candidate among the first 1, 3, 10 and 100."""
    question, label, place = _ranked(examples, scores)
    found = {k: len(np.unique(question[(place < k) & (label > 0)])) for k in (1, 3, 10, 100)}
    return {f"hit@{k}": round(n / len(examples.wanted), 4) for k, n in found.items()}


def recalls(examples: Examples, scores: Floats) -> dict[str, float]:
    """Mean share of a question's answers among the first 5, 10, 20 and 100."""
    question, label, place = _ranked(examples, scores)
    out = {}
    for k in (5, 10, 20, 100):
        found = np.bincount(question, (place < k) & (label > 0), minlength=len(examples.wanted))
        out[f"R@{k}"] = round(float(np.mean(found / examples.wanted)), 4)
    return out


def _ranked(examples: Examples, scores: Floats) -> tuple[Numbers, npt.NDArray[np.int8], Numbers]:
    """Question, label and place of every candidate, best first."""
    order = np.lexsort((-scores, examples.question))
    question, label = examples.question[order], examples.label[order]
    starts = np.flatnonzero(np.r_[True, np.diff(question) > 0])
    place = np.arange(len(question)) - np.repeat(starts, np.diff(np.r_[starts, len(question)]))
    return question, label, place


def _logistic(scores: Floats, label: Floats) -> tuple[float, float]:
    """Slope and offset that make scores log-odds of the label (Newton's method)."""
    design = np.stack([scores, np.ones_like(scores)], axis=1)
    weight = np.zeros(2)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weight))
        slope = design.T @ (design * (chance * (1 - chance))[:, None]) + 1e-6 * np.eye(2)
        weight += np.linalg.solve(slope, design.T @ (label - chance))
    return float(weight[0]), float(weight[1])
