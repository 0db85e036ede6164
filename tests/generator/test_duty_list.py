"""Duty lists: what may be edited, what a list must hold, and that a saved one reopens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from corpus.errors import InputRefused, WrongUsage
from generator.duty_list import (
    Advice,
    Basis,
    DutyList,
    ListKind,
    ListRow,
    advise,
    approve,
    count_line,
    draw_up,
    edit,
    reopen,
    save,
)
from generator.duty_paper import power_kind, table_paper, text_paper
from generator.paper import typeset
from generator.sheet import plain, write_paper

LAW = Basis("《甲法》第三条", "2021-06-10", "in_force", 1, "单位应当每月检查。", "甲法.md")
LOCAL = Basis("《乙市条例》第九条第一款第（二）项", "2022-01-01", "in_force", 4, "（二）组织演练；", "乙.md")
FINE = Basis("《甲法》第三十条", "2021-06-10", "in_force", 1, "未检查的，处一万元罚款。", "甲法.md")
AFTER = Basis("《甲法》第三十一条", "2021-06-10", "in_force", 1, "发生生产安全事故的，处罚款。", "甲法.md")


def row(duty: str = "每月检查", basis: Basis = LAW, **changes: object) -> ListRow:
    made = ListRow("k1", "安全员", "安全员", "must", duty, (basis,), "每月", (FINE,), advise(duty, "must"))
    return replace(made, **changes)  # type: ignore[arg-type]


def drawn(*rows: ListRow, kind: ListKind = ListKind.COMPANY) -> DutyList:
    return draw_up(rows, kind=kind, title="清单", as_of="2026-11-22", post="安全员")


@pytest.mark.parametrize(
    ("field", "shown"), [("duty", "责任事项"), ("bases", "法定依据"), ("penalties", "法律后果")]
)
def test_the_laws_words_cannot_be_edited(field: str, shown: str) -> None:
    with pytest.raises(InputRefused, match=shown):
        edit(row(), **{field: "改写"})


def test_an_edit_takes_the_approval_back() -> None:
    approved = approve(row(), who="王某", when="2026-11-22T09:00")
    assert approved.approval is not None
    assert edit(approved, person="李某").approval is None
    with pytest.raises(WrongUsage):
        approve(row(), who=" ", when="2026-11-22")


def test_company_list_needs_assessment_standards() -> None:
    bare = row(advice=Advice("做", "月", "记", " "))
    with pytest.raises(InputRefused, match="第1行没有考核标准"):
        drawn(bare)
    assert drawn(bare, kind=ListKind.POST).rows == (bare,)


def test_order_and_count() -> None:
    made = drawn(row("组织演练", LOCAL), row())
    assert [r.bases[0].rank for r in made.rows] == [1, 4]
    assert count_line(made) == "共2项，其中法律1项、地方性法规1项。"


def test_too_long_a_list_is_refused() -> None:
    with pytest.raises(WrongUsage, match="2001行"):
        drawn(*[row()] * 2001)


def test_saved_list_reopens(tmp_path: Path) -> None:
    made = drawn(approve(row(), who="王某", when="2026-11-22T09:00"), row("组织演练", LOCAL))
    save(made, tmp_path / "list.json")
    assert reopen(tmp_path / "list.json") == made
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputRefused, match=r"other\.json"):
        reopen(tmp_path / "other.json")


def test_frequency_looks_legal_only_where_the_law_has_one(tmp_path: Path) -> None:
    path = typeset(table_paper(drawn(row(), row("组织演练", LOCAL, deadline=None))), tmp_path / "a.docx")
    cells = Document(str(path)).tables[0].columns[6].cells
    assert cells[1].text == "每月"
    assert cells[2].text.startswith("法律未规定频次，建议")


def test_leaders_list_parts_accountability(tmp_path: Path) -> None:
    made = drawn(row(penalties=(FINE, AFTER)), kind=ListKind.LEADERS)
    cells = [
        c.text for c in Document(str(typeset(table_paper(made), tmp_path / "a.docx"))).tables[0].rows[1].cells
    ]
    assert cells[-2:] == ["《甲法》第三十条", "《甲法》第三十一条"]


@pytest.mark.parametrize("kind", list(ListKind))
def test_both_forms_and_the_sheet_carry_every_row(tmp_path: Path, kind: ListKind) -> None:
    made = drawn(row(), row("组织演练", LOCAL), kind=kind)
    table = Document(str(typeset(table_paper(made), tmp_path / "t.docx")))
    assert len(table.tables[0].rows) == 3
    text = "\n".join(p.text for p in Document(str(typeset(text_paper(made), tmp_path / "x.docx"))).paragraphs)
    assert "1.每月检查" in text
    assert "《乙市条例》第九条第一款第（二）项（2022-01-01版，现行有效）" in text
    sheet = load_workbook(write_paper(table_paper(made), tmp_path / "s.xlsx"))["清单"]
    words = [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value]
    assert any("组织演练" in word for word in words)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formula_starts_are_neutralised(start: str) -> None:
    assert plain(start + "1") == "'" + start + "1"


@pytest.mark.parametrize(
    ("duty", "kind"),
    [("对违法行为处罚款", "行政处罚"), ("进行监督检查", "行政检查"), ("制定规划", "其他职责")],
)
def test_power_kind(duty: str, kind: str) -> None:
    assert power_kind(row(duty)) == kind


def test_prohibitions_get_their_own_advice() -> None:
    assert advise("占用通道", "must_not") != advise("占用通道", "must")
