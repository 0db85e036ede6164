# ruff: noqa: E501 - rows of a table stay on one line, however wide Chinese is counted
"""Nothing is lost: tree → text gives back every character that is not layout."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from corpus.document import Line
from corpus.errors import InputRefused
from corpus.heads import bare
from corpus.proof import lines_text, tree_text
from corpus.reading import markdown_lines, read
from corpus.structure import parse

SAMPLE = 150
SEED = 20261122

FIXTURES = [
    "# 甲条例\n\n2020年1月1日 甲市通过\n\n## 第一章 总则\n\n第一条 甲。\n\n乙：\n\n（一）丙；\n\n丁\n\n（二）戊。\n\n附件：\n\n| 级 | 伏 |\n|--|--|\n| 高 | 千 |",
    "# 通知\n\n各区：\n\n## 一、甲\n\n（一）乙。\n\n1.丙\n\n特此通知。\n\n2020年1月1日",
    "目录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 甲。 第二条 乙。 第三条 丙。\n第二章 附则\n第四条 丁。\n抄送：戊。",
    "First, do this:\n(1) one\nmore of one\n(1) again\nQ: why?\nA: because: First, x\nThe second is y",
    "\u200b\n\ufeff第一条\u3000甲\u200b\n　　\n第三十－条 乙\n笫三十二条 丙 。",
    "一、将第一条修改为：“甲。\n“第一条之一 乙。”\n二、删去第三条。",
]


@pytest.mark.parametrize("text", FIXTURES)
@pytest.mark.parametrize("name", ["x.md", "x.txt"])
def test_own_texts_come_back_whole(text: str, name: str) -> None:
    lines = markdown_lines(text) if name.endswith(".md") else tuple(_plain(text))
    document = parse(lines, name=name)
    assert tree_text(document.nodes) == lines_text(lines)


def _plain(text: str) -> list[Line]:
    return [Line(raw, number) for number, raw in enumerate(text.split("\n"), 1)]


def test_rows_hold_every_word_below_the_masthead() -> None:
    lines = markdown_lines(FIXTURES[0])
    document = parse(lines, name="x.md")
    rows = bare("".join(row.text for row in document.provisions))
    for word in "甲乙丙丁戊级伏高千":
        assert word in rows


def unequal(files: list[Path]) -> list[str]:
    """The names of the files whose words differ after parsing; files without words are left out."""
    out = []
    for path in files:
        try:
            lines = read(path).lines
        except InputRefused:
            assert not _words(path), path.name
            continue
        if tree_text(parse(lines, name=path.name).nodes) != lines_text(lines):
            out.append(path.name)
    return out


def _words(path: Path) -> str:
    """What a file holds besides its front matter."""
    return path.read_text(encoding="utf-8").split("---")[-1].strip()


@pytest.mark.shared
def test_a_sample_of_the_laws_comes_back_whole(shared: Path) -> None:
    files = sorted((shared / "laws").rglob("*.md"))
    assert unequal(random.Random(SEED).sample(files, SAMPLE)) == []


@pytest.mark.shared
@pytest.mark.long
def test_every_law_comes_back_whole(shared: Path) -> None:
    files = sorted((shared / "laws").rglob("*.md"))
    assert len(files) == 3504
    assert unequal(files) == []


@pytest.mark.shared
@pytest.mark.long
def test_markdown_reading_drops_markup_only(shared: Path) -> None:
    """What the reader leaves out is markup: #, |, table rules, comments, the front matter."""
    for path in sorted((shared / "laws").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        kept = "".join(bare(line.text) for line in markdown_lines(text))
        left = bare(re.sub("<!--.*?-->", "", text))
        for mark in ("#", "|", "-"):
            left, kept = left.replace(mark, ""), kept.replace(mark, "")
        if path.name not in ("README.md", "法律法规模版.md", "_index.md"):
            assert kept == left, path.name


@pytest.mark.shared
def test_policies_come_back_whole(shared: Path) -> None:
    assert unequal(sorted((shared / "policies").glob("*.txt"))) == []
