"""`python -m bench.peers --data DIR [--texts N] [--out FILE]`: beside other search libraries, in one run.

Every system gets the same articles, the same questions, the same encoder's vectors and, for BM25, the same
grams; each question goes to all of them in turn, in an order that rotates. Told are hit@10 (the right
article is among the first ten), the milliseconds of a question and the seconds of building. Peers that are
not installed (`pip install zeren[bench]`, in an environment of their own) are named as absent.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench import questions
from bench.beir import open_engine
from bench.speed import ASKED, machine
from corpus.library import Library
from indexer.embedding import Encoder, Vectors, open_encoder
from indexer.grams import grams
from indexer.passage import Unit, heading_words, units
from retriever.question import understand

K = 10
Search = Callable[[str], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Shared:
    """What every system is given: units, their words as grams, their vectors, and the encoder."""

    units: list[Unit]
    words: list[str]
    vectors: Vectors
    encoder: Encoder


@dataclass(frozen=True, slots=True)
class Asked:
    text: str
    right: frozenset[int]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("ZEREN_DATA") or "data"))
    parser.add_argument("--texts", type=int, default=600, help="texts, drawn with seed 7; 0 for all")
    parser.add_argument("--sample", type=int, default=150, help="questions")
    parser.add_argument("--only", nargs="*", help="systems by name")
    parser.add_argument("--out", type=Path, help="writes the figures here too")
    args = parser.parse_args()
    shared, asked = material(args.data, args.texts, args.sample)
    told = {"machine": machine(), "units": len(shared.units), "questions": len(asked)}
    told["systems"] = measured(shared, asked, args.only)
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(text + "\n", "utf-8")
    print(text)
    return 0


def material(data: Path, texts: int, sample: int) -> tuple[Shared, list[Asked]]:
    """The articles of some texts and the questions they answer."""
    chance = random.Random(7)
    with Library.open(data) as library:
        editions = [e for e in library.editions() if e.masthead.language == "zh"]
        chosen = chance.sample(editions, texts) if 0 < texts < len(editions) else editions
        found = [unit for e in chosen for unit in units(e, library.provisions(e.key))]
        sources = {source: e.key for e in chosen for source in (e.source, *e.also_sources)}
    places = {(unit.key, unit.address.label): number for number, unit in enumerate(found)}
    asked = []
    for one in questions.read(ASKED):
        right = {places.get((sources.get(source, ""), article)) for source, article in one.right}
        if held := frozenset(number for number in right if number is not None):
            asked.append(Asked(one.text, held))
    words = [_spelled(f"{heading_words(unit)}\n{unit.text}") for unit in found]
    encoder = open_encoder()
    vectors = encoder.encode([f"{heading_words(unit)}\n{unit.text}" for unit in found])
    return Shared(found, words, vectors, encoder), chance.sample(asked, min(sample, len(asked)))


def _spelled(text: str) -> str:
    return " ".join(f"g{key:x}" for key in grams([text]).keys.tolist())


def measured(shared: Shared, asked: Sequence[Asked], only: Sequence[str] | None) -> dict[str, Any]:
    """Builds every system, asks each question of all in turn."""
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        open_: dict[str, Search] = {}
        for name, make in SYSTEMS.items():
            if only and name not in only:
                continue
            start = time.perf_counter()
            try:
                open_[name] = make(shared, Path(folder))
            except ImportError as error:
                told[name] = {"absent": str(error)}
                continue
            told[name] = {"build_s": round(time.perf_counter() - start, 1)}
            print(name, told[name], file=sys.stderr)
        times: dict[str, list[float]] = {name: [] for name in open_}
        hits: dict[str, int] = dict.fromkeys(open_, 0)
        warming = asked[:5]
        for turn, one in enumerate([*warming, *asked]):
            names = list(open_)
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                start = time.perf_counter()
                found = open_[name](one.text)
                took = 1000 * (time.perf_counter() - start)
                if turn >= len(warming):
                    times[name].append(took)
                    hits[name] += bool(set(found[:K]) & one.right)
    for name, held in times.items():
        told[name] |= {
            "hit@10": round(hits[name] / len(asked), 4),
            "p50_ms": round(statistics.median(held), 2),
            "p95_ms": round(float(np.percentile(held, 95)), 2),
        }
    return told


# -- ours --------------------------------------------------------------------------------------------


def ours(shared: Shared, folder: Path) -> Search:
    """Both rankings joined, without the learned ranker: what the peers do."""
    (folder / "ours").mkdir()
    engine, _ = open_engine(folder / "ours", shared.units)
    return lambda text: engine.candidates(understand(text)).units[:K].tolist()


def ours_ranked(shared: Shared, folder: Path) -> Search:
    """The same with the learned ranker."""
    (folder / "ranked").mkdir()
    engine, standing = open_engine(folder / "ranked", shared.units)
    return lambda text: engine.ranked(understand(text), standing)[0].units[:K].tolist()


# -- the floor ---------------------------------------------------------------------------------------


def raw_faiss(shared: Shared, _folder: Path) -> Search:
    """A flat FAISS index of 32-bit vectors."""
    import faiss

    index = faiss.IndexFlatIP(shared.encoder.dimension)
    index.add(shared.vectors)
    return lambda text: index.search(shared.encoder.encode([text]), K)[1][0].tolist()


def raw_bm25s(shared: Shared, _folder: Path) -> Search:
    """bm25s over the grams."""
    import bm25s

    index = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
    index.index([words.split(" ") for words in shared.words], show_progress=False)

    def search(text: str) -> list[int]:
        found, _ = index.retrieve([_spelled(text).split(" ")], k=K, show_progress=False)
        return [int(n) for n in found[0]]

    return search


def floor(shared: Shared, _folder: Path) -> Search:
    """Raw bm25s and raw FAISS, 1,000 of each, joined by min-max: the floor of a hybrid search."""
    import bm25s
    import faiss

    from retriever import fusion

    index = faiss.IndexFlatIP(shared.encoder.dimension)
    index.add(shared.vectors)
    lexical = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
    lexical.index([words.split(" ") for words in shared.words], show_progress=False)

    def search(text: str) -> list[int]:
        near, numbers = index.search(shared.encoder.encode([text]), fusion.DEPTH)
        scores = lexical.get_scores(_spelled(text).split(" ")).astype(np.float32)
        return list(fusion.fuse(numbers[0], near[0], scores).units[:K].tolist())

    return search


# -- peers -------------------------------------------------------------------------------------------


def fts5(shared: Shared, folder: Path) -> Search:
    """SQLite FTS5 with its bm25() over the grams."""
    db = sqlite3.connect(folder / "fts.sqlite")
    db.execute("CREATE VIRTUAL TABLE unit USING fts5(words, content='', tokenize='ascii')")
    db.executemany("INSERT INTO unit(rowid, words) VALUES(?,?)", enumerate(shared.words))
    db.execute("INSERT INTO unit(unit) VALUES('optimize')")
    db.commit()

    def search(text: str) -> list[int]:
        asked = " OR ".join(dict.fromkeys(_spelled(text).split(" ")))
        found = db.execute(
            f"SELECT rowid FROM unit WHERE unit MATCH ? ORDER BY bm25(unit) LIMIT {K}", (asked,)
        )
        return [number for (number,) in found]

    return search


def txtai(shared: Shared, _folder: Path) -> Search:
    """txtai's hybrid index: its BM25 and FAISS, joined by its own weights."""
    from txtai import Embeddings

    known = dict(zip(shared.words, shared.vectors, strict=True))
    asked: dict[str, Any] = {}

    def vectors(texts: Sequence[str]) -> Any:
        return np.stack([known[text] if text in known else asked[text] for text in texts])

    index = Embeddings(
        method="external", transform=vectors, hybrid=True, content=False, faiss={"components": "IDMap,Flat"}
    )
    index.index((number, words, None) for number, words in enumerate(shared.words))

    def search(text: str) -> list[int]:
        words = _spelled(text)
        asked[words] = shared.encoder.encode([text])[0]
        return [int(number) for number, _ in index.search(words, K)]

    return search


