"""The heads of Chinese statutes and notices: named patterns, and what a line's first words are.

A head is decided by its words, never by a format's heading depth: levels of 章 and 节 vary between
texts of one collection. Damaged heads (a space in the number, 笫 for 第, － for 一) are read, and say so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.document import Level
from corpus.numeral import from_chinese

LAYOUT = "\\s\u200b\u200c\u200d\u2060\ufeff\u00ad"
"""Characters that are layout and no words: white space, zero-width marks, soft hyphens."""

NUMERAL = "零〇○一二三四五六七八九十百千两"
FIGURE = "0-9０-９"
ORDINAL = f"[{NUMERAL}{FIGURE}]"
DAMAGED_ORDINAL = f"[{NUMERAL}{FIGURE}－{LAYOUT}]"
DI = "[第笫弟]"

_ARTICLE = re.compile(
    f"{DI}(?P<number>[{LAYOUT}]*{ORDINAL}{DAMAGED_ORDINAL}{{0,11}})[条條](?:之(?P<suffix>[一二三四五六七八九十]{{1,3}}))?"
)
_HEADING = re.compile(
    f"{DI}[{LAYOUT}]*(?P<number>{ORDINAL}{DAMAGED_ORDINAL}{{0,7}})(?P<unit>分[{LAYOUT}]*[编編]|[编編]|篇|章|[节節])"
)
_SPACE = re.compile(f"[{LAYOUT}]+")
_LEAD_SPACE = re.compile(f"^[{LAYOUT}]+")
_AFTER_REFERENCE = re.compile(
    "(?:第|规定|的|所|和|与|及|至|或|、|，|,|。|；|中|之|修改|修订|、|款|列|项|里|关于|等|以|内|均|同|若|已|）|》|”|”)"
)
_ITEM = re.compile(
    f"(?P<open>[（(])(?P<number>[{LAYOUT}]*[{NUMERAL}]{{1,5}}[{LAYOUT}]*)[）)](?P<comma>[、．.]?)"
)
_ITEM_REFERENCE = re.compile("[至到、和或及与]+(?:第)?[（(]|项(?!目)")
_SUBITEM = re.compile(
    f"(?:[（(](?P<bracket>[{FIGURE}]{{1,3}})[）)][、．.]?"
    f"|(?P<figure>[{FIGURE}]{{1,3}})(?:[、．]|[.](?![{FIGURE}]))"
    f"|(?P<dotted>[⒈-⒛])|(?P<ring>[①-⑳])"
    f"|(?P<half>[{FIGURE}]{{1,2}})[）)])"
)
_TOP = re.compile(f"(?P<number>[{NUMERAL}]{{1,5}})[{LAYOUT}]*[、．.](?![{LAYOUT}]*$)")
_LETTER = re.compile("(?P<letter>[a-z])[)）]")

UNIT_LEVEL = {
    "编": Level.PART,
    "篇": Level.PART,
    "分编": Level.SUBPART,
    "章": Level.CHAPTER,
    "节": Level.SECTION,
}
BARE_HEADINGS = frozenset({"序言", "附则", "总则", "序文", "前言", "罚则", "法律责任"})
"""Titles that are headings even where no number stands before them."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the front of a line: `marker` verbatim, `rest` the words after it.

    `strong` says that white space or nothing follows the marker, as the typing rules of statutes have it.
    `damaged` names the fault of a damaged head, else it is empty.
    """

    level: Level
    number: int | None
    marker: str
    rest: str
    gap: str = ""
    suffix: int | None = None
    strong: bool = True
    damaged: str = ""
    style: str = ""


def bare(text: str) -> str:
    """The text without any layout character: the measure of "nothing is lost"."""
    return _SPACE.sub("", text)


def trim(text: str) -> str:
    """The text without layout at its ends."""
    return text.strip().strip("\u200b\u200c\u200d\u2060\ufeff\u00ad \t\u3000\u00a0")


def is_blank(text: str) -> bool:
    return not bare(text)


def _cut(text: str, end: int) -> tuple[str, str]:
    """The layout after a marker, and the words behind it."""
    match = _LEAD_SPACE.match(text[end:])
    gap = match.group() if match else ""
    return gap, text[end + len(gap) :]


def _value(number: str) -> int | None:
    return from_chinese(_SPACE.sub("", number))


def article_head(text: str, start: int = 0) -> Head | None:
    """第二十一条, 第一百二十条之一, 第1条, and the damaged forms, at `start` of the text."""
    match = _ARTICLE.match(text, start)
    if match is None:
        return None
    number = _value(match.group("number"))
    if number is None or number > 1999:
        return None
    suffix = from_chinese(match.group("suffix")) if match.group("suffix") else None
    gap, rest = _cut(text, match.end())
    marker = match.group()
    strong = bool(gap) or not rest
    weak_reference = not strong and _AFTER_REFERENCE.match(rest) is not None
    if weak_reference:
        return None
    return Head(Level.ARTICLE, number, marker, rest, gap, suffix, strong, _fault(marker))


def _fault(marker: str) -> str:
    if marker[0] != "第":
        return f"“{marker[0]}”应为“第”"
    if "－" in marker:
        return "“－”应为“一”"
    return "编号中有空格" if _SPACE.search(marker) else ""


def heading_head(text: str, *, marked: bool = False) -> Head | None:
    """第二章 …, 第一分编 …, 第三节 …; `marked` when the format itself calls the line a heading."""
    match = _HEADING.match(text)
    if match is None:
        return None
    number = _value(match.group("number"))
    if number is None:
        return None
    gap, rest = _cut(text, match.end())
    if not marked and not _looks_like_title(rest, spaced=bool(gap)):
        return None
    unit = _SPACE.sub("", match.group("unit"))
    return Head(UNIT_LEVEL[unit], number, match.group(), rest, gap)


def _looks_like_title(rest: str, *, spaced: bool) -> bool:
    """A title is short and is no sentence; without a space it must not read on (第二章规定的…)."""
    if len(rest) > 60 or rest.endswith(("。", "；", "：", "，", ";", ",")):
        return False
    if "。" in rest or "，" in rest:
        return False
    return spaced or not rest or not _AFTER_REFERENCE.match(rest)


def item_head(text: str) -> Head | None:
    """（一） or (一), mixed brackets too."""
    match = _ITEM.match(text)
    if match is None:
        return None
    number = _value(match.group("number"))
    gap, rest = _cut(text, match.end())
    closed = max(match.group().find("）"), match.group().find(")")) + 1
    if number is None or _ITEM_REFERENCE.match(text, closed):
        return None
    mixed = (text[0] == "（") != (text[closed - 1] == "）")
    return Head(
        Level.ITEM,
        number,
        match.group(),
        rest,
        gap,
        damaged="括号一半全角一半半角" if mixed else "",
        style="（一）",
    )


def subitem_head(text: str) -> Head | None:
    """1. 1、 （1） (1) ⒈ ① 1): the markers of 目, and of the lower levels of notices."""
    match = _SUBITEM.match(text)
    if match is None:
        return None
    gap, rest = _cut(text, match.end())
    kind = match.lastgroup or ""
    raw = match.group(kind)
    if kind == "dotted":
        number: int | None = ord(raw) - ord("⒈") + 1
    elif kind == "ring":
        number = ord(raw) - ord("①") + 1
    else:
        number = from_chinese(raw)
    style = {"bracket": "（1）", "ring": "①", "half": "1)"}.get(kind, "1.")
    return Head(Level.SUBITEM, number, match.group(), rest, gap, style=style)


def top_head(text: str) -> Head | None:
    """一、 as notices, amendments and some judicial interpretations number."""
    match = _TOP.match(text)
    if match is None:
        return None
    number = _value(match.group("number"))
    if number is None:
        return None
    gap, rest = _cut(text, match.end())
    return Head(Level.CLAUSE, number, match.group(), rest, gap, style="一、")


def letter_head(text: str) -> Head | None:
    """a) b) as technical standards number."""
    match = _LETTER.match(text)
    if match is None:
        return None
    gap, rest = _cut(text, match.end())
    return Head(Level.SUBITEM, ord(match.group("letter")) - 96, match.group(), rest, gap, style="a)")
