"""Running lists in prose: 一是…；二是…, 一、, （一）, 1., 首先…其次…, First / The second is, or none at all.

A list is recognised by its sequence (1, 2, 3 …) at places where a list may open an entry, so that a
numeral inside a sentence opens none; the outermost list of a passage is the one whose 1 comes first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.numeral import from_chinese


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: `marker` as written ("" where there is none), `text` the words after it,
    verbatim but for the final ；or 。; paragraphs of one entry are joined by a line feed."""

    marker: str
    text: str


@dataclass(frozen=True, slots=True)
class Family:
    """One way of numbering: `pattern` has the group `n`; `block` families open lines rather than clauses."""

    name: str
    pattern: re.Pattern[str]
    block: bool


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    end: int
    value: int
    marker: str


_NUMERAL = r"[一二三四五六七八九十]{1,3}"
_LINE = r"(?:^|(?<=\n))[ \t\u3000]*"
_BLOCK = rf"(?:{_LINE}|(?<=[；。：;:！]))"
_CLAUSE = rf"(?:{_LINE}|(?<=[；。：，、;:,！])\s*)"
_LAST = 99  # 最后 closes a list, whatever its length

_ORDINALS = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "此外": _LAST, "最后": _LAST}
_CONNECTED = {
    "具体而言": 1, "具体来看": 1, "具体来说": 1, "一方面": 1,
    "同时": 2, "另一方面": 2, "此外": _LAST, "另外": _LAST,
}  # fmt: skip
_ENGLISH = {
    word: value
    for value, words in enumerate(
        (
            ("first", "firstly", "one"),
            ("second", "secondly", "two"),
            ("third", "thirdly", "three"),
            ("fourth", "fourthly", "four"),
            ("fifth", "five"),
            ("sixth", "six"),
            ("seventh", "seven"),
            ("eighth", "eight"),
            ("ninth", "nine"),
            ("tenth", "ten"),
        ),
        1,
    )
    for word in words
} | {"finally": _LAST, "last": _LAST, "lastly": _LAST}
_ENGLISH_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))

FAMILIES = (
    Family("一、", re.compile(rf"{_BLOCK}(?P<mark>(?P<n>{_NUMERAL})[、．.])"), True),
    Family("（一）", re.compile(rf"{_BLOCK}(?P<mark>[（(](?P<n>{_NUMERAL})[）)])"), True),
    Family("1.", re.compile(rf"{_BLOCK}(?P<mark>(?P<n>\d{{1,2}})(?:[、．]|[.](?!\d)))"), True),
    Family("（1）", re.compile(rf"{_BLOCK}(?P<mark>[（(]?(?P<n>\d{{1,2}})[）)])"), True),
    Family("①", re.compile(rf"{_BLOCK}(?P<mark>(?P<n>[①-⑳]))"), True),
    Family("建议一", re.compile(rf"{_BLOCK}(?P<mark>(?:问题|建议)(?P<n>{_NUMERAL}|\d{{1,2}})[：:、])"), True),
    Family("一是", re.compile(rf"{_CLAUSE}(?P<mark>(?P<n>{_NUMERAL})(?:是|要|则))"), False),
    Family("第一，", re.compile(rf"{_CLAUSE}(?P<mark>第(?P<n>{_NUMERAL})(?=[，、,：:]))"), False),
    Family("其一", re.compile(rf"{_CLAUSE}(?P<mark>其(?P<n>{_NUMERAL})(?=[，、,：:]))"), False),
    Family("首先", re.compile(rf"{_CLAUSE}(?P<mark>(?P<n>{'|'.join(_ORDINALS)}))"), False),
    Family("具体而言", re.compile(rf"{_CLAUSE}(?P<mark>(?P<n>{'|'.join(_CONNECTED)}))(?=[，,：:])"), False),
    Family(
        "First",
        re.compile(
            rf"(?:{_LINE}|(?<=[.;:])\s+)(?P<mark>(?:The\s+)?(?P<n>{_ENGLISH_WORD})(?:\s+is(?:\s+to)?\b|,|:))",
            re.IGNORECASE,
        ),
        False,
    ),
)
_CLAUSAL = tuple(family for family in FAMILIES if not family.block)
_EDGE = " \t\n\u3000，、：:,"
_ENGLISH_IS_TO = re.compile(r"\s+to$", re.IGNORECASE)


def strip_end(text: str) -> str:
    """The words without blank edges and without the final ；or 。 (the verbatim span of an entry)."""
    return re.sub(r"[；;。.，,\s]+$", "", text.strip())


