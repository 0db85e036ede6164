"""A bit flipped, a file cut or two stretches swapped, in every kind of file of a data folder.

What a damage may do: be named by `zeren status --verify`. What it may not: go unnoticed, or put words on
the page that the library does not hold. The library may refuse to answer; it may not answer wrongly.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from indexer import generations
from screens import work
from tests.reliability import stage
from tests.reliability.conftest import Figures
from tests.reliability.stage import SEED, Scene, Theatre

HOWS = ("flip", "cut", "swap")
# Rebuilt when opened; empty files; what the page is writing (its rows: tests/corpus/test_saved_work.py).
PASSED_OVER = {"corpus.db-shm", "build.lock", "held", "work.db"}
JOURNAL = "corpus.db-wal"
COPIES = {"", ".seal", ".work", ".work.seal"}  # a backup: the library and what people saved, each sealed
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Museum:
    """A whole data folder with two generations and a backup, the same with the journal of a killed writer,
    and what may be said of their texts."""

    data: Path
    killed: Path
    batch: Path
    lines: frozenset[tuple[str, ...]]
    title: str

    def kinds(self) -> dict[str, list[Path]]:
        """The files by kind: name without the generation's number."""
        found: dict[str, list[Path]] = {}
        for path in sorted(p for p in self.data.rglob("*") if p.is_file() and p.stat().st_size):
            parts = path.relative_to(self.data).parts
            if path.name not in PASSED_OVER and parts[0] != "log":
                found.setdefault("/".join(dict.fromkeys((parts[0], parts[-1]))), []).append(path)
        return {**found, JOURNAL: [self.killed / JOURNAL]}


def lines_of(answer: dict[str, Any]) -> set[tuple[str, ...]]:
    """Everything an answer says of texts: place and words of each row."""
    rows = [*answer.get("hits", ()), *answer.get("shown", ()), *answer.get("texts", ())]
    rows += [row for shown in answer.get("shown", ()) for row in shown.get("provisions", ())]
    rows += [same for hit in answer.get("hits", ()) for same in hit.get("also", ())]
    keys = ("title", "version", "status", "citation", "label", "text")
    return {tuple(str(row.get(key)) for key in keys) for row in rows}


def said(
    museum: Museum, theatre: Theatre, data: Path, broken: str | None = None, batch: Path | None = None
) -> set[tuple[str, ...]] | None:
    """What search, show and list say; None where one ended without a sentence."""
    found: set[tuple[str, ...]] = set()
    commands: list[tuple[str | Path, ...]] = [
        ("search", "--batch", batch or museum.batch),
        ("show", f"{museum.title}第二条", "--json"),
        ("list", "--json"),
    ]
    for words in commands:
        ran = theatre.run(*words, "--data", data, broken=broken)
        if not ran.one_sentence() and broken is None:
            return None
        for line in ran.out.splitlines():
            if line.startswith("{"):
                found |= lines_of(json.loads(line))
    return found


def questions(file: Path, k: int) -> Path:
    """Some questions as a batch, with so many answers each."""
    rows = [json.dumps({"id": n, "text": q, "k": k}) for n, q in enumerate(stage.QUESTIONS[:SHOWN])]
    file.write_text("\n".join(rows), "utf-8")
    return file


def newest(data: Path) -> Path:
    """The generation in use."""
    folder = generations.current(data)
    assert folder is not None
    return folder


@pytest.fixture(scope="module")
def museum(scene: Scene, theatre: Theatre, ground: Path) -> Museum:
    data = scene.fresh(ground / "museum")
    theatre.well("add", scene.more, "--data", data)
    for number in range(20):
        work.keep(data, "li", "letter", f"整改函{number}", {"words": "应当检查。" * 50})
    theatre.well("backup", "--data", data)
    killed = ground / "killed"
    shutil.copytree(data, killed)
    words = ("add", sorted(stage.SAMPLES.iterdir())[4], "--no-index", "--data", killed)
    assert theatre.run(*words, plan="kill:45").status == -9
    batch = questions(ground / "some questions.jsonl", 10)
    bare = Museum(data, killed, batch, frozenset(), "《望川市夜间施工管理规定（样例·虚构）》")
    lines: set[tuple[str, ...]] = set()
    for folder, older in ((data, False), (data, True), (killed, False), (killed, True)):
        copy = ground / "copied"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        if older:  # the generation before serves when the current one is damaged: its answers are right too
            (newest(copy) / generations.MANIFEST).unlink()
        lines |= said(bare, theatre, copy, batch=questions(ground / "all.jsonl", 100)) or set()
    assert (killed / JOURNAL).stat().st_size > 0
    assert len(lines) > 20, "the right words are not all known"
    return replace(bare, lines=frozenset(lines))


