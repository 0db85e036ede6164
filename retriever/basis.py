"""From an inspection finding to the provisions it breaches and the penalties for it: `zeren basis`.

Every duty of the texts that may bind the inspected is measured against the finding (finding_features),
ordered and judged by fitted weights (finding_model). What is not sure enough is not offered: then nothing is
breached that the texts know of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from corpus.document import Edition
from corpus.library import Library
from corpus.place import Place, Status
from indexer.embedding import Encoder, open_encoder
from indexer.register import Register
from indexer.taxonomy import Taxonomy
from retriever import finding as reading
from retriever.finding import Finding
from retriever.finding_features import NAMES, AtHand, Near, Weights, measure
from retriever.finding_model import Model, shipped
from retriever.finding_scope import ADMITTED, LEAST, NOT_ADMITTED, Affinity
from retriever.finding_text import Floats, Ground
from retriever.pool import Duty, Penalty, Pool, Rows
from retriever.rarity import Rarities

_CITY = re.compile(r"^([\u4e00-\u9fff]{2,6}?)(?:市|州|县|地区|经济特区|自治)")
_STATE = re.compile("^中华人民共和国")
_NEARNESS, _FLOOR = (
    0.6,
    0.15,
)  # what the encoder's cosine adds to a penalty's fit, from where it means anything
_TIE = 0.35  # share of the tie to the duty in a penalty's score
TIE = 0.1
LINKED = 0.4  # a link of the register as certain as this needs no other sign
SURE = 0.72  # so much of the behaviour stands in the duty that nothing else is needed
PENALTY = 0.45
SHOWN = 10
_SETS = 64  # sets of texts whose counts are kept: one a mixture of trades, and one a region and day
_SPREAD = 2.0  # of the order's values: what a score falls by e for
_LENT, _SAME = 0.3, 0.4  # how a duty below the best lends its penalties less, and down to what share
_ALWAYS, _FAR = 3, 0.2  # beyond the first three, only what is nearly as good
_FAR_PENALTY = 0.45


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


@dataclass(frozen=True, slots=True)
class _Standing:
    """A text that binds on a day: its fields of work, and whether a finding's own words may call it in."""

    edition: Edition
    industries: frozenset[str]
    general: bool
    open_to: bool
    number: int


