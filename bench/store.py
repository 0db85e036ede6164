"""Measures the library on the real laws: python -m bench.store [--laws ../shared/laws]

Adding all files, adding them again, the register, the stream of all provisions, one cold citation at the
terminal, citations in a batch. Prints a table; changes nothing outside a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus.library import Library
from indexer.intake import take_in

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases" / "citation.jsonl"


def timed(name: str, work: Callable[[], Any], note: Callable[[Any, float], str]) -> Any:
    """Runs once and prints what it took."""
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    print(f"{name:28} {seconds:8.2f} s   {note(result, seconds)}")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laws", type=Path, default=ROOT.parent / "shared" / "laws")
    laws = parser.parse_args().laws
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        timed(
            "add",
            lambda: take_in(data, [laws]),
            lambda r, s: f"{len(r.added)} files, {len(r.added) / s:.0f}/s",
        )
        timed("add again", lambda: take_in(data, [laws]), lambda r, _: f"{len(r.unchanged)} unchanged")
        size = (data / "corpus.db").stat().st_size / 2**20
        with Library.open(data) as library:
            timed("register (editions)", library.editions, lambda r, _: f"{len(r)} texts, {size:.0f} MiB")
            timed(
                "all provisions, hashes too",
                lambda: sum(len(rows) for _, rows in library.all_provisions()),
                lambda r, s: _rate(r, "rows", s),
            )
            timed("verify", library.verify, lambda r, _: f"{len(r)} problems")
        words = [sys.executable, "cli.py", "cite", "安全生产法21条第(五)项", "--json", "--data", str(data)]
        timed("one citation, cold", lambda: _run(words), lambda r, _: json.loads(r)["status"])
        batch = Path(folder) / "batch.jsonl"
        rows = CASES.read_text("utf-8").splitlines() * 10
        batch.write_text("\n".join(rows), "utf-8")
        words = [sys.executable, "cli.py", "cite", "--batch", str(batch), "--data", str(data)]
        timed(
            "citations in a batch",
            lambda: _run(words),
            lambda _, s: _rate(len(rows), "lines", s),
        )


def _rate(count: int, unit: str, seconds: float) -> str:
    return f"{count} {unit}, {count / seconds:.0f}/s"


def _run(words: list[str]) -> str:
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
