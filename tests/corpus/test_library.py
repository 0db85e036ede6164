"""The store: what is added stays whole, once, and visible; what was altered is never quoted."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import database, migrations
from corpus.document import Document, Line
from corpus.errors import DamagedData, NothingFound
from corpus.library import Library, Outcome
from corpus.place import Address, Status
from corpus.structure import parse

NAME = "试验市安全规定({}).md"
BODY = """试验市安全规定
{date}　试验市人民政府令第7号公布
第一条　为了安全，制定本规定。
第二条　单位应当履行下列职责：
（一）{duty}；
（二）记录检查情况。
前款规定的记录保存二年。
第三条　本规定自{since}起施行。"""


def text(
    date: str = "2020年3月1日", *, duty: str = "检查设备", since: str = "2020年5月1日", years: str = "二"
) -> str:
    return BODY.format(date=date, duty=duty, since=since, years=years)


def read(body: str, *, name: str = NAME.format("2020-03-01")) -> tuple[Document, bytes]:
    lines = [Line(line, number) for number, line in enumerate(body.split("\n"), 1)]
    return parse(lines, name=name), body.encode()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "data", create=True)


def put(
    library: Library, body: str, *, source: str = "a/规定.md", name: str = NAME.format("2020-03-01")
) -> str:
    document, original = read(body, name=name)
    return library.add(document, original, source=source).key


def test_a_text_comes_back_word_for_word(library: Library) -> None:
    document, original = read(text())
    added = library.add(document, original, source="a/规定.md")
    assert added.outcome is Outcome.ADDED
    assert library.provisions(added.key) == document.provisions
    assert library.original(added.key) == original
    assert library.edition(added.key).masthead == document.masthead
    record = library.record(added.key)
    assert record.sha256 == hashlib.sha256(original).hexdigest()
    assert record.counts == document.counts
    assert record.remarks == document.remarks
    assert [p for _, ps in library.all_provisions() for p in ps] == list(document.provisions)


def test_the_same_bytes_twice_add_nothing(library: Library) -> None:
    document, original = read(text())
    first = library.add(document, original, source="a/规定.md")
    before = library.content_hash()
    again = library.add(document, original, source="b/规定.md")
    assert again.outcome is Outcome.UNCHANGED
    assert again.key == first.key
    assert library.edition(first.key).source == "a/规定.md"
    assert library.edition(first.key).also_sources == ("b/规定.md",)
    assert library.content_hash() == before
    assert library.by_source("b/规定.md") == library.edition(first.key)


def test_a_changed_file_is_a_new_version_or_replaces_the_draft(library: Library) -> None:
    first = put(library, text())
    document, original = read(text(duty="检查设备和场所"))
    draft = library.add(document, original, source="a/规定.md")
    assert (draft.outcome, draft.replaced) == (Outcome.REPLACED, first)
    newer, body = read(text("2024年6月1日", since="2024年8月1日"), name=NAME.format("2024-06-01"))
    version = library.add(newer, body, source="a/规定.md")
    assert version.outcome is Outcome.NEW_VERSION
    assert [e.masthead.version for e in library.versions("试验市安全规定")] == ["2024-06-01", "2020-03-01"]
    old = library.edition(draft.key)
    assert (old.effective_from, old.effective_to, old.ended_by) == (
        "2020-05-01",
        "2024-08-01",
        Status.AMENDED,
    )
    in_force = library.in_force("试验市安全规定", on="2024-07-31")
    assert in_force is not None
    assert in_force.key == draft.key


def test_another_text_of_the_same_file_name_replaces_nothing(library: Library) -> None:
    put(library, text())
    other = text().replace("试验市安全规定", "试验市消防规定")
    document, original = read(other, name="试验市消防规定(2020-03-01).md")
    assert library.add(document, original, source="a/规定.md").outcome is Outcome.ADDED
    assert len(library.editions()) == 2


def test_removing_and_adding_again_loses_nothing_else(library: Library) -> None:
    kept = put(library, text())
    gone = put(library, text("2024年6月1日", since="2024年8月1日"), name=NAME.format("2024-06-01"))
    whole = (library.provisions(kept), library.content_hash())
    library.remove(gone)
    assert [e.key for e in library.editions()] == [kept]
    assert library.edition(kept).effective_to is None
    assert put(library, text("2024年6月1日", since="2024年8月1日"), name=NAME.format("2024-06-01")) == gone
    assert (library.provisions(kept), library.content_hash()) == whole
    with pytest.raises(NothingFound):
        library.remove("0" * 16)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (Address(2, None, 1), "单位应当履行下列职责：\n（一）检查设备；\n（二）记录检查情况。"),
        (Address(2, None, 1, 2), "（二）记录检查情况。"),
        (Address(2, None, 2), "前款规定的记录保存二年。"),
        (Address(3), "本规定自2020年5月1日起施行。"),
    ],
)
def test_text_of_a_provision_holds_everything_below_it(
    library: Library, address: Address, words: str
) -> None:
    assert library.text(put(library, text()), address) == words


def test_a_missing_provision_is_said(library: Library) -> None:
    key = put(library, text())
    with pytest.raises(NothingFound, match="第九条"):
        library.text(key, Address(9))


# -- damage ------------------------------------------------------------------------------------------

TAMPER = [
    "UPDATE provision SET text = replace(text, '检查', '拆除') WHERE item = 1",
    "UPDATE provision SET article = 9 WHERE article = 3",
    "UPDATE provision SET marker = '（三）' WHERE item = 2",
    "DELETE FROM provision WHERE item = 2",
    "UPDATE provision SET hash = randomblob(32) WHERE article = 1",
]


@pytest.mark.parametrize("statement", TAMPER)
def test_an_altered_provision_is_refused_and_found(tmp_path: Path, statement: str) -> None:
    library = Library.open(tmp_path, create=True)
    key = put(library, text())
    assert library.verify() == []
    library.close()
    with sqlite3.connect(tmp_path / database.NAME) as db:
        assert db.execute(statement).rowcount == 1
    db.close()
    library = Library.open(tmp_path)
    with pytest.raises(DamagedData, match="试验市安全规定"):
        library.provisions(key)
    assert len(library.verify()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document SET masthead = replace(masthead, '试验市', '别的市')",
        "UPDATE document SET source = 'x.md'",
        "UPDATE document SET digest = randomblob(32)",
    ],
)
def test_an_altered_register_is_refused(tmp_path: Path, statement: str) -> None:
    library = Library.open(tmp_path, create=True)
    put(library, text())
    library.close()
    with sqlite3.connect(tmp_path / database.NAME) as db:
        db.execute(statement)
    db.close()
    library = Library.open(tmp_path)
    for read_all in (library.editions, library.sources):
        with pytest.raises(DamagedData):
            read_all()
    assert library.verify()


def test_the_paths_of_every_text_are_told_by_its_key(library: Library) -> None:
    first = put(library, text())
    put(library, text(), source="另一处/规定.md")
    second = put(library, text("2021年3月1日"), source="b/新规定.md", name=NAME.format("2021-03-01"))
    assert library.sources() == {first: ("a/规定.md", "另一处/规定.md"), second: ("b/新规定.md",)}
    assert library.sources() == {e.key: (e.source, *e.also_sources) for e in library.editions()}


def test_an_altered_original_is_found(tmp_path: Path) -> None:
    library = Library.open(tmp_path, create=True)
    put(library, text())
    library.close()
    with sqlite3.connect(tmp_path / database.NAME) as db:
        db.execute("UPDATE original SET packed = x'789c030000000001'")
    db.close()
    assert len(Library.open(tmp_path).verify()) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a database at all, just words", "不是本程序"),
        (b"SQLite format 3\x00" + bytes(100), "不是本程序"),
        (b"", "空的"),
    ],
)
def test_a_foreign_or_empty_file_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / database.NAME).write_bytes(content)
    with pytest.raises(DamagedData, match=words):
        Library.open(tmp_path)
    assert (tmp_path / database.NAME).read_bytes() == content


def test_a_missing_library_and_a_foreign_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedData, match="还没有文本库"):
        Library.open(tmp_path)
    (tmp_path / "letter.docx").write_bytes(b"x")
    with pytest.raises(DamagedData, match=r"letter\.docx"):
        Library.open(tmp_path, create=True)


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    Library.open(tmp_path, create=True).close()
    with sqlite3.connect(tmp_path / database.NAME) as db:
        db.execute(f"PRAGMA user_version = {len(migrations.MIGRATIONS) + 1}")
    db.close()
    with pytest.raises(DamagedData, match="更新版本"):
        Library.open(tmp_path)


def test_an_older_database_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / database.NAME
    with monkeypatch.context() as old:
        old.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
        connection = sqlite3.connect(path, isolation_level=None)
        assert migrations.migrate(connection) == 1
        connection.close()
    library = Library.open(tmp_path)
    key = put(library, text())
    assert library.provisions(key)


def test_a_migration_that_fails_leaves_the_old_shape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    broken = (*migrations.MIGRATIONS, ("CREATE TABLE extra (a)", "CREATE TABLE extra (a)"))
    monkeypatch.setattr(migrations, "MIGRATIONS", broken)
    with pytest.raises(sqlite3.OperationalError):
        migrations.migrate(connection)
    assert migrations.version(connection) == len(broken) - 1
    assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'extra'").fetchone() is None
    connection.close()


def test_a_failed_add_leaves_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = put(library, text())
    before = library.content_hash()

    def fail(*_: object) -> None:
        raise RuntimeError("stopped half-way")

    monkeypatch.setattr("corpus.derived.store", fail)
    document, original = read(text("2024年6月1日"), name=NAME.format("2024-06-01"))
    with pytest.raises(RuntimeError):
        library.add(document, original, source="a/规定.md")
    assert [e.key for e in library.editions()] == [kept]
    assert library.content_hash() == before
    assert library.verify() == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_read_and_not_written(tmp_path: Path) -> None:
    library = Library.open(tmp_path, create=True)
    key = put(library, text())
    library.close()
    tmp_path.chmod(0o500)
    try:
        library = Library.open(tmp_path)
        assert library.provisions(key)
        with pytest.raises(DamagedData, match="不能写入"):
            library.remove(key)
    finally:
        tmp_path.chmod(0o700)


# -- many readers, backups ---------------------------------------------------------------------------


def test_readers_in_other_threads_see_whole_texts_only(tmp_path: Path) -> None:
    library = Library.open(tmp_path, create=True)
    put(library, text())
    problems: list[str] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            try:
                for _, provisions in library.all_provisions():
                    if len(provisions) != 6:
                        problems.append(f"{len(provisions)} rows")
            except NothingFound:
                pass
            except DamagedData as error:
                problems.append(str(error))

    readers = [threading.Thread(target=look) for _ in range(4)]
    for reader in readers:
        reader.start()
    writer = Library.open(tmp_path)
    for turn in range(30):
        key = put(writer, text(duty=f"检查第{turn}号设备"), source=f"{turn}.md")
        if turn % 3 == 0:
            writer.remove(key)
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert len(library.editions()) == 21


def test_backup_while_adding_and_restore(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "data", create=True)
    key = put(library, text())
    library.backup(tmp_path / "copy.db")
    library.remove(key)
    assert library.editions() == ()
    library.restore(tmp_path / "copy.db")
    assert [e.key for e in library.editions()] == [key]
    assert library.verify() == []


def test_a_newer_reading_of_the_same_file_takes_the_older_ones_place(library: Library) -> None:
    document, original = read(text())
    key = library.add(document, original, source="a/规定.md").key
    assert not library.reread(key, document)
    better = replace(document, masthead=replace(document.masthead, issuer="试验市人民政府办公室"))
    assert library.reread(key, better)
    assert library.edition(key).masthead.issuer == "试验市人民政府办公室"
    assert library.original(key) == original
    assert library.verify() == []
