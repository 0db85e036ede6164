"""BM25 against its formula written out, saved and mapped again."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from indexer.grams import grams
from indexer.lexical import K1, B, LexicalIndex

TEXTS = ["安全生产许可证有效期三年", "消防安全检查，消防验收", "safety 9704", "档案公布", ""]


def by_hand(question: str, texts: list[str]) -> list[float]:
    bags = [Counter(grams([text]).keys.tolist()) for text in texts]
    mean = sum(sum(bag.values()) for bag in bags) / len(bags)
    out = []
    for bag in bags:
        total = 0.0
        for key in grams([question]).keys.tolist():
            documents = sum(1 for other in bags if other[key])
            idf = math.log(1 + (len(bags) - documents + 0.5) / (documents + 0.5))
            norm = K1 * (1 - B + B * sum(bag.values()) / mean)
            total += idf * bag[key] / (bag[key] + norm) if documents else 0.0
        out.append(total)
    return out


@pytest.mark.parametrize("question", ["许可证几年", "消防检查", "SAFETY", "9704", "没有的词"])
def test_scores_follow_the_formula(question: str, tmp_path: Path) -> None:
    built = LexicalIndex.build(grams(TEXTS))
    built.save(tmp_path)
    assert np.allclose(LexicalIndex.open(tmp_path).scores(question), by_hand(question, TEXTS), atol=1e-5)


def test_common_letters_alone_are_not_scored_unless_nothing_else_is() -> None:
    index = LexicalIndex.build(grams(["安甲", "安乙", "安丙", "安丁"]))
    assert (index.scores("安甲") > 0).tolist() == [True, False, False, False]
    assert (index.scores("安") > 0).all()


def test_rarity_orders_pieces() -> None:
    index = LexicalIndex.build(grams(TEXTS))
    never, once, twice = index.rarity(["飞机", "许可", "安全"])
    assert never > once > twice > 0


def test_far_units_and_many_repeats_are_added_up(tmp_path: Path) -> None:
    """Gaps and counts that do not fit into their bits stand beside the postings."""
    texts = ["普通条文"] * 70_000
    texts[3] = texts[69_999] = "罕见" * 20
    texts[300] = "罕见，普通"
    built = LexicalIndex.build(grams(texts))
    assert len(built.postings.far)
    assert len(built.postings.many)
    built.save(tmp_path)
    scores = LexicalIndex.open(tmp_path).scores("罕见")
    assert np.flatnonzero(scores).tolist() == [3, 300, 69_999]
    assert np.allclose(scores[[3, 300, 69_999]], _of_three(texts), rtol=1e-4)
    damaged = LexicalIndex.build(grams(texts))
    damaged.postings.many[:] = 1  # the control: counts that are not read make other scores
    assert not np.allclose(damaged.scores("罕见")[[3, 69_999]], _of_three(texts)[[0, 2]], rtol=1e-4)


def _of_three(texts: list[str]) -> np.ndarray:
    """BM25 of 罕见 in units 3, 300 and 69,999, by the formula."""
    sizes = np.array([len(grams([texts[n]]).keys) for n in (3, 300, 69_999)])
    mean = (sizes.sum() + (len(texts) - 3) * len(grams(["普通条文"]).keys)) / len(texts)
    norm = K1 * (1 - B + B * sizes / mean)
    total = np.zeros(3)
    for key in grams(["罕见"]).keys.tolist():
        held = np.array([Counter(grams([texts[n]]).keys.tolist())[key] for n in (3, 300, 69_999)])
        idf = math.log(1 + (len(texts) - 3 + 0.5) / (3 + 0.5))
        total += idf * held / (held + norm)
    return total


def test_empty_questions_and_empty_libraries() -> None:
    assert LexicalIndex.build(grams(TEXTS)).scores("，。？").tolist() == [0] * len(TEXTS)
    assert len(LexicalIndex.build(grams([])).scores("安全")) == 0
