"""A full disk, a disk that errs, a folder nobody may write, two builders, a stale lock, a clock set back."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer import generations
from tests.reliability import stage
from tests.reliability.conftest import Figures
from tests.reliability.stage import ROOT, SEED, Scene, Theatre

VERBS = {"index": ("index",), "add": ("add", "{more}")}
PLANS = ("enospc", "enospc+", "eio", "eio+", "read")


def begin(verb: str, scene: Scene, theatre: Theatre) -> tuple[Path, tuple[str, ...], int, int]:
    """The folder a command starts from, its words, how many writes and reads it makes."""
    start = scene.fresh(scene.data.parent / f"disk-{verb}")
    if verb == "index":
        theatre.well("add", scene.more, "--no-index", "--data", start)
    words = tuple(word.format(more=scene.more) for word in VERBS[verb])
    counts = []
    for plan in ("count", "read:0"):
        trial = Scene(start, scene.more, scene.batch).fresh(scene.data.parent / "counted")
        ran = theatre.run(*words, "--data", trial, plan=plan)
        assert ran.status == 0, ran.err
        counts.append(ran.count)
    return start, words, counts[0], counts[1]


def after_failure(
    verb: str, scene: Scene, theatre: Theatre, plans: list[str], broken: str | None = None
) -> tuple[dict[str, str], int]:
    """What was wrong under each plan, and how many plans made the command refuse."""
    start, words, _, _ = begin(verb, scene, theatre)
    held = Scene(start, scene.more, scene.batch)
    before = scene.answers(theatre, start)
    wrong, refused = {}, 0
    for plan in plans:
        data = held.fresh(scene.data.parent / "failing")
        ran = theatre.run(*words, "--data", data, plan=plan, broken=broken)
        refused += ran.status != 0
        if not ran.one_sentence():
            wrong[plan] = f"no sentence: {ran.status} {ran.err[-300:]}"
            continue
        answers = scene.answers(theatre, data)
        if ran.status != 0 and answers != before and not _published(data, start):
            wrong[plan] = "other answers"
        elif not scene.whole(theatre, data):
            wrong[plan] = "not whole"
        else:
            again = theatre.run(*words, "--data", data)
            if again.status != 0 or not scene.whole(theatre, data, indexed=True):
                wrong[plan] = f"the next one failed: {again.err[-300:]}"
    return wrong, refused


def _published(data: Path, start: Path) -> bool:
    """Whether the fault struck after the switch (in the clean-up): then the new generation answers."""
    return generations.current(data) is not None and not (start / "index" / _current(data)).exists()


def _current(data: Path) -> str:
    folder = generations.current(data)
    return folder.name if folder else "none"


def plans(verb: str, scene: Scene, theatre: Theatre, each: int, kinds: tuple[str, ...] = PLANS) -> list[str]:
    _, _, writes, reads = begin(verb, scene, theatre)
    chance = random.Random(f"{SEED}-{verb}")
    return [
        f"{kind}:{chance.randint(1, reads if kind == 'read' else writes)}"
        for kind in kinds
        for _ in range(each)
    ]


@pytest.mark.parametrize("verb", ["index", pytest.param("add", marks=pytest.mark.long)])
def test_a_failing_disk(verb: str, scene: Scene, theatre: Theatre) -> None:
    wrong, _ = after_failure(verb, scene, theatre, plans(verb, scene, theatre, 1, ("enospc+",)))
    assert wrong == {}


@pytest.mark.long
@pytest.mark.parametrize("verb", VERBS)
def test_a_disk_that_fails_a_hundred_times(
    verb: str, scene: Scene, theatre: Theatre, figures: Figures
) -> None:
    """Twenty points each: full or failing to write, once and from there on, and failing to read."""
    chosen = plans(verb, scene, theatre, 20)
    wrong, refused = after_failure(verb, scene, theatre, chosen)
    figures(plans=len(chosen), refused=refused, wrong=wrong)
    assert wrong == {}
    assert refused > len(chosen) // 3, "hardly any fault struck"


def wordless(verb: str, scene: Scene, theatre: Theatre, broken: str | None = None) -> tuple[int, list[str]]:
    """How many reads a command makes, and those whose error ends it without a sentence."""
    start, words, _, reads = begin(verb, scene, theatre)
    found = []
    for number in range(1, reads + 1):
        data = Scene(start, scene.more, scene.batch).fresh(scene.data.parent / "unread")
        ran = theatre.run(*words, "--data", data, plan=f"read:{number}", broken=broken)
        found += [] if ran.one_sentence() else [f"{number}: {ran.err[-200:]}"]
    return reads, found


@pytest.mark.long
@pytest.mark.parametrize("verb", VERBS)
def test_an_error_of_any_read_is_a_sentence(
    verb: str, scene: Scene, theatre: Theatre, figures: Figures
) -> None:
    reads, found = wordless(verb, scene, theatre)
    figures(verb=verb, reads=reads, wordless=found)
    assert found == []


@pytest.mark.long
def test_control_an_error_nobody_foresaw_is_seen(scene: Scene, theatre: Theatre) -> None:
    assert wordless("index", scene, theatre, broken="unforeseen")[1] != []


@pytest.mark.long
def test_control_a_builder_in_place_is_caught_by_a_full_disk(scene: Scene, theatre: Theatre) -> None:
    wrong, _ = after_failure("index", scene, theatre, ["enospc+:40"], broken="in_place")
    assert wrong


@pytest.mark.parametrize("verb", ["index", pytest.param("add", marks=pytest.mark.long)])
def test_a_folder_nobody_may_write(verb: str, scene: Scene, theatre: Theatre) -> None:
    """Everything that writes fails as on a read-only disk: refused in a sentence; reading goes on."""
    start, words, _, _ = begin(verb, scene, theatre)
    before = scene.answers(theatre, start)
    ran = theatre.run(*words, "--data", start, plan="erofs+:1")
    assert ran.status in (1, 4)
    assert "写" in ran.err
    assert ran.one_sentence()
    read = theatre.run("search", "--batch", scene.batch, "--data", start, plan="erofs+:1")
    assert read.status == 0, read.err
    assert scene.answers(theatre, start) == before
    assert scene.whole(theatre, start)


@pytest.mark.long
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="SKIPPED LOUDLY: mounting needs root"
)
def test_a_small_full_disk(scene: Scene, theatre: Theatre, tmp_path: Path) -> None:
    """A real file system of a few MiB, filled to the brim: the same promises as under the shim."""
    disk = tmp_path / "disk"
    disk.mkdir()
    size = sum(4096 + p.stat().st_size for p in scene.data.rglob("*"))
    script = f"""
