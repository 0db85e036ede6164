"""Readers that ask while the index is rebuilt under them: one process of many threads.

    python -m tests.reliability.crowd DATA QUESTIONS.jsonl THREADS STOP REPORT

Each thread holds the retriever of the newest generation it has seen and asks the questions round and
round until the file STOP exists. REPORT receives JSON: how many answers, the errors, a digest of the
answers by (generation, question), the seconds of each answer, and the memory over time. REPORT.asked
counts along.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from indexer import generations
from retriever.search import Retriever

# The control: readers that take the newest generation for the one they hold.
CARELESS = bool(os.environ.get("ZEREN_CARELESS_READERS"))


class Crowd:
    """The readers of one process; a retriever is shared by the threads that use its generation."""

    def __init__(self, data: Path, questions: list[str]) -> None:
        self.data, self.questions = data, questions
        self.lock = threading.Lock()
        self.held: dict[str, tuple[Retriever, int]] = {}
        self.answers: dict[tuple[str, int], set[str]] = {}
        self.mixed: list[str] = []
        self.errors: Counter[str] = Counter()
        self.seconds: list[tuple[float, float]] = []
        self.asked = 0

    def enter(self) -> Retriever:
        """The retriever of the newest generation, opened by whoever comes first."""
        with self.lock:
            folder = generations.current(self.data)
            name = folder.name if folder else ""
            if name not in self.held:
                opened = Retriever.open(self.data)
                name = opened.folder.name
                if name in self.held:
                    opened.close()
                else:
                    self.held[name] = (opened, 0)
            retriever, users = self.held[name]
            self.held[name] = (retriever, users + 1)
            return retriever

    def leave(self, retriever: Retriever) -> None:
        """Lets a generation go when its last thread here has moved on."""
        with self.lock:
            name = retriever.folder.name
            users = self.held[name][1] - 1
            self.held[name] = (retriever, users)
            if not users:
                del self.held[name]
                retriever.close()

    def ask(self, retriever: Retriever, number: int) -> None:
        begun = time.monotonic()
        hits = retriever.search(self.questions[number], k=5)
        self.seconds.append((begun, time.monotonic() - begun))
        shelf = set(retriever.engine.shelf.keys)
        said = [(hit.key, hit.place.citation, hit.text) for hit in hits]
        if any(key not in shelf for key, *_ in said):
            self.mixed.append(f"{retriever.folder.name}: a hit of another generation")
        digest = hashlib.sha256(repr(said).encode()).hexdigest()[:16]
        folder = generations.current(self.data) if CARELESS else retriever.folder
        self.answers.setdefault((folder.name if folder else "", number), set()).add(digest)

    def read(self, stop: Path, start: int) -> None:
        retriever = self.enter()
        number = start
        while not stop.exists():
            try:
                folder = generations.current(self.data)
                if folder is not None and folder.name != retriever.folder.name:
                    fresh = self.enter()
                    self.leave(retriever)
                    retriever = fresh
                self.ask(retriever, number % len(self.questions))
                self.asked += 1
            except Exception as error:  # noqa: BLE001 - any error at all is the finding
                self.errors[f"{type(error).__name__}: {error}"] += 1
                time.sleep(0.05)
            number += 1
        self.leave(retriever)


def resident() -> int:
    """KiB of memory in use now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def main() -> None:
    data, batch, threads, stop, report = sys.argv[1:6]
    questions = [json.loads(line)["text"] for line in Path(batch).read_text("utf-8").splitlines()]
    crowd = Crowd(Path(data), questions)
    readers = [
        threading.Thread(target=crowd.read, args=(Path(stop), n), daemon=True) for n in range(int(threads))
    ]
    memory: list[tuple[float, int]] = []
    for reader in readers:
        reader.start()
    while any(reader.is_alive() for reader in readers):
        memory.append((time.monotonic(), resident()))
        Path(f"{report}.asked").write_text(str(crowd.asked))
        time.sleep(0.2)
    value: dict[str, Any] = {
        "asked": crowd.asked,
        "errors": dict(crowd.errors),
        "mixed": crowd.mixed,
        "answers": [[*key, sorted(found)] for key, found in crowd.answers.items()],
        "seconds": crowd.seconds,
        "memory": memory,
    }
    Path(report).write_text(json.dumps(value), "utf-8")


if __name__ == "__main__":
    main()
