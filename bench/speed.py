"""`python -m bench.speed --data DIR [--laws FOLDER] [--build] [--out FILE]`: how fast, how large.

Warm searches and answers, eight threads, cold questions at the terminal, what lies on disk and in memory,
recall of the kept vectors against exact ones; with `--laws` also one law more and an unchanged folder, in a
copy of DIR; with `--build` also the whole index anew. Nothing in DIR is changed.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench import questions
from indexer import generations
from indexer.build import build_index, current
from indexer.embedding import open_encoder
from indexer.passage import passages, units
from retriever.answer import Desk
from retriever.duty_result import Book
from retriever.search import Retriever

ROOT = Path(__file__).resolve().parent.parent
ASKED = ROOT / "training" / "questions.jsonl.gz"
LAW = """# 望川市夜间施工管理规定（样例·虚构）

2025年3月{n}日 望川市人民政府公布，自2025年4月1日起施行

<!-- INFO END -->

第一条 夜间施工的单位应当提前{n}日公告。

第二条 禁止在学校周边五十米内夜间施工。
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("ZEREN_DATA") or "data"))
    parser.add_argument("--laws", type=Path, help="the folder the texts came from")
    parser.add_argument("--build", action="store_true", help="build the whole index anew in a copy")
    parser.add_argument("--sample", type=int, default=300, help="questions (drawn with seed 7)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median of them is told")
    parser.add_argument("--out", type=Path, help="writes the figures here too")
    args = parser.parse_args()
    asked = [one.text for one in random.Random(7).sample(list(questions.read(ASKED)), args.sample)]
    told: dict[str, Any] = {"machine": machine(), "disk": disk(args.data)}
    told |= warm(args.data, asked, args.rounds)
    told["cold_ask_s"] = cold(args.data, asked[:5])
    told["recall"] = recall(args.data, asked)
    if args.laws:
        told["changes"] = changes(args.data, args.laws)
    if args.build:
        told["build"] = built(args.data)
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(text + "\n", "utf-8")
    print(text)
    return 0


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    from importlib.metadata import version

    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": [round(one, 1) for one in os.getloadavg()],
        **{name: version(name) for name in ("numpy", "faiss-cpu")},
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []


def disk(data: Path) -> dict[str, Any]:
    """Bytes of the texts as files, of the library and of the index, and what the index is made of."""
    from corpus.library import Library

    folder = current(data)
    assert folder is not None, "no index"
    with Library.open(data) as library:
        texts = sum(library.record(edition.key).size for edition in library.editions())
        count = len(library.editions())
    files = {p.name: p.stat().st_size for p in sorted(folder.iterdir()) if p.is_file()}
    index = sum(files.values())
    return {
        "texts": count,
        "texts_bytes": texts,
        "library_bytes": (data / "corpus.db").stat().st_size,
        "index_bytes": index,
        "index_by_texts": round(index / texts, 2),
        "files": files,
    }


def warm(data: Path, asked: Sequence[str], rounds: int) -> dict[str, Any]:
    """Search and answer one by one, searches by eight threads, memory of a process that serves all."""
    start = time.perf_counter()
    with Retriever.open(data) as retriever:
        opened = time.perf_counter() - start
        desk = Desk.open(retriever)
        book = Book.of(retriever)
        for text in asked[:30]:
            desk.ask(text)
        gc.collect()
        gc.freeze()
        searches = [latencies(retriever.search, asked) for _ in range(rounds)]
        answers = [latencies(desk.ask, asked) for _ in range(rounds)]
        threads = [throughput(retriever.search, asked, 8) for _ in range(rounds)]
        book.register.close()
        return {
            "open_s": round(opened, 2),
            "search_ms": _middle(searches),
            "search_processor_ms": _middle([latencies(retriever.search, asked, clock=time.thread_time)]),
            "ask_ms": _middle(answers),
            "threads_8_per_s": round(statistics.median(threads), 1),
            "resident_mb": resident(),
        }


