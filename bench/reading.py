"""Speed of reading, by format: `python -m bench.reading [--json] [--repeat N]`.

Medians over the repeats, files taken from ../shared (22 laws in six forms; every 12th law as Markdown).
Scans are read only with --scans: they take seconds a page.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from corpus import reading, structure, wire
from corpus.document import Document
from corpus.isolation import Reader

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
ASKED = {"markdown": 40.0, "txt": 40.0, "docx": 15.0, "pdf": 5.0}  # files a second; pages for pdf


def timed(work: Callable[[], int], repeat: int) -> float:
    """Units a second, the median of the repeats; `work` returns how many units it did."""
    rates = []
    for _ in range(repeat):
        begun = time.perf_counter()
        units = work()
        rates.append(units / (time.perf_counter() - begun))
    return statistics.median(rates)


def parse_all(paths: Iterable[Path]) -> int:
    """Reads and parses; returns how many files."""
    return len([structure.read_document(path, source=path.name) for path in paths])


def pages_read(paths: Iterable[Path]) -> int:
    return sum(reading.read(path).pages or 0 for path in paths)


def isolated(paths: list[Path], root: Path, workers: int) -> int:
    with Reader(workers=workers) as reader:
        return sum(1 for _ in reader.read_all(paths, root=root))


def wired(documents: list[Document]) -> int:
    for document in documents:
        wire.document_from_json(wire.document_to_json(document))
    return len(documents)


def measure(repeat: int, *, scans: bool) -> dict[str, float]:
    """Name → units a second."""
    laws, forms = SHARED / "laws", SHARED / "formats"
    sample = [path for path in sorted(laws.rglob("*.md")) if not path.name.startswith("_")][::12]

    def of(form: str) -> list[Path]:
        return [path for path in sorted(forms.glob(f"*{form}")) if ".scan" not in path.name]

    documents = [structure.read_document(path, source=path.name) for path in sample]
    rates = {
        "markdown files/s": timed(lambda: parse_all(sample), repeat),
        "txt files/s": timed(lambda: parse_all(of(".txt")), repeat),
        "docx files/s": timed(lambda: parse_all(of(".docx")), repeat),
        "html files/s": timed(lambda: parse_all(of(".html")), repeat),
        "pdf pages/s": timed(lambda: pages_read(of(".pdf")), repeat),
        "isolated markdown files/s, 1 worker": timed(lambda: isolated(sample, laws, 1), repeat),
        "isolated markdown files/s, 2 workers": timed(lambda: isolated(sample, laws, 2), repeat),
        "wire documents/s, both ways": timed(lambda: wired(documents), repeat),
        "doc files/s, LibreOffice": timed(lambda: parse_all(of(".doc")[:5]), 1),
    }
    if scans:
        rates["scan pages/s"] = timed(lambda: pages_read(sorted(forms.glob("*.scan.pdf"))), 1)
    return rates


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.reading", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--scans", action="store_true", help="also the four scans")
    args = parser.parse_args()
    if not (SHARED / "formats").is_dir():
        print("../shared/formats is not beside the project: nothing measured", file=sys.stderr)
        return 4
    rates = measure(args.repeat, scans=args.scans)
    if args.json:
        print(json.dumps({"load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None, "rates": rates}))
        return 0
    for name, rate in rates.items():
        asked = ASKED.get(name.split()[0])
        print(f"{name:40} {rate:9.2f}" + (f"   asked ≥ {asked:g}" if asked else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
