"""From findings to law: what a clause says, and the provisions a finding breaches, on real texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Library
from corpus.structure import read_document
from indexer import register, taxonomy
from retriever import basis, finding

CASES = Path(__file__).resolve().parent.parent / "cases"
ON = "2026-11-22"
OTHERS = (
    "社会法/劳动法(2018-12-29).md",
    "行政法规/安全生产许可证条例(2014-07-29).md",
    "行政法规/煤矿安全监察条例(2013-07-18).md",
    "行政法规/道路运输条例(2022-03-29).md",
    "行政法规/特种设备安全监察条例(2009-01-24).md",
)
# Catch-all provisions are neither right nor wrong (examples/letters/README).
NEUTRAL = {
    ("安全生产法", 4, None),
    ("安全生产法", 102, None),
    ("特种设备安全法", 7, None),
    ("特种设备安全法", 8, None),
}
NEUTRAL_PARTS = {("安全生产法", 41, 2, None), ("消防法", 16, 1, 5)}


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in CASES.joinpath(name).read_text(encoding="utf-8").splitlines()]


FILES = ("findings.jsonl", "findings_fresh.jsonl", "findings_held.jsonl", "findings_more.jsonl")
ALL = [row for name in FILES for row in rows(name)]
# Trades seldom inspected: fishing, tourism, explosives, pipelines, inland ships, clinics, farm machines.
WIDE = [
    row
    for name in ("findings_wide", "findings_wide_more", "findings_wide_third")
    for row in rows(f"{name}.jsonl")
]


@pytest.fixture(scope="module")
def grounds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[basis.Grounds]:
    data = tmp_path_factory.mktemp("data")
    sources = {place["source"] for row in (*ALL, *WIDE) for place in (*row["breached"], *row["penalty"])}
    with Library.open(data, create=True) as library:
        for source in sorted(sources | set(OTHERS)):
            path = shared / "laws" / source
            library.add(read_document(path, source=source), path.read_bytes(), source=source)
        register.write(data, library)
        yield basis.Grounds(library, register.Register(data / register.FILE), taxonomy.load(None))


@pytest.mark.parametrize(
    ("text", "faulty"),
    [
        ("安全出口上锁", True),
        ("安全出口畅通，标志完好", False),
        ("安全例会纪要没有使用统一模板，内容和签字齐全", False),
        ("仓库里有人抽烟", True),
        ("校车核载36人，实载47人", True),
        ("特种作业人员均持证上岗", False),
        ("灭火器在有效期内，但两具被拆走", True),
        ("", False),
        ("，。；", False),
    ],
)
def test_a_fault_is_told_from_praise_and_trifles(text: str, faulty: bool) -> None:
    assert bool(finding.read(text).clauses) is faulty


def test_the_word_list_is_whole() -> None:
    held = finding.concepts()
    assert len(held) > 150
    for concept in held:
        assert concept.kind in ("act", "thing", "who")
        assert concept.say.pattern
        assert all(len(phrase) >= 2 for phrase in concept.law)


def _place(offered: basis.Offered) -> tuple[str, int | None, int | None, int | None]:
    a = offered.place.address
    return (offered.place.source, a.article, a.paragraph, a.item)


def _neutral(place: tuple[str, int | None, int | None, int | None]) -> bool:
    title = place[0].rpartition("/")[2].partition("(")[0]
    return (title, place[1], None) in NEUTRAL or (title, *place[1:]) in NEUTRAL_PARTS


def _right(found: tuple[Any, ...], wanted: dict[str, Any]) -> bool:
    same = found[:3] == (wanted["source"], wanted["article"], wanted["paragraph"])
    return same and wanted["item"] in (None, found[3])


def measure(grounds: basis.Grounds, cases: list[dict[str, Any]]) -> dict[str, float]:
    """Shares of the findings whose provision, whose penalty stands in the first three, and of the faultless
    for which nothing is offered."""
    hits: dict[str, list[bool]] = {"breached": [], "penalty": [], "none": []}
    for row in cases:
        found = basis.find(grounds, row["finding"], industry=row["industry"], region=row["region"], on=ON)
        places = [_place(o) for o in found.breached]
        if not row["breached"]:
            hits["none"].append(not places and not found.penalties)
            continue
        kept = [p for p in places if not _neutral(p) or any(_right(p, w) for w in row["breached"])][:3]
        hits["breached"].append(any(_right(p, w) for p in kept for w in row["breached"]))
        if row["penalty"]:
            first = [_place(o) for o in found.penalties[:3]]
            hits["penalty"].append(any(_right(p, w) for p in first for w in row["penalty"]))
    return {name: sum(values) / len(values) for name, values in hits.items() if values}


@pytest.mark.shared
def test_the_right_article_stands_in_the_first_three(grounds: basis.Grounds) -> None:
    shares = measure(grounds, ALL)
    assert shares["breached"] >= 0.95
    assert shares["penalty"] >= 0.90
    assert shares["none"] >= 0.90


@pytest.mark.shared
def test_trades_seldom_inspected(grounds: basis.Grounds) -> None:
    shares = measure(grounds, WIDE)
    assert shares["breached"] >= 0.86
    assert shares["none"] >= 0.80


@pytest.mark.shared
@pytest.mark.parametrize(
    ("text", "industry", "old"),
    [
        ("客车核定45人，实载52人", "道路客运", "道路运输条例(2022-03-29)"),
        ("驾驶员连续驾驶六小时没有换人", "道路客运", "道路运输条例(2022-03-29)"),
    ],
)
def test_superseded_texts_are_never_offered(
    grounds: basis.Grounds, text: str, industry: str, old: str
) -> None:
    found = basis.find(grounds, text, industry=industry, on=ON)
    assert found.breached
    assert all(old not in one.place.source for one in (*found.breached, *found.penalties))
    then = basis.find(grounds, text, industry=industry, on="2022-06-01")
    assert any(old in one.place.source for one in then.breached)


@pytest.mark.shared
def test_the_order_does_not_hang_on_the_word_list(grounds: basis.Grounds) -> None:
    """拖拉机, 雷管 and 渡船 stand in no row of finding_words.toml: titles and sentences find their texts."""
    for text, title in (
        ("收割机拖斗里拉着六个人", "农业机械安全监督管理条例"),
        ("购买炸药用现金结账", "民用爆炸物品安全管理条例"),
        ("输油管道上方两米处盖起了猪圈", "石油天然气管道保护法"),
    ):
        found = basis.find(grounds, text, on=ON)
        assert any(title in one.place.title for one in found.breached[:3]), text


@pytest.mark.shared
def test_the_worked_examples(grounds: basis.Grounds, shared: Path) -> None:
    lines = shared.joinpath("examples/letters/findings.jsonl").read_text(encoding="utf-8").splitlines()
    assert measure(grounds, [json.loads(line) for line in lines]) == {
        "breached": 1.0,
        "penalty": 1.0,
        "none": 1.0,
    }


@pytest.mark.shared
@pytest.mark.parametrize("text", [row["finding"] for row in ALL[:40]])
def test_offers_are_in_force_verbatim_and_of_the_region(grounds: basis.Grounds, text: str) -> None:
    found = basis.find(grounds, text, industry="化工", on=ON)
    for offered in (*found.breached, *found.penalties):
        assert offered.place.status == "in_force"
        assert "地方法规" not in offered.place.source
        whole = grounds.library.text(offered.key, offered.place.address)
        assert offered.text in whole or whole in offered.text
    scores = [offered.score for offered in found.breached]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.shared
def test_a_regions_provisions_only_for_that_region(grounds: basis.Grounds) -> None:
    text = "没有设置安全总监"
    here = basis.find(grounds, text, industry="化工", region="山东", on=ON)
    assert "山东省" in here.breached[0].place.title
    for region in (None, "北京"):
        found = basis.find(grounds, text, industry="化工", region=region, on=ON)
        assert all("山东省" not in offered.place.title for offered in found.breached)


@pytest.mark.shared
@pytest.mark.parametrize("text", ["", "？？？", "今天天气很好", "𫚖㙍" * 50, "隐患" * 1500, "=1+1"])
def test_odd_findings_offer_nothing_or_little_and_never_fail(grounds: basis.Grounds, text: str) -> None:
    assert isinstance(basis.find(grounds, text, on=ON).as_json()["breached"], list)
