"""What a user keeps: lists, letters, questions and drafts, each with its owner, in settings/work.db.

Apart from corpus.db because it is no text of the law and must not travel with a backup of the library to
another office; SQLite because several people save at once. Every verb names the owner and sees only theirs.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus.errors import DamagedData, InputRefused

FILE = Path("settings") / "work.db"
_TABLE = """
CREATE TABLE IF NOT EXISTS saved (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    saved_at TEXT NOT NULL, payload TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS saved_of ON saved (owner, kind, saved_at);
"""
_COLUMNS = "id, owner, kind, name, saved_at, payload"


@dataclass(frozen=True, slots=True)
class SavedWork:
    """One thing a user kept. `payload` is JSON; `saved_at` local time with its offset."""

    id: str
    owner: str
    kind: str
    name: str
    saved_at: str
    payload: dict[str, Any]


def keep(
    data: Path, owner: str, kind: str, name: str, payload: dict[str, Any], *, id: str | None = None
) -> SavedWork:
    """Saves work, or saves it again under its `id`. Raises InputRefused for another owner's id."""
    now = datetime.now().astimezone().isoformat(timespec="milliseconds")
    saved = SavedWork(id or secrets.token_urlsafe(12), owner, kind, name.strip() or kind, now, payload)
    row = (saved.id, owner, kind, saved.name, now, json.dumps(payload, ensure_ascii=False))
    with _opened(data) as db:
        if id is not None:
            _refuse_other(db, owner, id)
        db.execute(f"INSERT OR REPLACE INTO saved ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", row)  # noqa: S608
    return saved


def owned(data: Path, owner: str, kind: str | None = None) -> tuple[SavedWork, ...]:
    """What `owner` kept, newest first; of one kind where given."""
    if not (data / FILE).exists():
        return ()
    query = f"SELECT {_COLUMNS} FROM saved WHERE owner = ? AND (? IS NULL OR kind = ?) "  # noqa: S608
    with _opened(data) as db:
        rows = db.execute(query + "ORDER BY saved_at DESC, rowid DESC", (owner, kind, kind)).fetchall()
    return tuple(_work(row) for row in rows)


def reopen(data: Path, owner: str, id: str) -> SavedWork:
    """Work by its id. Raises InputRefused where there is none of this owner's."""
    with _opened(data) as db:
        _refuse_other(db, owner, id)
        row = db.execute(f"SELECT {_COLUMNS} FROM saved WHERE id = ?", (id,)).fetchone()  # noqa: S608
    return _work(row)


def discard(data: Path, owner: str, id: str) -> None:
    """Removes work by its id. Raises InputRefused where there is none of this owner's."""
    with _opened(data) as db:
        _refuse_other(db, owner, id)
        db.execute("DELETE FROM saved WHERE id = ?", (id,))


def _refuse_other(db: sqlite3.Connection, owner: str, id: str) -> None:
    """The same words whether it is another's or nobody's: an id must not tell that a draft exists."""
    if not db.execute("SELECT 1 FROM saved WHERE id = ? AND owner = ?", (id, owner)).fetchone():
        raise InputRefused("没有这份已存文稿，或者它不属于您。", "请从您自己的已存清单里打开。")


def _work(row: tuple[str, str, str, str, str, str]) -> SavedWork:
    return SavedWork(*row[:5], payload=json.loads(row[5]))


@contextlib.contextmanager
def _opened(data: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on the file; it is made on first use, readable by the server's account only."""
    path = data / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        db = sqlite3.connect(path, timeout=30)
    except (OSError, sqlite3.Error) as error:
        raise DamagedData(f"已存文稿的文件 {path} 打不开：{error}。", "请检查文件夹权限。") from error
    try:
        with db:
            db.executescript(_TABLE)
            yield db
    except sqlite3.Error as error:
        raise DamagedData(
            f"已存文稿的文件 {path} 读写不了：{error}。", "请检查磁盘空间，或从备份里恢复这个文件。"
        ) from error
    finally:
        db.close()
