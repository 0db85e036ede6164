"""One training run in a work folder: the steps in order, each kept when done.

Two stages of questions: ours over the library, then laypeople's over their benchmark. What the ranker learns
from is searched with encoders that have not seen it: ours of one fold are left out of a first stage,
laypeople's of each part out of one second stage each.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import beir
from corpus.library import Library
from indexer.embedding import open_encoder
from indexer.model_folder import pin_of, write_pin
from indexer.passage import Unit, heading_words
from training import benchmark, card, optimise, pairs, ranking, texts
from training.benchmark import Benchmark
from training.export import write_model
from training.optimise import Course, Labelled, Settings, Trainer
from training.ranking import Examples, Place
from training.texts import Question
from training.vocabulary import Bags, Numbers, Vocabulary, choose

HOME = Path(__file__).resolve().parent.parent
QUESTIONS = HOME / "training" / "questions.jsonl.gz"
GLOSSARY = HOME / "retriever" / "glossary.toml"
HELD_OUT = 0  # the fold of our articles that the ranker's encoders do not see


@dataclass(frozen=True, slots=True)
class Material:
    """What a run learns from: `ours` over the library's units, `lay` over the benchmark's."""

    held: texts.Texts
    asked: list[Question]
    stard: Benchmark
    words: Vocabulary
    bags: Bags
    ours: Labelled
    lay: Labelled


class Run:
    """The steps over one work folder."""

    def __init__(
        self, shared: Path, work: Path, data: Path, settings: Settings, *, questions: Path = QUESTIONS
    ) -> None:
        self.shared, self.work, self.data, self.settings = shared, work, data, settings
        self.questions = questions
        self.started = time.monotonic()
        work.mkdir(parents=True, exist_ok=True)

    def tell(self, text: str) -> None:
        print(f"[{time.monotonic() - self.started:6.0f}s] {text}", file=sys.stderr, flush=True)

    def all(self, out: Path, ranker: Path, calibration: Path) -> None:
        """Every step, in order."""
        self._add_laws()
        with Library.open(self.data) as library:
            m = self._material(library)
            first = self._pairs(m)
            fold = self._own("fold", first, m, _others(m.asked, HELD_OUT))
            lay = []
            for part in range(benchmark.PARTS):
                folder = self._encoder(f"part{part}", fold, m, part)
                lay.append(self._searched(f"lay{part}", folder, m, library, part))
            own = self._searched("own", self.work / "encoder-part0", m, library, None)
        examples = own, Examples.join(lay)
        figures = ranking.fit(*examples, ranker, calibration, seed=self.settings.seed)
        self.tell(f"ranker: {json.dumps(figures)}")
        (self.work / "figures.json").write_text(json.dumps(figures, indent=1), "utf-8")
        whole = self._own("all", first, m, np.arange(len(m.asked)))
        folder = self._encoder("whole", whole, m, None)
        facts = {"ours": len(m.asked), "stard": len(m.stard.questions), "units": len(m.held.units)}
        (folder / "README.md").write_text(card.write(m.words, self.settings, facts, figures), "utf-8")
        _replace(folder, out)
        self.tell(f"wrote {out}")

    def _add_laws(self) -> None:
        done = self.data / "all-added"
        if (self.data / "corpus.db").exists() and (done.exists() or self.data != self.work / "data"):
            return
        import cli

        self.tell("adding the laws")
        cli.main(["add", str(self.shared / "laws"), "--data", str(self.data), "--no-index"])
        done.touch()

    def _material(self, library: Library) -> Material:
        held = texts.read_texts(library)
        asked = list(texts.own_questions(self.questions, library, held))
        stard = benchmark.read(self.shared / "bench" / "stard")
        self.tell(f"{len(held.units)} units, {len(asked)} questions of ours, {len(stard.questions)} of STARD")
        full = [f"{heading_words(unit)}\n{unit.text}" for unit in held.units]
        policies = sorted((self.shared / "policies").glob("*.txt"))
        english = [path.read_text("utf-8") for path in policies] + [GLOSSARY.read_text("utf-8")]
        words = choose(full, english)
        bags = words.bags(full)
        other = words.bags([f"{heading_words(unit)}\n{unit.text}" for unit in stard.units])
        self.tell(f"{len(words.tokens)} tokens")
        newest = np.flatnonzero(np.array(held.newest))
        ours = _labelled(words, asked, held.units, bags, newest)
        lay = _labelled(words, stard.questions, stard.units, other, np.arange(len(stard.units)))
        return Material(held, asked, stard, words, bags, ours, lay)

    def _pairs(self, m: Material) -> optimise.Floats:
        file = self.work / "pairs.npy"
        if file.exists():
            return np.load(file, allow_pickle=False)  # type: ignore[no-any-return]
        trainer = Trainer(optimise.initial(m.bags, m.words.documents, self.settings), self.settings)
        self.tell("initial vectors")
        made = pairs.make_pairs(m.held, GLOSSARY, seed=self.settings.seed)
        left, right = m.words.bags([p.question for p in made]), m.words.bags([p.answer for p in made])
        trainer.learn_pairs(left, right, np.array([p.unit for p in made]), self.tell)
        return self._keep(file, trainer.vectors())

    def _own(self, name: str, first: optimise.Floats, m: Material, asked: Numbers) -> optimise.Floats:
        """The first stage: vectors after our questions."""
        file = self.work / f"{name}.npy"
        if file.exists():
            return np.load(file, allow_pickle=False)  # type: ignore[no-any-return]
        self.tell(f"learning from {len(asked)} questions of ours ({name})")
        s = self.settings
        trainer = Trainer(first, s)
        trainer.learn_questions(m.ours.only(asked), Course(s.steps, s.rate, s.minings), self.tell)
        return self._keep(file, trainer.vectors())

    def _encoder(self, name: str, first: optimise.Floats, m: Material, part: int | None) -> Path:
        """The second stage, without laypeople's questions of `part`: an encoder's folder."""
        folder, s = self.work / f"encoder-{name}", self.settings
        if folder.exists():
            return folder
        lay = _others(m.stard.questions, part)
        self.tell(f"learning from {len(lay)} questions of laypeople ({name})")
        trainer = Trainer(first, s)
        course = Course(s.lay_steps, s.lay_rate, s.lay_minings)
        trainer.learn_questions(m.lay.only(lay), course, self.tell)
        # Between before and after: laypeople's questions gain most of it, ours lose little.
        vectors = first + s.lay_weight * (trainer.vectors() - first)
        fresh = self.work / f"encoder-{name}.part"
        write_model(fresh, m.words.tokens, vectors, f"{name}\n")
        asked = open_encoder(fresh).encode([m.stard.questions[row].text for row in lay])
        benchmark.write_earlier(fresh, m.stard, lay.tolist(), asked)
        pin_of(fresh).unlink()
        fresh.rename(folder)
        return folder

    def _searched(
        self, name: str, encoder: Path, m: Material, library: Library, part: int | None
    ) -> Examples:
        """The candidates of the questions that an encoder has not seen: laypeople's of a part, or ours."""
        file = self.work / f"examples-{name}.npz"
        if file.exists():
            return Examples.load(file)
        units = m.held.units if part is None else m.stard.units
        with tempfile.TemporaryDirectory() as folder:
            beir.write_words(Path(folder), units)
            engine = beir.add_vectors(Path(folder), units, open_encoder(encoder), ranked=False)
            self.tell(f"searching ({name})")
            if part is None:
                place, asked = Place.of_library(engine, library), m.asked
                asked = [q for q in asked if q.fold == HELD_OUT]
                found = ranking.gather(place, asked, lambda q: q.answers[0] % ranking.FOLDS, self.tell)
            else:
                place = Place(engine, beir.standing_of(engine))
                asked = [q for q in m.stard.questions if q.fold == part]
                found = ranking.gather(place, asked, lambda q: q.fold, self.tell)
            engine.shelf.close()
        found.save(file)
        return found

    @staticmethod
    def _keep(file: Path, vectors: optimise.Floats) -> optimise.Floats:
        """Saves a step's result whole or not at all."""
        fresh = file.with_suffix(".part.npy")
        np.save(fresh, vectors)
        fresh.replace(file)
        return vectors


def _others(asked: Sequence[Question], fold: int | None) -> Numbers:
    """The questions of all folds but one."""
    return np.flatnonzero(np.array([question.fold != fold for question in asked]))


def _labelled(
    words: Vocabulary, asked: Sequence[Question], units: Sequence[Unit], bags: Bags, pool: Numbers
) -> Labelled:
    groups: dict[bytes, int] = {}
    group = np.array([groups.setdefault(unit.words, len(groups)) for unit in units])
    answers = [np.array(question.answers, np.int64) for question in asked]
    return Labelled(
        words.bags([question.text for question in asked]), bags, answers, group, np.arange(len(asked)), pool
    )


def _replace(folder: Path, out: Path) -> None:
    """Copies a finished model over the old one."""
    fresh = out.with_name(out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(folder, fresh)
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    write_pin(out)
