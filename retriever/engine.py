"""The ranking itself: an opened index, candidates by both rankings, and their order.

Knows units by number only; what they are (texts, validity, place) comes in as a `Standing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.dense import DenseIndex
from indexer.embedding import Encoder, StaticEncoder
from indexer.lexical import LexicalIndex
from indexer.shelf import Row, Shelf
from retriever import fusion
from retriever.features import View, features
from retriever.fusion import Candidates, Floats
from retriever.hit import Filters
from retriever.question import SEARCHED, Question
from retriever.ranker import MODEL, Ranker, shipped
from retriever.standing import Standing

RANKED = 100
Scope = tuple[Filters, str]  # what a search is limited to, and the day whose law is asked
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Engine:
    """An opened index with its encoder; `ranker` is None for an encoder it was not trained with."""

    encoder: Encoder
    shelf: Shelf
    dense: DenseIndex
    lexical: LexicalIndex
    ranker: Ranker | None

    @classmethod
    def open(cls, folder: Path, encoder: Encoder) -> Engine:
        """Opens the files of a generation that has been verified. Raises DamagedData."""
        # The features mean the same for every model that `make train` makes, not for others.
        ours = MODEL.exists() and isinstance(encoder, StaticEncoder) and encoder.grams
        return cls(
            encoder,
            Shelf(folder),
            DenseIndex.open(folder),
            LexicalIndex.open(folder),
            shipped() if ours else None,
        )

    def candidates(
        self, question: Question, *, allowed: Numbers | None = None, scope: Scope | None = None
    ) -> Candidates:
        """Units by both rankings, joined; `allowed` limits them to these units.

        `scope` says the same in words, for an engine that filters by itself.
        """
        del scope
        lexical = self.lexical.scores(question.query)
        passages = None
        if allowed is not None:
            keep = np.zeros(len(self.shelf), bool)
            keep[allowed] = True
            lexical = np.where(keep, lexical, 0)
            passages = np.flatnonzero(keep[self.shelf.passage_unit])
        units, cosines = self.nearest(question.plain[:SEARCHED], allowed=passages)
        return fusion.fuse(units, cosines, lexical)

    @property
    def trouble(self) -> str | None:
        """What keeps the engine from its best; nothing keeps the embedded one."""
        return None

    def close(self) -> None:
        """Lets go what is held open."""
        self.shelf.close()

    def nearest(self, text: str, *, allowed: Numbers | None = None) -> tuple[Numbers, Floats]:
        """The units of the nearest passages with their cosine, best first; none where the model is blind."""
        vector = self.encoder.encode([text])
        if not vector.any():
            return np.empty(0, np.int64), np.empty(0, np.float32)
        scores, numbers = self.dense.search(vector, fusion.DEPTH + 200, allowed=allowed)
        real = numbers[0] >= 0
        return fusion.best_passages(self.shelf.passage_unit[numbers[0][real]], scores[0][real])

    def picked(
        self,
        question: Question,
        standing: Standing,
        allowed: Numbers | None = None,
        scope: Scope | None = None,
    ) -> tuple[Candidates, list[Row]]:
        """What the ranker sees: the best RANKED candidates, of those with the same words the one to cite."""
        found = self.candidates(question, allowed=allowed, scope=scope)
        found = standing.order(question, found.take(slice(0, 3 * RANKED)))
        _, first = np.unique(self.shelf.group[found.units], return_index=True)
        picked = found.take(np.sort(first)[:RANKED])
        return picked, self.shelf.rows(picked.units.tolist(), checked=False) if len(picked) else []

    def features(
        self, question: Question, standing: Standing, picked: Candidates, rows: list[Row]
    ) -> npt.NDArray[np.float32]:
        """The ranker's view of the candidates (`retriever.features.NAMES`)."""
        return features(View(self.shelf, self.lexical, self.encoder, standing), question, picked, rows)

    def ranked(
        self,
        question: Question,
        standing: Standing,
        allowed: Numbers | None = None,
        scope: Scope | None = None,
    ) -> tuple[Candidates, Floats]:
        """The candidates of different words, best first, with how sure the ranking is (log-odds)."""
        picked, rows = self.picked(question, standing, allowed, scope)
        if not len(picked):
            return picked, np.zeros(0, np.float32)
        if self.ranker is None:
            odds = 8 * picked.fused - 5
        else:
            odds = self.ranker.log_odds(self.features(question, standing, picked, rows))
        odds = (odds + standing.guard(question, picked.units)).astype(np.float32)
        best = np.argsort(-odds, kind="stable")
        return picked.take(best), odds[best]
