"""`python -m bench.beir FOLDER [--json]`: retrieval figures on any BEIR folder.

Systems: `bm25` (character 1- and 2-grams), `dense` (the encoder), `fused`, and `full` (with the learned
ranker, as `zeren search` ranks). The last line of stdout is {"systems": {…}}.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.document import Edition, Level, Masthead, Provision
from corpus.errors import WrongUsage
from corpus.numeral import from_chinese
from corpus.place import Address
from indexer import assembly, shelf
from indexer.dense import DenseIndex
from indexer.embedding import Encoder, open_encoder
from indexer.grams import grams
from indexer.lexical import LexicalIndex
from indexer.passage import Unit, heading_words, passages
from retriever import fusion
from retriever.engine import Engine
from retriever.question import understand
from retriever.standing import Standing

DEEP = 100
TODAY = "2026-11-22"
_ARTICLE = re.compile(
    r"^(?P<title>.*?)第(?P<number>[一二三四五六七八九十百千零〇0-9]+)条(?:之(?P<suffix>[一二三四五六七八九十]+))?$"
)
Runs = dict[str, dict[str, list[str]]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.beir", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    parser.add_argument("--limit", type=int, help="measure on the first N questions only")
    args = parser.parse_args()
    try:
        figures = measure(args.folder, limit=args.limit)
    except WrongUsage as error:
        print(error, file=sys.stderr)
        return error.exit_status
    if not args.json:
        for name, row in figures.items():
            print(name, " ".join(f"{key} {value:.3f}" for key, value in row.items()))
    print(json.dumps({"systems": figures}))
    return 0


def measure(folder: Path, *, limit: int | None = None) -> dict[str, dict[str, float]]:
    """The figures of the four systems over the judged questions. Raises WrongUsage for a folder without."""
    gold = judgements(folder)
    documents = list(rows_of(folder / "corpus.jsonl"))
    questions = {row["_id"]: row["text"] for row in rows_of(folder / "queries.jsonl") if row["_id"] in gold}
    chosen = dict(list(questions.items())[:limit])
    runs = search_all(documents, chosen)
    return {name: figures(run, gold) for name, run in runs.items()}


def judgements(
    folder: Path, *, names: Sequence[str] = ("test.tsv", "dev.tsv", "train.tsv")
) -> dict[str, dict[str, int]]:
    """question id → passage id → grade, from the first of these files that is there."""
    for name in names:
        file = folder / "qrels" / name
        if file.is_file():
            gold: dict[str, dict[str, int]] = defaultdict(dict)
            with file.open(encoding="utf-8") as lines:
                for row in csv.DictReader(lines, delimiter="\t"):
                    if int(row["score"]) > 0:
                        gold[row["query-id"]][row["corpus-id"]] = int(row["score"])
            return dict(gold)
    raise WrongUsage(f"{folder} 不是 BEIR 文件夹：没有 qrels/test.tsv 或 train.tsv。")


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a JSON Lines file. Raises WrongUsage when it is absent."""
    if not path.is_file():
        raise WrongUsage(f"缺少文件：{path}。")
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def unit_of(number: int, document: Mapping[str, str]) -> Unit:
    """A passage as a unit: its title's 第N条 becomes the address, else it is a section of its own."""
    title, text = document.get("title", ""), document["text"]
    match = _ARTICLE.match(title)
    article = from_chinese(match["number"]) if match else None
    if match and article:
        suffix = from_chinese(match["suffix"]) if match["suffix"] else None
        address, title = Address(article, suffix), match["title"]
    else:
        address = Address(section=str(number + 1))
    rows = tuple(Provision(address, Level.PARAGRAPH, line) for line in text.split("\n") if line.strip())
    return Unit(title, title, address, (), rows or (Provision(address, Level.PARAGRAPH, text),))


def kind_of(title: str) -> str:
    """The kind of a text by the end of its title, as far as a bare title tells."""
    if title.endswith("法") or title.startswith(("民法典", "宪法")):
        return "宪法" if title.startswith("宪法") else "法律"
    return "司法解释" if "解释" in title or title.startswith("最高人民") else "行政法规"