def damage(path: Path, how: str, chance: random.Random) -> bool:
    """Harms a file; whether its bytes differ now."""
    good = path.read_bytes()
    bad = bytearray(good)
    at = chance.randrange(len(bad))
    if how == "flip":
        bad[at] ^= 1 << chance.randrange(8)
    elif how == "cut":
        del bad[at:]
    else:
        size = min(chance.choice((1, 8, 64, 512)), len(bad) // 2) or 1
        one, other = chance.randrange(len(bad) - size + 1), chance.randrange(len(bad) - size + 1)
        bad[one : one + size], bad[other : other + size] = good[other : other + size], good[one : one + size]
    path.write_bytes(bytes(bad))
    return bytes(bad) != good


def harmed(
    museum: Museum, theatre: Theatre, folder: Path, count: int, *, broken: str | None = None, first: int = 0
) -> tuple[Counter[str], list[str], list[str]]:
    """Damages every kind of file in turn: tried by kind, what went unnoticed, what was shown wrongly."""
    kinds = museum.kinds()
    tried: Counter[str] = Counter()
    unnoticed, wrong = [], []
    number = first
    while tried.total() < count:
        chance = random.Random(f"{SEED}-damage-{number}")
        kind = sorted(kinds)[number % len(kinds)]
        how = HOWS[number // len(kinds) % 3]
        number += 1
        whole = museum.killed if kind == JOURNAL else museum.data
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, folder)
        target = folder / chance.choice(kinds[kind]).relative_to(whole)
        if not damage(target, how, chance):
            continue
        tried[kind] += 1
        what = f"{number - 1}: {how} {target.relative_to(folder)}"
        shown = said(museum, theatre, folder, broken)
        if shown is None:
            wrong.append(f"{what}: no sentence")
        elif shown - museum.lines:
            wrong.append(f"{what}: {sorted(shown - museum.lines)[0]}")
        shutil.rmtree(folder)  # the commands above may have folded a journal in: harm a fresh copy alike
        shutil.copytree(whole, folder)
        again = random.Random(f"{SEED}-damage-{number - 1}")
        damage(folder / again.choice(kinds[kind]).relative_to(whole), how, again)
        ran = theatre.run("status", "--verify", "--json", "--data", folder, broken=broken)
        if (ran.status != 4 and broken is None) or ran.status == 0:
            unnoticed.append(f"{what}: status {ran.status}")
    return tried, unnoticed, wrong


def test_some_damage_is_noticed_and_nothing_wrong_is_shown(
    museum: Museum, theatre: Theatre, ground: Path
) -> None:
    kinds = museum.kinds()
    assert {"corpus.db", JOURNAL, "corpus.db.seal", "index/CURRENT", "index/manifest.json"} <= set(kinds)
    assert {name.partition(".db")[2] for name in kinds if name.startswith("backup/")} == COPIES
    first = len(kinds) * 3 + 2
    assert harmed(museum, theatre, ground / "harmed", 4, first=first)[1:] == ([], [])


@pytest.mark.long
@pytest.mark.parametrize("part", range(2))
def test_a_thousand_damages(
    part: int, museum: Museum, theatre: Theatre, ground: Path, figures: Figures
) -> None:
    each = 500
    tried, unnoticed, wrong = harmed(museum, theatre, ground / f"part{part}", each, first=part * 1_000_000)
    figures(damages=each, kinds=dict(tried), unnoticed=unnoticed, wrong=wrong)
    assert (unnoticed, wrong) == ([], [])


def test_control_readers_without_hashes_show_wrong_words(
    museum: Museum, theatre: Theatre, ground: Path
) -> None:
    """One law's word is replaced in corpus.db: a program without hashes prints it, this one does not."""
    folder = ground / "control"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(museum.data, folder)
    path = folder / "corpus.db"
    body = path.read_bytes()
    word, other = "学校周边".encode(), "医院周边".encode()
    assert word in body
    (folder / "corpus.db.seal").unlink()
    path.write_bytes(body.replace(word, other))
    trusting = said(museum, theatre, folder, "no_hashes")
    assert trusting is not None
    assert any("医院周边" in "".join(line) for line in trusting - museum.lines)
    ran = theatre.run("status", "--verify", "--data", folder, broken="no_hashes")
    assert ran.status == 0, "the control notices: it proves nothing"
    honest = said(museum, theatre, folder)
    assert honest is not None
    assert honest <= museum.lines
    assert theatre.run("status", "--verify", "--data", folder).status == 4


def test_an_old_file_in_the_place_of_the_new_one_is_noticed(
    scene: Scene, theatre: Theatre, ground: Path
) -> None:
    """A whole, older corpus.db has no damaged byte at all: only the count of writes tells."""
    data = scene.fresh(ground / "swapped")
    old = (data / "corpus.db").read_bytes()
    theatre.well("add", scene.more, "--no-index", "--data", data)
    (data / "corpus.db").write_bytes(old)
    ran = theatre.run("status", "--verify", "--data", data)
    assert (ran.status, "写入" in ran.out) == (4, True)
    assert theatre.run("status", "--verify", "--data", data, broken="no_seal").status == 0


@pytest.mark.long
def test_every_planted_damage_of_the_index_is_named(scene: Scene, theatre: Theatre, ground: Path) -> None:
    """Missing, foreign and emptied files too; and the index is rebuilt from corpus.db afterwards."""
    for name in ("CURRENT", "manifest.json", "held", "planted.pkl", "units"):
        data = scene.fresh(ground / "named")
        folder = generations.current(data)
        assert folder is not None
        if name == "planted.pkl":
            (folder / name).write_bytes(b"\x80\x04.")
        elif name == "CURRENT":
            (data / "index" / name).unlink()
        else:
            next(p for p in sorted(folder.rglob(f"{name}*")) if p.is_file()).unlink()
        ran = theatre.run("status", "--verify", "--data", data)
        assert ran.status == 4, name
        assert name.partition(".")[0].replace("manifest", "清单") in ran.out, (name, ran.out)
        theatre.well("index", "--data", data)
        assert scene.whole(theatre, data), name
        assert scene.answers(theatre, data)


def test_the_seal_follows_every_write(scene: Scene, theatre: Theatre, ground: Path) -> None:
    data = scene.fresh(ground / "sealed")
    before = json.loads((data / "corpus.db.seal").read_text())
    theatre.well("add", scene.more, "--no-index", "--data", data)
    after = json.loads((data / "corpus.db.seal").read_text())
    assert after["revision"] > before["revision"]
    assert after["sha256"] == hashlib.sha256((data / "corpus.db").read_bytes()).hexdigest()
    with sqlite3.connect(data / "corpus.db") as db:
        db.execute("PRAGMA user_version")
    db.close()
    assert scene.whole(theatre, data)
