"""OFD (GB/T 33190): a small generator, and what the reader makes of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from corpus import ofd, reading, structure
from corpus.errors import InputRefused

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
PER_LINE, SIZE = 28, 5.6
WORDS = "望川市每个车间的班组长是本班组防火的牵头人，对本班组每日的防火检查和记录的真实承担责任。"


def text_object(x: float, y: float, text: str, size: float = SIZE, extra: str = "") -> str:
    code = f'<ofd:TextCode X="0" Y="{size}" DeltaX="g {len(text)} {size}">{text}</ofd:TextCode>'
    box = f"{x} {y} {len(text) * size} {size * 1.2}"
    return f'<ofd:TextObject ID="1" Boundary="{box}" Font="2" Size="{size}"{extra}>{code}</ofd:TextObject>'


def make_ofd(path: Path, pages: list[str], **parts: str) -> Path:
    """An OFD file of pages given as the XML of their objects."""
    refs = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    area = f"<ofd:CommonData>{area}</ofd:CommonData>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        body = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        archive.writestr("OFD.xml", f'<ofd:OFD {NS} Version="1.1" DocType="OFD">{body}</ofd:OFD>')
        pages_xml = f"<ofd:Pages>{refs}</ofd:Pages>"
        archive.writestr("Doc_0/Document.xml", f"<ofd:Document {NS}>{area}{pages_xml}</ofd:Document>")
        for n, page in enumerate(pages):
            layer = f"<ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content>"
            archive.writestr(f"Doc_0/Pages/Page_{n}/Content.xml", f"<ofd:Page {NS}>{layer}</ofd:Page>")
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def typeset(paragraphs: list[str], rows_a_page: int = 8) -> list[str]:
    rows = []
    for paragraph in paragraphs:
        text = "　　" + paragraph
        rows += [text[i : i + PER_LINE] for i in range(0, len(text), PER_LINE)]
    pages = []
    for number, start in enumerate(range(0, len(rows), rows_a_page), 1):
        objects = [
            text_object(28, 40 + 10 * n, row) for n, row in enumerate(rows[start : start + rows_a_page])
        ]
        objects.reverse()  # the order in the file is not the order on the page
        pages.append("".join([text_object(100, 280, f"- {number} -"), *objects]))
    return pages


def test_paragraphs_cross_rows_and_pages(tmp_path: Path) -> None:
    paragraphs = ["第一条　为了安全，制定本办法。", *(f"第{n}条　{WORDS * 2}" for n in "二三四")]
    path = make_ofd(tmp_path / "某市办法.ofd", typeset(paragraphs))
    found = reading.read(path)
    assert [line.text for line in found.lines] == paragraphs
    assert (found.format, found.pages) == ("ofd", 2)
    assert found.lines[-1].page == 2
    assert structure.read_document(path, source=path.name).counts.articles == 4


def test_slanted_text_is_a_watermark(tmp_path: Path) -> None:
    slanted = text_object(50, 100, "内部资料", 20, ' CTM="0.7 0.7 -0.7 0.7 0 0"')
    path = make_ofd(tmp_path / "a.ofd", [text_object(28, 40, "第一条　甲。") + slanted])
    assert [line.text for line in ofd.read(path).lines] == ["第一条　甲。"]


@pytest.mark.parametrize(
    ("part", "text", "words"),
    [
        ("Encryptions.xml", "<x/>", "加密"),
        ("OFD.xml", "<!DOCTYPE x []><x/>", "DOCTYPE"),
        ("OFD.xml", "<x/>", "入口"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_refusals(tmp_path: Path, part: str, text: str, words: str) -> None:
    path = make_ofd(tmp_path / "a.ofd", [text_object(28, 40, "甲")], **{part: text})
    with pytest.raises(InputRefused, match=words):
        ofd.read(path)


def test_a_missing_page_is_remarked(tmp_path: Path) -> None:
    path = make_ofd(tmp_path / "a.ofd", [text_object(28, 40, "第一条　甲。"), ""])
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.ofd", "w") as new:
        for name in old.namelist():
            if "Page_1" not in name:
                new.writestr(name, old.read(name))
    found = ofd.read(tmp_path / "b.ofd")
    assert [remark.message for remark in found.remarks] == ["第2页缺失"]
    assert len(found.lines) == 1
