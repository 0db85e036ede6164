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

_TITLE = re.compile(f"[【\\[]?目[{LAYOUT}]*[录次][】\\]]?[:：]?$")
_LEADER = re.compile(f"[{LAYOUT}]*[.…·•—\\-{LAYOUT}]{{2,}}[0-9]{{0,4}}$|\t[0-9]{{1,4}}$")
_SEVERAL = re.compile(f"第[{NUMERAL}]{{1,4}}[章节编]")
_BARE = frozenset({"附则", "序言", "附录", "附件", "附", "总则", "前言"})


@dataclass(frozen=True, slots=True)
class Contents:
    """Indices of the lines that are a table of contents, and the headings it announced.

    `ghosts` counts the lines that a format marked as headings although they only announce.
    """

    indices: frozenset[int] = frozenset()
    announced: tuple[Head, ...] = ()
    ghosts: int = 0


def find(lines: Sequence[Line]) -> Contents:
    """The table of contents before the first article: titled 目录, on one line, or ghost headings."""
    run = _run(lines)
    if not run:
        return Contents()
    real = _first_real(lines, run)
    listed = [index for index in run if index < real]
    indices = set(range(listed[0], listed[-1] + 1)) if listed else set()
    announced = [head for index in sorted(indices) for head in _announced(lines[index])]
    ghosts = sum(1 for index in indices if lines[index].heading is not None)
    return Contents(frozenset(indices), tuple(announced), ghosts)


def _run(lines: Sequence[Line]) -> list[int]:
    """The lines before the first article that could be a table of contents."""
    run: list[int] = []
    titled = False
    for index, line in enumerate(lines):
        text = trim(line.text)
        if article_head(text):
            break
        if _TITLE.match(text):
            titled = True
            run.append(index)
        elif (
            _announced(line)
            or (titled and bare(text) in _BARE)
            or (titled and run and len(text) < 40 and not text.endswith("。") and _returns(lines, index))
        ):
            run.append(index)
        elif run and len(run) > 1:
            break
    return run


def _returns(lines: Sequence[Line], index: int) -> bool:
    """Whether the line's words come once more below: a contents line without number."""
    key = bare(strip_leader(lines[index].text))
    return any(bare(line.text) == key for line in lines[index + 1 :])


def _first_real(lines: Sequence[Line], run: Sequence[int]) -> int:
    """The index from which headings are real: the first that repeats one announced before it.

    Without a repetition inside the run, all of it announces when every heading comes again below, or
    when a title 目录 or a line of several headings says so.
    """
    seen: set[str] = set()
    for index in run:
        heads = _announced(lines[index])
        keys = {_key(head) for head in heads}
        if len(heads) == 1 and keys & seen:
            return index
        seen |= keys
    after = run[-1] + 1
    below = {_key(head) for line in lines[after:] for head in _announced(line)}
    titles = {bare(line.text) for line in lines[after:] if len(line.text) < 60}
    named = any(_TITLE.match(trim(lines[i].text)) or len(_announced(lines[i])) > 1 for i in run)
    heads = [head for index in run for head in _announced(lines[index])]
    again = sum(1 for head in heads if _key(head) in below or bare(head.rest) in titles)
    if len(heads) > 1 and again >= max(2, 0.6 * len(heads)):
        return after
    if named:
        return _after_named(lines, run, after)
    return run[0]


def _after_named(lines: Sequence[Line], run: Sequence[int], after: int) -> int:
    """目录 whose headings never return (they lost their numbers below): the last may be the real first."""
    last = run[-1]
    following = trim(lines[after].text) if after < len(lines) else ""
    heads = _announced(lines[last])
    if article_head(following) and heads and heads[0].number == 1 and len(run) > 2:
        return last
    return after


def _announced(line: Line) -> list[Head]:
    """The headings a line announces: none, one, or several on one line."""
    return announced_by(line.text, marked=line.heading is not None)


def announced_by(words: str, *, marked: bool = True) -> list[Head]:
    """The headings in the words of a line of contents."""
    text = strip_leader(words)
    if "。" in text:
        return []
    starts = [match.start() for match in _SEVERAL.finditer(text)]
    if len(starts) > 1 and starts[0] == 0:
        parts = [trim(text[a:b]) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    else:
        parts = [text]
    heads = [heading_head(part, marked=marked) for part in parts]
    return [head for head in heads if head is not None]


def strip_leader(text: str) -> str:
    """A contents line without its dots and page number."""
    return trim(_LEADER.sub("", trim(text)))


def _key(head: Head) -> str:
    return f"{head.level}{head.number}{bare(head.rest)}"


def is_title(text: str) -> bool:
    """目录, 目 次."""
    return _TITLE.match(trim(text)) is not None
