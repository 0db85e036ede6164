"""Letters: who may issue them, what must not be missing, dates, and one block a recommendation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook

from corpus.errors import InputRefused, WrongUsage
from generator.letter import Cited, Finding, find_kind, kinds, prepare, wording
from generator.letter_days import chinese_date
from generator.letter_input import read_input, read_record
from generator.letter_paper import compose, government_of, title_of
from generator.paper import typeset

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "letters"
CITED = Cited("《甲法》第四十二条第二款", "禁止占用、锁闭、封堵出口。", "2021-06-10")


def findings_of(fields: dict[str, Any]) -> list[Finding]:
    return [
        Finding(
            row["内容"],
            row.get("位置", ""),
            row.get("证据编号", ""),
            breached=(CITED,),
            deadline=str(row.get("期限", "")),
            measure=row.get("整改要求", ""),
        )
        for row in fields.get("问题", [])
    ]


def text_of(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.mark.parametrize("name", list(kinds()))
def test_every_kind_has_a_sample_that_becomes_a_letter(name: str, tmp_path: Path) -> None:
    file = next(EXAMPLES.glob(f"{name}.*"))
    fields = read_input(file)
    letter = prepare(find_kind(name), fields, findings_of(fields), on=fields.get("成文日期", "2026-11-12"))
    text = text_of(typeset(compose(letter), tmp_path / "x.docx"))
    assert fields["发文机关"] in text or name == "隐患整改通知单"
    for row in fields.get("问题", []):
        assert row["内容"] in text
        assert CITED.text in text
    for row in fields.get("落实情况", []):
        assert row["建议"] in text


@pytest.mark.parametrize(
    ("name", "issuer", "refused"),
    [
        ("责令限期整改指令书", "望川市平安五金制品有限公司", True),
        ("现场处理措施决定书", "望川第二机床厂", True),
        ("整改复查意见书", "某某物业服务中心", True),
        ("责令限期整改指令书", "望川市应急管理局", False),
        ("隐患整改通知单", "望川市平安五金制品有限公司", False),
    ],
)
def test_enforcement_documents_are_an_agencys(name: str, issuer: str, refused: bool) -> None:
    fields = read_input(next(EXAMPLES.glob(f"{name}.*"))) | {"发文机关": issuer}
    if refused:
        with pytest.raises(InputRefused, match="隐患整改通知单"):
            prepare(find_kind(name), fields, findings_of(fields), on="2026-11-12")
    else:
        assert prepare(find_kind(name), fields, findings_of(fields), on="2026-11-12").kind.name == name


BASE = {"发文机关": "望川市应急管理局", "被检查单位": "甲厂", "检查日期": "2026-11-10"}
ORDER = find_kind("责令限期整改指令书")


@pytest.mark.parametrize(
    ("fields", "findings", "named"),
    [
        ({**BASE, "被检查单位": ""}, [Finding("堵塞")], "被检查单位"),
        (BASE, [], "问题"),
        (BASE, [Finding("堵塞"), Finding("  ")], "第2条问题内容为空"),
        (BASE, [Finding("堵塞", deadline="2026-11-01")], "早于成文日期"),
        (BASE, [Finding("堵塞", deadline="下周")], "下周"),
        ({**BASE, "检查日期": "2026-13-40"}, [Finding("堵塞")], "检查日期"),
        (BASE, [Finding("堵" * 3001)], "超过3000字"),
        (BASE, [Finding("堵塞")] * 501, "501条"),
    ],
)
def test_what_is_wrong_is_named(fields: dict[str, Any], findings: list[Finding], named: str) -> None:
    with pytest.raises(InputRefused, match=named):
        prepare(ORDER, fields, findings, on="2026-11-12")


def test_unknown_kind_names_the_kinds() -> None:
    with pytest.raises(WrongUsage, match="整改函"):
        find_kind("罚单")


def test_nothing_is_invented(tmp_path: Path) -> None:
    letter = prepare(ORDER, BASE, [Finding("消火栓被挡")], on="2026-11-12")
    text = text_of(typeset(compose(letter), tmp_path / "x.docx"))
    assert "依据待核" in text
    assert "〔　　　〕" in text
    assert text.count("证号：") == 2
    assert "没有依据条文" in " ".join(letter.warnings)


def test_several_deadlines_are_grouped(tmp_path: Path) -> None:
    rows = [
        Finding("甲", deadline="2026-12-01"),
        Finding("乙", deadline="立即"),
        Finding("丙", deadline="2026-12-01"),
    ]
    text = text_of(typeset(compose(prepare(ORDER, BASE, rows, on="2026-11-12")), tmp_path / "x.docx"))
    assert "第1、3项问题，应当于2026年12月1日前整改完毕。" in text
    assert "第2项问题，责令立即排除。" in text


@pytest.mark.parametrize(
    ("issuer", "government"),
    [
        ("望川市应急管理局", "望川市人民政府"),
        ("望川市滨河区应急管理局", "望川市滨河区人民政府"),
        ("望川市市场监督管理局", "望川市人民政府"),
        ("应急管理部", "本级人民政府"),
    ],
)
def test_review_goes_to_the_government_of_the_same_level(issuer: str, government: str) -> None:
    assert government_of(issuer) == government


def test_wording_is_dated() -> None:
    assert wording("remedies_local", on="2023-12-31") is None
    found = wording("remedies_local", on="2024-01-01")
    assert found is not None
    assert "六十日" in found.text


def test_title_and_date() -> None:
    fields = read_input(next(EXAMPLES.glob("检察建议整改落实情况复函.*")))
    letter = prepare(find_kind("检察建议整改落实情况复函"), fields, [], on="2025-07-10")
    assert title_of(letter) == "关于望检建〔2025〕7号检察建议书整改落实情况的复函"
    assert chinese_date("2026-01-05") == "2026年1月5日"


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"状态": "已完成"}, "证据附件号"),
        ({"状态": "未采纳"}, "理由"),
        ({"状态": "差不多"}, "差不多"),
    ],
)
def test_progress_needs_evidence_or_reason(row: dict[str, str], named: str) -> None:
    fields = {"发文机关": "甲局", "主送": "乙局", "事由": "检查"}
    rows = [{"建议": "一", "状态": "推进中"}, {"建议": "二", **row}]
    with pytest.raises(InputRefused, match=named):
        prepare(find_kind("整改情况报告"), {**fields, "落实情况": rows}, [], on="2026-01-01")


def test_inspection_record_from_excel(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("检查记录",),
        ("单位：甲厂",),
        ("序号", "检查部位", "问题描述"),
        (1, "车间", "通道堵塞"),
        (2, "库房", "无警示标志"),
        (None, None, None),
        ("检查人员（签名）：", None, "负责人（签名）："),
    ):
        sheet.append(row)
    book.save(tmp_path / "r.xlsx")
    assert read_record(tmp_path / "r.xlsx") == [
        {"内容": "通道堵塞", "位置": "车间"},
        {"内容": "无警示标志", "位置": "库房"},
    ]


@pytest.mark.parametrize(
    ("name", "body"), [("a.json", "{"), ("a.yaml", "- 1"), ("a.txt", "x"), ("a.xlsx", "not a workbook")]
)
def test_unusable_input_is_refused_by_name(tmp_path: Path, name: str, body: str) -> None:
    (tmp_path / name).write_text(body, encoding="utf-8")
    with pytest.raises(InputRefused, match=name):
        read_input(tmp_path / name)
