"""The Word writer: layout of GB/T 9704-2012, reproducible, clean of forbidden characters."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Length, Mm

from generator.blocks import Cell, Column, Heading, Paper, Paragraph, Run, Table, Title, Turn
from generator.paper import typeset

TABLE = Table(
    (Column("序号", 1), Column("事项", 4), Column("依据", 2)),
    tuple(
        (Cell.of(str(n)), Cell.of("检查现场\n并记录", "law"), Cell.of("《甲条例》第三条")) for n in range(60)
    ),
    "表1",
)
PAPER = Paper(
    (Title("测试"), Heading("一、总则"), Paragraph.of("正文。"), Turn(True), Paragraph.of("表"), TABLE),
    "测试",
    watermark="草稿",
)


def measure(length: Length | None) -> int:
    assert length is not None
    return int(length)


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def test_page_and_margins(tmp_path: Path) -> None:
    section = Document(str(typeset(PAPER, tmp_path / "a.docx"))).sections[0]
    measured = [
        section.page_width,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    ]
    for got, wanted in zip(measured, (210, 37, 35, 28, 26), strict=True):
        assert abs(measure(got) - Mm(wanted)) < Mm(0.2)


def test_same_paper_same_document_xml(tmp_path: Path) -> None:
    first = part(typeset(PAPER, tmp_path / "a.docx"), "word/document.xml")
    assert first == part(typeset(PAPER, tmp_path / "b.docx"), "word/document.xml")
    other = Paper((*PAPER.blocks, Paragraph.of("多一句。")), "测试")
    assert first != part(typeset(other, tmp_path / "c.docx"), "word/document.xml")


def test_table_repeats_its_head_and_keeps_rows_whole(tmp_path: Path) -> None:
    document = Document(str(typeset(PAPER, tmp_path / "a.docx")))
    rows = document.tables[0].rows
    assert "w:tblHeader" in rows[0]._tr.xml
    assert "w:tblHeader" not in rows[1]._tr.xml
    assert all("w:cantSplit" in row._tr.xml for row in rows)
    turned = document.sections[1]
    assert measure(turned.page_width) > measure(turned.page_height)


def test_tall_row_may_split(tmp_path: Path) -> None:
    table = Table((Column("甲", 1),), ((Cell.of("长" * 3000),),))
    document = Document(str(typeset(Paper((table,), "长"), tmp_path / "a.docx")))
    assert "w:cantSplit" not in document.tables[0].rows[1]._tr.xml


def test_every_style_names_four_fonts_and_no_theme_font(tmp_path: Path) -> None:
    styles = part(typeset(PAPER, tmp_path / "a.docx"), "word/styles.xml")
    assert "Theme=" not in styles
    for fonts in styles.split("<w:rFonts ")[1:]:
        attributes = fonts.partition("/>")[0]
        assert all(f"w:{name}=" in attributes for name in ("ascii", "hAnsi", "eastAsia", "cs"))


def test_draft_is_marked_on_every_kind_of_page(tmp_path: Path) -> None:
    path = typeset(PAPER, tmp_path / "a.docx")
    with zipfile.ZipFile(path) as archive:
        headers = [archive.read(n).decode() for n in archive.namelist() if n.startswith("word/header")]
    assert len(headers) == 4
    assert all('string="草稿"' in header for header in headers)
    assert len({header.partition("ZerenDraft")[2][:3] for header in headers}) == 4


@pytest.mark.parametrize("bad", ["甲\x00乙", "甲\x0b乙", "甲\ufffe乙", "甲\ud800乙"])
def test_forbidden_characters_are_left_out(tmp_path: Path, bad: str) -> None:
    path = typeset(Paper((Paragraph((Run(bad),)),), bad), tmp_path / "a.docx")
    assert Document(str(path)).paragraphs[0].text == "甲乙"


def test_rare_characters_survive(tmp_path: Path) -> None:
    path = typeset(Paper((Paragraph.of("㙍𫚖"),), "字"), tmp_path / "a.docx")
    assert Document(str(path)).paragraphs[0].text == "㙍𫚖"
