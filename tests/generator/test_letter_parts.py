"""Small parts of letters: days as written, long titles, ranges, fonts, the term of a reply, 五落实."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator import fonts
from generator.letter import Cited, Finding, find_kind, prepare
from generator.letter_days import iso_day, shown_day
from generator.letter_input import read_record, record_facts
from generator.letter_paper import compose
from generator.reply import reply_term
from generator.reply_basis import with_provisions
from generator.title_lines import LINE, lines_of

REPLY = find_kind("检察建议整改落实情况复函")
ROWS = [{"建议": "全面检查", "状态": "推进中"}]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026年12月1日", "2026-12-01"),
        ("2026/12/1", "2026-12-01"),
        ("2026.12.1", "2026-12-01"),
        ("2026年12月1日前", "2026-12-01"),
        ("2026-12-01 00:00:00", "2026-12-01"),
        ("立即整改", "立即"),
        ("7日内", "7日内"),
        ("", ""),
    ],
)
def test_days_as_people_write_them(written: str, iso: str) -> None:
    assert iso_day(written) == iso


def test_a_cell_shows_a_day_in_chinese_and_words_as_they_are() -> None:
    assert [shown_day(word) for word in ("2026-02-03", "立即", "")] == ["2026年2月3日", "立即", ""]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("整改通知书", ["整改通知书"]),
        (
            "关于望检建〔2025〕7号检察建议书整改落实情况的复函",
            ["关于望检建〔2025〕7号", "检察建议书整改落实情况的复函"],
        ),
        ("关于甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚的函", ["关于甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚的函"]),
    ],
)  # fmt: skip
def test_long_titles_break_at_words(title: str, lines: list[str]) -> None:
    assert lines_of(title).split("\n") == lines
    assert "".join(lines) == title
    assert len(lines) == 1 or max(map(len, lines)) <= LINE


@pytest.mark.parametrize(
    ("received", "fields", "said"),
    [
        ("2025-12-31", {}, "2026-02-28"),
        ("2027-12-31", {}, "2028-02-29"),
        ("2026-01-14", {"成文日期": "2026-04-01"}, "已超过回复到期日"),
        ("2026-01-14", {"成文日期": "2026-02-01"}, "以建议书为准"),
    ],
)
def test_a_reply_knows_its_last_day_and_rule(received: str, fields: dict[str, Any], said: str) -> None:
    given = {
        "发文机关": "甲局",
        "检察建议": "《检察建议书》",
        "收到日期": received,
        "落实情况": ROWS,
    } | fields
    term = reply_term(prepare(REPLY, given, [], on=fields.get("成文日期", received)), None)
    assert term is not None
    assert term.rule
    assert said in (term.day or "") + "".join(term.notes)


def test_other_letters_have_no_term_of_reply() -> None:
    fields = {"发文机关": "甲局", "主送": "乙局", "事由": "隐患"}
    letter = prepare(find_kind("整改函"), fields, [Finding("堵塞")], on="2026-01-01")
    assert reply_term(letter, None) is None


def test_a_named_basis_of_a_reply_cannot_be_printed_unverified() -> None:
    with pytest.raises(Exception, match="无法核对"):
        with_provisions({"落实情况": [{"建议": "检查", "依据": "甲法第一条"}]}, None, on="2026-01-01")


@pytest.mark.parametrize(
    ("listed", "absent"),
    [
        (b"SimHei,FangSong_GB2312,KaiTi,SimSun,", ("方正小标宋简体",)),
        ("方正小标宋简体,仿宋_GB2312,楷体_GB2312,黑体,宋体,".encode(), ()),
    ],
)
def test_absent_fonts_are_named(
    listed: bytes, absent: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "list").write_bytes(listed)
    program = tmp_path / "fc-list"
    program.write_text(f"#!/bin/sh\ncat {tmp_path / 'list'}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("generator.fonts.shutil.which", lambda _: str(program))
    assert fonts.missing_fonts() == absent
    note = fonts.font_note()
    assert (note is None) == (absent == ())
    assert all(name in (note or "") for name in absent)


def test_without_fc_list_nothing_is_said_of_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.fonts.shutil.which", lambda _: None)
    assert fonts.font_note() is None


def test_a_grave_hazard_names_what_the_five_lack() -> None:
    fields = {"发文机关": "甲公司", "受检部门": "乙", "检查日期": "2026-01-01"}
    cited = (Cited("《甲法》第一条", "不得堵塞。"),)
    rows = [Finding("堵塞", grade="重大", breached=cited, measure="清空", person="班长")]
    warnings = " ".join(prepare(find_kind("隐患整改通知单"), fields, rows, on="2026-01-01").warnings)
    assert "尚缺：期限、资金、预案" in warnings


def test_a_provision_is_quoted_once_and_cited_after() -> None:
    fields = {"发文机关": "望川市应急管理局", "被检查单位": "甲厂", "检查日期": "2026-01-01"}
    rows = [Finding(text, breached=(Cited("《甲法》第一条", "不得堵塞"),)) for text in ("甲", "乙", "丙")]
    paper = compose(prepare(find_kind("责令限期整改指令书"), fields, rows, on="2026-01-01"))
    text = "\n".join("".join(r.text for r in getattr(b, "runs", ())) for b in paper.blocks)
    assert text.count("“不得堵塞”") == 1
    assert text.count("《甲法》第一条") == 3
    assert "第1至3项问题" in text


@pytest.mark.shared
def test_a_record_says_whom_and_when(shared: Path) -> None:
    record = shared / "examples" / "letters" / "inspection_record.xlsx"
    facts = record_facts(record)
    assert facts["被检查单位"] == "云岭市恒源机械有限公司"
    assert facts["检查日期"] == "2026-06-10"
    assert len(read_record(record)) == 15
