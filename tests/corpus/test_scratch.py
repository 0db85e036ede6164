"""Temporary folders of killed programs are collected by the next; those in use, links and strangers stay."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from corpus import isolation, scratch
from corpus.errors import InputRefused

DEAD = "from corpus import scratch; import os; made = scratch.make(); print(made.folder); os._exit(9)"
LIVING = "from corpus import scratch; made = scratch.make(); print(made.folder, flush=True); input()"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own, for this process and those it starts."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def made_by(code: str, here: Path) -> tuple[subprocess.Popen[str], Path]:
    """A program that makes a folder, and the folder."""
    maker = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=isolation.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert maker.stdout is not None
    folder = Path(maker.stdout.readline().strip())
    assert folder.parent == here
    return maker, folder


def aged(folder: Path) -> None:
    """As if it had been made an hour ago."""
    before = time.time() - 3600
    os.utime(folder, (before, before))


def ended(maker: subprocess.Popen[str]) -> None:
    maker.communicate("\n", timeout=30)


def test_what_a_dead_maker_left_is_collected(here: Path) -> None:
    maker, folder = made_by(DEAD, here)
    ended(maker)
    (folder / "lu123").mkdir()
    (folder / "lu123" / "half.tmp").write_text("x")
    assert folder.is_dir(), "the control: nothing else removes it"
    aged(folder)
    own = scratch.make()
    assert [p.name for p in here.iterdir()] == [own.folder.name]
    own.remove()
    assert list(here.iterdir()) == []


def test_a_folder_in_use_or_just_made_or_not_ours_stays(here: Path, tmp_path: Path) -> None:
    living, held = made_by(LIVING, here)
    dead, young = made_by(DEAD, here)
    ended(dead)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = here / f"{scratch.PREFIX}link"
    link.symlink_to(elsewhere)
    other = here / "zeren-other"
    other.mkdir()
    for folder in (held, elsewhere, other):
        aged(folder)
    own = scratch.make()
    left = {p.name for p in here.iterdir()}
    assert left == {held.name, young.name, link.name, other.name, own.folder.name}
    assert elsewhere.is_dir()
    ended(living)
    assert scratch.collect(own.folder) == [held.name]
    own.remove()


def test_a_folder_from_before_there_were_locks_is_collected(here: Path) -> None:
    old = here / f"{scratch.PREFIX}abcd"
    old.mkdir()
    aged(old)
    scratch.make().remove()
    assert not old.exists()


def test_a_temporary_folder_nobody_can_write_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(InputRefused, match="临时文件夹不能写入") as refusal:
        isolation.read(tmp_path / "a.pdf")
    assert refusal.value.next_step
