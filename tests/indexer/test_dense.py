"""FAISS behind DenseIndex: exact, filtered, and giving back what it holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DamagedData
from indexer.dense import FILE, DenseIndex


@pytest.fixture
def vectors() -> np.ndarray:
    made = np.random.default_rng(3).standard_normal((500, 32)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize(("fine", "found"), [(False, 9.5), (True, 9.9)])
def test_search_is_near_exact_after_saving(
    vectors: np.ndarray, tmp_path: Path, fine: bool, found: float
) -> None:
    built = DenseIndex.build(32, fine=fine)
    built.add(vectors)
    built.save(tmp_path)
    index = DenseIndex.open(tmp_path)
    scores, numbers = index.search(vectors[:20], 10)
    exact = np.argsort(-(vectors[:20] @ vectors.T), axis=1)[:, :10]
    assert (numbers[:, 0] == np.arange(20)).all()
    assert np.mean([len(set(a) & set(b)) for a, b in zip(numbers, exact, strict=True)]) >= found
    assert np.allclose(scores[:, 0], 1, atol=1e-2)
    assert np.abs(index.vectors([7, 3]) - vectors[[7, 3]]).max() < 5e-3


def test_only_the_allowed_are_found(vectors: np.ndarray) -> None:
    index = DenseIndex.build(32)
    index.add(vectors)
    scores, numbers = index.search(vectors[:1], 10, allowed=np.array([5, 9, 499]))
    assert set(numbers[0]) == {5, 9, 499, -1}
    assert scores.shape == (1, 10)


def test_a_broken_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not an index")
    with pytest.raises(DamagedData, match="向量索引"):
        DenseIndex.open(tmp_path)


def test_codes_taken_over_are_those_of_the_vectors(vectors: np.ndarray) -> None:
    first, second, again = (DenseIndex.build(32) for _ in range(3))
    first.add(vectors)
    second.add_from(first, 100, 400)
    again.add(first.vectors(range(100, 400)))
    assert np.array_equal(second.vectors(range(300)), first.vectors(range(100, 400)))
    assert np.array_equal(again.vectors(range(300)), second.vectors(range(300)))
