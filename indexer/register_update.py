"""The register of a generation from that of the one before, where few texts changed."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.library import Library
from indexer import register_rows, register_writer
from indexer.changes import Change
from indexer.register_writer import FILE, STEP, Writer, digest
from indexer.taxonomy import load

Progress = Callable[[int, int], None]


def update(
    folder: Path,
    old: Path,
    library: Library,
    *,
    plan: Sequence[Change],
    keys: Sequence[str],
    progress: Progress | None = None,
) -> None:
    """Writes into `folder` the register of `old`, whose texts were `keys`, with the changes of `plan`.

    Where the posts or industries changed since, or no number is free between two texts, every text is
    read anew.
    """
    taxonomy = load(library.path.parent)
    with contextlib.closing(sqlite3.connect(f"{(old / FILE).absolute().as_uri()}?mode=ro", uri=True)) as db:
        same = db.execute("SELECT digest FROM taxonomy").fetchone() == (digest(taxonomy),)
        numbers = dict(db.execute("SELECT key, id FROM text"))
    taken = [numbers[key] for key in keys] if all(key in numbers for key in keys) else []
    chosen = [_between(taken, change) for change in plan] if len(taken) == len(keys) else [None]
    if not same or any(free is None for free in chosen):
        register_writer.write(folder, library, progress)
        return
    shutil.copyfile(old / FILE, folder / FILE)
    editions = library.editions()
    with contextlib.closing(sqlite3.connect(folder / FILE)) as db:
        db.executescript(register_writer.UNSAFE)
        with db:
            writer = Writer(db, taxonomy)
            for change, free in zip(plan, chosen, strict=True):
                for number in taken[change.first : change.end]:
                    writer.remove(number)
                for edition, number in zip(editions[change.start : change.stop], free or (), strict=True):
                    writer.add(number, register_rows.of(edition, library.provisions(edition.key)))
            writer.finish()


def _between(taken: Sequence[int], change: Change) -> list[int] | None:
    """Free numbers for the new texts of a change, in order, evenly between its neighbours."""
    wanted = change.stop - change.start
    low = taken[change.first - 1] if change.first else 0
    if change.end == len(taken):
        return [low + STEP * (n + 1) for n in range(wanted)]
    room = taken[change.end] - low
    return [low + room * (n + 1) // (wanted + 1) for n in range(wanted)] if room > wanted else None