@dataclass(slots=True)
class Grounds:
    """What findings are held against: the library, its register, the fields of work; opened once."""

    library: Library
    register: Register
    taxonomy: Taxonomy
    encoder: Encoder | None = None
    model: Model = field(default_factory=shipped)
    pool: Pool = field(init=False)
    affinity: Affinity = field(init=False)
    _grounds: dict[str, Ground | None] = field(default_factory=dict)
    _rarities: dict[tuple[str, ...], Rarities] = field(default_factory=dict)
    _titles: dict[tuple[str | None, str], Floats] = field(default_factory=dict)
    _texts: dict[tuple[str | None, str], tuple[_Standing, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pool = Pool(self.library, self.register)
        self.affinity = Affinity(self.register)

    def rarities(self, grounds: Sequence[Ground]) -> Rarities:
        """The pairs of these texts, counted when asked; the last few sets of texts are kept."""
        key = tuple(one.rows.edition.key for one in grounds)
        held = self._rarities.get(key)
        if held is None:
            if len(self._rarities) >= _SETS:
                self._rarities.pop(next(iter(self._rarities)))
            texts = tuple(grounds)
            total = sum(text.size for text in texts)
            held = Rarities(lambda pair: sum(text.held(pair) for text in texts), total)
            self._rarities[key] = held
        return held

    def _standing(self, region: str | None, on: str) -> tuple[_Standing, ...]:
        """The texts in force on a day that bind in a region, with their fields of work."""
        held = self._texts.get((region, on))
        if held is None:
            if len(self._texts) >= _SETS:
                oldest = next(iter(self._texts))
                self._texts.pop(oldest)
                self._titles.pop(oldest, None)
            found = []
            for edition in self.library.editions():
                place = edition.masthead.region
                local = place is None or _same_region(edition.title, place, region)
                if local and edition.status(on) is Status.IN_FORCE:
                    scope = self.taxonomy.scope(edition.title)
                    open_to = edition.rank <= 2 and not NOT_ADMITTED.search(edition.title)
                    number = self.register.numbers.get(edition.key, -1)
                    found.append(
                        _Standing(edition, frozenset(scope.industries), scope.general, open_to, number)
                    )
            held = self._texts[region, on] = tuple(found)
        return held

    def near(self, found: Finding) -> Near:
        """The vectors of a finding, its clauses and its trade."""
        faults = "，".join(found.clauses)
        told = f"{found.industry}，{found.text}" if found.industry else found.text
        vectors = self._encoder().encode([faults, told, *found.clauses])
        return Near(vectors[0], vectors[1], vectors[2:])

    def ground(self, edition: Edition) -> Ground | None:
        """A text as arrays; None where it lays no duty on those who are inspected."""
        if edition.key not in self._grounds:
            rows = self.pool.rows(edition)
            self._grounds[edition.key] = Ground(rows, self._encoder()) if rows.duties else None
        return self._grounds[edition.key]

    def _encoder(self) -> Encoder:
        if self.encoder is None:
            self.encoder = open_encoder()
        return self.encoder

    def texts(self, found: Finding, told: Floats, *, region: str | None, on: str) -> list[AtHand]:
        """The texts that may bind whom the finding concerns: of the trade, general, or about its matter."""
        trades = self._trades(found)
        affinity = self.affinity.of(found)
        titles = dict(zip(self._titled(region, on), self._titles[region, on] @ told, strict=True))
        out: list[AtHand] = []
        others: list[tuple[float, float, Edition]] = []
        for one in self._standing(region, on):
            mine = not one.industries.isdisjoint(trades)
            near = affinity.get(one.number, 0.0)
            if one.general or mine:
                ground = self.ground(one.edition)
                if ground is not None:
                    out.append(AtHand(ground, mine, one.general, near))
            elif one.open_to and near + titles[one.number] >= LEAST:
                others.append((near + float(titles[one.number]), near, one.edition))
        for _, near, edition in sorted(others, key=lambda other: -other[0])[:ADMITTED]:
            ground = self.ground(edition)
            if ground is not None:
                out.append(AtHand(ground, trade=False, general=False, affinity=near, admitted=True))
        return out

    def _titled(self, region: str | None, on: str) -> list[int]:
        """The numbers of the texts a finding's own words may call in; their titles' vectors are kept."""
        texts = [one for one in self._standing(region, on) if one.open_to]
        if (region, on) not in self._titles:
            bare = [_STATE.sub("", one.edition.title) for one in texts]
            self._titles[region, on] = self._encoder().encode(bare)
        return [one.number for one in texts]

    def _trades(self, found: Finding) -> set[str]:
        names = set(found.fields) | set(self.taxonomy.industries_in(found.industry))
        for one in self.taxonomy.industries:
            if any(name in found.industry for name in one.names):
                names.add(one.name)
        wider = {name for trade in names for name in self.taxonomy.line(trade)}
        return names | wider


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding held against the texts: every duty, its measures and its value in the order."""

    found: Finding
    texts: tuple[AtHand, ...]
    duties: tuple[tuple[AtHand, Duty], ...]
    table: Floats
    weights: Weights
    near: Near


def judge(grounds: Grounds, found: Finding, *, region: str | None, on: str) -> Judged | None:
    """The measures of every duty for a finding; None where no text at hand lays any."""
    if not found.clauses:
        return None
    near = grounds.near(found)
    texts = tuple(grounds.texts(found, near.told, region=region, on=on))
    if not texts:
        return None
    weights = Weights(found, [text.ground for text in texts if not text.admitted])
    table = measure(found, weights, near, texts)
    duties = tuple((text, duty) for text in texts for duty in text.ground.rows.duties)
    return Judged(found, texts, duties, table, weights, near)


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
    judged = judge(grounds, reading.read(text, industry=industry), region=region, on=day)
    if judged is None:
        return Basis(text)
    values = grounds.model.order(judged.table)
    sureness = grounds.model.sureness(judged.found, judged.table, values)
    if sureness < 0:
        return Basis(text)
    certainty = float(1 / (1 + np.exp(-sureness)))
    order = np.argsort(-values, kind="stable")[:SHOWN]
    scores = certainty * np.exp((values[order] - values[order[0]]) / _SPREAD)
    kept = [
        (int(n), float(score))
        for place, (n, score) in enumerate(zip(order, scores, strict=True))
        if place < _ALWAYS or score >= _FAR * certainty
    ]
    breached = tuple(
        Offered(duty.key, _place(at.ground.rows, duty, day), duty.text, score)
        for (at, duty), score in ((judged.duties[n], score) for n, score in kept)
    )
    return Basis(text, breached, _penalties(grounds, judged, kept, day))


def _penalties(
    grounds: Grounds, judged: Judged, kept: Sequence[tuple[int, float]], on: str
) -> tuple[Offered, ...]:
    """The penalties for the first duties, best first."""
    rarities = grounds.rarities([text.ground for text in judged.texts if not text.admitted])
    near = judged.near.faults
    found: dict[tuple[str, object], Offered] = {}
    for n, score in kept[:3]:
        share = (score / kept[0][1]) ** _LENT
        if share < _SAME:
            break
        at, duty = judged.duties[n]
        row = judged.table[n]
        own = float(row[NAMES.index("score")]) + _closeness(float(row[NAMES.index("whole")]))
        behaviours = judged.weights.matters(at.ground, penal=True)[3]
        fits = [
            float(b) + _closeness(float(c))
            for b, c in zip(behaviours, at.ground.behaviours @ near, strict=True)
        ]
        rows = at.ground.rows
        punished = _punished(rarities, rows, duty, dict(rows.links[rows.duties.index(duty)]))
        for penalty, fit in _ranked(rows, punished, fits, max(own, 0.05))[:3]:
            key = (penalty.key, penalty.address)
            if fit >= PENALTY and key not in found:
                found[key] = Offered(penalty.key, _place(rows, penalty, on), penalty.text, share * fit)
    ordered = sorted(found.values(), key=lambda offered: -offered.score)
    return tuple(one for one in ordered if one.score >= _FAR_PENALTY * ordered[0].score)


def _closeness(cosine: float) -> float:
    return _NEARNESS * max(0.0, cosine - _FLOOR)


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
    rarities: Rarities, rows: Rows, duty: Duty, links: dict[int, float]
) -> list[tuple[int, float, bool]]:
    """The penalties of a duty: number, how surely they punish it, and whether the register says so."""
    out = []
    for number, penalty in enumerate(rows.penalties):
        tie = links.get(number, 0.0)
        known = tie >= LINKED
        if tie < 1:
            tie = max(tie, rarities.alike(penalty, duty))
        if tie >= TIE:
            out.append((number, tie, known))
    return out


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
