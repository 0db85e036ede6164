"""An office's own letterhead: filled, sandboxed, and unknown placeholders named."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from corpus.errors import InputRefused, WrongUsage
from generator.letter import DRAFT, Finding, find_kind, prepare
from generator.letterhead import fields_of, fill, find_letterhead

FIELDS = {"发文机关": "望川市应急管理局", "主送": "甲局", "事由": "消防问题", "成文日期": "2026-11-12"}
LETTER = prepare(find_kind("整改函"), FIELDS, [Finding("通道<堵塞>&上锁", "一层")], on="2026-11-12")


def template(folder: Path, *lines: str) -> Path:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    path = folder / "本局.docx"
    document.save(str(path))
    return path


def test_fields_and_rows_are_filled(tmp_path: Path) -> None:
    path = template(
        tmp_path,
        "{{ 标题 }}",
        "{{ 主送 }}：",
        "{%p for 行 in 问题 %}",
        "{{ 行.序号 }}.{{ 行.内容 }}（{{ 行.位置 }}）",
        "{%p endfor %}",
        "{{ 成文日期 }}",
    )
    text = [p.text for p in Document(str(fill(path, LETTER, tmp_path / "out.docx"))).paragraphs]
    assert text == ["关于消防问题的整改函", "甲局：", "1.通道<堵塞>&上锁（一层）", "2026年11月12日"]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{{ 局长 }}", "局长"),
        ("{{ 标题.__class__.__mro__ }}", "本局.docx"),
        ("{{ 问题[0].__class__ }}", "本局.docx"),
        ("{{ 标题.upper() }}", "本局.docx"),
        ("{{ 标题 ", "本局.docx"),
        ("{% for 行 in 问题 %}", "本局.docx"),
    ],
)
def test_what_a_template_may_not_do(tmp_path: Path, line: str, named: str) -> None:
    with pytest.raises(InputRefused, match=named):
        fill(template(tmp_path, line), LETTER, tmp_path / "out.docx")
    assert not (tmp_path / "out.docx").exists()


def test_a_letterhead_is_chosen_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "letterheads"
    folder.mkdir()
    template(folder, "{{ 标题 }}")
    assert find_letterhead(tmp_path, "本局").name == "本局.docx"
    with pytest.raises(WrongUsage, match="现有：本局"):
        find_letterhead(tmp_path, "别局")


def test_no_word_file_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "x.docx"
    fake.write_text("x", encoding="utf-8")
    with pytest.raises(InputRefused, match=r"x\.docx"):
        fill(fake, LETTER, tmp_path / "out.docx")


def test_every_field_is_documented() -> None:
    listed = (Path(__file__).resolve().parents[2] / "docs" / "letterhead.md").read_text(encoding="utf-8")
    own = set(fields_of(LETTER)) - set(FIELDS)
    assert [name for name in own if f"`{name}`" not in listed] == []


def test_the_rows_of_a_reply_are_filled(tmp_path: Path) -> None:
    fields = {"发文机关": "甲局", "检察建议": "《检察建议书》", "收到日期": "2026-01-14"}
    rows = [{"建议": "一查\x00到底", "状态": "推进中"}, {"建议": "二查", "状态": "推进中"}]
    letter = prepare(find_kind("检察建议整改落实情况复函"), {**fields, "落实情况": rows}, [], on="2026-02-01")
    path = template(tmp_path, "{%p for 行 in 落实情况 %}", "{{ 行.建议 }}：{{ 行.状态 }}", "{%p endfor %}")
    text = [p.text for p in Document(str(fill(path, letter, tmp_path / "out.docx"))).paragraphs]
    assert text == ["一查到底：推进中", "二查：推进中"]


def test_an_enforcement_document_on_an_own_letterhead_is_still_a_marked_draft(tmp_path: Path) -> None:
    fields = {"发文机关": "望川市应急管理局", "被检查单位": "甲厂", "检查日期": "2026-11-10"}
    letter = prepare(find_kind("责令限期整改指令书"), fields, [Finding("通道堵塞")], on="2026-11-12")
    document = Document(str(fill(template(tmp_path, "{{ 标题 }}"), letter, tmp_path / "out.docx")))
    for section in document.sections:
        assert f'string="{DRAFT}"' in section.header._element.xml