def write_words(folder: Path, units: Sequence[Unit]) -> None:
    """All of an index but the vectors, in an empty folder."""
    shelf.write(folder, units)
    LexicalIndex.build(grams([f"{heading_words(unit)}\n{unit.text}" for unit in units])).save(folder)


def open_engine(folder: Path, units: Sequence[Unit]) -> tuple[Engine, Standing]:
    """An index of these units alone, with the encoder in use, in an empty folder."""
    write_words(folder, units)
    engine = add_vectors(folder, units, open_encoder())
    return engine, standing_of(engine)


def add_vectors(folder: Path, units: Sequence[Unit], encoder: Encoder, *, ranked: bool = True) -> Engine:
    """The index of these units alone, whose words are in the folder, with this encoder's vectors; with or
    without the shipped ranker."""
    dense = DenseIndex.build(encoder.dimension)
    dense.add(assembly.encode_distinct(encoder, [text for unit in units for text in passages(unit)]))
    dense.save(folder)
    engine = Engine.open(folder, encoder)
    return engine if ranked else replace(engine, ranker=None)


def standing_of(engine: Engine) -> Standing:
    """Every title a text in force, national, of the kind its name tells."""
    editions = [
        Edition(key, key, key, Masthead(key, kind_of(key), version=TODAY), effective_from="1949-10-01")
        for key in engine.shelf.keys
    ]
    return Standing.of(editions, engine.shelf.edition, on=TODAY)


def search_all(documents: Sequence[Mapping[str, str]], questions: Mapping[str, str]) -> Runs:
    """The first DEEP passages of each question, by each system."""
    units = [unit_of(number, document) for number, document in enumerate(documents)]
    ids = [document["_id"] for document in documents]
    runs: Runs = {"bm25": {}, "dense": {}, "fused": {}, "full": {}}
    with tempfile.TemporaryDirectory() as folder:
        engine, standing = open_engine(Path(folder), units)
        for name, text in questions.items():
            question = understand(text)
            found = engine.candidates(question)
            ranked, _ = engine.ranked(question, standing)
            lists = {
                "bm25": fusion.top(engine.lexical.scores(question.plain), DEEP),
                "dense": engine.nearest(question.plain)[0],
                "fused": found.units,
                "full": _with_same(engine, ranked.units, found.units),
            }
            for system, numbers in lists.items():
                runs[system][name] = [ids[n] for n in numbers[:DEEP].tolist()]
        engine.shelf.close()
    return runs


def _with_same(engine: Engine, ranked: fusion.Numbers, found: fusion.Numbers) -> fusion.Numbers:
    """The ranked units, each followed by those of the same words, then what the ranker did not see."""
    out = [n for unit in ranked.tolist() for n in (unit, *engine.shelf.same_words(unit))]
    return np.array(list(dict.fromkeys([*out, *found.tolist()])), np.int64)


def figures(run: Mapping[str, Sequence[str]], gold: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Recall at 5, 10, 20 and 100, mean reciprocal rank and nDCG at 10, over the questions of a run."""
    total: dict[str, float] = defaultdict(float)
    for name, found in run.items():
        right = gold[name]
        for k in (5, 10, 20, 100):
            total[f"R@{k}"] += len(set(found[:k]) & set(right)) / len(right)
        first = next((n for n, one in enumerate(found[:10], 1) if one in right), 0)
        total["MRR@10"] += 1 / first if first else 0.0
        gains = [right.get(one, 0) / math.log2(n + 1) for n, one in enumerate(found[:10], 1)]
        ideal = [g / math.log2(n + 1) for n, g in enumerate(sorted(right.values(), reverse=True)[:10], 1)]
        total["nDCG@10"] += sum(gains) / sum(ideal)
    names = ("R@5", "R@10", "R@20", "R@100", "MRR@10", "nDCG@10")
    return {name: round(total[name] / max(len(run), 1), 4) for name in names}


if __name__ == "__main__":
    sys.exit(main())
