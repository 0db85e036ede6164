"""From printed rows back to paragraphs: running heads, page numbers and line breaks undone.

Shared by text PDF, OFD and recognised images: all three know where a row of words stands on its page and
nothing of paragraphs. Coordinates grow to the right and downwards; the unit is the page's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.document import Line

_PAGE_NUMBER = re.compile(
    r"[-—–－~·•\s]*(?:第\s*)?[0-9０-９]{1,4}(?:\s*页)?(?:\s*[/／]\s*[0-9０-９]{1,4}|[，,\s]*共\s*[0-9０-９]{1,4}\s*页)?[-—–－~·•\s]*"
    r"|[-—–－\s]*[ivxIVX]{1,6}[-—–－\s]*|第[一二三四五六七八九十百]+页"
)
_LEADERS = re.compile(r"\s*(?:[.．…⋯·•。_]\s*){4,}\s*[0-9０-９]{0,4}$")
_N = r"[0-9０-９一二三四五六七八九十百千零〇]+"
_HEAD = re.compile(
    rf"第{_N}(?:编|分编|章|节|条)|[（(]{_N}[）)]|[一二三四五六七八九十]+、|[0-9]+[.．、]|附\s*[件表录]|[①-⑳]"
)
_HEADING = re.compile(rf"第{_N}(?:编|分编|章|节)")
_UNIT = re.compile(
    r"[（(《〈“‘【〔\[]*(?:[A-Za-z0-9.,%‰:/-]+|.)[）)》〉”’】〕\]，。、；：？！,.;:?!%℃…—]*", re.DOTALL
)
_ENDS = "。；：！？;:!?”"
_ZONE = 0.12  # running heads and page numbers stand in the outer 12 % of the page
_LATIN = re.compile(r"[A-Za-z0-9,.;:)\]]$"), re.compile(r"[A-Za-z0-9(\[]")


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: its words, box, letter size and page (1-based); `table` rows are never joined."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    page: int
    table: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's size and its rows in reading order."""

    number: int
    width: float
    height: float
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The text area of a page: where full rows begin and end, and the middle of the area."""

    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def paragraphs(sheets: Sequence[Sheet]) -> tuple[Line, ...]:
    """The paragraphs of all pages; a paragraph carries the page it begins on."""
    kept = _without_furniture(sheets)
    if not any(sheet.rows for sheet in kept):
        return ()
    body = _body_size(kept)
    frames = _frames(kept, body)
    pitch = _pitch(kept)
    groups: list[list[Row]] = []
    previous: Row | None = None
    for sheet in kept:
        for row in sheet.rows:
            parted = previous is not None and _parted(previous, row, pitch)
            if previous is not None and not parted and _continues(previous, row, frames, body, groups[-1]):
                groups[-1].append(row)
            else:
                groups.append([row])
            previous = row
    lines = [_line(group) for group in groups]
    return tuple(
        Line(text, number, page=page, table=table)
        for number, (text, page, table) in enumerate((x for x in lines if x[0]), 1)
    )


def _line(group: list[Row]) -> tuple[str, int, bool]:
    text = ""
    for row in group:
        piece = row.text.strip()
        spaced = text and _LATIN[0].search(text) and _LATIN[1].match(piece)
        # Han text takes no space at a line break; Latin words do; a figure may go on (20|26), a word not
        both_figures = spaced and text[-1].isdigit() and piece[0].isdigit()
        text += (" " if spaced and not both_figures else "") + piece
    if not group[0].table:
        text = _LEADERS.sub("", text)
    return text.strip(), group[0].page, group[0].table


def _without_furniture(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Pages without page numbers and without rows that repeat at the top or bottom of several pages."""
    seen: Counter[str] = Counter()
    for sheet in sheets:
        seen.update({_shape(row) for row in sheet.rows if _in_zone(row, sheet)})
    often = max(2, min(4, len(sheets) // 3 + 1))
    kept = []
    for sheet in sheets:
        rows = tuple(
            row
            for row in sheet.rows
            if not (
                _in_zone(row, sheet)
                and (_PAGE_NUMBER.fullmatch(row.text.strip()) or _repeats(row, seen, often, len(sheets)))
            )
        )
        kept.append(Sheet(sheet.number, sheet.width, sheet.height, rows))
    return kept


def _repeats(row: Row, seen: Counter[str], often: int, pages: int) -> bool:
    """A running head repeats; an article's words that happen to repeat stand elsewhere or end a sentence."""
    return pages > 1 and seen[_shape(row)] >= often and not row.text.rstrip().endswith(tuple(_ENDS))


def _shape(row: Row) -> str:
    return re.sub(r"[0-9０-９]+", "#", "".join(row.text.split()))


def _in_zone(row: Row, sheet: Sheet) -> bool:
    return row.bottom < sheet.height * _ZONE or row.top > sheet.height * (1 - _ZONE)


def _body_size(sheets: Iterable[Sheet]) -> float:
    sizes = [row.size for sheet in sheets for row in sheet.rows for _ in range(0, len(row.text), 8)]
    return median(sizes) if sizes else 1.0


def _frames(sheets: Sequence[Sheet], body: float) -> dict[int, _Frame]:
    """Each page's text area; a page of few rows takes the area of all pages."""
    whole = _frame([row for sheet in sheets for row in sheet.rows if not row.table], body)
    frames = {}
    for sheet in sheets:
        rows = [row for row in sheet.rows if not row.table]
        own = _frame(rows, body) if len(rows) >= 8 else whole
        frames[sheet.number] = own if own.right - own.left > 0.9 * (whole.right - whole.left) else whole
    return frames


def _frame(rows: Sequence[Row], body: float) -> _Frame:
    if not rows:
        return _Frame(0.0, 1.0)
    wide = max(row.x1 - row.x0 for row in rows)
    full = [row for row in rows if row.x1 - row.x0 > 0.8 * wide] or list(rows)
    lefts, rights = sorted(row.x0 for row in full), sorted(row.x1 for row in full)
    left = lefts[len(lefts) // 20]
    if len(lefts) < 6 and len(rows) > 1:
        left = min(left, *(row.x0 for row in rows if row.x1 - row.x0 > 2 * body), left)
    return _Frame(left, rights[-1 - len(rights) // 20])


def _continues(previous: Row, row: Row, frames: dict[int, _Frame], body: float, group: list[Row]) -> bool:
    """Whether `row` goes on with the paragraph that `previous` is the last row of."""
    before, here = frames[previous.page], frames[row.page]
    apart = previous.table or row.table or row.page - previous.page > 1
    if apart or _LEADERS.search(previous.text) or not _alike(previous.size, row.size):
        return False
    words, start = row.text.strip(), group[0].text.strip()
    ended = previous.text.rstrip().endswith(tuple(_ENDS))
    centred = _is_centred(previous, before, body) and _is_centred(row, here, body)
    if centred and previous.size > 1.15 * body and row.page == previous.page:
        return abs(previous.size - row.size) < 0.06 * previous.size and not _HEADING.match(words)
    full = _is_full(previous, before, row, body)
    indent = row.x0 - here.left
    if full and indent < 1.2 * body:
        return not (ended and _HEAD.match(words))
    if full and centred:
        wrapped = _HEADING.match(start) and not _HEAD.match(words) and not ended
        return _is_open(group) or bool(wrapped and here.right - row.x1 > 1.2 * body)
    # ragged right: a row at the margin, after words that do not end, goes on however short the row before
    near = before.right - previous.x1 < 7 * body
    return near and indent < 0.6 * body and not ended and not _HEAD.match(words) and not _HEADING.match(start)


def _is_full(row: Row, frame: _Frame, following: Row, body: float) -> bool:
    """Whether the row ends where the next word would not have fitted (a centred one has slack twice)."""
    room = _first_unit(following) + 0.8 * body
    slack = frame.right - row.x1
    return slack < room or (_is_centred(row, frame, body) and slack + row.x0 - frame.left < room + 0.8 * body)


def _is_open(group: Sequence[Row]) -> bool:
    """Whether a bracket of the masthead (（2021年… 通过） is still open."""
    words = "".join(each.text for each in group)
    return words.count("（") + words.count("(") > words.count("）") + words.count(")")


def _pitch(sheets: Iterable[Sheet]) -> float:
    """The usual distance from one row to the next."""
    steps = [
        low.top - high.top
        for sheet in sheets
        for high, low in pairwise(sheet.rows)
        if low.top > high.top and not (high.table or low.table)
    ]
    return median(steps) if steps else 0.0


def _parted(previous: Row, row: Row, pitch: float) -> bool:
    """A wider gap after a full stop parts paragraphs also where no first line is indented."""
    gap = row.top - previous.top
    ended = previous.text.rstrip().endswith(tuple(_ENDS + "."))
    return row.page == previous.page and pitch > 0 and gap > 1.35 * pitch and ended


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= 0.22 * max(one, other)


def _first_unit(row: Row) -> float:
    """The width of what cannot be broken off a row's start: no row begins with ） or ends with （."""
    unit = _UNIT.match(row.text.strip())
    words = unit.group() if unit else ""
    return row.size * sum(0.6 if c.isascii() else 1.0 for c in words)


def _is_centred(row: Row, frame: _Frame, body: float) -> bool:
    return abs((row.x0 + row.x1) / 2 - frame.middle) < 1.5 * body
