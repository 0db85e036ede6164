"""The program's log: one JSON line a command in log/zeren.jsonl of the data folder, without texts or names.

A line can hold only numbers, truth values and the words of `_WORDS`: what was asked, which file it came
from and who asked cannot get in, whatever a caller passes. A log that cannot be written stops nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

FOLDER, NAME = "log", "zeren.jsonl"
MOST = 1 << 20  # bytes of one log file; one older file is kept
_WORD = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")
_PLACE = re.compile(r"(?:corpus|indexer|retriever|generator|commands|screens)/[\w/]+\.py:\d+")


@dataclass(slots=True)
class Entry:
    """What is noted of one command; `figures` takes counts by a plain name."""

    command: str
    status: int = 0
    error: str = ""
    at: str = ""
    figures: dict[str, int | float | bool] = field(default_factory=dict)

    def blame(self, error: BaseException) -> None:
        """Notes the kind of an error and where in the program it was raised; nothing it says."""
        self.error, self.at = type(error).__name__, _place(error)


@contextlib.contextmanager
def noted(data: Path | None, command: str) -> Iterator[Entry]:
    """Notes a command when it ends: its name, status, seconds, and the kind and place of an error."""
    entry, begun = Entry(command), time.monotonic()
    try:
        yield entry
    except BaseException as error:
        entry.blame(error)
        entry.status = entry.status or 1
        raise
    finally:
        if data is not None and data.is_dir():
            write(data, entry, seconds=time.monotonic() - begun)


def _place(error: BaseException) -> str:
    """Where in the program an error was raised: file and line, nothing of what was worked on."""
    found = ""
    root = Path(__file__).resolve().parent.parent
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(root):
            found = f"{path.relative_to(root).as_posix()}:{frame.lineno}"
    return found


def line_of(entry: Entry, *, seconds: float) -> str:
    """The entry as a line. Only plain ASCII words, numbers and places of our own code pass."""
    value: dict[str, object] = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": entry.command if _WORD.fullmatch(entry.command) else "other",
        "status": int(entry.status),
        "seconds": round(seconds, 3),
        "process": os.getpid(),
    }
    if _WORD.fullmatch(entry.error):
        value["error"] = entry.error
    if _PLACE.fullmatch(entry.at):
        value["at"] = entry.at
    for name, figure in entry.figures.items():
        if _WORD.fullmatch(name) and isinstance(figure, (int, float)):
            value[name] = figure
    return json.dumps(value)


def write(data: Path, entry: Entry, *, seconds: float) -> None:
    """Appends an entry to the log of a data folder; a full or read-only disk is passed over."""
    with contextlib.suppress(OSError):
        folder = data / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / NAME
        if path.exists() and path.stat().st_size > MOST:
            path.replace(path.with_suffix(".1.jsonl"))
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(line_of(entry, seconds=seconds) + "\n")


def read(data: Path) -> list[dict[str, object]]:
    """The entries of a log, oldest first; a line cut off by a kill is passed over."""
    found = []
    with contextlib.suppress(OSError):
        for line in (data / FOLDER / NAME).read_text("utf-8", "replace").splitlines():
            with contextlib.suppress(ValueError):
                found.append(json.loads(line))
    return found
