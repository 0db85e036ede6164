"""Sentences, segments and clauses of a provision as offsets into its text; nothing is copied or changed.

A sentence ends with 。！？, a segment with ；, a clause with ，or ：. Marks inside brackets and quotation
marks do not count. Matching works on the *masked* text: same length, bracketed words blanked out, so that
《…负责…》 or （以下统称…） can neither hold a modal word nor hide a bearer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLANK = "＿"
_BRACKETED = re.compile(
    r"（[^（）]*）|\([^()]*\)|《[^《》]*》|〔[^〔〕]*〕|“[^“”]*”|「[^「」]*」|【[^【】]*】"
)
_SPACE = " \t\u3000\u00a0\u2002\u200b\u200c\ufeff\n"
_SENTENCE_END = "。！？"
_SEGMENT_END = "；;"
_CLAUSE_END = "，：:"
_MARK = re.compile(r"[。！？；;，：:]|,(?!\d)")


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two commas: text[start:end], without the comma and without outer blanks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """Words between two semicolons, as clauses."""

    clauses: tuple[Clause, ...]

    @property
    def start(self) -> int:
        return self.clauses[0].start

    @property
    def end(self) -> int:
        return self.clauses[-1].end


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its full stop: text[start:end]."""

    start: int
    end: int
    segments: tuple[Segment, ...]


def mask(text: str) -> str:
    """`text` with everything in brackets, title marks and quotation marks blanked out, same length.

    Two rounds, for one level of nesting; an unclosed bracket masks nothing.
    """
    if not any(c in text for c in "（(《〔“「【"):
        return text
    for _ in range(2):
        text = _BRACKETED.sub(lambda m: BLANK * len(m[0]), text)
    return text


def sentences(masked: str, start: int = 0) -> Iterator[Sentence]:
    """The sentences of masked[start:], in order; only sentences with words are given."""
    segments: list[Segment] = []
    clauses: list[Clause] = []
    clause_from = sentence_from = start
    for found in _MARK.finditer(masked, start):
        mark, at = found[0], found.start()
        _close_clause(masked, clause_from, at, clauses)
        clause_from = found.end()
        if mark in _CLAUSE_END or mark == ",":
            continue
        if clauses:
            segments.append(Segment(tuple(clauses)))
            clauses = []
        if mark in _SENTENCE_END and segments:
            yield Sentence(segments[0].start, found.end(), tuple(segments))
            segments, sentence_from = [], found.end()
    _close_clause(masked, clause_from, len(masked), clauses)
    if clauses:
        segments.append(Segment(tuple(clauses)))
    if segments and sentence_from <= len(masked):
        yield Sentence(segments[0].start, len(masked.rstrip(_SPACE)), tuple(segments))


def _close_clause(masked: str, start: int, end: int, clauses: list[Clause]) -> None:
    while start < end and masked[start] in _SPACE:
        start += 1
    while end > start and masked[end - 1] in _SPACE:
        end -= 1
    if start < end:
        clauses.append(Clause(start, end))
