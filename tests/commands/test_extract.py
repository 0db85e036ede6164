"""zeren extract: the contract's shape, the terminal form, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import main

TEXT = """# 样例市样品安全条例

2024年1月5日 样例市人民代表大会常务委员会通过

<!-- INFO END -->

## 第一章 总则

第一条 为了加强样品安全管理，制定本条例。

第二条 经营单位应当建立样品台账。经营单位不得涂改台账。

第三条 经营单位的主要负责人履行下列职责：

（一）建立责任制；

（二）及时报告事故。

第四条 本条例自2024年3月1日起施行。
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "样例市样品安全条例(2024-01-05).md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_json_has_the_place_and_the_duty(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(sample), "--json"]) == 0
    out = json.loads(capsys.readouterr().out)
    rows = out["obligations"]
    assert [(r["label"], r["bearer"], r["modality"], r["action"]) for r in rows] == [
        ("第二条", "经营单位", "must", "建立样品台账"),
        ("第二条", "经营单位", "must_not", "涂改台账"),
        ("第三条第（一）项", "经营单位的主要负责人", "must", "建立责任制"),
        ("第三条第（二）项", "经营单位的主要负责人", "must", "及时报告事故"),
    ]
    first = rows[0]
    assert first["quote"] == "经营单位应当建立样品台账。"
    assert first["headings"] == ["第一章 总则"]
    assert first["citation"] == "《样例市样品安全条例》第二条"
    assert first["status"] == "in_force"
    assert {
        "source",
        "title",
        "version",
        "article",
        "paragraph",
        "item",
        "bearer_type",
        "condition",
        "deadline",
    } <= set(first)


def test_the_terminal_prints_one_line_a_duty(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(sample)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "第二条\t经营单位\t应当\t建立样品台账"
    assert len(lines) == 4


def test_a_missing_file_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["extract", str(tmp_path / "无.md")]) == 1
    assert "找不到文件" in capsys.readouterr().err


def test_a_text_without_duties_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "空.md"
    path.write_text("# 公告\n\n今天天气很好。\n", encoding="utf-8")
    assert main(["extract", str(path)]) == 3
    assert "没有找到责任事项" in capsys.readouterr().err


def test_the_duties_of_a_file_become_a_list(tmp_path: Path) -> None:
    from docx import Document as Word

    import cli

    source = tmp_path / "甲市安全办法.md"
    source.write_text(
        "# 甲市安全办法\n\n第一条 企业应当每月检查设备。\n\n第二条 企业不得使用失效设备。\n", encoding="utf-8"
    )
    assert cli.main(["extract", str(source), "-o", str(tmp_path / "list.docx")]) == 0
    rows = Word(str(tmp_path / "list.docx")).tables[0].rows
    assert [row.cells[1].text for row in rows[1:]] == ["企业应当每月检查设备", "企业不得使用失效设备"]
    assert "《甲市安全办法》第一条" in rows[1].cells[2].text
