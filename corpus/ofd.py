"""Reads .ofd, the layout format of GB/T 33190-2016: a zip of XML whose text objects say where words stand.

Lengths are millimetres. Page templates (running heads, watermarks), annotations and signatures are left out.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from PIL import Image, UnidentifiedImageError

from corpus.archive import RESAVE, Archive, local
from corpus.document import Reading, Remark
from corpus.errors import InputRefused
from corpus.glyphs import Char, in_columns, rows_of
from corpus.layout import Sheet, paragraphs
from corpus.limits import MAX_PAGES, page_done

_A4 = (0.0, 0.0, 210.0, 297.0)
_MAX_GLYPHS = 200_000


@dataclass(frozen=True, slots=True)
class _Package:
    """The document of an OFD file: its folder, page parts, page box and pictures by resource id."""

    pages: tuple[str, ...]
    box: tuple[float, float, float, float]
    pictures: dict[str, str]


def read(path: Path) -> Reading:
    """The paragraphs of an .ofd, each with its page. Raises InputRefused for damage and encryption."""
    with Archive(path) as archive:
        package = _package(archive)
        count = len(package.pages)
        if count > MAX_PAGES:
            raise InputRefused(f"OFD 有 {count} 页，超过 {MAX_PAGES} 页的上限。", "请拆分后再添加。")
        walk = _Walk(archive, package)
        for number, name in enumerate(package.pages, 1):
            walk.sheets.append(walk.sheet(name, number))
            page_done(number, count)
    lines, remarks = paragraphs(walk.sheets), walk.remarks
    if walk.scores:
        from corpus.ocr import confidence_remarks, spaced

        lines, remarks = spaced(lines), [*confidence_remarks(walk.scores), *remarks]
    return Reading(lines, "ofd", tuple(remarks), len(walk.sheets))


def _package(archive: Archive) -> _Package:
    root = archive.xml("OFD.xml")
    if any("encrypt" in name.lower() for name in archive.names()):
        raise InputRefused("OFD 文件已加密。", "请先在阅读软件中解密或另存。")
    start = _first(root, "DocRoot")
    if start is None or not (start.text or "").strip():
        raise InputRefused("OFD 缺少正文入口，文件不完整。", RESAVE)
    document = _inside("", start.text or "")
    folder = posixpath.dirname(document)
    body = archive.xml(document)
    pages = tuple(
        _inside(folder, page.get("BaseLoc") or "")
        for page in body.iter()
        if local(page) == "Page" and page.get("BaseLoc")
    )
    area = _first(body, "PhysicalBox")
    box = _box(area.text if area is not None else None) or _A4
    return _Package(pages, box, _pictures(archive, body, folder))


def _pictures(archive: Archive, body: etree._Element, folder: str) -> dict[str, str]:
    """Resource id → part, for the pictures named in the public and the document's resources."""
    found: dict[str, str] = {}
    for element in body.iter():
        if local(element) not in ("PublicRes", "DocumentRes"):
            continue
        part = _inside(folder, element.text or "")
        if part not in archive:
            continue
        resources = archive.xml(part)
        base = _inside(posixpath.dirname(part), resources.get("BaseLoc") or "")
        for media in resources.iter():
            file = _first(media, "MediaFile") if local(media) == "MultiMedia" else None
            if file is not None and media.get("ID"):
                found[media.get("ID") or ""] = _inside(base, file.text or "")
    return found


