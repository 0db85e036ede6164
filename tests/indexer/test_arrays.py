"""Whatever is wrong with a file of arrays is an OSError; numpy alone raises others."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import numpy as np
import pytest

from indexer.arrays import archive, mapped


@pytest.fixture
def files(tmp_path: Path) -> Path:
    np.savez(tmp_path / "a.npz", one=np.arange(500), other=np.ones(30, np.float32))
    np.save(tmp_path / "b.npy", np.arange(500))
    return tmp_path


def test_what_was_written_is_read(files: Path) -> None:
    held = archive(files / "a.npz")
    assert sorted(held) == ["one", "other"]
    assert (held["one"] == np.arange(500)).all()
    assert (mapped(files / "b.npy") == np.arange(500)).all()


# numpy leaves a file whose head it cannot parse to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("name", "read"), [("a.npz", archive), ("b.npy", mapped)])
def test_every_damage_is_foreseen(name: str, read: object, files: Path) -> None:
    assert callable(read)
    good = (files / name).read_bytes()
    chance = random.Random(20_261_122)
    cuts = [good[: chance.randrange(len(good))] for _ in range(60)]
    flips = [good[:at] + b"\xff" + good[at + 1 :] for at in (chance.randrange(len(good)) for _ in range(60))]
    for bad in [b"", b"PK\x03\x04", b"\x93NUMPY", *cuts, *flips]:
        (files / name).write_bytes(bad)
        try:
            read(files / name)
        except OSError:
            continue


def test_control_numpy_raises_others(files: Path) -> None:
    path = files / "a.npz"
    path.write_bytes(path.read_bytes()[:-40])
    with path.open("rb") as file, pytest.raises(zipfile.BadZipFile):
        np.load(file)
    with pytest.raises(OSError, match=r"a\.npz"):
        archive(path)
