"""Keys to places without a search: a hash table in two arrays, asked for thousands of keys at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]
FREE = np.int64(-(1 << 62))  # no gram has this key
MIX = np.uint64(0x9E3779B97F4A7C15)


class KeyTable:
    """Where each of some different keys stands: open addressing, four slots a key.

    A row of `slots` is a key (FREE for none) and its place; `bits` is the logarithm of their number.
    """

    def __init__(self, keys: Keys) -> None:
        self._count = len(keys)
        self.bits = max(int(len(keys) * 4 - 1).bit_length(), 4)
        size = 1 << self.bits
        self.slots = np.empty((size, 2), np.int64)
        self.slots[:] = FREE, -1
        held, numbers = self.slots[:, 0], self.slots[:, 1]
        places = np.arange(len(keys))
        slots = self._first(keys)
        while len(places):
            free = held[slots] == FREE
            # Of several keys that want one slot the last written has it; the others go one further.
            numbers[slots[free]] = places[free]
            placed = numbers[slots] == places
            held[slots[placed]] = keys[places[placed]]
            places, slots = places[~placed], (slots[~placed] + 1) & (size - 1)

    def __len__(self) -> int:
        return self._count

    def _first(self, keys: Keys) -> npt.NDArray[np.int64]:
        mixed = keys.astype(np.uint64) * MIX
        slots: npt.NDArray[np.int64] = (mixed >> np.uint64(64 - self.bits)).astype(np.int64)
        return slots

    def places(self, keys: Keys) -> Places:
        """The place of each key, -1 for one that is not there."""
        slots = self._first(keys)
        cells = self.slots[slots]
        held = cells[:, 0]
        found = np.where(held == keys, cells[:, 1], -1)
        open_ = np.flatnonzero((held != keys) & (held != FREE))
        while len(open_):
            slots[open_] = (slots[open_] + 1) & (len(self.slots) - 1)
            held = self.slots[slots[open_], 0]
            hit = held == keys[open_]
            found[open_[hit]] = self.slots[slots[open_[hit]], 1]
            open_ = open_[~hit & (held != FREE)]
        return found


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a gram model knows: the vector of a gram is the row of `vectors` after its place in `table`; row 0
    is that of all it does not know."""

    table: KeyTable
    vectors: npt.NDArray[Any]
