"""The only writer of Excel sheets. Text that a spreadsheet would run as a formula is made plain text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from generator.blocks import Cell, Paper, Paragraph, Table, Title
from generator.paper import clean

# The wide ones too: Excel in Chinese reads them alike.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CELL_LIMIT = 32_767  # characters Excel holds in a cell
_THIN = Side(style="thin", color="999999")


def plain(text: str) -> str:
    """Words that no spreadsheet takes for a formula: a leading sign of one gets an apostrophe."""
    text = clean(text)[:_CELL_LIMIT]
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def write_paper(paper: Paper, path: Path) -> Path:
    """The tables of a paper as sheets, its notes below them."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "清单"
    row = 1
    for block in paper.blocks:
        match block:
            case Title(text):
                sheet.cell(row, 1, plain(text)).font = Font(name="黑体", size=16)
                row += 1
            case Table():
                row = _table(sheet, block, row)
            case Paragraph(runs):
                sheet.cell(row, 1, plain("".join(run.text for run in runs)))
                row += 1
            case _:
                continue
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def write_rows(
    head: Sequence[str], rows: Sequence[Sequence[str]], path: Path, *, title: str = "数据"
) -> Path:
    """A plain table for exchange with other programs."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    sheet.append([plain(name) for name in head])
    for values in rows:
        sheet.append([plain(value) for value in values])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _table(sheet: Worksheet, table: Table, row: int) -> int:
    if table.caption:
        sheet.cell(row, 1, plain(table.caption))
        row += 1
    total = sum(column.share for column in table.columns)
    for number, column in enumerate(table.columns, 1):
        head = sheet.cell(row, number, plain(column.head))
        head.font = Font(name="黑体", bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = max(6.0, 150 * column.share / total)
    sheet.freeze_panes = f"A{row + 1}"
    sheet.print_title_rows = f"{row}:{row}"
    for cells in (tuple(Cell.of(column.head) for column in table.columns), *table.rows):
        for number, cell in enumerate(cells, 1):
            words = "\n".join("".join(run.text for run in runs) for runs in cell.paragraphs)
            written = sheet.cell(row, number, plain(words))
            written.alignment = Alignment(wrap_text=True, vertical="top")
            written.border = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
        row += 1
    return row
