"""Study material as papers: the exam paper, the answer sheet to fill in, the answers with their basis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.numeral import to_chinese
from generator.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    PageBreak,
    Paper,
    Paragraph,
    Run,
    Table,
    Title,
)
from generator.study_item import BLANK, Bank, Item, Kind

MARKS = {Kind.SINGLE: 1, Kind.MULTIPLE: 2, Kind.TRUEFALSE: 1, Kind.CLOZE: 1, Kind.SHORT: 5}
PLAIN = "No Indent"
_HOW = {
    Kind.SINGLE: "每题只有一个正确选项",
    Kind.MULTIPLE: "每题有两个以上正确选项，多选、少选、错选均不得分",
    Kind.TRUEFALSE: "正确的写“正确”，错误的写“错误”",
    Kind.CLOZE: "按条文原文填写",
    Kind.SHORT: "按条文规定作答，逐项给分",
}


def by_kind(items: Sequence[Item]) -> Iterator[tuple[Kind, list[Item]]]:
    """The items in the order of the kinds, each kind once."""
    order = {kind: number for number, kind in enumerate(Kind)}
    for kind, held in groupby(sorted(items, key=lambda one: order[one.kind]), key=lambda one: one.kind):
        yield kind, list(held)


def full_marks(items: Sequence[Item]) -> int:
    return sum(MARKS[item.kind] for item in items)


def exam_paper(bank: Bank, *, title: str) -> Paper:
    """The questions alone, numbered through, with places for name and unit."""
    blocks: list[Block] = [Title(title), _who(), Paragraph.of(_scope(bank), PLAIN)]
    number = 0
    for part, (kind, items) in enumerate(by_kind(bank.items), 1):
        blocks.append(_section(part, kind, items))
        for item in items:
            number += 1
            blocks += question(number, item)
    return Paper(tuple(blocks), title)


def _who() -> Paragraph:
    gap = Run("　　　　　　", "blank")
    return Paragraph(
        (Run("单位："), gap, Run("　姓名："), gap, Run("　得分："), Run("　　　　", "blank")), PLAIN
    )


def _scope(bank: Bank) -> str:
    held = dict.fromkeys((item.place.title, item.version) for item in bank.items)
    texts = "、".join(f"《{title}》（{version or '版本日期不详'}文本）" for title, version in held)
    return f"出题依据：{texts}。全卷{len(bank.items)}题，满分{full_marks(bank.items)}分。"


def _section(part: int, kind: Kind, items: Sequence[Item]) -> Heading:
    marks, count = MARKS[kind], len(items)
    sums = f"每题{marks}分，共{count}题{marks * count}分"
    return Heading(f"{to_chinese(part)}、{kind.chinese}（{sums}；{_HOW[kind]}）")


def question(number: int, item: Item) -> list[Block]:
    """The stem and its options; a true-false item gets its brackets, a short one lines to write on."""
    tail = BLANK if item.kind is Kind.TRUEFALSE else ""
    words = f"{number}．{item.stem}{tail}".replace("　　", "\u00a0" * 4)  # a blank never breaks over lines
    out: list[Block] = [Paragraph.of(words, PLAIN)]
    if item.kind in (Kind.SINGLE, Kind.MULTIPLE):
        out += [Paragraph.of(line, PLAIN) for line in option_lines(item.options)]
    return out


def option_lines(options: Sequence[str]) -> list[str]:
    """Options four, two or one a line, as their length allows."""
    lettered = [f"{'ABCDEFGH'[number]}．{option}" for number, option in enumerate(options)]
    longest = max(map(len, lettered))
    share = 4 if longest <= 6 and len(options) == 4 else 2 if longest <= 13 else 1
    width = {4: 7, 2: 14, 1: 0}[share]
    lines = []
    for start in range(0, len(lettered), share):
        row = lettered[start : start + share]
        lines.append("".join(one.ljust(width, "　") for one in row[:-1]) + row[-1])
    return lines


def answer_sheet(bank: Bank, *, title: str) -> Paper:
    """The sheet an examinee fills in: boxes for choices, lines for words."""
    blocks: list[Block] = [Title(title), Title("答题卡"), _who()]
    number = 0
    for part, (kind, items) in enumerate(by_kind(bank.items), 1):
        blocks.append(Heading(f"{to_chinese(part)}、{kind.chinese}"))
        numbers = range(number + 1, number + len(items) + 1)
        number += len(items)
        if kind is Kind.SHORT:
            for one in numbers:
                blocks.append(Paragraph.of(f"{one}．", PLAIN))
                blocks += [Paragraph((Run("　" * 27, "blank"),), PLAIN)] * 3
        else:
            blocks.append(_boxes(list(numbers), 5 if kind is Kind.CLOZE else 10))
    return Paper(tuple(blocks), f"{title}答题卡")


def _boxes(numbers: Sequence[int], across: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for start in range(across, len(numbers), across):
        share = [str(one) for one in numbers[start : start + across]]
        share += [""] * (across - len(share))
        rows.append(tuple(Cell.of(one, centred=True) for one in share))
        rows.append((Cell.of("\n"),) * across)
    head = [str(one) for one in numbers[:across]] + [""] * (across - len(numbers[:across]))
    return Table(tuple(Column(one, 1) for one in head), ((Cell.of("\n"),) * across, *rows))


def answers(bank: Bank, *, title: str) -> Paper:
    """Every answer with the provision word for word, its reference and version."""
    blocks: list[Block] = [Title(title), Title("参考答案")]
    blocks += answer_blocks(bank.items)
    return Paper(tuple(blocks), f"{title}参考答案")


def answer_blocks(items: Sequence[Item]) -> list[Block]:
    blocks: list[Block] = []
    number = 0
    for part, (kind, held) in enumerate(by_kind(items), 1):
        blocks.append(Heading(f"{to_chinese(part)}、{kind.chinese}"))
        rows = []
        for item in held:
            number += 1
            rows.append(
                (
                    Cell.of(str(number), centred=True),
                    Cell.of(_answer_words(item)),
                    Cell.of(item.explanation, "law"),
                )
            )
        columns = (
            Column("题号", 8),
            Column("答案", 30 if kind in (Kind.CLOZE, Kind.SHORT) else 14),
            Column("解析", 76),
        )
        blocks.append(Table(columns, tuple(rows)))
    return blocks


def _answer_words(item: Item) -> str:
    if item.kind is Kind.SHORT:
        share = MARKS[Kind.SHORT] / len(item.keys)
        points = "\n".join(f"（{to_chinese(n)}）{key.text}" for n, key in enumerate(item.keys, 1))
        return f"{points}\n（每个要点约{share:.1f}分）"
    return item.answer_words


def self_test(items: Sequence[Item], *, number: int) -> list[Block]:
    """The questions of a handout under one heading, then a new page for the answers."""
    blocks: list[Block] = [Heading(f"{to_chinese(number)}、自测题")]
    count = 0
    for kind, held in by_kind(items):
        blocks.append(Heading(f"{kind.chinese}（{_HOW[kind]}）", 2))
        for item in held:
            count += 1
            blocks += question(count, item)
    return [*blocks, PageBreak()]
