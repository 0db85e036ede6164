"""Where the main text ends and its annexes begin.

Only behind the last article: a titled annex (附件、附录、附表、附：), an attached text whose articles begin
again at 第一条, or, untitled, what follows the commencement clause and is no sentence of an article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Line
from corpus.flow import breaks_off
from corpus.heads import LAYOUT, article_head, bare, heading_head, item_head, subitem_head, top_head, trim

_TITLED = re.compile(
    f"[（(]?附[{LAYOUT}]*(?:件|录|表|图|注|则[{LAYOUT}]*[一二三]?[:：])?[{LAYOUT}]*[一二三四五六七八九十0-9０-９]{{0,3}}[）)]?"
    f"(?:[:：]|[{LAYOUT}]|$)"
)
_NO_ANNEX = re.compile("附则|附带|附加|附近|附属|附随")
_COMMENCES = re.compile("施行|实施|生效|废止|执行|解释")
_SENTENCE_END = ("。", "；", "：", ":", "！", "？", "”", "）")


@dataclass(frozen=True, slots=True)
class Annexed:
    """The index where each annex begins, and whether any began without a title."""

    starts: tuple[int, ...]
    untitled: bool = False


def is_titled(text: str) -> bool:
    """附件, 附件1, 附录：, 附表 …, 附： at the front of a short line."""
    words = trim(text)
    return (
        len(words) <= 60
        and _TITLED.match(words) is not None
        and _NO_ANNEX.match(bare(words)) is None
        and not words.endswith("。")
    )


def find(lines: Sequence[Line]) -> Annexed:
    """The annexes of these body lines; none without a title where there are no articles."""
    last = _last_article(lines)
    floor = last if last is not None else len(lines) // 3
    starts = [index for index in range(floor + 1, len(lines)) if is_titled(lines[index].text)]
    if last is None:
        return Annexed(tuple(_spread(starts)))
    untitled = _untitled(lines, last, starts[0] if starts else len(lines))
    if untitled is not None and (not starts or untitled < starts[0]):
        return Annexed((untitled, *_spread(starts)), untitled=True)
    return Annexed(tuple(_spread(starts)))


def _spread(starts: Sequence[int]) -> list[int]:
    return list(starts)


def _last_article(lines: Sequence[Line]) -> int | None:
    """The index of the last article of the main text: before the numbers begin again at 1."""
    last: int | None = None
    highest = 0
    for index, line in enumerate(lines):
        head = article_head(trim(line.text))
        if head is None or head.number is None or not (head.strong or head.number == highest + 1):
            continue
        if head.number == 1 and highest > 2:
            break
        highest = max(highest, head.number)
        last = index
    return last


def _untitled(lines: Sequence[Line], last: int, stop: int) -> int | None:
    """What follows the commencement clause and reads like a title, a table or a new numbering."""
    if not any(_COMMENCES.search(line.text) for line in lines[last : last + 3]):
        return None
    for index in range(last + 1, stop):
        line, text = lines[index], trim(lines[index].text)
        if line.table or line.heading is not None:
            return index
        head = article_head(text)
        if head is not None and head.number == 1:
            return index
        if item_head(text) or subitem_head(text):
            if _is_lead(trim(lines[index - 1].text)):
                return None
            return index
        if top_head(text) or heading_head(text):
            return index
        if not text.endswith(_SENTENCE_END) and not breaks_off(trim(lines[index - 1].text), text):
            return index
    return None


def _is_lead(text: str) -> bool:
    return (
        text.endswith(("：", ":", "；", ";")) or item_head(text) is not None or subitem_head(text) is not None
    )
