"""Compiled loops where nothing can be kept, and where what was kept is damaged."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from indexer import compiled

LOOP = """
import sys
import numpy as np
from indexer.compiled import compiled

@compiled
def doubled(cells):
    total = 0.0
    for at in range(len(cells)):
        total += 2 * cells[at]
    return total

print(doubled(np.arange(5.0)))
"""


def run(folder: Path) -> str:
    root = Path(__file__).resolve().parents[2]
    told = subprocess.run(
        [sys.executable, str(folder / "loop.py")],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


@pytest.mark.parametrize("kind", ["*.nbi", "*.nbc"])
def test_a_damaged_cache_is_passed_over(tmp_path: Path, kind: str) -> None:
    (tmp_path / "loop.py").write_text(LOOP, "utf-8")
    assert run(tmp_path) == "20.0"
    kept = list((tmp_path / "__pycache__").glob(kind))
    assert kept, "the loop was not kept"
    for path in kept:
        path.write_bytes(path.read_bytes()[:40])
    assert run(tmp_path) == "20.0"
    for path in kept:
        path.write_bytes(b"")
    assert run(tmp_path) == "20.0"


def test_a_damaged_cache_stops_numba_alone(tmp_path: Path) -> None:
    """The control: without our second try the damaged file ends the program."""
    bare = LOOP.replace("from indexer.compiled import compiled", "import numba").replace(
        "@compiled", "@numba.njit(cache=True)"
    )
    (tmp_path / "loop.py").write_text(bare, "utf-8")
    assert run(tmp_path) == "20.0"
    for path in (tmp_path / "__pycache__").glob("*.nbi"):
        path.write_bytes(b"")
    with pytest.raises(AssertionError):
        run(tmp_path)


def test_where_nothing_can_be_kept_loops_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    real = numba.njit

    def nowhere(**options: Any) -> Callable[..., Any]:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return real(**options)  # type: ignore[no-any-return]

    monkeypatch.setattr("indexer.compiled.njit", nowhere)

    def longest(cells: Any) -> Any:
        best = cells[0]
        for at in range(len(cells)):
            best = max(best, cells[at])
        return best

    assert compiled.compiled(longest)(np.array([3, 9, 4])) == 9


def test_a_fault_of_ours_is_raised() -> None:
    def wrong(cells: Any) -> Any:
        return cells.nothing_of_that_name

    with pytest.raises(numba.TypingError):
        compiled.compiled(wrong)(np.zeros(1))