def latencies(
    work: Callable[[str], Any], asked: Sequence[str], *, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Milliseconds of each question, of the day or of the processor (`clock`)."""
    out = []
    for text in asked:
        start = clock()
        work(text)
        out.append(1000 * (clock() - start))
    return out


def _middle(rounds: Sequence[Sequence[float]]) -> dict[str, float]:
    return {
        f"p{share}": round(statistics.median(float(np.percentile(one, share)) for one in rounds), 1)
        for share in (50, 95)
    }


def throughput(work: Callable[[str], Any], asked: Sequence[str], count: int) -> float:
    """Questions a second by so many threads."""
    waiting = list(asked) * 2
    done = len(waiting)

    def serve() -> None:
        while waiting:
            try:
                work(waiting.pop())
            except IndexError:
                return

    workers = [threading.Thread(target=serve) for _ in range(count)]
    start = time.perf_counter()
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return done / (time.perf_counter() - start)


def resident() -> dict[str, float]:
    """Megabytes in memory now: all, and what is not a mapped file that processes share."""
    found = {line.split(":")[0]: line.split()[1] for line in _lines("/proc/self/status") if "kB" in line}
    return {"all": int(found["VmRSS"]) / 1000, "own": int(found["RssAnon"]) / 1000}


def cold(data: Path, asked: Sequence[str]) -> float:
    """Median seconds of `zeren ask` as a process of its own."""
    return round(statistics.median(_run("ask", text, "--data", str(data), "--json") for text in asked), 2)


def _run(*words: str) -> float:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", "import sys, cli; sys.exit(cli.main())", *words],
        capture_output=True, cwd=ROOT, check=False, text=True,
    )  # fmt: skip
    if done.returncode not in (0, 3):
        raise RuntimeError(done.stderr[-500:])
    return time.perf_counter() - start


def recall(data: Path, asked: Sequence[str]) -> dict[str, float]:
    """The share of the truly nearest 10 and 100 passages that the kept vectors give."""
    encoder = open_encoder()
    with Retriever.open(data) as retriever:
        texts = [
            text
            for edition, rows in retriever.library.all_provisions()
            for unit in units(edition, rows)
            for text in passages(unit)
        ]
        exact = encoder.encode(texts)
        del texts
        vectors = encoder.encode(list(asked))
        _, found = retriever.engine.dense.search(vectors, 100)
    shares: dict[int, list[float]] = {10: [], 100: []}
    for vector, kept in zip(vectors, found, strict=True):
        best = np.argsort(-(exact @ vector), kind="stable")[:100]
        for k, held in shares.items():
            held.append(len(set(best[:k].tolist()) & set(kept[:k].tolist())) / k)
    return {f"@{k}": round(statistics.mean(held), 4) for k, held in shares.items()}


def changes(data: Path, laws: Path) -> dict[str, float]:
    """Seconds until one law more is searchable (`zeren add`, and in a program that runs), and for an
    unchanged folder."""
    from indexer.intake import take_in

    with tempfile.TemporaryDirectory(dir=data.parent) as folder:
        copy, law = _copy(data, Path(folder)), Path(folder) / "夜间施工(2025-03-01).md"
        told: dict[str, list[float]] = {"add_one_s": [], "add_one_inside_s": [], "index_step_s": []}
        for n in (1, 2, 3):
            law.write_text(LAW.format(n=n), "utf-8")
            told["add_one_s"].append(_run("add", str(law), "--data", str(copy)))
        for n in (4, 5, 6):
            law.write_text(LAW.format(n=n), "utf-8")
            start = time.perf_counter()
            take_in(copy, [law], workers=1)
            middle = time.perf_counter()
            build_index(copy)
            told["index_step_s"].append(time.perf_counter() - middle)
            told["add_one_inside_s"].append(time.perf_counter() - start)
        with Retriever.open(copy) as retriever:
            found = retriever.search("望川市夜间施工应当提前几日公告")
            assert any("提前6日" in hit.text for hit in found), "the law added is not found"
        unchanged = statistics.median(_run("add", str(laws), "--data", str(copy)) for _ in range(3))
    return {
        **{name: round(statistics.median(of), 2) for name, of in told.items()},
        "unchanged_s": round(unchanged, 2),
    }


def _copy(data: Path, folder: Path) -> Path:
    """The library and its current generation alone."""
    held = current(data)
    assert held is not None
    (folder / "data" / "index").mkdir(parents=True)
    shutil.copyfile(data / "corpus.db", folder / "data" / "corpus.db")
    shutil.copytree(held, generations.root(folder / "data") / held.name)
    (generations.root(folder / "data") / "CURRENT").write_text(held.name, "utf-8")
    return folder / "data"


def built(data: Path) -> dict[str, float]:
    """Seconds and peak megabytes (this process and its largest child) of a whole index from the library."""
    script = (
        "import resource, sys, time; from pathlib import Path; from indexer.build import build_index\n"
        "if __name__ == '__main__':\n"
        "    start = time.perf_counter(); build_index(Path(sys.argv[1]))\n"
        "    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)\n"
        "    peak = [resource.getrusage(one).ru_maxrss / 1000 for one in who]\n"
        "    print(time.perf_counter() - start, *peak)\n"
    )
    with tempfile.TemporaryDirectory(dir=data.parent) as folder:
        shutil.copyfile(data / "corpus.db", Path(folder) / "corpus.db")
        program = Path(folder) / "build.py"
        program.write_text(script, "utf-8")
        told = subprocess.run(
            [sys.executable, str(program), folder], capture_output=True, text=True, check=True,
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    seconds, own, child = map(float, told.stdout.split())
    return {"seconds": round(seconds, 1), "peak_mb": round(own), "largest_child_mb": round(child)}


if __name__ == "__main__":
    sys.exit(main())