def split(paragraphs: Sequence[str], *, label: re.Pattern[str] | None = None) -> tuple[Entry, ...]:
    """The entries of a passage: of its outermost list, else one entry a paragraph.

    `label` recognises heads such as 关于日常监管方面 that group entries and are none themselves: where
    the first list consists of them, the lists below them are read instead.
    """
    region = "\n".join(line.strip() for line in paragraphs if line.strip())
    marks = outermost(region)
    if not marks:
        return tuple(Entry("", strip_end(line)) for line in region.split("\n") if strip_end(line))
    entries = _cut(region, marks)
    if label is not None and _only_labels(entries, label):
        below = [split_any(entry.text.split("\n")[1:]) for entry in entries]
        if all(below):
            return tuple(entry for group in below for entry in group)
    return entries


def split_any(paragraphs: Sequence[str]) -> tuple[Entry, ...]:
    """As split, for a list that carries on the count of an earlier one (3., 4. under the second head)."""
    region = "\n".join(line.strip() for line in paragraphs if line.strip())
    for family in FAMILIES:
        found = _all_marks(region, family)
        if found and found[0].start == 0:
            return _cut(region, _sequence(found, first=found[0].value))
    return split(paragraphs)


def outermost(region: str) -> list[Mark]:
    """The marks of the list that opens first; a lone mark counts only at the head of the passage."""
    best: list[Mark] = []
    for family in FAMILIES:
        marks = _sequence(_all_marks(region, family), first=1)
        best = _earlier(best, marks)
    if len(best) < 2:
        mixed = sorted((m for family in _CLAUSAL for m in _all_marks(region, family)), key=lambda m: m.start)
        best = _earlier(best, _sequence(mixed, first=1), prefer_longer=True)
    if not best or (len(best) == 1 and best[0].start > 0):
        return []
    return [] if _is_aside(region, best) else best


def _earlier(best: list[Mark], marks: list[Mark], *, prefer_longer: bool = False) -> list[Mark]:
    if not marks or (len(marks) == 1 and marks[0].start > 0):
        return best
    if not best or marks[0].start < best[0].start or (prefer_longer and len(marks) > len(best)):
        return marks
    return best


def _is_aside(region: str, marks: list[Mark]) -> bool:
    """A list inside one later paragraph of several is that paragraph's own, not the passage's."""
    before, last = region[: marks[0].start], region[marks[-1].end :]
    inside = "\n" not in region[marks[0].start : marks[-1].end]
    opens_line = not before or before.endswith("\n")
    return inside and not opens_line and ("\n" in before or "\n" in last)


def _all_marks(region: str, family: Family) -> list[Mark]:
    out = []
    for match in family.pattern.finditer(region):
        value = _value(match["n"])
        if value is not None:
            out.append(Mark(match.start("mark"), match.end("mark"), value, match["mark"]))
    return out


def _value(numeral: str) -> int | None:
    if numeral in _ORDINALS or numeral in _CONNECTED:
        return (_ORDINALS | _CONNECTED)[numeral]
    if numeral.lower() in _ENGLISH:
        return _ENGLISH[numeral.lower()]
    if "①" <= numeral <= "⑳":
        return ord(numeral) - ord("①") + 1
    return from_chinese(numeral)


def _sequence(marks: Sequence[Mark], *, first: int) -> list[Mark]:
    """The marks first, first+1, … in order; 最后 may close the list."""
    out: list[Mark] = []
    for mark in marks:
        closes = mark.value == _LAST and bool(out)
        if mark.value == first + len(out) or closes:
            out.append(mark)
            if closes:
                break
    return out


def _cut(region: str, marks: Sequence[Mark]) -> tuple[Entry, ...]:
    ends = [mark.start for mark in marks[1:]] + [len(region)]
    out = []
    for mark, end in zip(marks, ends, strict=True):
        marker = _ENGLISH_IS_TO.sub("", mark.marker)
        opened = mark.end - (len(mark.marker) - len(marker))
        out.append(Entry(marker, strip_end(region[opened:end].lstrip(_EDGE))))
    return tuple(out)


def _only_labels(entries: Sequence[Entry], label: re.Pattern[str]) -> bool:
    heads = [entry.text.split("\n")[0] for entry in entries]
    return all(
        label.search(head) and "。" not in head and "\n" in entry.text
        for head, entry in zip(heads, entries, strict=True)
    )
