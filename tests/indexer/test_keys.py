"""The hash table of keys against a dictionary."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.grams import grams
from indexer.keys import KeyTable

NUMBERS = st.integers(min_value=0, max_value=(1 << 62) - 1)


@settings(deadline=None, max_examples=100)
@given(st.lists(NUMBERS, unique=True, max_size=60), st.lists(NUMBERS, max_size=60))
def test_places_are_those_of_a_dictionary(keys: list[int], asked: list[int]) -> None:
    known = {key: place for place, key in enumerate(keys)}
    wanted = np.array([*asked, *keys], np.int64)
    found = KeyTable(np.array(keys, np.int64)).places(wanted)
    assert found.tolist() == [known.get(key, -1) for key in wanted.tolist()]


def test_neighbouring_keys_do_not_hide_one_another() -> None:
    keys = np.unique(grams(["".join(map(chr, range(0x4E00, 0x5A00)))]).keys)
    assert (KeyTable(keys).places(keys) == np.arange(len(keys))).all()
