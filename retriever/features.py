"""What the ranker sees of a question and each candidate: one named number a property.

Every feature is absolute (it means the same in every search) or relative to this search's candidates
(`*_gap`, `*_place`, `from_same_text`); none looks at anything outside the question and the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.place import Status
from indexer.embedding import Encoder, StaticEncoder
from indexer.grams import Grams, Keys, grams
from indexer.lexical import LexicalIndex
from indexer.shelf import Row, Shelf
from indexer.traits import Trait
from retriever.earlier import FEATURES as EARLIER
from retriever.earlier import earlier_of, title_hash, words_key
from retriever.fusion import Candidates
from retriever.question import Question
from retriever.question_kinds import Kind
from retriever.standing import Standing

PAIR = 1 << 32  # the keys of single letters lie below
Floats = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]

_SCORES = ("fused", "dense", "lexical", "fused_gap", "dense_gap", "lexical_gap")
_PLACES = ("fused_place", "dense_place", "lexical_place")
_WORDS = (
    "covered",  # share of the question's weight (inverse document frequency) found in the words
    "covered_pairs",  # the same over pairs of letters alone
    "covered_title",
    "covered_heading",
    "covered_anywhere",
    "rarest_found",  # whether the question's rarest pair stands there
    "text_covered",  # share of the unit's weight found in the question
    "late",  # late interaction: each pair of the question against its nearest pair, weighted
    "late_worst",  # the least of these among the three rarest
    "title_cosine",
)
_TEXT = ("letters", "article", "rank", "local", "case", "in_force", "passed_over", "same_words")
_PLACE = ("place_asked", "this_place", "other_place", "this_city", "named_work")
_CROWD = ("from_same_text", "best_of_text", "text_share", "text_lead")
_ASKED = EARLIER
_QUESTION = ("question_letters", "question_weight")
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
NAMES: tuple[str, ...] = (
    *_SCORES,
    *_PLACES,
    *_WORDS,
    *_TEXT,
    *_PLACE,
    *_CROWD,
    *_ASKED,
    *_QUESTION,
    *(f"fits_{kind.value}" for kind, _ in KIND_TRAIT),
    *(f"is_{trait.name.lower() if trait.name else trait.value}" for trait in _TRAITS),
    "asks_penalty",
)


@dataclass(frozen=True, slots=True)
class View:
    """The opened index as the features need it."""

    shelf: Shelf
    lexical: LexicalIndex
    encoder: Encoder
    standing: Standing


def features(view: View, question: Question, found: Candidates, rows: Sequence[Row]) -> Matrix:
    """One row a candidate, one column a name in NAMES. `rows` are the candidates' units."""
    columns = {
        **_scores(found),
        **_words(view, question, rows),
        **_of_text(view, question, found),
        **_crowd(view, found),
        **_asked(view, question, rows),
        **_kinds(view, question, found),
    }
    return np.stack([np.broadcast_to(columns[name], len(found)) for name in NAMES], axis=1).astype(np.float32)


def _scores(found: Candidates) -> dict[str, Floats]:
    out: dict[str, Floats] = {}
    for name, values in (("fused", found.fused), ("dense", found.dense), ("lexical", found.lexical)):
        out[name] = values
        out[f"{name}_gap"] = values.max(initial=0) - values
        out[f"{name}_place"] = np.argsort(np.argsort(-values, kind="stable")).astype(np.float32)
    return out


def _words(view: View, question: Question, rows: Sequence[Row]) -> dict[str, Floats]:
    """Overlap of the question's grams with the words, the heading and the title of each unit."""
    asked = np.unique(grams([question.plain]).keys)
    weight = view.lexical.weights(asked)
    total = max(float(weight.sum()), 1e-6)
    editions = [view.standing.edition(row) for row in rows]
    body = grams([row.text for row in rows])
    in_body = _present(asked, body)
    titles = list(dict.fromkeys(edition.title for edition in editions))
    of_title = np.array([titles.index(edition.title) for edition in editions])
    in_title = _present(asked, grams(titles))[of_title]
    headings = list(dict.fromkeys(row.headings[-1] if row.headings else "" for row in rows))
    of_heading = np.array([headings.index(row.headings[-1] if row.headings else "") for row in rows])
    in_heading = _present(asked, grams(headings))[of_heading]
    pairs = np.where(asked >= PAIR, weight, 0).astype(np.float32)
    rarest = int(np.argmax(weight)) if len(asked) else 0
    lengths = np.maximum(np.diff(body.starts), 1)
    late, worst = _late(view.encoder, asked, weight, body)
    return {
        "covered": in_body @ weight / total,
        "covered_pairs": in_body @ pairs / max(float(pairs.sum()), 1e-6),
        "covered_title": in_title @ weight / total,
        "covered_heading": in_heading @ weight / total,
        "covered_anywhere": np.maximum(np.maximum(in_body, in_title), in_heading) @ weight / total,
        "rarest_found": in_body[:, rarest] if len(asked) else np.zeros(len(rows), np.float32),
        "text_covered": in_body.sum(axis=1) / np.sqrt(lengths),
        "late": late,
        "late_worst": worst,
        "title_cosine": _title_cosine(view, question, titles)[of_title],
        "question_letters": np.float32(len(question.plain)) * np.ones(1, np.float32),
        "question_weight": np.float32(total) * np.ones(1, np.float32),
    }


