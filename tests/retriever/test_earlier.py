"""Evidence from earlier questions: how often, how near, with what share of the weight; nought elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DamagedData
from indexer.embedding import SHIPPED, open_encoder
from retriever import earlier
from retriever.earlier import FEATURES, earlier_of, title_hash, words_key

QUESTIONS = ("电梯多久检查一次", "电梯坏了找谁", "邻居占了我家的地怎么办")
LIFT, LAND = "电梯应当每十五日维护保养一次。", "不动产的相邻权利人应当正确处理相邻关系。"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped encoder with three earlier questions of its own."""
    home = tmp_path_factory.mktemp("encoder") / "model"
    shutil.copytree(SHIPPED, home)
    vectors = open_encoder(SHIPPED).encode(QUESTIONS)
    words = [[words_key(LIFT)], [words_key(LIFT), words_key(LAND)], [words_key(LAND)]]
    titles = [
        [title_hash("电梯条例")],
        [title_hash("电梯条例"), title_hash("民法典")],
        [title_hash("民法典")],
    ]
    earlier.write(home, vectors, words, titles)
    return home


def evidence(folder: Path, question: str) -> dict[str, np.ndarray]:
    encoder = open_encoder(folder)
    held = earlier_of(encoder)
    assert held is not None
    words = np.array([words_key(text) for text in (LIFT, LAND, "没有人问过的条文。")])
    titles = np.array([title_hash(title) for title in ("电梯条例", "中华人民共和国民法典", "档案法")])
    return held.evidence(encoder.encode([question])[0], words, titles)


def test_the_words_that_answered_a_like_question_have_the_evidence(folder: Path) -> None:
    found = evidence(folder, QUESTIONS[0])
    assert tuple(found) == FEATURES
    assert found["asked_any"] == pytest.approx(1, abs=0.02)
    assert found["asked_times"] == pytest.approx(np.log1p([2, 2, 0]))
    assert found["asked_text_times"] == pytest.approx(np.log1p([2, 2, 0]))
    assert found["asked_nearest"][0] == pytest.approx(1, abs=0.02)
    assert found["asked_nearest"][0] > found["asked_nearest"][1] > found["asked_nearest"][2] == 0
    assert found["asked_votes"][0] > 0.9 > found["asked_votes"][1] > found["asked_votes"][2] == 0
    assert found["asked_text_nearest"] == pytest.approx(found["asked_nearest"])
    assert found["asked_text_votes"] == pytest.approx(found["asked_votes"])


def test_votes_are_shares_of_all_weight(folder: Path) -> None:
    found = evidence(folder, "邻居把我家地占了")
    assert (found["asked_votes"] <= 1 + 1e-5).all()
    assert found["asked_votes"][1] > found["asked_votes"][0]


def test_words_are_the_same_in_any_layout() -> None:
    assert words_key("甲应当\n　 办理。") == words_key("甲应当办理。") != words_key("乙应当办理。")
    assert title_hash("中华人民共和国民法典") == title_hash("民法典") != title_hash("刑法")


def test_an_encoder_without_earlier_questions_has_none(folder: Path, tmp_path: Path) -> None:
    bare = tmp_path / "model"
    shutil.copytree(folder, bare)
    (bare / earlier.FILE).unlink()
    assert earlier_of(open_encoder(bare)) is None


def test_a_damaged_file_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "model"
    shutil.copytree(folder, broken)
    (broken / earlier.FILE).write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00nonsense")
    with pytest.raises(DamagedData, match="编码模型"):
        earlier_of(open_encoder(broken))
