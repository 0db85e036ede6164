"""What is learnt from: the units of the library and our questions, mapped to those units."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.library import Library
from indexer.passage import Unit, units

FOLDS = 8


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the units that answer it. `fold` 0..FOLDS-1 is the same for all of an article."""

    text: str
    answers: tuple[int, ...]
    style: str
    fold: int


@dataclass(frozen=True, slots=True)
class Texts:
    """Units in the index's order; `newest` marks those of each work's newest texts."""

    units: tuple[Unit, ...]
    sources: tuple[str, ...]
    newest: tuple[bool, ...]


def read_texts(library: Library) -> Texts:
    """The units of every text held."""
    held: list[Unit] = []
    sources: list[str] = []
    newest: list[bool] = []
    for edition, provisions in library.all_provisions():
        dates = [e.masthead.version or "" for e in library.versions(edition.work)]
        for unit in units(edition, provisions):
            held.append(unit)
            sources.append(edition.source)
            newest.append((edition.masthead.version or "") == max(dates))
    return Texts(tuple(held), tuple(sources), tuple(newest))


def own_questions(path: Path, library: Library, texts: Texts) -> Iterator[Question]:
    """The rows of questions.jsonl(.gz) whose article is held."""
    canonical = {s: e.source for e in library.editions() for s in (e.source, *e.also_sources)}
    at = {
        (source, unit.address.label): number
        for number, (source, unit) in enumerate(zip(texts.sources, texts.units, strict=True))
    }
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            number = at.get((canonical.get(row["source"], row["source"]), row["article"]))
            if number is not None:
                yield Question(
                    row["question"], (number,), row["style"], fold_of(row["source"], row["article"])
                )


def fold_of(source: str, article: str) -> int:
    """The fold of an article: all its questions share it."""
    return zlib.crc32(f"{source}{article}".encode()) % FOLDS
