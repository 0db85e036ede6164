"""`python -m bench.questions FILE.jsonl [--data DIR]`: how often the right article comes first.

Rows as in training/questions.jsonl.gz ({"question", "source", "article", "style"}) or as in qa.jsonl
({"question", "gold": [{"doc", "article_cn"}], "also_acceptable"}); rows whose article is not held are counted
apart. A hit is right when its place, or one that says the same (`also`), is a right article.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ZerenError
from retriever.answer import Desk
from retriever.hit import Hit
from retriever.search import Retriever

AT = (1, 3, 10)
Article = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its style and the articles that answer it, as (source, 第N条)."""

    text: str
    style: str
    right: frozenset[Article]


def read(path: Path) -> Iterator[Asked]:
    """The questions of a file; those nothing answers are left out."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if "source" in row:
                right = {(row["source"], row["article"])}
            else:
                places = [*row.get("gold", ()), *row.get("also_acceptable", ())]
                right = {(place["doc"], _label(place)) for place in places}
            if right:
                yield Asked(row["question"], row.get("style", row.get("type", "")), frozenset(right))


def _label(place: dict[str, object]) -> str:
    from corpus.place import Address

    article, suffix = place.get("article"), place.get("zhi")
    assert isinstance(article, int)
    return Address(article, suffix if isinstance(suffix, int) else None).label


def articles(hit: Hit, sources: dict[str, tuple[str, ...]], *, same: bool) -> set[Article]:
    """The articles a hit stands for, under every path they were added from."""
    places = [(hit.key, hit.place)] + ([(s.key, s.place) for s in hit.also] if same else [])
    return {(source, place.address.whole().label) for key, place in places for source in sources[key]}


def measure(desk: Desk, asked: list[Asked]) -> dict[str, object]:
    """Hit rates at 1, 3 and 10 (strict: without `also`), by style, and the seconds a search takes."""
    retriever = desk.searcher
    sources = {e.key: (e.source, *e.also_sources) for e in retriever.library.editions()}
    held = {source for of in sources.values() for source in of}
    usable = [one for one in asked if any(source in held for source, _ in one.right)]
    counts: dict[str, list[int]] = {}
    times = []
    for one in usable:
        start = time.perf_counter()
        hits = desk.search(one.text, k=10)
        times.append(time.perf_counter() - start)
        for name in ("all", one.style):
            row = counts.setdefault(name, [0] * (1 + 2 * len(AT)))
            row[0] += 1
            for n, k in enumerate(AT):
                row[1 + n] += any(articles(h, sources, same=True) & one.right for h in hits[:k])
                row[1 + len(AT) + n] += any(articles(h, sources, same=False) & one.right for h in hits[:k])
    times.sort()
    names = [f"hit@{k}" for k in AT] + [f"strict@{k}" for k in AT]
    return {
        "questions": len(usable),
        "not_held": len(asked) - len(usable),
        "p50_ms": round(1000 * times[len(times) // 2], 1) if times else None,
        "p95_ms": round(1000 * times[int(len(times) * 0.95)], 1) if times else None,
        **{
            style: {"n": row[0], **{k: round(v / row[0], 4) for k, v in zip(names, row[1:], strict=True)}}
            for style, row in sorted(counts.items())
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.questions", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("ZEREN_DATA") or "data"))
    parser.add_argument("--sample", type=int, help="this many questions, drawn with seed 7")
    parser.add_argument("--fold", type=int, help="only articles of this training fold")
    args = parser.parse_args()
    asked = list(read(args.file))
    if args.fold is not None:
        from training.texts import fold_of

        asked = [one for one in asked if any(fold_of(*place) == args.fold for place in one.right)]
    if args.sample:
        asked = random.Random(7).sample(asked, min(args.sample, len(asked)))
    try:
        with Retriever.open(args.data) as retriever:
            result = measure(Desk.open(retriever), asked)
    except ZerenError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    print(json.dumps(result, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
