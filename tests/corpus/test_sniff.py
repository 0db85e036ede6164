"""A file is what its bytes say; what no text can hold is cleaned on the way in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import ofd, reading, sniff
from corpus.document import Line, Reading
from corpus.errors import InputRefused
from corpus.limits import MAX_FILE

OLE = sniff.OLE + b"\0" * 600
LAW = "某市办法\n第一条　为了安全，制定本办法。\n"
HTML = f"<html><body><p>{'</p><p>'.join(LAW.splitlines())}</p></body></html>"


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "<x/>")  # dated 1980: names of rows must not vary
    return out.getvalue()


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


DETECTED = [
    ("a.doc", HTML.encode(), "html"),
    ("a.doc", zipped("[Content_Types].xml", "word/document.xml"), "docx"),
    ("a.doc", rb"{\rtf1\ansi x}", "rtf"),
    ("a.docx", OLE + wide("WordDocument"), "doc"),
    ("a.wps", OLE + wide("WordDocument"), "doc"),
    ("a.doc", b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><w:wordDocument/>", "wordxml"),
    ("a.doc", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", "mhtml"),
    ("a.txt", "﻿<!DOCTYPE html><html>".encode(), "html"),
    ("a.txt", b"%PDF-1.7\n", "pdf"),
    ("a.zip", zipped("OFD.xml"), "ofd"),
    ("a.pdf", b"\x89PNG\r\n\x1a\n", "image"),
    ("a.doc", LAW.encode("gb18030"), "text"),
    ("a.pdf", LAW.encode(), "text"),
    ("a.md", LAW.encode("utf-16"), "text"),
    ("a.html", b"<p>x</p>", "html"),
]


@pytest.mark.parametrize(("name", "data", "found"), DETECTED)
def test_content_decides(tmp_path: Path, name: str, data: bytes, found: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert sniff.detect(path) == found


REFUSED: list[tuple[str, bytes, str]] = [
    ("a.docx", b"", "空的"),
    ("a.docx", OLE + wide("EncryptedPackage"), "密码"),
    ("a.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel"),
    ("a.ppt", OLE + wide("PowerPoint Document"), "PowerPoint"),
    ("a.zip", zipped("法律.docx"), "压缩包"),
    ("a.docx", zipped("word/document.xml")[:60], "损坏"),
    ("a.exe", b"MZ\x90\0", "不认识"),
    ("a.pdf", b"\0\1\2\3" * 50, "内容不是"),
    ("a.docx", b"\x81\x05\xff\x01" * 50, "内容不是"),
    ("无扩展名", LAW.encode(), "不认识"),
    ("a.txt", b" \n\n\t ", "没有文字"),
]


@pytest.mark.parametrize(("name", "data", "words"), REFUSED)
def test_refusals_name_the_file_the_reason_and_the_next_step(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputRefused, match=words) as refusal:
        reading.read(path)
    assert name in refusal.value.message
    assert refusal.value.next_step


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as stream:
        stream.truncate(MAX_FILE + 1)
    with pytest.raises(InputRefused, match="上限"):
        reading.read(path)


def test_a_mislabelled_law_is_read_and_remarked(tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    path.write_text(HTML, encoding="utf-8")
    found = reading.read(path)
    assert [line.text for line in found.lines] == LAW.splitlines()
    assert "mislabelled" in [remark.code for remark in found.remarks]


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_characters_no_writer_takes_are_removed(tmp_path: Path, bad: str) -> None:
    lines = (Line(f"第一条{bad}　甲。", 1), Line(bad, 2))
    tidied = sniff.tidy(Reading(lines, "text"), tmp_path / "a.txt", "text")
    assert [line.text for line in tidied.lines] == ["第一条　甲。"]
    assert [remark.code for remark in tidied.remarks] == ["control"]


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: p.symlink_to("/dev/zero")])
def test_what_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "a.txt"
    make(path)
    with pytest.raises(InputRefused):
        reading.read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
def test_a_few_broken_bytes_are_marked_not_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    data = (LAW * 50).encode(encoding)
    path.write_bytes(data[:200] + b"\xff" + data[200:-1])
    found = reading.read(path)
    assert "damaged_bytes" in [remark.code for remark in found.remarks]
    path.write_bytes(b"\xff\x81 ".join(data[i : i + 7] for i in range(0, len(data), 7)))
    with pytest.raises(InputRefused, match="编码"):
        reading.read(path)


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), RecursionError(), KeyError("Kids")])
def test_a_library_that_breaks_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(_: Path) -> Reading:
        raise error

    monkeypatch.setattr(ofd, "read", broken)
    path = tmp_path / "a.ofd"
    path.write_bytes(zipped("OFD.xml"))
    with pytest.raises(InputRefused, match="无法读取") as refusal:
        reading.read(path)
    assert "a.ofd" in refusal.value.message
    assert refusal.value.__cause__ is not None
