"""From an inspection finding to the provisions it breaches and the penalties for it: `zeren basis`.

A duty is found by its own words and, backwards, by the penalty clause that punishes its breach: a penalty
restates the behaviour and is often nearer to what inspectors write. What reaches no fixed score is not
offered: then nothing is breached that the texts know of.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from corpus.document import Edition
from corpus.library import Library
from corpus.place import Place, Status
from indexer.register import Register
from indexer.taxonomy import Taxonomy
from retriever import finding as reading
from retriever.finding import Finding
from retriever.pool import Duty, Penalty, Pool, Rows

_COVERED, _UNCOVERED = 0.06, 0.2  # what a pair of characters weighs beside a concept
_KINDS = {"act": 1.0, "thing": 0.9, "who": 0.8}
_MISSED = 0.3  # a provision on the same persons, but another matter
_BACK = 0.3  # what a punished behaviour gives its duty
_OWN_TRADE = 0.06  # a text of the very trade before a general one
_LOCAL = 0.02
_CATCH_ALL = 0.45
_NEUTRAL_LENGTH = 90  # characters: longer provisions match by chance
_TIE = 0.5  # share of the tie to the duty in a penalty's score
_UNLIKE = 0.12  # duties below are not looked at further
TIE = 0.25
LINKED = 0.4  # a link of the register as certain as this needs no other sign
PENALTY = 0.5
THRESHOLD = 0.30
SHOWN = 10
_ALWAYS, _NEAR, _FAR = 3, 0.6, 0.45  # the first three may lie further below the best than the rest


@dataclass(frozen=True, slots=True)
class Offered:
    """A provision offered for a finding; `score` orders the offers of one finding."""

    key: str
    place: Place
    text: str
    score: float

    def as_json(self) -> dict[str, Any]:
        return {**self.place.as_json(), "text": self.text, "score": round(self.score, 4)}


@dataclass(frozen=True, slots=True)
class Basis:
    """The provisions breached and the penalties for it, best first; both empty when nothing is breached."""

    finding: str
    breached: tuple[Offered, ...] = ()
    penalties: tuple[Offered, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "finding": self.finding,
            "breached": [offered.as_json() for offered in self.breached],
            "penalties": [offered.as_json() for offered in self.penalties],
        }


@dataclass(slots=True)
class Grounds:
    """What findings are held against: the library, its register, the fields of work; opened once."""

    library: Library
    register: Register
    taxonomy: Taxonomy
    similarity: Callable[[str, Sequence[str]], Sequence[float]] | None = None
    pool: Pool = field(init=False)

    def __post_init__(self) -> None:
        self.pool = Pool(self.library, self.register)

    def texts(self, found: Finding, *, region: str | None, on: str) -> list[tuple[Edition, float]]:
        """The texts that may bind whom the finding concerns, with what their nearness is worth."""
        trades = self._trades(found)
        out = []
        for edition in self.library.editions():
            place = edition.masthead.region
            if edition.status(on) is not Status.IN_FORCE or (
                place is not None and not _same_region(place, region)
            ):
                continue
            scope = self.taxonomy.scope(edition.title)
            mine = set(scope.industries) & trades
            if not scope.general and not mine:
                continue
            worth = _OWN_TRADE * bool(mine) + (_LOCAL if place is not None else 0.0)
            out.append((edition, worth))
        return out

    def _trades(self, found: Finding) -> set[str]:
        names = set(found.fields) | set(self.taxonomy.industries_in(found.industry))
        for one in self.taxonomy.industries:
            if any(name in found.industry for name in one.names):
                names.add(one.name)
        wider = {name for trade in names for name in self.taxonomy.line(trade)}
        return names | wider


def find(
    grounds: Grounds,
    text: str,
    *,
    industry: str | None = None,
    region: str | None = None,
    on: str | None = None,
) -> Basis:
    """The provisions a finding breaches, as of `on` (today), for a trade and a region where given."""
    day = on or date.today().isoformat()
    found = reading.read(text, industry=industry)
    if not found.clauses:
        return Basis(text)
    texts = grounds.texts(found, region=region, on=day)
    pool = [(grounds.pool.rows(edition), worth) for edition, worth in texts]
    scorer = _Scorer(found, [rows for rows, _ in pool])
    duties = sorted(
        (one for rows, worth in pool for one in _duties(scorer, rows, worth)), key=lambda one: -one.score
    )
    return _offer(text, duties, day)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A duty with its score and the penalties that punish it, each with its own."""

    duty: Duty
    rows: Rows
    score: float
    penalties: tuple[tuple[Penalty, float], ...]


