"""zeren duty-list: edit, approve and export a saved list; nothing is saved on a refusal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

import cli
from generator.duty_list import Basis, ListKind, ListRow, advise, draw_up, load, save

BASIS = Basis("《甲法》第三条", "2021-06-10", "in_force", 1, "单位应当组织演练。", "甲法.md")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    rows = [
        ListRow(key, "安全员", "单位", "must", "组织演练", (BASIS,), None, (), advise("组织演练", "must"))
        for key in ("a", "b", "c")
    ]
    save(draw_up(rows, kind=ListKind.COMPANY, title="清单", as_of="2026-11-22"), tmp_path / "list.json")
    return tmp_path / "list.json"


def test_one_call_edits_and_approves(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--set", "1", "责任人员", "赵某", "--remove", "2", "--approve", "3", "--by", "王某", "--json"]
    assert cli.main(["duty-list", str(path), *words]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [row["key"] for row in shown["rows"]] == ["a", "c"]
    assert shown["rows"][0]["cells"]["person"] == "赵某"
    assert shown["rows"][1]["approved_by"] == "王某"
    assert shown["removed"][0]["by"] == "王某"
    assert load(path).rows[1].approval is not None
    assert cli.main(["duty-list", str(path), "--put-back", "b", "--withdraw", "c"]) == 0
    held = load(path)
    assert [row.key for row in held.rows] == ["a", "b", "c"]
    assert held.rows[2].approval is None


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--set", "1", "责任事项", "改写"], 2, "备注"),
        (["--set", "1", "责任人员", "赵某", "--approve", "1"], 2, "审定人"),
        (["--set", "9", "责任人员", "赵某"], 2, "没有第 9 行"),
        (["--set", "1", "奖金", "十元"], 2, "可用"),
        (["--list", "奖惩清单"], 2, "可用"),
    ],
)
def test_refusals_leave_the_file_alone(
    path: Path, words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = path.read_bytes()
    assert cli.main(["duty-list", str(path), *words]) in (1, status)
    assert said in capsys.readouterr().err
    assert path.read_bytes() == before


def test_an_altered_quotation_is_refused(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("应当组织", "可以组织"), encoding="utf-8")
    assert cli.main(["duty-list", str(path)]) != 0
    assert "第1行的条文文字" in capsys.readouterr().err


def test_word_and_excel(path: Path) -> None:
    assert cli.main(["duty-list", str(path), "--set", "1", "备注", "请核", "--by", "王某"]) == 0
    for form in ("table", "text"):
        target = path.with_name(f"{form}.docx")
        assert cli.main(["duty-list", str(path), "--form", form, "-o", str(target)]) == 0
        document = Document(str(target))
        held = "\n".join(p.text for p in document.paragraphs)
        held += "".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
        assert "请核" in held
    sheet = path.with_name("list.xlsx")
    assert cli.main(["duty-list", str(path), "-o", str(sheet), "--hide", "履职证据"]) == 0
    heads = [cell.value for row in load_workbook(sheet)["清单"].iter_rows() for cell in row]
    assert "考核标准" in heads
    assert "履职证据" not in heads
