"""`python -m bench.growth --data DIR [--times 1 3 10] [--out FILE]`: the same texts, several times over.

Copies are dated: each text comes in with its effective date and words moved by whole years, so that no two
units say the same. Told are the seconds of building each part, what it takes on disk and in memory, search
latencies, and recall@10 of the vectors kept against exact ones; where they lie in lists, the same with every
vector looked at, in turn (`exact_…`). Obligations are left out: they are read text by text and grow with the
texts.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench import questions
from bench.speed import ASKED, latencies, machine
from corpus.document import Edition, Provision
from corpus.library import Library
from indexer import assembly
from indexer.dense import DenseIndex
from indexer.embedding import open_encoder
from indexer.passage import passages, units
from retriever.engine import Engine
from retriever.question import understand
from retriever.standing import Standing

TODAY = "2026-11-22"
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
Text = tuple[Edition, tuple[Provision, ...]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("ZEREN_DATA") or "data"))
    parser.add_argument("--times", type=int, nargs="+", default=[1, 3, 10])
    parser.add_argument("--sample", type=int, default=200, help="questions")
    parser.add_argument("--one", type=int, help="measure this multiple alone, in this process")
    parser.add_argument("--out", type=Path, help="writes the figures here too")
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measured(args.data, args.one, args.sample)))
        return 0
    told: dict[str, Any] = {"machine": machine()}
    for times in args.times:  # each in a process of its own, so that its peak is its own
        words = ["--data", str(args.data), "--one", str(times), "--sample", str(args.sample)]
        done = subprocess.run(
            [sys.executable, "-m", "bench.growth", *words], stdout=subprocess.PIPE, text=True, check=True
        )
        told[f"{times}x"] = json.loads(done.stdout)
        print(f"{times}x", told[f"{times}x"], file=sys.stderr)
        if args.out:
            args.out.parent.mkdir(parents=True, exist_ok=True)
            args.out.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


class Grown:
    """A library whose texts stand there several times, as the assembly reads it."""

    def __init__(self, library: Library, times: int) -> None:
        self._library, self._times = library, times

    def all_provisions(self) -> Iterator[Text]:
        for edition, provisions in self._library.all_provisions():
            for copy in range(self._times):
                yield self.dated(edition, provisions, copy)

    def dated(self, edition: Edition, provisions: tuple[Provision, ...], copy: int) -> Text:
        """A text as it might have stood so many versions later."""
        if not copy:
            return edition, provisions
        moved = tuple(replace(row, text=_later(row.text, copy)) for row in provisions)
        return replace(edition, key=f"{edition.key}-{copy}"), moved


def _later(text: str, years: int) -> str:
    """Other words in the same place: years move on, and a closing remark dates the row."""
    moved = _YEAR.sub(lambda year: str(int(year[0]) + years), text)
    return f"{moved}（第{years}次修订）" if moved == text else moved


def measured(data: Path, times: int, sample: int) -> dict[str, Any]:
    """Builds an index of so many copies in an empty folder and asks it."""
    asked = [one.text for one in random.Random(7).sample(list(questions.read(ASKED)), sample)]
    encoder = open_encoder()
    with tempfile.TemporaryDirectory(dir=data.parent) as folder, Library.open(data) as library:
        grown: Any = Grown(library, times)
        seals = [(f"{e.key}-{n}" if n else e.key, "") for e in library.editions() for n in range(times)]
        start = time.perf_counter()
        made = assembly.whole(
            Path(folder), grown, encoder, old=None, texts=seals, progress=lambda _done, _of: None
        )
        built = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        engine = Engine.open(Path(folder), encoder)
        first = {edition.key: edition for edition in library.editions()}
        standing = Standing.of(
            [first[key.partition("-")[0]] for key in engine.shelf.keys], engine.shelf.edition, on=TODAY
        )
        systems = {"": engine, **({"exact_": _flat(engine)} if engine.dense.lists else {})}
        found = _in_turn(systems, standing, asked)
        vectors = encoder.encode(asked[:100])
        best = _exact(grown, encoder, vectors)
        return {
            "units": made.units,
            "passages": made.passages,
            "build_s": round(built, 1),
            "build_s_per_100000_units": round(built / made.units * 100_000, 1),
            "peak_mb": round(peak),
            "disk_mb": round(sum(p.stat().st_size for p in Path(folder).iterdir()) / 1e6, 1),
            "vectors": engine.dense.facts,
            **found,
            **{f"{name}recall@10": _recall(best, one, vectors) for name, one in systems.items()},
        }


def _flat(engine: Engine) -> Engine:
    """The engine with the same vectors, all looked at in every search."""
    flat = DenseIndex.build(engine.dense.dimension)
    flat.add_from(engine.dense, 0, len(engine.dense))
    return replace(engine, dense=flat)


def _in_turn(systems: dict[str, Engine], standing: Standing, asked: Sequence[str]) -> dict[str, float]:
    """Milliseconds of a search and of its vectors; each question goes to every system, in an order that
    turns."""
    times: dict[str, list[float]] = {
        f"{name}{part}": [] for name in systems for part in ("search", "vectors")
    }
    warming = asked[:30]
    for turn, text in enumerate([*warming, *asked]):
        for name in list(systems) if turn % 2 else list(systems)[::-1]:
            engine = systems[name]
            vector = engine.encoder.encode([text])
            whole = latencies(partial(_search, engine, standing), [text])
            alone = latencies(partial(_nearest, engine, vector), [text])
            if turn >= len(warming):
                times[f"{name}search"] += whole
                times[f"{name}vectors"] += alone
    return {
        f"{name}_p{share}_ms": round(float(np.percentile(held, share)), 1)
        for name, held in times.items()
        for share in (50, 95)
    }


def _search(engine: Engine, standing: Standing, text: str) -> Any:
    return engine.ranked(understand(text), standing)


def _nearest(engine: Engine, vector: Any, _text: str) -> Any:
    return engine.dense.search(vector, 1200)


def _recall(best: Any, engine: Engine, vectors: Any) -> float:
    """The share of the ten truly nearest passages that are among the ten found."""
    kept = engine.dense.search(vectors, 10)[1]
    shares = [len(set(a.tolist()) & set(b.tolist())) / 10 for a, b in zip(best, kept, strict=True)]
    return round(float(np.mean(shares)), 4)


def _exact(grown: Any, encoder: Any, vectors: Any) -> Any:
    """The ten truly nearest passages of each question, block by block."""
    best = np.full((len(vectors), 10), -2.0, np.float32)
    numbers = np.full((len(vectors), 10), -1, np.int64)
    first = 0
    block: list[str] = []

    def take() -> None:
        nonlocal best, numbers, first
        scores = np.concatenate([best, vectors @ encoder.encode(block).T], axis=1)
        places = np.concatenate(
            [numbers, np.tile(np.arange(first, first + len(block)), (len(vectors), 1))], axis=1
        )
        order = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        best, numbers = np.take_along_axis(scores, order, 1), np.take_along_axis(places, order, 1)
        first += len(block)
        block.clear()

    for edition, provisions in grown.all_provisions():
        block += [text for unit in units(edition, provisions) for text in passages(unit)]
        if len(block) >= 20_000:
            take()
    if block:
        take()
    return numbers


if __name__ == "__main__":
    sys.exit(main())
