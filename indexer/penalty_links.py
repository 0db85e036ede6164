"""From a duty provision to the provisions of the same text that punish its breach.

A penalty rarely names the article it punishes: it restates the behaviour (未…的 for 应当…, …的 for 不得…).
The scores are those of penalty_scores; below THRESHOLD there is no link: "none" is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.document import Level, Provision
from corpus.place import Address
from indexer.obligation import Obligation
from indexer.penalty_scores import ACROSS, THRESHOLD, UNHEARD, Duty, Scores, names, role_score, same_role
from indexer.penalty_units import PenaltyUnit, penalty_addresses, read

_SENTENCE = re.compile(r"[^。；;\n]+")


@dataclass(frozen=True, slots=True)
class Link:
    """`score` in 0..1; `explicit` when the penalty names the duty's article; `text` is the penalty's
    words.
    """

    duty: Address
    penalty: Address
    score: float
    explicit: bool
    text: str


def link(provisions: Sequence[Provision], obligations: Iterable[Obligation]) -> tuple[Link, ...]:
    """Every link of a text, by duty in order, best first. `obligations` tell who bears a provision."""
    units = read(provisions)
    if not units:
        return ()
    duties = _duties(provisions, penalty_addresses(units), obligations)
    if not duties:
        return ()
    return tuple(_links(duties, units))


def across(
    provisions: Sequence[Provision], obligations: Iterable[Obligation], other: Sequence[Provision]
) -> tuple[Link, ...]:
    """Links from the duties of one text to the penalties of another, which carries it out or which it
    carries out. Only a restated behaviour counts: the article numbers of the other text are its own.
    """
    units = [replace(unit, breached=(), cited=(), role=False) for unit in read(other)]
    duties = _duties(provisions, penalty_addresses(read(provisions)), obligations)
    if not units or not duties:
        return ()
    return tuple(one for one in _links(duties, units, unheard=1.0) if one.score >= ACROSS)


def _duties(
    provisions: Sequence[Provision], penal: frozenset[Address], obligations: Iterable[Obligation]
) -> list[Duty]:
    borne: dict[Address, list[Obligation]] = {}
    for one in obligations:
        borne.setdefault(one.address, []).append(one)
    out: list[Duty] = []
    for index, provision in enumerate(provisions):
        at = provision.address
        if at.annex is not None or provision.level not in (
            Level.PARAGRAPH,
            Level.ITEM,
            Level.SUBITEM,
            Level.CLAUSE,
        ):
            continue
        if at.whole() in penal or replace(at, item=None, subitem=None) in penal:
            continue
        below = _below(provisions, index)
        if not provision.words:
            continue
        held = [one for row in (provision, *below) for one in borne.get(row.address, ())]
        out.append(_duty(provision, below, _lead(provisions, index) or _above(provisions, index), held))
    return out


def _duty(provision: Provision, below: Sequence[Provision], lead: str, held: Sequence[Obligation]) -> Duty:
    parts = [found[0] for row in (provision, *below) for found in _SENTENCE.finditer(row.words)]
    numbers = range(len(parts))
    if lead:
        parts.append(lead)
        windows: list[tuple[int, ...]] = [(number, len(parts) - 1) for number in numbers]
    else:
        windows = [(number,) for number in numbers]
    windows += [(number, number + 1) for number in numbers[:-1]]
    if below:
        windows += [(0, number) for number in numbers[2:]]
    if len(numbers) > 2:
        windows.append(tuple(numbers))
    bearers = tuple(dict.fromkeys(one.bearer for one in held))
    types = frozenset(one.bearer_type for one in held)
    return Duty(provision.address, tuple(parts), tuple(windows), provision.words, bearers, types)


def _below(provisions: Sequence[Provision], index: int) -> list[Provision]:
    at = provisions[index].address
    out: list[Provision] = []
    for row in provisions[index + 1 :]:
        inner = row.address
        if (inner.whole(), inner.paragraph) != (at.whole(), at.paragraph) or at.item not in (
            None,
            inner.item,
        ):
            break
        out.append(row)
    return out


_ABOVE = re.compile(r"前款|前两款|上款|上述")


def _above(provisions: Sequence[Provision], index: int) -> str:
    """The paragraph before one that speaks of it (前款所列设施)."""
    own = provisions[index]
    if not _ABOVE.search(own.words) or own.level is not Level.PARAGRAPH:
        return ""
    for row in reversed(provisions[:index]):
        if row.address.whole() != own.address.whole():
            return ""
        if row.level is Level.PARAGRAPH:
            return row.words
    return ""


def _lead(provisions: Sequence[Provision], index: int) -> str:
    """The lead paragraph's words above an item."""
    at = provisions[index].address
    if at.item is None:
        return ""
    for row in reversed(provisions[:index]):
        if row.address.whole() != at.whole():
            return ""
        if row.level is Level.PARAGRAPH:
            return row.words
    return ""


def _links(
    duties: Sequence[Duty], units: Sequence[PenaltyUnit], *, unheard: float = UNHEARD
) -> Iterator[Link]:
    values = Scores(duties, units, unheard=unheard).values
    for index, duty in enumerate(duties):
        found: list[Link] = []
        for u, unit in enumerate(units):
            score = float(values[index, u])
            if unit.role and same_role(duty, unit):
                score = max(score, role_score(duty))
            if score >= THRESHOLD:
                explicit = names(unit.breached, duty.address)
                found.append(Link(duty.address, unit.address, round(min(score, 1.0), 3), explicit, unit.text))
        best: dict[Address, Link] = {}
        for one in sorted(found, key=lambda one: -one.score):
            best.setdefault(one.penalty, one)
        yield from best.values()


def by_duty(links: Iterable[Link]) -> Mapping[Address, tuple[Link, ...]]:
    """The links of each duty provision, best first."""
    out: dict[Address, list[Link]] = {}
    for one in links:
        out.setdefault(one.duty, []).append(one)
    return {address: tuple(held) for address, held in out.items()}
