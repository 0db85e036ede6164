"""Answers measured over a library: python -m bench.answers --data DIR [--split dev|held|all] [--json].

Rows like tests/cases/qa.jsonl (or --rows FILE). Figures: first statement from a right article, every key
fact stated, wrongly refused, not-found recognised, milliseconds a question. `--fit` writes
retriever/notfound.toml from questions that no measured row contains (see `fit_rows`).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from corpus.library import Library
from corpus.numeral import from_chinese
from retriever.answer import Desk
from retriever.hit import Filters, Hit
from retriever.notfound import DATA, Signals
from retriever.stated import Answer
from retriever.statements import pairs

Row = dict[str, Any]
CASES = Path(__file__).resolve().parent.parent / "tests" / "cases"
QUESTIONS = Path(__file__).resolve().parent.parent / "training" / "questions.jsonl.gz"
LIKE = 0.45  # share of letter pairs from which another article says much the same
RIDGE = 0.02  # of the logistic fit, on standardised signals
REFUSED = 0.03  # share of answerable questions the threshold may refuse on the fitting rows
TRAINED = 400  # questions of the encoder's training beside our own, for the many ways people ask
TRADE = re.compile("安全|消防|职业病|煤矿|危险化|特种|烟花|燃气|校车|建设工程|劳动|工伤|应急|事故")


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def open_desk(data: Path) -> Desk:
    from retriever.search import Retriever

    return Desk.open(Retriever.open(data))


def gold_places(library: Library, row: Row) -> set[tuple[str, int]]:
    """(edition key, article) of the articles that answer, the acceptable ones included."""
    wanted = {(g["doc"], g["article"]) for g in [*row.get("gold", []), *row.get("also_acceptable", [])]}
    return {
        (edition.key, article)
        for edition in library.editions()
        for source, article in wanted
        if source in (edition.source, *edition.also_sources)
    }


def judge(answer: Answer, row: Row, gold: set[tuple[str, int]]) -> Counter[str]:
    """The counts one row adds."""
    if not row.get("answerable", True):
        return Counter(none=1, recognised=not answer.found)
    first = answer.statements[0] if answer.found else None
    right = first is not None and (first.key, first.place.address.article) in gold
    stated = all(any(fact in s.text for s in answer.statements) for fact in row["key_facts"])
    hit = any((h.key, h.address.article) in gold for h in answer.hits)
    return Counter(
        answerable=1,
        first=right,
        facts=answer.found and stated,
        refused=not answer.found,
        hit10=hit,
        statements=len(answer.statements),
    )


def measure(desk: Desk, rows: Sequence[Row], *, show: bool = False) -> dict[str, float]:
    """The figures over the rows."""
    total: Counter[str] = Counter()
    times = []
    for row in rows:
        start = time.perf_counter()
        answer = desk.ask(row["question"])
        times.append(time.perf_counter() - start)
        counts = judge(answer, row, gold_places(desk.searcher.library, row))
        total += counts
        good = counts["recognised"] if counts["none"] else counts["first"] and counts["facts"]
        if show and not good:
            place = answer.statements[0].place.citation if answer.found else answer.reason
            print(row.get("id"), row["question"], dict(counts), place, round(answer.confidence, 2))
    asked, none = max(total["answerable"], 1), max(total["none"], 1)
    return {
        "questions": total["answerable"],
        "first_right": total["first"] / asked,
        "facts_stated": total["facts"] / asked,
        "hit_at_10": total["hit10"] / asked,
        "wrongly_refused": total["refused"] / asked,
        "unanswerable": total["none"],
        "not_found_recognised": total["recognised"] / none,
        "statements_each": total["statements"] / asked,
        "p50_ms": float(np.percentile(times, 50) * 1000),
        "p95_ms": float(np.percentile(times, 95) * 1000),
    }


def trained_rows(path: Path) -> list[Row]:
    """A fixed sample of the training questions about work safety, as answerable rows."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [r for r in rows if r["style"] != "keyword" and TRADE.search(r["source"])]
    chosen = random.Random(11).sample(rows, min(TRAINED, len(rows)))
    return [
        {"question": r["question"], "answerable": True, "gold": [{"doc": r["source"], "article": number}]}
        for r in chosen
        if (number := from_chinese(r["article"].removeprefix("第").removesuffix("条")))
    ]


# -- fitting -------------------------------------------------------------------------------------


def alike(hits: Iterable[Hit], gold: set[tuple[str, int]]) -> set[tuple[str, Any]]:
    """The hits that are gold or say much the same as a gold hit: taking gold out means all of these."""
    held = list(hits)
    golden = [pairs(h.text) for h in held if (h.key, h.address.article) in gold]
    out = set()
    for hit in held:
        mine = pairs(hit.text)
        same = any(len(mine & other) / (len(mine | other) or 1) >= LIKE for other in golden)
        if same or (hit.key, hit.address.article) in gold:
            out.add((hit.key, hit.address))
    return out


