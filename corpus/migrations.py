"""The shape of corpus.db and its append-only migrations.

Each migration runs once, in order, in one transaction with the number it leaves behind, so that a
program ended in the middle leaves the old shape whole. Never edit a released entry: append one.
"""

from __future__ import annotations

import sqlite3

from corpus.errors import DamagedData

APPLICATION_ID = 0x5A52454E  # "ZREN"

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # One row a dated text. `digest` covers the provisions, `seal` this row: see corpus/stored.py.
        """CREATE TABLE document (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL,
            also_sources TEXT NOT NULL DEFAULT '[]',
            sha256 BLOB NOT NULL,
            size INTEGER NOT NULL,
            work TEXT NOT NULL,
            masthead TEXT NOT NULL,
            counts TEXT NOT NULL,
            headings TEXT NOT NULL,
            remarks TEXT NOT NULL,
            provisions INTEGER NOT NULL,
            articles TEXT NOT NULL,
            digest BLOB NOT NULL,
            seal BLOB NOT NULL,
            added_at TEXT NOT NULL,
            facts TEXT,
            derived INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE INDEX document_source ON document (source)",
        "CREATE INDEX document_work ON document (work)",
        "CREATE TABLE original (document INTEGER PRIMARY KEY, packed BLOB NOT NULL)",
        # id = document << 20 | ordinal: the rows of a text lie together and need no second index.
        """CREATE TABLE provision (
            id INTEGER PRIMARY KEY,
            article INTEGER, suffix INTEGER, paragraph INTEGER, item INTEGER, subitem INTEGER,
            section TEXT, annex INTEGER, sole INTEGER NOT NULL, level TEXT NOT NULL,
            marker TEXT NOT NULL, text TEXT NOT NULL, headings TEXT NOT NULL, page INTEGER,
            hash BLOB NOT NULL
        )""",
        # A citation standing in a text. `target` is a work's key, NULL for the text itself.
        """CREATE TABLE mention (
            id INTEGER PRIMARY KEY,
            document INTEGER NOT NULL, provision INTEGER NOT NULL,
            start INTEGER NOT NULL, stop INTEGER NOT NULL,
            target TEXT, article INTEGER, suffix INTEGER, paragraph INTEGER, item INTEGER, subitem INTEGER
        )""",
        "CREATE INDEX mention_target ON mention (target, article)",
        "CREATE INDEX mention_own ON mention (document, article)",
    ),
    # Every write counts here, so that a reader knows in one row whether its register is still right.
    (
        "CREATE TABLE revision (number INTEGER NOT NULL)",
        "INSERT INTO revision VALUES (0)",
    ),
)


def version(connection: sqlite3.Connection) -> int:
    """The number of migrations this file has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check(connection: sqlite3.Connection, where: str) -> None:
    """Raises DamagedData when the file is another program's or from a newer zeren."""
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if owner != APPLICATION_ID:
        raise DamagedData(f"{where} 不是本程序的数据库。", "请用 --data 指定另一个文件夹。")
    if version(connection) > len(MIGRATIONS):
        raise DamagedData(f"{where} 由更新版本的程序写成，本版本不能读取。", "请升级程序后再打开。")


def migrate(connection: sqlite3.Connection) -> int:
    """Brings an open database up to date; returns how many migrations ran."""
    ran = 0
    for number, statements in enumerate(MIGRATIONS[version(connection) :], version(connection) + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version(connection) < number:  # another process may have been first
                for statement in statements:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {number}")
                ran += 1
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    return ran
