# ruff: noqa: E501 - rows of a table stay on one line, however wide Chinese is counted
"""`zeren parse` as others call it: the contract's object on stdout, one sentence on stderr."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cli

TEXT = """用电安全条例
2006年1月21日 中华人民共和国国务院令第455号公布

第一章 总则
第一条 单位应当具备下列条件：
（一）有人；
（二）有钱：
1.本金；
其他单位参照执行。
第二章 附则
第二条 本条例自2006年3月1日起施行。
附件：
用电等级
高压
"""

KEYS = {
    "title", "kind", "issuer", "number", "region", "language", "passed", "effective", "versions", "counts",
    "headings", "provisions", "remarks",
}  # fmt: skip
PLACE = {
    "source", "title", "version", "status", "article", "article_suffix", "paragraph", "item", "subitem", "section",
    "headings", "label", "citation", "text",
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "用电安全条例.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def parsed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert cli.main(["parse", *words, "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.out.count("\n") == 1
    value: dict[str, Any] = json.loads(captured.out)
    return value


def test_contract_object(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = parsed(capsys, str(file))
    assert found.keys() >= KEYS
    assert all(row.keys() >= PLACE for row in found["provisions"])
    assert found["counts"] == {
        "parts": 0, "subparts": 0, "chapters": 2, "sections": 0, "articles": 2, "paragraphs": 3, "items": 2, "subitems": 1,
    }  # fmt: skip
    assert found["headings"] == ["第一章 总则", "第二章 附则"]
    assert (found["kind"], found["number"], found["effective"]) == (
        "行政法规", "中华人民共和国国务院令第455号", "2006-03-01",
    )  # fmt: skip
    assert found["annexes"] == ["附件："]
    assert found["proof"] == {
        "characters": True,
        "articles": True,
        "chapters": True,
        "contents": None,
        "whole": True,
    }


def test_rows_are_flat_and_in_order(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = parsed(capsys, str(file))["provisions"]
    assert [(row["label"], row["text"]) for row in rows[:6]] == [
        ("第一条第一款", "单位应当具备下列条件："),
        ("第一条第一款第（一）项", "（一）有人；"),
        ("第一条第一款第（二）项", "（二）有钱："),
        ("第一条第一款第（二）项第1目", "1.本金；"),
        ("第一条第二款", "其他单位参照执行。"),
        ("第二条", "本条例自2006年3月1日起施行。"),
    ]
    assert rows[5]["paragraph"] == 1
    assert [row["annex"] for row in rows[6:]] == [1, 1, 1]


def test_options_overrule_the_text(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = parsed(capsys, str(file), "--kind", "部门规章", "--region", "北京", "--effective", "2030-05-01")
    assert (found["kind"], found["region"], found["effective"]) == ("部门规章", "北京", "2030-05-01")
    assert {row["status"] for row in found["provisions"]} == {"not_yet"}


def test_outline_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["parse", str(file)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("用电安全条例\n行政法规 · 全国 · 国务院 · 中华人民共和国国务院令第455号\n")
    assert "2章 2条 3款 2项 1目" in out
    assert "  第一条第一款第（二）项第1目  1.本金；" in out
    assert "结构已核对" in out


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("不存在.txt", None, 1, "不存在.txt"),
        ("空.txt", b"", 1, "空"),
        ("怪.xyz", b"abc", 1, "怪.xyz"),
    ],
)
def test_refusals_are_one_sentence(
    name: str,
    content: bytes | None,
    status: int,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert cli.main(["parse", str(path), "--json"]) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert "Traceback" not in captured.err


def test_a_bad_date_is_wrong_usage(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["parse", str(file), "--effective", "下个月"]) == 2
    assert "2026-01-31" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings_give_one_tree(encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "用电安全条例.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert parsed(capsys, str(path))["counts"]["items"] == 2


def test_big5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "用電安全條例.txt"
    path.write_bytes(
        "用電安全條例\n第一條 單位應當具備下列條件：\n（一）有人；\n第二條 本條例自公布之日起施行。\n".encode(
            "big5"
        )
    )
    found = parsed(capsys, str(path))
    assert (found["counts"]["articles"], found["counts"]["items"]) == (2, 1)
    assert found["provisions"][0]["text"] == "單位應當具備下列條件："
