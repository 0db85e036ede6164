"""The sums of BM25 over packed postings: a loop compiled to machine code."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.compiled import compiled, inlined

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


class Terms(NamedTuple):
    """Terms of a question: term t has `sizes[t]` postings from `starts[t]` on, the upper bytes of its gaps
    from `uppers[t]` on (-1 where gaps have one byte), and counts `weights[t]`."""

    starts: Numbers
    uppers: Numbers
    sizes: Numbers
    weights: Floats


class Packed(NamedTuple):
    """The packed arrays of `indexer.postings.Postings`, which says what they mean."""

    gaps: Bytes
    high: Bytes
    counts: Bytes
    far_at: npt.NDArray[np.uint32]
    far: npt.NDArray[np.int32]
    many_at: npt.NDArray[np.uint32]
    many: Bytes


@inlined
def first_at(places: npt.NDArray[np.uint32], wanted: int) -> int:
    """The first of the rising `places` that is not below `wanted`."""
    low, high = 0, len(places)
    while low < high:
        middle = (low + high) >> 1
        if places[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def add_up(total: Floats, norm: Floats, terms: Terms, held: Packed) -> None:
    """Adds weight · n / (n + norm) to every unit of each term, n being how often the term stands there."""
    for term in range(len(terms.starts)):
        start, upper, weight = terms.starts[term], terms.uppers[term], terms.weights[term]
        beyond, often = first_at(held.far_at, start), first_at(held.many_at, start)
        unit = -1
        for at in range(start, start + terms.sizes[term]):
            gap = np.int64(held.gaps[at])
            if upper >= 0:
                gap |= np.int64(held.high[upper + at - start]) << 8
            if gap == 0:
                gap = np.int64(held.far[beyond])
                beyond += 1
            unit += int(gap)
            count = np.int64(held.counts[at >> 1]) >> ((at & 1) << 2) & 15
            if count == 0:
                count = np.int64(held.many[often])
                often += 1
            times = np.float32(count)
            total[unit] += times / (times + norm[unit]) * weight
