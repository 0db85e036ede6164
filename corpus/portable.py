"""What differs between Windows and the others: locks, renaming over a file in use, making names durable,
ending a process with what it started."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

_TRIES = 40  # a reader on Windows keeps a small file for moments only: two seconds in all
_PAUSE = 0.05


def lock_alone(file: IO[str]) -> bool:
    """Takes the lock of an open file for this holder alone; False when someone has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def lock_together(file: IO[str]) -> bool:
    """Takes the lock of an open file beside other readers; False when someone has it alone.

    Windows needs none: there a folder cannot be renamed while a file in it is open (see `remove_folder`).
    """
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def remove_folder(folder: Path) -> bool:
    """Removes a folder nobody uses; False, and nothing harmed, when a file in it is open on Windows."""
    if sys.platform == "win32":
        gone = folder.with_name(f"{folder.name}.gone")
        try:
            folder.rename(gone)
        except OSError:
            return False
        folder = gone
    shutil.rmtree(folder, ignore_errors=True)
    return True


def put_in_place(partial: Path, target: Path) -> None:
    """Renames over `target` in one step; on Windows a reader may have it open for a moment."""
    for _ in range(_TRIES if sys.platform == "win32" else 0):
        try:
            partial.replace(target)
        except PermissionError:
            time.sleep(_PAUSE)
        else:
            return
    partial.replace(target)


def make_durable(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk. Windows does the latter by itself."""
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def end_group(process: subprocess.Popen[Any], *, gently: bool = False) -> None:
    """Ends a process that was started in a session of its own, and whatever it started.

    `gently` lets it tidy up first; Windows knows no such word for a process without a window.
    """
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            words = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(words, check=False, capture_output=True)
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGTERM if gently else signal.SIGKILL)
