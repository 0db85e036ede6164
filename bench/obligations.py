"""Obligation extraction on labelled rows: python -m bench.obligations CASES.jsonl LAWS_DIR [--misses].

A labelled row is found when article, 款, 项 and modality agree and one action contains the other or their
character-bigram F1 is at least 0.6 (examples/README.md). The bearer is right when one contains the other.
Rows marked `implicit` are optional. Precision counts the extractions of paragraphs (款) whose rows say
`complete` (every duty of the paragraph is labelled); a sentence labelled no obligation must yield nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.structure import read_document
from indexer.extraction import extract
from indexer.obligation import Obligation

Row = dict[str, Any]
SAME_ACTION = 0.6


@dataclass(slots=True)
class Score:
    """Counts over all texts; `notes` say what went wrong, for --misses."""

    wanted: int = 0
    found: int = 0
    bearer_right: int = 0
    checked: int = 0
    true_hits: int = 0
    sentences: int = 0
    false_hits: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.true_hits / self.checked if self.checked else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def bearer(self) -> float:
        return self.bearer_right / self.found if self.found else 1.0

    @property
    def false_rate(self) -> float:
        return self.false_hits / self.sentences if self.sentences else 0.0


def bigram_f1(a: str, b: str) -> float:
    """F1 of the multisets of character bigrams."""
    first = Counter(a[i : i + 2] for i in range(len(a) - 1))
    second = Counter(b[i : i + 2] for i in range(len(b) - 1))
    shared = sum((first & second).values())
    total = sum(first.values()) + sum(second.values())
    return 2 * shared / total if total else float(a == b)


def same_action(a: str, b: str) -> bool:
    return a in b or b in a or bigram_f1(a, b) >= SAME_ACTION


def place_of(row: Row) -> tuple[Any, ...]:
    return (row.get("article"), row.get("zhi"), row["kuan"], row["xiang"], row.get("mu"), row.get("section"))


def address_of(duty: Obligation) -> tuple[Any, ...]:
    a = duty.address
    return (a.article, a.article_suffix, a.paragraph, a.item, a.subitem, a.section)


def score_text(rows: list[Row], duties: tuple[Obligation, ...], score: Score) -> None:
    """Adds one text's rows and extractions to `score`."""
    left = list(duties)
    wanted = [r for r in rows if r["is_obligation"]]
    for row in sorted(wanted, key=lambda r: bool(r.get("implicit"))):
        hit = _best(row, left)
        if hit is not None:
            left.remove(hit)
        _count(row, hit, duties, score)
    complete = {(r.get("article"), r["kuan"], r.get("section")) for r in rows if r.get("complete")}
    extra = [d for d in left if (d.address.article, d.address.paragraph, d.address.section) in complete]
    score.checked += len(extra)
    score.notes += [f"EXTRA {d.address.label} {d.modality.value} [{d.bearer}] {d.action}" for d in extra]
    for row in rows:
        if not row["is_obligation"]:
            _count_sentence(row, duties, score)


def _best(row: Row, left: list[Obligation]) -> Obligation | None:
    fitting = [
        d
        for d in left
        if address_of(d) == place_of(row)
        and d.modality.value == row["modality"]
        and same_action(d.action, row["action"])
    ]
    return max(fitting, key=lambda d: bigram_f1(d.action, row["action"]), default=None)


def _count(row: Row, hit: Obligation | None, duties: tuple[Obligation, ...], score: Score) -> None:
    optional = bool(row.get("implicit"))
    if hit is None:
        if not optional:
            score.wanted += 1
            near = [f"{d.modality.value}:{d.action[:30]}" for d in duties if address_of(d) == place_of(row)]
            score.notes.append(
                f"MISS  {row['id']} {place_of(row)[:4]} {row['modality']} {row['action'][:60]} | got {near}"
            )
        return
    if row.get("complete"):
        score.checked += 1
        score.true_hits += 1
    if optional:
        return
    score.wanted += 1
    score.found += 1
    right = bool(hit.bearer) and (hit.bearer in row["bearer"] or row["bearer"] in hit.bearer)
    score.bearer_right += right
    if not right:
        score.notes.append(
            f"WHO   {row['id']} {place_of(row)[:4]} want {row['bearer']} "
            f"got {hit.bearer} ({hit.bearer_source})"
        )


def _count_sentence(row: Row, duties: tuple[Obligation, ...], score: Score) -> None:
    score.sentences += 1
    hits = [
        d
        for d in duties
        if (d.address.article, d.address.section) == (row.get("article"), row.get("section"))
        and d.address.paragraph == row["kuan"]
        and (d.quote in row["sentence"] or row["sentence"] in d.quote)
    ]
    score.false_hits += bool(hits)
    score.notes += [f"FALSE {row['id']} {d.address.label} {d.modality.value} {d.action}" for d in hits]


def measure(cases: Path, laws: Path, *, group: str | None = None) -> Score:
    """The score of every labelled row of `cases` (of one `group` of them) against the texts under `laws`."""
    by_text: dict[str, list[Row]] = defaultdict(list)
    for line in cases.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if group is None or row.get("group") == group:
            by_text[row["doc"]].append(row)
    score = Score()
    for name, rows in by_text.items():
        document = read_document(laws / name, source=name)
        duties = extract(
            document.provisions, title=document.masthead.title, language=document.masthead.language
        )
        score_text(rows, duties, score)
    return score


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("laws", type=Path)
    parser.add_argument("--group")
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    score = measure(args.cases, args.laws, group=args.group)
    for note in score.notes if args.misses else ():
        print(note)
    print(
        f"recall {score.recall:.3f} ({score.found}/{score.wanted})  precision {score.precision:.3f} "
        f"({score.true_hits}/{score.checked})  F1 {score.f1:.3f}  bearer {score.bearer:.3f}  "
        f"false hits {score.false_rate:.3f} ({score.false_hits}/{score.sentences})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
