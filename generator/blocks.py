"""What a paper is made of, before it becomes Word. Type module.

A paper is a sequence of blocks; `paper.typeset` is the only place that turns them into .docx.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look. `role`: "" plain, "law" verbatim words of a provision, "advice" our 建议,
    "strong" emphasised, "blank" a space to fill in by hand (underlined)."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """level 1 一、 (黑体) · 2 （一） (楷体) · 3 1. (仿宋); GB/T 9704-2012 clause 7.3.3."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`style` is a paragraph style of the base template: "Body Text" indents two characters."""

    runs: tuple[Run, ...]
    style: str = "Body Text"

    @classmethod
    def of(cls, text: str, style: str = "Body Text") -> Paragraph:
        return cls((Run(text),), style)


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its paragraphs, each a tuple of runs."""

    paragraphs: tuple[tuple[Run, ...], ...]
    centred: bool = False

    @classmethod
    def of(cls, text: str, role: str = "", *, centred: bool = False) -> Cell:
        return cls(tuple((Run(line, role),) for line in text.split("\n")), centred)


@dataclass(frozen=True, slots=True)
class Column:
    """`share` is the column's part of the text width, in any unit."""

    head: str
    share: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a repeating header row; rows do not split unless taller than half a page."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line across the text area; `weight_mm` 0.35 or 0.25, `red` under the letterhead."""

    weight_mm: float = 0.35
    red: bool = False


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


@dataclass(frozen=True, slots=True)
class Turn:
    """A new section on a new page, landscape or portrait."""

    landscape: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """署名 centred over 成文日期, the date four characters from the right (GB/T 9704-2012 clause 7.3.5)."""

    name: str
    day: str


@dataclass(frozen=True, slots=True)
class EndMatter:
    """版记 at the foot of the last page (GB/T 9704-2012 clause 7.4): copies, then who printed it and when."""

    copies: str
    printer: str
    day: str


Block = Title | Heading | Paragraph | Table | Rule | PageBreak | Turn | Signature | EndMatter


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. `watermark` stands across every page of a draft; `page_number_on_first` is
    False for the 信函 form (GB/T 9704-2012 clause 10.1)."""

    blocks: tuple[Block, ...]
    title: str
    watermark: str = ""
    landscape: bool = False
    page_numbers: bool = True
    page_number_on_first: bool = True
    keywords: tuple[str, ...] = field(default=())
