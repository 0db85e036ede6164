"""Dates of statutes: how they are written, what happened on them, from when a text applies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpus.heads import LAYOUT
from corpus.numeral import from_chinese

ON_PUBLICATION = "publication"
_SPACE = f"[{LAYOUT}]*"
_DIGIT = "[0-9０-９]"
_CHINESE = "[零〇○一二三四五六七八九十]"
_DATE = re.compile(
    f"(?P<y>{_DIGIT}{{4}}|{_CHINESE}{{4}}){_SPACE}年{_SPACE}(?P<m>{_DIGIT}{{1,2}}|{_CHINESE}{{1,3}}){_SPACE}月"
    f"{_SPACE}(?P<d>{_DIGIT}{{1,2}}|{_CHINESE}{{1,3}}){_SPACE}日"
    f"|(?P<iy>{_DIGIT}{{4}})[-./](?P<im>{_DIGIT}{{1,2}})[-./](?P<id>{_DIGIT}{{1,2}})(?!{_DIGIT})"
)
_LEAD = re.compile(
    f"[（(]?{_SPACE}(?:根据)?{_SPACE}(?:{_DIGIT}{{4}}|{_CHINESE}{{4}}){_SPACE}(?:年|[-./]{_DIGIT}{{1,2}}[-./])"
)
_AMENDED = re.compile("修正|修订|修改|变更")
_PASSED = re.compile("通过|制定|批准|公布|发布|颁布|印发|令")
_EFFECTIVE = re.compile("施行|实施|生效|执行")
_COMMENCE = re.compile("自(?P<when>.{1,40}?)(?:起|之日|开始)?(?:正式)?(?:施行|实施|生效|执行)")
_PUBLICATION = re.compile("(?:公布|发布|通过|颁布|下发|印发|批准)之?日")


@dataclass(frozen=True, slots=True)
class Events:
    """The dates of a masthead. `versions`: every date of passing and amendment, in order of time."""

    passed: str | None
    published: str | None
    amended: tuple[str, ...]
    effective: str | None
    words: str

    @property
    def versions(self) -> tuple[str, ...]:
        days = [day for day in (self.passed, self.published) if day]
        return tuple(dict.fromkeys(sorted({*days[:1], *self.amended} or set(days))))

    @property
    def version(self) -> str | None:
        return max(self.versions) if self.versions else None


def iso(match: re.Match[str]) -> str | None:
    """The ISO form of a matched date; None when there is no such day."""
    parts = [match.group(a) or match.group(b) for a, b in (("y", "iy"), ("m", "im"), ("d", "id"))]
    numbers = [from_chinese(part) for part in parts]
    try:
        return date(*(number or 0 for number in numbers)).isoformat()
    except (ValueError, TypeError):
        return None


def find(text: str) -> list[tuple[str, int, int]]:
    """Every date in a text: (ISO, start, end)."""
    found = [(iso(match), match.start(), match.end()) for match in _DATE.finditer(text)]
    return [(day, start, end) for day, start, end in found if day]


def leads(text: str) -> bool:
    """Whether a line begins with a date, as mastheads do: 2021年6月10日 第十三届…通过."""
    return _LEAD.match(text) is not None


def events(texts: Sequence[str]) -> Events:
    """The dates of these masthead lines, each with what happened on it."""
    words = "".join(texts)
    passed: list[str] = []
    published: list[str] = []
    amended: list[str] = []
    effective: list[str] = []
    dates = find(words)
    stops = [start for _, start, _ in dates[1:]] + [len(words)]
    for (day, _start, end), stop in zip(dates, stops, strict=False):
        event = words[end:stop]
        if re.search("起", event[:6]) or _EFFECTIVE.search(event[:8]):
            effective.append(day)
        elif _AMENDED.search(event) and not event.startswith("公布"):
            amended.append(day)
        elif "通过" in event:
            passed.append(day)
        else:
            published.append(day)
    return Events(
        passed[0] if passed else None,
        published[0] if published else None,
        tuple(dict.fromkeys(amended)),
        effective[-1] if effective else None,
        words,
    )


def commencement(text: str, *, title: str) -> str | None:
    """When a provision says the text applies: an ISO date, ON_PUBLICATION, or None."""
    del title
    for match in _COMMENCE.finditer(text):
        when = match.group("when")
        days = find(when)
        if days:
            return days[0][0]
        if _PUBLICATION.search(when + match.group()):
            return ON_PUBLICATION
    return None
