"""The folder where a child puts its temporary files: made and held by the parent, collected when it is gone.

A parent that is killed removes nothing. Its hold on the folder is the kernel's lock, which ends with it:
the next run finds the folder without one and removes it.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from corpus.portable import lock_alone

PREFIX = "zeren-read-"
_OWNER = "owner"
_YOUNG = 60.0  # seconds in which a folder without a lock may be one just being made


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder and the lock that says its maker lives."""

    folder: Path
    lock: IO[str]

    def remove(self) -> None:
        """Lets the folder go with everything in it."""
        self.lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def make() -> Scratch:
    """A fresh folder for this account alone; what dead makers left is removed first. Raises OSError."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    collect(folder)
    lock = (folder / _OWNER).open("a")
    lock_alone(lock)
    return Scratch(folder, lock)


def collect(own: Path) -> list[str]:
    """Removes the folders beside `own` whose maker is gone; a link, or another account's, is left alone."""
    removed = []
    with contextlib.suppress(OSError):
        account = own.lstat().st_uid
        for folder in own.parent.glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError):
                if folder != own and folder.lstat().st_uid == account and _left(folder):
                    shutil.rmtree(folder, ignore_errors=True)
                    removed.append(folder.name)
    return removed


def _left(folder: Path) -> bool:
    """Whether nobody holds a folder any more."""
    if folder.is_symlink() or not folder.is_dir() or time.time() - folder.stat().st_mtime < _YOUNG:
        return False
    owner = folder / _OWNER
    if owner.is_symlink() or not owner.is_file():
        return True
    with owner.open("r+") as lock:
        return lock_alone(lock)
