"""A duty list on paper: the four lists as a table or as numbered text, in blocks for Word and Excel."""

from __future__ import annotations

from corpus.numeral import to_chinese
from generator.blocks import Block, Cell, Column, Heading, Paper, Paragraph, Run, Table, Title
from generator.duty_columns import (
    COLUMNS,
    COMMENT,
    accountability,
    basis_words,
    frequency,
    listed,
    modality_mark,
    power_kind,
)
from generator.duty_list import DutyList, ListKind, ListRow, check_complete, count_line, coverage_note

LEADERS_PRINCIPLES = (
    "党政同责、一岗双责、齐抓共管、失职追责和管行业必须管安全、管业务必须管安全、管生产经营必须管安全"
)


def table_paper(drawn: DutyList, *, hidden: tuple[str, ...] = ()) -> Paper:
    """The list as a table: landscape, but A4 portrait for one post. `hidden` names columns to leave out.

    A column 备注 stands last where any row has a comment. Raises InputRefused for a company-wide list
    without assessment standards.
    """
    check_complete(drawn)
    columns = [c for c in COLUMNS[drawn.kind] if c.head not in hidden and c.key not in hidden]
    if any(row.comment for row in drawn.rows) and COMMENT.head not in hidden:
        columns.append(COMMENT)
    heads = (Column("序号", 4), *(Column(column.head, column.share) for column in columns))
    rows = tuple(
        (Cell.of(str(number), centred=True), *(column.show(row) for column in columns))
        for number, row in enumerate(drawn.rows, 1)
    )
    blocks: list[Block] = [Title(drawn.title), *_opening(drawn), Table(heads, rows, _scope(drawn))]
    return Paper((*blocks, *_closing(drawn)), drawn.title, landscape=drawn.kind is not ListKind.POST)


def text_paper(drawn: DutyList) -> Paper:
    """The list as numbered text, the other form real lists come in."""
    check_complete(drawn)
    blocks: list[Block] = [Title(drawn.title), *_opening(drawn)]
    section, previous = 0, None
    for number, row in enumerate(drawn.rows, 1):
        post = row.post or row.bearer
        if post != previous:
            section, previous = section + 1, post
            blocks.append(Heading(f"{to_chinese(section)}、{post}", 1))
        blocks.append(
            Paragraph((Run(f"{number}.{modality_mark(row)}"), Run(row.duty, "" if row.own else "law")))
        )
        blocks += _under(row, drawn.kind)
    return Paper((*blocks, *_closing(drawn)), drawn.title)


def _under(row: ListRow, kind: ListKind) -> list[Block]:
    """The lines below a duty of the numbered text."""
    based = "；".join(basis_words(basis) for basis in row.bases) or "本单位自定（不是法律规定）"
    lines: list[Block] = [Paragraph.of(f"依据：{based}。")]
    lines.append(Paragraph((Run("频次/时限："), *frequency(row).paragraphs[0])))
    if row.person or row.office:
        who = "、".join(filter(None, (row.office, row.person)))
        lines.append(Paragraph.of(f"责任人员：{who}。"))
    if row.advice.assessment:
        ours = not row.own and "assessment" not in row.settled
        head = "考核（建议）：" if ours else "考核："
        lines.append(Paragraph((Run(head), Run(f"{row.advice.assessment}。", "advice" if ours else ""))))
    if kind is ListKind.LEADERS:
        for head, after in (("事前问责（未履职）", False), ("事后问责（发生事故）", True)):
            lines.append(Paragraph((Run(f"{head}："), *accountability(row, after=after).paragraphs[0])))
    elif row.penalties:
        lines.append(Paragraph.of(f"未履职的法律后果：{listed(row.penalties[:3])}。"))
    if row.comment:
        lines.append(Paragraph.of(f"备注：{row.comment}"))
    return lines


def _scope(drawn: DutyList) -> str:
    parts = [("岗位", drawn.post), ("行业", drawn.industry), ("地域", drawn.region), ("截至", drawn.as_of)]
    return "　".join(f"{name}：{value}" for name, value in parts if value)


def _opening(drawn: DutyList) -> list[Block]:
    if drawn.kind is not ListKind.LEADERS:
        return []
    return [Paragraph.of(f"按照{LEADERS_PRINCIPLES}编制。")]


def _closing(drawn: DutyList) -> list[Block]:
    blocks: list[Block] = [Paragraph.of(count_line(drawn), "Small Note")]
    blocks += [Paragraph.of(line, "Small Note") for line in coverage_note(drawn)]
    approved = [row.approval for row in drawn.rows if row.approval]
    if approved:
        who = "、".join(dict.fromkeys(f"{a.who}（{a.when[:10]}）" for a in approved))
        line = f"已逐行审定{len(approved)}行，未审定{len(drawn.rows) - len(approved)}行；审定人：{who}。"
        blocks.append(Paragraph.of(line, "Small Note"))
    if drawn.kind is ListKind.POST:
        blank = Run("\u00a0" * 12, "blank")
        blocks.append(Paragraph((Run("责任人签字："), blank, Run("　日期："), blank), "No Indent"))
    return blocks


__all__ = ["basis_words", "power_kind", "table_paper", "text_paper"]
