"""Titles compared the way people mean them."""

from __future__ import annotations

import pytest

from corpus.naming import candidates, is_generic
from corpus.works import local_form, number_key, similar, title_key, work_key

SAME = [
    ("中华人民共和国安全生产法", "安全生产法"),
    ("《安全生产法》（2021年修正）", "中华人民共和国安全生产法"),
    ("某规则（试行）", "某规则"),
    ("北京市实施《中华人民共和国水法》办法", "北京市实施〈水法〉办法"),
    ("最高人民法院、最高人民检察院关于某事的解释", "最高人民法院 最高人民检察院关于某事的解释"),
    ("安全生产法(2021-06-10)", "安全生产法"),
    ("中华人民共和国民法典 侵权责任编", "民法典"),
    ("某市安全条例（样例·虚构）", "某市安全条例"),
]
DIFFERENT = [
    ("民法", "难民法"),
    ("某解释（一）", "某解释（二）"),
    ("宪法修正案（1988年）", "宪法修正案（1993年）"),
    ("刑法修正案（八）", "刑法修正案（九）"),
    ("刑法", "刑法修正案"),
    ("北京市安全生产条例", "上海市安全生产条例"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_work(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_works(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


def test_acts_that_amend_others_are_works_by_their_date() -> None:
    title = "某市人大常委会关于修改部分地方性法规的决定"
    assert work_key(title, "2018-03-30") != work_key(title, "2019-07-26")
    assert work_key("某市安全条例", "2018-03-30") == work_key("某市安全条例", "2019-07-26")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("国务院令第393号", "国务院令393号"),
        ("中华人民共和国国务院令（第393号）", "国务院令393号"),
        ("国务院第三百九十三号令", "国务院令393号"),
        ("法释〔2022〕19号", "法释(2022)19号"),
        ("法释[2022]19号", "法释(2022)19号"),
        ("法释（2022）19号", "法释(2022)19号"),
    ],
)
def test_document_numbers(written: str, key: str) -> None:
    assert number_key(written) == key


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("北京市安全生产条例", "安全生产条例"),
        ("汕头经济特区消防条例", "消防条例"),
        ("安全生产法", None),
        ("城市供水条例", None),
    ],
)
def test_local_titles(title: str, rest: str | None) -> None:
    assert local_form(title) == rest


def test_titles_nearly_right_are_suggested_never_taken() -> None:
    known = {"安全生产法": "中华人民共和国安全生产法", "消防法": "中华人民共和国消防法"}
    assert similar("安权生产法", known) == ["中华人民共和国安全生产法"]
    assert similar("渔业法", known) == []


@pytest.mark.parametrize(
    ("before", "title", "dated", "age"),
    [
        ("违反了《安全生产法》", "安全生产法", None, None),
        ("《安全生产法》（2014年修正）", "安全生产法", "2014", None),
        ("《安全生产法》（以下简称安法）", "安全生产法", None, None),
        ("2014年版《安全生产法》", "安全生产法", "2014", None),
        ("旧《安全生产法》", "安全生产法", None, "old"),
        ("修订后的《安全生产法》", "安全生产法", None, "new"),
        ("《关于适用《某法》的解释》", "关于适用《某法》的解释", None, None),
        ("国务院令（第393号）", "国务院令（第393号）", None, None),
        ("《某法》（2021-06-10）", "某法", "2021-06-10", None),
    ],
)
def test_names_before_an_address(before: str, title: str, dated: str | None, age: str | None) -> None:
    first = next(candidates(before))
    assert (first.title, first.dated, first.age) == (title, dated, age)


def test_a_name_is_not_found_inside_a_longer_one() -> None:
    assert {name.title for name in candidates("难民法")} == {"难民法"}
    assert "消防法" in {name.title for name in candidates("根据消防法")}
    assert "消防法" not in {name.title for name in candidates("某市和消防法")}
    assert "消防法" in {name.title for name in candidates("和消防法", first=False)}


@pytest.mark.parametrize(
    ("title", "generic"), [("条例", True), ("该办法", True), ("特别规定", True), ("消防条例", False)]
)
def test_titles_that_only_name_a_kind(title: str, generic: bool) -> None:
    assert is_generic(title) is generic
