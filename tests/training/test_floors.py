"""The shipped model's card holds the figures of its own training run: none may be below its floor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.embedding import SHIPPED

FLOORS = json.loads((Path(__file__).parents[1] / "gate.json").read_text("utf-8"))["retrieval"]


def figures() -> dict[str, float]:
    """ "ours ranked hit@1" → 0.557, from the two tables of the card."""
    found: dict[str, float] = {}
    measures: list[str] = []
    for line in (SHIPPED / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| |"):
            measures = cells[1:]
        elif line.startswith("| ") and measures:
            whose = "ours" if measures[0].startswith("hit") else "STARD"
            found |= {f"{whose} {cells[0]} {m}": float(v) for m, v in zip(measures, cells[1:], strict=True)}
    return found


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_no_figure_is_below_its_floor(name: str) -> None:
    assert figures()[name] >= FLOORS[name]


def test_learning_to_rank_pays() -> None:
    held = figures()
    assert held["ours ranked hit@1"] > held["ours fused hit@1"] + 0.05
    assert held["STARD ranked R@10"] > held["STARD fused R@10"] + 0.03
