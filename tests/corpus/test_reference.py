"""References parse and print; what people write is read the way they mean it."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus.reference
import corpus.works
from corpus.numeral import from_chinese, to_chinese
from corpus.place import Address
from corpus.reference import Reference
from corpus.written import Aim, chains

FIELDS = ("article", "paragraph", "item", "subitem", "article_back", "paragraph_back", "item_back", "through")


@pytest.mark.parametrize("module", [corpus.reference, corpus.works])
def test_the_examples_in_the_module_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def aim(**fields: object) -> dict[str, object]:
    return fields


WRITTEN = [
    ("第二十一条", [aim(article=(21, None))]),
    ("第２１条第5项", [aim(article=(21, None), item=5)]),
    ("第 二十一 条 第 （ 五 ） 项", [aim(article=(21, None), item=5)]),
    ("第一百三十四条之一第二款", [aim(article=(134, 1), paragraph=2)]),
    ("第一百三十四之一条", [aim(article=(134, 1))]),
    ("第三条之规定", [aim(article=(3, None))]),
    ("第四条第（二）项第3目", [aim(article=(4, None), item=2, subitem=3)]),
    (
        "第十六条、第十七条、第二十一条第二款",
        [aim(article=(n, None)) for n in (16, 17)] + [aim(article=(21, None), paragraph=2)],
    ),
    ("第三十六条至第三十八条", [aim(article=(36, None), through=(38, None))]),
    ("第三十六条—第三十八条", [aim(article=(36, None), through=(38, None))]),
    ("第一、二、五项", [aim(item=1), aim(item=2), aim(item=5)]),
    ("第（一）项至第（三）项", [aim(item=1, through=(3, None))]),
    ("第（一）至（三）项", [aim(item=1, through=(3, None))]),
    ("第七条第（四）（五）项", [aim(article=(7, None), item=4), aim(article=(7, None), item=5)]),
    (
        "第五条第一款第（一）项、第（三）项和第二款",
        [
            aim(article=(5, None), paragraph=1, item=1),
            aim(article=(5, None), paragraph=1, item=3),
            aim(article=(5, None), paragraph=2),
        ],
    ),
    ("第五条第一款、第三款", [aim(article=(5, None), paragraph=1), aim(article=(5, None), paragraph=3)]),
    ("前款", [aim(paragraph_back=1)]),
    ("前两款", [aim(paragraph_back=2)]),
    ("前款第二项、第三项", [aim(paragraph_back=1, item=2), aim(paragraph_back=1, item=3)]),
    ("前条第二款", [aim(article_back=1, paragraph=2)]),
    ("本条第一款", [aim(article_back=0, paragraph=1)]),
    ("本款第（二）项", [aim(paragraph_back=0, item=2)]),
    ("前三项", [aim(item_back=3)]),
]


def shape(found: Aim) -> dict[str, object]:
    return {name: getattr(found, name) for name in FIELDS if getattr(found, name) is not None}


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_written_addresses(text: str, expected: list[dict[str, object]]) -> None:
    (chain,) = chains(text)
    assert [shape(found) for found in chain.aims] == expected
    assert text[chain.start : chain.stop].strip("之规定") == text.strip("之规定")


@pytest.mark.parametrize(
    "text",
    [
        "有下列三项内容",
        "共五条",
        "本条例施行",
        "该项目",
        "本科以上",
        "《中华人民共和国某特别行政区基本法》",
        "2021年6月10日",
    ],
)
def test_words_that_are_no_address(text: str) -> None:
    assert [chain for chain in chains(text) if chain.aims != (Aim(),)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("安全生产法21条第(五)项", "《安全生产法》第二十一条第（五）项"),
        ("《安全生产法》第二十一条第一款第（五）项", "《安全生产法》第二十一条第一款第（五）项"),
        ("依照《中华人民共和国刑法》第134条之一", "《中华人民共和国刑法》第一百三十四条之一"),
        ("《某某法》（2021年修正）第3条", "《某某法》（2021）第三条"),
        ("第五条第二款", "第五条第二款"),
        ("《某通知》二、（一）3.", "《某通知》二、（一）3."),
        ("《某办法》附件2第三条", "《某办法》附件2第三条"),
    ],
)
def test_one_reference_is_parsed_and_printed(text: str, expected: str) -> None:
    parsed = Reference.parse(text)
    assert str(parsed) == expected
    assert Reference.parse(expected) == parsed


@pytest.mark.parametrize(
    "text", ["", "安全生产", "前款", "本法第三条", "第三条、第四条", "第三条至第五条", "《某法》"]
)
def test_what_is_not_one_reference_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="reference"):
        Reference.parse(text)


@given(st.integers(0, 9999))
def test_numerals_print_and_parse(number: int) -> None:
    assert from_chinese(to_chinese(number)) == number
    assert from_chinese(str(number)) == number


TITLES = st.sampled_from(
    [
        "安全生产法",
        "中华人民共和国消防法",
        "北京市实施〈某法〉办法",
        "关于适用《某法》的解释（二）",
        "某条例",
        "某法修正案（八）",
    ]
)
NUMBERS = st.integers(1, 1500)
SMALL = st.one_of(st.none(), st.integers(1, 30))


@given(TITLES, NUMBERS, SMALL, SMALL, SMALL, SMALL)
def test_references_print_and_parse(
    title: str, article: int, suffix: int | None, paragraph: int | None, item: int | None, subitem: int | None
) -> None:
    address = Address(article, suffix, paragraph, item, subitem if item else None)
    printed = str(Reference(title, address))
    assert str(Reference.parse(printed)) == printed
    assert Reference.parse(printed) == Reference(title, address)


@given(st.text(alphabet="第条款项目之一二三十百（）()、至和《》本前法条例该 附件0123ａ章", max_size=40))
def test_any_words_are_read_without_error(text: str) -> None:
    for loose in (False, True):
        for chain in chains(text, loose=loose):
            assert 0 <= chain.start < chain.stop <= len(text)
