"""The tree from every form of a law is the tree from its Markdown, provision by provision."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path

import pytest

from corpus import pdf, reading, structure
from corpus.document import Document
from corpus.word_binary import find_libreoffice

SAMPLE = ("特种设备安全法", "安全生产许可证条例", "山东省安全生产条例")
FORMS = (".docx", ".pdf", ".html", ".txt")
HEAD = re.compile(r"第[一二三四五六七八九十百]+条(?=\s)")
SCANS = (
    "安全生产许可证条例",
    "建设工程安全生产管理条例",
    "煤矿安全生产条例",
    "生产安全事故报告和调查处理条例",
)


def expected(shared: Path) -> list[dict[str, str]]:
    lines = (shared / "formats" / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def bare(text: str) -> str:
    return "".join(text.split())


def tree(document: Document) -> list[object]:
    rows = [(p.address, p.level, bare(p.text), tuple(map(bare, p.headings))) for p in document.provisions]
    return [bare(document.masthead.title), tuple(map(bare, document.headings)), document.counts, *rows]


def same_tree(shared: Path, name: str, source: str, form: str) -> None:
    law = structure.read_document(shared / "laws" / source, source=source)
    other = structure.read_document(shared / "formats" / f"{name}{form}", source=f"{name}{form}")
    for number, (one, two) in enumerate(zip(tree(law), tree(other), strict=False)):
        assert one == two, f"{name}{form}: row {number} differs"
    assert len(tree(law)) == len(tree(other))
    assert other.masthead.effective == law.masthead.effective


@pytest.mark.shared
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SAMPLE)
def test_sample_reads_as_markdown_does(shared: Path, name: str, form: str) -> None:
    source = next(row["source"] for row in expected(shared) if row["name"] == name)
    same_tree(shared, name, source, form)


@pytest.mark.shared
def test_comparison_notices_one_lost_comma(shared: Path, tmp_path: Path) -> None:
    """The negative control: the comparison fails when one 、 is lost on the way."""
    name = SAMPLE[0]
    source = next(row["source"] for row in expected(shared) if row["name"] == name)
    text, _ = reading.decode((shared / "formats" / f"{name}.txt").read_bytes())
    damaged = tmp_path / f"{name}.txt"
    damaged.write_text(text[: len(text) // 2] + text[len(text) // 2 :].replace("、", "", 1), encoding="utf-8")
    law = structure.read_document(shared / "laws" / source, source=source)
    assert tree(law) != tree(structure.read_document(damaged, source=damaged.name))


@pytest.mark.shared
@pytest.mark.long
@pytest.mark.parametrize("form", [*FORMS, ".doc"])
def test_every_law_reads_as_markdown_does(shared: Path, form: str) -> None:
    if form == ".doc" and find_libreoffice() is None:
        pytest.skip("SKIPPED LOUDLY: LibreOffice is not installed, .doc is not read")
    rows = expected(shared)
    assert len(rows) == 22
    for row in rows:
        same_tree(shared, row["name"], row["source"], form)


@pytest.mark.shared
@pytest.mark.long
@pytest.mark.parametrize("name", SCANS)
def test_scan_keeps_its_characters_and_heads(shared: Path, name: str) -> None:
    """≥ 98 % of the characters of the printed pages, every article head at a paragraph's start."""
    scan = reading.read(shared / "formats" / f"{name}.scan.pdf")
    assert scan.format == "scan"
    assert "ocr" in [remark.code for remark in scan.remarks]
    printed = [line for line in pdf.read(shared / "formats" / f"{name}.pdf").lines if (line.page or 0) <= 3]
    want = "".join(bare(line.text) for line in printed)
    have = "".join(bare(line.text) for line in scan.lines)
    want = want[: len(have) + 40]  # the scan ends with page 3, the last printed paragraph goes on
    matcher = difflib.SequenceMatcher(None, want, have, autojunk=False)
    kept = sum(block.size for block in matcher.get_matching_blocks())
    assert kept / min(len(want), len(have)) >= 0.98
    heads = [found.group() for line in scan.lines if (found := HEAD.match(line.text))]
    wanted = [found.group() for line in printed if (found := HEAD.match(line.text))]
    assert heads == wanted
