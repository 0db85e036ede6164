"""What the ranker sees of a question and each candidate: one named number a property.

Every feature is absolute (it means the same in every search) or relative to this search's candidates
(`*_gap`, `*_place`, `from_same_text`); none looks at anything outside the question and the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.shelf import Shelf
from indexer.traits import Trait
from retriever import overlap
from retriever.earlier import FEATURES as EARLIER
from retriever.earlier import earlier_of, title_hash
from retriever.fusion import Candidates
from retriever.overlap import Overlap
from retriever.question import Question
from retriever.question_kinds import Kind
from retriever.standing import Standing

Floats = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]

_SCORES = ("fused", "dense", "lexical", "fused_gap", "dense_gap", "lexical_gap")
_PLACES = ("fused_place", "dense_place", "lexical_place")
_TEXT = ("letters", "article", "rank", "local", "case", "in_force", "passed_over", "same_words")
_PLACE = ("place_asked", "this_place", "other_place", "this_city", "named_work")
_CROWD = ("from_same_text", "best_of_text", "text_share", "text_lead")
_ASKED = EARLIER
KIND_TRAIT = (
    (Kind.PENALTY, Trait.PENALTY),
    (Kind.NUMBER, Trait.NUMBER),
    (Kind.DEFINITION, Trait.DEFINITION),
    (Kind.COMPETENT, Trait.COMPETENT),
    (Kind.PROHIBITION, Trait.PROHIBITION),
    (Kind.DUTY, Trait.DUTY),
    (Kind.RIGHT, Trait.RIGHT),
    (Kind.LICENCE, Trait.LICENCE),
    (Kind.PROCEDURE, Trait.PROCEDURE),
    (Kind.LIST, Trait.LIST),
)
_TRAITS = tuple(Trait)
_TRAIT_NAMES = tuple(f"is_{trait.name.lower() if trait.name else trait.value}" for trait in _TRAITS)
_BITS = np.array([int(trait) for trait in _TRAITS], np.int32)
NAMES: tuple[str, ...] = (
    *_SCORES,
    *_PLACES,
    *overlap.NAMES,
    *_TEXT,
    *_PLACE,
    *_CROWD,
    *_ASKED,
    *overlap.QUESTION,
    *(f"fits_{kind.value}" for kind, _ in KIND_TRAIT),
    *_TRAIT_NAMES,
    "asks_penalty",
)


@dataclass(frozen=True, slots=True)
class View:
    """The opened index as the features need it."""

    overlap: Overlap
    standing: Standing

    @property
    def shelf(self) -> Shelf:
        return self.overlap.shelf

    def titles(self, units: npt.NDArray[np.int64]) -> list[str]:
        """The title of each unit's text."""
        return [self.standing.title(number) for number in self.shelf.edition[units].tolist()]


def features(view: View, question: Question, found: Candidates) -> Matrix:
    """One row a candidate, one column a name in NAMES."""
    titles = view.titles(found.units)
    columns = {
        **_scores(found),
        **view.overlap.features(question.plain, found.units, titles),
        **_of_text(view, question, found),
        **_crowd(view, found),
        **_asked(view, question, found, titles),
        **_kinds(view, question, found),
    }
    out = np.empty((len(NAMES), len(found)), np.float32)
    for number, name in enumerate(NAMES):
        out[number] = columns[name]
    return out.T


def _scores(found: Candidates) -> dict[str, Floats]:
    out: dict[str, Floats] = {}
    for name, values in (("fused", found.fused), ("dense", found.dense), ("lexical", found.lexical)):
        out[name] = values
        out[f"{name}_gap"] = values.max(initial=0) - values
        out[f"{name}_place"] = np.argsort(np.argsort(-values, kind="stable")).astype(np.float32)
    return out


def _asked(view: View, question: Question, found: Candidates, titles: Sequence[str]) -> dict[str, Floats]:
    """What earlier questions say for the words of each unit and for its text."""
    earlier = earlier_of(view.overlap.encoder)
    if earlier is None:
        return dict.fromkeys(EARLIER, np.zeros(1, np.float32))
    words = view.overlap.keys(found.units)
    named = np.array([title_hash(title) for title in titles], np.int64)
    return earlier.evidence(view.overlap.vector(question.plain), words, named)


def _of_text(view: View, question: Question, found: Candidates) -> dict[str, Floats]:
    shelf, standing = view.shelf, view.standing
    numbers = shelf.edition[found.units]
    asked, works = question.region, question.named.works
    local = standing.local[numbers].astype(np.float32)
    here = city = named = np.zeros(len(found), np.float32)
    if asked:
        here = _flags([standing.region[n] == asked.province for n in numbers.tolist()])
    if asked and asked.city:
        city = _flags([asked.city in standing.title(n) for n in numbers.tolist()])
    if works:
        named = _flags([standing.work(n) in works for n in numbers.tolist()])
    return {
        "letters": np.log1p(shelf.letters[found.units]).astype(np.float32),
        "article": np.minimum(shelf.article[found.units], 200).astype(np.float32),
        "rank": standing.rank[numbers],
        "local": local,
        "case": standing.case[numbers].astype(np.float32),
        "in_force": standing.in_force[numbers].astype(np.float32),
        "passed_over": standing.passed_over[numbers].astype(np.float32),
        "same_words": np.log1p(view.shelf.group_size(found.units)).astype(np.float32),
        "place_asked": np.full(1, asked is not None, np.float32),
        "this_place": here,
        "other_place": local * (1 - here) if asked else np.zeros(1, np.float32),
        "this_city": city,
        "named_work": named,
    }


def _flags(values: Sequence[bool]) -> Floats:
    return np.array(values, np.float32)


def _crowd(view: View, found: Candidates) -> dict[str, Floats]:
    """How the candidates of the same text stand beside each other."""
    _, text = np.unique(view.shelf.edition[found.units], return_inverse=True)
    best = np.zeros(int(text.max(initial=0)) + 1, np.float32)
    np.maximum.at(best, text, found.fused)
    mass = np.bincount(text, weights=found.fused).astype(np.float32)
    return {
        "from_same_text": np.bincount(text).astype(np.float32)[text],
        "best_of_text": best[text],
        "text_share": (mass / max(float(mass.sum()), 1e-6))[text],
        "text_lead": best[text] - found.fused,
    }


def _kinds(view: View, question: Question, found: Candidates) -> dict[str, Floats]:
    """Whether the wording fits the kind of the question: 1 fits, -1 asked and absent, 0 not asked."""
    held = (view.shelf.traits[found.units] & _BITS[:, None] > 0).astype(np.float32)
    nothing = np.zeros(1, np.float32)
    has = dict(zip(_TRAITS, held, strict=True))
    return {
        **{f"fits_{k.value}": 2 * has[t] - 1 if k in question.kinds else nothing for k, t in KIND_TRAIT},
        **dict(zip(_TRAIT_NAMES, held, strict=True)),
        "asks_penalty": np.full(1, Kind.PENALTY in question.kinds, np.float32),
    }
