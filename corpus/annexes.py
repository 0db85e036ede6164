"""Where the main text ends and its annexes begin.

Only behind the last article: a titled annex (附件、附录、附表、附：), an attached text whose articles begin
again at 第一条, or, untitled, what follows the commencement clause and is no sentence of an article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import dating
from corpus.document import Line
from corpus.flow import breaks_off, is_bare_title
from corpus.heads import LAYOUT, article_head, bare, heading_head, item_head, subitem_head, top_head, trim
from corpus.numeral import from_chinese

_TITLED = re.compile(
    f"[（(]?附[{LAYOUT}]*(?:件|录|表|图|注|则[{LAYOUT}]*[一二三]?[:：])?[{LAYOUT}]*[一二三四五六七八九十0-9０-９]{{0,3}}[）)]?"
    f"(?:[:：]|[{LAYOUT}]|$)"
)
_NO_ANNEX = re.compile("附则|附带|附加|附近|附属|附随")
_COMMENCES = re.compile("施行|实施|生效|废止|执行|解释")
_ASIDE = re.compile("[（(][^（()）]{0,60}[）)]$|(?:联系人|联系电话|电话|主动公开)")
_SIGNER = re.compile("[一-鿿×○Ｘ（）() 　]{3,40}$")
_SIGNERS = 5
_PARENTHESIS = re.compile("[（(][^（()）]*[）)]$")


_NUMBERED = re.compile(
    f"附[{LAYOUT}]*(?:件|录|表|图)[{LAYOUT}]*(?P<number>[一二三四五六七八九十0-9０-９]{{1,3}})"
)
_FOOTNOTE = re.compile("[①-⑳]|注[:：]|[*＊※]")
_DISTRIBUTION = re.compile(
    "(?:抄|主|报|发|分)?送[:：]|印发|(?:.{2,30}(?:办公厅|办公室|秘书处))[^。]{0,6}\\d{4}年\\d{1,2}月\\d{1,2}日印"
)


@dataclass(frozen=True, slots=True)
class Annexed:
    """The index where each annex begins, whether the first has no title, and where the main text ends.

    Between `end` and the first start stand footnotes, lists of annexes and lists of receivers: kept, but
    no provisions.
    """

    end: int
    starts: tuple[int, ...] = ()
    untitled: bool = False


def is_titled(text: str) -> bool:
    """附件, 附件1, 附录：, 附表 …, 附： at the front of a short line."""
    words = trim(text)
    numbered = _NUMBERED.match(words) is not None and "（略）" in words
    return (
        (len(words) <= 60 or numbered)
        and _TITLED.match(words) is not None
        and _NO_ANNEX.match(bare(words)) is None
        and not words.endswith("。")
    )


def is_plain_title(line: Line) -> bool:
    """A title without 附件: 个人所得税税率表一（综合所得适用）."""
    return not line.table and is_bare_title(_PARENTHESIS.sub("", trim(line.text)))


def find(lines: Sequence[Line]) -> Annexed:
    """The annexes of these body lines; none without a title where there are no articles."""
    last = _last_article(lines)
    floor = last if last is not None else len(lines) // 3
    titled = [i for i in range(floor + 1, len(lines)) if is_titled(lines[i].text) and not lines[i].table]
    starts = _in_series(lines, titled)
    limit = titled[0] if titled else len(lines)
    end = _tail(lines, last if last is not None else floor, limit)
    if last is not None and end == limit:
        untitled = _untitled(lines, last, limit)
        if untitled is not None:
            return Annexed(untitled, (untitled, *starts), untitled=True)
    return Annexed(end, tuple(starts))


def _in_series(lines: Sequence[Line], titled: Sequence[int]) -> list[int]:
    """Without the line that only lists the annexes, and the 附件： inside a numbered annex's form."""
    numbers = [_number(lines[index].text) for index in titled]
    starts: list[int] = []
    for place, index in enumerate(titled):
        later = numbers[place + 1 :]
        if numbers[place] is None and 1 in later:
            continue
        if numbers[place] is None and any(number is not None for number in numbers[:place]):
            continue
        if (
            numbers[place] is None
            and later[:1] == [None]
            and not _holds_text(lines, index, titled[place + 1])
        ):
            continue
        if numbers[place] == 1 and 1 in later and not _holds_text(lines, index, titled[place + 1]):
            continue
        starts.append(index)
    return starts


def _number(text: str) -> int | None:
    match = _NUMBERED.match(trim(text))
    return from_chinese(match.group("number")) if match else None


def _holds_text(lines: Sequence[Line], start: int, stop: int) -> bool:
    """Whether sentences stand between two titles: an entry of a list of annexes has none."""
    return any(trim(line.text).endswith("。") for line in lines[start + 1 : stop])


def _tail(lines: Sequence[Line], last: int, stop: int) -> int:
    """Where footnotes and lists of receivers begin behind the last article; `stop` when there are none."""
    for index in range(last + 1, stop):
        text = trim(lines[index].text)
        if (_FOOTNOTE.match(text) and index > last + 1) or _DISTRIBUTION.match(text):
            return index
    return stop


def _last_article(lines: Sequence[Line]) -> int | None:
    """The index of the last article of the main text: before the numbers begin again at 1."""
    last: int | None = None
    highest = 0
    for index, line in enumerate(lines):
        head = None if line.table else article_head(trim(line.text))
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
        line, text, above = lines[index], trim(lines[index].text), trim(lines[index - 1].text)
        listed = item_head(text) is not None or subitem_head(text) is not None
        if listed and _is_lead(above):
            return None
        head = article_head(text)
        restarts = head is not None and head.number == 1
        titled = is_plain_title(line) and not breaks_off(above, text)
        numbered = top_head(text) is not None or heading_head(text) is not None
        if line.table or line.heading is not None or listed or restarts or titled or numbered:
            return index
    return None


def ending(lines: Sequence[Line]) -> int:
    """Where the list of receivers and printers at the very end begins; len(lines) without one."""
    last = len(lines)
    while last > 1 and _DISTRIBUTION.match(trim(lines[last - 1].text)):
        last -= 1
    return last


def signature(lines: Sequence[Line]) -> int:
    """Where the signature of a notice begins (落款: makers, then the date alone); len(lines) without one."""
    last = len(lines) - 1
    while last > 0 and (_DISTRIBUTION.match(trim(lines[last].text)) or _ASIDE.match(trim(lines[last].text))):
        last -= 1
    if last < 1 or lines[last].table or not dating.is_alone(trim(lines[last].text)):
        return len(lines)
    first = last
    while first > 1 and last - first < _SIGNERS and _SIGNER.match(trim(lines[first - 1].text)):
        first -= 1
    return first


def _is_lead(text: str) -> bool:
    return (
        text.endswith(("：", ":", "；", ";")) or item_head(text) is not None or subitem_head(text) is not None
    )
