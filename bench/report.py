"""`python -m bench.report`: the figures of bench/results as the tables and drawings of docs/performance.md.

Each table stands between `<!-- name -->` and `<!-- /name -->`; only what stands between is written, and
nothing for a measurement that was not taken.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
PAGE = ROOT / "docs" / "performance.md"
DRAWINGS = ROOT / "docs" / "performance"
Row = Sequence[object]


def main() -> int:
    page = PAGE.read_text("utf-8")
    for name, write in SECTIONS.items():
        file = RESULTS / f"{name}.json"
        if file.is_file():
            page = put(page, name, write(json.loads(file.read_text("utf-8"))))
    PAGE.write_text(page, "utf-8")
    return 0


def put(page: str, name: str, text: str) -> str:
    """A page with a section written anew. Raises ValueError when it has none of that name."""
    start, end = page.index(f"<!-- {name} -->"), page.index(f"<!-- /{name} -->")
    return f"{page[:start]}<!-- {name} -->\n{text}\n{page[end:]}"


def table(head: Row, rows: Sequence[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def bars(file: Path, title: str, unit: str, values: Mapping[str, float]) -> None:
    """A bar a value, drawn as SVG."""
    most, height = max(values.values(), default=1) or 1, 24 * len(values) + 40
    parts = [f'<text x="8" y="18" font-weight="bold">{escape(title)}</text>']
    for number, (name, value) in enumerate(values.items()):
        y, width = 32 + 24 * number, 380 * value / most
        parts.append(f'<text x="8" y="{y + 13}">{escape(name)}</text>')
        parts.append(f'<rect x="200" y="{y}" width="{width:.1f}" height="16" fill="#4472a8"/>')
        parts.append(f'<text x="{206 + width:.1f}" y="{y + 13}">{value:g} {escape(unit)}</text>')
    file.parent.mkdir(parents=True, exist_ok=True)
    body = "".join(parts)
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="680" height="{height}" font-family="sans-serif"'
        f' font-size="13" role="img" aria-label="{escape(title)}">'
        f'<rect width="680" height="{height}" fill="white"/>{body}</svg>\n',
        "utf-8",
    )


def _machine(told: Mapping[str, Any]) -> str:
    m = told["machine"]
    return (
        f"{m['processor']}, {m['cores']} cores, Python {m['python']}, numpy {m['numpy']}, "
        f"faiss {m['faiss-cpu']}; load when it began {m['load'][0]}."
    )


def speed(told: dict[str, Any]) -> str:
    """The table of bench.speed."""
    disk = told["disk"]
    rows: list[Row] = [
        ("search, warm (p50 / p95)", _pair(told["search_ms"]), "15 / 40 ms"),
        ("of that processor time (p50 / p95)", _pair(told["search_processor_ms"]), "–"),
        ("ask, warm (p50 / p95)", _pair(told["ask_ms"]), "– / 120 ms"),
        ("searches a second, 8 threads", told["threads_8_per_s"], "150"),
        ("cold `zeren ask`", f"{told['cold_ask_s']} s", "5 s"),
        ("opening the index", f"{told['open_s']} s", "–"),
        (
            "resident (of that not shared)",
            "{all:.0f} ({own:.0f}) MB".format(**told["resident_mb"]),
            "1,500 MB",
        ),
        ("texts as files", f"{disk['texts_bytes'] / 1e6:.1f} MB", "–"),
        ("index on disk", f"{disk['index_bytes'] / 1e6:.1f} MB = {disk['index_by_texts']}×", "3× the texts"),
    ]
    if "recall" in told:
        rows.append(("recall@10 / @100 of exact vectors", "{@10} / {@100}".format(**told["recall"]), "0.98"))
    if "changes" in told:
        c = told["changes"]
        rows += [
            ("one law more, `zeren add`", f"{c['add_one_s']} s", "2 s"),
            ("the same in a running program", f"{c['add_one_inside_s']} s", "–"),
            ("unchanged folder", f"{c['unchanged_s']} s", "15 s"),
        ]
    if "build" in told:
        b = told["build"]
        rows.append(("whole index from the library", f"{b['seconds']} s, {b['peak_mb']} MB", "4 min, 2 GB"))
    names = {
        "words.npy": "words",
        "vectors.faiss": "vectors",
        "register.sqlite": "duties, penalties",
        "grams.npz": "grams",
    }
    parts: dict[str, float] = {}
    for name, size in disk["files"].items():
        kind = names.get(name, "postings" if name.startswith("postings") else "the rest")
        parts[kind] = round(parts.get(kind, 0) + size / 1e6, 1)
    bars(DRAWINGS / "disk.svg", "Index on disk", "MB", parts)
    return f"{_machine(told)}\n\n{table(('', 'measured', 'target'), rows)}\n\n![disk](performance/disk.svg)"


def _pair(told: Mapping[str, float]) -> str:
    return f"{told['p50']} / {told['p95']} ms"


def peers(told: dict[str, Any], *, drawing: str = "peers") -> str:
    """The table of bench.peers."""
    held = {name: row for name, row in told["systems"].items() if "absent" not in row}
    rows = [(name, row["hit@10"], row["p50_ms"], row["p95_ms"], row["build_s"]) for name, row in held.items()]
    absent = [name for name, row in told["systems"].items() if "absent" in row]
    bars(DRAWINGS / f"{drawing}.svg", "A question, median", "ms", {n: r["p50_ms"] for n, r in held.items()})
    note = f"\n\nNot installed: {', '.join(absent)}." if absent else ""
    head = ("", "hit@10", "p50 ms", "p95 ms", "building s")
    about = f"{told['units']} articles and sections, {told['questions']} questions. {_machine(told)}"
    return f"{about}\n\n{table(head, rows)}{note}\n\n![peers](performance/{drawing}.svg)"


def growth(told: dict[str, Any]) -> str:
    """The table of bench.growth."""
    sizes = {name: row for name, row in told.items() if name != "machine"}
    head = ["", "units", "building s", "s / 100,000", "peak MB", "disk MB", "vectors", "their p50 ms"]
    head += ["p50 ms", "p95 ms", "recall@10"]
    rows = [
        (
            size,
            *(row[name] for name in ("units", "build_s", "build_s_per_100000_units", "peak_mb", "disk_mb")),
            _found(row.get("vectors", {})),
            _beside(row, "vectors_p50_ms"),
            *(_beside(row, name) for name in ("search_p50_ms", "search_p95_ms", "recall@10")),
        )
        for size, row in sizes.items()
    ]
    bars(DRAWINGS / "growth.svg", "Search, p95", "ms", {n: r["search_p95_ms"] for n, r in sizes.items()})
    return f"{_machine(told)}\n\n{table(head, rows)}\n\n![growth](performance/growth.svg)"


def _found(told: Mapping[str, Any]) -> str:
    return f"{told['searched']} of {told['lists']} lists" if told.get("lists") else "all"


def _beside(row: Mapping[str, Any], name: str) -> str:
    """A figure, and in brackets the same with every vector looked at."""
    held = f"{row.get(name, '–')}"
    return f"{held} ({row[f'exact_{name}']})" if f"exact_{name}" in row else held


SECTIONS: dict[str, Callable[[dict[str, Any]], str]] = {
    "speed": speed,
    "peers": peers,
    "peers_all": partial(peers, drawing="peers_all"),
    "growth": growth,
}


if __name__ == "__main__":
    sys.exit(main())
