"""parse ∘ print = identity for numerals, references and dates: 10,000 examples each."""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import dating, deadlines
from corpus.numeral import from_chinese, to_chinese
from corpus.place import Address
from corpus.reference import Reference

EXAMPLES = int(os.environ.get("ZEREN_EXAMPLES", "10000"))
many = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
few = settings(max_examples=150, deadline=None, derandomize=True, database=None)
FULLWIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
NUMBERS = st.integers(0, 9999)
COUNTS = st.integers(1, 99)
NAMES = st.sampled_from(
    ["安全生产法", "中华人民共和国消防法", "望川市安全生产条例", "危险化学品安全管理条例", "刑法"]
)
YEARS = st.sampled_from([None, "2014", "2021"])
DAYS = st.dates(date(1949, 10, 1), date(2099, 12, 31))


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    """An article with or without 之一, its paragraph, item and subitem, none without what it stands in."""
    article = draw(st.integers(1, 1300))
    suffix = draw(st.none() | st.integers(1, 9))
    paragraph = draw(st.none() | COUNTS)
    item = draw(st.none() | COUNTS)
    subitem = draw(st.none() | st.integers(1, 20)) if item else None
    return Address(article, suffix, paragraph, item, subitem)


def numeral(number: int) -> None:
    assert from_chinese(to_chinese(number)) == number
    assert from_chinese(str(number)) == number
    assert from_chinese(str(number).translate(FULLWIDTH)) == number


def reference(address: Address, name: str, dated: str | None) -> None:
    printed = str(Reference(name, address, dated))
    assert str(Reference.parse(printed)) == printed
    parsed = Reference.parse(printed)
    assert (parsed.title, parsed.address, parsed.dated) == (name, address, dated)


def day(value: date) -> None:
    iso = value.isoformat()
    plain = f"{value.year}年{value.month}月{value.day}日"
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value.year))
    for written in (plain, f"{year}年{to_chinese(value.month)}月{to_chinese(value.day)}日"):
        assert deadlines.read_date(written) == iso
        assert dating.find(f"自{written}起施行")[0][0] == iso
    assert dating.find(f"自{plain.translate(FULLWIDTH)}起施行")[0][0] == iso
    assert deadlines.read_date(iso) == iso


@few
@given(NUMBERS)
def test_numerals(number: int) -> None:
    numeral(number)


@few
@given(addresses(), NAMES, YEARS)
def test_references(address: Address, name: str, dated: str | None) -> None:
    reference(address, name, dated)


@few
@given(DAYS)
def test_dates(value: date) -> None:
    day(value)


@pytest.mark.long
def test_every_numeral() -> None:
    for number in range(10_000):
        numeral(number)


@pytest.mark.long
@many
@given(addresses(), NAMES, YEARS)
def test_ten_thousand_references(address: Address, name: str, dated: str | None) -> None:
    reference(address, name, dated)


@pytest.mark.long
@many
@given(DAYS)
def test_ten_thousand_dates(value: date) -> None:
    day(value)


@pytest.mark.long
def test_every_day_of_forty_years() -> None:
    first = date(1995, 1, 1)
    for number in range(40 * 366):
        day(first + timedelta(number))


def test_control_a_printer_that_drops_a_ten_is_caught() -> None:
    wrong = [n for n in range(1000) if from_chinese(to_chinese(n).replace("十", "")) != n]
    assert 20 in wrong


def test_control_a_day_of_no_calendar_is_none() -> None:
    assert deadlines.read_date("2023年2月30日") is None
