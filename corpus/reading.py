"""A file becomes lines: one reader a format, found by the file's suffix and its first bytes.

Each format module offers `read(path) -> Reading`; it is imported when its first file comes, so that a
Markdown law costs no PDF library. The readers for plain text and Markdown live here.
"""

from __future__ import annotations

import codecs
import importlib
import re
from collections.abc import Sequence
from pathlib import Path

from corpus.document import Line, Reading, Remark
from corpus.errors import InputRefused
from corpus.sniff import FORMATS, detect, tidy

MAX_TEXT = 64 * 1024 * 1024
"""Bytes of the largest plain text read: far above any code, far below what would exhaust memory."""


def read(path: Path) -> Reading:
    """The lines of a file of any known format.

    Raises InputRefused, the file's name in the message, when the file is missing, empty, encrypted,
    damaged or of no known format.
    """
    if not path.is_file():
        raise InputRefused(f"找不到文件：{path.name}。", "请检查路径。")
    try:
        found = detect(path)
        return tidy(_read_as(found, path), path, found)
    except InputRefused as refusal:
        if path.name in refusal.message:
            raise
        raise InputRefused(f"{path.name}：{refusal.message}", refusal.next_step) from refusal


def _read_as(found: str, path: Path) -> Reading:
    """Calls the format's reader. A damaged or hostile file may break any library in any way: refused too."""
    module = FORMATS[found][0]
    if module == __name__:
        return read_text(path)
    reader = importlib.import_module(module)
    try:
        reading: Reading = reader.read(path)
    except (InputRefused, MemoryError):
        raise
    except RecursionError as error:
        raise InputRefused("内容嵌套过深，无法读取。", "请用原来的软件另存一份后再试。") from error
    except Exception as error:  # the boundary of third-party parsers
        reason = f"内容不合乎它的格式，无法读取（{type(error).__name__}）。"
        raise InputRefused(reason, "请用原来的软件打开并另存一份后再试。") from error
    return reading


def read_text(path: Path) -> Reading:
    """Markdown or plain text in UTF-8, UTF-16, GB18030 or Big5, with or without byte order mark."""
    size = path.stat().st_size
    if size > MAX_TEXT:
        raise InputRefused(f"文件太大（{size // 1_000_000} MB）：{path.name}。", "请拆分后再添加。")
    text, encoding = decode(path.read_bytes(), name=path.name)
    if path.suffix.lower() in (".md", ".markdown"):
        return Reading(markdown_lines(text), "markdown", _encoding_remark(encoding))
    return Reading(plain_lines(text), "text", _encoding_remark(encoding))


def _encoding_remark(encoding: str) -> tuple[Remark, ...]:
    if encoding == "utf-8":
        return ()
    return (Remark("encoding", f"按 {encoding} 编码读取", None),)


_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, *, name: str = "") -> tuple[str, str]:
    """The text of some bytes and the encoding found.

    Order: byte order mark, UTF-16 without one (told by its zero bytes), UTF-8, then GB18030 or Big5,
    whichever reads as the more common words. Raises InputRefused when the bytes are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data, encoding, name), "utf-8" if encoding == "utf-8-sig" else encoding
    wide = _utf16_without_mark(data)
    if wide:
        return _strict(data, wide, name), wide
    try:
        return _checked(data.decode("utf-8"), name), "utf-8"
    except UnicodeDecodeError:
        return _legacy(data, name)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return _checked(data.decode(encoding), name)
    except UnicodeDecodeError:
        return _damaged(data, (encoding,), name)[0]


def _damaged(data: bytes, encodings: Sequence[str], name: str) -> tuple[str, str]:
    """A text with a few broken bytes: each shows as U+FFFD and is remarked (sniff.tidy), not refused.

    Raises InputRefused when more than one character in 500 is broken: then it is not that encoding.
    """
    decoded = [(data.decode(encoding, "replace"), encoding) for encoding in encodings]
    fit = [each for each in decoded if each[0].count("\ufffd") <= max(8, len(each[0]) // 500)]
    if not fit:
        raise InputRefused(
            f"无法识别文件的编码，或编码已损坏：{name}。", "请用文本编辑器另存为 UTF-8 后再添加。"
        )
    text, encoding = max(fit, key=lambda each: sum(1 for c in each[0][:5000] if c in _COMMON))
    return _checked(text, name), encoding


def _checked(text: str, name: str) -> str:
    controls = sum(1 for c in text[:20_000] if c < " " and c not in "\t\n\r\f\v")
    if controls > max(8, len(text[:20_000]) // 50):
        raise InputRefused(f"这不是文本文件：{name}。", "请确认文件的扩展名与内容一致。")
    return text


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 told by its bytes: line ends and figures of a Chinese text keep a zero on one side."""
    sample = data[: 4096 - 4096 % 2]
    if len(sample) < 4 or len(data) % 2:
        return ""
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if odd + even == 0:
        return ""
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return ""
    known = sum(1 for c in text if c.isalnum() or c.isspace() or c in _PUNCTUATION)
    return encoding if known > 0.9 * len(text) else ""


_PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉【】〔〕—…·,.;:?!\"'()<>[]-#*|/%"
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方"
    "后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应"
    "第条规定安全單單責任國發應當產業務機關實施條規會員對與經為時間該於違反據處罰"
)


def _legacy(data: bytes, name: str) -> tuple[str, str]:
    best: tuple[float, str, str] | None = None
    for encoding in ("gb18030", "big5"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = sum(1 for c in text[:5000] if c in _COMMON) / max(1, len(text[:5000]))
        if best is None or score > best[0]:
            best = (score, text, encoding)
    if best is None:
        return _damaged(data, ("utf-8", "gb18030", "big5"), name)
    return _checked(best[1], name), best[2]


_HEADING = re.compile(r"(#{1,6})(?:[ \t\u3000]+|(?=[^#\s]))(.*?)(?:[ \t]+#+)?[ \t]*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$")


def markdown_lines(text: str) -> tuple[Line, ...]:
    """Markdown as the public collections use it: # headings, | tables |, comments, a front matter block."""
    lines: list[Line] = []
    blanked = _COMMENT.sub(lambda m: "\n" * m.group().count("\n"), text)
    for number, raw in _without_front_matter(blanked):
        heading = _HEADING.match(raw)
        if heading:
            if heading.group(2).strip():
                lines.append(Line(heading.group(2), number, heading=len(heading.group(1))))
        elif raw.lstrip().startswith("|") and raw.rstrip().endswith("|"):
            if not _RULE.match(raw):
                cells = raw.strip().strip("|").split("|")
                lines.append(Line("\t".join(cell.strip() for cell in cells), number, table=True))
        elif raw.strip():
            lines.append(Line(raw, number))
    return tuple(lines)


def _without_front_matter(text: str) -> list[tuple[int, str]]:
    """Numbered lines; a front matter block (--- … ---) at the top is the site's, not the text's."""
    rows = list(enumerate(split_lines(text), 1))
    if rows and rows[0][1].strip() == "---":
        for index in range(1, min(len(rows), 40)):
            if rows[index][1].strip() == "---":
                return rows[index + 1 :]
    return rows


def plain_lines(text: str) -> tuple[Line, ...]:
    """Plain text: one paragraph a line; form feeds count pages and are no words."""
    return tuple(Line(raw, number) for number, raw in enumerate(split_lines(text), 1) if raw.strip())


def split_lines(text: str) -> list[str]:
    """Lines at LF, CRLF, CR, form feed and U+2028/2029."""
    return re.split("\r\n|[\n\r\f\v\x85\u2028\u2029]", text)
