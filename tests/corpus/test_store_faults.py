"""A store whose writer is killed, whose disk is full, whose file is flipped: whole, or named damaged.

Each guarantee stands beside a control that breaks it: a writer without transactions, a flip that the
check of SQLite alone does not see.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus import database, seal
from corpus.errors import DamagedData, ZerenError
from corpus.library import Library

ROOT = Path(__file__).resolve().parent.parent.parent
SEED = 20261122
TEXTS = 60

WRITER = """
import sys
from pathlib import Path
from corpus.document import Line
from corpus.library import Library
from corpus.structure import parse

def text(number):
    line = "第{n}条　第{number}号单位应当每日检查第{n}号设备，并记录检查情况。"
    articles = [line.format(n=n, number=number) for n in "一二三四五六七八九十"]
    return "\\n".join([f"试验市第{number}号规定", *articles])

def put(library, number):
    body = text(number)
    lines = [Line(line, i) for i, line in enumerate(body.split("\\n"), 1)]
    library.add(parse(lines, name=f"{number}.txt"), body.encode(), source=f"{number}.txt")
"""
RUN = """
library = Library.open(Path(sys.argv[1]), create=True)
print("ready", flush=True)
for number in range(int(sys.argv[2])):
    put(library, number)
print("done", flush=True)
"""
# The control: every statement is its own transaction, and the process ends in the middle of a text.
BROKEN = """
import contextlib, os
from corpus import database, keeping
@contextlib.contextmanager
def writing(self):
    yield self.connection
