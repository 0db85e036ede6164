"""What answering needs of `retriever.search.Retriever`, as a type."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from corpus.library import Library
from retriever.engine import Engine
from retriever.hit import Filters, Hit
from retriever.question import Question
from retriever.titles import Titles


class Searcher(Protocol):
    """A library, its index and its encoder, opened together."""

    @property
    def library(self) -> Library: ...

    @property
    def titles(self) -> Titles: ...

    @property
    def engine(self) -> Engine: ...

    @property
    def folder(self) -> Path: ...

    def find(
        self,
        question: Question,
        *,
        k: int = 10,
        on: str | None = None,
        filters: Filters | None = None,
        level: str = "article",
    ) -> tuple[Hit, ...]: ...

    def similarity(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...

    def weights(self, grams: Sequence[str]) -> Sequence[float]: ...