set -e
mount -t tmpfs -o size={size + 160_000} tmpfs {disk}
cp -r '{scene.data}' {disk}/d
export OMP_NUM_THREADS=1
'{sys.executable}' -m cli add '{scene.more}' --data {disk}/d 2> {tmp_path}/said && exit 9
'{sys.executable}' -m cli status --verify --json --data {disk}/d > {tmp_path}/status
'{sys.executable}' -m cli search --batch '{scene.batch}' --data {disk}/d > {tmp_path}/answers
"""
    ran = subprocess.run(
        ["unshare", "-m", "bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if "unshare" in ran.stderr or "mount" in ran.stderr:
        pytest.skip(f"SKIPPED LOUDLY: this machine lets nobody mount: {ran.stderr.strip()}")
    assert ran.returncode == 0, ran.stderr
    said = (tmp_path / "said").read_text("utf-8")
    assert "满" in said or "空间不足" in said
    assert "Traceback" not in said
    assert json.loads((tmp_path / "status").read_text("utf-8"))["whole"]
    assert (tmp_path / "answers").read_text("utf-8").count("\n") == len(stage.QUESTIONS)


@pytest.mark.long
def test_two_builders_at_once(scene: Scene, theatre: Theatre, shim: Path, ground: Path) -> None:
    """One builds, the other is told so; whoever is second changes nothing."""
    data = scene.fresh(ground / "two")
    theatre.well("add", scene.more, "--no-index", "--data", data)
    words = [sys.executable, "-m", "cli", "index", "--data", str(data)]
    both = [subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [one.communicate(timeout=120)[1] for one in both]
    assert sorted(one.returncode for one in both) in ([0, 0], [0, 1])
    assert all("Traceback" not in text for text in said)
    assert scene.whole(theatre, data)
    with generations.building(data):
        ran = theatre.run("add", *sorted(stage.SAMPLES.iterdir())[3:4], "--data", data)
        assert (ran.status, "另一个程序正在建立索引" in ran.err) == (1, True)
        assert scene.answers(theatre, data)
        control = theatre.run("index", "--data", data, broken="unlocked")
        assert control.status == 0, "the control: a builder that does not ask gets in"


def test_the_collector_leaves_another_builders_folder(tmp_path: Path) -> None:
    """A builder's folder has no manifest yet: only the lock tells it from one that a dead builder left."""
    with generations.building(tmp_path) as folder:
        (folder / "half").write_text("written")
        assert generations.collect(tmp_path) == []
        assert (folder / "half").exists()
    left = tmp_path / "index" / "0000000000000001-99"
    left.mkdir()
    assert generations.collect(tmp_path) == [folder.name, left.name]


