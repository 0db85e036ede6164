"""Writers and readers broken on purpose: each guarantee's test must see the fault it plants.

A theatre job names one of these functions as "broken"; it changes the program inside that fork only.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def pointer_first() -> None:
    """Switches to a generation before its files are written."""
    from indexer import generations

    building = generations.building

    @contextlib.contextmanager
    def hasty(data: Path) -> Iterator[Path]:
        with building(data) as folder:
            (folder / generations.MANIFEST).write_text('{"format": 1, "files": {}}')
            (folder / "held").touch()
            (folder.parent / "CURRENT").write_text(folder.name)
            for old in folder.parent.iterdir():
                if old.is_dir() and old != folder:
                    (old / generations.MANIFEST).unlink(missing_ok=True)
            yield folder

    generations.building = hasty


def in_place() -> None:
    """Builds into the generation that is being served."""
    from indexer import generations

    @contextlib.contextmanager
    def careless(data: Path) -> Iterator[Path]:
        folder = generations.current(data)
        assert folder is not None
        for file in folder.iterdir():
            if file.name != "held":
                file.unlink()
        yield folder

    generations.building = careless


def unheld() -> None:
    """Collects generations without asking who reads them."""
    import shutil

    from indexer import generations

    def greedy(data: Path, **_told: object) -> list[str]:
        kept = generations.current(data)
        for folder in generations.root(data).iterdir():
            if folder.is_dir() and folder != kept:
                shutil.rmtree(folder)
        return []

    generations.collect = greedy


def no_fsync() -> None:
    """Renames into place what may not be on the disk yet."""
    from indexer import generations

    generations.make_durable = lambda path: None  # type: ignore[attr-defined]


def unlocked() -> None:
    """Builds without asking whether somebody else does."""
    from indexer import generations

    generations.lock_alone = lambda file: True  # type: ignore[attr-defined]


def lock_by_file() -> None:
    """Takes a lock file with a number in it for a builder at work, living or dead."""
    from indexer import generations

    generations.lock_alone = lambda file: not Path(file.name).stat().st_size  # type: ignore[attr-defined]


def by_clock() -> None:
    """Numbers generations by the clock alone."""
    import time

    from indexer import generations

    generations._number = lambda home: time.time_ns()


def unforeseen() -> None:
    """Reads arrays as numpy does, with whatever it raises."""
    from indexer import arrays

    arrays._foreseen = lambda path: contextlib.nullcontext()  # type: ignore[assignment,return-value]


def no_transactions() -> None:
    """Every statement stands for itself, and a text is entered before its provisions."""
    from corpus import database

    @contextlib.contextmanager
    def writing(self: Any) -> Iterator[Any]:
        yield self.connection

    database.Database.writing = writing  # type: ignore[method-assign]


def no_seal() -> None:
    """A library that takes no note of the writes it has seen."""
    from corpus import database

    database.Database.unsealed = lambda self: []  # type: ignore[method-assign]


def no_hashes() -> None:
    """Readers that trust what lies on the disk: no manifest, no hash of a row."""
    import json

    from corpus import stored
    from indexer import generations

    def trusting(folder: Path) -> dict[str, Any]:
        return dict(json.loads((folder / generations.MANIFEST).read_text("utf-8", "replace")))

    generations.verify = generations.read_manifest = trusting
    generations.serve.__kwdefaults__["check"] = trusting  # type: ignore[index]
    generations.problems = lambda data: []
    stored._hash = _Anything()
    stored.seal = lambda *_: _Equal()


class _Equal(bytes):
    """Equal to every hash."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = bytes.__hash__


class _Anything:
    def __call__(self, cells: object) -> _Equal:
        return _Equal()
