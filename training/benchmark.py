"""STARD's training part: its articles as units, its questions, and the articles that answer them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import beir
from indexer.passage import Unit
from retriever import earlier
from training.optimise import Floats
from training.texts import Question

PARTS = 5  # parts of the questions: each part's encoder has not seen them


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Units in the order of the corpus; answers of a question are their numbers, `fold` is its part."""

    units: tuple[Unit, ...]
    questions: tuple[Question, ...]


def read(folder: Path) -> Benchmark:
    """A BEIR folder's corpus with the questions judged in qrels/train.tsv."""
    documents = list(beir.rows_of(folder / "corpus.jsonl"))
    at = {document["_id"]: number for number, document in enumerate(documents)}
    gold = beir.judgements(folder, names=("train.tsv",))
    asked = [
        Question(row["text"], tuple(at[one] for one in gold[row["_id"]]), "benchmark", part_of(row["_id"]))
        for row in beir.rows_of(folder / "queries.jsonl")
        if row["_id"] in gold
    ]
    return Benchmark(tuple(beir.unit_of(n, d) for n, d in enumerate(documents)), tuple(asked))


def part_of(name: str) -> int:
    """The part of a question."""
    return zlib.crc32(name.encode()) % PARTS


def write_earlier(folder: Path, held: Benchmark, chosen: Sequence[int], vectors: Floats) -> None:
    """Puts the chosen questions, with what answered them, into an encoder's folder; a vector each."""
    answered = [[held.units[n] for n in held.questions[row].answers] for row in chosen]
    words = [[earlier.words_key(unit.text) for unit in units] for units in answered]
    titles = [[earlier.title_hash(unit.title) for unit in units] for units in answered]
    earlier.write(folder, vectors, words, titles)
