"""Quality only goes up: floors in gate.json; here those that need no index, all of them by bench.gate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.examples import SCORERS

FLOORS = json.loads((Path(__file__).parent / "gate.json").read_text(encoding="utf-8"))["examples"]


def test_every_kind_has_floors() -> None:
    assert {name.partition(".")[0] for name in FLOORS} == set(SCORERS)
    assert all(0.0 < floor <= 1.0 for floor in FLOORS.values())


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["parse", "duty", "recommendations"])
def test_no_floor_is_undercut(shared: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    score = SCORERS[kind](shared / "examples", "no data needed")
    capsys.readouterr()
    measured = {
        k: score.counts[k + " right"] / score.counts[k] for k in score.counts if not k.endswith(" right")
    }
    below = {
        aspect: rate
        for aspect, rate in measured.items()
        if round(rate, 4) < FLOORS.get(f"{kind}.{aspect}", 0.0)
    }
    assert not below, score.failed
