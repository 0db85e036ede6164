"""Question → ranked provisions: the library, its index generation and the engine, opened together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from corpus import citing, derived
from corpus.document import Edition
from corpus.errors import DamagedData, WrongUsage
from corpus.library import Library
from indexer import generations
from indexer.embedding import Encoder, open_encoder
from indexer.taxonomy import load
from retriever.engine import Engine
from retriever.fusion import Candidates, Floats
from retriever.hit import Filters, Hit, Same, Scores
from retriever.items import best_rows
from retriever.narrowing import WIDE, Narrowing
from retriever.question import Question, understand
from retriever.standing import Standing
from retriever.titles import Titles

LEVELS = ("article", "item")
ENGINE = "ZEREN_ENGINE"  # milvus://host:19530 or the file of a Milvus Lite; the embedded index without it
_MOST_SAME = 20
CITED = 8.0  # log-odds of a provision that the question cites
Numbers = npt.NDArray[np.int64]


@dataclass(slots=True)
class Retriever:
    """The library, its current index and the encoder, opened once and safe to share between threads."""

    library: Library
    engine: Engine
    folder: Path
    titles: Titles
    warning: str | None
    _held: IO[str]
    _standings: dict[str, tuple[Edition | None, Standing]] = field(default_factory=dict)

    @classmethod
    def open(cls, data: Path) -> Retriever:
        """Opens the newest whole index of a data folder.

        A damaged generation is passed over with a `warning`. Raises DamagedData when there is no library,
        no index, or none made by this encoder.
        """
        library = Library.open(data)
        try:
            encoder = open_encoder()
            served = generations.serve(data, lambda folder, facts: (_engine(folder, facts, encoder), facts))
            engine, trouble = _chosen(*served.value)
            titles = _titles(library)
        except BaseException:
            library.close()
            raise
        warning = " ".join(said for said in (served.warning, trouble) if said) or None
        return cls(library, engine, served.folder, titles, warning, served.held)

    def close(self) -> None:
        """Lets the generation go; the retriever cannot be used afterwards."""
        self.engine.close()
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

        Raises WrongUsage for an empty text, an unknown level, or a filter with an unknown name.
        """
        question = understand(text, titles=self.titles)
        if not filters:
            return self.find(question, k=k, on=on, level=level)
        narrowing = Narrowing(self.library, load(self.library.path.parent), self.folder)
        limits = narrowing.settled(filters)
        wide = max(k, WIDE) if limits.post else k
        found = self.find(question, k=wide, on=on or limits.as_of, filters=limits, level=level)
        return narrowing.kept(limits, found)[:k]

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
        allowed = self.allowed(filters, standing)
        ranked, odds = self.engine.ranked(question, standing, allowed, (filters or Filters(), day))
        self.warning = self.engine.trouble or self.warning
        ranked, odds = self._cited_first(question, ranked, odds, day=day, allowed=allowed)
        hits = self._hits(ranked.take(slice(0, k)), odds[:k], standing)
        return hits if level == "article" else best_rows(self, question, hits)

    def _cited_first(
        self, question: Question, ranked: Candidates, odds: Floats, *, day: str, allowed: Numbers | None
    ) -> tuple[Candidates, Floats]:
        """A provision that the question cites stands before all others."""
        if not question.citation:
            return ranked, odds
        targets = citing.resolve(self.library, question.citation, on=day).targets
        held = [self.engine.shelf.find(target.key, target.place.address) for target in targets]
        cited = np.array([n for n in dict.fromkeys(held) if n is not None], np.int64)
        if allowed is not None:
            cited = cited[np.isin(cited, allowed)]
        rest = ~np.isin(ranked.units, cited)
        known = dict(zip(ranked.units.tolist(), range(len(ranked)), strict=True))
        first = [
            ranked.take(np.array([known[n]])) if n in known else Candidates.bare(n) for n in cited.tolist()
        ]
        joined = Candidates.join([*first, ranked.take(np.flatnonzero(rest))])
        return joined, np.concatenate([np.full(len(cited), CITED, np.float32), odds[rest]])

    def standing(self, on: str) -> Standing:
        """What the ranking knows of every unit's text on a date; kept for the last few dates."""
        editions = self.library.editions()
        first = editions[0] if editions else None
        held = self._standings.get(on)
        if held is not None and held[0] is first:
            return held[1]
        shelf = self.engine.shelf
        known = {edition.key: edition for edition in editions}
        made = Standing.of([known.get(key) for key in shelf.keys], shelf.edition, on=on)
        while len(self._standings) >= 4:
            self._standings.pop(next(iter(self._standings)), None)
        # The library makes new Edition values after every write: the first one stands for them all.
        self._standings[on] = (first, made)
        return made

    def similarity(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """The cosine of a question and each text."""
        vectors = self.engine.encoder.encode([question, *texts])
        return [float(value) for value in vectors[1:] @ vectors[0]]

    def weights(self, pieces: Sequence[str]) -> Sequence[float]:
        """How rare each piece of one or two letters (or word) is: its inverse document frequency."""
        return self.engine.lexical.rarity(pieces)

    def allowed(self, filters: Filters | None, standing: Standing) -> Numbers | None:
        """The units that filters let through; None for all."""
        shelf = self.engine.shelf
        if not filters:
            return None if not standing.gone.any() else np.flatnonzero(~standing.gone[shelf.edition])
        units = np.flatnonzero(standing.allowed(filters)[shelf.edition])
        without = [shelf.find(key, address) for key, address in filters.without]
        return units[~np.isin(units, [n for n in without if n is not None])] if without else units

    def _hits(self, units: Candidates, odds: Floats, standing: Standing) -> tuple[Hit, ...]:
        """The units with their words, and the other places of the same words."""
        numbers = units.units.tolist()
        others = [self._same(number, standing) for number in numbers]
        wanted = list(dict.fromkeys([*numbers, *(n for same in others for n in same)]))
        rows = dict(zip(wanted, self.engine.shelf.rows(wanted), strict=True)) if wanted else {}
        return tuple(
            Hit(
                standing.edition(rows[number]).key,
                standing.place(rows[number]),
                rows[number].text,
                float(1 / (1 + np.exp(-odds[at]))),
                Scores(*(float(part[at]) for part in (units.dense, units.lexical, units.fused, odds))),
                tuple(Same(standing.edition(rows[n]).key, standing.place(rows[n])) for n in others[at]),
            )
            for at, number in enumerate(numbers)
        )

    def _same(self, number: int, standing: Standing) -> list[int]:
        """The units with the same words in texts still held, the one to cite first in front."""
        edition = self.engine.shelf.edition
        held = [n for n in self.engine.shelf.same_words(number) if not standing.gone[edition[n]]]
        return sorted(held, key=lambda n: standing.citing_order(int(edition[n])))[:_MOST_SAME]


def _engine(folder: Path, facts: generations.Manifest, encoder: Encoder) -> Engine:
    if facts.get("encoder") != encoder.name:
        raise DamagedData("索引由另一个编码模型建立。", "请运行 zeren index，或改回原来的 ZEREN_ENCODER。")
    return Engine.open(folder, encoder)


def _chosen(engine: Engine, facts: generations.Manifest) -> tuple[Engine, str | None]:
    """The engine that $ZEREN_ENGINE names; the embedded one, and what to say of it, where that is away.

    Raises WrongUsage for an address that cannot be one.
    """
    address = os.environ.get(ENGINE)
    if not address:
        return engine, None
    from retriever import milvus_engine

    try:
        return milvus_engine.attached(engine, facts, address), None
    except DamagedData as error:
        return engine, f"{error.message}已改用本机索引。"


def _titles(library: Library) -> Titles:
    """The names of the works held, ready to be recognised in a question."""
    works = {work: library.versions(work) for work in library.works()}
    numbers = {edition.key: library.numbers(edition.key) for edition in library.editions()}
    return Titles(derived.names_of(works, numbers))