class _Walk:
    """Goes through the pages; keeps what was noticed and how sure the recognised pages are."""

    def __init__(self, archive: Archive, package: _Package) -> None:
        self.sheets: list[Sheet] = []
        self.remarks: list[Remark] = []
        self.scores: list[float] = []
        self._archive, self._package = archive, package

    def sheet(self, name: str, number: int) -> Sheet:
        """One page's rows."""
        if name not in self._archive:
            self.remarks.append(Remark("page_damaged", f"第{number}页缺失"))
            return Sheet(number, 1.0, 1.0, ())
        root = self._archive.xml(name)
        area = _first(root, "PhysicalBox")
        _, _, width, height = _box(area.text if area is not None else None) or self._package.box
        chars: list[Char] = []
        for element in root.iter():
            if local(element) == "TextObject" and element.get("Visible") != "false":
                chars.extend(_glyphs(element))
                if len(chars) > _MAX_GLYPHS:
                    raise InputRefused(f"第{number}页的文字对象过多。", RESAVE)
        recognised = None if chars else self._recognised(root, number)
        if recognised is not None:
            return recognised
        rows = in_columns(rows_of(chars, number), chars, width, height)
        return Sheet(number, width, height, tuple(rows))

    def _recognised(self, root: etree._Element, number: int) -> Sheet | None:
        """A page that is one picture: recognised like any scan."""
        pictures = self._package.pictures
        shown = [e.get("ResourceID") or "" for e in root.iter() if local(e) == "ImageObject"]
        parts = [pictures[key] for key in shown if pictures.get(key, "") in self._archive]
        if not parts:
            return None
        from corpus import ocr

        largest = max((self._archive.content(part) for part in parts), key=len)
        try:
            with Image.open(io.BytesIO(largest)) as image:
                if image.width * image.height > ocr.MAX_PIXELS:
                    raise InputRefused(f"第{number}页的图像太大。", RESAVE)
                sheet, score = ocr.recognise(image, number, self.remarks)
        except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
            self.remarks.append(Remark("picture", f"第{number}页是图像，格式不支持，未读入"))
            return None
        self.scores.append(score)
        return sheet


def _glyphs(element: etree._Element) -> Iterator[Char]:
    """The characters of a text object, placed by its boundary, its matrix and its codes' deltas."""
    boundary = _box(element.get("Boundary")) or _A4
    size = _number(element.get("Size")) or 1.0
    a, b, c, d, e, f = _matrix(element.get("CTM"))
    if abs(b) > 0.3 * abs(a):  # slanting or upright text: a watermark
        return
    for code in element:
        if local(code) != "TextCode" or not code.text:
            continue
        x, y = _number(code.get("X")), _number(code.get("Y"))
        steps = _deltas(code.get("DeltaX"), len(code.text))
        drops = _deltas(code.get("DeltaY"), len(code.text))
        for at, char in enumerate(code.text):
            left, base = boundary[0] + a * x + c * y + e, boundary[1] + b * x + d * y + f
            tall, wide = size * abs(d), size * abs(a) * (0.5 if char.isascii() else 1.0)
            yield {
                "text": char,
                "x0": left,
                "x1": left + wide,
                "top": base - 0.85 * tall,
                "bottom": base + 0.15 * tall,
                "size": tall,
            }
            default = size * (0.5 if char.isascii() else 1.0) if not drops else 0.0
            x += steps[at] if at < len(steps) else default
            y += drops[at] if at < len(drops) else 0.0


def _deltas(text: str | None, count: int) -> list[float]:
    """The distances to the next character: `g 3 5.6` stands for 5.6 three times."""
    words = (text or "").split()
    out: list[float] = []
    at = 0
    while at < len(words) and len(out) < count:
        if words[at] == "g" and at + 2 < len(words):
            times = int(min(_number(words[at + 1]), count))
            out.extend([_number(words[at + 2])] * times)
            at += 3
        else:
            out.append(_number(words[at]))
            at += 1
    return out


def _matrix(text: str | None) -> tuple[float, float, float, float, float, float]:
    words = [_number(word) for word in (text or "").split()]
    if len(words) != 6:
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (words[0], words[1], words[2], words[3], words[4], words[5])


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    words = [_number(word) for word in (text or "").split()]
    return (words[0], words[1], words[2], words[3]) if len(words) == 4 else None


def _number(text: str | None) -> float:
    try:
        value = float(text or "0")
    except ValueError:
        return 0.0
    return value if abs(value) < 1e7 else 0.0


def _first(element: etree._Element, name: str) -> etree._Element | None:
    return next((e for e in element.iter() if local(e) == name), None)


def _inside(folder: str, location: str) -> str:
    """A part's name; a location that begins with / is seen from the package's root."""
    location = location.strip().replace("\\", "/")
    if location.startswith("/"):
        return posixpath.normpath(location.lstrip("/"))
    return posixpath.normpath(posixpath.join(folder, location)) if location else folder
