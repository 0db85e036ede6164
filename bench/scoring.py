"""Running the command line as others run it, and counting what it got right."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cli

Row = dict[str, Any]
ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def zeren(*words: str) -> tuple[int, str]:
    """Runs one command in this process. Returns its exit status and what it wrote to stdout."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            status = cli.main(list(words))
        except SystemExit as stop:
            status = int(stop.code or 0)
    return status, out.getvalue()


def one(*words: str) -> Row:
    text = zeren(*words, "--json")[1]
    return json.loads(text) if text.strip() else {}


def batch(rows: Iterable[Row], *words: str) -> dict[str, Row]:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8", delete=False) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    out = zeren(*words, "--batch", file.name, "--json")[1]
    Path(file.name).unlink()
    answers = [json.loads(line) for line in out.splitlines() if line.strip()]
    return {row["id"]: row for row in answers}


def load(path: Path) -> list[Row]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def squeeze(text: str) -> str:
    return "".join(text.split())


def bigrams(text: str) -> Counter[str]:
    text = squeeze(text)
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def alike(a: str, b: str) -> bool:
    """Two actions are one when one holds the other or their character-bigram F1 is 0.6 or more."""
    if squeeze(a) in squeeze(b) or squeeze(b) in squeeze(a):
        return True
    left, right = bigrams(a), bigrams(b)
    total = sum(left.values()) + sum(right.values())
    return bool(total) and 2 * sum((left & right).values()) / total >= 0.6


class Score:
    """Counts of one kind of case, and the cases that failed."""

    def __init__(self, name: str) -> None:
        self.name, self.counts, self.failed = name, Counter[str](), []  # type: ignore[var-annotated]

    def mark(self, what: str, good: bool, note: str = "") -> None:
        self.counts[what + " right"] += good
        self.counts[what] += 1
        if not good:
            self.failed.append(f"{what}: {note}")

    def show(self) -> None:
        wholes = [k for k in self.counts if not k.endswith(" right")]
        line = " · ".join(f"{k} {self.counts[k + ' right']}/{self.counts[k]}" for k in wholes)
        print(f"{self.name}: {line or 'no cases'}")
        for note in self.failed:
            print("   ✗", note[:300])


def is_place(place: Row, target: Row, *, deep: bool = True) -> bool:
    """Whether a place is the labelled target (article; 款 and 项 too where `deep`)."""
    suffix = target.get("zhi")
    if suffix is not None:
        suffix = "一二三四五六七八九十".index(str(suffix)[-1]) + 1
    same = bool(
        place["source"] == target.get("doc", target.get("source"))
        and place["article"] == target["article"]
        and place["article_suffix"] == suffix
    )
    if not (same and deep):
        return same
    paragraph = target.get("kuan", target.get("paragraph"))
    item = target.get("xiang", target.get("item"))
    return bool(place["paragraph"] == paragraph and place["item"] == item)
