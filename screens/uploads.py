"""An uploaded file as a path, for the verbs that read files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def as_file(upload: Any) -> Iterator[Path]:
    """The upload on disk for a moment; its name is a label and never chooses a folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(str(upload.name)).name
        path.write_bytes(upload.getvalue())
        yield path
