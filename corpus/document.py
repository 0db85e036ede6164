"""The types of the corpus: a line as read, a parsed document, a stored edition.

Type module: it imports `place` (the address every provision carries) and nothing else of the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.place import Address, Place, Status


class Level(StrEnum):
    """What a node of a text is. Level is data: the order of codes, notices and English texts differs."""

    PART = "part"  # 编
    SUBPART = "subpart"  # 分编
    CHAPTER = "chapter"  # 章
    SECTION = "section"  # 节
    ARTICLE = "article"  # 条
    PARAGRAPH = "paragraph"  # 款
    ITEM = "item"  # 项
    SUBITEM = "subitem"  # 目
    CLAUSE = "clause"  # a numbered section of a text without articles: 一、 （一） 1. （1） First,
    PREAMBLE = "preamble"  # text before the first article or numbered section
    ANNEX = "annex"  # 附件
    MASTHEAD = "masthead"  # title, dates and numbers above the text: in the tree, no provision
    CONTENTS = "contents"  # a line of the table of contents: in the tree, no provision
    TABLE = "table"  # rows, cells separated by tabulators
    TEXT = "text"  # a line no rule knows: kept, with a remark


HEADING_LEVELS = (Level.PART, Level.SUBPART, Level.CHAPTER, Level.SECTION)


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph as a reader found it: the words untouched, layout in the fields.

    `heading` is the depth a format gave it (# in Markdown, Heading 1 in Word): a hint, never a fact.
    `table` marks a table row, its cells separated by tabulators. `page` is 1-based, None where the
    format has none.
    """

    text: str
    number: int
    page: int | None = None
    heading: int | None = None
    table: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the parser or reader noticed: `code` for tests, `message` (Chinese) for people."""

    code: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One file as its reader found it: paragraphs in order, the format by content, what was noticed.

    `pages` is None where the format has none. (Defined here, not in reading.py, because every reader
    returns it and reading.py imports the readers.)
    """

    lines: tuple[Line, ...]
    format: str
    remarks: tuple[Remark, ...] = ()
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree.

    `marker` is the verbatim head (第二十一条, （一）, 第二章), `text` the node's own words after it,
    children excluded; a paragraph with items holds its lead words only.
    """

    level: Level
    number: int | None = None
    suffix: int | None = None
    marker: str = ""
    text: str = ""
    children: tuple[Node, ...] = ()
    page: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Provision:
    """One row of a text in order: an article paragraph, an item, a subitem or a numbered section.

    `text` is verbatim: an article's 第…条 is left out, the marker of an item, subitem or section
    stands in front (text.startswith(marker)). `headings` are the heading lines above, outermost first.
    """

    address: Address
    level: Level
    text: str
    marker: str = ""
    headings: tuple[str, ...] = ()
    page: int | None = None

    @property
    def words(self) -> str:
        """The text without its marker, still a slice of `text`."""
        return self.text[len(self.marker) :].lstrip()


@dataclass(frozen=True, slots=True)
class Masthead:
    """What a text says of itself. Dates are ISO strings; None where the text states none.

    `version` dates this text (last amendment, else passing, else the date in the file name).
    `effective_stated` is where the effective date was read: "article N", "masthead", "given", None.
    """

    title: str
    kind: str = "其他"  # one of the keys of RANK below
    issuer: str | None = None
    number: str | None = None
    region: str | None = None  # None = national; 北京, 山东 … as in 北京市 → 北京
    language: str = "zh"
    passed: str | None = None
    amended: tuple[str, ...] = ()
    effective: str | None = None
    effective_stated: str | None = None
    version: str | None = None
    versions: tuple[str, ...] = ()  # every date of passing and amendment, in order
    sample: bool = False  # 样例·虚构


@dataclass(frozen=True, slots=True)
class Counts:
    parts: int = 0
    subparts: int = 0
    chapters: int = 0
    sections: int = 0
    articles: int = 0
    paragraphs: int = 0
    items: int = 0
    subitems: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One dated text, parsed: masthead, tree, and the flat rows every later step works on."""

    masthead: Masthead
    nodes: tuple[Node, ...]
    provisions: tuple[Provision, ...]
    headings: tuple[str, ...]
    counts: Counts
    remarks: tuple[Remark, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Every node, depth first, in order."""
        stack = list(reversed(self.nodes))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


@dataclass(frozen=True, slots=True)
class Edition:
    """A Document as the library holds it. `key` is stable (from the bytes of the file), never a row id.

    Validity is the half-open interval [effective_from, effective_to); None is an open or unknown end.
    `ended_by` says what ended it: "amended" (a newer edition of the work) or "repealed", with the
    citation of the repealing clause in `ended_reason`. `effective_basis` says how the first day is known:
    stated (by the text or at add), catalogue (corpus/catalogue.toml), version (only the version's own
    date is known), unknown.
    """

    key: str
    source: str
    work: str
    masthead: Masthead
    effective_from: str | None = None
    effective_to: str | None = None
    ended_by: Status | None = None
    ended_reason: str | None = None
    effective_basis: str = "unknown"
    also_sources: tuple[str, ...] = field(default=(), compare=False)

    @property
    def title(self) -> str:
        return self.masthead.title

    @property
    def rank(self) -> int:
        """Order of force, 0 highest (宪法 > 法律 > 行政法规 > 地方性法规 ~ 规章 > 规范性文件)."""
        return RANK.get(self.masthead.kind, 9)

    def status(self, on: str) -> Status:
        """Validity on the ISO date `on`."""
        if self.effective_to is not None and on >= self.effective_to:
            return self.ended_by or Status.AMENDED
        if self.effective_from is not None and on < self.effective_from:
            return Status.NOT_YET
        known = self.effective_from or self.masthead.version
        return Status.IN_FORCE if known else Status.UNKNOWN

    def place(self, provision: Provision | Address, *, on: str) -> Place:
        """The place of one of this edition's provisions, its status as of `on`."""
        address = provision if isinstance(provision, Address) else provision.address
        headings = () if isinstance(provision, Address) else provision.headings
        return Place(self.source, self.title, self.masthead.version, self.status(on), address, headings)


RANK = {
    "宪法": 0,
    "法律": 1,
    "行政法规": 2,
    "监察法规": 2,
    "司法解释": 3,
    "地方性法规": 4,
    "部门规章": 5,
    "地方政府规章": 6,
    "规范性文件": 7,
    "检察建议": 8,
    "案例": 9,
    "其他": 9,
}
