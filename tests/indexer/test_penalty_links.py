"""Links from duties to penalties, against pairs labelled by reading the texts."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from corpus.place import Address
from corpus.structure import read_document
from indexer.extraction import extract
from indexer.penalty_links import Link, by_duty, link
from indexer.penalty_units import parse_list

CASES = Path(__file__).parent.parent / "cases" / "penalty.jsonl"
FIRST, NONE = 0.88, 0.85  # floors; what is measured stands in bench/duties.py


@cache
def links_of(path: Path) -> dict[Address, tuple[Link, ...]]:
    document = read_document(path, source=path.name)
    obligations = extract(document.provisions, title=document.masthead.title)
    return dict(by_duty(link(document.provisions, obligations)))


def wanted(row: dict[str, Any]) -> set[tuple[int, int, int | None]]:
    pairs = [[row["penalty_article"], row["penalty_kuan"], row["penalty_items"]], *row.get("or", [])]
    return {(article, kuan, item) for article, kuan, items in pairs for item in items or [None]}


@pytest.mark.shared
def test_labelled_pairs(shared: Path) -> None:
    right = {"first": [0, 0], "none": [0, 0]}
    for row in map(json.loads, CASES.read_text("utf-8").splitlines()):
        duty = Address(row["duty_article"], None, row["duty_kuan"], row.get("duty_item"))
        found = links_of(shared / "laws" / row["doc"]).get(duty, ())
        places = [(one.penalty.article, one.penalty.paragraph, one.penalty.item) for one in found]
        kind = "none" if row["penalty_article"] is None else "first"
        good = not places if kind == "none" else bool(places) and places[0] in wanted(row)
        right[kind][0] += good
        right[kind][1] += 1
    assert right["first"][0] / right["first"][1] >= FIRST, right
    assert right["none"][0] / right["none"][1] >= NONE, right


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("第十六条、第二十一条第二款", ["第十六条", "第二十一条第二款"]),
        ("第二十五条第一款和第二款", ["第二十五条第一款", "第二十五条第二款"]),
        ("第十七条第三项、第四项", ["第十七条第一款第（三）项", "第十七条第一款第（四）项"]),
    ],
)
def test_named_articles(words: str, labels: list[str]) -> None:
    assert [address.label for address in parse_list(words)] == labels
