"""From an inspection finding to the provisions it breaches and the penalties for it: `zeren basis`.

A duty is found by its own words and, backwards, by the penalty clause that punishes its breach: a penalty
restates the behaviour and is often nearer to what inspectors write. What reaches no fixed score is not
offered: then nothing is breached that the texts know of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import Edition
from corpus.library import Library
from corpus.place import Place, Status
from indexer.embedding import Encoder, open_encoder
from indexer.register import Register
from indexer.taxonomy import Taxonomy
from retriever import finding as reading
from retriever.finding import Concept, Finding
from retriever.pool import Duty, Penalty, Pool, Rows
from retriever.rarity import Rarities, rarity

_CITY = re.compile(r"^([\u4e00-\u9fff]{2,6}?)(?:市|州|县|地区|经济特区|自治)")
Floats = npt.NDArray[np.float32]
_COVERED, _UNCOVERED = 0.06, 0.2  # what a pair of characters weighs beside a concept
_STRANGE = 3.0  # the rarity of a pair that stands in no provision
_SCENE = 0.3  # the share of persons and trade beside the matter itself
_LENGTH = 0.3
_NEARNESS, _FLOOR = 0.6, 0.15  # what the encoder's cosine adds, from where it means anything
_BACK = 0.3  # what a punished behaviour gives its duty
_OWN_TRADE = 0.1  # a text of the very trade before a general one
_LOCAL = 0.02
_LAW = 0.08  # of two that say the same, the law before the regulation
_CATCH_ALL = 0.45
_OTHER_CASE = 0.88  # a duty for a case the finding does not speak of
_NEUTRAL_LENGTH = 90  # characters: longer provisions match by chance
_TIE = 0.35  # share of the tie to the duty in a penalty's score
_UNLIKE = 0.12  # duties below are not looked at further
TIE = 0.1
LINKED = 0.4  # a link of the register as certain as this needs no other sign
SURE = 0.72  # so much of the behaviour stands in the duty that nothing else is needed
PENALTY = 0.45
THRESHOLD = 0.4
UNSURE = 0.85  # asked of a finding that nowhere says that something is wrong
SHOWN = 10
_SETS = 8  # sets of texts whose counts are kept: one a trade and region
_SAME = 0.85  # a duty as near as this to the best lends its penalties too
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
    encoder: Encoder | None = None
    pool: Pool = field(init=False)
    _vectors: dict[str, Floats] = field(default_factory=dict)
    _rarities: dict[tuple[str, ...], Rarities] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pool = Pool(self.library, self.register)

    def rarities(self, rows: Sequence[Rows]) -> Rarities:
        """The pairs of these texts, counted; the last few sets of texts are kept."""
        key = tuple(one.edition.key for one in rows)
        held = self._rarities.get(key)
        if held is None:
            if len(self._rarities) >= _SETS:
                self._rarities.pop(next(iter(self._rarities)))
            held = self._rarities[key] = Rarities(rows)
        return held

    def near(self, vector: Floats, rows: Rows) -> list[float]:
        """What the encoder makes of a finding and each duty, then each penalty, of a text; 0 upwards."""
        held = self._vectors.get(rows.edition.key)
        if held is None:
            words = [d.words for d in rows.duties] + [p.words for p in rows.penalties]
            held = self._vectors[rows.edition.key] = self._encoder().encode(words)
        return [float(v) for v in _NEARNESS * np.maximum(0.0, held @ vector - _FLOOR)]

    def vector(self, text: str) -> Floats:
        vector: Floats = self._encoder().encode([text])[0]
        return vector

    def _encoder(self) -> Encoder:
        if self.encoder is None:
            self.encoder = open_encoder()
        return self.encoder

    def texts(self, found: Finding, *, region: str | None, on: str) -> list[tuple[Edition, float]]:
        """The texts that may bind whom the finding concerns, with what their nearness is worth."""
        trades = self._trades(found)
        out = []
        for edition in self.library.editions():
            place = edition.masthead.region
            local = place is None or _same_region(edition.title, place, region)
            if edition.status(on) is not Status.IN_FORCE or not local:
                continue
            scope = self.taxonomy.scope(edition.title)
            mine = set(scope.industries) & trades
            if not scope.general and not mine:
                continue
            worth = (
                _OWN_TRADE * bool(mine) + (_LOCAL if place is not None else 0.0) + _LAW * (edition.rank == 1)
            )
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
    at_hand = [rows for rows, _ in pool]
    scorer = _Scorer(found, at_hand, grounds.rarities(at_hand))
    vector = grounds.vector("，".join(found.clauses))
    scored = (
        one
        for rows, worth in pool
        if rows.duties
        for one in _duties(scorer, rows, worth, grounds.near(vector, rows))
    )
    duties = sorted(scored, key=lambda one: -one.score)
    return _offer(text, duties, day, least=THRESHOLD if found.sure else UNSURE)


@dataclass(frozen=True, slots=True)
class _Scored:
    """A duty with its score and the penalties that punish it, each with its own."""

    duty: Duty
    rows: Rows
    score: float
    penalties: tuple[tuple[Penalty, float], ...]


class _Scorer:
    """Weighs the matters and words of one finding by their rarity among the provisions at hand."""

    def __init__(self, found: Finding, pool: Sequence[Rows], rarities: Rarities) -> None:
        documents = [(d.words, d.pairs) for rows in pool for d in rows.duties]
        documents += [(p.words, p.pairs) for rows in pool for p in rows.penalties]
        self.rarities = rarities
        self._core: list[tuple[Concept, float]] = []
        self._scene: list[tuple[Concept, float]] = []
        for concept in found.concepts:
            held = sum(1 for words, _ in documents if any(p in words for p in concept.law))
            if held:
                weight = concept.weight * rarity(held, len(documents))
                scenic = concept.kind == "who" or concept.of_industry
                scenic = scenic and concept.say.pattern not in found.wanting
                (self._scene if scenic else self._core).append((concept, weight))
        self.told = frozenset(found.pairs)
        self._pairs = {pair: self._weight(pair, found) for pair in found.pairs}
        self._core_all = sum(weight for _, weight in self._core) + sum(self._pairs.values()) or 1.0
        self._scene_all = sum(weight for _, weight in self._scene) or 1.0

    def _weight(self, pair: str, found: Finding) -> float:
        """A pair no provision has weighs too: what the law does not speak of, it does not forbid."""
        return (self.rarities.of(pair) or _STRANGE) * (_COVERED if pair in found.covered else _UNCOVERED)

    def score(self, words: str, pairs: frozenset[str]) -> float:
        """0..1: how much of what the finding speaks of the provision speaks of too."""
        core = sum(weight * reading.hit(c, words) for c, weight in self._core)
        core += sum(weight for pair, weight in self._pairs.items() if pair in pairs)
        scene = sum(weight * reading.hit(c, words) for c, weight in self._scene) / self._scene_all
        share = _SCENE if self._scene else 0.0
        excess = min(max(0, len(words) - _NEUTRAL_LENGTH) / 400, 1.0)
        return core / self._core_all * (1 - share + share * scene) / (1 + _LENGTH * excess)


def _duties(scorer: _Scorer, rows: Rows, worth: float, near: Sequence[float]) -> Iterable[_Scored]:
    beside = near[len(rows.duties) :]
    behaviours = [scorer.score(p.words, p.pairs) + n for p, n in zip(rows.penalties, beside, strict=True)]
    for duty, links, nearness in zip(rows.duties, rows.links, near, strict=False):
        own = scorer.score(duty.words, duty.pairs) + nearness
        if own < _UNLIKE:
            continue
        punished = _punished(scorer, rows, duty, dict(links))
        back = max((tie * behaviours[number] for number, tie, _ in punished), default=0.0)
        score = own + _BACK * back + worth * (own > 0.2)
        if duty.catch_all:
            score *= _CATCH_ALL
        if duty.condition is not None and not duty.condition & scorer.told:
            score *= _OTHER_CASE
        yield _Scored(duty, rows, score, _ranked(rows, punished, behaviours, own))


def _ranked(
    rows: Rows, punished: Sequence[tuple[int, float, bool]], behaviours: Sequence[float], own: float
) -> tuple[tuple[Penalty, float], ...]:
    """The penalties of a duty by how well they fit finding and duty, best first."""
    out = []
    for number, tie, known in punished:
        value = (1 - _TIE) * min(1.0, behaviours[number] / own) + _TIE * tie
        out.append((rows.penalties[number], max(value, PENALTY) if known or tie >= SURE else value))
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
            tie = max(tie, scorer.rarities.alike(penalty, duty))
        if tie >= TIE:
            out.append((number, tie, known))
    return out


def _offer(text: str, duties: Sequence[_Scored], on: str, *, least: float) -> Basis:
    if not duties or duties[0].score < least:
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
        if one.score < _SAME * best:
            break
        for penalty, score in one.penalties[:3]:
            at = (penalty.key, penalty.address)
            if score >= PENALTY and at not in penalties:
                place = _place(one.rows, penalty, on)
                penalties[at] = Offered(penalty.key, place, penalty.text, one.score * score)
    ordered = sorted(penalties.values(), key=lambda offered: -offered.score)
    ordered = [one for one in ordered if one.score >= _FAR * ordered[0].score]
    return Basis(text, breached, tuple(ordered))


def _place(rows: Rows, row: Duty | Penalty, on: str) -> Place:
    edition = rows.edition
    return Place(
        edition.source, edition.title, edition.masthead.version, edition.status(on), row.address, row.headings
    )


def _same_region(title: str, place: str, asked: str | None) -> bool:
    """Whether a local text binds in the region asked for; a city's text only in that city."""
    if asked is None:
        return False
    city = _CITY.match(title)
    if city is not None and city[1] != place:
        return city[1] in asked
    return place in asked or asked in place
