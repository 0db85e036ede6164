# ruff: noqa: E501 - rows of a table stay on one line, however wide Chinese is counted
"""The parser is total: keyword soup of its own markers never raises and never loses a word."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Line
from corpus.proof import lines_text, tree_text
from corpus.structure import parse

MARKERS = (
    "第一条", "第二条", "第三条 ", "第十－条", "笫四条", "第二 条", "第一条之一 ", "第1条 ", "第五条规定的",
    "第一章 总则", "第二章", "第一节 甲", "第一编 乙", "第一分编 丙", "附则", "总则", "目录", "序言",
    "（一）", "(二)", "（三)", "（一）至（三）项", "一、", "二、", "1.", "2、", "（1）", "(2)", "①", "⒈", "a)", "1.5",
    "附件：", "附件1", "附表", "附：", "注：", "抄送：甲", "“", "”", "：", "；", "。", "，", " ", "\u3000", "\u200b", "\ufeff",
    "2020年1月1日", "2020年13月41日", "自公布之日起施行", "法释〔2022〕19号", "国务院令第493号", "《", "》", "（", "）",
    "修改为：“", "修正案", "First, ", "The second is ", "Q:", "A:", "(1) ", "well", "甲应当登记", "下列情形：", "\t", "\ue004",
)  # fmt: skip
TITLES = (
    "某某条例",
    "某某法修正案",
    "关于修改某某的决定",
    "甲诉乙案",
    "",
    "第一条 甲",
    "A notice of the Office",
)


def check(texts: list[str], *, tables: bool = False) -> None:
    lines = [
        Line(text, number, heading=number % 5 or None, table=tables and number % 7 == 0)
        for number, text in enumerate(texts, 1)
    ]
    document = parse(lines, name="x(2020-01-01).md", folder="甲/地方性法规/山东")
    assert tree_text(document.nodes) == lines_text(lines)
    assert len({row.address for row in document.provisions}) + sum(
        remark.code == "address_repeated" for remark in document.remarks
    ) == len(document.provisions)
    for row in document.provisions:
        assert row.address.label or row.text == ""
        assert row.text.startswith(row.marker)


@pytest.mark.parametrize("seed", range(60))
def test_soup_of_markers(seed: int) -> None:
    source = random.Random(seed)
    texts = [source.choice(TITLES)]
    for _ in range(source.randint(1, 80)):
        texts.append("".join(source.choice(MARKERS) for _ in range(source.randint(0, 9))))
    check(texts, tables=seed % 3 == 0)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(MARKERS) | st.text(max_size=6), max_size=6).map("".join), max_size=25)
)
def test_any_lines(texts: list[str]) -> None:
    check(texts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_text(texts: list[str]) -> None:
    check(texts)


def test_a_very_long_flattened_line_is_read_in_time() -> None:
    text = (
        " ".join(f"第{word}条 甲应当登记，按照第一条规定办理。" for word in ("一", "二", "三"))
        + "乙。" * 100_000
    )
    check(["某某条例", text])


def test_deep_lists_do_not_exhaust_the_stack() -> None:
    check(["关于用电的通知", *(f"{'一、（一）1.（1）①'[n % 9]}甲" for n in range(5000))])


PATHOLOGICAL = {
    "items": "（一）甲；" * 6000,
    "articles": "。第一条 甲" * 5000,
    "chapters": "第一章 总则 " * 4000,
    "numerals": "第" + "一" * 30_000 + "条",
    "spaces": " " * 30_000 + "甲",
    "brackets": "（《“" * 10_000,
    "commencement": "自公布" * 10_000,
    "dates": "2020年1月1日" * 3000,
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_repeated_markers_cost_no_more_than_their_length(name: str) -> None:
    """Each takes well under a second; before patterns were bounded, some took minutes."""
    text = PATHOLOGICAL[name]
    start = time.monotonic()
    check(["某某条例", text, f"第一条 {text}", text[:150], f"（{text}"])
    assert time.monotonic() - start < 20
