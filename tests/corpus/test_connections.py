"""Connections to corpus.db: one a thread at work, none for threads that have ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

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
