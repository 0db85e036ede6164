"""Reads .docx: paragraphs with Word's automatic numbering written out, tables, text boxes, accepted changes.

Reads the parts itself (lxml) instead of through python-docx: only so are numbering, content controls, text
boxes and revisions seen at all. Never opens macros, embedded objects or external relationships.
ECMA-376 Part 1, 17 (WordprocessingML); the strict namespaces read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from posixpath import join, normpath

from lxml import etree

from corpus.archive import RESAVE, Archive, local
from corpus.document import Line, Reading, Remark
from corpus.errors import InputRefused
from corpus.limits import check_lines
from corpus.word_numbering import Numbering, attribute, child, number
from corpus.word_styles import Styles

_MAIN = "officeDocument"
_NOT_TEXT = frozenset(("pPr", "rPr", "sdtPr", "sdtEndPr", "sectPr", "rubyPr", "rt", "tblPr", "trPr", "tcPr"))
_NOTED = {"ins": "revision", "moveTo": "revision", "oMath": "formula"}
_CONTENTS_PAGE = re.compile(r"[\t.…·]+\s*\d+$")
_MESSAGES = {
    "numbering": "条、项等编号由 Word 自动生成，已写成文字",
    "revision": "文中有修订痕迹，按接受全部修订后的内容读取",
    "textbox": "文本框内的文字已读入，排在它所在的段落之后",
    "hidden": "文中有隐藏文字，未读入",
    "embedded": "文中有嵌入对象，未打开",
    "picture": "文中有图片，图片里的文字未读入",
    "formula": "文中有公式，按字符读取，格式可能丢失",
    "external": "文中引用了外部文件，未读取",
}


def read(path: Path) -> Reading:
    """The lines of a .docx. Raises InputRefused when it is damaged, encrypted or no Word document."""
    with Archive(path) as archive:
        main = _part(archive, _MAIN, "_rels/.rels", "word/document.xml")
        if main not in archive:
            raise InputRefused("不是 Word 文档（缺少正文部件）。", RESAVE)
        relations = f"{main.rpartition('/')[0]}/_rels/{main.rpartition('/')[2]}.rels".lstrip("/")
        styles = Styles(_optional(archive, _part(archive, "styles", relations, "word/styles.xml")))
        numbering = Numbering(
            _optional(archive, _part(archive, "numbering", relations, "word/numbering.xml")), styles.lists()
        )
        body = child(archive.xml(main), "body")
        if body is None:
            raise InputRefused("不是 Word 文档（缺少正文）。", RESAVE)
        walk = _Walk(styles, numbering)
        walk.blocks(body)
        walk.finish()
        notes = list(_notes(archive, relations, walk.note_ids))
    remarks = [Remark(code, message) for code, message in _MESSAGES.items() if code in walk.seen]
    for form in sorted(numbering.unknown):
        remarks.append(Remark("numbering_format", f"不认识的编号格式 {form}，按阿拉伯数字写出"))
    return Reading(tuple(walk.lines), "docx", tuple(remarks + notes))


def _part(archive: Archive, kind: str, relations: str, default: str) -> str:
    """The part a relationship of that kind names; the usual name when there is none."""
    if relations in archive:
        base = relations.partition("_rels/")[0]
        for relation in archive.xml(relations):
            if (relation.get("Type") or "").endswith("/" + kind) and relation.get("TargetMode") != "External":
                target = relation.get("Target") or ""
                return target.lstrip("/") if target.startswith("/") else normpath(join(base, target))
    return default


def _optional(archive: Archive, name: str) -> etree._Element | None:
    return archive.xml(name) if name in archive else None


def _notes(archive: Archive, relations: str, wanted: list[tuple[str, str]]) -> Iterator[Remark]:
    """Footnotes and endnotes: kept apart from the text, as remarks with their words."""
    for kind, label in (("footnote", "脚注"), ("endnote", "尾注")):
        ids = [key for name, key in wanted if name == kind]
        root = _optional(archive, _part(archive, f"{kind}s", relations, f"word/{kind}s.xml")) if ids else None
        if root is None:
            continue
        texts = {
            attribute(note, "id"): " ".join(
                line.text for line in _Walk(Styles(None), Numbering(None, {})).blocks(note)
            )
            for note in root
        }
        for place, key in enumerate(ids, 1):
            yield Remark(kind, f"{label}{place}：{texts.get(key, '').strip()}")


class _Walk:
    """Goes through the body once, in order, because list counters and fields run through it."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.lines: list[Line] = []
        self.seen: set[str] = set()
        self.note_ids: list[tuple[str, str]] = []
        self._styles, self._numbering = styles, numbering
        self._fields: list[bool] = []  # a field in its instruction (True) or its result (False)
        self._boxes: list[etree._Element] = []
        self._carried = ""  # the words of a paragraph whose mark was deleted: they open the next one
        self._paragraphs = 0

    def blocks(self, parent: etree._Element) -> list[Line]:
        """Reads the block content of an element; returns the lines so far."""
        for element in parent:
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name in ("del", "moveFrom"):
                self.seen.add("revision")
            elif name == "AlternateContent":
                chosen = _choice(element)
                if chosen is not None:
                    self.blocks(chosen)
            elif name == "altChunk":
                self.seen.add("external")
            elif len(element) and name not in _NOT_TEXT:
                if name in _NOTED:
                    self.seen.add(_NOTED[name])
                self.blocks(element)
        return self.lines

    def _paragraph(self, element: etree._Element) -> None:
        properties = child(element, "pPr")
        style = self._styles.of(properties)
        self._carried += self._words(element)
        mark = child(properties, "rPr") if properties is not None else None
        if mark is not None and child(mark, "del") is not None:
            self.seen.add("revision")
            return
        text = self._marker(properties, style) + self._carried
        self._carried = ""
        if self._styles.is_contents(style) or _has_leader(properties):
            text = _CONTENTS_PAGE.sub("", text)
        heading = self._styles.heading(properties, style)
        self._paragraphs += 1
        for piece in text.split("\n"):
            if piece.strip():
                self.lines.append(Line(piece.strip(), self._paragraphs, heading=heading))
        check_lines(len(self.lines))
        self._read_boxes()

    def finish(self) -> None:
        """Words carried beyond the last paragraph (its mark was deleted) are a line of their own."""
        if self._carried.strip():
            self.lines.append(Line(self._carried.strip(), self._paragraphs + 1))

    def _read_boxes(self) -> None:
        while self._boxes:
            box = self._boxes.pop(0)
            self.seen.add("textbox")
            self.blocks(box)

    def _marker(self, properties: etree._Element | None, style: str | None) -> str:
        named = self._styles.numbering(properties, style)
        if named is None:
            return ""
        num, level, holder = named
        if level is None:
            level = (self._numbering.level_of_style(num, holder) if holder else None) or 0
        marker = self._numbering.next_marker(num, level)
        if marker:
            self.seen.add("numbering")
        return marker

    def _words(self, element: etree._Element) -> str:
        out: list[str] = []
        self._inline(element, out)
        return "".join(out)

    def _inline(self, parent: etree._Element, out: list[str]) -> None:
        for element in parent:
            name = local(element)
            if name == "t":
                if not any(self._fields[:-1]):
                    out.append(element.text or "")
            elif name == "r" and self._is_hidden(element):
                self.seen.add("hidden")
            elif name in _SIGNS:
                out.append(_SIGNS[name](element))
            elif name in _ASIDES:
                _ASIDES[name](self, element, out)
            elif len(element) and name not in _NOT_TEXT:  # a wrapper, also one this program does not know
                if name in _NOTED:
                    self.seen.add(_NOTED[name])
                self._inline(element, out)

    def _is_hidden(self, run: etree._Element) -> bool:
        properties = child(run, "rPr")
        vanish = child(properties, "vanish") if properties is not None else None
        return vanish is not None and attribute(vanish) not in ("0", "false", "off")

    def _field(self, element: etree._Element, _: list[str]) -> None:
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()

    def _note(self, element: etree._Element, _: list[str]) -> None:
        self.note_ids.append((local(element).removesuffix("Reference"), attribute(element, "id") or ""))

    def _deleted(self, _: etree._Element, __: list[str]) -> None:
        self.seen.add("revision")

    def _alternate(self, element: etree._Element, out: list[str]) -> None:
        chosen = _choice(element)
        if chosen is not None:
            self._inline(chosen, out)

    def _drawing(self, element: etree._Element, _: list[str]) -> None:
        boxes = list(_boxes(element))
        self._boxes.extend(boxes)
        if not boxes and any(local(e) in ("blip", "imagedata") for e in element.iter()):
            self.seen.add("picture")

    def _object(self, element: etree._Element, _: list[str]) -> None:
        self.seen.add("embedded")
        self._boxes.extend(_boxes(element))

    def _table(self, table: etree._Element) -> None:
        """Rows become lines, cells separated by tabulators; a table of one column is a frame, not a table."""
        rows = [[list(self._cell_lines(cell)) for cell in _cells(row)] for row in self._rows(table)]
        framed = all(len(row) <= 1 for row in rows)
        self._paragraphs += 1
        for row in rows:
            if framed:
                self.lines.extend(line for cell in row for line in cell)
            elif any(cell for cell in row):
                text = "\t".join(" ".join(line.text.replace("\t", " ") for line in cell) for cell in row)
                self.lines.append(Line(text, self._paragraphs, table=True))
        check_lines(len(self.lines))

    def _rows(self, parent: etree._Element) -> Iterator[etree._Element]:
        for element in parent:
            name = local(element)
            if name == "tr":
                properties = child(element, "trPr")
                if properties is not None and child(properties, "del") is not None:
                    self.seen.add("revision")
                else:
                    yield element
            elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
                yield from self._rows(element)

    def _cell_lines(self, cell: etree._Element | None) -> list[Line]:
        """A cell's lines, read in place; None (a column a wide cell covers, a merged cell) is empty."""
        if cell is None:
            return []
        outside, self.lines = self.lines, []
        self.blocks(cell)
        inside, self.lines = self.lines, outside
        return inside


