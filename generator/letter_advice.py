"""What we suggest for a finding: a measure in the provision's own words, a post, a day, means.

The measure frames the verbatim action of the obligation; the rest is practice (letter_advice.toml). All of
it is printed as 建议, apart from every quotation, and gives way to what the user writes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from corpus.place import Address, Place
from generator.letter_days import AT_ONCE, chinese_date
from indexer.obligation import BearerType, Modality, Obligation
from retriever.finding import pairs

ADVICE = "建议："
_LONG = 160  # characters of an action that a cell can hold
_PERSONS = {
    BearerType.PRINCIPAL_PERSON: "主要负责人",
    BearerType.SAFETY_MANAGER: "安全生产管理人员",
    BearerType.SAFETY_DEPT: "安全生产管理机构负责人",
}

Obligations = Callable[[str, Address], Sequence[Obligation]]  # edition key, provision → its obligations


@dataclass(frozen=True, slots=True)
class Advice:
    """Our proposal for a finding or a recommendation, never law: `basis` is the citation its words come from.

    `deadline` is an ISO day or 立即; every field is words for the field of the same name of the form.
    """

    measure: str
    person: str
    deadline: str
    funds: str
    precaution: str
    basis: str

    @property
    def shown_deadline(self) -> str:
        return self.deadline if self.deadline == AT_ONCE else chinese_date(self.deadline)


@cache
def _data() -> tuple[dict[str, Any], ...]:
    raw = tomllib.loads(Path(__file__).with_name("letter_advice.toml").read_text(encoding="utf-8"))
    return tuple(raw["advice"])


def advise(place: Place, text: str, obligations: Sequence[Obligation], *, matter: str, on: str) -> Advice:
    """The proposal for a `matter` (a finding, a recommendation) and the provision it rests on, whose words
    are `text`; days are counted from `on`."""
    told = next(row for row in _data() if any(word in text for word in row["words"]))
    chosen = _fitting(obligations, text, matter)
    prohibits = chosen is not None and chosen.modality is Modality.MUST_NOT
    days = 0 if prohibits else int(told["days"])
    limit = (date.fromisoformat(on) + timedelta(days=days)).isoformat() if days else AT_ONCE
    person = _PERSONS.get(chosen.bearer_type, told["person"]) if chosen is not None else told["person"]
    measure = _measure(place, chosen)
    return Advice(measure, person, limit, told["funds"], told["precaution"], place.citation)


def _fitting(obligations: Sequence[Obligation], text: str, matter: str) -> Obligation | None:
    """Of the obligations whose action a cell can hold, the one most like the matter, then the longest."""
    words = text.replace("\n", "")
    told = frozenset(pairs(matter))
    held = [one for one in obligations if one.action and one.action in words and len(one.action) <= _LONG]
    return max(
        held, key=lambda one: (len(told & frozenset(pairs(one.action))), len(one.action)), default=None
    )


def _measure(place: Place, obligation: Obligation | None) -> str:
    if obligation is None:
        return f"对照{place.citation}逐项整改"
    words = obligation.action.rstrip("。；，：")
    if obligation.modality is Modality.MUST_NOT:
        return f"立即停止并纠正：{words}（{place.citation}所禁止）"
    return f"按{place.citation}的要求做到：{words}"
