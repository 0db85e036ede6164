"""FAISS behind DenseIndex: exact while small, in lists above; filtered, cut and joined, giving back what it
holds."""

from __future__ import annotations

import sys
from pathlib import Path

import faiss
import numpy as np
import pytest

from corpus.errors import DamagedData
from indexer import dense
from indexer.dense import FILE, DenseIndex

SMALL = 4000  # above this the tests' indexes lie in lists


def unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture
def vectors() -> np.ndarray:
    return unit(np.random.default_rng(3).standard_normal((500, 32)))


@pytest.fixture(scope="module")
def crowds() -> np.ndarray:
    """9,000 vectors around 120 places, as texts gather around subjects."""
    chance = np.random.default_rng(5)
    places = chance.standard_normal((120, 48))
    return unit(places[chance.integers(0, 120, 9000)] + chance.standard_normal((9000, 48)))


@pytest.fixture(scope="module")
def asked(crowds: np.ndarray) -> np.ndarray:
    chance = np.random.default_rng(6)
    return unit(crowds[chance.integers(0, 9000, 100)] + 0.09 * chance.standard_normal((100, 48)))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "EXACT", SMALL)


def built(rows: np.ndarray, folder: Path, *, fine: bool = False) -> DenseIndex:
    """An index of these vectors, written and opened again."""
    made = DenseIndex.build(rows.shape[1], fine=fine)
    made.add(rows)
    return kept(made, folder)


def kept(made: DenseIndex, folder: Path) -> DenseIndex:
    folder.mkdir(exist_ok=True)
    told = made.save(folder)
    index = DenseIndex.open(folder)
    assert index.facts == told
    assert len(index) == len(made)
    return index


def truly(rows: np.ndarray, asked: np.ndarray, allowed: np.ndarray | None = None) -> np.ndarray:
    """The ten nearest, reckoned without FAISS."""
    among = np.arange(len(rows)) if allowed is None else allowed
    nearest: np.ndarray = among[np.argsort(-(asked @ rows[among].T), axis=1, kind="stable")[:, :10]]
    return nearest


def agreed(found: np.ndarray, right: np.ndarray) -> float:
    pairs = zip(found, right, strict=True)
    return float(np.mean([len(set(a) & set(b)) / len(b) for a, b in pairs]))


@pytest.mark.parametrize(("fine", "found"), [(False, 9.5), (True, 9.9)])
def test_search_is_near_exact_after_saving(
    vectors: np.ndarray, tmp_path: Path, fine: bool, found: float
) -> None:
    index = built(vectors, tmp_path, fine=fine)
    scores, numbers = index.search(vectors[:20], 10)
    assert (numbers[:, 0] == np.arange(20)).all()
    assert 10 * agreed(numbers, truly(vectors, vectors[:20])) >= found
    assert np.allclose(scores[:, 0], 1, atol=1e-2)
    assert np.abs(index.vectors([7, 3]) - vectors[[7, 3]]).max() < 5e-3


def test_only_the_allowed_are_found(vectors: np.ndarray) -> None:
    index = DenseIndex.build(32)
    index.add(vectors)
    scores, numbers = index.search(vectors[:1], 10, allowed=np.array([5, 9, 499]))
    assert set(numbers[0]) == {5, 9, 499, -1}
    assert scores.shape == (1, 10)


def test_codes_taken_over_are_those_of_the_vectors(vectors: np.ndarray) -> None:
    first, second, again = (DenseIndex.build(32) for _ in range(3))
    first.add(vectors)
    second.add_from(first, 100, 400)
    again.add(first.vectors(range(100, 400)))
    assert np.array_equal(second.vectors(range(300)), first.vectors(range(100, 400)))
    assert np.array_equal(again.vectors(range(300)), second.vectors(range(300)))


# -- lists -------------------------------------------------------------------------------------------


def test_up_to_the_bound_every_passage_is_looked_at(crowds: np.ndarray, small: None, tmp_path: Path) -> None:
    at, above = (built(crowds[:count], tmp_path / str(count)) for count in (SMALL, SMALL + 1))
    assert at.facts == {"kind": "exact"}
    assert above.facts == {"kind": "lists", "lists": 63, "searched": 13}


def test_lists_find_what_is_nearest(
    crowds: np.ndarray, asked: np.ndarray, small: None, tmp_path: Path
) -> None:
    """One list alone, the control, does not."""
    index = built(crowds, tmp_path, fine=True)
    scores, numbers = index.search(asked, 10)
    assert agreed(numbers, truly(crowds, asked)) >= 0.98
    assert (np.diff(scores, axis=1) <= 0).all()
    assert np.allclose(scores[0], asked[0] @ crowds[numbers[0]].T, atol=1e-2)
    few = index._index.search(asked, 10, params=faiss.SearchParametersIVF(nprobe=1))[1]  # type: ignore[call-arg]
    assert agreed(few, truly(crowds, asked)) < 0.9


def test_lists_hold_the_codes_of_the_exact_index(
    crowds: np.ndarray, asked: np.ndarray, small: None, tmp_path: Path
) -> None:
    exact = DenseIndex.build(48)
    exact.add(crowds)
    index = built(crowds, tmp_path)
    numbers = np.array([8999, 0, 17, 17])
    assert np.array_equal(index.vectors(numbers), exact.vectors(numbers))
    assert agreed(index.search(asked, 10)[1], exact.search(asked, 10)[1]) >= 0.98


