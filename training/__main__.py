"""`python -m training`: texts and questions → indexer/model and the ranker. Resumable and seeded.

Steps leave their results in the work folder; a step whose result is there is not done again.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import sys
import time
from pathlib import Path

import numpy as np

from corpus.library import Library
from indexer.passage import heading_words
from retriever.ranker import CALIBRATION, MODEL
from training import card, optimise, pairs, ranking, texts
from training.export import write_model
from training.optimise import Labelled, Settings, Trainer
from training.vocabulary import Bags, Vocabulary, choose

HOME = Path(__file__).resolve().parent.parent
QUESTIONS = HOME / "training" / "questions.jsonl.gz"
GLOSSARY = HOME / "retriever" / "glossary.toml"
HELD_OUT = 0  # the fold whose articles the first encoder does not see: the ranker learns from it


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--shared", type=Path, default=HOME.parent / "shared")
    parser.add_argument("--work", type=Path, default=HOME / "build" / "training")
    parser.add_argument("--out", type=Path, default=HOME / "indexer" / "model")
    parser.add_argument("--seed", type=int, default=Settings().seed)
    parser.add_argument("--data", type=Path, help="a data folder that already holds the laws")
    args = parser.parse_args()
    Run(args.shared, args.work, args.data or args.work / "data", Settings(seed=args.seed)).all(args.out)
    return 0


class Run:
    """One training run in a work folder."""

    def __init__(self, shared: Path, work: Path, data: Path, settings: Settings) -> None:
        self.shared, self.work, self.data, self.settings = shared, work, data, settings
        self.started = time.monotonic()
        work.mkdir(parents=True, exist_ok=True)

    def tell(self, text: str) -> None:
        print(f"[{time.monotonic() - self.started:6.0f}s] {text}", file=sys.stderr, flush=True)

    def all(self, out: Path) -> None:
        """Every step, in order."""
        self._add_laws()
        with Library.open(self.data) as library:
            held = texts.read_texts(library)
            asked = list(texts.own_questions(QUESTIONS, library, held))
            stard = list(texts.benchmark_questions(self.shared / "bench" / "stard", held))
        self.tell(f"{len(held.units)} units, {len(asked)} questions of ours, {len(stard)} of STARD")
        every = [*asked, *stard]
        words, bags = self._vocabulary(held)
        labelled = self._labelled(words, bags, held, every)
        first = self._initial(words, bags, held)
        seen = np.array([q.fold != HELD_OUT for q in every])
        part = self._tuned("fold", first, labelled, np.flatnonzero(seen))
        folder = self.work / "encoder-fold"
        write_model(folder, words.tokens, part, "held-out fold\n")
        figures = self._ranker(folder, [q for q in every if q.fold == HELD_OUT])
        final = self._tuned("all", first, labelled, np.arange(len(every)))
        facts = {"ours": len(asked), "stard": len(stard), "units": len(held.units)}
        write_model(out, words.tokens, final, card.write(words, self.settings, facts, figures))
        self.tell(f"wrote {out}")

    def _add_laws(self) -> None:
        if not (self.data / "corpus.db").exists():
            import cli

            self.tell("adding the laws")
            cli.main(["add", str(self.shared / "laws"), "--data", str(self.data), "--no-index"])

    def _vocabulary(self, held: texts.Texts) -> tuple[Vocabulary, Bags]:
        full = [f"{heading_words(unit)}\n{unit.text}" for unit in held.units]
        policies = sorted((self.shared / "policies").glob("*.txt"))
        english = [path.read_text("utf-8") for path in policies] + [GLOSSARY.read_text("utf-8")]
        words = choose(full, english)
        self.tell(f"{len(words.tokens)} tokens")
        return words, words.bags(full)

    def _initial(self, words: Vocabulary, bags: Bags, held: texts.Texts) -> optimise.Floats:
        file = self.work / "pairs.npy"
        if file.exists():
            return np.load(file, allow_pickle=False)  # type: ignore[no-any-return]
        trainer = Trainer(optimise.initial(bags, words.documents, self.settings), self.settings)
        self.tell("initial vectors")
        made = pairs.make_pairs(held, GLOSSARY, seed=self.settings.seed)
        left, right = words.bags([p.question for p in made]), words.bags([p.answer for p in made])
        trainer.learn_pairs(left, right, np.array([p.unit for p in made]), self.tell)
        return self._keep(file, trainer.vectors())

    def _labelled(
        self, words: Vocabulary, bags: Bags, held: texts.Texts, asked: list[texts.Question]
    ) -> Labelled:
        groups: dict[bytes, int] = {}
        group = np.array([groups.setdefault(unit.words, len(groups)) for unit in held.units])
        answers = [np.array(q.answers, np.int64) for q in asked]
        pool = np.flatnonzero(np.array(held.newest))
        return Labelled(
            words.bags([q.text for q in asked]), bags, answers, group, np.arange(len(asked)), pool
        )

    def _tuned(
        self,
        name: str,
        first: optimise.Floats,
        data: Labelled,
        asked: np.ndarray[tuple[int], np.dtype[np.int64]],
    ) -> optimise.Floats:
        file = self.work / f"{name}.npy"
        if file.exists():
            return np.load(file, allow_pickle=False)  # type: ignore[no-any-return]
        self.tell(f"learning from {len(asked)} questions ({name})")
        trainer = Trainer(first, self.settings)
        chosen = Labelled(data.questions, data.units, data.answers, data.group, asked, data.pool)
        trainer.learn_questions(chosen, self.tell)
        return self._keep(file, trainer.vectors())

    def _ranker(self, encoder: Path, asked: list[texts.Question]) -> dict[str, dict[str, float]]:
        file = self.work / "ranker.json"
        if file.exists() and MODEL.exists():
            return dict(json.loads(file.read_text("utf-8")))
        from indexer.build import build_index
        from retriever.search import Retriever

        os.environ["ZEREN_ENCODER"] = str(encoder)
        try:
            shutil.rmtree(self.data / "index", ignore_errors=True)
            build_index(self.data)
            with Retriever.open(self.data) as retriever:
                examples = ranking.gather(retriever, asked, self.tell)
        finally:
            del os.environ["ZEREN_ENCODER"]
        np.savez(
            self.work / "examples.npz",
            matrix=examples.matrix,
            label=examples.label,
            question=examples.question,
            fold=examples.fold,
        )
        figures = ranking.fit(examples, MODEL, CALIBRATION, seed=self.settings.seed)
        self.tell(f"ranker: {figures}")
        file.write_text(json.dumps(figures, indent=1), "utf-8")
        return figures

    @staticmethod
    def _keep(file: Path, vectors: optimise.Floats) -> optimise.Floats:
        """Saves a step's result whole or not at all."""
        fresh = file.with_suffix(".part.npy")
        np.save(fresh, vectors)
        fresh.replace(file)
        return vectors


def pack_questions(source: Path) -> None:
    """questions.jsonl → the compressed copy in the repository, the same bytes for the same input."""
    with QUESTIONS.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
        packed.write(source.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
