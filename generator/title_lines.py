"""A long title in lines that keep words whole (GB/T 9704-2012 clause 7.3.1: 词意完整、排列对称)."""

from __future__ import annotations

import re

LINE = 20  # characters of 22 pt in 156 mm
_STARTS = re.compile(
    "整改落实情况|整改情况|检察建议书|安全生产|安全问题|重大事故隐患|施工现场|隐患|问题(?!的)|项目|治理|专项|有关"
)
_CLOSED = re.compile("《[^》]*》|〔[^〕]*〕|（[^）]*）")


def lines_of(title: str) -> str:
    """The title with line breaks at the starts of words, the first line no shorter than half the rest.

    A title of one line, or one in which no word of the list starts at a fit place, stays as it is.
    """
    if len(title) <= LINE or "\n" in title:
        return title
    closed = {n for found in _CLOSED.finditer(title) for n in range(found.start() + 1, found.end())}
    places = [
        found.start()
        for found in _STARTS.finditer(title)
        if found.start() not in closed and found.start() <= LINE and len(title) - found.start() <= LINE
    ]
    if not places:
        return title
    best = min(places, key=lambda at: abs(2 * at - len(title)))
    return title[:best] + "\n" + title[best:]
