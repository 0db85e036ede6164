"""The tables of letters: the slip a company issues to itself, and the matters of a 函."""

from __future__ import annotations

from dataclasses import replace

from generator.blocks import Block, Cell, Column, Run, Table
from generator.letter import Cited, Finding, Letter
from generator.letter_advice import ADVICE, Advice
from generator.letter_days import shown_day

CELL_QUOTE = 240  # characters of a quotation a cell takes
SLIP = (
    Column("序号", 3), Column("隐患", 7), Column("位置", 4), Column("等级", 3), Column("依据", 19),
    Column("整改要求", 6.5), Column("责任人", 3.4), Column("期限", 5.6), Column("资金/措施/预案", 8),
    Column("复查结果", 4),
)  # fmt: skip


def slip_table(letter: Letter) -> list[Block]:
    """隐患整改通知单: one row a hazard, with the five settled points."""
    rows = tuple(
        (
            Cell.of(str(n), centred=True), Cell.of(f.text), Cell.of(f.place), Cell.of(f.grade), _law_cell(f),
            _cell(f.measure, f.advice, "measure"), _cell(f.person, f.advice, "person"),
            _cell(shown_day(f.deadline), f.advice, "shown_deadline"), _means_cell(f),
            Cell.of(f.review),
        )
        for n, f in enumerate(letter.findings, 1)
    )  # fmt: skip
    return [Table(SLIP, rows)]


def _cell(given: str, advice: Advice | None, name: str) -> Cell:
    """The user's words; where there are none, our proposal in its own face."""
    proposed = getattr(advice, name, "")
    return Cell.of(f"{ADVICE}{proposed}", "advice") if proposed and not given else Cell.of(given)


def _means_cell(finding: Finding) -> Cell:
    told = finding.advice
    named = (
        ("资金", finding.funds, told.funds if told else ""),
        ("预案", finding.precaution, told.precaution if told else ""),
    )
    lines = []
    for name, given, proposed in named:
        if given or proposed:
            said = f"{name}：{given}" if given else f"{name}，{ADVICE}{proposed}"
            lines.append((Run(said, "" if given else "advice"),))
    return Cell(tuple(lines) or ((Run(""),),))


def _law_cell(finding: Finding) -> Cell:
    if not finding.breached:
        return Cell.of("依据待核")
    return Cell.of("\n".join(_cell_words(cited) for cited in finding.breached), "law")


def _cell_words(cited: Cited) -> str:
    """In a cell a long list is quoted by its lead alone."""
    lead, colon, _ = cited.text.partition("：")
    if len(cited.text) <= CELL_QUOTE or not colon or len(lead) > CELL_QUOTE:
        return cited.printed
    return replace(cited, text=f"{lead}：……").printed


MATTER = (
    Column("序号", 2.9), Column("问题", 7.6), Column("依据", 12), Column("责任单位", 4), Column("要求", 6),
    Column("时限", 6.2), Column("反馈", 3),
)  # fmt: skip


def matter_table(letter: Letter) -> list[Block]:
    """整改函, 督办函: one row a matter."""
    rows = tuple(
        (
            Cell.of(str(n), centred=True), Cell.of(f.text), _law_cell(f), Cell.of(f.person),
            _cell(f.measure, f.advice, "measure"),
            _cell(shown_day(f.deadline), f.advice, "shown_deadline"), Cell.of(f.review),
        )
        for n, f in enumerate(letter.findings, 1)
    )  # fmt: skip
    return [Table(MATTER, rows)]
