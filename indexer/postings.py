"""Which units hold which grams, and how often: packed small, and cut and joined without counting anew.

A posting is the distance from the term's last unit (8 bits for terms in many units, 16 for others) and a
count (4 bits); what does not fit stands in a list beside. The arrays depend on the texts alone, not on
how they came in.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.arrays import archive, mapped
from indexer.grams import Grams, Keys

ARRAYS = "grams.npz"
GAPS = "postings.low.npy"
HIGH = "postings.high.npy"
COUNTS = "postings.counts.npy"
_UNIT, _COUNT = 28, 8  # bits of a cell: term, unit, count
_BLOCK = 1 << 21
_RUN = 1 << 18  # postings that stay in the processor's cache
_NEAR, _FAR, _MANY = 1 << 8, 1 << 16, 1 << 4
_OFTEN = 64  # a term in more than one unit of so many is near its last most times
Cells = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted:
    """The grams of some units: `cells` are (place in `vocabulary`, unit, count) as one number each."""

    vocabulary: Keys
    cells: Cells
    lengths: npt.NDArray[np.int32]


def count(units: Grams, *, first: int = 0) -> Counted:
    """Counts the grams of units numbered from `first`."""
    vocabulary, ids = np.unique(units.keys, return_inverse=True)
    lengths = np.diff(units.starts)
    owner = np.repeat(np.arange(first, first + len(lengths)), lengths)
    cells = np.sort(ids << _UNIT | owner)
    new = np.ones(len(cells), bool)
    new[1:] = cells[1:] != cells[:-1]
    at = np.flatnonzero(new)
    often = np.minimum(np.diff(np.append(at, len(cells))), (1 << _COUNT) - 1)
    return Counted(vocabulary, cells[at] << _COUNT | often, lengths.astype(np.int32))


def gathered(parts: Sequence[Counted]) -> Counted:
    """The counts of several runs of units as one, in order of term and unit."""
    if len(parts) == 1:
        return parts[0]
    vocabulary = np.unique(np.concatenate([np.empty(0, np.int64), *(part.vocabulary for part in parts)]))
    cells = np.empty(sum(len(part.cells) for part in parts), np.int64)
    end = 0
    for part in parts:
        term = np.searchsorted(vocabulary, part.vocabulary)[part.cells >> (_UNIT + _COUNT)]
        low = part.cells & ((1 << (_UNIT + _COUNT)) - 1)
        cells[end : end + len(low)] = term << (_UNIT + _COUNT) | low
        end += len(low)
    lengths = np.concatenate([np.empty(0, np.int32), *(part.lengths for part in parts)])
    cells.sort()
    return Counted(vocabulary, cells, lengths)


@dataclass(frozen=True, slots=True)
class Postings:
    """Packed postings, term after term. `documents` says how many units hold each term of `vocabulary`;
    `high` are the upper bytes of the gaps of terms that are not near; a gap or count of 0 is looked up in
    `far` or `many` by its place."""

    vocabulary: Keys
    documents: npt.NDArray[np.int32]
    lengths: npt.NDArray[np.int32]
    gaps: npt.NDArray[np.uint8]
    high: npt.NDArray[np.uint8]
    far_at: npt.NDArray[np.uint32]
    far: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint8]
    many_at: npt.NDArray[np.uint32]
    many: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, counted: Counted) -> Postings:
        """Packs what was counted."""
        cells, terms = counted.cells, np.arange(len(counted.vocabulary) + 1)
        ends = np.searchsorted(cells, terms << (_UNIT + _COUNT))
        documents, starts = np.diff(ends), ends[:-1]
        gaps, often = np.empty(len(cells), np.int32), np.empty(len(cells), np.uint8)
        for first in range(0, len(cells), _BLOCK):  # so that no second array of 64-bit numbers is made
            block = cells[max(first - 1, 0) : first + _BLOCK]
            unit = ((block >> _COUNT) & ((1 << _UNIT) - 1)).astype(np.int32)
            gaps[first : first + _BLOCK] = np.diff(unit, prepend=[-1] * (first == 0))
            often[first : first + _BLOCK] = block[first > 0 :] & ((1 << _COUNT) - 1)
        gaps[starts] = ((cells[starts] >> _COUNT) & ((1 << _UNIT) - 1)) + 1
        return _packed(counted.vocabulary, documents, counted.lengths, gaps, often)

    @classmethod
    def open(cls, folder: Path) -> Postings:
        """Maps saved postings. Raises OSError, ValueError, KeyError."""
        held = archive(folder / ARRAYS)
        gaps, high, counts = (mapped(folder / name) for name in (GAPS, HIGH, COUNTS))
        before = (held["vocabulary"], held["documents"], held["lengths"].astype(np.int32), gaps, high)
        return cls(*before, held["far_at"], held["far"], counts, held["many_at"], held["many"])

    def save(self, folder: Path) -> None:
        np.save(folder / GAPS, self.gaps)
        np.save(folder / HIGH, self.high)
        np.save(folder / COUNTS, self.counts)
        np.savez(
            folder / ARRAYS,
            vocabulary=self.vocabulary,
            documents=self.documents,
            lengths=self.lengths.astype(np.min_scalar_type(self.lengths.max(initial=0))),
            far_at=self.far_at,
            far=self.far,
            many_at=self.many_at,
            many=self.many,
        )

    @property
    def near(self) -> npt.NDArray[np.bool_]:
        """Which terms' gaps have one byte."""
        return _near(self.documents, len(self.lengths))

    def distances(self, first: int, end: int, high: slice | None) -> npt.NDArray[np.int32]:
        """The gaps of postings first … end - 1 of one term, whose upper bytes stand at `high`."""
        gaps = self.gaps[first:end].astype(np.int32)
        if high is not None:
            gaps |= self.high[high].astype(np.int32) << 8
        low, top = self._beside(self.far_at, first, end)
        gaps[self.far_at[low:top].astype(np.int64) - first] = self.far[low:top]
        return gaps

    def all_distances(self) -> npt.NDArray[np.int32]:
        """The gaps of every posting."""
        gaps = self.gaps.astype(np.int32)
        upper = np.zeros(len(gaps), np.uint8)
        upper[~np.repeat(self.near, self.documents)] = self.high
        gaps |= np.left_shift(upper, 8, dtype=np.int32)
        gaps[self.far_at] = self.far
        return gaps

    @staticmethod
    def _beside(places: npt.NDArray[np.uint32], first: int, end: int) -> tuple[int, int]:
        low, high = np.searchsorted(places, np.array([first, end], np.uint32))  # of one kind: no copy
        return int(low), int(high)

    def often(self, first: int, end: int) -> npt.NDArray[np.uint8]:
        """The counts of postings first … end - 1."""
        pairs = self.counts[first // 2 : (end + 1) // 2]
        counts = np.empty(2 * len(pairs), np.uint8)
        counts[::2], counts[1::2] = pairs & 15, pairs >> 4
        counts = counts[first % 2 : first % 2 + end - first]
        low, high = self._beside(self.many_at, first, end)
        counts[self.many_at[low:high].astype(np.int64) - first] = self.many[low:high]
        return counts


def _near(documents: npt.NDArray[Any], units: int) -> npt.NDArray[np.bool_]:
    near: npt.NDArray[np.bool_] = documents * np.int64(_OFTEN) > units
    return near


def _packed(
    vocabulary: Keys,
    documents: Numbers,
    lengths: npt.NDArray[np.int32],
    gaps: npt.NDArray[np.int32],
    often: npt.NDArray[np.uint8],
) -> Postings:
    wide = ~np.repeat(_near(documents, len(lengths)), documents)
    far_at, many_at = (
        np.flatnonzero((gaps >= _NEAR) & (~wide | (gaps >= _FAR))),
        np.flatnonzero(often >= _MANY),
    )
    narrow, small = gaps.copy(), np.append(often, np.zeros(len(often) % 2, np.uint8))
    narrow[far_at], small[many_at] = 0, 0
    return Postings(
        vocabulary,
        documents.astype(np.int32),
        lengths,
        narrow.astype(np.uint8),
        (narrow[wide] >> 8).astype(np.uint8),
        far_at.astype(np.uint32),
        gaps[far_at],
        (small[::2] | small[1::2] << 4).astype(np.uint8),
        many_at.astype(np.uint32),
        often[many_at],
    )


@dataclass(frozen=True, slots=True)
class Edit:
    """Units at … at + removed - 1 go; the units of `new`, numbered from `at`, come in their place."""

    at: int
    removed: int
    new: Counted


def splice(old: Postings, edits: Sequence[Edit]) -> Postings:
    """The postings after edits that do not meet, given from the last to the first unit."""
    vocabulary = np.unique(np.concatenate([old.vocabulary, *(edit.new.vocabulary for edit in edits)]))
    documents = np.zeros(len(vocabulary), np.int64)
    documents[np.searchsorted(vocabulary, old.vocabulary)] = old.documents
    total = len(old.gaps)
    gaps, often, lengths = old.all_distances(), old.often(0, total), old.lengths
    for edit in edits:
        gaps, often = _edited(vocabulary, documents, gaps, often, edit)
        kept = (lengths[: edit.at], edit.new.lengths, lengths[edit.at + edit.removed :])
        lengths = np.concatenate(kept)
    used = documents > 0
    return _packed(vocabulary[used], documents[used], lengths, gaps, often)


def _edited(
    vocabulary: Keys,
    documents: Numbers,
    gaps: npt.NDArray[np.int32],
    often: npt.NDArray[np.uint8],
    edit: Edit,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """One edit; `documents` is brought up to date in place."""
    low, high, before, after = _around(gaps, documents, edit)
    cells = edit.new.cells
    term = np.searchsorted(vocabulary, edit.new.vocabulary)[cells >> (_UNIT + _COUNT)]
    unit = (cells >> _COUNT) & ((1 << _UNIT) - 1)
    first = np.ones(len(term), bool)
    first[1:] = term[1:] != term[:-1]
    inserted = np.where(first, unit - before[term], np.diff(unit, prepend=0)).astype(np.int32)
    before[term] = unit  # in order, so that the last one stays
    follows = np.flatnonzero(after >= 0)
    moved = after[follows] + len(edit.new.lengths) - edit.removed
    gaps[high[follows]] = moved - before[follows]
    gone = _within(low, high)
    places = low[term] - np.searchsorted(gone, low[term])
    counts = (cells & ((1 << _COUNT) - 1)).astype(np.uint8)
    documents += np.bincount(term, minlength=len(documents)) - (high - low)
    if len(gone):
        gaps, often = np.delete(gaps, gone), np.delete(often, gone)
    return np.insert(gaps, places, inserted), np.insert(often, places, counts)


def _around(
    gaps: npt.NDArray[np.int32], documents: Numbers, edit: Edit
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Of every term: where its postings of the units that go begin and end, its last unit before them and
    its first one after, -1 where there is none.

    Each run of terms is put on one line, strictly rising, so that one search finds all their places.
    """
    ends = np.cumsum(documents)
    starts = ends - documents
    low, high, before, after = (np.empty(len(ends), np.int64) for _ in range(4))
    runs = np.searchsorted(starts, np.arange(0, len(gaps), _RUN))
    for a, b in itertools.pairwise(np.unique([0, *runs, len(ends)]).tolist()):
        begin = int(starts[a])
        line = np.concatenate([[0], np.cumsum(gaps[begin : int(ends[b - 1])], dtype=np.int64), [0]])
        first, last = starts[a:b] - begin, ends[a:b] - begin
        base = line[first]
        from_, to = (
            np.minimum(np.searchsorted(line[1:-1], base + unit + 1), last)
            for unit in (edit.at, edit.at + edit.removed)
        )
        low[a:b], high[a:b] = from_ + begin, to + begin
        before[a:b] = line[from_] - base - 1
        after[a:b] = np.where(to < last, line[to + 1] - base - 1, -1)
    return low, high, before, after


def _within(low: Numbers, high: Numbers) -> Numbers:
    """Every number of the ranges low … high - 1, which rise."""
    sizes = high - low
    wide = np.flatnonzero(sizes)
    if not len(wide):
        return np.empty(0, np.int64)
    ends = np.cumsum(sizes[wide])
    places: Numbers = np.arange(ends[-1]) + np.repeat(low[wide] - (ends - sizes[wide]), sizes[wide])
    return places
