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
from indexer.shelf import Shelf
from retriever import fusion
from retriever.features import View, features
from retriever.fusion import Candidates, Floats
from retriever.hit import Filters
from retriever.overlap import Overlap
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
    overlap: Overlap

    @classmethod
    def open(cls, folder: Path, encoder: Encoder) -> Engine:
        """Opens the files of a generation that has been verified. Raises DamagedData."""
        # The features mean the same for every model that `make train` makes, not for others.
        ours = MODEL.exists() and isinstance(encoder, StaticEncoder) and encoder.grams
        shelf, lexical = Shelf(folder), LexicalIndex.open(folder)
        return cls(
            encoder,
            shelf,
            DenseIndex.open(folder),
            lexical,
            shipped() if ours else None,
            Overlap.of(shelf, lexical, encoder),
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
        vector = self.overlap.vector(text)[None]
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
    ) -> Candidates:
        """What the ranker sees: the best RANKED candidates, of those with the same words the one to cite."""
        found = self.candidates(question, allowed=allowed, scope=scope)
        found = standing.order(question, found.take(slice(0, 3 * RANKED)))
        _, first = np.unique(self.shelf.group[found.units], return_index=True)
        return found.take(np.sort(first)[:RANKED])

    def features(self, question: Question, standing: Standing, picked: Candidates) -> npt.NDArray[np.float32]:
        """The ranker's view of the candidates (`retriever.features.NAMES`)."""
        return features(View(self.overlap, standing), question, picked)

    def ranked(
        self,
        question: Question,
        standing: Standing,
        allowed: Numbers | None = None,
        scope: Scope | None = None,
    ) -> tuple[Candidates, Floats]:
        """The candidates of different words, best first, with how sure the ranking is (log-odds)."""
        picked = self.picked(question, standing, allowed, scope)
        if not len(picked):
            return picked, np.zeros(0, np.float32)
        if self.ranker is None:
            odds = 8 * picked.fused - 5
        else:
            odds = self.ranker.log_odds(self.features(question, standing, picked))
        odds = (odds + standing.guard(question, picked.units)).astype(np.float32)
        best = np.argsort(-odds, kind="stable")
        return picked.take(best), odds[best]
