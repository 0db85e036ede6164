"""Postings packed, read again, and spliced: always what counting everything anew gives."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from indexer import postings
from indexer.grams import grams
from indexer.postings import Edit, Postings, count, gathered, splice

LETTERS = "安全生产责任法的规定第条ab1 "


def texts(chance: random.Random, most: int) -> list[str]:
    return ["".join(chance.choices(LETTERS, k=chance.randint(0, 60))) for _ in range(chance.randint(0, most))]


def same(one: Postings, other: Postings) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Postings.__slots__)


def listed(held: Postings) -> dict[int, dict[int, int]]:
    """term → unit → count, unpacked."""
    out = {}
    ends, gaps = np.cumsum(held.documents), held.all_distances()
    for key, first, end in zip(
        held.vocabulary.tolist(), (ends - held.documents).tolist(), ends.tolist(), strict=True
    ):
        units = np.cumsum(gaps[first:end]) - 1
        out[key] = dict(zip(units.tolist(), held.often(first, end).tolist(), strict=True))
    return out


@pytest.fixture(
    params=[(8, 16, 64, 1 << 18), (1, 2, 3, 100), (0, 1, 2, 5)],
    ids=["as shipped", "some beside", "most beside"],
)
def narrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    near, many, often, run = request.param
    monkeypatch.setattr(postings, "_RUN", run)
    monkeypatch.setattr(postings, "_NEAR", 1 << near)
    monkeypatch.setattr(postings, "_FAR", 1 << (near + 1))
    monkeypatch.setattr(postings, "_MANY", many)
    monkeypatch.setattr(postings, "_OFTEN", often)


@pytest.mark.usefixtures("narrow")
def test_packed_and_saved_is_what_was_counted(tmp_path: Path) -> None:
    held = texts(random.Random(1), 40)
    Postings.of(count(grams(held))).save(tmp_path)
    expected: dict[int, dict[int, int]] = {}
    for number, text in enumerate(held):
        for key, times in Counter(grams([text]).keys.tolist()).items():
            expected.setdefault(key, {})[number] = times
    assert listed(Postings.open(tmp_path)) == expected


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("seed", range(60))
def test_spliced_is_counted_anew(seed: int) -> None:
    chance = random.Random(seed)
    old = texts(chance, 40)
    new, edits, high = list(old), [], len(old)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, high)
        removed, fresh = chance.randint(0, min(5, high - at)), texts(chance, 5)
        edits.append(Edit(at, removed, count(grams(fresh), first=at)))
        new[at : at + removed] = fresh
        high = max(at - 1, 0)
        if not at:
            break
    whole = Postings.of(count(grams(new)))
    assert same(splice(Postings.of(count(grams(old))), edits), whole)
    middle = chance.randint(0, len(new))
    parts = [count(grams(new[:middle])), count(grams(new[middle:]), first=middle)]
    assert same(Postings.of(gathered(parts)), whole)
