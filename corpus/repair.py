"""Heads that lost their line: glued to the paragraph before, or whole chapters on one line.

The sequence of numbers is the witness. A number that stands at a line's front somewhere is never
looked for inside a line; a missing one is, between its neighbours, and every repair is remarked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.document import Line
from corpus.draft import Notes
from corpus.heads import LAYOUT, NUMERAL, Head, article_head, heading_head, item_head, trim
from corpus.numeral import to_chinese

_END = "。；：！？”）)］〕"
_NO_HEAD_BEFORE = re.compile(
    "(?:法|例|定|照|据|反|本|依|按|、|和|及|与|或|至|到|有|的|将|第|》|将|于|对|除|在|款|条)$"
)
_FLATTENED = 3
_LOST_BREAK = re.compile(f"(?<=[。；：])[{LAYOUT}]+")
_INLINE_HEADING = re.compile(
    f"(?<=[。；：{LAYOUT}])第[{NUMERAL}]{{1,4}}[章节编][{LAYOUT}]+[^。；：，{LAYOUT}]{{1,40}}[{LAYOUT}]+(?=第[{NUMERAL}]+[条节])"
)
_INLINE_ITEM = re.compile(f"[（(][{NUMERAL}]{{1,4}}[）)]")


@dataclass(frozen=True, slots=True)
class Found:
    """An article head at a line's front: index of the line, and the head."""

    index: int
    head: Head


def split_glued(lines: Sequence[Line], notes: Notes) -> list[Line]:
    """The lines, cut before every article head, heading and item that lost its line break."""
    out = _split_articles(lines, notes)
    out = _split_headings(out, notes)
    return _split_items(out, notes)


def front_heads(lines: Sequence[Line]) -> list[Found]:
    """Article heads at line fronts, in order, those whose number fits a rising sequence."""
    found: list[Found] = []
    last = 0
    for index, line in enumerate(lines):
        if line.table:
            continue
        head = article_head(trim(line.text))
        if head is None or head.number is None:
            continue
        if not head.strong and head.number != last + 1:
            continue
        found.append(Found(index, head))
        last = head.number
    return found


def _split_articles(lines: Sequence[Line], notes: Notes) -> list[Line]:
    fronts = front_heads(lines)
    cuts: dict[int, list[int]] = {}
    if not fronts or fronts[0].head.number != 1:
        _search_start(lines, fronts[0].index if fronts else len(lines), cuts)
    for here, following in zip(fronts, [*fronts[1:], None], strict=False):
        first = (here.head.number or 0) + 1
        last = following.head.number if following else first + 400
        if last is None or last <= first:
            continue
        stop = following.index if following else len(lines)
        _search_gap(lines, here, range(first, last), stop, cuts, bounded=following is not None)
    return _cut(lines, cuts, notes)


def _search_start(lines: Sequence[Line], stop: int, cuts: dict[int, list[int]]) -> None:
    """Articles from the first on where none stands at a line's front: 第一章 总则 第一条 … on one line."""
    index, position = 0, 0
    for number in range(1, 400):
        place = _find(lines, number, index, position, stop, bounded=False)
        if place is None:
            return
        index, position = place
        cuts.setdefault(index, []).append(position)
        position += 3


def _search_gap(
    lines: Sequence[Line],
    here: Found,
    missing: range,
    stop: int,
    cuts: dict[int, list[int]],
    *,
    bounded: bool,
) -> None:
    """Looks for the missing numbers in order; `bounded` when a later head proves that they are missing."""
    index, position = here.index, len(here.head.marker)
    for number in missing:
        place = _find(lines, number, index, position, stop, bounded=bounded)
        if place is None:
            if not bounded:
                return
            continue
        index, position = place
        cuts.setdefault(index, []).append(position)
        position += 3


def _find(
    lines: Sequence[Line], number: int, index: int, position: int, stop: int, *, bounded: bool
) -> tuple[int, int] | None:
    needle = f"第{to_chinese(number)}条"
    for row in range(index, stop):
        text = lines[row].text
        at = text.find(needle, position if row == index else 1)
        while at > 0:
            if _is_head_inside(text, at, len(needle), bounded=bounded):
                return row, at
            at = text.find(needle, at + 1)
    return None


