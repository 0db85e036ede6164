"""The register of a library at one moment: every text with its validity, by key, work and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from corpus import derived, stored, validity
from corpus.document import Edition


@dataclass(frozen=True)
class Snapshot:
    """What the library held at `revision`. Built at once, never changed."""

    revision: int
    editions: Mapping[str, Edition]
    ids: Mapping[str, int]
    ranges: Mapping[str, str]
    numbers: Mapping[str, tuple[str, ...]]

    @cached_property
    def works(self) -> dict[str, tuple[Edition, ...]]:
        """The texts of each work, newest first."""
        grouped: dict[str, list[Edition]] = defaultdict(list)
        for edition in self.editions.values():
            grouped[edition.work].append(edition)
        return {work: tuple(_newest_first(held)) for work, held in grouped.items()}

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Every name a work goes by."""
        return derived.names_of(self.works, self.numbers)


def take(revision: int, rows: Iterable[tuple[Any, ...]]) -> Snapshot:
    """A snapshot of the rows of stored.SELECT_EDITIONS. Raises DamagedData when one was altered."""
    found = list(rows)
    plain = [stored.edition_from(row) for row in found]
    repeals = {row[1]: derived.repeals_from(row[8]) for row in found if row[8]}
    dated = validity.derive(plain, repeals, derived.known_dates())
    return Snapshot(
        revision,
        {edition.key: edition for edition in dated},
        {row[1]: row[0] for row in found},
        {row[1]: row[9] for row in found},
        {row[1]: derived.numbers_from(row[8]) for row in found if row[8]},
    )


def _newest_first(held: Sequence[Edition]) -> list[Edition]:
    ordered = sorted(held, key=lambda e: e.source)
    return sorted(ordered, key=validity.dated_on, reverse=True)
