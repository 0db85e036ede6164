"""Hit rates of questions over a library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import questions
from corpus.library import Library
from corpus.structure import read_document
from indexer.build import build_index
from retriever.answer import Desk
from retriever.search import Retriever

TEXT = """# 甲市电梯规定（样例·虚构）

2024年1月1日 公布，自2024年2月1日起施行

<!-- INFO END -->

第一条 电梯使用单位应当每十五日维护保养一次电梯。

第二条 禁止在电梯内吸烟。
"""


def test_right_and_wrong_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "电梯(2024-01-01).md"
    path.write_text(TEXT)
    with Library.open(tmp_path / "data", create=True) as library:
        library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)
    build_index(tmp_path / "data")
    rows = [
        {"question": "电梯多久保养一次", "source": path.name, "article": "第一条", "style": "lay"},
        {"question": "电梯里抽烟", "source": path.name, "article": "第九条", "style": "lay"},
        {"question": "不在库里", "source": "x.md", "article": "第一条", "style": "lay"},
    ]
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    with Retriever.open(tmp_path / "data") as retriever:
        result = questions.measure(Desk.open(retriever), list(questions.read(file)))
    assert result["questions"] == 2
    assert result["not_held"] == 1
    overall = result["all"]
    assert isinstance(overall, dict)
    assert overall["hit@1"] == 0.5
    assert overall["hit@10"] == 0.5


def test_rows_of_qa_are_read(tmp_path: Path) -> None:
    file = tmp_path / "qa.jsonl"
    gold = [{"doc": "a.md", "article": 134, "zhi": 1}]
    also = [{"doc": "b.md", "article": 3, "zhi": None}]
    file.write_text(
        json.dumps({"question": "x", "type": "normal", "gold": gold, "also_acceptable": also})
        + "\n"
        + json.dumps({"question": "y", "type": "none", "gold": []})
    )
    (asked,) = questions.read(file)
    assert asked.right == {("a.md", "第一百三十四条之一"), ("b.md", "第三条")}


def test_an_unknown_data_folder_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "q.jsonl").write_text("")
    monkeypatch.setattr("sys.argv", ["x", str(tmp_path / "q.jsonl"), "--data", str(tmp_path / "none")])
    assert questions.main() == 4
    assert "Traceback" not in capsys.readouterr().err
