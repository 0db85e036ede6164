"""One theatre and one scene for the tests of this folder, and where their figures go."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reliability import stage
from tests.reliability.stage import Scene, Theatre

Figures = Callable[..., None]


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled shim; skipped by name where it cannot be."""
    if stage.compiler() is None:
        pytest.skip("SKIPPED LOUDLY: the fault shim needs Linux and a C compiler (gcc)")
    return stage.compiled(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the shim watches."""
    return tmp_path_factory.mktemp("ground")


@pytest.fixture(scope="session")
def theatre(shim: Path, ground: Path) -> Iterator[Theatre]:
    with Theatre(ground, shim) as one:
        yield one


@pytest.fixture(scope="session")
def scene(theatre: Theatre, ground: Path) -> Scene:
    """Three sample texts indexed, one more text waiting."""
    return stage.scene(ground / "scene", theatre, sorted(stage.SAMPLES.iterdir())[:3])


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Notes figures of a run as a JSON line in $ZEREN_FIGURES, and prints them."""

    def note(**values: Any) -> None:
        line = json.dumps({"test": request.node.name, "seed": stage.SEED, **values}, ensure_ascii=False)
        print(line)
        if os.environ.get("ZEREN_FIGURES"):
            with Path(os.environ["ZEREN_FIGURES"]).open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    return note
