"""What people save on the page goes into a backup and comes back; every damage of it is named."""

from __future__ import annotations

import random
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

import cli
from corpus import saved_work
from corpus.errors import DamagedData
from corpus.saved_work import FILE, copy_path
from indexer.intake import STARTER
from screens import work

SEED = 20_261_122


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A library with three works of two people."""
    folder = tmp_path / "d"
    sample = str(sorted(STARTER.iterdir())[0])
    assert cli.main(["add", sample, "--no-index", "--data", str(folder)]) == 0
    for owner, name in (("li", "清单"), ("li", "整改函"), ("wang", "复函")):
        work.keep(folder, owner, "letter", name, {"words": name * 50})
    return folder


def kept(data: Path) -> set[tuple[str, str]]:
    return {(owner, one.name) for owner in ("li", "wang") for one in work.owned(data, owner)}


def backed_up(data: Path, name: str = "b.db") -> Path:
    file = data.parent / name
    assert cli.main(["backup", str(file), "--data", str(data)]) == 0
    return file


def restored(file: Path, data: Path, *words: str) -> int:
    return cli.main(["restore", str(file), *words, "--data", str(data)])


def test_saved_work_comes_back_with_a_restore(data: Path, tmp_path: Path) -> None:
    file, before = backed_up(data), kept(data)
    assert copy_path(file).stat().st_mode & 0o077 == 0
    work.keep(data, "li", "letter", "后来的", {})
    assert restored(file, tmp_path / "other") == 0
    assert kept(tmp_path / "other") == before
    assert restored(file, data, "--replace") == 0
    assert kept(data) == before
    (held,) = (p for p in (data / "backup").glob("before-restore-*.db"))
    assert restored(held, tmp_path / "undone") == 0
    assert kept(tmp_path / "undone") == before | {("li", "后来的")}


def test_control_the_library_alone_has_no_saved_work(data: Path, tmp_path: Path) -> None:
    """As it goes to another office, and as every backup was before: nothing is lost or taken along."""
    file = backed_up(data)
    copy_path(file).unlink()
    assert restored(file, tmp_path / "office") == 0
    assert kept(tmp_path / "office") == set()
    before = kept(data)
    assert restored(file, data, "--replace") == 0
    assert kept(data) == before


def test_nobodys_work_is_replaced_without_a_word(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where no library is held yet: what was saved there is refused, then kept beside."""
    file, bare = backed_up(data), tmp_path / "bare"
    work.keep(bare, "wang", "letter", "别的", {})
    assert restored(file, bare) == 2
    assert "1 份已存文稿" in capsys.readouterr().err
    assert kept(bare) == {("wang", "别的")}
    assert restored(file, bare, "--replace") == 0
    assert kept(bare) == kept(data)
    (held,) = (p for p in (bare / "backup").glob("before-restore-*.work"))
    assert saved_work.problems(held) == []


def test_a_file_from_before_there_were_hashes_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute(saved_work._TABLE)
        row = ("x", "li", "letter", "旧的", "2026-01-01T00:00:00.000+08:00", '{"a": 1}')
        db.execute("INSERT INTO saved VALUES (?, ?, ?, ?, ?, ?)", row)
        db.commit()
    assert saved_work.problems(path) == []
    assert work.reopen(tmp_path, "li", "x").payload == {"a": 1}
    assert work.damaged(tmp_path, "li") == 0
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(DamagedData, match="更新版本"):
        work.owned(tmp_path, "li")


def test_an_altered_word_is_named_and_not_opened(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, saved = data / FILE, next(one for one in work.owned(data, "wang"))
    body = path.read_bytes()
    path.write_bytes(body.replace("复函复函".encode(), "罚函复函".encode(), 1))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the control: SQLite sees nothing"
    assert cli.main(["status", "--verify", "--data", str(data)]) == 4
    assert "settings/work.db：1 份已存文稿" in capsys.readouterr().out
    assert (work.owned(data, "wang"), work.damaged(data, "wang")) == ((), 1)
    with pytest.raises(DamagedData, match="不一致"):
        work.reopen(data, "wang", saved.id)
    assert len(work.owned(data, "li")) == 2


def test_every_damage_of_a_copy_is_noticed(data: Path) -> None:
    file = copy_path(backed_up(data))
    good, chance = file.read_bytes(), random.Random(SEED)
    assert saved_work.problems(file) == []
    for number in range(60):
        bad = bytearray(good)
        at = chance.randrange(len(bad))
        bad[at] ^= 1 << chance.randrange(8)
        if number % 3 == 0:
            del bad[at:]
        file.write_bytes(bytes(bad))
        assert saved_work.problems(file), number
    assert cli.main(["restore", str(file.with_suffix("")), "--data", str(data.parent / "x")]) == 4
    assert not (data.parent / "x" / FILE).exists()


def test_copies_while_people_save_are_whole(data: Path) -> None:
    stop = threading.Event()

    def save() -> None:
        number = 0
        while not stop.is_set():
            work.keep(data, f"u{number % 3}", "letter", str(number), {"words": str(number) * 900})
            number += 1
            stop.wait(0.002)

    writer = threading.Thread(target=save)
    writer.start()
    try:
        for number in range(8):
            target = data.parent / f"copy{number}.db"
            saved_work.back_up(data, target)
            assert saved_work.problems(target) == []
    finally:
        stop.set()
        writer.join()
    assert saved_work.problems(data / FILE) == []
