"""From single characters to printed rows, and the reading order of a page of two columns.

A character is a dict of pdfplumber's keys: text, x0, x1, top, bottom, size (top < bottom, downwards).
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

from corpus.layout import Row

Char = dict[str, Any]


def rows_of(chars: list[Char], number: int) -> list[Row]:
    """Characters that stand on one line, from top to bottom."""
    ordered = sorted(chars, key=lambda c: (c["top"] + c["bottom"]) / 2)
    groups: list[list[Char]] = []
    middle = 0.0
    for char in ordered:
        at = (char["top"] + char["bottom"]) / 2
        if groups and abs(at - middle) < 0.45 * max(char["size"], 1.0):
            groups[-1].append(char)
        else:
            groups.append([char])
            middle = at
    return [row for group in groups for row in _row(group, number)]


def _row(group: list[Char], number: int) -> Iterator[Row]:
    group = sorted(group, key=lambda c: c["x0"])
    solid = [c for c in group if c["text"].strip()]
    if not solid:
        return
    out: list[str] = []
    last: Char | None = None
    for char in group:
        if last is not None:
            if char["text"] == last["text"] and char["x0"] - last["x0"] < 0.2 * char["size"]:
                continue  # bold drawn twice
            gap = char["x0"] - last["x1"]
            wide = 0.9 if not (last["text"].isascii() and char["text"].isascii()) else 0.28
            if gap > wide * char["size"] and out and not out[-1].isspace() and not char["text"].isspace():
                out.append(" ")
        out.append(char["text"])
        last = char
    yield Row(
        text="".join(out).strip(),
        x0=solid[0]["x0"],
        x1=max(c["x1"] for c in solid),
        top=min(c["top"] for c in solid),
        bottom=max(c["bottom"] for c in solid),
        size=median(c["size"] for c in solid),
        page=number,
    )


def in_columns(rows: list[Row], chars: list[Char], width: float, height: float) -> list[Row]:
    """Reading order on a page of two columns: the left one first, wide rows (titles) where they stand.

    Two columns = three rows in five leave the same gap near the middle, at least 1.5 letters wide.
    """
    if len(rows) < 8:
        return rows
    gutter = _gutter(rows, chars, width)
    if gutter is None:
        return rows
    number = rows[0].page
    left = rows_of([c for c in chars if c["x1"] <= gutter], number)
    right = rows_of([c for c in chars if c["x0"] >= gutter], number)
    across = [row for row in rows if _crosses(row, chars, gutter)]
    out: list[Row] = []
    for edge in [*(row.top for row in across), height + 1]:
        for side in (left, right):
            while side and side[0].top < edge:
                row = side.pop(0)
                if not any(abs(row.top - wide.top) < row.size * 0.5 for wide in across):
                    out.append(row)
        out.extend(row for row in across if row.top == edge)
    return out


def _gutter(rows: list[Row], chars: list[Char], width: float) -> float | None:
    size = median(row.size for row in rows)
    best: tuple[int, float] = (0, 0.0)
    spans = [sorted((c["x0"], c["x1"]) for c in chars if _on(c, row)) for row in rows]
    for step in range(21):
        at = width * (0.4 + 0.01 * step)
        open_rows = sum(1 for span in spans if _parted(span, at, 0.75 * size))
        best = max(best, (open_rows, at))
    return best[1] if best[0] >= max(6, 0.6 * len(rows)) else None


def _on(char: Char, row: Row) -> bool:
    return bool(row.top <= (char["top"] + char["bottom"]) / 2 <= row.bottom) and bool(char["text"].strip())


def _parted(span: list[tuple[float, float]], at: float, half: float) -> bool:
    """Words on both sides of `at`, none within `half` of it."""
    clear = all(x1 <= at - half or x0 >= at + half for x0, x1 in span)
    return clear and bool(span) and span[0][0] < at < span[-1][1]


def _crosses(row: Row, chars: list[Char], gutter: float) -> bool:
    return any(bool(c["x0"] < gutter < c["x1"]) for c in chars if _on(c, row))
