"""Marking a practised item: what was given against the key."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from generator.study_item import Item, Kind

ENOUGH = 0.6  # of a marking point's neighbouring characters in the answer


@dataclass(frozen=True, slots=True)
class Marked:
    """`score` of `full` marks; `missed` are the marking points or keys not given."""

    score: float
    full: int
    missed: tuple[str, ...]

    @property
    def right(self) -> bool:
        return self.score == self.full


def mark(item: Item, *, chosen: Sequence[int] = (), words: str = "") -> Marked:
    """The marks of an answer: positions of options, or words for a cloze or short item.

    A choice is right or wrong as a whole; a cloze needs the law's own words, marks and width aside; a short
    answer gets a mark for every point whose words it holds, as a hint to the trainer who decides.
    """
    if item.options:
        right = tuple(sorted(chosen)) == item.answer
        missed = tuple(item.options[n] for n in item.answer if n not in chosen)
        return Marked(float(right), 1, () if right else missed or tuple(item.options[n] for n in item.answer))
    if item.kind is Kind.CLOZE:
        right = _plain(words) == _plain(item.keys[0].text)
        return Marked(float(right), 1, () if right else (item.keys[0].text,))
    said = _pairs(words)
    missed = tuple(key.text for key in item.keys if not _held(key.text, said))
    return Marked(float(len(item.keys) - len(missed)), len(item.keys), missed)


def _held(point: str, said: frozenset[str]) -> bool:
    wanted = _pairs(point)
    return bool(wanted) and len(wanted & said) >= ENOUGH * len(wanted)


def _plain(words: str) -> str:
    return re.sub(r"[\s，。；、,.;]", "", unicodedata.normalize("NFKC", words))


def _pairs(words: str) -> frozenset[str]:
    plain = _plain(words)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))
