"""How a provision's address is printed: 立法法 第六十五条 and the forms of DOMAIN."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.numeral import from_chinese, to_chinese
from corpus.place import Address, Place, Status

ROWS = [
    (Address(21, None, 1, 5, sole=True), "第二十一条第（五）项"),
    (Address(24, None, 2), "第二十四条第二款"),
    (Address(120, 1), "第一百二十条之一"),
    (Address(9, None, 1, 2, 3), "第九条第一款第（二）项第3目"),
    (Address(3, annex=2), "附件2第三条"),
    (Address(section="2.1.3"), "二、（一）3."),
    (Address(section="2.1.3.4"), "二、（一）3.（4）"),
    (Address(section="0.2"), "第2段"),
]


@pytest.mark.parametrize(("address", "label"), ROWS)
def test_label(address: Address, label: str) -> None:
    assert address.label == label


@pytest.mark.parametrize(
    ("address", "above"),
    [
        (Address(9, None, 1, 2, 3), Address(9, None, 1, 2)),
        (Address(9, None, 1, 2), Address(9, None, 1)),
        (Address(9, None, 1), Address(9)),
        (Address(9), None),
        (Address(section="2.1"), Address(section="2")),
        (Address(section="2"), None),
    ],
)
def test_up(address: Address, above: Address | None) -> None:
    assert address.up() == above


def test_a_sole_paragraph_is_no_part_of_the_identity() -> None:
    assert Address(3, None, 1, sole=True) == Address(3, None, 1)
    assert Address(3, None, 1, sole=True).label != Address(3, None, 1).label


def test_place_in_the_contracts_shape() -> None:
    place = Place("甲.md", "甲法", "2021-06-10", Status.IN_FORCE, Address(5, None, 1), ("第一章 总则",))
    shape = place.as_json()
    assert shape["citation"] == "《甲法》第五条第一款"
    assert shape["headings"] == ["第一章 总则"]
    assert {"source", "version", "status", "article_suffix", "subitem", "section"} <= set(shape)


@given(st.integers(0, 9999))
def test_numerals_return(number: int) -> None:
    assert from_chinese(to_chinese(number)) == number


@pytest.mark.parametrize("number", [-1, 10000])
def test_numerals_have_bounds(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        to_chinese(number)


@pytest.mark.parametrize("text", ["", "十十", "百一千", "甲", "一二百"])
def test_what_is_no_numeral(text: str) -> None:
    assert from_chinese(text) is None
