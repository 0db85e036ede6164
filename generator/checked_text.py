"""A document to be checked, as passages in order: headers, paragraphs, table cells, footnotes, footers.

Word files are walked in their own parts, so that nothing a reader sees is skipped (text boxes, notes,
inserted revisions) and nothing he does not see is read (deleted revisions, hidden duplicates); every
passage keeps the way back to its paragraph for the commented copy. ECMA-376 Part 1, 17.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError

from corpus import archive, isolation
from corpus.errors import InputRefused

HEADER, PARAGRAPH, TABLE, FOOTNOTE, FOOTER = "header", "paragraph", "table cell", "footnote", "footer"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOTES = ("footnotes", "endnotes")
_RULE = re.compile(r"^[\s—\-_―－─━]{4,}$")
_NOTE = re.compile(r"^\s*(?:注\s*\d*\s*[：:]|注释|[\[［(（〔]\d+[\]］)）〕]|[①-⑳]|\*|※|\d{1,2}\s)")


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph's words. `number` counts passages from 1; cells of one table row share (table, row).

    `element` is the paragraph in the opened Word file, None for other formats.
    """

    text: str
    where: str
    number: int
    table: int | None = None
    row: int | None = None
    cell: int | None = None
    page: int | None = None
    element: Any = field(default=None, compare=False)

    @property
    def position(self) -> str:
        """Where, for people: 页眉, 第3段, 表1第2行第3格, 脚注."""
        if self.table is not None and self.row is not None and self.cell is not None:
            return f"表{self.table}第{self.row}行第{self.cell}格"
        names = {HEADER: "页眉", FOOTNOTE: "脚注", FOOTER: "页脚"}
        page = f"第{self.page}页" if self.page else ""
        return names.get(self.where) or f"{page}第{self.number}段"


@dataclass(frozen=True, slots=True)
class Checked:
    """An opened document: its passages and, for Word, the open file the commented copy is written from."""

    passages: tuple[Passage, ...]
    word: Any = None


def open_text(path: Path) -> Checked:
    """The passages of a .docx, .pdf, .txt or .md (any format the corpus reads).

    Raises InputRefused when the file is missing, damaged or of no known format.
    """
    if path.suffix.lower() == ".docx" and path.is_file():
        return _open_word(path)
    lines = isolation.lines(path).lines
    rows: list[Passage] = []
    table, last = 0, -2
    for index, line in enumerate(lines):
        if not line.table:
            rows.append(Passage(line.text, PARAGRAPH, len(rows) + 1, page=line.page))
            continue
        table += last != index - 1
        last = index
        for cell, text in enumerate(line.text.split("\t"), 1):
            rows.append(Passage(text, TABLE, len(rows) + 1, table, index, cell, line.page))
    return Checked(tuple(_with_notes(rows)))


def _open_word(path: Path) -> Checked:
    archive.vet(path)
    try:
        document = docx.Document(str(path))
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise InputRefused(
            f"打不开 Word 文档：{path.name}。", "请用 Word 或 WPS 另存为 .docx 后再试。"
        ) from error
    rows: list[Passage] = []
    for where, root in _roots(document):
        rows.extend(_passages(root, where, len(rows)))
    return Checked(tuple(_with_notes(rows)), document)


def _roots(document: Any) -> Iterator[tuple[str, Any]]:
    """The parts in the order of a page: headers, body, notes, footers."""
    parts = {"header": [], "footer": []}  # type: dict[str, list[Any]]
    notes: list[Any] = []
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if relation.is_external:
            continue
        if kind in parts:
            parts[kind].append(relation.target_part.element)
        elif kind in _NOTES:
            notes.append(_note_root(relation.target_part))
    yield from ((HEADER, root) for root in parts["header"])
    yield PARAGRAPH, document.element.body
    yield from ((FOOTNOTE, root) for root in notes)
    yield from ((FOOTER, root) for root in parts["footer"])


def _note_root(part: Any) -> Any:
    from docx.oxml.parser import parse_xml

    return parse_xml(part.blob)


def _passages(root: Any, where: str, before: int) -> Iterator[Passage]:
    tables = {table: n for n, table in enumerate(root.iter(f"{_W}tbl"), 1)}
    number = before
    for paragraph in root.iter(f"{_W}p"):
        if any(a.tag == _FALLBACK for a in paragraph.iterancestors()):
            continue
        text = paragraph_text(paragraph)
        if not text.strip():
            continue
        number += 1
        cell = next(paragraph.iterancestors(f"{_W}tc"), None)
        if cell is None:
            yield Passage(text, where, number, element=paragraph)
            continue
        row = next(cell.iterancestors(f"{_W}tr"))
        table = next(row.iterancestors(f"{_W}tbl"))
        rank = 1 + sum(1 for _ in row.itersiblings(f"{_W}tr", preceding=True))
        place = 1 + sum(1 for _ in cell.itersiblings(f"{_W}tc", preceding=True))
        yield Passage(text, TABLE, number, tables[table], rank, place, element=paragraph)


def runs_of(paragraph: Any) -> Iterator[tuple[Any, str]]:
    """The runs a reader sees in a paragraph, each with its words; text boxes inside are not of it."""
    for run in paragraph.iter(f"{_W}r"):
        owner = next(run.iterancestors(f"{_W}p"), None)
        if owner is not paragraph or any(a.tag == f"{_W}del" for a in run.iterancestors()):
            continue
        yield run, _run_text(run)


def _run_text(run: Any) -> str:
    out = []
    for child in run:
        if child.tag == f"{_W}t":
            out.append(child.text or "")
        elif child.tag == f"{_W}tab":
            out.append("\t")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            out.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            out.append("-")
    return "".join(out)


def paragraph_text(paragraph: Any) -> str:
    """The words of a paragraph, deleted revisions left out."""
    return "".join(text for _, text in runs_of(paragraph))


def _with_notes(rows: list[Passage]) -> Iterator[Passage]:
    """A paragraph that opens like a note below a drawn rule is a footnote typed by hand."""
    below = False
    for row in rows:
        if row.where == PARAGRAPH and _RULE.match(row.text):
            below = True
        elif row.where == PARAGRAPH and below and _NOTE.match(row.text):
            yield Passage(row.text, FOOTNOTE, row.number, page=row.page, element=row.element)
            continue
        elif row.where == PARAGRAPH:
            below = False
        yield row
