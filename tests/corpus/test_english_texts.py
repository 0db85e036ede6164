# ruff: noqa: E501 - rows of a table stay on one line, however wide Chinese is counted
"""English texts: ordinals in words, lists that restart, questions and answers, debris of web pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.heads import bare
from corpus.reading import plain_lines
from corpus.structure import parse, read_document

ROWS = [
    pytest.param(
        "Reasons are these:\nFirst, men are lazy.\nThe second is that rules are weak.\nThird, money lacks.",
        ["1", "1.1", "1.2", "1.3"],
        id="ordinals in words",
    ),
    pytest.param("First, a\nTwo, b\nFive, c", ["1", "2", "5"], id="cardinals as heads"),
    pytest.param(
        "1. Measures are as follows:\n(1) one\nmore of one\n(2) two\nOther measures are as follows:\n(1) three\n(2) four",
        ["1", "1.1", "1.2", "2", "2.1", "2.2"],
        id="a list that restarts is a new enumeration",
    ),
    pytest.param(
        "Q: why?\nand how?\nA: because.\nIndeed.\nQ: when?\nAnswer: now.",
        ["1", "1.1", "2", "2.1"],
        id="Q and A",
    ),
    pytest.param(
        "These are the features: First, firm.\nFirm is good.\nThe second is fair.",
        ["1", "1.1", "1.2"],
        id="inline start",
    ),
    pytest.param("No mark at all here.\nNor here.", ["0.1", "0.2"], id="no marks"),
    pytest.param(
        "First, act.\nCopyright notice: copied from elsewhere, see the page.",
        ["1"],
        id="copyright notice is no provision",
    ),
]


def sections(document: Document) -> list[str | None]:
    return [row.address.section for row in document.provisions]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_enumerations(text: str, expected: list[str]) -> None:
    document = parse(plain_lines(f"A plain title of the Office\n{text}"), name="x.en.txt")
    assert document.masthead.language == "en"
    assert sections(document) == expected


def test_a_continuation_belongs_to_the_item_above() -> None:
    document = parse(
        plain_lines("A title\n(1) one is one.\nIt to strengthen.\n(2) two is two."), name="x.en.txt"
    )
    assert [row.text for row in document.provisions] == [
        "(1) one is one.\nIt to strengthen.",
        "(2) two is two.",
    ]


def _cases(kind: str) -> list[dict[str, object]]:
    path = Path(__file__).resolve().parents[3] / "shared" / "examples" / "policies.jsonl"
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row for row in rows if row["kind"] == kind]


@pytest.mark.shared
@pytest.mark.parametrize("row", _cases("enumeration"), ids=lambda row: row["id"])
def test_each_item_is_a_row_in_order(row: dict, shared: Path) -> None:  # type: ignore[type-arg]
    document = read_document(shared / "policies" / row["source"], source=row["source"])
    texts = [bare(item.text) for item in document.provisions]
    places = []
    for item in row["items"]:
        hits = [n for n, text in enumerate(texts) if text.startswith(bare(item["text"]))]
        assert hits, item["label"]
        places.append(hits[0])
    assert places == sorted(places)
    parents = {document.provisions[n].address.section.rpartition(".")[0] for n in places}  # type: ignore[union-attr]
    assert len(parents) == 1


@pytest.mark.shared
@pytest.mark.parametrize("row", _cases("qa"), ids=lambda row: row["id"])
def test_each_passage_lies_in_one_row(row: dict, shared: Path) -> None:  # type: ignore[type-arg]
    document = read_document(shared / "policies" / row["source"], source=row["source"])
    for passage in row["gold_passages"]:
        assert any(passage in item.text for item in document.provisions), passage
