"""What is measured of a finding against every duty of the texts at hand: one row a duty.

Matters and words (data and rarity), nearness of meaning (the encoder, sentence by sentence and clause by
clause), what the penalty for the duty says of the behaviour, whose text it is, and what kind of provision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retriever import finding as reading
from retriever.finding import Concept, Finding
from retriever.finding_text import STATIC, Floats, Ground
from retriever.rarity import rarity

MEASURES = (
    "core", "scene", "words", "score", "sentence", "whole", "told", "clause", "article", "behaviour",
    "back", "trade", "general", "affinity", "admitted", "other_case", "polarity", "text_best",
    "title_near", "industry_in_title", "finding_in_title",
)  # fmt: skip
_PRODUCTS = (
    "trade", "core", "words", "score", "general", "safety", "affinity", "back", "behaviour", "polarity",
)  # fmt: skip
_RELATIVE = ("sentence", "clause", "score", "behaviour", "words")
NAMES = (
    *MEASURES,
    *STATIC,
    *(f"{name}×sentence" for name in _PRODUCTS),
    "scene×score",
    *(f"{name}{how}" for name in _RELATIVE for how in ("-best", " place")),
)
_AT = {name: number for number, name in enumerate((*MEASURES, *STATIC))}
_COVERED, _UNCOVERED = 0.06, 0.2  # what a pair of characters weighs beside a concept
_STRANGE = 3.0  # the rarity of a pair that stands in no provision
_SCENE = 0.3  # the share of persons and trade beside the matter itself
_LENGTH, _NEUTRAL_LENGTH = 0.3, 90  # longer provisions match by chance


@dataclass(frozen=True, slots=True)
class Near:
    """The vectors of a finding: its faulty clauses together, with its trade, and each alone."""

    faults: Floats
    told: Floats
    clauses: Floats


@dataclass(frozen=True, slots=True)
class AtHand:
    """A text a finding is held against: of the trade or general or admitted by the finding's own words."""

    ground: Ground
    trade: bool
    general: bool
    affinity: float = 0.0
    admitted: bool = False


class Weights:
    """The matters and words of one finding, weighed by their rarity among the provisions at hand."""

    def __init__(self, found: Finding, grounds: Sequence[Ground]) -> None:
        total = sum(ground.size for ground in grounds)
        self.core: list[tuple[Concept, float]] = []
        self.scene: list[tuple[Concept, float]] = []
        for concept in found.concepts:
            held = sum(int(np.count_nonzero(part)) for ground in grounds for part in ground.hits(concept))
            if held:
                scenic = concept.kind == "who" or concept.of_industry
                scenic = scenic and concept.say.pattern not in found.wanting
                (self.scene if scenic else self.core).append((concept, concept.weight * rarity(held, total)))
        self.told = frozenset(found.pairs)
        self.pairs = {pair: self._weight(pair, found, grounds, total) for pair in found.pairs}
        self.core_all = sum(weight for _, weight in self.core)
        self.pairs_all = sum(self.pairs.values())
        self.scene_all = sum(weight for _, weight in self.scene) or 1.0

    def _weight(self, pair: str, found: Finding, grounds: Sequence[Ground], total: int) -> float:
        """A pair no provision has weighs too: what the law does not speak of, it does not forbid."""
        held = sum(ground.held(pair) for ground in grounds)
        strange = rarity(held, total) if held else _STRANGE
        return strange * (_COVERED if pair in found.covered else _UNCOVERED)

    def matters(self, ground: Ground, *, penal: bool) -> tuple[Floats, Floats, Floats, Floats]:
        """Of each duty (or penalty): shares of matter, scene and words it speaks of, and all in one, 0..1."""
        rows = ground.rows.penalties if penal else ground.rows.duties
        size = len(rows)
        core = np.zeros(size, np.float32)
        for concept, weight in self.core:
            core += weight * ground.hits(concept)[penal]
        scene = np.zeros(size, np.float32)
        for concept, weight in self.scene:
            scene += weight / self.scene_all * ground.hits(concept)[penal]
        words = np.zeros(size, np.float32)
        inverted = ground.penalty_pairs if penal else ground.duty_pairs
        for pair, weight in self.pairs.items():
            at = inverted.get(pair)
            if at is not None:
                words[at] += weight
        share = _SCENE if self.scene else 0.0
        length = np.array([len(row.words) for row in rows], np.float32)
        excess = np.clip((length - _NEUTRAL_LENGTH) / 400, 0, 1)
        whole = (core + words) / ((self.core_all + self.pairs_all) or 1.0)
        one = whole * (1 - share + share * scene) / (1 + _LENGTH * excess)
        return (
            core / np.float32(self.core_all or 1.0),
            scene,
            words / np.float32(self.pairs_all or 1.0),
            one.astype(np.float32),
        )


def measure(found: Finding, weights: Weights, near: Near, texts: Sequence[AtHand]) -> Floats:
    """The measures of every duty of these texts, in their order: rows × NAMES."""
    told = reading.denies(found.clauses)
    table = np.concatenate([_of_text(found, weights, near, text, told=told) for text in texts])
    sentence = table[:, _AT["sentence"]]
    products = [table[:, _AT[name]] * sentence for name in _PRODUCTS]
    products.append(table[:, _AT["scene"]] * table[:, _AT["score"]])
    relative: list[Floats] = []
    for name in _RELATIVE:
        column = table[:, _AT[name]]
        place = np.argsort(np.argsort(-column, kind="stable"), kind="stable") + 1.0
        relative += [column - column.max(), (place**-0.5).astype(np.float32)]
    return np.concatenate([table, np.stack([*products, *relative], axis=1)], axis=1)


def _of_text(found: Finding, weights: Weights, near: Near, text: AtHand, *, told: bool) -> Floats:
    ground = text.ground
    size = len(ground.rows.duties)
    core, scene, words, score = weights.matters(ground, penal=False)
    behaviour = weights.matters(ground, penal=True)[3]
    sentence = ground.best_sentence(near.faults)
    clause = np.max([ground.best_sentence(one) for one in near.clauses], axis=0)
    other = [d.condition is not None and not d.condition & weights.told for d in ground.rows.duties]
    prohibits = ground.static[:, STATIC.index("prohibits")]
    columns = [
        core, scene, words, score, sentence, ground.whole @ near.faults, ground.best_sentence(near.told),
        clause, ground.best_article(sentence), ground.punished(ground.behaviours @ near.faults),
        ground.punished(behaviour),
    ]  # fmt: skip
    same = [
        text.trade, text.general, text.affinity, text.admitted, other, prohibits == float(told),
        float(sentence.max()), float(ground.title @ near.told), _share(found.industry, ground),
        _share(found.text, ground),
    ]  # fmt: skip
    columns += [np.broadcast_to(np.asarray(one, np.float32), (size,)) for one in same]
    return np.concatenate([np.stack(columns, axis=1).astype(np.float32), ground.static], axis=1)


def _share(words: str, ground: Ground) -> float:
    """How much of the title stands in these words."""
    told = frozenset(reading.pairs(words))
    return len(told & ground.title_pairs) / len(ground.title_pairs) if ground.title_pairs else 0.0
