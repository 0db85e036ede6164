"""What changed between two orders of texts."""

from __future__ import annotations

import pytest

from indexer.changes import Change, changes, few

ROWS = [
    ("ab", "ab", []),
    ("", "ab", [Change(0, 0, 0, 2)]),
    ("ab", "", [Change(0, 2, 0, 0)]),
    ("ab", "axb", [Change(1, 1, 1, 2)]),
    ("ab", "xab", [Change(0, 0, 0, 1)]),
    ("ab", "abx", [Change(2, 2, 2, 3)]),
    ("abcd", "aBcx", [Change(1, 2, 1, 2), Change(3, 4, 3, 4)]),
    ("abc", "acb", None),
]


@pytest.mark.parametrize(("old", "new", "expected"), ROWS)
def test_changes(old: str, new: str, expected: list[Change] | None) -> None:
    found = changes([(c.lower(), c) for c in old], [(c.lower(), c) for c in new])
    assert found == expected


def test_many_changes_are_not_few() -> None:
    assert few([Change(0, 1, 0, 60)])
    assert not few([Change(0, 1, 0, 64)])
    assert not few([Change(n, n, n, n + 1) for n in range(17)])
