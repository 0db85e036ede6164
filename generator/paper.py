"""The only writer of Word papers: blocks → .docx in the layout of GB/T 9704-2012.

Clauses used: 5.1–5.2 page and text area, 7.3 body and headings, 7.5 page numbers, 10.1 letters.
Fonts are named in the styles of the base template (all four rFonts attributes), never in a run.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt

from generator.blocks import (
    Block,
    Cell,
    EndMatter,
    Heading,
    PageBreak,
    Paper,
    Paragraph,
    Rule,
    Run,
    Signature,
    Table,
    Title,
    Turn,
)

BASE = Path(__file__).parent / "templates" / "base"
EPOCH = (1980, 1, 1, 0, 0, 0)
_SEALED = 4  # characters a sealed date stands from the right
_SIGNATURE = 22  # characters: a longer name takes the whole line
_KEPT = 5  # paragraphs that stay on the page of the signature
_SHORT = 60  # characters: a longer paragraph would leave half a page empty
_BODY_POINTS = 16
_RULE_DROP = 11.3  # points: the red rule stands 4 mm below the number
_TALL_CELL = 400  # characters: a row above may be taller than half a page and must be allowed to split
_OUTER, _INNER = 0.35, 0.25  # mm: the rules of the 版记
_AFTER_BORDER = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:spacing", "w:ind", "w:jc", "w:rPr",
)  # fmt: skip
_END_POINTS, _END_LINE = 14, 24  # 4号, and its line
_COPIES = (
    '<w:ind w:left="1120" w:right="280" w:hanging="840"/>'  # the second line hangs on the first name (7.4.2)
)
_PRINTED = '<w:tabs><w:tab w:val="right" w:pos="{}"/></w:tabs>'
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@cache
def _base() -> bytes:
    """The clean base template, packed from its XML parts."""
    packed = io.BytesIO()
    names = sorted(p for p in BASE.rglob("*") if p.is_file())
    names.sort(key=lambda p: p.name != "[Content_Types].xml")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in names:
            entry = zipfile.ZipInfo(part.relative_to(BASE).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, part.read_bytes())
    return packed.getvalue()


def typeset(paper: Paper, path: Path) -> Path:
    """Writes the paper to `path`; the same paper gives the same document.xml."""
    document = Document(io.BytesIO(_base()))
    section = document.sections[0]
    if paper.landscape:
        _turn(section, landscape=True)
    _furnish(section, paper)
    for block in paper.blocks:
        _place(document, block, paper)
    core = document.core_properties
    core.title, core.author = clean(paper.title), "Zeren"
    core.keywords = " ".join(clean(word) for word in paper.keywords)
    core.created = core.modified = datetime(2026, 1, 1)  # fixed: same input, same bytes
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    return path


def clean(text: str) -> str:
    """Without the characters XML forbids (NUL, U+000B, U+FFFE, lone surrogates)."""
    return _UNPRINTABLE.sub("", text)


def _place(document: Any, block: Block, paper: Paper) -> None:
    match block:
        case Title(text):
            document.add_paragraph(clean(text), style="Title")
        case Heading(text, level):
            document.add_paragraph(clean(text), style=f"Heading {min(level, 3)}")
        case Paragraph(runs, style):
            _write_runs(document.add_paragraph(style=style), runs)
        case Table():
            _place_table(document, block)
        case Signature(name, day):
            _place_signature(document, name, day)
        case EndMatter():
            _place_end_matter(document, block)
        case Rule(weight, red):
            _place_rule(document, weight, red=red)
        case PageBreak():
            document.add_paragraph(style="No Indent").add_run().add_break(WD_BREAK.PAGE)
        case Turn(landscape):
            section = document.add_section(WD_SECTION.NEW_PAGE)
            _turn(section, landscape=landscape)
            _furnish(section, paper)


def _write_runs(paragraph: Any, runs: tuple[Run, ...]) -> None:
    for run in runs:
        written = paragraph.add_run(clean(run.text))
        if run.role == "advice":
            written.style = "Advice"
        elif run.role == "strong":
            written.bold = True
        elif run.role == "blank":
            written.underline = True


def _text_width(section: Any) -> int:
    return int(section.page_width - section.left_margin - section.right_margin)


def _turn(section: Any, *, landscape: bool) -> None:
    """Landscape keeps the printed margins: the paper is turned, not the rules."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    long_side, short_side = Mm(297), Mm(210)
    section.page_width, section.page_height = (
        (long_side, short_side) if landscape else (short_side, long_side)
    )
    margins = (28, 26, 37, 35) if landscape else (37, 35, 28, 26)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(m) for m in margins
    )
    section.footer_distance = Mm(16 if landscape else 23)


