"""Readers in threads and processes while the index is rebuilt: no error, no mixed answer, flat memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from commands.serve import FLAT
from indexer import generations
from tests.reliability.conftest import Figures
from tests.reliability.stage import ROOT, Scene, Theatre

TEXT = """# 望川市第{n}号临时规定（样例·虚构）

2025年3月{n}日 望川市人民政府公布，自2025年4月1日起施行

<!-- INFO END -->

第一条 第{n}号作业单位应当在作业前检查第{n}号设备并记录。

第二条 未按前条规定检查的，处{n}千元罚款。
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What the readers saw, when each rebuild began and ended, and the generations there were."""

    reports: list[dict[str, Any]]
    rebuilds: list[tuple[float, float]]
    generations: set[str]

    @property
    def asked(self) -> int:
        return sum(report["asked"] for report in self.reports)

    def errors(self) -> list[str]:
        return [words for report in self.reports for words in (*report["errors"], *report["mixed"])]

    def differing(self) -> list[str]:
        """(generation, question) pairs answered in more than one way, over all readers."""
        found: dict[tuple[str, int], set[str]] = {}
        for report in self.reports:
            for name, number, digests in report["answers"]:
                found.setdefault((name, number), set()).update(digests)
        return [f"{name} {number}" for (name, number), digests in found.items() if len(digests) > 1]

    def p95(self, *, quiet: bool) -> float:
        taken = sorted(
            seconds
            for report in self.reports
            for at, seconds in report["seconds"]
            if (at < self.rebuilds[0][0] if quiet else self._rebuilding(at, seconds))
        )
        return float(taken[int(0.95 * len(taken))])

    def _rebuilding(self, at: float, seconds: float) -> bool:
        return any(begun < at + seconds and at < ended for begun, ended in self.rebuilds)

    def growth(self) -> float:
        """Memory late in the rebuilds over that early in them, the largest of the processes.

        The median of a third of the time: opening a generation takes some more for a moment.
        """
        first, last = self.rebuilds[len(self.rebuilds) // 4][0], self.rebuilds[-1][1]
        third = (last - first) / 3
        shares = []
        for report in self.reports:
            early = [kib for at, kib in report["memory"] if first < at <= first + third]
            late = [kib for at, kib in report["memory"] if last - third < at <= last]
            shares.append(median(late) / median(early))
        return float(max(shares))


def watch(
    scene: Scene,
    theatre: Theatre,
    folder: Path,
    *,
    processes: int,
    threads: int,
    rebuilds: int,
    queries: int,
    broken: str | None = None,
) -> Watched:
    """Readers at work; after a sixth of the queries texts are added and indexed, spread over the others."""
    data = scene.fresh(folder / "数据")
    stop = folder / "stop"
    reports = [folder / f"report{n}.json" for n in range(processes)]
    words = [sys.executable, "-m", "tests.reliability.crowd", str(data), str(scene.batch), str(threads)]
    served = {**os.environ, **FLAT}  # as `zeren serve` starts its server
    crowd = [subprocess.Popen([*words, str(stop), str(report)], cwd=ROOT, env=served) for report in reports]
    moments = []
    seen = {str(generations.current(data))}
    try:
        for n in range(1, rebuilds + 1):
            until(reports, queries // 6 + (n - 1) * (queries - queries // 6) // rebuilds)
            text = folder / f"临时规定{n}(2025-03-{n:02}).md"
            text.write_text(TEXT.format(n=n), "utf-8")
            begun = time.monotonic()
            ran = theatre.run("add", text, "--data", data, broken=broken)
            moments.append((begun, time.monotonic()))
            assert broken or ran.status == 0, ran.err
            seen.add(str(generations.current(data)))
        until(reports, queries)
    finally:
        stop.touch()
        for one in crowd:
            one.wait(timeout=120)
    found = [json.loads(report.read_text("utf-8")) for report in reports]
    assert len([p for p in (data / "index").iterdir() if p.is_dir()]) <= 4, "old generations stay"
    return Watched(found, moments, {Path(name).name for name in seen})


def until(reports: list[Path], queries: int) -> None:
    """Waits until the readers have asked so many."""
    counts = [report.with_name(f"{report.name}.asked") for report in reports]
    deadline = time.monotonic() + 1200
    while time.monotonic() < deadline:
        told = [count.read_text() if count.exists() else "" for count in counts]
        if all(told) and sum(map(int, told)) >= queries:
            return
        time.sleep(0.1)
    raise AssertionError(f"the readers did not ask {queries} questions in 20 minutes")


@pytest.mark.long
def test_some_readers_during_rebuilds(scene: Scene, theatre: Theatre, tmp_path: Path, shim: Path) -> None:
    seen = watch(scene, theatre, tmp_path, processes=1, threads=8, rebuilds=3, queries=400)
    assert (seen.errors(), seen.differing()) == ([], [])
    assert seen.asked >= 400
    assert len(seen.generations) == 4


@pytest.mark.long
def test_sixty_four_readers_during_twenty_rebuilds(
    scene: Scene, theatre: Theatre, tmp_path: Path, figures: Figures
) -> None:
    seen = watch(scene, theatre, tmp_path, processes=4, threads=16, rebuilds=20, queries=100_000)
    quiet, busy = seen.p95(quiet=True), seen.p95(quiet=False)
    figures(
        readers=64,
        rebuilds=20,
        asked=seen.asked,
        errors=seen.errors(),
        mixed=seen.differing(),
        p95_quiet_ms=round(1000 * quiet, 1),
        p95_rebuilding_ms=round(1000 * busy, 1),
        ratio=round(busy / quiet, 2),
        memory_growth=round(seen.growth(), 3),
        seconds=round(seen.rebuilds[-1][1] - seen.rebuilds[0][0]),
    )
    assert (seen.errors(), seen.differing()) == ([], [])
    assert seen.asked >= 100_000
    assert busy <= 2 * quiet
    assert seen.growth() < 1.1


def synthetic(**harm: Any) -> Watched:
    """What two flawless processes would report over three rebuilds, with something changed."""
    rebuilds = [(100.0, 110.0), (120.0, 130.0), (140.0, 150.0)]
    report = {
        "asked": 900,
        "errors": {},
        "mixed": [],
        "answers": [["g1", 0, ["aa"]], ["g2", 0, ["bb"]]],
        "seconds": [[at / 2, 0.1] for at in range(400)],
        "memory": [[at, 500_000] for at in range(160)],
    }
    return Watched([report, {**report, **harm}], rebuilds, {"g1", "g2", "g3", "g4"})


HARMS: dict[str, tuple[dict[str, Any], Any]] = {
    "an error": ({"errors": {"OSError": 1}}, lambda seen: seen.errors()),
    "a hit of another": ({"mixed": ["g2: a hit of another generation"]}, lambda seen: seen.errors()),
    "two answers": ({"answers": [["g2", 0, ["aa"]]]}, lambda seen: seen.differing()),
    "slow in rebuilds": (
        {"seconds": [[at / 2, 0.1 if at < 200 else 0.5] for at in range(400)]},
        lambda seen: seen.p95(quiet=False) > 2 * seen.p95(quiet=True),
    ),
    "a leak": (
        {"memory": [[at, 500_000 + 9_000 * at] for at in range(160)]},
        lambda seen: seen.growth() >= 1.1,
    ),
}


@pytest.mark.parametrize("name", HARMS)
def test_control_what_the_readers_must_not_show_is_seen(name: str) -> None:
    harm, noticed = HARMS[name]
    assert not noticed(synthetic())
    assert noticed(synthetic(**harm))


@pytest.mark.parametrize("broken", [None, "unheld"])
def test_a_held_generation_stays(broken: str | None, scene: Scene, theatre: Theatre, tmp_path: Path) -> None:
    """And the control: a collector that asks nobody takes it away."""
    data = scene.fresh(tmp_path / "数据")
    folder = generations.current(data)
    assert folder is not None
    with generations.hold(folder):
        for n in (1, 2):
            text = tmp_path / f"临时规定{n}(2025-03-0{n}).md"
            text.write_text(TEXT.format(n=n), "utf-8")
            assert theatre.run("add", text, "--data", data, broken=broken).status == 0
        assert folder.exists() == (broken is None)


@pytest.mark.long
def test_control_readers_that_mix_generations_are_seen(
    scene: Scene, theatre: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZEREN_CARELESS_READERS", "1")
    seen = watch(scene, theatre, tmp_path, processes=1, threads=8, rebuilds=3, queries=400)
    assert seen.differing()