@pytest.mark.long
def test_a_stale_lock_stops_nobody(scene: Scene, theatre: Theatre, ground: Path) -> None:
    """The lock is the kernel's; the file that a killed builder left behind is only a file."""
    data = scene.fresh(ground / "stale")
    theatre.well("add", scene.more, "--no-index", "--data", data)
    ran = theatre.run("index", "--data", data, plan="kill:50")
    assert ran.status == -9
    assert (data / "index" / "build.lock").exists()
    (data / "index" / "build.lock").write_text("99999\n")
    control = theatre.run("index", "--data", data, broken="lock_by_file")
    assert control.status == 1, "the control: a lock that is a file stops everybody"
    theatre.well("index", "--data", data)
    assert scene.whole(theatre, data)
    assert len([p for p in (data / "index").iterdir() if p.is_dir()]) == 2


@pytest.mark.long
def test_a_clock_set_back_a_year(scene: Scene, shim: Path, ground: Path, theatre: Theatre) -> None:
    """The newest generation stays the newest: served, kept to fall back on, and numbered past the others."""
    data = scene.fresh(ground / "clock")
    first = _current(data)
    assert int(first.partition("-")[0], 16) > (time.time_ns() - 10**15)
    with Theatre(ground, shim, FAULT_CLOCK=str(-366 * 86400)) as earlier:
        earlier.well("add", scene.more, "--data", data)
        second = _current(data)
        assert second > first
        assert scene.answers(earlier, data)
        earlier.well("add", sorted(stage.SAMPLES.iterdir())[3], "--data", data)
        assert [p.name for p in generations.candidates(data)] == [_current(data), second]
        control = scene.fresh(ground / "clock control")
        assert earlier.run("add", scene.more, "--data", control, broken="by_clock").status == 0
        assert _current(control) < first, "the control: a number from the clock alone goes back with it"
    assert scene.whole(theatre, data)


@pytest.mark.long
def test_a_path_with_spaces_and_chinese(scene: Scene, theatre: Theatre, ground: Path) -> None:
    data = scene.fresh(ground / "数据 文件夹 (2)" / "库 'a' #1%20?")
    theatre.well("add", scene.more, "--data", data)
    theatre.well("backup", ground / "备 份?.db", "--data", data)
    theatre.well("restore", ground / "备 份?.db", "--data", ground / "另 一#个")
    theatre.well("index", "--data", ground / "另 一#个")
    assert scene.answers(theatre, ground / "另 一#个") == scene.answers(theatre, data)
    assert scene.whole(theatre, data)


def test_a_journal_left_by_a_killed_writer_is_read(scene: Scene, theatre: Theatre, ground: Path) -> None:
    """Control for the two above: the folder copied without its journal has lost the text, and says so."""
    data = scene.fresh(ground / "journal")
    reader = sqlite3.connect(data / "corpus.db", isolation_level=None)
    reader.execute("BEGIN")  # its moment keeps the journal from being folded in
    reader.execute("SELECT count(*) FROM document").fetchone()
    theatre.well("add", scene.more, "--no-index", "--data", data)
    copies = [ground / "with journal", ground / "without journal"]
    for copy in copies:
        shutil.copytree(data, copy)
    reader.close()
    assert (copies[1] / "corpus.db-wal").stat().st_size > 0
    (copies[1] / "corpus.db-wal").unlink()
    assert scene.whole(theatre, copies[0])
    assert not scene.whole(theatre, copies[1])
