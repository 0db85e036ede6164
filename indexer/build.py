"""Library → index generation: units, vectors, postings, obligations; built aside, switched atomically."""

from __future__ import annotations

import hashlib
import importlib
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import DamagedData
from corpus.library import Library
from indexer import generations, shelf
from indexer.dense import DenseIndex
from indexer.embedding import Encoder, Vectors, open_encoder
from indexer.generations import current
from indexer.grams import grams
from indexer.lexical import LexicalIndex
from indexer.passage import Unit, heading_words, passages, units

__all__ = ["build_index", "current", "up_to_date"]

MARKS = "passages.npy"
_BATCH = 8192
Progress = Callable[[int, int], None]  # done, of
# Share of the work each step takes, so that one bar shows the whole.
_STEPS = {"texts": (0, 40), "words": (40, 55), "vectors": (55, 75), "duties": (75, 100)}


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
            facts = _write(folder, data, library, encoder, tell)
            generations.publish(folder, facts)
    generations.collect(data)
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
    fits = manifest.get("library") == library.content_hash() and manifest.get("encoder") == encoder.name
    if not fits or manifest.get("register") != _register_version() or generations.problems(data):
        return None
    return folder


def _write(folder: Path, data: Path, library: Library, encoder: Encoder, tell: _Teller) -> dict[str, Any]:
    started = time.monotonic()
    content = library.content_hash()
    found = _units(library, tell)
    texts, owner = [], []
    for number, unit in enumerate(found):
        parts = passages(unit)
        texts += parts
        owner += [number] * len(parts)
    shelf.write(folder, found, np.array(owner, np.int64))
    tell("words", 0, 1)
    LexicalIndex.build(grams([f"{heading_words(u)}\n{u.text}" for u in found])).save(folder)
    tell("words", 1, 1)
    reused = _vectors(folder, data, texts, encoder, tell)
    _register(folder, library, tell)
    return {
        "library": content,
        "encoder": encoder.name,
        "dimension": encoder.dimension,
        "register": _register_version(),
        "units": len(found),
        "passages": len(texts),
        "reused": reused,
        "seconds": round(time.monotonic() - started, 1),
    }


def _units(library: Library, tell: _Teller) -> list[Unit]:
    total = len(library.editions())
    found: list[Unit] = []
    for done, (edition, provisions) in enumerate(library.all_provisions(), 1):
        found += units(edition, provisions)
        tell("texts", done, total)
    return found


def _vectors(folder: Path, data: Path, texts: list[str], encoder: Encoder, tell: _Teller) -> int:
    """Encodes each distinct text once, taking from the current generation what it already holds."""
    marks = np.array([_mark(text) for text in texts], np.uint64)
    known_marks, known = _known(data, encoder)
    order = np.argsort(known_marks, kind="stable")
    at = np.searchsorted(known_marks, marks, sorter=order)
    at[at == len(known_marks)] = 0
    held = known_marks[order[at]] == marks if len(known_marks) else np.zeros(len(marks), bool)
    index = DenseIndex.build(encoder.dimension)
    for start in range(0, len(texts), _BATCH):
        stop = min(start + _BATCH, len(texts))
        block: Vectors = np.zeros((stop - start, encoder.dimension), np.float32)
        old = np.flatnonzero(held[start:stop])
        if known is not None and len(old):
            block[old] = known.vectors(order[at[start + old]])
        new = [text for text, is_held in zip(texts[start:stop], held[start:stop], strict=True) if not is_held]
        block[~held[start:stop]] = encode_distinct(encoder, new)
        index.add(block)
        tell("vectors", stop, len(texts))
    index.save(folder)
    np.save(folder / MARKS, marks)
    return int(held.sum())


def encode_distinct(encoder: Encoder, texts: list[str]) -> Vectors:
    """The vectors of texts, each distinct one encoded once."""
    first = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return encoder.encode(list(first))[[first[text] for text in texts]]


def _mark(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def _known(data: Path, encoder: Encoder) -> tuple[np.ndarray[Any, np.dtype[np.uint64]], DenseIndex | None]:
    """Marks and vectors of the newest whole generation made by this encoder."""
    nothing = np.empty(0, np.uint64)
    for folder in generations.candidates(data):
        try:
            if generations.read_manifest(folder).get("encoder") != encoder.name:
                continue
            generations.verify(folder)
            return np.load(folder / MARKS, allow_pickle=False), DenseIndex.open(folder)
        except (DamagedData, OSError, ValueError):
            continue
    return nothing, None


def _register_module() -> Any:
    """indexer.register, or None where this program has none."""
    try:
        return importlib.import_module("indexer.register")
    except ModuleNotFoundError:
        return None


def _register(folder: Path, library: Library, tell: _Teller) -> None:
    register = _register_module()
    if register is None:
        logging.getLogger(__name__).warning("the register of duties is not built: indexer.register is absent")
        return
    register.write(folder, library, lambda done, total: tell("duties", done, total))


def _register_version() -> int:
    """The register's own version; 0 where this program has none."""
    register = _register_module()
    return 0 if register is None else int(getattr(register, "VERSION", 1))
