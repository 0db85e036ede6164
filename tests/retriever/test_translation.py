"""English questions put into Chinese words: the terms in order, and how much of the question they carry."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from retriever.translation import DATA, translate
from retriever.vocabulary import glossary, to_english

CASES = Path(__file__).resolve().parent.parent / "cases"

ROWS = [
    ("How long is a work safety licence valid?", "安全生产许可证", 1.0),
    ("What is the penalty for using special equipment without registration?", "特种设备", 1.0),
    ("Must an employer inform workers of occupational hazards?", "职业病危害", 1.0),
    ("Who may carry out the maintenance of elevators?", "维护保养 电梯", 1.0),
    ("Under the Fire Protection Law, who is fined?", "消防法", 0.6),
    ("Who won the football match yesterday?", "由谁", 0.0),
    ("", "", 1.0),
]


@pytest.mark.parametrize(("text", "words", "share"), ROWS)
def test_terms_are_put_over_in_order(text: str, words: str, share: float) -> None:
    put_over = translate(text)
    assert words in put_over.text
    assert put_over.share >= share
    for term in put_over.terms:
        assert term.added[0] in put_over.text


def test_what_is_not_of_the_field_is_not_put_over() -> None:
    assert translate("Which recipe does grandmother prefer for pancakes?").share < 0.3


def test_terms_go_both_ways() -> None:
    """Issue: a glossary of at least 300 terms, both ways."""
    terms = glossary()
    assert len(terms) >= 300
    back = there = 0
    for term, forms in terms.items():
        there += bool(translate(forms[0]).text)
        back += any(e.word == term for e in to_english(term))
    assert there >= 0.99 * len(terms)
    assert back == len(terms)


def test_the_words_are_chinese_and_named_once() -> None:
    data = tomllib.loads(DATA.read_text("utf-8"))
    for table in data.values():
        for english, chinese in table.items():
            assert english == english.lower().strip()
            assert not chinese or any("一" <= c <= "鿿" for c in chinese)


@pytest.mark.parametrize("name", ["english_questions", "english_fresh"])
def test_english_cases_are_whole(name: str) -> None:
    rows = [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) >= 20
    for row in rows:
        assert row["question"].isascii()
        assert row["gold"]
        assert row["key_facts"]
