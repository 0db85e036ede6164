"""What differs between the texts of an index and those of the library."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

Text = tuple[str, str]  # key, seal


@dataclass(frozen=True, slots=True)
class Change:
    """Texts first … end - 1 of the old order give way to texts start … stop - 1 of the new."""

    first: int
    end: int
    start: int
    stop: int


def changes(old: Sequence[Text], new: Sequence[Text]) -> list[Change] | None:
    """The changes from one order of texts to another, from the first to the last; a text is the same when
    its key and seal are. None where kept texts changed places.

    >>> changes([("a", "1"), ("b", "1")], [("a", "1"), ("x", "1"), ("b", "2")])
    [Change(first=1, end=2, start=1, stop=3)]
    """
    places = {text: number for number, text in enumerate(new)}
    kept = [(at, places[text]) for at, text in enumerate(old) if text in places]
    if any(b[1] <= a[1] for a, b in itertools.pairwise(kept)):
        return None
    found = []
    before = (-1, -1)
    for at in [*kept, (len(old), len(new))]:
        change = Change(before[0] + 1, at[0], before[1] + 1, at[1])
        if change.end > change.first or change.stop > change.start:
            found.append(change)
        before = at
    return found


MOST_CHANGES = 16  # above this, reading everything is about as fast
MOST_TEXTS = 64


def few(plan: Sequence[Change]) -> bool:
    """Whether splicing costs less than reading every text."""
    touched = sum(change.stop - change.start + change.end - change.first for change in plan)
    return len(plan) <= MOST_CHANGES and touched <= MOST_TEXTS
