"""Hostile files: bombs and mutations end in one sentence within 30 seconds; the parent reads on."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.document import Document, Line
from corpus.errors import InputRefused
from corpus.isolation import Reader
from corpus.structure import parse
from tests.reliability.mutations import QUICK, Outcome, fuzz, letters

SEED = 20_261_122
SECONDS = 30
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = "<Types/>"
NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
OFD = f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>{{}}</ofd:DocRoot></ofd:DocBody></ofd:OFD>"


def zipped(**parts: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/"), body)
    return out.getvalue()


def docx(document: bytes | str, **parts: bytes | str) -> bytes:
    return zipped(**{"[Content_Types].xml": TYPES, "word/document.xml": document, **parts})


def body(inner: str) -> str:
    return f"<w:document {W}><w:body>{inner}</w:body></w:document>"


def para(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def inflating_part() -> bytes:
    """document.xml inflates to 400 MB of spaces."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            block = b" " * (1 << 24)
            for _ in range(24):
                part.write(block)
    return out.getvalue()


def lying_sizes() -> bytes:
    """The directory says 64 bytes, the part inflates to 300 MB."""
    data = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = data.compress(b" " * 300_000_000) + data.flush()
    name = b"word/document.xml"
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(packed), 64, len(name), 0) + name
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(packed), 64, len(name), 0, 0, 0, 0, 0, 0
    )
    directory = entry + name
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), len(local) + len(packed), 0)
    return local + packed + directory + end


def many_parts() -> bytes:
    return docx(body(para("甲")), **{f"word/x{n}.xml": "" for n in range(10_000)})


def nested_zip() -> bytes:
    inner = zipped(**{"a.bin": b"\0" * 50_000_000})
    for _ in range(20):
        inner = zipped(**{"a.zip": inner})
    return docx(inner)


def million_paragraphs() -> bytes:
    """20 million empty paragraphs (120 MB of XML in 120 KB)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        with archive.open("word/document.xml", "w") as part:
            part.write(f"<w:document {W}><w:body>".encode())
            block = b"<w:p/>" * 100_000
            for _ in range(200):
                part.write(block)
            part.write(b"</w:body></w:document>")
    return out.getvalue()


def full_paragraphs() -> bytes:
    """Under the size limit, yet 4 million paragraphs: memory or the paragraph limit ends it."""
    return docx(body("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 2_500_000))


def laughs() -> str:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f"<!DOCTYPE d [{entities}]><w:document {W}><w:body>{para('&a11;')}</w:body></w:document>"


def outside() -> str:
    return f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{body(para("&x;"))}'


def deep(levels: int = 200_000) -> str:
    return body("<w:sdt><w:sdtContent>" * levels + "</w:sdtContent></w:sdt>" * levels)


def pdf(objects: dict[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of the given objects with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (max(objects) + 1)
    for number in range(1, max(objects) + 1):
        out += b"%010d 00000 n \n" % places.get(number, 0)
    out += b"trailer <</Size %d %s>>\nstartxref\n%d\n%%%%EOF" % (max(objects) + 1, trailer, start)
    return bytes(out)


def one_page(content: bytes, extra: bytes = b"") -> dict[int, bytes]:
    return {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        4: b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), extra, content),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }


def flate_bomb() -> bytes:
    """A content stream that inflates 2 GiB, twice deflated."""
    compressor = zlib.compressobj(9)
    once = b"".join(compressor.compress(b" " * (1 << 24)) for _ in range(128)) + compressor.flush()
    return pdf(one_page(zlib.compress(once), b"/Filter[/FlateDecode/FlateDecode]"))


def xref_loop() -> bytes:
    """Prev of the cross-reference table points at itself."""
    made = pdf(one_page(b"BT ET"))
    start = made.rindex(b"xref\n0")
    return made.replace(b"trailer <<", b"trailer <</Prev %d " % start)


def page_loop() -> bytes:
    objects = one_page(b"BT ET")
    objects[2] = b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"
    return pdf(objects)


def many_pages() -> bytes:
    objects = one_page(b"BT /F 12 Tf (a) Tj ET")
    objects[2] = b"<</Type/Pages/Kids[" + b"3 0 R " * 200_000 + b"]/Count 200000>>"
    return pdf(objects)


def operator_flood() -> bytes:
    return pdf(
        one_page(zlib.compress(b"BT /F 12 Tf (aaaaaaaaaa) Tj ET\n" * 4_000_000), b"/Filter/FlateDecode")
    )


def form_recursion() -> bytes:
    objects = one_page(b"/X Do")
    objects[3] = objects[3].replace(b"<</Font", b"<</XObject<</X 6 0 R>>/Font")
    inner = b"/X Do " * 20
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length %d>>"
    objects[6] = form % len(inner) + b"stream\n" + inner + b"\nendstream"
    return pdf(objects)


def huge_png() -> bytes:
    """60,000 × 60,000 pixels in a few hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def deep_html() -> bytes:
    return b"<html><body>" + b"<div><table><tr><td>" * 100_000 + "第一条 甲。".encode() + b"</body></html>"


def wide_html() -> bytes:
    return b"<html><body>" + b"<p>a</p>" * 3_000_000 + b"</body></html>"


def ofd_loop() -> bytes:
    return zipped(**{"OFD.xml": OFD.format("/OFD.xml")})


