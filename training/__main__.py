"""`python -m training`: texts and questions → indexer/model and the ranker. Resumable and seeded.

Steps leave their results in the work folder; a step whose result is there is not done again.
"""

from __future__ import annotations

import argparse
import gzip
import os
import resource
import sys
import time
from pathlib import Path

from retriever.ranker import CALIBRATION, MODEL
from training.optimise import Settings
from training.run import QUESTIONS, Run

HOME = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--shared", type=Path, default=HOME.parent / "shared")
    parser.add_argument("--work", type=Path, default=HOME / "build" / "training")
    parser.add_argument("--out", type=Path, default=HOME / "indexer" / "model")
    parser.add_argument("--ranker", type=Path, default=MODEL.parent, help="folder of ranker.txt and .json")
    parser.add_argument("--seed", type=int, default=Settings().seed)
    parser.add_argument("--data", type=Path, help="a data folder that already holds the laws")
    args = parser.parse_args()
    run = Run(args.shared, args.work, args.data or args.work / "data", Settings(seed=args.seed))
    started = time.monotonic()
    run.all(args.out, args.ranker / MODEL.name, args.ranker / CALIBRATION.name)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in used)
    run.tell(f"wall {time.monotonic() - started:.0f} s, processor {cpu:.0f} s on {os.cpu_count()} cores")
    return 0


def pack_questions(source: Path) -> None:
    """questions.jsonl → the compressed copy in the repository, the same bytes for the same input."""
    with QUESTIONS.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
        packed.write(source.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