def _place_table(document: Any, table: Table) -> None:
    if table.caption:
        document.add_paragraph(clean(table.caption), style="caption")
    width = _text_width(document.sections[-1])
    total = sum(column.share for column in table.columns)
    widths = [int(width * column.share / total) for column in table.columns]
    grid = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    for column, column_width in zip(grid.columns, widths, strict=True):
        column.width = Emu(column_width)
    _write_row(
        grid.rows[0],
        tuple(Cell.of(column.head, centred=True) for column in table.columns),
        widths,
        "Table Head",
    )
    _mark(grid.rows[0], "w:tblHeader")
    _mark(grid.rows[0], "w:cantSplit")
    for cells in table.rows:
        row = grid.add_row()
        _write_row(row, cells, widths, "Table Text")
        if max(sum(len(r.text) for p in c.paragraphs for r in p) for c in cells) < _TALL_CELL:
            _mark(row, "w:cantSplit")


def _write_row(row: Any, cells: tuple[Cell, ...], widths: list[int], style: str) -> None:
    for target, cell, width in zip(row.cells, cells, widths, strict=True):
        target.width = Emu(width)
        for number, runs in enumerate(cell.paragraphs):
            paragraph = target.paragraphs[0] if number == 0 else target.add_paragraph()
            paragraph.style = style
            if cell.centred:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _write_runs(paragraph, runs)


def _mark(row: Any, tag: str) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement(tag))


def _place_signature(document: Any, name: str, day: str) -> None:
    """Both lines right-aligned; the narrower indented until their middles meet."""
    for paragraph in reversed(document.paragraphs[-_KEPT:]):
        after = paragraph._p.getnext()
        if len(paragraph.text) > _SHORT or (after is not None and after.tag == qn("w:tbl")):
            break
        paragraph.paragraph_format.keep_with_next = True  # no page holds a signature alone
    wide = {text: sum(0.5 if c.isascii() else 1.0 for c in text) for text in (name, day)}
    widest = max(wide.values())
    for text in filter(None, (name, day)):
        paragraph = document.add_paragraph(clean(text), style="Signature Line")
        characters = (_SEALED if widest <= _SIGNATURE else 0) + (widest - wide[text]) / 2
        paragraph.paragraph_format.right_indent = Pt(round(characters * _BODY_POINTS))
        if text is not name:
            paragraph.paragraph_format.keep_with_next = False


def _place_rule(document: Any, weight_mm: float, *, red: bool) -> None:
    paragraph = document.add_paragraph(style="No Indent")
    paragraph.paragraph_format.line_spacing = Pt(_RULE_DROP if red else _RULE_DROP / 2)
    colour = "FF0000" if red else "000000"
    border = f'<w:bottom w:val="single" w:sz="{_eighths(weight_mm)}" w:space="1" w:color="{colour}"/>'
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(parse_xml(f"<w:pBdr {nsdecls('w')}>{border}</w:pBdr>"), *_AFTER_BORDER)


def _place_end_matter(document: Any, block: EndMatter) -> None:
    """Lines between rules at the foot of the last text area: 0.35 mm outside, 0.25 mm between.

    A text box at the lower margin, from which the text keeps off: Word, WPS and LibreOffice all place it,
    a frame or a floating table they do not.
    """
    width = round(_text_width(document.sections[-1]) / Pt(1), 1)
    lines = [(f"抄送：{clean(block.copies)}。", _COPIES)] if block.copies else []
    lines.append(
        (f"{clean(block.printer)}\t{clean(block.day)}印发", _PRINTED.format(round(width * 20) - 280))
    )
    room = (width - 5 * _END_POINTS) / _END_POINTS
    height = sum(1 + int((len(text) - 1) / room) if text.startswith("抄送") else 1 for text, _ in lines)
    holder = document.add_paragraph(style="No Indent")
    holder.paragraph_format.line_spacing = Pt(1)
    box = (
        f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:w10="urn:schemas-microsoft-com:office:word">'
        f'<v:rect id="ZerenEndMatter" style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;'
        f"height:{height * _END_LINE + 6}pt;z-index:1;mso-wrap-distance-left:0;mso-wrap-distance-right:0;"
        "mso-position-horizontal:left;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:bottom;"
        'mso-position-vertical-relative:margin" filled="f" stroked="f">'
        '<v:textbox inset="0,0,0,0"><w:txbxContent/></v:textbox><w10:wrap type="topAndBottom"/>'
        "</v:rect></w:pict>"
    )
    picture: Any = parse_xml(box)
    content = picture.find(f".//{qn('w:txbxContent')}")
    for number, (text, indent) in enumerate(lines):
        content.append(_rule(document, _INNER if number else _OUTER))
        paragraph = document.add_paragraph(text, style="End Matter")
        properties = paragraph._p.get_or_add_pPr()
        for part in parse_xml(f"<w:pPr {nsdecls('w')}>{indent}</w:pPr>"):
            properties.append(part)
        content.append(paragraph._p)
    content.append(_rule(document, _OUTER))
    holder.add_run()._r.append(picture)


