# ruff: noqa: E501 - rows of a table stay on one line, however wide Chinese is counted
"""The tree against texts counted by hand: the shared examples, and our own larger set (cases/parse.jsonl)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.document import Document, Level, Provision
from corpus.heads import bare
from corpus.structure import read_document

Row = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
SHARED_CASES = ROOT.parent / "shared" / "examples" / "parse.jsonl"
OWN_CASES = ROOT / "tests" / "cases" / "parse.jsonl"
COUNTS = {
    "bian": "parts",
    "fenbian": "subparts",
    "chapters": "chapters",
    "sections": "sections",
    "articles": "articles",
}
FIGURES = "一二三四五六七八九十"


def rows(path: Path) -> list[Row]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


CASES = [
    pytest.param(row, id=f"{row['id']}-{row['title'][:14]}")
    for row in (*rows(SHARED_CASES), *rows(OWN_CASES))
]


@pytest.mark.shared
@pytest.mark.parametrize("row", CASES)
def test_text_is_read_as_counted_by_hand(row: Row, shared: Path) -> None:
    document = read_document(shared / "laws" / row["path"], source=row["path"])
    assert differences(row, document) == []


def differences(row: Row, document: Document) -> list[str]:
    """Every way in which the document differs from the row of a case file."""
    out = [
        f"{key}: {getattr(document.counts, name)} ≠ {row[key]}"
        for key, name in COUNTS.items()
        if key in row and getattr(document.counts, name) != row[key]
    ]
    out += list(_masthead(row, document))
    if "chapter_titles" in row:
        titles = [n.text for n in document.walk() if n.level is Level.CHAPTER and n.number is not None]
        titles = [bare(title) for title in titles]
        if titles != [bare(title) for title in row["chapter_titles"]]:
            out.append(f"chapter titles: {titles}")
    if "annex" in row and row["annex"] != any(n.level is Level.ANNEX for n in document.nodes):
        out.append(f"annex: not {row['annex']}")
    out += list(_sections(row, document))
    for code in row.get("remarks", []):
        if code not in {remark.code for remark in document.remarks}:
            out.append(f"no remark {code}")
    for sample in row.get("samples", []):
        out += [
            f"{sample.get('article') or sample.get('item')}: {text}" for text in _sample(sample, document)
        ]
    return out


def _masthead(row: Row, document: Document) -> list[str]:
    head, out = document.masthead, []
    wanted = {"title": head.title, "kind": head.kind, "region": head.region, "number": head.number, "adopted": head.passed,
              "language": head.language}  # fmt: skip
    for key, value in wanted.items():
        if key in row and not (key == "adopted" and row[key] is None) and row[key] != value:
            out.append(f"{key}: {value} ≠ {row[key]}")
    if row.get("last_amended") and (head.amended or (None,))[-1] != row["last_amended"]:
        out.append(f"last amended: {head.amended} ≠ {row['last_amended']}")
    if "effective" in row:
        wanted_day = row["effective"]
        if wanted_day is not None and not wanted_day[:4].isdigit():
            wanted_day = row.get("published") or row.get("adopted")
        if head.effective != wanted_day:
            out.append(f"effective: {head.effective} ≠ {wanted_day}")
    return out


def _sections(row: Row, document: Document) -> list[str]:
    found = [r.address.section or "" for r in document.provisions if r.address.annex is None]
    tops = [section for section in found if section and "." not in section]
    out = []
    if len(tops) != row.get("tops", len(tops)):
        out.append(f"top sections: {tops}")
    if found != row.get("sections_listed", found):
        out.append(f"sections: {found}")
    if found and found[-1] != row.get("last_section", found[-1]):
        out.append(f"last section: {found[-1]}")
    return out


def _sample(sample: Row, document: Document) -> list[str]:
    if sample.get("article") is None and "section" not in sample:
        sample = {**sample, "section": str(sample["no"])}
    found = [row for row in document.provisions if _belongs(row, sample)]
    own = sample.get("section", "")
    text = bare("".join(row.words if row.address.section == own else row.text for row in found))
    out = []
    if not text.startswith(bare(sample["first20"])) or not text.endswith(bare(sample["last20"])):
        out.append(f"{text[:20]}…{text[-20:]}")
    if sample.get("article") is None:
        lines = sum(row.text.count("\n") + 1 for row in found)
        if lines != sample.get("paragraphs", lines):
            out.append(f"paragraphs {lines} ≠ {sample['paragraphs']}")
        return out
    paragraphs = max((row.address.paragraph or 0 for row in found), default=0)
    items = [
        sum(row.level is Level.ITEM and row.address.paragraph == number for row in found)
        for number in range(1, paragraphs + 1)
    ]
    subitems = sum(row.level is Level.SUBITEM for row in found)
    if (paragraphs, items, subitems) != (sample["kuan"], sample["xiang_per_kuan"], sample["mu"]):
        out.append(f"款 {paragraphs} 项 {items} 目 {subitems}")
    return out


def _belongs(row: Provision, sample: Row) -> bool:
    address = row.address
    if "section" in sample:
        own = address.section or ""
        return own == sample["section"] or own.startswith(f"{sample['section']}.")
    zhi = sample.get("zhi")
    suffix = FIGURES.index(zhi[-1]) + 1 if isinstance(zhi, str) else zhi
    return (address.article, address.article_suffix, address.annex) == (sample["no"], suffix, None)