def ofd_glyphs() -> bytes:
    code = f'<ofd:TextCode X="0" Y="0" DeltaX="g 999999999 1">{"字" * 3_000_000}</ofd:TextCode>'
    page = f'<ofd:Page {NS}><ofd:TextObject Size="5">{code}</ofd:TextObject></ofd:Page>'
    pages = f'<ofd:D {NS}><ofd:Page BaseLoc="P.xml"/></ofd:D>'
    return zipped(**{"OFD.xml": OFD.format("D.xml"), "D.xml": pages, "P.xml": page})


REFUSED, ANY = True, False
BOMBS: list[tuple[str, Callable[[], bytes], bool]] = [  # the third says whether it must be refused
    ("inflating.docx", inflating_part, REFUSED),
    ("lying.docx", lying_sizes, REFUSED),
    ("parts.docx", many_parts, REFUSED),
    ("nested.docx", nested_zip, REFUSED),
    ("million.docx", million_paragraphs, REFUSED),
    ("laughs.docx", lambda: docx(laughs()), REFUSED),
    ("outside.docx", lambda: docx(outside()), REFUSED),
    ("deep.docx", lambda: docx(deep()), REFUSED),
    ("numbering.docx", lambda: docx(body(para("甲")), **{"word/numbering.xml": laughs()}), REFUSED),
    ("cut.docx", lambda: docx(body(para("甲") * 500))[:-200], REFUSED),
    ("xref.pdf", xref_loop, ANY),
    ("pages.pdf", page_loop, REFUSED),
    ("many.pdf", many_pages, ANY),  # one page named 200,000 times is one page
    ("cut.pdf", lambda: pdf(one_page(b"BT ET"))[:300], REFUSED),
    ("huge.png", huge_png, REFUSED),
    ("deep.html", deep_html, ANY),
    ("loop.ofd", ofd_loop, REFUSED),
    ("glyphs.ofd", ofd_glyphs, REFUSED),
    ("lines.txt", lambda: b"a\n" * 900_000, REFUSED),
    ("zeros.md", lambda: b"\0" * 5_000_000, REFUSED),
]
SLOW: list[tuple[str, Callable[[], bytes], bool]] = [
    ("flate.pdf", flate_bomb, REFUSED),
    ("full.docx", full_paragraphs, REFUSED),
    ("flood.pdf", operator_flood, REFUSED),
    ("forms.pdf", form_recursion, ANY),
    ("wide.html", wide_html, REFUSED),
    ("line.txt", lambda: "字".encode() * 20_000_000, ANY),
]


def ends_well(reader: Reader, path: Path) -> Document | InputRefused:
    """The outcome of one file: a document or one sentence that names it, and never late."""
    begun = time.monotonic()
    try:
        outcome: Document | InputRefused = reader.read_document(path)
    except InputRefused as refusal:
        outcome = refusal
    if isinstance(outcome, InputRefused):
        assert path.name in outcome.message
        assert outcome.message.endswith("。")
        assert outcome.next_step
        assert "Traceback" not in str(outcome)
    assert time.monotonic() - begun <= SECONDS
    return outcome


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as one:
        yield one


def defuse(reader: Reader, folder: Path, name: str, make: Callable[[], bytes], refused: bool) -> None:
    path, honest = folder / name, folder / "好.txt"
    path.write_bytes(make())
    honest.write_text("某市办法\n第一条 甲。\n", encoding="utf-8")
    outcome = ends_well(reader, path)
    assert isinstance(outcome, InputRefused) or not refused
    if isinstance(outcome, Document):  # harmless after all, but then nothing from outside is in it
        words = "".join(row.text for row in outcome.provisions)
        assert "root:" not in words
        assert "hahaha" not in words
    assert reader.read_document(honest).counts.articles == 1, "the parent reads on"


@pytest.mark.parametrize(("name", "make", "refused"), BOMBS, ids=[bomb[0] for bomb in BOMBS])
def test_bomb(reader: Reader, tmp_path: Path, name: str, make: Callable[[], bytes], refused: bool) -> None:
    defuse(reader, tmp_path, name, make, refused)


@pytest.mark.long
@pytest.mark.parametrize(("name", "make", "refused"), SLOW, ids=[bomb[0] for bomb in SLOW])
def test_slow_bomb(
    reader: Reader, tmp_path: Path, name: str, make: Callable[[], bytes], refused: bool
) -> None:
    defuse(reader, tmp_path, name, make, refused)


@pytest.mark.shared
def test_mutated_files(shared: Path, tmp_path: Path) -> None:
    found = fuzz(shared, tmp_path, 60, QUICK)
    assert (found.silent, found.wordless) == ([], [])
    assert {key.split()[1] for key in found.kinds} == {"ok", "remarks", "refused"}


@pytest.mark.shared
@pytest.mark.long
def test_many_mutated_files(shared: Path, tmp_path: Path) -> None:
    """300 files over all forms; 5,000 with `make fuzz`."""
    found = fuzz(shared, tmp_path, 300, (*QUICK, ".doc"))
    print(dict(found.kinds))
    assert (found.silent, found.wordless) == ([], [])
    assert found.kinds.total() == 300


@pytest.mark.shared
def test_control_a_loss_without_a_word_is_noted() -> None:
    """Half the letters of a PDF and no remark, and a refusal that names no file."""
    found = Outcome()
    document = parse([Line("某市办法", 1), Line("第一条 甲。", 2)], name="1.pdf")
    found.note("1.pdf", document, 2 * letters(document))
    found.note("2.pdf", InputRefused("坏了"), 9)
    assert (len(found.silent), len(found.wordless)) == (1, 1)
