"""A backup taken while texts are added is one whole moment; older folders are brought up, newer refused."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import migrations
from tests.reliability.conftest import Figures
from tests.reliability.stage import MORE, ROOT, Scene, Theatre

# Adds twenty more texts again and again until the file "stop" is there.
WRITER = """
import sys
from pathlib import Path
import cli
data, folder, stop, text = sys.argv[1:5]
n = 0
while not Path(stop).exists():
    batch = Path(folder) / str(n)
    batch.mkdir(parents=True)
    for n in range(n + 1, n + 21):
        name = f"第{n}号施工管理规定(2025-03-01).md"
        (batch / name).write_text(text.replace("夜间施工", f"第{n}号施工"), "utf-8")
    if cli.main(["add", str(batch), "--no-index", "--data", data]):
        sys.exit(9)
print(n)
"""


def sources(data: Path, theatre: Theatre) -> list[str]:
    ran = theatre.well("list", "--json", "--data", data)
    return sorted(row["source"] for row in json.loads(ran.out)["texts"])


def backups_while_adding(scene: Scene, theatre: Theatre, ground: Path, count: int) -> list[int]:
    """How many texts each of `count` backups holds that were taken while texts were added."""
    data, home = scene.fresh(ground / f"live {count}"), ground / f"backups {count}"
    home.mkdir()
    before, stop = sources(data, theatre), home / "stop"
    words = [sys.executable, "-c", WRITER, str(data), str(home / "texts"), str(stop), MORE]
    writer = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        while len(sources(data, theatre)) == len(before):
            assert writer.poll() is None, "the writer ended"
        for number in range(count):
            theatre.well("backup", home / f"{number}.db", "--data", data)
            assert writer.poll() is None, "the writer ended before the last backup"
    finally:
        stop.touch()
        out, said = writer.communicate(timeout=120)
    assert writer.returncode == 0, said
    assert scene.whole(theatre, data)
    assert len(sources(data, theatre)) == len(before) + int(out)
    held = []
    for number in range(count):
        restored = home / f"restored {number}"
        theatre.well("restore", home / f"{number}.db", "--data", restored)
        assert scene.whole(theatre, restored)
        found = sources(restored, theatre)
        assert set(before) <= set(found)
        held.append(len(found) - len(before))
    return held


@pytest.mark.long
def test_thirty_backups_while_texts_are_added(
    scene: Scene, theatre: Theatre, ground: Path, figures: Figures
) -> None:
    held = backups_while_adding(scene, theatre, ground, 30)
    figures(backups=len(held), texts_in_each=held)
    assert held == sorted(held)
    assert len(set(held)) > 10, "hardly anything was added between the backups"


@pytest.mark.long
def test_a_restored_folder_gives_the_same_answers(scene: Scene, theatre: Theatre, ground: Path) -> None:
    data = scene.fresh(ground / "answering")
    answers = scene.answers(theatre, data)
    theatre.well("backup", ground / "answering.db", "--data", data)
    theatre.well("add", scene.more, "--data", data)
    assert scene.answers(theatre, data) != answers
    theatre.well("restore", ground / "answering.db", "--replace", "--data", data)
    theatre.well("index", "--data", data)
    assert scene.answers(theatre, data) == answers
    assert scene.whole(theatre, data, indexed=True)


@pytest.mark.long
@pytest.mark.parametrize("plan", ["kill:20", "kill:45", "enospc+:30", "eio:25"])
def test_a_restore_that_fails_leaves_what_was_there(
    plan: str, scene: Scene, theatre: Theatre, ground: Path
) -> None:
    data = scene.fresh(ground / f"restoring {plan.replace(':', ' ')}")
    theatre.well("backup", ground / f"{plan.replace(':', ' ')}.db", "--data", data)
    theatre.well("add", scene.more, "--data", data)
    before = sources(data, theatre)
    ran = theatre.run(
        "restore", ground / f"{plan.replace(':', ' ')}.db", "--replace", "--data", data, plan=plan
    )
    assert ran.status == -9 or ran.one_sentence(), ran.err
    assert sources(data, theatre) in (before, [s for s in before if s != scene.more.name])
    assert scene.whole(theatre, data)


def test_a_copied_file_is_no_backup(scene: Scene, theatre: Theatre, ground: Path) -> None:
    """The control: corpus.db copied as a file while a writer's journal waits has lost that text."""
    data = scene.fresh(ground / "copied")
    reader = sqlite3.connect(data / "corpus.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM document").fetchone()
    theatre.well("add", scene.more, "--no-index", "--data", data)
    plain = ground / "plain.db"
    plain.write_bytes((data / "corpus.db").read_bytes())
    theatre.well("backup", ground / "true.db", "--data", data)
    reader.close()
    for file, held in ((plain, False), (ground / "true.db", True)):
        restored = ground / f"from {file.name}"
        theatre.well("restore", file, "--data", restored)
        assert (scene.more.name in sources(restored, theatre)) == held


