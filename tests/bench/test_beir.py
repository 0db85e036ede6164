"""The BEIR figures on a folder small enough to check by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from bench import beir
from corpus.errors import WrongUsage

DOCUMENTS = [
    ("d0", "安全法第一条", "生产经营单位应当建立安全生产责任制。"),
    ("d1", "安全法第二条", "安全生产许可证的有效期为三年。"),
    ("d2", "消防规定第九条", "消防通道不得占用。"),
    ("d3", "", "A text with no title about fire safety."),
]
QUESTIONS = [("q0", "许可证能用几年"), ("q1", "占用消防通道"), ("q2", "没人判过的问题")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qrels").mkdir()
    rows = [{"_id": i, "title": t, "text": x} for i, t, x in DOCUMENTS]
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(r) for r in rows))
    asked = [{"_id": i, "text": t} for i, t in QUESTIONS]
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps(r) for r in asked))
    (tmp_path / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq0\td1\t1\nq1\td2\t1\nq1\td3\t0\n"
    )
    return tmp_path


def test_every_system_is_measured(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = beir.measure(folder)
    assert list(figures) == ["bm25", "dense", "fused", "full"]
    for row in figures.values():
        assert set(row) == {"R@5", "R@10", "R@20", "R@100", "MRR@10", "nDCG@10"}
    assert figures["full"]["R@5"] == 1.0
    assert figures["bm25"]["MRR@10"] == 1.0


def test_figures_by_hand() -> None:
    gold = {"a": {"x": 1, "y": 1}, "b": {"z": 2}}
    run = {"a": ["n", "x", "m", "o", "p", "q", "y"], "b": ["n"]}
    found = beir.figures(run, gold)
    assert found["R@5"] == 0.25
    assert found["R@10"] == 0.5
    assert found["MRR@10"] == 0.25
    ideal = 1 + 1 / math.log2(3)
    assert found["nDCG@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(8)) / ideal / 2, abs=1e-4)


def test_a_title_gives_its_article() -> None:
    unit = beir.unit_of(0, {"title": "刑法第一百三十四条之一", "text": "甲\n乙"})
    assert (unit.title, unit.address.article, unit.address.article_suffix) == ("刑法", 134, 1)
    assert unit.text == "甲\n乙"
    assert beir.unit_of(4, {"title": "Notice", "text": "x"}).address.section == "5"


def test_a_folder_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="BEIR"):
        beir.measure(tmp_path)
