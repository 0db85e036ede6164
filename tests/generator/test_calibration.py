"""The page as LibreOffice draws it: 22 lines of 28 characters, page numbers outside, headers repeated."""

from __future__ import annotations

import shutil
import subprocess
from functools import partial
from pathlib import Path

import pdfplumber
import pytest

from generator.blocks import Cell, Column, Paper, Paragraph, Table
from generator.paper import typeset

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(SOFFICE is None, reason="SKIPPED LOUDLY: no soffice, the drawn page is not measured"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]
LINES, CHARACTERS = 22, 28
MM = 72 / 25.4
TURNED = Table(
    (Column("事项", 1), Column("内容", 3)),
    tuple((Cell.of(f"第{n}项"), Cell.of("字" * 120)) for n in range(40)),
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two papers drawn in one run of LibreOffice, in a profile of its own."""
    folder = tmp_path_factory.mktemp("drawn")
    plain = Paper((Paragraph.of("字" * (LINES * CHARACTERS * 2 + 1), "No Indent"),), "满页")
    typeset(plain, folder / "full.docx")
    table = Paper((Paragraph.of("说明", "No Indent"), TURNED), "表", watermark="草稿", landscape=True)
    typeset(table, folder / "table.docx")
    run = partial(subprocess.run, capture_output=True, timeout=120, check=True)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    papers = [str(folder / name) for name in ("full.docx", "table.docx")]
    run([str(SOFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *papers])
    return {name: folder / f"{name}.pdf" for name in ("full", "table")}


def rows_of(page: pdfplumber.page.Page) -> list[list[dict[str, float]]]:
    """The characters of the text in lines from the top."""
    lines: dict[int, list[dict[str, float]]] = {}
    for char in page.chars:
        if char["text"] == "字":
            lines.setdefault(round(char["top"]), []).append(char)
    return [lines[top] for top in sorted(lines)]


def test_a_page_is_22_lines_of_28_characters(drawn: dict[str, Path]) -> None:
    with pdfplumber.open(drawn["full"]) as pdf:
        assert len(pdf.pages) == 3, "two full pages and one character"
        for page in pdf.pages[:2]:
            assert [len(line) for line in rows_of(page)] == [CHARACTERS] * LINES
        assert [len(line) for line in rows_of(pdf.pages[2])] == [1]


def test_the_text_area_is_156_by_225_mm(drawn: dict[str, Path]) -> None:
    with pdfplumber.open(drawn["full"]) as pdf:
        page = pdf.pages[0]
        chars = [char for line in rows_of(page) for char in line]
        assert abs(min(c["x0"] for c in chars) / MM - 28) < 1.5
        assert max(c["x1"] for c in chars) / MM < 210 - 26 + 1
        assert min(c["top"] for c in chars) / MM >= 37 - 1
        assert max(c["bottom"] for c in chars) / MM <= 297 - 35 + 1


def test_page_numbers_stand_odd_right_even_left(drawn: dict[str, Path]) -> None:
    with pdfplumber.open(drawn["full"]) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            found = [c for c in page.chars if c["text"] == str(number) and c["top"] / MM > 297 - 35]
            assert len(found) == 1
            assert (found[0]["x0"] > page.width / 2) == (number % 2 == 1)


def test_a_landscape_table_repeats_its_head_on_every_page(drawn: dict[str, Path]) -> None:
    with pdfplumber.open(drawn["table"]) as pdf:
        assert len(pdf.pages) > 1
        for page in pdf.pages:
            assert page.width > page.height
            assert "事项" in (page.extract_text() or "")
        text = "".join(page.extract_text() or "" for page in pdf.pages)
        assert [n for n in range(40) if f"第{n}项" not in text] == []