def langchain(shared: Shared, _folder: Path) -> Search:
    """LangChain's ensemble of its FAISS store and its BM25 retriever (rank-bm25)."""
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import Embeddings

    encoder = shared.encoder

    class Ours(Embeddings):  # type: ignore[misc]
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [list(map(float, one)) for one in encoder.encode(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(one) for one in encoder.encode([text])[0]]

    texts = [f"{heading_words(unit)}\n{unit.text}" for unit in shared.units]
    told = [{"number": number} for number in range(len(texts))]
    pairs = list(zip(texts, shared.vectors.tolist(), strict=True))
    store = FAISS.from_embeddings(pairs, Ours(), metadatas=told, distance_strategy="MAX_INNER_PRODUCT")
    lexical = BM25Retriever.from_texts(
        texts, metadatas=told, preprocess_func=lambda text: _spelled(text).split(" "), k=K
    )
    both = EnsembleRetriever(
        retrievers=[store.as_retriever(search_kwargs={"k": K}), lexical], weights=[0.7, 0.3]
    )
    return lambda text: [one.metadata["number"] for one in both.invoke(text)][:K]


SYSTEMS: dict[str, Callable[[Shared, Path], Search]] = {
    "zeren": ours,
    "zeren, ranked": ours_ranked,
    "FAISS": raw_faiss,
    "bm25s": raw_bm25s,
    "bm25s + FAISS": floor,
    "SQLite FTS5": fts5,
    "txtai hybrid": txtai,
    "LangChain FAISS + BM25": langchain,
}


if __name__ == "__main__":
    sys.exit(main())