def _has_leader(properties: etree._Element | None) -> bool:
    """Whether the paragraph draws dots to a tabulator: an entry of a table of contents made by hand."""
    tabs = child(properties, "tabs") if properties is not None else None
    return tabs is not None and any(attribute(tab, "leader") not in (None, "none") for tab in tabs)


def _cells(row: etree._Element) -> Iterator[etree._Element | None]:
    for element in row:
        name = local(element)
        if name in ("sdt", "sdtContent", "customXml"):
            yield from _cells(element)
        elif name == "tc":
            properties = child(element, "tcPr")
            span = child(properties, "gridSpan") if properties is not None else None
            merge = child(properties, "vMerge") if properties is not None else None
            continued = merge is not None and attribute(merge) != "restart"
            yield None if continued else element
            for _ in range(min(number(attribute(span), 1) if span is not None else 1, 64) - 1):
                yield None


def _choice(element: etree._Element) -> etree._Element | None:
    """One of the alternatives of mc:AlternateContent: reading both would double the words."""
    chosen = child(element, "Choice")
    return chosen if chosen is not None and len(chosen) else child(element, "Fallback")


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """The text boxes inside a drawing, outermost only, one alternative of each."""
    for part in element:
        name = local(part)
        if name == "txbxContent":
            yield part
        elif name == "AlternateContent":
            chosen = _choice(part)
            if chosen is not None:
                yield from _boxes(chosen)
        elif name:
            yield from _boxes(part)


def _symbol(element: etree._Element) -> str:
    """w:sym: a code of a symbol font; the private-use F000 block repeats the font's own codes."""
    code = attribute(element, "char") or ""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(value) if 0x20 <= value < 0xD800 or 0xE000 <= value < 0xFFFE else ""


def _break(element: etree._Element) -> str:
    return "\n" if attribute(element, "type") in (None, "textWrapping") else ""


_SIGNS: dict[str, Callable[[etree._Element], str]] = {
    "tab": lambda _: "\t",
    "ptab": lambda _: "\t",
    "br": _break,
    "cr": lambda _: "\n",
    "noBreakHyphen": lambda _: "-",
    "sym": _symbol,
}
_ASIDES: dict[str, Callable[[_Walk, etree._Element, list[str]], None]] = {
    "fldChar": _Walk._field,
    "footnoteReference": _Walk._note,
    "endnoteReference": _Walk._note,
    "del": _Walk._deleted,
    "moveFrom": _Walk._deleted,
    "AlternateContent": _Walk._alternate,
    "drawing": _Walk._drawing,
    "pict": _Walk._drawing,
    "object": _Walk._object,
}
