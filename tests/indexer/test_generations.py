"""A generation is whole and current, or it is not there: damage, kills, two builders, collection."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import DamagedData, InputRefused
from indexer import generations

ROOT = Path(__file__).parents[2]


def make(data: Path, text: str = "内容") -> Path:
    with generations.building(data) as folder:
        (folder / "a.bin").write_text(text)
        (folder / "sub").mkdir()
        (folder / "sub" / "b.bin").write_bytes(b"\0" * 100)
        generations.publish(folder, {"library": text})
    return folder


def test_publish_makes_it_current_and_whole(tmp_path: Path) -> None:
    assert generations.current(tmp_path) is None
    first = make(tmp_path, "一")
    second = make(tmp_path, "二")
    assert generations.current(tmp_path) == second
    assert generations.verify(second)["library"] == "二"
    assert generations.candidates(tmp_path) == [second, first]


@pytest.mark.parametrize(
    "damage",
    [
        lambda f: (f / "a.bin").write_text("内荣"),
        lambda f: (f / "sub" / "b.bin").write_bytes(b"\0" * 99),
        lambda f: (f / "a.bin").unlink(),
        lambda f: (f / "manifest.json").write_text("{"),
        lambda f: (f / "manifest.json").write_text(json.dumps({"format": 99})),
    ],
)
def test_damage_is_refused_by_name(damage: object, tmp_path: Path) -> None:
    folder = make(tmp_path)
    assert callable(damage)
    damage(folder)
    with pytest.raises(DamagedData):
        generations.verify(folder)


def test_a_failed_build_leaves_the_old_one(tmp_path: Path) -> None:
    first = make(tmp_path)

    def failing() -> None:
        with generations.building(tmp_path) as folder:
            (folder / "a.bin").write_text("half")
            raise OSError(28, "No space left on device")

    with pytest.raises(InputRefused, match="磁盘已满"):
        failing()
    assert generations.current(tmp_path) == first
    assert [p for p in (tmp_path / "index").iterdir() if p.is_dir()] == [first]


def test_two_builders_are_not_let_in(tmp_path: Path) -> None:
    with generations.building(tmp_path), pytest.raises(InputRefused, match="正在建立索引"):
        make(tmp_path)


def test_held_generations_stay_and_others_go(tmp_path: Path) -> None:
    folders = [make(tmp_path, str(n)) for n in range(4)]
    reader = generations.hold(folders[0])
    removed = generations.collect(tmp_path)
    assert removed == [folders[1].name]
    assert folders[0].exists()
    reader.close()
    assert generations.collect(tmp_path) == [folders[0].name]
    assert folders[3].exists()
    assert folders[2].exists()


def test_killed_between_any_two_writes_the_old_one_serves(tmp_path: Path) -> None:
    first = make(tmp_path, "旧")
    script = (
        "import sys, time; from pathlib import Path; from indexer import generations\n"
        "data = Path(sys.argv[1])\n"
        "while True:\n"
        "    with generations.building(data) as folder:\n"
        "        for n in range(20): (folder / str(n)).write_bytes(b'x' * 2000)\n"
        "        generations.publish(folder, {'library': 'new'})\n"
    )
    for pause in (0.05, 0.11, 0.17, 0.23):
        child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT)
        time.sleep(0.25 + pause)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        found = generations.current(tmp_path)
        assert found is not None
        generations.verify(found)
        generations.collect(tmp_path)
    assert first.exists() or generations.current(tmp_path) != first


def test_a_pointer_out_of_the_folder_is_no_generation(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "index" / "CURRENT").write_text("../elsewhere")
    assert generations.current(tmp_path) is None


def test_what_was_verified_just_now_is_kept_without_reading_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control reads it, and finds the damage."""
    folders = []
    for _ in range(3):
        with generations.building(tmp_path) as folder:
            (folder / "a.bin").write_bytes(b"words")
            generations.publish(folder, {})
        folders.append(folder)
    (folders[1] / "a.bin").write_bytes(b"sword")
    assert generations.collect(tmp_path, verified=folders[1]) == [folders[0].name]
    assert folders[1].is_dir()
    assert generations.collect(tmp_path) == [folders[1].name]


def test_every_altered_file_is_named(tmp_path: Path) -> None:
    with generations.building(tmp_path) as folder:
        for name in ("a", "b", "c", "d"):
            (folder / name).write_bytes(b"words")
        generations.publish(folder, {})
    (folder / "b").write_bytes(b"sword")
    (folder / "d").unlink()
    named = [f"index/{folder.name}：索引文件损坏：{name}。" for name in ("b", "d")]
    assert generations.problems(tmp_path) == named
    with pytest.raises(DamagedData, match="索引文件损坏：b。"):
        generations.verify(folder)