@dataclass(slots=True)
class Group:
    """Signals of one kind of question. `weight` is the group's whole share in the fit."""

    answered: bool
    weight: float
    signals: list[Signals] = field(default_factory=list)


def fit_groups(desk: Desk, own: Sequence[Row], none: Sequence[Row], more: Sequence[Row]) -> list[Group]:
    """Answerable questions of ours and of the training; both with their articles taken out; unanswerable.

    Questions that a rule refuses already teach the model nothing and are left out.
    """
    ours, trained = Group(True, 1.0), Group(True, 1.0)
    emptied, unanswerable = Group(False, 1.0), Group(False, 2.0)
    for rows, kept in ((own, ours), (more, trained), (none, trained)):
        for row in rows:
            found, left = _signals(desk, row)
            if row.get("answerable", True):
                kept.signals += found
                emptied.signals += left
            else:
                unanswerable.signals += left
    return [ours, trained, emptied, unanswerable]


def _signals(desk: Desk, row: Row) -> tuple[list[Signals], list[Signals]]:
    """The signals of a question as answered, and as not answered (articles taken out, or none there)."""
    question = desk.understand(row["question"])
    if question.outside or question.named.missing or question.named.meant:
        return [], []
    gold = gold_places(desk.searcher.library, row)
    day = question.on or date.today().isoformat()
    hits = desk.ranked(question, day=day, filters=Filters())
    if not gold:
        return [], [desk.signals(question, hits)] if hits else []
    if not any((h.key, h.address.article) in gold for h in hits[:10]):
        return [], []
    near = desk.hits(question, k=60, on=day)
    without = Filters(without=tuple(sorted(alike(near, gold), key=str)))
    left = desk.ranked(question, day=day, filters=without)
    return [desk.signals(question, hits)], [desk.signals(question, left)] if left else []


def fit(groups: Sequence[Group]) -> tuple[dict[str, float], float, float]:
    """Logistic regression by Newton steps with a ridge: weights, bias, threshold."""
    names = list(groups[0].signals[0].as_dict())
    raw = np.array([[s.as_dict()[n] for n in names] for g in groups for s in g.signals])
    y = np.concatenate([np.full(len(g.signals), float(g.answered)) for g in groups])
    share = np.concatenate([np.full(len(g.signals), g.weight / max(len(g.signals), 1)) for g in groups])
    share *= len(y) / share.sum()
    mean, width = raw.mean(axis=0), raw.std(axis=0) + 1e-9
    x = np.hstack([(raw - mean) / width, np.ones((len(raw), 1))])
    w = np.zeros(x.shape[1])
    ridge = RIDGE * len(y) * np.diag([1.0] * len(names) + [0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (share * (p - y)) + ridge @ w
        hessian = (x * (share * p * (1 - p))[:, None]).T @ x + ridge + 1e-9 * np.eye(len(w))
        w -= np.linalg.solve(hessian, gradient)
    p = 1 / (1 + np.exp(-x @ w))
    threshold = float(np.quantile(p[y == 1], REFUSED))
    plain = w[:-1] / width
    return dict(zip(names, map(float, plain), strict=True)), float(w[-1] - plain @ mean), threshold


def write_model(weights: dict[str, float], bias: float, threshold: float, path: Path = DATA) -> None:
    """The model as text."""
    lines = [
        "# Weights of the model that says whether the library answers (retriever/notfound.py), written by",
        "# `python -m bench.answers --fit`.",
        f"bias = {bias:.4f}",
        f"threshold = {threshold:.4f}",
        "[weights]",
        *(f"{name} = {value:.4f}" for name, value in weights.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--rows", type=Path, default=CASES / "qa.jsonl")
    parser.add_argument("--split", choices=("dev", "held", "all"), default="all")
    parser.add_argument("--show", action="store_true", help="print the rows that fail")
    parser.add_argument("--fit", action="store_true", help="fit retriever/notfound.toml on the dev rows")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    desk = open_desk(args.data)
    rows = [r for r in read_rows(args.rows) if args.split in ("all", r.get("split", args.split))]
    if args.fit:
        own = [r for r in read_rows(CASES / "qa.jsonl") if r["split"] == "dev"]
        none = [{**row, "answerable": False} for row in read_rows(CASES / "unanswerable.jsonl")]
        groups = fit_groups(desk, own, none, trained_rows(QUESTIONS))
        write_model(*fit(groups))
        print("fitted on", [(g.answered, len(g.signals)) for g in groups])
        return
    figures = measure(desk, rows, show=args.show)
    print(json.dumps({"answers": figures}, ensure_ascii=False) if args.json else figures)


if __name__ == "__main__":
    main()
