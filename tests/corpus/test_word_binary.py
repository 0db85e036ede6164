"""Old Word files through LibreOffice, and what is said where it is not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import reading, word_binary
from corpus.errors import InputRefused
from corpus.sniff import OLE

RTF = rb"{\rtf1\ansi\deff0{\fonttbl{\f0 SimSun;}}\u31532?\u19968?\u26465?\u12288?\u30002?\u12290?\par}"


def test_without_libreoffice_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_binary, "find_libreoffice", lambda: None)
    path = tmp_path / "旧.doc"
    path.write_bytes(RTF)
    with pytest.raises(InputRefused, match="LibreOffice") as refusal:
        reading.read(path)
    assert "旧.doc" in refusal.value.message
    assert "另存为 .docx" in refusal.value.next_step


def test_encrypted_doc_is_refused_before_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    header = b"\xec\xa5\xc1\x00" + b"\0" * 7 + b"\x01"
    path.write_bytes(OLE + b"\0" * 504 + header + b"\0" * 500 + "WordDocument".encode("utf-16-le"))
    with pytest.raises(InputRefused, match="密码"):
        reading.read(path)


def test_rtf_under_a_doc_name(tmp_path: Path) -> None:
    if word_binary.find_libreoffice() is None:
        pytest.skip("SKIPPED LOUDLY: LibreOffice is not installed, .doc and .rtf are not read")
    path = tmp_path / "--convert-to x.doc"
    path.write_bytes(RTF)
    found = reading.read(path)
    assert [line.text for line in found.lines] == ["第一条　甲。"]
    assert {"converted", "mislabelled"} <= {remark.code for remark in found.remarks}
