"""The first page of a Word file as a picture, drawn in the background by LibreOffice, where it is.

One picture is drawn at a time, kept by the content of its file; what takes longer than SECONDS is given up.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tempfile
import weakref
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import streamlit as st

from corpus.errors import InputRefused
from corpus.pdf import page_picture
from corpus.word_binary import find_libreoffice
from screens.wording import t

SECONDS = 60
KEPT = 40  # pictures
LONG_SIDE = 1100  # pixels
HEIGHT = 620  # pixels the picture's place takes, drawn or not: nothing jumps
_FIRST_PAGE = 'pdf:writer_pdf_Export:{"PageRange":{"type":"string","value":"1"}}'


class Draughtsman:
    """Draws first pages, one at a time; shared by all sessions and ignorant of who asks."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._desk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="preview")
        self._drawn: OrderedDict[str, Future[bytes | None]] = OrderedDict()
        self._lock = Lock()
        self._profile = Path(tempfile.mkdtemp(prefix="zeren-preview-"))
        weakref.finalize(self, shutil.rmtree, self._profile, ignore_errors=True)

    def ask(self, content: bytes) -> Future[bytes | None]:
        """The picture of a file's first page, now or later; None where it cannot be drawn."""
        key = _digest(content)
        with self._lock:
            if key not in self._drawn:
                self._drawn[key] = self._desk.submit(self._draw, content)
            self._drawn.move_to_end(key)
            while len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)[1].cancel()
            return self._drawn[key]

    def _draw(self, content: bytes) -> bytes | None:
        with tempfile.TemporaryDirectory(prefix="zeren-page-") as name:
            folder = Path(name)
            (folder / "page.docx").write_bytes(content)
            words = [self._program, f"-env:UserInstallation={self._profile.as_uri()}",
                     "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
                     "--convert-to", _FIRST_PAGE, "--outdir", name, str(folder / "page.docx")]  # fmt: skip
            try:
                subprocess.run(
                    words, check=False, timeout=SECONDS, capture_output=True, stdin=subprocess.DEVNULL,
                    env={**os.environ, "SAL_USE_VCLPLUGIN": "svp"},
                )  # fmt: skip
                picture = page_picture(folder / "page.pdf", 1, long_side=LONG_SIDE)
            except (subprocess.TimeoutExpired, OSError, InputRefused):
                return None
        out = io.BytesIO()
        picture.save(out, "PNG")
        return out.getvalue()


def _digest(content: bytes) -> str:
    """Of what the file holds: a .docx made again of the same words differs in its time stamps alone."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = sorted((entry.filename, entry.CRC, entry.file_size) for entry in archive.infolist())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@st.cache_resource(show_spinner=False)
def draughtsman() -> Draughtsman | None:
    """The one of this server; None where LibreOffice is not installed."""
    program = find_libreoffice()
    return Draughtsman(program) if program else None


def show_first_page(make: Callable[[], bytes], *, alt: str) -> None:
    """The first page of the file that `make` gives, as soon as it is drawn; nothing without LibreOffice."""
    drawing = draughtsman()
    if drawing is None:
        return
    st.caption(t("preview"))
    with st.container(height=HEIGHT, border=True):
        picture = drawing.ask(make())
        if picture.done():
            _show(picture, alt)
        else:
            _wait(picture)


@st.fragment(run_every=0.5)
def _wait(picture: Future[bytes | None]) -> None:
    """Looks again twice a second until the picture is there; then the page shows it without looking."""
    if picture.done():
        st.rerun()
    st.caption(t("preview_drawing"))


def _show(picture: Future[bytes | None], alt: str) -> None:
    drawn = None if picture.cancelled() else picture.result()
    if drawn is None:
        st.caption(t("preview_failed"))
    else:
        st.image(drawn, width="stretch", alt=alt)