def _owner(texts: Grams) -> npt.NDArray[np.int64]:
    """The text of each gram."""
    return np.repeat(np.arange(len(texts.starts) - 1), np.diff(texts.starts))


def _present(asked: Keys, texts: Grams) -> Matrix:
    """Which asked grams each text holds."""
    out = np.zeros((len(texts.starts) - 1, len(asked)), np.float32)
    if len(asked):
        at = np.minimum(np.searchsorted(asked, texts.keys), len(asked) - 1)
        held = asked[at] == texts.keys
        out[_owner(texts)[held], at[held]] = 1
    return out


def _late(encoder: Encoder, asked: Keys, weight: Floats, texts: Grams) -> tuple[Floats, Floats]:
    """MaxSim over the vectors of pairs and words: (weighted mean, least of the three rarest).

    Single letters are left out: they cost half the time and say little beside the pairs they stand in.
    """
    count = len(texts.starts) - 1
    asked, weight = asked[asked >= PAIR], weight[asked >= PAIR]
    pairs = texts.keys >= PAIR
    if not isinstance(encoder, StaticEncoder) or not len(asked) or not pairs.any():
        return np.zeros(count, np.float32), np.zeros(count, np.float32)
    owner, rows = _owner(texts)[pairs], encoder.gram_rows(texts.keys[pairs])
    # Each token once: marked, then numbered by counting the marks before it.
    marked = np.zeros(len(encoder.weights), bool)
    marked[rows] = True
    used, local = np.flatnonzero(marked), (np.cumsum(marked) - 1)[rows]
    asked_rows = encoder.gram_rows(asked)
    # A row a gram of the texts: gathering and reducing then run along memory. A token's scale cancels out.
    held = encoder.weights[used].astype(np.float32)
    lengths = np.maximum(np.sqrt(np.einsum("ij,ij->i", held, held)), 1e-9)
    nearest = held @ _unit(encoder.weights[asked_rows].astype(np.float32)).T / lengths[:, None]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    best = np.zeros((count, len(asked)), np.float32)
    best[owner[starts]] = np.maximum.reduceat(nearest[local], starts, axis=0)
    known = np.where(asked_rows > 0, weight, 0).astype(np.float32)
    rarest = np.argsort(-known, kind="stable")[:3]
    return best @ known / max(float(known.sum()), 1e-6), best[:, rarest].min(axis=1)


def _unit(vectors: Matrix) -> Matrix:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)  # type: ignore[no-any-return]


def _title_cosine(view: View, question: Question, titles: Sequence[str]) -> Floats:
    vectors = view.encoder.encode([question.plain, *titles])
    cosines: Floats = vectors[1:] @ vectors[0]
    return cosines


def _asked(view: View, question: Question, rows: Sequence[Row]) -> dict[str, Floats]:
    """What earlier questions say for the words of each unit and for its text."""
    earlier = earlier_of(view.encoder)
    if earlier is None:
        return dict.fromkeys(EARLIER, np.zeros(1, np.float32))
    words = np.array([words_key(row.text) for row in rows], np.int64)
    titles = np.array([title_hash(view.standing.edition(row).title) for row in rows], np.int64)
    return earlier.evidence(view.encoder.encode([question.plain])[0], words, titles)


def _of_text(view: View, question: Question, found: Candidates) -> dict[str, Floats]:
    shelf, standing = view.shelf, view.standing
    numbers = shelf.edition[found.units]
    editions = [standing.editions[n] for n in numbers.tolist()]
    status = [standing.status[n] for n in numbers.tolist()]
    region = [standing.region[n] for n in numbers.tolist()]
    asked = question.region
    local = _flags([r is not None for r in region])
    here = _flags([asked is not None and r == asked.province for r in region])
    city = asked.city if asked else None
    return {
        "letters": np.log1p(shelf.letters[found.units]).astype(np.float32),
        "article": np.minimum(shelf.article[found.units], 200).astype(np.float32),
        "rank": standing.rank[numbers],
        "local": local,
        "case": _flags([e is not None and e.masthead.kind == "案例" for e in editions]),
        "in_force": _flags([s is Status.IN_FORCE for s in status]),
        "passed_over": _flags([s in (Status.AMENDED, Status.REPEALED) for s in status]),
        "same_words": np.log1p(view.shelf.group_size(found.units)).astype(np.float32),
        "place_asked": np.float32(asked is not None) * np.ones(1, np.float32),
        "this_place": here,
        "other_place": local * (1 - here) if asked else np.zeros(len(found), np.float32),
        "this_city": _flags([bool(city) and e is not None and str(city) in e.title for e in editions]),
        "named_work": _flags([e is not None and e.work in question.named.works for e in editions]),
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
    held = view.shelf.traits[found.units]
    out: dict[str, Floats] = {}
    for kind, trait in KIND_TRAIT:
        has = (held & int(trait) > 0).astype(np.float32)
        out[f"fits_{kind.value}"] = 2 * has - 1 if kind in question.kinds else np.zeros_like(has)
    for trait in _TRAITS:
        name = f"is_{trait.name.lower() if trait.name else trait.value}"
        out[name] = (held & int(trait) > 0).astype(np.float32)
    out["asks_penalty"] = np.float32(Kind.PENALTY in question.kinds) * np.ones(1, np.float32)
    return out
