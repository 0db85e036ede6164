"""Connections to corpus.db: one a thread at work, none for threads that have ended."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus import database
from corpus.library import Library
from corpus.structure import read_document

TEXT = "# 样例条例\n\n2020年3月1日 样例委员会通过\n\n<!-- INFO END -->\n\n第一条 单位应当每月检查。\n"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    path = tmp_path / "样例条例(2020-03-01).md"
    path.write_text(TEXT, encoding="utf-8")
    with Library.open(tmp_path / "data", create=True) as opened:
        opened.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)
        yield opened


def in_threads(library: Library, count: int, *, at_once: bool) -> list[int]:
    """Every thread reads the library; what each counted."""
    found: list[int] = []
    together = threading.Barrier(count if at_once else 1)

    def read() -> None:
        found.append(len(library.editions()))
        together.wait()

    threads = [threading.Thread(target=read) for _ in range(count)]
    for thread in threads:
        thread.start()
        if not at_once:
            thread.join()
    for thread in threads:
        thread.join()
    return found


def test_threads_that_have_ended_leave_no_connection_open(library: Library) -> None:
    before = len(library._base._all)
    assert in_threads(library, 200, at_once=False) == [1] * 200
    assert len(library._base._all) <= before + 1


def test_threads_at_work_have_one_each(library: Library) -> None:
    before = len(library._base._all)
    assert in_threads(library, 12, at_once=True) == [1] * 12
    assert len(library._base._all) <= before + 12
    assert in_threads(library, 12, at_once=True) == [1] * 12
    assert len(library._base._all) <= before + 12, "the second dozen takes over from the first"


def test_what_a_dead_thread_left_half_done_is_undone(library: Library) -> None:
    def begin() -> None:
        connection = library._base.connection
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM document")

    thread = threading.Thread(target=begin)
    thread.start()
    thread.join()
    assert in_threads(library, 1, at_once=False) == [1]
    library.remove(library.editions()[0].key)
    assert library.editions() == ()


def busy(path: Path, stop: threading.Event) -> None:
    """Writes to a file again and again, as somebody else."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as other:
        while not stop.is_set():
            other.execute("UPDATE number SET n = n + 1")


@pytest.mark.parametrize("held", [True, False])
def test_a_copy_of_a_file_being_written_ends(held: bool, tmp_path: Path) -> None:
    """Larger than one step of SQLite's backup. The control: a copy not of one moment begins anew for ever."""
    path, stop, steps = tmp_path / "a.db", threading.Event(), 0
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE number (n)")
        db.execute("CREATE TABLE text (words)")
        db.execute("INSERT INTO number VALUES (0)")
        db.execute("INSERT INTO text VALUES (zeroblob(60000000))")

    def told(*_: int) -> None:
        nonlocal steps
        steps += 1
        if steps > 100:  # seven are enough
            raise TimeoutError

    writer = threading.Thread(target=busy, args=(path, stop))
    writer.start()
    try:
        with closing(database.reader(path)) as source:
            if held:
                database.copy(source, tmp_path / "b.db", progress=lambda *_: told())
            else:
                with closing(sqlite3.connect(tmp_path / "c.db")) as out, pytest.raises(TimeoutError):
                    source.backup(out, pages=2048, progress=told)
    finally:
        stop.set()
        writer.join()
    assert (steps < 20) == held
    assert not held or database.whole(tmp_path / "b.db") == []