# -- older and newer folders ----------------------------------------------------------------------------


def older(file: Path, version: int) -> None:
    """Takes a library's file back to what the program wrote after its first `version` migrations."""
    with sqlite3.connect(file) as db:
        if version < 2:
            db.execute("DROP TABLE revision")
        db.execute(f"PRAGMA user_version = {version}")
    db.close()
    file.with_name(f"{file.name}.seal").unlink(missing_ok=True)


@pytest.mark.parametrize("version", range(1, len(migrations.MIGRATIONS)))
def test_an_older_backup_is_restored(version: int, scene: Scene, theatre: Theatre, ground: Path) -> None:
    backup, restored = ground / f"older {version}.db", ground / f"from older {version}"
    theatre.well("backup", backup, "--data", scene.data)
    older(backup, version)
    theatre.well("restore", backup, "--data", restored)
    theatre.well("index", "--data", restored)
    assert scene.answers(theatre, restored) == scene.answers(theatre, scene.data)
    assert scene.whole(theatre, restored, indexed=True)


@pytest.mark.parametrize("version", range(1, len(migrations.MIGRATIONS)))
def test_an_older_folder_is_brought_up(version: int, scene: Scene, theatre: Theatre, ground: Path) -> None:
    data = scene.fresh(ground / f"older {version}")
    answers = scene.answers(theatre, data)
    older(data / "corpus.db", version)
    assert scene.answers(theatre, data) == answers
    theatre.well("add", scene.more, "--data", data)
    assert scene.whole(theatre, data, indexed=True)


@pytest.mark.long
@pytest.mark.parametrize("number", [1, 3, 6, 9, 12])
def test_a_migration_killed_anywhere_is_whole(
    number: int, scene: Scene, theatre: Theatre, ground: Path
) -> None:
    data = scene.fresh(ground / f"migrating {number}")
    older(data / "corpus.db", 1)
    theatre.run("status", "--data", data, plan=f"kill:{number}")
    assert scene.whole(theatre, data)
    assert scene.answers(theatre, data)


@pytest.mark.parametrize("where", ["database", "index", "backup"])
def test_a_newer_folder_is_refused(where: str, scene: Scene, theatre: Theatre, ground: Path) -> None:
    """In a sentence that says what to do; and nothing in it is changed."""
    data = scene.fresh(ground / f"newer {where}")
    words: tuple[str | Path, ...] = ("search", "应急预案", "--data", data)
    if where == "index":
        for manifest in data.rglob("manifest.json"):
            manifest.write_text(json.dumps({"format": 99, "files": {}}))
    else:
        path = data / "corpus.db"
        if where == "backup":
            path = ground / "newer.db"
            theatre.well("backup", path, "--data", data)
            words = ("restore", path, "--data", ground / "nowhere")
        with sqlite3.connect(path) as db:
            db.execute(f"PRAGMA user_version = {len(migrations.MIGRATIONS) + 1}")
        db.close()
    before = (data / "corpus.db").read_bytes()
    ran = theatre.run(*words)
    assert ran.status == 4
    assert ran.one_sentence()
    assert "版本" in ran.err
    assert (data / "corpus.db").read_bytes() == before
