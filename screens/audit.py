"""The audit log: who did what to which subject, and when. Append-only; names of files, never their text.

One JSON line an entry in log/audit.jsonl of the data folder: a line is written whole or not at all, and the
program has no verb that changes or removes one.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from corpus.errors import DamagedData

FILE = Path("log") / "audit.jsonl"
LONGEST = 300  # characters of a subject: a name, not a content


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `when` is local time with its offset, to the second."""

    when: str
    user: str
    action: str
    subject: str


def record(data: Path, user: str, action: str, subject: str) -> None:
    """Appends one entry. Raises DamagedData where the log cannot be written; the export then stops."""
    entry = Entry(datetime.now().astimezone().isoformat(timespec="seconds"), user, action, subject[:LONGEST])
    line = (json.dumps(asdict(entry), ensure_ascii=False) + "\n").encode()
    path = data / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)
    except OSError as error:
        raise DamagedData(
            f"操作记录写不进 {path}：{error.strerror}。", "请检查磁盘空间和文件夹权限。"
        ) from error


def entries(data: Path, *, newest: int | None = None) -> tuple[Entry, ...]:
    """The log, newest first, `newest` entries of it. A line that is not ours is shown as it stands."""
    path = data / FILE
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    wanted = lines[-newest:] if newest else lines
    return tuple(_entry(line) for line in reversed(wanted))


def _entry(line: str) -> Entry:
    try:
        held = json.loads(line)
        return Entry(*(str(held[name]) for name in ("when", "user", "action", "subject")))
    except (ValueError, KeyError, TypeError):
        return Entry("", "", "?", line[:LONGEST])
