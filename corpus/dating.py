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
_DIGIT = "[0-9０-９lI]"
"""A figure, or a letter that a scan put in the place of 1."""
_CHINESE = "[零〇○一二三四五六七八九十]"
_DATE = re.compile(
    f"(?P<y>{_DIGIT}{{4}}|{_CHINESE}{{4}}){_SPACE}年{_SPACE}(?P<m>{_DIGIT}{{1,2}}|{_CHINESE}{{1,3}}){_SPACE}月"
    f"{_SPACE}(?P<d>{_DIGIT}{{1,2}}|{_CHINESE}{{1,3}}){_SPACE}日"
    f"|(?P<iy>{_DIGIT}{{4}})[-./](?P<im>{_DIGIT}{{1,2}})[-./](?P<id>{_DIGIT}{{1,2}})(?!{_DIGIT})"
)
_LEAD = re.compile(
    f"[（(]?{_SPACE}(?:根据)?{_SPACE}(?:{_DIGIT}{{4}}|{_CHINESE}{{4}}){_SPACE}(?:年|[-./]{_DIGIT}{{1,2}}[-./])"
)
_AMENDED = re.compile("修正|修[订訂]|修改|变更")
_EFFECTIVE = re.compile("施行|[实實]施|生效|[执執]行")
_TITLES = re.compile("《[^《》]*》|〈[^〈〉]*〉")
_AMENDING_TITLE = re.compile(
    "《[^》]*(?:修改|修正|废止)[^》]*》[^，。]{0,12}(?:修正|修订|$)|通过的?《[^》]*(?:修正案|决定)"
)
_AMENDING_BEFORE = re.compile("关于修改[^》]*》[^。]*于$")
_AND_EFFECTIVE = re.compile("(?:公布|发布|批准)(?:并)?施行[）)]?$")
_MEETING = re.compile("第[^，。]{1,12}次会议(?:、|和)$")
"""The first of two bodies that passed a text: …第1287次会议、 (date) …第119次会议通过."""
_BY_PUBLICATION = frozenset(("行政法规", "司法解释", "部门规章", "地方政府规章", "监察法规"))
_LONG_AFTER = 150
_SCANNED = str.maketrans("lI", "11")
_COMMENCE = re.compile("自(?P<when>.{1,40}?)(?:起|之日|开始)?(?:正式)?(?:施行|[实實]施|生效|[执執]行)")
_PUBLICATION = re.compile("(?:公布|[发發]布|通[过過]|[颁頒]布|下发|印发|批准)之?日")


@dataclass(frozen=True, slots=True)
class Events:
    """The dates of a masthead, ISO. `approved`: by a higher congress; `effective`: as a date line states."""

    passed: str | None
    published: str | None
    approved: str | None
    amended: tuple[str, ...]
    effective: str | None

    @property
    def versions(self) -> tuple[str, ...]:
        """Every date of passing, approval, publication and amendment, in order of time."""
        days = (self.passed, self.approved, self.published, *self.amended)
        return tuple(sorted({day for day in days if day}))


def iso(match: re.Match[str]) -> str | None:
    """The ISO form of a matched date; None when there is no such day."""
    parts = [match.group(a) or match.group(b) for a, b in (("y", "iy"), ("m", "im"), ("d", "id"))]
    numbers = [from_chinese(part.translate(_SCANNED)) for part in parts]
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


def is_alone(text: str) -> bool:
    """Whether a line is a date and nothing else, as below a signature."""
    return _DATE.fullmatch(text) is not None


def events(texts: Sequence[str]) -> Events:
    """The dates of these masthead lines, each with what happened on it."""
    words = "".join(texts)
    found: dict[str, list[str]] = {
        "passed": [],
        "published": [],
        "approved": [],
        "amended": [],
        "effective": [],
    }
    dates = find(words)
    stops = [start for _, start, _ in dates[1:]] + [len(words)]
    begin = 0
    for (day, start, end), stop in zip(dates, stops, strict=False):
        amending = _AMENDING_BEFORE.search(words[begin:start]) is not None
        event = words[end:stop]
        found["amended" if amending else _event(event, found["passed"], day)].append(day)
        if _AND_EFFECTIVE.search(event):
            found["effective"].append(day)
        begin = end
    if not found["passed"] and found["approved"] and not found["published"]:
        found["passed"] = found["approved"][:1]
    return Events(
        next(iter(found["passed"]), None),
        next(iter(found["published"]), None),
        next(iter(found["approved"]), None),
        tuple(sorted(set(found["amended"]))),
        found["effective"][-1] if found["effective"] else None,
    )


def _event(words: str, passed: Sequence[str], day: str) -> str:
    """What happened on a date, by the words behind it. A second passing long after is an amendment."""
    if words.startswith("起") or _EFFECTIVE.search(words[:6]):
        return "effective"
    if _AMENDED.search(_TITLES.sub("", words)) or _AMENDING_TITLE.search(words):
        return "amended"
    if "通过" in words or _MEETING.search(words):
        return "amended" if passed and days_between(passed[0], day) > _LONG_AFTER else "passed"
    return "approved" if "批准" in words and "国务院批准" not in words else "published"


def days_between(earlier: str, later: str) -> int:
    """Days from one ISO date to another, negative when it lies before."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def in_name(name: str) -> str | None:
    """The date in a file name: 安全生产法(2021-06-10).md."""
    days = find(name)
    return days[-1][0] if days else None


def version(events: Events, *, kind: str, named: str | None) -> str | None:
    """The date of this text: last amendment, else publication or passing, else the file name's.

    Orders and judicial interpretations are dated by their publication, statutes of congresses by their
    passing. A file name much later than every date of the masthead shows that the masthead stops early.
    """
    last = max(events.amended, default=None)
    if last is None and kind in _BY_PUBLICATION:
        last = events.published or events.passed
    stated = last or events.passed or events.published or events.approved
    if named is None or stated is None:
        return stated or named
    latest = max(day for day in (*events.versions, events.effective or "") if day)
    return named if days_between(latest, named) > _LONG_AFTER else stated


def commencement(text: str) -> str | None:
    """When a provision says the text applies: an ISO date, ON_PUBLICATION, or None."""
    for match in _COMMENCE.finditer(text):
        when = match.group("when")
        days = find(when)
        if days:
            return days[0][0]
        if _PUBLICATION.search(when + match.group()):
            return ON_PUBLICATION
    return None
