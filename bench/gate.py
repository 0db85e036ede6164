"""The ratchet: quality on the hand-labelled cases may only go up.

`python -m bench.gate --data DIR` measures every kind of ../shared/examples through the command line, compares
with tests/gate.json and fails below a floor. `--raise` lifts the floors to what was measured; it never
lowers one. DIR holds the library of ../shared/laws and ../shared/policies.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.examples import SCORERS
from bench.scoring import ROOT, SHARED

FLOORS = ROOT / "tests" / "gate.json"


def measure(data: str, cases: Path) -> dict[str, float]:
    """The share that is right, by kind and aspect: {"qa.first": 0.9, …}."""
    rates = {}
    for name, scorer in SCORERS.items():
        counts = scorer(cases, data).counts
        for aspect in [key for key in counts if not key.endswith(" right")]:
            rates[f"{name}.{aspect}"] = round(counts[aspect + " right"] / counts[aspect], 4)
    return rates


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="data")
    parser.add_argument("--cases", type=Path, default=SHARED / "examples")
    parser.add_argument(
        "--raise", dest="lift", action="store_true", help="lift the floors to what was measured"
    )
    args = parser.parse_args()
    held = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.is_file() else {}
    floors = held.setdefault("examples", {})
    measured = measure(args.data, args.cases)
    below = [name for name, floor in floors.items() if measured.get(name, 0.0) < floor]
    for name, rate in measured.items():
        mark = "✗" if name in below else " "
        print(f"{mark} {name}: {rate:.3f} (floor {floors.get(name, 0.0):.3f})")
    if args.lift:
        held["examples"] = {name: max(rate, floors.get(name, 0.0)) for name, rate in measured.items()}
        FLOORS.write_text(
            json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
