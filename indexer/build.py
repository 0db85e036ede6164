"""Library → index generation: units, vectors, postings, obligations; built aside, switched atomically.

When few texts changed, the files of the new generation are those of the old one cut and joined: what
comes out is what a build from nothing would give.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from corpus.errors import DamagedData
from corpus.library import Library
from indexer import assembly, generations, register_update, register_writer
from indexer.assembly import Previous
from indexer.changes import Change, changes, few
from indexer.embedding import Encoder, open_encoder
from indexer.generations import current

__all__ = ["build_index", "current", "up_to_date"]

Progress = Callable[[int, int], None]  # done, of
# Share of the work each step takes, so that one bar shows the whole.
_STEPS = {"texts": (0, 40), "duties": (40, 100)}


class _Teller:
    """One bar for all steps: (step, done, of) → thousandths of the whole."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def __call__(self, step: str, done: int, of: int) -> None:
        if self._progress is not None:
            low, high = _STEPS[step]
            self._progress(round(10 * (low + (high - low) * done / max(of, 1))), 1000)


def build_index(data: Path, *, progress: Progress | None = None) -> Path:
    """Builds a new generation from the library and makes it current; returns its folder.

    `progress(done, of)` is called along the way. Nothing is done when the current generation was
    made from the same texts by the same encoder. Raises DamagedData, InputRefused, WrongUsage.
    """
    tell = _Teller(progress)
    encoder = open_encoder()
    with Library.open(data) as library:
        known = up_to_date(data, library, encoder)
        if known is not None:
            return known
        with generations.building(data) as folder:
            facts, old = _write(folder, data, library, encoder, tell)
            generations.publish(folder, facts)
    generations.collect(data, verified=old)
    return folder


def up_to_date(data: Path, library: Library, encoder: Encoder) -> Path | None:
    """The current generation when it is whole and fits the texts and the encoder."""
    folder = current(data)
    if folder is None:
        return None
    try:
        manifest = generations.read_manifest(folder)
    except DamagedData:
        return None
    if manifest.get("library") != library.content_hash() or not _fits(manifest, encoder):
        return None
    return None if generations.problems(data) else folder


def _fits(manifest: generations.Manifest, encoder: Encoder) -> bool:
    """Whether a generation was made by this encoder and by a program that writes the same."""
    return (manifest.get("encoder"), manifest.get("register")) == (encoder.name, register_writer.VERSION)


def _write(
    folder: Path, data: Path, library: Library, encoder: Encoder, tell: _Teller
) -> tuple[dict[str, Any], Path | None]:
    """Writes every file of a generation; its facts, and the folder of the one it was made from."""
    started = time.monotonic()
    with ThreadPoolExecutor(1) as beside:  # hashing files leaves the processor's other core free
        earlier = beside.submit(_previous, data)
        content, texts = library.content_hash(), list(library.seals().items())
        old = earlier.result()
    plan = changes(old.texts, texts) if old is not None else None
    few_changed = plan is not None and few(plan)
    same = old if old is not None and old.encoder == encoder.name else None
    before = old if few_changed else None  # whichever encoder it was made with
    register = partial(_register, folder, before, library, plan or [], partial(tell, "duties"))
    if same is not None and plan is not None and few_changed:
        with ThreadPoolExecutor(1) as beside:
            making = beside.submit(
                assembly.spliced, folder, library, encoder, old=same, plan=plan, texts=texts
            )
            register()
            made = making.result()
    else:
        read = partial(tell, "texts")
        made = assembly.whole(folder, library, encoder, old=same, texts=texts, progress=read)
        register()
    facts = {
        "library": content,
        "encoder": encoder.name,
        "dimension": encoder.dimension,
        "register": register_writer.VERSION,
        "units": made.units,
        "passages": made.passages,
        "vectors": made.vectors,
        "reused": made.reused,
        "seconds": round(time.monotonic() - started, 1),
    }
    return facts, old.folder if old is not None else None


def _register(
    folder: Path,
    before: Previous | None,
    library: Library,
    plan: Sequence[Change],
    progress: Progress,
) -> None:
    """The register, from that of the generation `before` where few texts changed."""
    if before is None:
        register_writer.write(folder, library, progress)
    else:
        keys = [key for key, _ in before.texts]
        register_update.update(folder, before.folder, library, plan=plan, keys=keys, progress=progress)


def _previous(data: Path) -> Previous | None:
    """The newest whole generation made by a program like this one."""
    for folder in generations.candidates(data):
        try:
            manifest = generations.read_manifest(folder)
            if manifest.get("register") == register_writer.VERSION:
                generations.verify(folder)
                return Previous.open(folder, str(manifest.get("encoder")))
        except (DamagedData, OSError, ValueError, KeyError):
            continue
    return None
