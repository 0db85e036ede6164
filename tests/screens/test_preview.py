"""The drawn first page: drawn once for the same words, None for what is no document or takes too long."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from PIL import Image

from corpus.word_binary import find_libreoffice
from screens.preview import LONG_SIDE, Draughtsman

pytestmark = pytest.mark.skipif(
    find_libreoffice() is None, reason="SKIPPED LOUDLY: no LibreOffice, first pages are not drawn"
)


def word(text: str, *, stamp: tuple[int, int, int, int, int, int] = (2026, 1, 1, 0, 0, 0)) -> bytes:
    made, out = io.BytesIO(), io.BytesIO()
    document = Document()
    document.add_paragraph(text)
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, stamp), old.read(name))
    return out.getvalue()


def test_a_first_page_is_drawn_once_for_the_same_words() -> None:
    drawing = Draughtsman(str(find_libreoffice()))
    first = drawing.ask(word("责任清单"))
    drawn = first.result(60)
    assert drawn is not None
    assert max(Image.open(io.BytesIO(drawn)).size) == LONG_SIDE
    assert drawing.ask(word("责任清单", stamp=(2026, 2, 2, 2, 2, 2))) is first
    assert drawing.ask(word("另一份")) is not first


def test_what_cannot_be_drawn_is_none() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("nothing", "x")
    assert Draughtsman(str(find_libreoffice())).ask(out.getvalue()).result(60) is None


def test_a_program_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.preview.SECONDS", 0.001)
    assert Draughtsman(str(find_libreoffice())).ask(word("慢")).result(60) is None
