"""Keys to places without a search: a hash table in two arrays, asked for thousands of keys at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]
_FREE = np.int64(-(1 << 62))  # no gram has this key
_MIX = np.uint64(0x9E3779B97F4A7C15)


class KeyTable:
    """Where each of some different keys stands: open addressing, four slots a key."""

    def __init__(self, keys: Keys) -> None:
        self._bits = max(int(len(keys) * 4 - 1).bit_length(), 4)
        size = 1 << self._bits
        self._keys = np.full(size, _FREE, np.int64)
        self._places = np.full(size, -1, np.int32)
        places = np.arange(len(keys), dtype=np.int32)
        slots = self._slots(keys)
        while len(places):
            free = self._keys[slots] == _FREE
            # Of several keys that want one slot the last written has it; the others go one further.
            self._places[slots[free]] = places[free]
            placed = self._places[slots] == places
            self._keys[slots[placed]] = keys[places[placed]]
            places, slots = places[~placed], (slots[~placed] + 1) & (size - 1)

    def _slots(self, keys: Keys) -> npt.NDArray[np.int64]:
        mixed = keys.astype(np.uint64) * _MIX
        slots: npt.NDArray[np.int64] = (mixed >> np.uint64(64 - self._bits)).astype(np.int64)
        return slots

    def places(self, keys: Keys) -> Places:
        """The place of each key, -1 for one that is not there."""
        slots = self._slots(keys)
        held = self._keys[slots]
        found = np.where(held == keys, self._places[slots], -1).astype(np.int64)
        open_ = np.flatnonzero((held != keys) & (held != _FREE))
        while len(open_):
            slots[open_] = (slots[open_] + 1) & (len(self._keys) - 1)
            held = self._keys[slots[open_]]
            hit = held == keys[open_]
            found[open_[hit]] = self._places[slots[open_[hit]]]
            open_ = open_[~hit & (held != _FREE)]
        return found
