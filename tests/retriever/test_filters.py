"""Filters as a person sets them, over a small library of a national law (two versions), a local text and a
text of one industry: each limits what is found, says when nothing is left, and names an unknown word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cli
from corpus.errors import WrongUsage
from corpus.library import Library
from corpus.structure import read_document
from indexer.build import build_index
from retriever.answer import Desk
from retriever.hit import Filters
from retriever.narrowing import RANKS, kinds_of_ranks
from retriever.search import Retriever

HEAD = "<!-- INFO END -->\n"
OLD = f"""# 中华人民共和国样品锅炉安全生产法
2012年3月1日 第十一届全国人民代表大会常务委员会第二十五次会议通过
{HEAD}第一条 为了加强样品锅炉安全，制定本法。
第二条 样品锅炉使用单位应当每两年对样品锅炉进行一次内部检验。
第三条 样品锅炉使用单位的主要负责人应当组织制定样品锅炉应急预案。
第四条 本法自2012年6月1日起施行。
"""
NEW = f"""# 中华人民共和国样品锅炉安全生产法
2012年3月1日 第十一届全国人民代表大会常务委员会第二十五次会议通过
2021年6月10日 第十三届全国人民代表大会常务委员会第二十九次会议修订
{HEAD}第一条 为了加强样品锅炉安全，制定本法。
第二条 样品锅炉使用单位应当每年对样品锅炉进行一次内部检验。
第三条 样品锅炉使用单位的主要负责人应当组织制定样品锅炉应急预案。
第四条 样品锅炉作业人员应当持证上岗，发现样品锅炉异常应当立即停炉。
第五条 本法自2021年9月1日起施行。
"""
LOCAL = f"""# 北京市样品锅炉安全条例
2022年5月25日 北京市第十五届人民代表大会常务委员会第三十九次会议通过
{HEAD}第一条 为了加强本市样品锅炉安全，制定本条例。
第二条 本市样品锅炉使用单位应当每半年对样品锅炉进行一次内部检验，并向市场监督管理部门报告。
第三条 本条例自2022年8月1日起施行。
"""
MINE = f"""# 煤矿样品锅炉安全条例
2020年1月5日 国务院令第999号公布
{HEAD}第一条 为了加强煤矿样品锅炉安全，制定本条例。
第二条 煤矿企业应当每季度对煤矿样品锅炉进行一次内部检验。
第三条 煤矿矿长应当每月下井检查煤矿样品锅炉。
第四条 本条例自2020年3月1日起施行。
"""
ASKED = "样品锅炉多久进行一次内部检验？"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filters")
    texts = {
        "法律/样品锅炉安全生产法(2012-03-01).md": OLD,
        "法律/样品锅炉安全生产法(2021-06-10).md": NEW,
        "地方性法规/北京/北京市样品锅炉安全条例(2022-05-25).md": LOCAL,
        "行政法规/煤矿样品锅炉安全条例(2020-01-05).md": MINE,
    }
    with Library.open(folder, create=True) as library:
        for name, text in texts.items():
            path = tmp_path_factory.mktemp("texts") / Path(name).name
            path.write_text(text, encoding="utf-8")
            library.add(read_document(path, source=name), path.read_bytes(), source=name)
    build_index(folder)
    return folder


@pytest.fixture(scope="module")
def desk(data: Path) -> Iterator[Desk]:
    with Retriever.open(data) as retriever:
        yield Desk.open(retriever)


def found(desk: Desk, filters: Filters, text: str = ASKED) -> list[tuple[str, str | None]]:
    """(title, version) of every hit."""
    return [(hit.place.title, hit.place.version) for hit in desk.search(text, filters=filters)]


LIMITS: list[tuple[Filters, str, str]] = [
    (Filters(region="北京", region_only=True), "北京市样品锅炉", "中华人民共和国|煤矿"),
    (Filters(region="北京市"), "中华人民共和国样品锅炉", ""),
    (Filters(kinds=("国家法律",)), "中华人民共和国样品锅炉", "北京市|煤矿"),
    (Filters(kinds=("地方性法规",)), "北京市样品锅炉", "中华人民共和国|煤矿"),
    (Filters(works=("样品锅炉安全生产法",)), "中华人民共和国样品锅炉", "北京市|煤矿"),
    (Filters(industry="煤矿", kinds=("行政法规",)), "煤矿样品锅炉", "北京市"),
    (Filters(post="矿长"), "煤矿样品锅炉", "北京市"),
]


@pytest.mark.parametrize(("filters", "kept", "gone"), LIMITS)
def test_a_filter_limits_what_is_found(desk: Desk, filters: Filters, kept: str, gone: str) -> None:
    titles = [title for title, _ in found(desk, filters)]
    assert any(title.startswith(kept) for title in titles), titles
    for word in filter(None, gone.split("|")):
        assert not any(title.startswith(word) for title in titles), titles


def test_the_same_filters_limit_the_search_of_the_retriever(desk: Desk) -> None:
    searcher = desk.searcher
    assert isinstance(searcher, Retriever)
    for filters in (
        Filters(industry="煤矿", kinds=("行政法规",)),
        Filters(post="矿长"),
        Filters(region="北京"),
    ):
        ours = {hit.address for hit in desk.search(ASKED, filters=filters)}
        theirs = {hit.address for hit in searcher.search(ASKED, filters=filters)}
        assert theirs == ours


def test_a_post_keeps_only_provisions_it_bears(desk: Desk) -> None:
    hits = desk.search("样品锅炉检查", filters=Filters(post="矿长"))
    assert hits
    assert {(hit.place.title[:2], hit.address.article) for hit in hits} <= {("煤矿", 3), ("中华", 3)}


@pytest.mark.parametrize(("day", "words"), [("2015-01-01", "每两年"), ("2023-01-01", "每年"), (None, "每年")])
def test_the_day_chooses_the_version(desk: Desk, day: str | None, words: str) -> None:
    answer = desk.ask(ASKED, filters=Filters(works=("样品锅炉安全生产法",), as_of=day, in_force_only=True))
    assert answer.found, answer.reason
    assert words in answer.statements[0].text
    assert answer.statements[0].place.status == "in_force"


def test_other_versions_are_noted(desk: Desk) -> None:
    answer = desk.ask(ASKED, filters=Filters(works=("样品锅炉安全生产法",)))
    assert any(n.kind == "other_version" and "2012-03-01" in n.sentence for n in answer.notes)


def test_a_follow_up_within_a_text_cites_it(desk: Desk) -> None:
    answer = desk.ask("第四条怎么规定？", filters=Filters(works=("样品锅炉安全生产法",)))
    assert answer.found
    assert "持证上岗" in answer.statements[0].text


def test_nothing_within_the_filters_is_said_as_such(desk: Desk) -> None:
    answer = desk.ask("食堂的餐具多久消毒一次？", filters=Filters(works=("样品锅炉安全生产法",)))
    assert not answer.found
    assert "选定的范围" in (answer.reason or "")


@pytest.mark.parametrize(
    ("filters", "word"),
    [
        (Filters(industry="占星"), "占星"),
        (Filters(post="大法师"), "大法师"),
        (Filters(region="亚特兰蒂斯"), "亚特兰蒂斯"),
        (Filters(kinds=("圣旨",)), "圣旨"),
        (Filters(as_of="明天"), "明天"),
    ],
)
def test_an_unknown_name_is_refused_with_the_name(desk: Desk, filters: Filters, word: str) -> None:
    with pytest.raises(WrongUsage, match=word):
        desk.ask(ASKED, filters=filters)
    with pytest.raises(WrongUsage, match=word):
        desk.search(ASKED, filters=filters)


def test_ranks_name_masthead_kinds_once() -> None:
    kinds = [kind for _, held in RANKS for kind in held]
    assert len(kinds) == len(set(kinds))
    assert kinds_of_ranks(["国家法律", "法律"]) == ("宪法", "法律")


def run(data: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    status = cli.main([*words, "--data", str(data), "--json"])
    out = capsys.readouterr().out
    return status, json.loads(out) if out else None


def test_filters_at_the_terminal(data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, result = run(data, capsys, "ask", ASKED, "--rank", "地方性法规", "--region", "北京")
    assert status == 0
    assert {s["title"] for s in result["statements"]} == {"北京市样品锅炉安全条例"}
    assert result["filters"]["region"] == "北京"
    status, result = run(
        data, capsys, "ask", ASKED, "--text-of", "样品锅炉安全生产法", "--as-of", "2015-01-01"
    )
    assert status == 0
    assert "每两年" in result["statements"][0]["text"]
    status, result = run(data, capsys, "search", ASKED, "--industry", "煤矿", "--rank", "行政法规")
    assert status == 0
    assert {hit["title"] for hit in result["hits"]} == {"煤矿样品锅炉安全条例"}
    assert run(data, capsys, "ask", ASKED, "--text-of", "没有的法")[0] == 2
    assert run(data, capsys, "ask", ASKED, "--as-of", "昨天")[0] == 2
    rows = [
        {"id": 1, "text": ASKED, "rank": "地方性法规"},
        {"id": 2, "text": ASKED, "industry": 3},
        {"id": 3, "text": ASKED, "on": "2015-01-01", "text_of": ["样品锅炉安全生产法"]},
    ]
    file = tmp_path / "b.jsonl"
    file.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    assert cli.main(["ask", "--batch", str(file), "--data", str(data), "--json"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["statements"][0]["title"] == "北京市样品锅炉安全条例"
    assert "error" in lines[1]
    assert "每两年" in lines[2]["statements"][0]["text"]
