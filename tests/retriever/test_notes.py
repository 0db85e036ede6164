"""Notes on rank and age: what two texts beside each other mean, and when nothing is said."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

import pytest

from corpus.document import Edition, Masthead
from corpus.place import Address, Place, Status
from indexer.taxonomy import load
from retriever.notes import DATA, notes
from retriever.stated import Statement

TAXONOMY = load(None)
WORDS = "锅炉使用单位应当每年对锅炉进行一次内部检验并保存检验记录"


@dataclass
class Shelf:
    """The two questions that notes ask of a library."""

    held: dict[str, Edition]

    def edition(self, key: str) -> Edition:
        return self.held[key]

    def versions(self, work: str) -> tuple[Edition, ...]:
        return tuple(e for e in self.held.values() if e.work == work)


def edition(
    key: str, title: str, kind: str, *, region: str | None = None, day: str = "2020-01-01"
) -> Edition:
    masthead = Masthead(title, kind=kind, region=region, version=day)
    return Edition(key, f"{key}.md", title, masthead)


def said(one: Edition, text: str = WORDS, status: Status = Status.IN_FORCE) -> Statement:
    place = Place(one.source, one.title, one.masthead.version, status, Address(1), ())
    return Statement(one.key, place, text, 1.0)


def kinds(statements: list[Statement], *held: Edition) -> list[str]:
    shelf: Any = Shelf({one.key: one for one in held})
    return [note.kind for note in notes(statements, shelf, TAXONOMY, on="2026-01-01")]


LAW = edition("law", "样品锅炉法", "法律", day="2013-01-01")
RULES = edition("rules", "样品锅炉条例", "行政法规", day="2009-01-01")
LOCAL = edition("local", "某省样品锅炉条例", "地方性法规", region="山东", day="2015-01-01")
OTHER = edition("other", "某市样品锅炉条例", "地方性法规", region="浙江", day="2018-01-01")
MINISTRY = edition("ministry", "样品锅炉管理办法", "部门规章", day="2016-01-01")
NEWER = edition("newer", "样品设备法", "法律", day="2021-01-01")
COURT = edition("court", "样品锅炉解释", "司法解释")

PAIRS = [
    (LAW, LOCAL, "local_beside_national"),
    (LOCAL, LAW, "local_beside_national"),
    (LAW, RULES, "lower_beside_higher"),
    (MINISTRY, LOCAL, "rules_beside_local"),
    (LAW, NEWER, "older_beside_newer"),
    (LOCAL, OTHER, None),
    (LAW, COURT, None),
]


@pytest.mark.parametrize(("first", "second", "kind"), PAIRS)
def test_pairs(first: Edition, second: Edition, kind: str | None) -> None:
    found = kinds([said(first), said(second)], first, second)
    assert found == ([kind] if kind else [])


def test_texts_on_other_matters_are_not_compared() -> None:
    assert kinds([said(LAW), said(LOCAL, "食堂餐具每日消毒")], LAW, LOCAL) == []


def test_validity_and_versions_are_said() -> None:
    old = edition("old", "样品锅炉法", "法律", day="2003-01-01")
    found = kinds([said(old, status=Status.REPEALED)], old, LAW)
    assert found == ["not_in_force", "other_version"]


def test_every_sentence_is_filled_and_cites_the_law_it_rests_on() -> None:
    data = tomllib.loads(DATA.read_text("utf-8"))
    assert data["version"] >= "2023-03-13"
    for kind, sentence in data["notes"].items():
        assert re.findall(r"\{(\w+)\}", sentence), kind
        if kind not in ("not_in_force", "other_version"):
            assert "立法法第" in sentence


def test_the_higher_text_is_named_first() -> None:
    shelf: Any = Shelf({one.key: one for one in (RULES, LAW)})
    (note,) = notes([said(RULES), said(LAW)], shelf, TAXONOMY, on="2026-01-01")
    assert note.sentence.index("样品锅炉法") < note.sentence.index("样品锅炉条例")
    assert [place.title for place in note.places] == ["样品锅炉法", "样品锅炉条例"]
    assert note.as_json()["places"][0]["title"] == "样品锅炉法"
