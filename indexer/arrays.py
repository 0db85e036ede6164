"""Arrays read from the files of a generation, which the manifest vouched for: what fails now is the disk."""

from __future__ import annotations

import contextlib
import errno
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def archive(path: Path) -> dict[str, Array]:
    """Every array of an .npz file. Raises OSError."""
    with _foreseen(path), path.open("rb") as file, np.load(file, allow_pickle=False) as held:
        return dict(held)


def mapped(path: Path) -> Array:
    """A .npy file as an array mapped into memory. Raises OSError."""
    with _foreseen(path):
        held: Array = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
        return held


@contextlib.contextmanager
def _foreseen(path: Path) -> Iterator[None]:
    """A disk that errs in the middle of a file shows as a broken archive or a head that is none."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise OSError(errno.EIO, f"{path.name} cannot be read") from error
