"""Reads .pdf: the text layer's characters put back into rows, columns, tables and paragraphs.

A page without a text layer goes to corpus/ocr.py. pdfplumber (pdfminer.six) gives the characters with
their places; nothing in the file is executed, no link is followed.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from statistics import median
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import LITERALS_FLATE_DECODE, PDFStream, resolve1
from pdfplumber.utils.exceptions import PdfminerException
from PIL import Image

from corpus.document import Reading, Remark
from corpus.errors import InputRefused
from corpus.glyphs import Char, in_columns, rows_of
from corpus.layout import Row, Sheet, paragraphs
from corpus.limits import MAX_PAGES, page_done

_FEW = 8  # a page with fewer letters than this and a picture on it is a scan
_DAMAGE = (
    PdfminerException,
    PDFException,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
)
_RESAVE = "请在阅读软件中打开后另存（打印为 PDF），或换成 Word 格式。"


def read(path: Path) -> Reading:
    """The paragraphs of a .pdf, each with its page. Raises InputRefused for encryption and damage."""
    try:
        document = pdfplumber.open(path)
    except (PdfminerException, PDFException) as error:
        raise _refusal(error) from error
    except _DAMAGE as error:
        raise InputRefused("PDF 已损坏或不完整，无法打开。", _RESAVE) from error
    with document:
        return _read(document)


def _refusal(error: BaseException) -> InputRefused:
    causes = [error, *error.args, error.__cause__, error.__context__]
    if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
        return InputRefused("PDF 设有打开密码。", "请先去掉密码再导入。")
    return InputRefused("PDF 已损坏或不完整，无法打开。", _RESAVE)


def _read(document: Any) -> Reading:
    try:
        pages = document.pages
    except (RecursionError, *_DAMAGE) as error:
        raise InputRefused("PDF 的页面结构已损坏。", _RESAVE) from error
    if len(pages) > MAX_PAGES:
        raise InputRefused(f"PDF 有 {len(pages)} 页，超过 {MAX_PAGES} 页的上限。", "请拆分后再添加。")
    if not pages:
        raise InputRefused("PDF 里没有页面。", _RESAVE)
    sheets: list[Sheet] = []
    remarks: list[Remark] = []
    scanned: list[float] = []
    for number, page in enumerate(pages, 1):
        sheet, score = _sheet(page, number, remarks)
        sheets.append(sheet)
        if score is not None:
            scanned.append(score)
        page.close()
        page_done(number, len(pages))
    lines = paragraphs(sheets)
    if scanned:
        from corpus.ocr import confidence_remarks, spaced

        lines, remarks = spaced(lines), [*confidence_remarks(scanned), *remarks]
    return Reading(lines, "scan" if scanned else "pdf", tuple(remarks), len(pages))


def _sheet(page: Any, number: int, remarks: list[Remark]) -> tuple[Sheet, float | None]:
    """One page's rows, and the confidence when they were recognised from a picture."""
    try:
        if not _whole(page):
            remarks.append(Remark("page_damaged", f"第{number}页的数据有损坏，可能缺字，请与原件核对"))
        chars = [c for c in page.chars if _is_level(c)]
        tilted = len(page.chars) - len(chars)
        pictured = bool(page.images)
    except (RecursionError, *_DAMAGE) as error:
        remarks.append(Remark("page_damaged", f"第{number}页已损坏，未能读出（{type(error).__name__}）"))
        return Sheet(number, 1.0, 1.0, ()), None
    letters = sum(1 for c in chars if c["text"].strip())
    strange = sum(1 for c in chars if c["text"].startswith("(cid:") or c["text"] == "\ufffd")
    if (letters < _FEW and pictured) or strange > max(4, letters // 10):
        return _recognised(page, number, remarks)
    if tilted:
        remarks.append(Remark("watermark", f"第{number}页有 {tilted} 个斜排或竖排的字（水印等），未读入"))
    width, height = float(page.width), float(page.height)
    tables, chars = _tables(page, chars, number)
    rows = rows_of(chars, number)
    if not tables:
        rows = in_columns(rows, chars, width, height)
    for table in tables:
        at = next((n for n, row in enumerate(rows) if row.top >= table[0].top), len(rows))
        rows[at:at] = table
    return Sheet(number, width, height, tuple(rows)), None


def _whole(page: Any) -> bool:
    """Whether the page has content and it inflates to its end: pdfminer passes over the loss in silence.

    A page that was left blank has an empty stream; one without any lost it.
    """
    for part in page.page_obj.contents or [None]:
        stream = resolve1(part)
        if not isinstance(stream, PDFStream):
            return False
        filters = stream.get_filters()
        if stream.rawdata is None or not filters or filters[0][0] not in LITERALS_FLATE_DECODE:
            continue
        raw = stream.rawdata
        if stream.decipher and stream.objid is not None and stream.genno is not None:
            raw = stream.decipher(stream.objid, stream.genno, raw, stream.attrs)
        if not _inflates(raw):
            return False
    return True


def _inflates(data: bytes) -> bool:
    inflater = zlib.decompressobj()
    try:
        while data and not inflater.eof:
            inflater.decompress(data, 1 << 20)
            data = inflater.unconsumed_tail
    except zlib.error:
        return False
    return inflater.eof


def _is_level(char: Char) -> bool:
    """Whether a character stands on a level line: slanted or upright ones are watermarks and stamps."""
    a, b = char["matrix"][:2]
    return bool(char["upright"]) and abs(b) < 0.3 * abs(a)


def _recognised(page: Any, number: int, remarks: list[Remark]) -> tuple[Sheet, float | None]:
    from corpus import ocr

    return ocr.recognise(_picture(page, ocr.LONG_SIDE), number, remarks)


def _picture(page: Any, long_side: int) -> Image.Image:
    """The page drawn, `long_side` pixels at most."""
    resolution = min(300.0, 72.0 * long_side / max(float(page.width), float(page.height), 1.0))
    picture: Image.Image = page.to_image(resolution=resolution, antialias=True).original
    return picture


def page_picture(path: Path, number: int, *, long_side: int = 1800) -> Image.Image:
    """Page `number` (1-based) as a picture, to check a text against. Raises InputRefused."""
    try:
        with pdfplumber.open(path, pages=[number]) as document:
            return _picture(document.pages[0], long_side)
    except _DAMAGE as error:
        raise InputRefused(f"{path.name}：没有第{number}页的图像。", "请检查页码。") from error


def _tables(page: Any, chars: list[Char], number: int) -> tuple[list[list[Row]], list[Char]]:
    """Ruled tables of two columns or more as rows, and the characters outside them."""
    if len(page.lines) + len(page.rects) + len(page.curves) < 6:
        return [], chars
    tables: list[list[Row]] = []
    for found in page.find_tables():
        x0, _, x1, _ = found.bbox
        cells = found.extract()
        if len(found.rows) < 2 or max(len(row) for row in cells) < 2:
            continue
        inside = [c for c in chars if _within(c, found.bbox)]
        if not inside:
            continue
        size = median(c["size"] for c in inside)
        rows = []
        for each, row in zip(found.rows, cells, strict=True):
            texts = [_cell(cell) for cell in row]
            if any(texts):
                at = each.bbox
                rows.append(Row("\t".join(texts), x0, x1, at[1], at[3], size, number, table=True))
        tables.append(rows)
        chars = [c for c in chars if not _within(c, found.bbox)]
    return [rows for rows in tables if rows], chars


def _within(char: Char, box: tuple[float, float, float, float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _cell(text: str | None) -> str:
    """A cell's lines joined: nothing between Han characters, a space between Latin words."""
    joined = ""
    for piece in (text or "").replace("\t", " ").split("\n"):
        spaced = joined and joined[-1].isascii() and piece[:1].isascii()
        joined += (" " if spaced else "") + piece.strip()
    return joined
