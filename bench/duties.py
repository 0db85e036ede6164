"""Duties and penalties measured: `python -m bench.duties --data DIR` (DIR holds ../shared/laws, indexed).

Prints, file by file, recall and violations of the labelled post and industry queries and right-first and
right-none of the labelled penalties; then the time broad and narrow queries take on an opened book.
`…_fresh.jsonl` hold texts no rule was made on.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.library import Library
from corpus.place import Address
from retriever.duties import Book, find
from retriever.penalties import for_provision

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT.parent / "shared" / "examples", ROOT / "tests" / "cases")


def files_of(name: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of `name`.jsonl of the examples and of the project's own files of that name."""
    for folder in FOLDERS:
        for path in sorted(folder.glob(f"{name}*.jsonl")):
            yield path.stem, [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def queries(book: Book, name: str, cases: list[dict[str, Any]]) -> None:
    found = wanted = wrong = distractors = 0
    seconds: list[float] = []
    for case in cases:
        started = time.perf_counter()
        result = find(book, text=case["query"])
        seconds.append(time.perf_counter() - started)
        order: dict[tuple[str, int | None], int] = {}
        for rank, row in enumerate(result.rows):
            for place in (row.place, *row.also):
                order.setdefault((place.source, place.address.article), rank)
        ranks = [order.get((g["doc"], g["article"])) for g in case["gold"]]
        last = max((rank for rank in ranks if rank is not None), default=-1)
        bad = [d for d in case["distractors"] if order.get((d["doc"], d["article"]), 10**9) < last]
        found, wanted = found + sum(rank is not None for rank in ranks), wanted + len(ranks)
        wrong, distractors = wrong + len(bad), distractors + len(case["distractors"])
        if None in ranks or bad:
            missed = [g["article"] for g, rank in zip(case["gold"], ranks, strict=True) if rank is None]
            print(
                f"  {case['id']} {case['query']}: misses {missed}, above gold {[d['article'] for d in bad]}"
            )
    print(f"{name}: recall {found}/{wanted} = {found / wanted:.3f}; above gold {wrong}/{distractors}")
    print(f"  time: mean {1000 * sum(seconds) / len(seconds):.0f} ms, most {1000 * max(seconds):.0f} ms")


def penalties(library: Library, name: str, cases: list[dict[str, Any]]) -> None:
    right = {"first": [0, 0], "none": [0, 0]}
    today = time.strftime("%Y-%m-%d")
    for case in cases:
        edition = library.by_source(case["doc"])
        if edition is None:
            continue
        address = Address(case["duty_article"], None, case["duty_kuan"], case.get("duty_item"))
        got = for_provision(library, edition.key, address, on=today)
        kind = "none" if case["penalty_article"] is None else "first"
        pairs = [[case["penalty_article"], case["penalty_kuan"], case["penalty_items"]], *case.get("or", [])]
        wanted = {(article, kuan, item) for article, kuan, items in pairs for item in items or [None]}
        first = got[0].place.address if got else None
        good = (
            not got
            if kind == "none"
            else first is not None and (first.article, first.paragraph, first.item) in wanted
        )
        right[kind][0] += int(good)
        right[kind][1] += 1
    for kind, (hits, of) in right.items():
        print(f"{name}, {kind}: {hits}/{of} = {hits / max(of, 1):.3f}")


BROAD: tuple[dict[str, str], ...] = (
    {"post": "生产经营单位"}, {"post": "县级以上地方人民政府"}, {"post": "应急管理部门"},
    {"post": "县级以上地方人民政府", "region": "山东"}, {"post": "生产经营单位", "region": "北京"},
    {"industry": "建筑施工"}, {"text": "生产经营单位安全生产责任"}, {"text": "县级以上地方人民政府职责"},
)  # fmt: skip


def speed(book: Book) -> None:
    """The best of three warm runs of each broad query, wall clock."""
    for asked in BROAD:
        best, total = 10.0, 0
        for _ in range(4):
            started = time.perf_counter()
            total = find(book, **asked).total  # type: ignore[arg-type]
            best = min(best, time.perf_counter() - started)
        print(f"{'、'.join(asked.values())}: {total} duties, {1000 * best:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    book = Book.open(parser.parse_args().data)
    for name, cases in files_of("post_query"):
        queries(book, name, cases)
    for name, cases in files_of("penalty"):
        penalties(book.library, name, cases)
    speed(book)


if __name__ == "__main__":
    main()
