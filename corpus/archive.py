"""Opens the zip of XML that .docx and .ofd are, without trusting what it says of itself.

Counts real inflated bytes, not the sizes in the directory; parses XML without entities, DOCTYPE, network or
unlimited depth. Nothing is ever written to disk, so path names inside the archive have no power.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final

from lxml import etree

from corpus.errors import InputRefused
from corpus.limits import MIB

MAX_MEMBERS: Final = 5000
MAX_PART: Final = 96 * MIB
MAX_INFLATED: Final = 256 * MIB
MAX_MARKUP: Final = 48 * MIB  # of all XML parts of a file that is opened whole
MAX_TAGS: Final = 2_000_000
_CHUNK: Final = 256 * 1024
_MARKUP: Final = (".xml", ".rels", ".vml")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
RESAVE = "请用原来的软件打开并另存一份后再试。"


class Archive:
    """A zip opened for reading parts by name. Raises InputRefused for damage, encryption and bombs."""

    def __init__(self, path: Path) -> None:
        self._left = MAX_INFLATED
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise InputRefused("压缩结构已损坏或不完整，无法打开。", RESAVE) from error
        entries = self._zip.infolist()
        if len(entries) > MAX_MEMBERS:
            self._zip.close()
            raise InputRefused(f"压缩包内有 {len(entries)} 个部件，不像是正常文档。", RESAVE)
        self._entries = {entry.filename.replace("\\", "/").lstrip("/"): entry for entry in entries}

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> list[str]:
        """The names of all parts, as the directory gives them."""
        return list(self._entries)

    def content(self, name: str) -> bytes:
        """A part's real content. Raises InputRefused when absent, damaged, encrypted or too large."""
        entry = self._entries.get(name)
        if entry is None:
            raise InputRefused(f"缺少部件 {name}，文件不完整。", RESAVE)
        if entry.flag_bits & 0x1:
            raise InputRefused("文件已加密。", "请先去掉密码再导入。")
        try:
            return self._inflate(entry)
        except _BROKEN as error:
            raise InputRefused(f"部件 {name} 已损坏，无法解压。", RESAVE) from error

    def _inflate(self, entry: zipfile.ZipInfo) -> bytes:
        out = bytearray()
        with self._zip.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                out += chunk
                if len(out) > min(MAX_PART, self._left):
                    raise InputRefused(
                        f"解压后超过 {min(MAX_PART, self._left) // MIB} MiB，疑为压缩炸弹。",
                        "请把文件拆小，或另存为 .txt 后再试。",
                    )
        self._left -= len(out)
        return bytes(out)

    def vet(self) -> None:
        """Inflates every part without keeping it, so that a library may then open the file whole.

        Raises InputRefused for damage, encryption, DOCTYPE, and more bytes or tags than a document has.
        """
        markup = tags = total = 0
        for name, entry in self._entries.items():
            if entry.flag_bits & 0x1:
                raise InputRefused("文件已加密。", "请先去掉密码再导入。")
            tail = b""
            for chunk in self._chunks(name, entry):
                total += len(chunk)
                if name.lower().endswith(_MARKUP):
                    markup += len(chunk)
                    tags += chunk.count(b"<")
                    plain = (tail + chunk).replace(b"\0", b"")
                    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                        raise InputRefused(f"部件 {name} 含有 DOCTYPE 声明，正常文档没有它，已拒绝。", RESAVE)
                    tail = chunk[-64:]
                if markup > MAX_MARKUP or tags > MAX_TAGS or total > MAX_INFLATED:
                    raise InputRefused("文件展开后过大，疑为压缩炸弹。", "请把文件拆小后再试。")

    def _chunks(self, name: str, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except _BROKEN as error:
            raise InputRefused(f"部件 {name} 已损坏，无法解压。", RESAVE) from error

    def xml(self, name: str) -> etree._Element:
        """A part's root element. Raises InputRefused when it is no plain, well-formed XML."""
        return parse_xml(self.content(name), name)


def vet(path: Path) -> None:
    """Archive.vet for a file by its path, named in the refusal: before python-docx or openpyxl opens it."""
    try:
        with Archive(path) as archive:
            archive.vet()
    except InputRefused as refusal:
        raise InputRefused(f"{path.name}：{refusal.message}", refusal.next_step) from refusal


_EXECUTED: Final = re.compile(
    r"\b(?:DDE(?:AUTO)?|INCLUDE(?:TEXT|PICTURE)|LINK|IMPORT|DATABASE|MACROBUTTON)\b"
)
_CARRIERS: Final = {"vbaproject": "宏", "embeddings/": "嵌入对象", "activex/": "控件", "afchunk": "外来内容"}


def _instruction(field: etree._Element) -> str:
    return "".join(str(value) for name, value in field.attrib.items() if str(name).endswith("}instr"))


def active_content(path: Path) -> tuple[str, ...]:
    """What an Office file would run or fetch when opened: macros, objects, controls, outside files, fields.

    Links that a reader clicks are none. Raises InputRefused when the file cannot be read.
    """
    found: dict[str, None] = {}
    with Archive(path) as archive:
        for name in archive.names():
            found |= {word: None for part, word in _CARRIERS.items() if part in name.lower()}
            if name.endswith(".rels"):
                outside = [r for r in archive.xml(name) if r.get("TargetMode") == "External"]
                if any(not str(relation.get("Type")).endswith("/hyperlink") for relation in outside):
                    found["对外部文件的引用"] = None
            elif name.startswith("word/") and name.endswith(".xml"):
                root = archive.xml(name)
                codes = "".join(e.text or "" for e in root.iter() if local(e) == "instrText")
                codes += " ".join(_instruction(e) for e in root.iter() if local(e) == "fldSimple")
                if _EXECUTED.search(codes):
                    found["会运行的域代码"] = None
    return tuple(found)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root of an XML part; refuses DOCTYPE (entities) and depth beyond libxml2's 256 levels."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        deep = "depth" in str(error)
        reason = "嵌套过深" if deep else "不是合格的 XML"
        raise InputRefused(f"部件 {name} {reason}，无法读取。", RESAVE) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise InputRefused(f"部件 {name} 含有 DOCTYPE 声明，正常文档没有它，已拒绝。", RESAVE)
    return root


def local(element: etree._Element) -> str:
    """The element's name without namespace; "" for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
