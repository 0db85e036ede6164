"""Two rankings into one."""

from __future__ import annotations

import numpy as np
import pytest

from retriever.fusion import best_passages, fuse, top


def f32(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_top_is_best_first_and_positive() -> None:
    assert top(f32(0, 3, 1, 0, 2), 4).tolist() == [1, 4, 2]
    assert top(f32(), 4).tolist() == []


def test_of_equal_scores_the_first_come_first() -> None:
    assert top(f32(1, 2, 1, 1, 0, 1), 3).tolist() == [1, 0, 2]
    assert top(f32(0, 0, 0), 2).tolist() == []
    many = np.random.default_rng(3).integers(0, 9, 5000).astype(np.float32)
    wanted = [n for n in np.argsort(-many, kind="stable").tolist() if many[n] > 0]
    assert top(many, 700).tolist() == wanted[:700]
    assert top(many, 0).tolist() == []


@pytest.mark.parametrize("share", [0.001, 0.05, 0.9])
def test_among_any_number_of_noughts(share: float) -> None:
    chance = np.random.default_rng(4)
    scores = np.where(chance.random(20_000) < share, chance.integers(1, 500, 20_000), 0).astype(np.float32)
    wanted = [n for n in np.argsort(-scores, kind="stable").tolist() if scores[n] > 0]
    assert top(scores, 600).tolist() == wanted[:600]


def test_a_unit_counts_by_its_best_passage() -> None:
    units, scores = best_passages(np.array([7, 2, 7, 1]), f32(0.9, 0.8, 0.7, 0.6))
    assert units.tolist() == [7, 2, 1]
    assert scores.tolist() == f32(0.9, 0.8, 0.6).tolist()


def test_both_rankings_weigh() -> None:
    found = fuse(np.array([0, 1, 2]), f32(0.9, 0.5, 0.1), f32(1, 9, 0, 5), weight=0.7)
    assert found.units.tolist() == [0, 1, 3, 2]
    assert found.fused[0] == np.float32(0.7)
    assert abs(found.fused[1] - (0.7 * 0.5 + 0.3)) < 1e-6
    assert (np.diff(found.fused) <= 0).all()


def test_one_ranking_alone() -> None:
    only_words = fuse(np.empty(0, np.int64), f32(), f32(0, 2, 1))
    assert only_words.units.tolist() == [1, 2]
    only_vectors = fuse(np.array([2, 0]), f32(0.5, 0.2), f32(0, 0, 0))
    assert only_vectors.units.tolist() == [2, 0]
    assert len(fuse(np.empty(0, np.int64), f32(), f32(0, 0))) == 0
