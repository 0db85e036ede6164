"""English texts: First, / Two, / The second is …, 1. and (1) lists that restart, Q: and A:.

Unlabelled paragraphs belong to the item above; a paragraph that ends in a colon before a list that
begins again opens a new enumeration.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.document import Level, Line
from corpus.draft import Draft, Notes
from corpus.heads import trim

_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_CARDINAL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_VALUE = (
    {word: n for n, word in enumerate(_WORDS, 1)}
    | {f"{word}ly": n for n, word in enumerate(_WORDS, 1)}
    | {word: n for n, word in enumerate(_CARDINAL, 1)}
)
_ANY = "|".join(sorted(_VALUE, key=len, reverse=True))
_ORDINAL = re.compile(f"(?:the +)?(?P<word>{_ANY})(?:,| is to| is(?! +a)| +-)", re.IGNORECASE)
_INLINE_FIRST = re.compile("(?<=[:;] )(?:First(?:ly)?|The first is),? ")
_BRACKET = re.compile("[(（](?P<n>\\d{1,2})[)）]")
_FIGURE = re.compile("(?P<n>\\d{1,2})\\.(?=\\s)")
_QUESTION = re.compile("(?:Q|Question) ?[:：]")
_ANSWER = re.compile("(?:A|Answer) ?[:：]")
_DEBRIS = re.compile("copyright notice|reference materials|for more information about", re.IGNORECASE)
_DEPTH = {"Q": 0, "A": 1, "lead": 2, "1.": 2, "First": 3, "(1)": 4}


class _Builder:
    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.top: list[Draft] = []
        self.stack: list[Draft] = []

    def feed(self, line: Line, text: str, *, following: Sequence[str]) -> None:
        head, inner = _inline(text)
        marker, style, number = _marker(head)
        if _DEBRIS.match(head):
            self.notes.add("credit_line", "转载说明或广告，不作正文", line.number)
            self.top.append(Draft.of(Level.TEXT, head, line))
            self.stack = []
            return
        if marker:
            self._open(marker, style, number, head, line)
        elif self._is_lead(head, (inner, *following) if inner else following):
            self._open("", "lead", None, head, line)
        elif self.stack:
            self.stack[-1].go_on(head, joined=False)
        else:
            self.top.append(Draft.of(Level.PREAMBLE, head, line))
        if inner:
            self.feed(line, inner, following=following)

    def _is_lead(self, text: str, following: Sequence[str]) -> bool:
        """A paragraph that announces a list: a colon at its end, others like it between at most."""
        if not text.rstrip().endswith(":"):
            return False
        if self.stack and self.stack[-1].style in ("lead", "1.", "A") and not self.stack[-1].children:
            return False
        for below in following:
            _, _, number = _marker(below)
            if number is not None or not below.rstrip().endswith(":"):
                return number == 1
        return False

    def _open(self, marker: str, style: str, number: int | None, text: str, line: Line) -> None:
        depth = _DEPTH[style]
        while self.stack and _DEPTH[self.stack[-1].style] >= depth:
            self.stack.pop()
        rest = text[len(marker) :]
        gap = rest[: len(rest) - len(rest.lstrip())]
        node = Draft(Level.CLAUSE, number, None, marker, gap, rest.lstrip(), line.number, line.page, style)
        (self.stack[-1].children if self.stack else self.top).append(node)
        self.stack.append(node)


def build(lines: Sequence[Line], notes: Notes) -> list[Draft]:
    """The tree of an English text."""
    builder = _Builder(notes)
    texts = [trim(line.text) for line in lines]
    for index, (line, text) in enumerate(zip(lines, texts, strict=True)):
        builder.feed(line, text, following=texts[index + 1 : index + 4])
    return builder.top


def _inline(text: str) -> tuple[str, str]:
    """A list that begins inside a paragraph: '… five features: First, …' is cut before First."""
    match = _INLINE_FIRST.search(text)
    if match is None:
        return text, ""
    return text[: match.start()].rstrip(), text[match.start() :]


def _marker(text: str) -> tuple[str, str, int | None]:
    """The marker a line begins with, its style and its number; the marker is empty when there is none."""
    for pattern, style in ((_QUESTION, "Q"), (_ANSWER, "A")):
        match = pattern.match(text)
        if match:
            return match.group(), style, None
    match = _BRACKET.match(text)
    if match:
        return match.group(), "(1)", int(match.group("n"))
    match = _FIGURE.match(text)
    if match:
        return match.group(), "1.", int(match.group("n"))
    match = _ORDINAL.match(text)
    if match:
        return match.group(), "First", _VALUE[match.group("word").lower()]
    return "", "", None