@pytest.mark.parametrize("share", [0.001, 0.02, 0.4])
def test_a_filter_finds_in_lists_what_it_lets_through(
    crowds: np.ndarray, asked: np.ndarray, small: None, tmp_path: Path, share: float
) -> None:
    """The control looks at as many lists as without a filter."""
    index = built(crowds, tmp_path, fine=True)
    allowed = np.sort(np.random.default_rng(8).choice(9000, int(9000 * share), replace=False))
    right = truly(crowds, asked, allowed)
    found = index.search(asked, 10, allowed=allowed)[1]
    assert set(found[found >= 0].tolist()) <= set(allowed.tolist())
    assert agreed(found, right) >= 0.995
    mask = np.zeros(9000, bool)
    mask[allowed] = True
    selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))  # type: ignore[call-arg,arg-type]
    unraised = faiss.SearchParametersIVF(sel=selector, nprobe=int(index.facts["searched"]))  # type: ignore[call-arg]
    control = agreed(index._index.search(asked, 10, params=unraised)[1], right)
    assert control < (0.99 if share > 0.1 else 0.85)


def test_no_passage_allowed_finds_none(crowds: np.ndarray, small: None, tmp_path: Path) -> None:
    index = built(crowds, tmp_path)
    assert (index.search(crowds[:2], 10, allowed=np.empty(0, np.int64))[1] == -1).all()


def test_the_same_vectors_give_the_same_file(crowds: np.ndarray, small: None, tmp_path: Path) -> None:
    for name in ("one", "two"):
        built(crowds, tmp_path / name)
    assert (tmp_path / "one" / FILE).read_bytes() == (tmp_path / "two" / FILE).read_bytes()


def test_taking_out_and_putting_back_leaves_the_same_file(
    crowds: np.ndarray, small: None, tmp_path: Path
) -> None:
    old = built(crowds, tmp_path / "old")
    without = DenseIndex.build(48)
    without.add_from(old, 0, 1000)
    without.add_from(old, 1100, 9000)
    middle = kept(without, tmp_path / "middle")
    assert np.array_equal(middle.vectors([999, 1000]), old.vectors([999, 1100]))
    back = DenseIndex.build(48)
    back.add_from(middle, 0, 1000)
    back.add(crowds[1000:1100])
    back.add_from(middle, 1000, 8900)
    kept(back, tmp_path / "back")
    assert (tmp_path / "back" / FILE).read_bytes() == (tmp_path / "old" / FILE).read_bytes()
    assert (tmp_path / "middle" / FILE).read_bytes() != (tmp_path / "old" / FILE).read_bytes()


def test_a_changed_index_finds_what_a_new_one_finds(
    crowds: np.ndarray, asked: np.ndarray, small: None, tmp_path: Path
) -> None:
    old = built(crowds[:6000], tmp_path / "old", fine=True)
    changed = DenseIndex.build(48, fine=True)
    changed.add_from(old, 500, 6000)
    changed.add(crowds[6000:])
    index = kept(changed, tmp_path / "changed")
    assert index.lists == old.lists == 77  # no new training
    anew = built(crowds[500:], tmp_path / "anew", fine=True)
    assert anew.lists == 92
    right = truly(crowds[500:], asked)
    mine, its = (agreed(one.search(asked, 10)[1], right) for one in (index, anew))
    assert mine >= 0.95
    assert abs(mine - its) <= 0.02


@pytest.mark.parametrize(
    ("before", "after", "lists"),
    [
        (4100, 8000, 64),  # kept
        (4100, 8500, 92),  # doubled: trained anew
        (4000, 4500, 67),  # exact before
        (5000, 3000, 0),  # exact now
    ],
)
def test_centres_are_trained_anew_when_the_size_has_doubled(
    crowds: np.ndarray, small: None, tmp_path: Path, before: int, after: int, lists: int
) -> None:
    old = built(crowds[:before], tmp_path / "old")
    made = DenseIndex.build(48)
    made.add_from(old, 0, min(before, after))
    made.add(crowds[before:after])
    new = kept(made, tmp_path / "new")
    assert new.lists == lists
    if not lists or before <= SMALL:  # nothing of the old index is left: the file of a new one
        built(crowds[:after], tmp_path / "anew")
        assert (tmp_path / "new" / FILE).read_bytes() == (tmp_path / "anew" / FILE).read_bytes()


def test_centres_left_after_most_has_gone_are_trained_anew(
    crowds: np.ndarray, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dense, "EXACT", 100)
    old = built(crowds[:5000], tmp_path / "old")
    made = DenseIndex.build(48)
    made.add_from(old, 100, 1100)
    assert kept(made, tmp_path / "new").lists == 32


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells mapped files from /proc")
@pytest.mark.parametrize("count", [500, 9000])
def test_the_file_is_mapped_and_not_read(crowds: np.ndarray, small: None, tmp_path: Path, count: int) -> None:
    index = built(crowds[:count], tmp_path)
    assert str(tmp_path / FILE) in Path("/proc/self/maps").read_text()
    assert len(index) == count


@pytest.mark.parametrize("size", [0, 3, 200, 5000, 200_000])
def test_a_file_cut_short_is_one_sentence(crowds: np.ndarray, small: None, tmp_path: Path, size: int) -> None:
    built(crowds, tmp_path / "whole")
    (tmp_path / FILE).write_bytes((tmp_path / "whole" / FILE).read_bytes()[:size])
    with pytest.raises(DamagedData, match="向量索引读不出来"):
        DenseIndex.open(tmp_path)


def test_another_kind_of_index_is_one_sentence(crowds: np.ndarray, tmp_path: Path) -> None:
    other = faiss.IndexFlatIP(48)
    other.add(crowds[:10])
    faiss.write_index(other, str(tmp_path / FILE))
    with pytest.raises(DamagedData, match="另一种索引"):
        DenseIndex.open(tmp_path)
    (tmp_path / FILE).write_bytes(b"not an index")
    with pytest.raises(DamagedData, match="向量索引"):
        DenseIndex.open(tmp_path)