class _Scorer:
    """Weighs the matters and words of one finding by their rarity among the provisions at hand."""

    def __init__(self, found: Finding, pool: Sequence[Rows]) -> None:
        documents = [(d.words, d.pairs) for rows in pool for d in rows.duties]
        documents += [(p.words, p.pairs) for rows in pool for p in rows.penalties]
        self._documents = [pairs for _, pairs in documents]
        self._held: dict[str, float] = {}
        self._concepts = []
        for concept in found.concepts:
            held = sum(1 for words, _ in documents if any(p in words for p in concept.law))
            if held:
                weight = _KINDS[concept.kind] * concept.weight * _rarity(held, len(documents))
                self._concepts.append((concept, weight))
        self._pairs = {}
        for pair in found.pairs:
            rare = self._rare(pair)
            if rare:
                self._pairs[pair] = rare * (_COVERED if pair in found.covered else _UNCOVERED)
        self._told = sum(weight for c, weight in self._concepts if c.kind != "who") or 1.0
        self._all = sum(weight for _, weight in self._concepts) + sum(self._pairs.values()) or 1.0

    def score(self, words: str, pairs: frozenset[str]) -> float:
        """0..1: how much of what the finding speaks of the provision speaks of too."""
        hits = [(c.kind, weight * reading.hit(c, words)) for c, weight in self._concepts]
        told = sum(value for kind, value in hits if kind != "who") / self._told
        plain = sum(weight for pair, weight in self._pairs.items() if pair in pairs)
        value = (sum(value for _, value in hits) + plain) / self._all
        excess = min(max(0, len(words) - _NEUTRAL_LENGTH) / 400, 1.0)
        return value * (1 - _MISSED * (1 - told)) / (1 + 0.5 * excess)

    def alike(self, penalty: Penalty, duty: Duty) -> float:
        """How much of a punished behaviour the duty states, by rarity of words; 0..1."""
        best = 0.0
        for behaviour in penalty.behaviours:
            whole = sum(self._rare(pair) for pair in behaviour)
            shared = sum(self._rare(pair) for pair in behaviour & duty.pairs)
            best = max(best, shared / whole if whole else 0.0)
        return best

    def _rare(self, pair: str) -> float:
        held = self._held.get(pair)
        if held is None:
            count = sum(1 for pairs in self._documents if pair in pairs)
            held = self._held[pair] = _rarity(count, len(self._documents)) if count else 0.0
        return held


def _rarity(held: int, of: int) -> float:
    return float(math.log(1 + of / (held + 1)) ** 0.7)


def _duties(scorer: _Scorer, rows: Rows, worth: float) -> Iterable[_Scored]:
    behaviours = [scorer.score(p.words, p.pairs) for p in rows.penalties]
    for duty, links in zip(rows.duties, rows.links, strict=True):
        own = scorer.score(duty.words, duty.pairs)
        if own < _UNLIKE:
            continue
        punished = _punished(scorer, rows, duty, dict(links))
        back = max((tie * behaviours[number] for number, tie, _ in punished), default=0.0)
        score = own + _BACK * back + worth * (own > 0.2)
        if duty.catch_all:
            score *= _CATCH_ALL
        yield _Scored(duty, rows, score, _ranked(rows, punished, behaviours, own))


def _ranked(
    rows: Rows, punished: Sequence[tuple[int, float, bool]], behaviours: Sequence[float], own: float
) -> tuple[tuple[Penalty, float], ...]:
    """The penalties of a duty by how well they fit finding and duty, best first."""
    out = []
    for number, tie, known in punished:
        value = (1 - _TIE) * min(1.0, behaviours[number] / own) + _TIE * tie
        out.append((rows.penalties[number], max(value, PENALTY) if known else value))
    return tuple(sorted(out, key=lambda pair: -pair[1]))


def _punished(
    scorer: _Scorer, rows: Rows, duty: Duty, links: dict[int, float]
) -> list[tuple[int, float, bool]]:
    """The penalties of a duty: number, how surely they punish it, and whether the register says so."""
    out = []
    for number, penalty in enumerate(rows.penalties):
        tie = links.get(number, 0.0)
        known = tie >= LINKED
        if tie < 1:
            tie = max(tie, scorer.alike(penalty, duty))
        if tie >= TIE:
            out.append((number, tie, known))
    return out


def _offer(text: str, duties: Sequence[_Scored], on: str) -> Basis:
    if not duties or duties[0].score < THRESHOLD:
        return Basis(text)
    best = duties[0].score
    kept = [
        one
        for rank, one in enumerate(duties[:SHOWN])
        if one.score >= (_NEAR if rank >= _ALWAYS else _FAR) * best and one.score >= _FAR * THRESHOLD
    ]
    breached = tuple(
        Offered(one.duty.key, _place(one.rows, one.duty, on), one.duty.text, one.score) for one in kept
    )
    penalties: dict[tuple[str, object], Offered] = {}
    for one in kept[:3]:
        if one.score < 0.75 * best:
            break
        for penalty, score in one.penalties[:3]:
            at = (penalty.key, penalty.address)
            if score >= PENALTY and at not in penalties:
                place = _place(one.rows, penalty, on)
                penalties[at] = Offered(penalty.key, place, penalty.text, one.score * score)
    ordered = sorted(penalties.values(), key=lambda offered: -offered.score)
    return Basis(text, breached, tuple(ordered))


def _place(rows: Rows, row: Duty | Penalty, on: str) -> Place:
    edition = rows.edition
    return Place(
        edition.source, edition.title, edition.masthead.version, edition.status(on), row.address, row.headings
    )


def _same_region(place: str, asked: str | None) -> bool:
    return asked is not None and (place in asked or asked in place)
