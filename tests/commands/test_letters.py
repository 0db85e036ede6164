"""`zeren letter` from the command line with inputs as bad as people make them: what is wrong is named,
nothing is written, and what is merely odd comes through whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook

from cli import main
from generator.letter_form import form, sample
from generator.letter_kind import kinds

ORDER, SLIP, REPLY, REPORT = (
    "责令限期整改指令书",
    "隐患整改通知单",
    "检察建议整改落实情况复函",
    "整改情况报告",
)
Made = Callable[..., tuple[int, str, Path]]


@pytest.fixture
def made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Made:
    """Runs the command without a library; returns status, what was said, and where the file would lie."""

    def run(kind: str, fields: dict[str, Any], *words: str) -> tuple[int, str, Path]:
        source, target = tmp_path / "in.json", tmp_path / "out.docx"
        source.write_text(json.dumps(fields, ensure_ascii=False), encoding="utf-8")
        call = ["letter", kind, "--input", str(source), "-o", str(target), "--data", str(tmp_path), *words]
        status = main(call)
        out = capsys.readouterr()
        return status, out.out + out.err, target

    return run


def text_of(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.mark.parametrize(
    ("kind", "field"), [(kind.name, field) for kind in kinds().values() for field in kind.required]
)
def test_a_missing_mandatory_field_is_named(made: Made, kind: str, field: str) -> None:
    for empty in ("", None):
        status, said, target = made(kind, sample(kind) | {field: empty})
        assert status == 1
        assert f"“{field}”" in said
        assert "Traceback" not in said
        assert not target.exists()


def with_finding(**cells: str) -> dict[str, Any]:
    fields = sample(ORDER)
    return fields | {"问题": [fields["问题"][0], {"内容": "通道被堵"} | cells]}


YESTERDAY = (date.today() - timedelta(days=1)).isoformat()
LETTER = {"建议": "开展检查", "措施": "已检查", "责任部门": "执法科", "证据附件号": "附件1", "状态": "已完成"}


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        (REPLY, sample(REPLY) | {"成文日期": "2025-05-01"}, "早于收到日期"),
        (ORDER, sample(ORDER) | {"成文日期": "2026-11-09"}, "早于检查日期"),
        (ORDER, with_finding(期限="2026-11-11"), "第2条问题的期限2026-11-11早于成文日期"),
        (SLIP, sample(SLIP) | {"问题": [{"内容": "堵塞", "期限": YESTERDAY}]}, "早于成文日期"),
        (ORDER, with_finding(内容=" \t"), "第2条问题内容为空"),
        (ORDER, with_finding(内容="堵" * 3001), "第2条问题超过3000字"),
        (ORDER, with_finding(整改要求="改" * 3001), "第2条问题的“整改要求”超过3000字"),
        (ORDER, with_finding(期限="尽快"), "“尽快”无法识别"),
        (ORDER, sample(ORDER) | {"问题": [{"内容": "堵塞"}] * 501}, "501条"),
        (ORDER, sample(ORDER) | {"问题": "堵塞"}, "一组问题"),
        (ORDER, sample(ORDER) | {"执法人员": "张三"}, "执法人员"),
        (ORDER, sample(ORDER) | {"成文日期": "2026年2月30日"}, "“成文日期”的日期"),
        (ORDER, sample(ORDER) | {"发文机关": "望川市平安五金制品有限公司"}, SLIP),
        (REPORT, sample(REPORT) | {"落实情况": [LETTER | {"证据附件号": ""}]}, "没有证据附件号"),
        (REPORT, sample(REPORT) | {"落实情况": [LETTER | {"状态": "未采纳"}]}, "没有理由"),
        (REPORT, sample(REPORT) | {"落实情况": [LETTER | {"状态": "办完了"}]}, "“办完了”无法识别"),
        (REPORT, sample(REPORT) | {"落实情况": [LETTER | {"完成时间": "2099-01-01"}]}, "却晚于成文日期"),
        (
            REPORT,
            sample(REPORT) | {"落实情况": [LETTER | {"状态": "推进中", "完成时间": "2026-01-01"}]},
            "却早于成文日期",
        ),
        (REPORT, sample(REPORT) | {"落实情况": [LETTER | {"建议": ""}]}, "没有写“建议”"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    made: Made, kind: str, fields: dict[str, Any], said: str
) -> None:
    status, out, target = made(kind, fields)
    assert status == 1
    assert said in out
    assert "Traceback" not in out
    assert not target.exists()


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("㙍地𫚖鱼养殖池用电线路裸露", "㙍地𫚖鱼养殖池用电线路裸露"),
        ("通道\x00被\x0b堵\x1f塞\ufffe", "通道被堵塞"),
        ("=SUM(A1)号设备缺少防护罩", "=SUM(A1)号设备缺少防护罩"),
        ("@admin +1 -2 按钮失灵", "@admin +1 -2 按钮失灵"),
        ("<w:t>&amp; “引号”与《书名号》", "<w:t>&amp; “引号”与《书名号》"),
        ("堵" * 3000, "堵" * 3000),
        ("第一行\n第二行", "第二行"),
    ],
)
@pytest.mark.parametrize("kind", [ORDER, SLIP])
def test_odd_words_come_through_whole(made: Made, kind: str, words: str, printed: str) -> None:
    fields = sample(kind) | {"问题": [{"内容": words, "位置": words[:40], "期限": "立即"}]}
    status, out, target = made(kind, fields)
    assert status == 0, out
    assert printed in text_of(target)


@pytest.mark.parametrize("kind", [ORDER, SLIP, "整改函"])
def test_five_hundred_findings_in_one_letter(made: Made, kind: str) -> None:
    rows = [{"内容": f"{n}号通道被堵塞", "期限": "立即"} for n in range(1, 501)]
    status, out, target = made(kind, sample(kind) | {"问题": rows})
    assert status == 0, out
    words = text_of(target)
    assert all(f"{n}号通道被堵塞" in words for n in (1, 250, 500))


def test_a_record_with_formulas_is_read_as_words(made: Made, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (("序号", "部位", "问题描述"), (1, "车间", "'=1+1 按钮失灵"), (2, "库房", "无警示标志")):
        sheet.append(row)
    record = tmp_path / "record.xlsx"
    book.save(record)
    status, out, target = made(ORDER, sample(ORDER) | {"问题": []}, "--record", str(record))
    assert status == 0, out
    assert "按钮失灵" in text_of(target)


def test_all_faults_are_told_at_once_to_a_form() -> None:
    from generator.letter_form import faults

    found = faults(
        ORDER, {"发文机关": "甲公司", "检查日期": "去年", "问题": [{"内容": ""}, {"内容": "堵", "期限": "x"}]}
    )
    places = {(fault.field, fault.row, fault.column) for fault in found}
    assert places == {
        ("发文机关", None, ""),
        ("被检查单位", None, ""),
        ("检查日期", None, ""),
        ("问题", 1, "内容"),
        ("问题", 2, "期限"),
    }
    assert all(fault.said.endswith("。") and fault.next_step.endswith("。") for fault in found)


@pytest.mark.parametrize("kind", list(kinds()))
def test_every_field_of_a_sample_is_in_its_form(kind: str) -> None:
    named = {field.name: field for field in form(kind).fields}
    assert set(sample(kind)) <= set(named)
    assert {name for name, field in named.items() if field.required} == set(form(kind).kind.required)
    for name, value in sample(kind).items():
        if named[name].shape == "table":
            columns = {column.name for column in named[name].columns}
            assert all(set(row) <= columns for row in value)
