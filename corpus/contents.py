"""Tables of contents: the lines that only announce the headings, and ghosts of them.

A heading counts where its articles stand. The same heading announced before the first article is a
line of contents: kept in the tree as such, compared in the proof, never counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Line
from corpus.heads import LAYOUT, NUMERAL, Head, article_head, bare, heading_head, trim

_CONTENTS_TITLE = re.compile(f"[【\\[]?目[{LAYOUT}]*[录次][】\\]]?[:：]?$")
_LEADER = re.compile(f"[{LAYOUT}.…·•—-]*[0-9]{{0,4}}$")
_SEVERAL = re.compile(f"第[{NUMERAL}]{{1,4}}[章节编]")


@dataclass(frozen=True, slots=True)
class Contents:
    """Indices of the lines that are a table of contents, and the headings it announced."""

    indices: frozenset[int]
    announced: tuple[str, ...]
    ghosts: int


def find(lines: Sequence[Line]) -> Contents:
    """The table of contents before the first article: titled 目录, one-line, or ghost headings."""
    indices: set[int] = set()
    announced: list[str] = []
    ghosts = 0
    inside = False
    later = _heading_keys(lines)
    for index, line in enumerate(lines):
        text = trim(line.text)
        if article_head(text):
            break
        if _CONTENTS_TITLE.match(text):
            indices.add(index)
            inside = True
            continue
        if len(_SEVERAL.findall(text)) > 1 and "。" not in text:
            indices.add(index)
            announced.extend(_several(text))
            ghosts += 1 if line.heading else 0
            continue
        head = heading_head(_LEADER.sub("", text) if inside else text, marked=line.heading is not None)
        key = _key(text)
        if head is not None and later.get(key, 0) > 1 and not _heads_articles(lines, index):
            indices.add(index)
            announced.append(_LEADER.sub("", text))
            later[key] -= 1
            ghosts += 1 if line.heading else 0
        elif inside and text in ("附则", "序言", "附录"):
            indices.add(index)
    return Contents(frozenset(indices), tuple(announced), ghosts)


def _heading_keys(lines: Sequence[Line]) -> dict[str, int]:
    keys: dict[str, int] = {}
    for line in lines:
        text = trim(line.text)
        if heading_head(text, marked=line.heading is not None) or heading_head(_LEADER.sub("", text)):
            keys[_key(text)] = keys.get(_key(text), 0) + 1
    return keys


def _heads_articles(lines: Sequence[Line], index: int) -> bool:
    """Whether the next line that is no heading is an article, with no repetition of a heading between."""
    seen = set()
    for line in lines[index:]:
        text = trim(line.text)
        if article_head(text):
            return True
        if heading_head(text, marked=line.heading is not None) is None:
            return False
        key = _key(text)
        if key in seen:
            return False
        seen.add(key)
    return False


def _key(text: str) -> str:
    return bare(_LEADER.sub("", text))


def _several(text: str) -> list[str]:
    starts = [match.start() for match in _SEVERAL.finditer(text)] + [len(text)]
    return [trim(text[a:b]) for a, b in zip(starts, starts[1:], strict=False)]


def is_title(text: str) -> bool:
    return _CONTENTS_TITLE.match(trim(text)) is not None


def same_heading(one: Head, other: Head) -> bool:
    return one.level == other.level and one.number == other.number and bare(one.rest) == bare(other.rest)
