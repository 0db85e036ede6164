"""Files that come in and go out: an upload as a path for a moment, and names of downloads."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LONGEST = 80  # characters of a file's name, before its ending
_UNFIT = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')


@contextmanager
def as_file(upload: Any) -> Iterator[Path]:
    """The upload on disk for a moment; its name is a label and never chooses a folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(str(upload.name).replace("\\", "/")).name[-LONGEST:] or "upload")
        path.write_bytes(upload.getvalue())
        yield path


def file_name(title: str, suffix: str) -> str:
    """A title as the name of a download, without what no system takes in a name."""
    return (_UNFIT.sub("_", title).strip("._")[:LONGEST] or "zeren") + suffix
