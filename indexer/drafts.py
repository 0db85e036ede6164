"""Values on the way to an obligation: the row being read, and a duty whose bearer may still be open."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.place import Address
from indexer.obligation import Modality

ANYONE = "*"
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A provision under the reader: its words, the masked copy, and whether penalties are expected."""

    address: Address
    text: str
    masked: str
    headings: tuple[str, ...]
    liability: bool = False
    sectioned: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A duty whose bearer may still be open (None): spans point into `text`.

    `ban` marks 禁止 without a subject, `own` a bearer named in the same segment as the modal. `doer` is the
    activity that stands where the bearer is omitted (经由道路运输烟花爆竹的), `thing` the thing that
    stands as grammatical subject (活动板房应当…): both used when nothing better is found.
    """

    address: Address
    text: str
    headings: tuple[str, ...]
    modality: Modality
    action: Span
    quote: Span
    bearer: str | None
    source: str
    condition: Span | None = None
    implicit: bool = False
    ban: bool = False
    own: bool = False
    modal_start: int = 0
    doer: str | None = None
    thing: str | None = None

    def words(self) -> str:
        return self.text[self.action[0] : self.action[1]]


def trim(text: str, start: int, end: int) -> Span:
    """The span without blanks and marks at either end (a final ；or 。is no part of an action)."""
    while start < end and text[start] in _TRIM_LEFT:
        start += 1
    while end > start and text[end - 1] in _TRIM_RIGHT:
        end -= 1
    return start, end


_TRIM_LEFT = " \t\u3000，、：:"
_TRIM_RIGHT = " \t\u3000，、；;。：:\u200b"
