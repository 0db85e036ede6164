"""What a file is by its content, whatever its name says; and the cleaning every reader's lines get."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

from corpus.document import Line, Reading, Remark
from corpus.errors import InputRefused
from corpus.limits import MAX_FILE, MIB, check_lines

HEAD = 4096
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FORMATS: dict[str, tuple[str, str, frozenset[str]]] = {
    "docx": ("corpus.word", "Word 文档（.docx）", frozenset({".docx", ".docm", ".dotx"})),
    "doc": ("corpus.word_binary", "旧版 Word 文档（.doc）", frozenset({".doc", ".dot", ".wps"})),
    "rtf": ("corpus.word_binary", "RTF 文档", frozenset({".rtf"})),
    "wordxml": ("corpus.word_binary", "Word 2003 XML 文档", frozenset({".xml"})),
    "pdf": ("corpus.pdf", "PDF", frozenset({".pdf"})),
    "ofd": ("corpus.ofd", "OFD", frozenset({".ofd"})),
    "html": ("corpus.webpage", "网页（HTML）", frozenset({".html", ".htm", ".xhtml", ".shtml"})),
    "mhtml": ("corpus.webpage", "网页存档（MHTML）", frozenset({".mht", ".mhtml"})),
    "image": (
        "corpus.ocr",
        "图片",
        frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif"}),
    ),
    "text": ("corpus.reading", "纯文本", frozenset({".txt", ".text", ".md", ".markdown"})),
}
"""Format → the module that reads it, its name for people, the suffixes that promise it."""

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8")
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MHTML = re.compile(rb"\s*(?:From:|MIME-Version:)[^\x00]{0,2000}?multipart/related", re.I | re.S)
_OTHERS = {
    "xl/workbook.xml": "Excel 工作簿",
    "xl/workbook.bin": "Excel 工作簿",
    "ppt/presentation.xml": "PowerPoint 演示文稿",
    "content.xml": "OpenDocument 文档",
}
_STREAMS = {"Workbook": "Excel 工作簿", "PowerPoint Document": "PowerPoint 演示文稿"}


def detect(path: Path) -> str:
    """A key of FORMATS. Raises InputRefused for empty, huge, encrypted and unknown files."""
    size = path.stat().st_size
    if size == 0:
        raise InputRefused("文件是空的。", "请换一个有内容的文件。")
    if size > MAX_FILE:
        raise InputRefused(
            f"文件有 {size // MIB} MiB，超过 {MAX_FILE // MIB} MiB 的上限。", "请拆分后再添加。"
        )
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    return _by_magic(path, head) or _by_suffix(path, head)


def _by_magic(path: Path, head: bytes) -> str | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path)
    if head.startswith(OLE):
        return _ole_kind(path)
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    if webp or head.startswith(_IMAGES) or (head.startswith(b"BM") and b"\x00" in head[:32]):
        return "image"
    if head.startswith(rb"{\rtf"):
        return "rtf"
    return "pdf" if b"%PDF-" in head[:1024] else _markup_kind(head)


def _markup_kind(head: bytes) -> str | None:
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if plain[:2] in (b"\xff\xfe", b"\xfe\xff") or plain[:64].count(0) > 16:
        plain = plain.replace(b"\x00", b"").lstrip(b"\xff\xfe")  # UTF-16: its ASCII shows without zeros
    if b"<?mso-application" in plain or b"w:wordDocument" in plain:
        return "wordxml"
    if _HTML.match(plain):
        return "html"
    return "mhtml" if _MHTML.match(plain) else None


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {info.filename.replace("\\", "/").lstrip("/") for info in archive.infolist()[:20_000]}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputRefused(
            "压缩结构已损坏或不完整，无法打开。", "请重新下载或用原来的软件另存一份。"
        ) from error
    for name, label in _OTHERS.items():
        if name in names:
            raise InputRefused(f"这是 {label}，本程序不读取。", "请把正文另存为 .docx 或 .txt。")
    if "OFD.xml" in names:
        return "ofd"
    if any(name.startswith("word/") for name in names) or "[Content_Types].xml" in names:
        return "docx"
    raise InputRefused("这是压缩包，不是文档。", "请先解压，再添加里面的文件。")


def _ole_kind(path: Path) -> str:
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise InputRefused("文件已用密码加密。", "请先在 Word 中去掉密码再导入。")
    if "WordDocument".encode("utf-16-le") not in data:
        for stream, label in _STREAMS.items():
            if stream.encode("utf-16-le") in data:
                raise InputRefused(f"这是 {label}，本程序不读取。", "请把正文另存为 .docx 或 .txt。")
    return "doc"


def _by_suffix(path: Path, head: bytes) -> str:
    """No signature: text where the name says so or where the bytes are text under a document's name."""
    suffix = path.suffix.lower()
    promised = next((name for name, (_, _, suffixes) in FORMATS.items() if suffix in suffixes), None)
    if promised is None:
        known = " ".join(sorted(s for _, _, suffixes in FORMATS.values() for s in suffixes))
        raise InputRefused(f"不认识的文件格式（{suffix or '无扩展名'}）。", f"可读取：{known}。")
    if promised == "html" and b"<" in head:
        return "html"
    if promised != "text" and b"\x00" in head:
        label = FORMATS[promised][1]
        raise InputRefused(
            f"扩展名是 {suffix}，但内容不是{label}，也认不出是什么。", "请用原来的软件另存一份。"
        )
    if promised in ("pdf", "ofd", "image", "docx"):
        label = FORMATS[promised][1]
        if not _is_text(head):
            raise InputRefused(f"扩展名是 {suffix}，但内容不是{label}。", "请检查文件是否下载完整。")
    return "text"


def _is_text(head: bytes) -> bool:
    if any(b < 32 and b not in b"\t\n\r\f" for b in head):
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def tidy(reading: Reading, path: Path, found: str) -> Reading:
    """Removes characters no text or Word file can hold, with a remark; names a mislabelled file.

    NUL, U+000B, other controls, U+FFFE/U+FFFF and lone surrogates would make every later writer fail.
    Raises InputRefused when no words are left.
    """
    check_lines(len(reading.lines))
    remarks, removed = list(reading.remarks), 0
    lines: list[Line] = []
    for line in reading.lines:
        text, count = _UNFIT.subn("", line.text)
        removed += count
        if text.strip():
            lines.append(replace(line, text=text) if count else line)
    if removed:
        remarks.append(Remark("control", f"去除了 {removed} 个不可用的控制字符"))
    broken = sum(line.text.count("\ufffd") for line in lines)
    if broken:
        remarks.append(Remark("damaged_bytes", f"有 {broken} 处字节损坏，原字已失，以 � 标出"))
    label, suffixes = FORMATS[found][1:]
    suffix = path.suffix.lower()
    if suffix not in suffixes:
        remarks.append(Remark("mislabelled", f"扩展名是 {suffix or '空'}，内容是{label}，按内容读取"))
    if not lines:
        raise InputRefused("文件里没有文字。", "请检查文件；扫描件请用 PDF 或图片格式导入。")
    return Reading(tuple(lines), reading.format, tuple(remarks), reading.pages)
