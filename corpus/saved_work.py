"""The file settings/work.db, where the page keeps what people save: opened, checked, copied, put back.

Apart from corpus.db because it is no text of the law: a backup of the library may go to another office,
what people save lies beside it in a file of its own. Every row carries its hash, so that a letter is never
reopened with a word its writer did not write. What the rows mean is the page's business.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus import database, seal
from corpus.errors import DamagedData

FILE = Path("settings") / "work.db"
COLUMNS = "id, owner, kind, name, saved_at, payload"
VERSION = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS saved (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    saved_at TEXT NOT NULL, payload TEXT NOT NULL)
"""
_INDEX = "CREATE INDEX IF NOT EXISTS saved_of ON saved (owner, kind, saved_at)"
_NEXT = "请用 zeren restore 从备份恢复，或检查磁盘和文件夹权限。"


def mark(row: Sequence[str]) -> str:
    """The hash of a row's cells in the order of COLUMNS."""
    return hashlib.sha256(json.dumps(list(row)).encode()).hexdigest()


@contextlib.contextmanager
def opened(data: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on the file; it is made on first use, readable by the server's account only."""
    path = data / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        db = sqlite3.connect(path, timeout=30, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise DamagedData(f"已存文稿的文件 {path} 打不开：{error}。", "请检查文件夹权限。") from error
    try:
        _prepare(db, path)
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _unusable(path, error) from error
    finally:
        db.close()


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """The table, with the hashes that files from before there were any lack."""
    known = int(db.execute("PRAGMA user_version").fetchone()[0])
    if known > VERSION:
        raise DamagedData(f"{path} 由更新版本的程序写成，本版本不能读取。", "请升级程序后再打开。")
    if known == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute(_TABLE)
        db.execute(_INDEX)
        if "seal" not in [row[1] for row in db.execute("PRAGMA table_info(saved)")]:
            db.execute("ALTER TABLE saved ADD COLUMN seal TEXT NOT NULL DEFAULT ''")
            rows = db.execute(f"SELECT {COLUMNS} FROM saved").fetchall()  # noqa: S608
            db.executemany("UPDATE saved SET seal = ? WHERE id = ?", [(mark(row), row[0]) for row in rows])
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _unusable(path: Path, error: Exception) -> DamagedData:
    reason = str(error) if isinstance(error, sqlite3.Error) else "内容与写入时不一致"
    return DamagedData(f"已存文稿的文件 {path} 读写不了：{reason}。", _NEXT)


def count(data: Path) -> int:
    """How many things people saved. Raises DamagedData."""
    if not (data / FILE).exists():
        return 0
    with opened(data) as db:
        return int(db.execute("SELECT count(*) FROM saved").fetchone()[0])


def problems(path: Path) -> list[str]:
    """What is wrong with the file or a copy of it, one sentence each; none when whole."""
    found = database.whole(path)
    if found:
        return found
    try:
        with contextlib.closing(database.reader(path)) as db:
            return [*_row_problems(db), *seal.problems(path, 0, still=True)]
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        return [str(error) if isinstance(error, sqlite3.Error) else "内容与写入时不一致"]


def _row_problems(db: sqlite3.Connection) -> list[str]:
    known = int(db.execute("PRAGMA user_version").fetchone()[0])
    if known > VERSION:
        return ["由更新版本的程序写成"]
    if known < VERSION:
        return []  # from before there were hashes; the page adds them when it opens the file
    rows = db.execute(f"SELECT {COLUMNS}, seal FROM saved").fetchall()  # noqa: S608
    wrong = sum(mark(row[:-1]) != row[-1] for row in rows)
    return [f"{wrong} 份已存文稿与保存时不一致"] if wrong else []


def copy_path(backup: Path) -> Path:
    """Where the saved work of a backup lies: beside the library's file."""
    return backup.with_name(f"{backup.name}.work")


def back_up(data: Path, target: Path) -> None:
    """A checked copy in a new file, also while the page saves. Raises DamagedData, OSError."""
    try:
        with contextlib.closing(database.reader(data / FILE)) as db:
            target.touch(mode=0o600)
            database.copy(db, target)
    except sqlite3.Error as error:
        raise _unusable(data / FILE, error) from error
    wrong = problems(target)
    if wrong:
        raise DamagedData(f"已存文稿的备份没有通过核对：{wrong[0]}。", "请检查磁盘后再试。")


def restore(data: Path, source: Path) -> None:
    """Takes over a copy in one step: all of it, or what was there before. Raises DamagedData."""
    path = data / FILE
    with opened(data) as db:
        db.execute("SELECT 1 FROM saved LIMIT 1")  # the file is made, and is ours
    try:
        with contextlib.closing(database.reader(source)) as held, contextlib.closing(_writer(path)) as db:
            held.backup(db)
    except sqlite3.Error as error:
        raise _unusable(path, error) from error


def _writer(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30, isolation_level=None)
