"""Files that come in and go out: uploads as files for a while, and names of downloads.

How many files come at once and how large they are is checked here, on the server, whatever the browser
let through; what they are is told by their content when they are read (corpus/sniff.py).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.errors import InputRefused
from corpus.limits import MAX_FILE, MIB

LONGEST = 80  # characters of a file's name
MOST_FILES, MOST_BYTES = 500, 1024 * MIB
_UNFIT = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
_SPLIT = "请分几次上传，或把文件放进服务器上的文件夹再收录。"


@contextmanager
def as_file(upload: Any) -> Iterator[Path]:
    """The upload on disk for a moment. Raises InputRefused for one too large."""
    with as_folder([upload]) as folder:
        yield next(path for path in Path(folder).rglob("*") if path.is_file())


def as_folder(uploads: Sequence[Any]) -> tempfile.TemporaryDirectory[str]:
    """The uploads in a folder of their own, each under its name; a second of the same name lies one deeper.

    Raises InputRefused for too many, or too large.
    """
    _check(uploads)
    folder = tempfile.TemporaryDirectory(prefix="zeren-upload-")
    try:
        for number, upload in enumerate(uploads, 1):
            path = Path(folder.name) / label(str(upload.name))
            if path.exists():
                path = path.parent / str(number) / path.name
                path.parent.mkdir()
            path.write_bytes(upload.getvalue())
    except OSError as error:
        folder.cleanup()
        raise InputRefused(f"上传的文件不能保存：{error.strerror}。", "请检查服务器的磁盘空间。") from error
    return folder


def _check(uploads: Sequence[Any]) -> None:
    if len(uploads) > MOST_FILES:
        raise InputRefused(f"一次上传了 {len(uploads)} 个文件，上限是 {MOST_FILES} 个。", _SPLIT)
    for upload in uploads:
        if upload.size > MAX_FILE:
            raise InputRefused(f"{label(str(upload.name))} 超过 {MAX_FILE // MIB} MiB 的上限。", _SPLIT)
    if sum(upload.size for upload in uploads) > MOST_BYTES:
        raise InputRefused(f"一次上传的文件合计超过 {MOST_BYTES // MIB} MiB。", _SPLIT)


def label(name: str) -> str:
    """The name of an upload as a file's name: it is a label only and never chooses a folder."""
    last = "".join(letter for letter in re.split(r"[\\/]", name)[-1] if letter.isprintable())
    return last[-LONGEST:] if last.strip(". ") else "upload"


def file_name(title: str, suffix: str) -> str:
    """A title as the name of a download, without what no system takes in a name."""
    return (_UNFIT.sub("_", title).strip("._")[:LONGEST] or "zeren") + suffix