database.Database.writing = writing
keeping.derived.store = lambda *_: os._exit(9)
"""


def start(data: Path, *, broken: bool = False) -> subprocess.Popen[str]:
    code = WRITER + (BROKEN if broken else "") + RUN
    words = [sys.executable, "-c", code, str(data), str(TEXTS)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def finish(data: Path) -> list[str]:
    writer = start(data)
    out, _ = writer.communicate(timeout=120)
    assert out.split() == ["ready", "done"]
    with Library.open(data) as library:
        assert library.verify() == []
        return [e.source for e in library.editions()]


def kills(count: int, data: Path) -> int:
    """Kills a writer `count` times at random moments; how many texts stood there on the way."""
    chance = random.Random(SEED)
    seen = 0
    for _ in range(count):
        writer = start(data)
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "ready"
        time.sleep(chance.uniform(0.0, 0.25))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        with Library.open(data) as library:
            assert library.verify() == []
            assert all(len(rows) == 10 for _, rows in library.all_provisions())
            seen = len(library.editions())
    return seen


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_killed_writer_leaves_whole_texts(tmp_path: Path) -> None:
    kills(4, tmp_path / "data")
    assert len(finish(tmp_path / "data")) == TEXTS


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_fifty_kills(tmp_path: Path) -> None:
    kills(50, tmp_path / "data")
    assert len(finish(tmp_path / "data")) == TEXTS


def test_control_a_writer_without_transactions_is_caught(tmp_path: Path) -> None:
    writer = start(tmp_path / "data", broken=True)
    writer.communicate(timeout=60)
    assert writer.returncode == 9
    path = tmp_path / "data" / database.NAME
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM document WHERE facts IS NULL").fetchone()[0] == 1
        db.execute("DELETE FROM provision WHERE id = (SELECT max(id) FROM provision)")
    db.close()
    with Library.open(tmp_path / "data") as library:
        assert library.verify()


def filled(data: Path) -> Path:
    finish(data)
    path = data / database.NAME
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    seal.path_of(path).unlink()  # here the hashes of the rows must see it by themselves
    return path


def read_all(data: Path) -> str | None:
    """Everything a reader can get; None when the library refused to give it."""
    try:
        with Library.open(data) as library:
            if library.verify():
                return None
            return "\n".join(p.text for _, rows in library.all_provisions() for p in rows)
    except DamagedData:
        return None


def flips(count: int, data: Path) -> tuple[int, int, int]:
    """Flips a byte of a word of law `count` times: (noticed, seen by SQLite alone, wrong words shown)."""
    chance = random.Random(SEED)
    path = filled(data)
    good, right = path.read_bytes(), read_all(data)
    assert right is not None
    places = [i for i in range(len(good) - 6) if good[i : i + 6] == "检查".encode()]
    noticed = by_sqlite = wrong = 0
    for _ in range(count):
        bad = bytearray(good)
        at = chance.choice(places)
        bad[at : at + 6] = "拆除".encode()
        path.write_bytes(bytes(bad))
        by_sqlite += bool(database.whole(path))
        shown = read_all(data)
        noticed += shown is None
        wrong += shown is not None and shown != right
    path.write_bytes(good)
    assert read_all(data) == right
    return noticed, by_sqlite, wrong


def test_altered_words_are_noticed_where_sqlite_sees_nothing(tmp_path: Path) -> None:
    noticed, by_sqlite, wrong = flips(12, tmp_path / "data")
    assert (noticed, wrong) == (12, 0)
    assert by_sqlite < 12, "SQLite's own check would do: this test proves nothing"


@pytest.mark.long
def test_three_hundred_flips_and_cuts(tmp_path: Path) -> None:
    noticed, _, wrong = flips(200, tmp_path / "data")
    assert (noticed, wrong) == (200, 0)
    path = tmp_path / "data" / database.NAME
    good, right = path.read_bytes(), read_all(tmp_path / "data")
    chance = random.Random(SEED)
    for _ in range(100):
        path.write_bytes(good[: chance.randrange(1, len(good))])
        assert read_all(tmp_path / "data") in (None, right)


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    """`max_page_count` makes SQLite answer as on a full disk, at any point of an add."""
    data = tmp_path / "data"
    finish(data)
    with Library.open(data) as library:
        before = library.content_hash()
        keys = [e.key for e in library.editions()]
        removed = library.edition(keys[-1])
        body, provisions = library.original(removed.key), library.provisions(removed.key)
        db = library._base.connection
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        from corpus.document import Line
        from corpus.structure import parse

        long = body.decode() + "".join(f"\n第十{n}条　" + "应当检查。" * 3000 for n in "一二三四五六七八九")
        lines = [Line(line, i) for i, line in enumerate(long.split("\n"), 1)]
        with pytest.raises(DamagedData, match="磁盘已满"):
            library.add(parse(lines, name="long.txt"), long.encode(), source="long.txt")
        assert library.content_hash() == before
        assert library.provisions(removed.key) == provisions
        assert library.verify() == []


def locks_on(path: Path) -> int:
    """How many locks the kernel keeps on a file."""
    number = f":{path.stat().st_ino} "
    return sum(number in line for line in Path("/proc/locks").read_text().splitlines())


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="SKIPPED LOUDLY: reads locks in /proc")
def test_opening_and_sealing_leave_the_locks_of_other_connections(tmp_path: Path) -> None:
    """POSIX drops a process's locks on a file when it closes any handle of it: SQLite's would go too, and a
    writer elsewhere would delete the journal under the readers here. (Found by readers during rebuilds.)"""
    finish(tmp_path / "data")
    path = tmp_path / "data" / database.NAME
    with Library.open(tmp_path / "data") as held:
        held.editions()
        before = locks_on(path)
        assert before
        with Library.open(tmp_path / "data") as other:
            other.remove(other.editions()[0].key)
        assert Library.open(tmp_path / "data").verify() == []
        assert locks_on(path) >= before
        path.open("rb").close()
        assert locks_on(path) < before, "the control: a handle closed beside SQLite does drop them"


def everything(data: Path) -> None:
    """All that a reader can ask of a library."""
    with Library.open(data) as library:
        library.totals()
        for edition in library.editions():
            key = edition.key
            for ask in (library.provisions, library.mentions_in, library.short_names, library.record):
                ask(key)
            library.article_ranges(key), library.original(key), library.numbers(key)


def strangers(count: int, data: Path, name: str) -> list[str]:
    """Flips and cuts anywhere in the file: the errors that are no sentence."""
    finish(data)
    good = (data / database.NAME).read_bytes()
    chance = random.Random(f"{SEED}-{name}")
    found = []
    for number in range(count):
        bad = bytearray(good)
        at = chance.randrange(len(bad) if number % 2 else 4096)
        bad[at] ^= 1 << chance.randrange(8)
        if number % 5 == 0:
            del bad[chance.randrange(len(bad)) :]
        for path in data.glob("corpus.db*"):
            path.unlink()
        (data / database.NAME).write_bytes(bytes(bad))
        for act in (everything, lambda folder: Library.open(folder).verify()):
            try:
                act(data)
            except ZerenError:
                pass
            except Exception as error:  # noqa: BLE001 - any other error is the finding
                found.append(f"{number}: {type(error).__name__}: {error}")
    return found


def test_no_damage_ends_in_a_traceback(tmp_path: Path) -> None:
    """A row that cannot be what was written (half a JSON, an id that is none) is damage and says so."""
    assert strangers(60, tmp_path / "data", "some") == []


@pytest.mark.long
def test_no_damage_of_a_thousand_ends_in_a_traceback(tmp_path: Path) -> None:
    assert strangers(1000, tmp_path / "data", "many") == []


def test_altered_facts_are_refused(tmp_path: Path) -> None:
    """What a text repeals, and when, stands in no provision's hash: it has its own."""
    finish(tmp_path / "data")
    with sqlite3.connect(tmp_path / "data" / database.NAME) as db:
        facts = db.execute("SELECT facts FROM document WHERE id = 1").fetchone()[0]
        db.execute(
            "UPDATE document SET facts = ? WHERE id = 1",
            (facts.replace('"short": {}', '"short": {"a": "b"}'),),
        )
    db.close()
    with Library.open(tmp_path / "data") as library, pytest.raises(DamagedData, match="登记信息"):
        library.editions()