def _is_head_inside(text: str, at: int, length: int, *, bounded: bool) -> bool:
    """A head inside a line stands after a sentence's end (or a space); a reference stands in its middle."""
    head = article_head(text, at)
    if head is None:
        return False
    before = text[:at]
    spaced = trim(before[-1:]) == ""
    ended = trim(before)[-1:] in _END if trim(before) else True
    if ended and (head.strong or bounded):
        return True
    if spaced and head.strong:
        return True
    followed = text[at + length : at + length + 1]
    return (
        bounded and followed != "" and _NO_HEAD_BEFORE.search(trim(before)) is None and "。" not in followed
    )


def _cut(lines: Sequence[Line], cuts: dict[int, list[int]], notes: Notes) -> list[Line]:
    if not cuts:
        return list(lines)
    out: list[Line] = []
    for index, line in enumerate(lines):
        positions = sorted(cuts.get(index, []))
        start = 0
        for position in positions:
            out.append(replace(line, text=line.text[start:position]))
            head = article_head(line.text, position)
            marker = head.marker if head else "条"
            notes.add("head_inside_line", f"{marker}没有另起一行，已在此处分开", line.number)
            start = position
        out.append(replace(line, text=line.text[start:]) if start else line)
        if len(positions) >= _FLATTENED:
            out[-len(positions) - 1 :] = [
                part for cut in out[-len(positions) - 1 :] for part in _unflatten(cut)
            ]
    return [line for line in out if trim(line.text)]


def _unflatten(line: Line) -> list[Line]:
    """On a line that swallowed many articles, a space behind a sentence's end is a lost line break."""
    return [replace(line, text=part) for part in _LOST_BREAK.split(line.text)]


def _split_headings(lines: Sequence[Line], notes: Notes) -> list[Line]:
    """第二章 … between two articles that were flattened on one line."""
    out: list[Line] = []
    for line in lines:
        start = 0
        text = line.text
        for match in re.finditer(
            f"[。；：{LAYOUT}]第[{NUMERAL}]{{1,4}}[章节编][{LAYOUT}]+[^。；：，]{{1,40}}$", text
        ):
            at = match.start() + 1
            if at > start and heading_head(text[at:]) and trim(text[:at])[-1:] in _END:
                notes.add("heading_inside_line", f"{trim(text[at:])}没有另起一行，已在此处分开", line.number)
                out.append(replace(line, text=text[start:at]))
                start = at
        out.append(replace(line, text=text[start:]) if start else line)
    return out


def _split_items(lines: Sequence[Line], notes: Notes) -> list[Line]:
    """Several items on one line: cut where the numbers run on, each after a sentence's end."""
    out: list[Line] = []
    expected = 1
    for index, line in enumerate(lines):
        text = line.text
        front = item_head(trim(text))
        if front and front.number:
            expected = front.number + 1
        elif article_head(trim(text)):
            expected = 1
        later = _next_item(lines, index)
        cuts, expected = _item_cuts(text, expected, later, headed=front is not None)
        start = 0
        for position in cuts:
            out.append(replace(line, text=text[start:position]))
            start = position
        if cuts:
            notes.add("items_on_one_line", "一行中有多项，已分开", line.number)
        out.append(replace(line, text=text[start:]) if start else line)
    return [line for line in out if trim(line.text)]


def _next_item(lines: Sequence[Line], index: int) -> int | None:
    """The number of the item that begins the next line, if it does."""
    if index + 1 >= len(lines):
        return None
    head = item_head(trim(lines[index + 1].text))
    return head.number if head else None


def _item_cuts(text: str, expected: int, later: int | None, *, headed: bool) -> tuple[list[int], int]:
    """Where the items expected next begin inside the line; none that begins the next line."""
    if headed:
        return _run_of_items(text, expected, later)
    cuts, number = _run_of_items(text, 1, later)
    if len(cuts) > 1 or (cuts and number == later):
        return cuts, number
    if later is not None and later > 2:  # the items before lost their numbers
        cuts, number = _run_of_items(text, later - 1, later)
        if cuts:
            return cuts, number
    return [], expected


def _run_of_items(text: str, number: int, later: int | None) -> tuple[list[int], int]:
    """Positions of （n）, （n+1） … from `number` on, each behind a sentence's or list member's end."""
    cuts: list[int] = []
    for match in _INLINE_ITEM.finditer(text):
        before = trim(text[max(0, match.start() - 9) : match.start()])
        head = item_head(text[match.start() : match.start() + 40]) if before else None
        if head is None or head.number != number or later == number or before[-1] not in "；;。：:":
            continue
        cuts.append(match.start())
        number += 1
    return cuts, number
