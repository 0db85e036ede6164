"""SIGKILL at any write, fsync or rename of a build or an add: the old answers stay, the next one works."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.reliability.conftest import Figures
from tests.reliability.stage import SEED, Scene, Theatre

INDEX, ADD = "index", "add"


@dataclass(frozen=True, slots=True)
class Act:
    """A command to be killed, the folder it starts from, and the answers before and after it."""

    words: tuple[str | Path, ...]
    start: Path
    before: str
    after: str
    operations: int
    seconds: float


def prepare(verb: str, scene: Scene, theatre: Theatre) -> Act:
    """`index` starts with a text added and not indexed, `add` with a text to be added."""
    start = scene.fresh(scene.data.parent / f"start-{verb}")
    if verb == INDEX:
        theatre.well("add", scene.more, "--no-index", "--data", start)
        words: tuple[str | Path, ...] = ("index",)
    else:
        words = ("add", scene.more)
    before = scene.answers(theatre, start)
    done = scene.data.parent / f"done-{verb}"
    act = Scene(start, scene.more, scene.batch)
    ran = theatre.run(*words, "--data", act.fresh(done), plan="count")
    assert ran.status == 0, ran.err
    after = scene.answers(theatre, done)
    assert before != after, "the text makes no difference: the test could not see a mix"
    assert ran.count > 60, "the shim sees no writes"
    return Act(words, start, before, after, ran.count, ran.seconds)


@pytest.fixture(scope="module", params=[INDEX, ADD])
def act(request: pytest.FixtureRequest, scene: Scene, theatre: Theatre) -> Act:
    return prepare(request.param, scene, theatre)


def survives(act: Act, scene: Scene, theatre: Theatre, **harm: object) -> tuple[bool, str]:
    """One kill: whether it struck in time, and "" or what was wrong."""
    data = Scene(act.start, scene.more, scene.batch).fresh(scene.data.parent / "harmed")
    ran = theatre.run(*act.words, "--data", data, **harm)  # type: ignore[arg-type]
    if ran.status not in (-9, 0):
        return False, f"ended with {ran.status}: {ran.err}"
    return ran.status == -9, wrong_after(act, scene, theatre, data)


def wrong_after(act: Act, scene: Scene, theatre: Theatre, data: Path) -> str:
    """The old answers or the new, whole; then the same command again. "" or what was wrong."""
    if scene.answers(theatre, data) not in (act.before, act.after):
        return "other answers"
    if not scene.whole(theatre, data):
        return "not whole"
    again = theatre.run(*act.words, "--data", data)
    if again.status != 0:
        return f"the next one failed: {again.err}"
    return "" if scene.whole(theatre, data, indexed=True) else "not whole and up to date after the next one"


def faults(act: Act, scene: Scene, theatre: Theatre, numbers: list[int]) -> tuple[int, dict[int, str]]:
    """How many kills struck, and what was wrong after which."""
    found = {n: survives(act, scene, theatre, plan=f"kill:{n}") for n in numbers}
    return sum(killed for killed, _ in found.values()), {n: words for n, (_, words) in found.items() if words}


def test_killed_at_some_operations(act: Act, scene: Scene, theatre: Theatre) -> None:
    chance = random.Random(SEED)
    assert faults(act, scene, theatre, chance.sample(range(1, act.operations), 2)) == (2, {})


@pytest.mark.long
def test_killed_at_every_operation(act: Act, scene: Scene, theatre: Theatre, figures: Figures) -> None:
    killed, wrong = faults(act, scene, theatre, list(range(1, act.operations + 1)))
    figures(operations=act.operations, killed=killed, wrong=wrong)
    assert wrong == {}
    assert killed >= act.operations - 2, "some kills came too late"


@pytest.mark.long
def test_killed_at_fifty_random_moments(act: Act, scene: Scene, theatre: Theatre, figures: Figures) -> None:
    """A moment after the end is none: others are drawn until fifty struck."""
    chance = random.Random(SEED)
    killed, tried, wrong = 0, 0, []
    while killed < 50 and tried < 150:
        struck, words = survives(act, scene, theatre, after=chance.uniform(0, act.seconds))
        killed, tried = killed + struck, tried + 1
        wrong += [words] if words else []
    figures(killed=killed, tried=tried, within=round(act.seconds, 2), wrong=wrong)
    assert (killed, wrong) == (50, [])


@pytest.mark.parametrize(
    ("verb", "broken"),
    [
        (INDEX, "pointer_first"),
        pytest.param(INDEX, "in_place", marks=pytest.mark.long),
        pytest.param(ADD, "no_transactions", marks=pytest.mark.long),
    ],
)
def test_control_a_broken_writer_is_caught(verb: str, broken: str, scene: Scene, theatre: Theatre) -> None:
    act = prepare(verb, scene, theatre)
    numbers = random.Random(SEED).sample(range(1, act.operations), 12)
    caught = (n for n in numbers if survives(act, scene, theatre, plan=f"kill:{n}", broken=broken)[1])
    assert next(caught, None), "this broken writer was not caught"
