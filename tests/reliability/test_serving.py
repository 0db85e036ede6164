"""Written to the disk before it is named, proved before it is read; and the last whole generation serves."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import DamagedData
from indexer import generations
from retriever.engine import Engine
from retriever.search import Retriever
from tests.reliability.stage import Scene, Theatre

SYNCED = ("fsync", "fdatasync")
CHANGED = ("write", "pwrite", "writev", "fwrite", "fclose", "ftruncate", "open")
Event = tuple[str, str]


def events(log: Path) -> list[Event]:
    """What the shim noted: kind and path below the folder it watches."""
    found = (line.partition(" ")[::2] for line in log.read_text("utf-8").splitlines())
    return [(kind, path) for kind, path in found]


def loose(seen: list[Event], before: int, names: list[str]) -> list[str]:
    """The files changed after their last fsync when event number `before` came."""
    last: dict[str, str] = {}
    for kind, path in seen[:before]:
        if kind in (*SYNCED, *CHANGED):
            last[path] = kind
    return [name for name in names if last.get(name) not in SYNCED]


def building(
    scene: Scene, theatre: Theatre, ground: Path, shim: Path, broken: str | None = None
) -> tuple[list[Event], Path]:
    """A build under the shim: what it did to files, and its data folder."""
    data, log = scene.fresh(ground / f"order {broken}"), ground / f"order {broken}.log"
    theatre.well("add", scene.more, "--no-index", "--data", data)
    with Theatre(ground, shim, FAULT_LOG=str(log)) as noting:
        ran = noting.run("index", "--data", data, plan="count", broken=broken)
    assert ran.status == 0, ran.err
    return events(log), data


def named_too_early(seen: list[Event], data: Path, ground: Path) -> list[str]:
    """Files of the new generation, and the pointer to it, that were not on the disk when they were named."""
    folder = generations.current(data)
    assert folder is not None
    home = f"/{folder.parent.relative_to(ground)}"
    switch = seen.index(("rename", f"{home}/CURRENT"))
    sealed = seen.index(("rename", f"{home}/{folder.name}/manifest.json"))
    files = [f"/{path.relative_to(ground)}" for path in folder.rglob("*") if path.is_file()]
    files = [name for name in files if not name.endswith(("/held", "/manifest.json"))]
    assert len(files) > 5
    pointers = [p for kind, p in seen[:switch] if kind == "open" and p.startswith(f"{home}/CURRENT.")]
    found = loose(seen, sealed, [*files, f"{home}/{folder.name}/manifest.json.partial"])
    found += loose(seen, switch, pointers[-1:])
    for place, after in ((f"{home}/{folder.name}", sealed), (home, switch)):
        until = switch if after == sealed else len(seen)
        found += [] if ("fsync", place) in seen[after:until] else [place]
    return found


def test_a_generation_is_on_the_disk_before_it_is_named(
    scene: Scene, theatre: Theatre, ground: Path, shim: Path
) -> None:
    """Files, manifest, its name, pointer, its name: each fsynced before the next."""
    seen, data = building(scene, theatre, ground, shim)
    assert named_too_early(seen, data, ground) == []


def test_control_a_writer_that_does_not_wait_is_caught(
    scene: Scene, theatre: Theatre, ground: Path, shim: Path
) -> None:
    seen, data = building(scene, theatre, ground, shim, broken="no_fsync")
    assert len(named_too_early(seen, data, ground)) > 5


def flipped(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 4
    path.write_bytes(bytes(body))


def two_generations(scene: Scene, theatre: Theatre, folder: Path) -> tuple[Path, str, str]:
    """A data folder with two generations; what the older and the newer answer."""
    data = scene.fresh(folder)
    theatre.well("add", scene.more, "--data", data)
    after = scene.answers(theatre, data)
    older = Scene(data, scene.more, scene.batch).fresh(folder.with_name(f"{folder.name} older"))
    newest = generations.current(older)
    assert newest is not None
    (newest / generations.MANIFEST).unlink()
    return data, scene.answers(theatre, older), after


@pytest.mark.long
def test_the_last_whole_generation_serves(scene: Scene, theatre: Theatre, ground: Path) -> None:
    """One file after another is harmed: it is named, the one before answers, the next build mends it."""
    whole, before, after = two_generations(scene, theatre, ground / "serving")
    assert before != after
    for name in sorted(p.name for p in generations.candidates(whole)[0].iterdir() if p.stat().st_size):
        data = Scene(whole, scene.more, scene.batch).fresh(ground / "harmed generation")
        flipped(generations.candidates(data)[0] / name)
        ran = theatre.run("search", "--batch", scene.batch, "--data", data)
        assert ran.status == 0, (name, ran.err)
        assert ("清单" if name == generations.MANIFEST else name) in ran.err, (name, ran.err)
        assert scene.answers(theatre, data) == before, name
        theatre.well("index", "--data", data)
        assert scene.answers(theatre, data) == after, name
        assert scene.whole(theatre, data)


@pytest.mark.long
def test_control_without_hashes_the_harmed_one_answers(scene: Scene, theatre: Theatre, ground: Path) -> None:
    """And with every generation harmed nothing answers at all."""
    whole, before, _ = two_generations(scene, theatre, ground / "serving control")
    flipped(generations.candidates(whole)[0] / "vectors.faiss")
    trusting = theatre.run("search", "--batch", scene.batch, "--data", whole, broken="no_hashes")
    assert "vectors.faiss" not in trusting.err
    assert scene.answers(theatre, whole) == before
    flipped(generations.candidates(whole)[1] / "vectors.faiss")
    ran = theatre.run("search", "--batch", scene.batch, "--data", whole)
    assert (ran.status, ran.out) == (4, "")
    assert ran.one_sentence()


@contextlib.contextmanager
def noting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The generations whose files an engine opens."""
    opened: list[str] = []
    real = Engine.open

    def noted(folder: Path, encoder: Any) -> Engine:
        opened.append(folder.name)
        return real(folder, encoder)

    with monkeypatch.context() as patched:
        patched.setattr(Engine, "open", noted)
        yield opened


def test_nothing_reads_a_file_before_the_manifest_vouches_for_it(
    scene: Scene, theatre: Theatre, ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the control: a reader that trusts opens the harmed files."""
    data = scene.fresh(ground / "vouched")
    theatre.well("add", scene.more, "--data", data)
    newest, older = generations.candidates(data)
    flipped(newest / "vectors.faiss")
    with noting(monkeypatch) as opened, Retriever.open(data) as retriever:
        assert retriever.warning
    assert opened == [older.name]
    flipped(older / "vectors.faiss")
    with noting(monkeypatch) as opened, pytest.raises(DamagedData):
        Retriever.open(data)
    assert opened == []
    monkeypatch.setitem(generations.serve.__kwdefaults__, "check", generations.read_manifest)  # type: ignore[arg-type]
    with noting(monkeypatch) as opened, contextlib.suppress(DamagedData):
        Retriever.open(data).close()
    assert newest.name in opened
