"""What a user keeps: lists, letters, questions and drafts, each with its owner, in settings/work.db.

Every verb names the owner and sees only theirs. The file itself is corpus/saved_work.py's business.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from corpus.errors import DamagedData, InputRefused
from corpus.saved_work import COLUMNS, FILE, mark, opened

__all__ = ["FILE", "SavedWork", "damaged", "discard", "keep", "owned", "reopen"]
_READ = f"SELECT {COLUMNS}, seal FROM saved WHERE "  # noqa: S608


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
    with opened(data) as db:
        if id is not None:
            _refuse_other(db, owner, id)
        query = f"INSERT OR REPLACE INTO saved ({COLUMNS}, seal) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        db.execute(query, (*row, mark(row)))
    return saved


def owned(data: Path, owner: str, kind: str | None = None) -> tuple[SavedWork, ...]:
    """What `owner` kept and is whole, newest first; of one kind where given."""
    return tuple(_work(row) for row in _rows(data, owner, kind) if _whole(row))


def damaged(data: Path, owner: str) -> int:
    """How many works of `owner` are no longer what was saved."""
    return sum(not _whole(row) for row in _rows(data, owner, None))


def reopen(data: Path, owner: str, id: str) -> SavedWork:
    """Work by its id. Raises InputRefused where this owner has none, DamagedData where it was altered."""
    with opened(data) as db:
        _refuse_other(db, owner, id)
        row = db.execute(f"{_READ} id = ?", (id,)).fetchone()
    if not _whole(row):
        raise DamagedData("这份已存文稿与保存时不一致，不能打开。", "请让管理员用 zeren restore 从备份恢复。")
    return _work(row)


def discard(data: Path, owner: str, id: str) -> None:
    """Removes work by its id. Raises InputRefused where there is none of this owner's."""
    with opened(data) as db:
        _refuse_other(db, owner, id)
        db.execute("DELETE FROM saved WHERE id = ?", (id,))


def _rows(data: Path, owner: str, kind: str | None) -> list[tuple[str, ...]]:
    if not (data / FILE).exists():
        return []
    query = f"{_READ} owner = ? AND (? IS NULL OR kind = ?) ORDER BY saved_at DESC, rowid DESC"
    with opened(data) as db:
        return db.execute(query, (owner, kind, kind)).fetchall()


def _refuse_other(db: Any, owner: str, id: str) -> None:
    """The same words whether it is another's or nobody's: an id must not tell that a draft exists."""
    if not db.execute("SELECT 1 FROM saved WHERE id = ? AND owner = ?", (id, owner)).fetchone():
        raise InputRefused("没有这份已存文稿，或者它不属于您。", "请从您自己的已存清单里打开。")


def _whole(row: tuple[str, ...]) -> bool:
    return mark(row[:-1]) == row[-1]


def _work(row: tuple[str, ...]) -> SavedWork:
    id, owner, kind, name, saved_at, payload, _ = row
    return SavedWork(id, owner, kind, name, saved_at, json.loads(payload))
