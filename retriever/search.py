"""Question → ranked provisions: dense and lexical candidates, joined, ranked, one row for the same words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from corpus import derived
from corpus.errors import DamagedData, WrongUsage
from corpus.library import Library
from indexer import generations
from indexer.dense import DenseIndex
from indexer.embedding import SHIPPED, Encoder, open_encoder
from indexer.lexical import LexicalIndex
from indexer.shelf import Row, Shelf
from retriever import fusion
from retriever.features import View, features
from retriever.fusion import Candidates, Floats
from retriever.hit import Filters, Hit, Same, Scores
from retriever.items import best_rows
from retriever.question import SEARCHED, Question, understand
from retriever.ranker import MODEL, Ranker, shipped
from retriever.standing import Standing
from retriever.titles import Titles

RANKED = 100
LEVELS = ("article", "item")
_MOST_SAME = 20
Numbers = npt.NDArray[np.int64]


@dataclass(slots=True)
class Retriever:
    """The library, its current index and the encoder, opened once and safe to share between threads."""

    library: Library
    encoder: Encoder
    folder: Path
    shelf: Shelf
    dense: DenseIndex
    lexical: LexicalIndex
    titles: Titles
    ranker: Ranker | None
    warning: str | None
    _held: IO[str]
    _standings: dict[tuple[str, str], Standing] = field(default_factory=dict)

    @classmethod
    def open(cls, data: Path) -> Retriever:
        """Opens the newest whole index of a data folder.

        A damaged generation is passed over with a `warning`. Raises DamagedData when there is no library,
        no index, or none made by this encoder.
        """
        library = Library.open(data)
        encoder = open_encoder()
        folders = generations.candidates(data)
        if not folders:
            raise DamagedData("还没有建立索引。", "请运行 zeren index。")
        problem: DamagedData | None = None
        for folder in folders:
            try:
                return cls._load(library, encoder, folder, problem)
            except DamagedData as error:
                problem = problem or error
        assert problem is not None
        raise problem

    @classmethod
    def _load(
        cls, library: Library, encoder: Encoder, folder: Path, problem: DamagedData | None
    ) -> Retriever:
        held = generations.hold(folder)
        try:
            manifest = generations.verify(folder)
            if manifest.get("encoder") != encoder.name:
                raise DamagedData(
                    "索引由另一个编码模型建立。", "请运行 zeren index，或改回原来的 ZEREN_ENCODER。"
                )
            works = {work: library.versions(work) for work in library.works()}
            return cls(
                library,
                encoder,
                folder,
                Shelf(folder),
                DenseIndex.open(folder),
                LexicalIndex.open(folder),
                Titles(derived.names_of(works)),
                shipped() if MODEL.exists() and encoder.name == open_encoder(SHIPPED).name else None,
                problem.message if problem else None,
                held,
            )
        except BaseException:
            held.close()
            raise

    def close(self) -> None:
        """Lets the generation go; the retriever cannot be used afterwards."""
        self.shelf.close()
        self.library.close()
        self._held.close()

    def __enter__(self) -> Retriever:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def search(
        self,
        text: str,
        *,
        k: int = 10,
        on: str | None = None,
        filters: Filters | None = None,
        level: str = "article",
    ) -> tuple[Hit, ...]:
        """Ranked provisions for a text, its status as of `on` (ISO date, default today).

        Raises WrongUsage for an empty text or an unknown level.
        """
        question = understand(text, titles=self.titles)
        return self.find(question, k=k, on=on, filters=filters, level=level)

    def find(
        self,
        question: Question,
        *,
        k: int = 10,
        on: str | None = None,
        filters: Filters | None = None,
        level: str = "article",
    ) -> tuple[Hit, ...]:
        """Ranked provisions for a question that was read before."""
        if level not in LEVELS:
            raise WrongUsage(f"不认识的层级：{level}。", f"可用：{'、'.join(LEVELS)}。")
        day = on or question.on or date.today().isoformat()
        standing = self.standing(day)
        ranked, odds = self.ranked(question, standing, self.allowed(filters, standing))
        hits = self._hits(ranked, odds, standing, k)
        return hits if level == "article" else best_rows(self, question, hits)

    def ranked(
        self, question: Question, standing: Standing, allowed: Numbers | None = None
    ) -> tuple[Candidates, Floats]:
        """The candidates of different words, best first, with how sure the ranking is (log-odds)."""
        picked, rows = self.picked(question, standing, allowed)
        if not len(picked):
            return picked, np.zeros(0, np.float32)
        odds = self._odds(question, standing, picked, rows)
        odds = odds + standing.guard(question, picked.units)
        best = np.argsort(-odds, kind="stable")
        return picked.take(best), odds[best]

    def picked(
        self, question: Question, standing: Standing, allowed: Numbers | None = None
    ) -> tuple[Candidates, list[Row]]:
        """What the ranker sees: the best RANKED candidates, of those with the same words the one to cite."""
        found = self.candidates(question, allowed=allowed)
        found = standing.order(question, found.take(slice(0, 3 * RANKED)))
        _, first = np.unique(self.shelf.group[found.units], return_index=True)
        picked = found.take(np.sort(first)[:RANKED])
        return picked, self.shelf.rows(picked.units.tolist()) if len(picked) else []

    def view(self, standing: Standing) -> View:
        """The opened index as the ranker's features need it."""
        return View(self.shelf, self.lexical, self.encoder, standing)

    def _odds(self, question: Question, standing: Standing, picked: Candidates, rows: list[Row]) -> Floats:
        if self.ranker is None:
            return (8 * picked.fused - 5).astype(np.float32)
        return self.ranker.log_odds(features(self.view(standing), question, picked, rows))

    def standing(self, on: str) -> Standing:
        """What the ranking knows of every unit's text on a date; kept for the last few dates."""
        key = (on, self.library.content_hash())
        held = self._standings.get(key)
        if held is None:
            while len(self._standings) >= 4:
                self._standings.pop(next(iter(self._standings)), None)
            known = {edition.key: edition for edition in self.library.editions()}
            held = Standing.of([known.get(k) for k in self.shelf.keys], self.shelf.edition, on=on)
            self._standings[key] = held
        return held

    def candidates(self, question: Question, *, allowed: Numbers | None = None) -> Candidates:
        """Units by both rankings, joined; `allowed` limits them to these units."""
        lexical = self.lexical.scores(question.query)
        passages = None
        if allowed is not None:
            keep = np.zeros(len(self.shelf), bool)
            keep[allowed] = True
            lexical = np.where(keep, lexical, 0)
            passages = np.flatnonzero(keep[self.shelf.passage_unit])
        vector = self.encoder.encode([question.plain[:SEARCHED]])
        if not vector.any():
            return fusion.fuse(np.empty(0, np.int64), np.empty(0, np.float32), lexical)
        scores, numbers = self.dense.search(vector, fusion.DEPTH + 200, allowed=passages)
        real = numbers[0] >= 0
        units, best = fusion.best_passages(self.shelf.passage_unit[numbers[0][real]], scores[0][real])
        return fusion.fuse(units, best, lexical)

    def similarity(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """The cosine of a question and each text."""
        vectors = self.encoder.encode([question, *texts])
        return [float(value) for value in vectors[1:] @ vectors[0]]

    def weights(self, pieces: Sequence[str]) -> Sequence[float]:
        """How rare each piece of one or two letters (or word) is: its inverse document frequency."""
        return self.lexical.rarity(pieces)

    def allowed(self, filters: Filters | None, standing: Standing) -> Numbers | None:
        """The units that filters let through; None for all."""
        gone = standing.gone
        if not filters:
            return None if not gone.any() else np.flatnonzero(~gone[self.shelf.edition])
        units = np.flatnonzero(standing.allowed(filters)[self.shelf.edition])
        without = [self.shelf.find(key, address) for key, address in filters.without]
        return np.setdiff1d(units, [number for number in without if number is not None])

    def _hits(self, units: Candidates, odds: Floats, standing: Standing, k: int) -> tuple[Hit, ...]:
        """The first k of different words; of units that say the same, the one to cite first."""
        chosen: list[tuple[int, int, list[int]]] = []
        seen: set[int] = set()
        for position, unit in enumerate(units.units.tolist()):
            group = int(self.shelf.group[unit])
            if group in seen:
                continue
            seen.add(group)
            others = [n for n in self.shelf.same_words(unit) if not standing.gone[self.shelf.edition[n]]]
            others.sort(key=lambda n: standing.citing_order(int(self.shelf.edition[n])))
            chosen.append((position, unit, others[:_MOST_SAME]))
            if len(chosen) == k:
                break
        wanted = list(dict.fromkeys(n for _, unit, others in chosen for n in (unit, *others)))
        rows = dict(zip(wanted, self.shelf.rows(wanted), strict=True)) if wanted else {}
        return tuple(
            Hit(
                standing.edition(rows[unit]).key,
                standing.place(rows[unit]),
                rows[unit].text,
                float(1 / (1 + np.exp(-odds[at]))),
                Scores(*(float(part[at]) for part in (units.dense, units.lexical, units.fused, odds))),
                tuple(Same(standing.edition(rows[n]).key, standing.place(rows[n])) for n in others),
            )
            for at, unit, others in chosen
        )
