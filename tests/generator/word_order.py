"""The order of elements that WordprocessingML prescribes (ECMA-376 part 1, CT_PPr, CT_RPr, CT_TblPr …)."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ORDERS = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
        "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
        "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
        "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
        "rPr sectPr pPrChange"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
        "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect "
        "bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription"
    ),
    "tcPr": (
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
        "vAlign hideMark"
    ),
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
        "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter "
        "docGrid"
    ),
    "settings": (
        "writeProtection view zoom removePersonalInformation mirrorMargins attachedTemplate "
        "trackRevisions defaultTabStop autoHyphenation evenAndOddHeaders drawingGridHorizontalSpacing "
        "characterSpacingControl footnotePr endnotePr compat docVars rsids themeFontLang "
        "clrSchemeMapping decimalSymbol listSeparator"
    ),
}
ANY_ORDER = {
    "trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader jc hidden",
}
REPEATED = {"headerReference", "footerReference"}


def faults_of(path: Path) -> list[str]:
    """What is out of order, unknown or doubled in a .docx; [] for a well-formed one."""
    faults: list[str] = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                faults += [f"{name}: {fault}" for fault in _faults(etree.fromstring(archive.read(name)))]
        body = etree.fromstring(archive.read("word/document.xml"))[0]
    if body[-1].tag != f"{W}sectPr" or len(body.findall(f"{W}sectPr")) != 1:
        faults.append("the body does not end in its one sectPr")
    for table in body.iter(f"{W}tbl"):
        widths = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        faults += ["a row with other cells than the grid" for row in table.iter(f"{W}tr")
                   if len(row.findall(f"{W}tc")) != widths]  # fmt: skip
        faults += ["a cell that does not end in a paragraph" for cell in table.iter(f"{W}tc")
                   if cell[-1].tag != f"{W}p"]  # fmt: skip
    return faults


def _faults(root: etree._Element) -> list[str]:
    faults = []
    for element in root.iter(etree.Element):
        kind = element.tag.removeprefix(W)
        names = [str(child.tag).removeprefix(W) for child in element]
        if kind in ORDERS:
            order = ORDERS[kind].split()
            unknown = [name for name in names if name not in order]
            first = order.index("headerReference") if "headerReference" in order else -1
            ranks = [first if n in REPEATED else order.index(n) for n in names if n in order]
            if unknown or ranks != sorted(ranks):
                faults.append(f"{kind}: {names}")
        elif kind in ANY_ORDER and set(names) - set(ANY_ORDER[kind].split()):
            faults.append(f"{kind}: {names}")
        if kind in (*ORDERS, *ANY_ORDER) and len(set(names) - REPEATED) != len(
            [n for n in names if n not in REPEATED]
        ):
            faults.append(f"{kind} doubled: {names}")
    return faults