def _rule(document: Any, weight_mm: float) -> Any:
    """An empty line of no height with a rule of the whole width under it."""
    paragraph = document.add_paragraph(style="End Matter")
    form = paragraph.paragraph_format
    form.line_spacing, form.left_indent, form.right_indent = Pt(1), Pt(0), Pt(0)
    properties = paragraph._p.get_or_add_pPr()
    side = f'<w:bottom w:val="single" w:sz="{_eighths(weight_mm)}" w:space="0" w:color="000000"/>'
    properties.insert_element_before(parse_xml(f"<w:pBdr {nsdecls('w')}>{side}</w:pBdr>"), *_AFTER_BORDER)
    return paragraph._p


def _eighths(mm: float) -> int:
    """Millimetres in eighths of a point, as Word measures rules."""
    return round(mm / 25.4 * 72 * 8)


def _furnish(section: Any, paper: Paper) -> None:
    """Page numbers (odd right, even left, — n —) and, on a draft, the watermark on every page."""
    section.different_first_page_header_footer = not paper.page_number_on_first
    for footer, align, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left"),
    ):
        footer.is_linked_to_previous = False
        if paper.page_numbers:
            _page_number(footer.paragraphs[0], align, side)
    headers = [section.header, section.even_page_header]
    if section.different_first_page_header_footer:
        section.first_page_footer.is_linked_to_previous = False
        headers.append(section.first_page_header)
    for header in headers:
        header.is_linked_to_previous = False
        if paper.watermark:
            header.paragraphs[0].style = "header"
            _watermark(header.paragraphs[0], clean(paper.watermark), header.part.partname)


def mark_draft(path: Path, text: str) -> None:
    """The draft mark on every page of a document not set by us: in each header it has or inherits."""
    document = Document(str(path))
    for number, section in enumerate(document.sections):
        headers = [section.header]
        if document.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        for header in headers:
            if header.is_linked_to_previous and number:
                continue  # shows the marked header of the section before
            header.is_linked_to_previous = False
            paragraph = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
            _watermark(paragraph, clean(text), header.part.partname)
    document.save(str(path))


def _page_number(paragraph: Any, align: Any, side: str) -> None:
    """— 1 — in 4号宋体, one character in from the outer edge (GB/T 9704-2012 clause 7.5)."""
    paragraph.style = "footer"
    paragraph.alignment = align
    setattr(paragraph.paragraph_format, f"{side}_indent", Mm(4.9))
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)
    paragraph.add_run(" —")


def _watermark(paragraph: Any, text: str, part: str) -> None:
    """A grey diagonal line of text behind the page: VML, which Word, WPS and LibreOffice all draw.

    Shape names must differ over the whole document, so they carry the number of the header's part.
    """
    number = int("".join(c for c in str(part) if c.isdigit()) or 0)
    width = min(520, 80 * len(text))
    height = width / len(text)
    shape = (
        f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w10="urn:schemas-microsoft-com:office:word">'
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
        '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
        '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
        '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="ZerenDraft{number}" o:spid="_x0000_s{2049 + number}" type="#_x0000_t136" '
        f'style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height:.0f}pt;'
        "rotation:315;z-index:-251658752;mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical:center;"
        'mso-position-vertical-relative:margin" fillcolor="#d0d0d0" stroked="f">'
        '<v:fill opacity=".5"/><v:textpath style="font-family:&quot;黑体&quot;" '
        f'string="{_attribute(text)}"/>'
        '<w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict>'
    )
    paragraph.add_run()._r.append(parse_xml(shape))


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
