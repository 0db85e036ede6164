"""Terms of reply and objection: read from a sentence, counted from a day, their rules kept as dated data.

Counting follows 民法典 第二百零一条、第二百零二条: the day of receipt is not counted; a term of months
ends on the corresponding day, or on the last day of a month that has none. Rest days and holidays move
nothing here: they are remarked on.
"""

from __future__ import annotations

import calendar
import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from corpus.errors import WrongUsage
from corpus.numeral import from_chinese


class TermKind(StrEnum):
    MONTHS = "months"
    DAYS = "days"
    WORKDAYS = "workdays"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time, or a fixed day (`on`, ISO). `text` is the verbatim span it was read from."""

    kind: TermKind
    n: int | None = None
    on: str | None = None
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "n": self.n} | ({"date": self.on} if self.on else {})


@dataclass(frozen=True, slots=True)
class Rule:
    """A dated rule; `certain` is False where its source was not read by us."""

    id: str
    text: str
    source: str
    effective_from: str
    checked_on: str
    effective_to: str | None = None
    months: int | None = None
    days: int | None = None
    certain: bool = True

    @property
    def term(self) -> Term | None:
        if self.months is not None:
            return Term(TermKind.MONTHS, self.months, text=self.text)
        return Term(TermKind.DAYS, self.days, text=self.text) if self.days is not None else None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("corpus").joinpath("deadlines.toml").read_text(encoding="utf-8"))


def rule(name: str, *, on: str | None = None) -> Rule:
    """The rule `name` as it stood on the ISO date `on` (today's where None). KeyError when unknown."""
    day = on or date.today().isoformat()
    rows = [Rule(**row) for row in _data()["rule"] if row["id"] == name]
    standing = [
        r for r in rows if r.effective_from <= day and (r.effective_to is None or day < r.effective_to)
    ]
    if not rows:
        raise KeyError(name)
    return (standing or rows)[-1]


_N = r"[一二两三四五六七八九十百〇零\d０-９]{1,4}"
_YEAR = r"(?:[12]\d{3}|[一二〇○零三四五六七八九]{4})"
DATE = re.compile(
    rf"(?P<y>{_YEAR})\s*年\s*(?P<m>{_N})\s*月\s*(?:(?P<d>{_N})\s*[日号]|(?P<end>底|末))|(?P<iso>[12]\d{{3}}-\d{{1,2}}-\d{{1,2}})"
)
_SHORT_DATE = re.compile(rf"(?P<m>{_N})\s*月\s*(?:(?P<d>{_N})\s*[日号]|(?P<end>底|末))")
_LENGTH = re.compile(
    rf"(?P<half>半)个月|(?P<months>{_N})\s*个?月(?!\d|[一二三四五六七八九十]+日|[底末份])|(?P<workdays>{_N})\s*个?工作日"
    rf"|(?P<days>{_N})\s*(?:个?自然日|日|天)(?!前)"
)
_FROM = (
    r"(?:(?:(?:自|从|在|于)(?:[你贵][^，。；、自在]{0,4}?)?)?(?:收到|接到|接收|签收|送达|收悉)"
    r"[^，。；]{0,20}?(?:之日起|之后|后|起|之日)的?，?)?"
)
_FROM_PASSIVE = r"(?:(?:自|从|在)[^，。；、请]{1,14}(?:送达|发出)[^，。；]{0,6}(?:之日起|之后|后|起)[的，]?)?"
_SPAN = re.compile(
    rf"(?:{_FROM_PASSIVE}|{_FROM})(?:半个月|{_N}\s*(?:个?月|个?工作日|个?自然日|日|天))(?:时间)?(?:之内|以内|内)"
)
_DATE_SPAN = re.compile(
    rf"(?:(?:{_YEAR}\s*年)?\s*{_N}\s*月\s*(?:{_N}\s*[日号]|[底末])|[12]\d{{3}}-\d{{1,2}}-\d{{1,2}})(?:之前|以前|前|（含当日）)?"
)
_ENGLISH_SPAN = re.compile(
    r"within\s+(?P<n>\d{1,3}|one|two|three|six|ten|fifteen|thirty|sixty)\s+(?P<unit>months?|(?:working\s+)?days?)[^.;]*",
    re.IGNORECASE,
)
_ENGLISH_N = {"one": 1, "two": 2, "three": 3, "six": 6, "ten": 10, "fifteen": 15, "thirty": 30, "sixty": 60}


def read_date(text: str) -> str | None:
    """The first date of a text as ISO: 2026年1月12日, 二〇二六年一月十二日, 2026-01-12, 2026年3月底."""
    for match in DATE.finditer(text):
        found = _iso(match)
        if found:
            return found
    return None


def _iso(match: re.Match[str], *, year: int | None = None) -> str | None:
    groups = match.groupdict()
    if groups.get("iso"):
        y, m, d = (int(part) for part in groups["iso"].split("-"))
    else:
        y = year or from_chinese(groups.get("y") or "") or 0
        m = from_chinese(groups["m"]) or 0
        if not (1 <= m <= 12 and y):
            return None
        d = calendar.monthrange(y, m)[1] if groups["end"] else from_chinese(groups["d"]) or 0
    try:
        return date(y, m, d).isoformat()
    except ValueError:
        return None


def terms_in(sentence: str, *, written: str | None = None) -> tuple[Term, ...]:
    """Every term of a sentence in order; `written` (ISO) gives the year of 3月31日前 without a year."""
    found = [(m.start(), _length_term(m.group())) for m in _SPAN.finditer(sentence)]
    found += [(m.start(), _date_term(m.group(), written)) for m in _DATE_SPAN.finditer(sentence)]
    found += [(m.start(), _english_term(m)) for m in _ENGLISH_SPAN.finditer(sentence)]
    return tuple(term for _, term in sorted(found, key=lambda pair: pair[0]) if term is not None)


def _length_term(span: str) -> Term | None:
    matches = list(_LENGTH.finditer(span))
    if not matches:
        return None
    match = matches[-1]
    if match["half"]:
        return Term(TermKind.DAYS, 15, text=span)
    for kind in (TermKind.MONTHS, TermKind.WORKDAYS, TermKind.DAYS):
        if match[kind.value]:
            number = from_chinese(match[kind.value])
            return Term(kind, number, text=span) if number else None
    return None


def _date_term(span: str, written: str | None) -> Term | None:
    match = DATE.search(span)
    if match is not None:
        day = _iso(match)
    else:
        short = _SHORT_DATE.search(span)
        if short is None or written is None:
            return None
        day = _iso(short, year=int(written[:4]))
        if day is not None and day < written:
            day = _iso(short, year=int(written[:4]) + 1)
    return Term(TermKind.DATE, on=day, text=span) if day else None


def _english_term(match: re.Match[str]) -> Term | None:
    word = match["n"].lower()
    n = _ENGLISH_N[word] if word in _ENGLISH_N else int(word)
    unit = match["unit"].lower()
    kind = (
        TermKind.MONTHS
        if unit.startswith("month")
        else TermKind.WORKDAYS
        if "working" in unit
        else TermKind.DAYS
    )
    return Term(kind, n, text=match.group().strip())


def parse_day(text: str, *, name: str) -> date:
    """A day given by a user. Raises WrongUsage naming `name` when it is none."""
    found = read_date(text.strip().replace("/", "-").replace(".", "-"))
    if found is None:
        raise WrongUsage(f"{name}不是日期：{text}。", "请写成 2026-01-12 的形式。")
    return date.fromisoformat(found)


def due(term: Term, received: date) -> date:
    """The last day of `term` counted from the day of receipt, which itself is not counted."""
    if term.kind is TermKind.DATE and term.on is not None:
        return date.fromisoformat(term.on)
    n = term.n or 0
    if term.kind is TermKind.MONTHS:
        return add_months(received, n)
    if term.kind is TermKind.WORKDAYS:
        return _add_workdays(received, n)
    return received + timedelta(days=n)


def add_months(start: date, months: int) -> date:
    """The corresponding day `months` later, or the last day of a month that has none."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def _add_workdays(start: date, n: int) -> date:
    day = start
    while n > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and not is_holiday(day):
            n -= 1
    return day


def is_holiday(day: date) -> bool:
    holidays = _data()["holidays"]
    return day.strftime("%m-%d") in holidays["fixed"] or day.isoformat() in holidays["days"]


_WEEKDAY = "一二三四五六日"


def rest_day_warning(day: date, *, name: str) -> str | None:
    """A remark where the day is a Saturday, Sunday or public holiday; the day itself does not move."""
    if is_holiday(day):
        kind = "法定节假日"
    elif day.weekday() >= 5:
        kind = f"星期{_WEEKDAY[day.weekday()]}"
    else:
        return None
    return f"{name}{day.isoformat()}是{kind}，日期不顺延，请提前安排。"
