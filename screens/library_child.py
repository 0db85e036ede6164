"""The child process that changes the library for the page: adds files, builds the index, tells how far it is.

    echo '{"data": "…", "paths": ["…"], "given": {}}' | python -m screens.library_child

One JSON line on stdout for every step: {"step", "done", "of"}, then {"report": […]} or {"error": […]}. A
process of its own, so that the page goes on answering, and so that cancelling is ending it: every text is
added in one transaction, and an index not finished is never served.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus.errors import ZerenError
from indexer.build import build_index
from indexer.intake import take_in

EVERY = 0.2  # seconds between two lines of one step


def main() -> None:
    job = json.loads(sys.stdin.read())
    data, paths = Path(job["data"]), job.get("paths") or []
    try:
        if paths:
            report = take_in(data, paths, given=job.get("given") or {}, progress=_teller("reading"))
            _tell({"report": report.rows(), "counts": report.as_json()["counts"]})
        build_index(data, progress=_teller("indexing"))
        _tell({"done": True})
    except ZerenError as error:
        _tell({"error": [error.message, error.next_step]})


def _teller(step: str) -> Callable[[int, int], None]:
    told = [0.0]

    def tell(done: int, of: int) -> None:
        if done == of or time.monotonic() - told[0] >= EVERY:
            told[0] = time.monotonic()
            _tell({"step": step, "done": done, "of": of})

    return tell


def _tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
