"""The second engine behind `Retriever`: candidates from Milvus, everything after them as in the embedded one.

Milvus holds passages by the hash of their words; the words shown, their check and the learned ranking come
from the local generation. A row that this generation does not know is passed over, so that nothing is ever
shown that is not held and checked here.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import Edition
from corpus.errors import DamagedData
from corpus.library import Library
from indexer import generations
from indexer.dense import DenseIndex
from indexer.embedding import Encoder, Vectors, open_encoder
from indexer.grams import Keys, grams
from indexer.passage import passages, units
from indexer.shelf import Shelf
from retriever import fusion
from retriever.engine import Engine, Scope
from retriever.fusion import Candidates, Floats
from retriever.hit import Filters
from retriever.milvus_store import K1, Passage, Store
from retriever.question import SEARCHED, Question

LAYOUT = 1  # of the collection's rows
PAUSE = 30.0  # seconds without asking Milvus after it failed
_BATCH = 500
_MOST_LISTED = 500  # longer lists are applied to what comes back
_NEVER = 99999999
_SYNC = "请运行 zeren index --engine，或取消 ZEREN_ENGINE 用本机索引。"
Numbers = npt.NDArray[np.int64]


@dataclass(slots=True)
class _Health:
    """Until when Milvus is left alone and what it said; when it was last asked whose texts it holds."""

    until: float = 0.0
    said: str | None = None
    checked: float = 0.0


@dataclass(frozen=True, slots=True)
class MilvusEngine(Engine):
    """The embedded engine with candidates from a collection; while that fails, with its own."""

    store: Store
    state: dict[str, Any]  # what the collection has to say of itself
    numbers: dict[str, int]  # passage id → its number in the local generation
    health: _Health = field(default_factory=_Health)

    def candidates(
        self, question: Question, *, allowed: Numbers | None = None, scope: Scope | None = None
    ) -> Candidates:
        """Units by both of Milvus' rankings, joined as the embedded engine joins its own."""
        if time.monotonic() < self.health.until:
            return super(MilvusEngine, self).candidates(question, allowed=allowed)
        try:
            self._check()
            return self._asked(question, allowed, where(*scope) if scope else "")
        except DamagedData as error:
            self.health.until, self.health.said = time.monotonic() + PAUSE, error.message
            return super(MilvusEngine, self).candidates(question, allowed=allowed)

    @property
    def trouble(self) -> str | None:
        """What Milvus said when it last failed; None while it answers."""
        return f"{self.health.said}已改用本机索引。" if time.monotonic() < self.health.until else None

    def close(self) -> None:
        """Lets go the connection too."""
        self.store.close()
        self.shelf.close()

    def _check(self) -> None:
        """Now and then: the collection still holds the texts of this generation, all of them."""
        if time.monotonic() > self.health.checked + PAUSE:
            refuse_other(self.store, self.state)
            self.health.checked = time.monotonic()

    def _asked(self, question: Question, allowed: Numbers | None, scope: str) -> Candidates:
        deep = fusion.DEPTH + 200 if allowed is None else 4 * fusion.DEPTH
        terms = self.lexical.postings.vocabulary[self.lexical.terms(question.query)]
        words = self._units(self.store.with_words(_written(terms), deep, where=scope), allowed)
        lexical = np.zeros(len(self.shelf), np.float32)
        np.maximum.at(
            lexical, words[0], words[1] / (K1 + 1)
        )  # Milvus' BM25 has this factor, Lucene's has not
        vector = self.overlap.vector(question.plain[:SEARCHED])
        near = self.store.nearest(vector, deep, where=scope) if vector.any() else []
        return fusion.fuse(*fusion.best_passages(*self._units(near, allowed)), lexical)

    def _units(self, found: list[tuple[str, float]], allowed: Numbers | None) -> tuple[Numbers, Floats]:
        """The units of rows, in their order; rows that are not held here, or not allowed, are left out."""
        known = [(self.numbers[name], score) for name, score in found if name in self.numbers]
        passage = np.array([number for number, _ in known], np.int64)
        unit = self.shelf.passage_unit[passage].astype(np.int64)
        scores = np.array([score for _, score in known], np.float32)
        kept = np.isin(unit, allowed) if allowed is not None else np.ones(len(unit), bool)
        return unit[kept], scores[kept]


def spelled(text: str) -> str:
    """The grams of a text as words parted by blanks: their keys in hexadecimal, which no analyser cuts."""
    return _written(grams([text]).keys)


def _written(keys: Keys) -> str:
    return " ".join(f"{key:x}" for key in keys.tolist())


def where(filters: Filters, on: str) -> str:
    """The filters that the collection's columns can say, as Milvus writes them."""
    day = _day(on)
    said = [
        f"{name} in {_listed(values)}"
        for name, values in (("work", filters.works), ("kind", filters.kinds), ("key", filters.keys))
        if values and len(values) <= _MOST_LISTED
    ]
    if filters.language:
        said.append(f"language == {_quoted(filters.language)}")
    if filters.region:
        places = (filters.region,) if filters.region_only else (filters.region, "")
        said.append(f"region in {_listed(places)}")
    if filters.in_force_only:
        said.append(f"since <= {day} and until > {day}")
    return " and ".join(said)


def _listed(values: Any) -> str:
    return f"[{', '.join(_quoted(value) for value in sorted(values))}]"


def _quoted(value: str) -> str:
    cleaned = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{cleaned}"'


def _day(day: str | None) -> int:
    return int(day.replace("-", "")) if day else _NEVER


# -- the collection as it should be ------------------------------------------------------------------


def ids(shelf: Shelf) -> list[str]:
    """The id of every passage: the hash of its unit's words and place, and its place in the unit."""
    marks = [mark.tobytes().hex() for mark in shelf.stock.of["mark"]]
    return [
        f"{marks[unit]}{n:04x}"
        for unit, parts in enumerate(shelf.stock.of["parts"].tolist())
        for n in range(parts)
    ]


def _seal(edition: Edition) -> str:
    """Changes with what a row says beside its words."""
    m = edition.masthead
    cells = (LAYOUT, edition.key, edition.work, m.kind, m.region, m.language, edition.rank, *_force(edition))
    return hashlib.sha256(repr(cells).encode()).hexdigest()[:16]


def _force(edition: Edition) -> tuple[int, int]:
    """From and until which day a text is in force; never, where no day is known."""
    since = edition.effective_from or ("0001-01-01" if edition.masthead.version else None)
    return _day(since), _day(edition.effective_to)


def _rows(library: Library, shelf: Shelf, dense: DenseIndex, wanted: dict[str, str]) -> Iterator[Passage]:
    """The rows with these ids and seals, read from the library text by text."""
    number = 0
    for edition, provisions in library.all_provisions():
        for unit in units(edition, provisions):
            mark = shelf.stock.of["mark"][shelf.passage_unit[number]].tobytes().hex()
            for n, text in enumerate(passages(unit)):
                name = f"{mark}{n:04x}"
                if name in wanted:
                    yield _row(edition, name, wanted[name], text, dense.vectors([number])[0])
                number += 1


def _row(edition: Edition, name: str, seal: str, text: str, vector: Vectors) -> Passage:
    m, (since, until) = edition.masthead, _force(edition)
    beside = (edition.key, edition.work, m.kind, m.region or "", m.language, edition.rank, since, until)
    return Passage(name, seal, *beside, spelled(text), vector.tolist())


def synchronise(
    data: Path, address: str, progress: Callable[[int, int], None] | None = None
) -> tuple[int, int]:
    """Makes the collection hold what the current generation holds; how many rows were written and taken out.

    Rows are told apart by the hash of their words and of what stands beside them: what did not change is
    not sent. While this runs, and after it was cut short, the collection says so and no one searches it.
    Raises DamagedData, WrongUsage.
    """
    encoder = open_encoder()
    served = generations.serve(data, lambda folder, facts: (_opened(folder, facts, encoder), facts))
    with served.held, Library.open(data) as library:
        (shelf, dense), facts = served.value
        editions = {edition.key: _seal(edition) for edition in library.editions()}
        keys = [shelf.keys[n] for n in shelf.edition[shelf.passage_unit].tolist()]
        wanted = dict(zip(ids(shelf), (editions.get(key, "") for key in keys), strict=True))
        store = Store.open(address)
        try:
            rows = partial(_rows, library, shelf, dense)
            return _brought(store, rows, wanted, state=_state(facts), progress=progress)
        finally:
            store.close()


def _opened(folder: Path, facts: generations.Manifest, encoder: Encoder) -> tuple[Shelf, DenseIndex]:
    if facts.get("encoder") != encoder.name:
        raise DamagedData("索引由另一个编码模型建立。", "请先运行 zeren index。")
    return Shelf(folder), DenseIndex.open(folder)


def _state(facts: generations.Manifest) -> dict[str, Any]:
    """What a whole collection of this generation says of itself."""
    told = {name: facts.get(name) for name in ("library", "encoder", "dimension")}
    return {"layout": LAYOUT, **told, "whole": True}


def _brought(
    store: Store,
    read: Callable[[dict[str, str]], Iterator[Passage]],
    wanted: dict[str, str],
    *,
    state: dict[str, Any],
    progress: Callable[[int, int], None] | None,
) -> tuple[int, int]:
    held_state = store.state()
    if any(held_state.get(name) != state[name] for name in ("layout", "encoder", "dimension")):
        store.make(int(state["dimension"]))
    store.note({**state, "whole": False})
    held = store.seals()
    gone = [name for name in held if name not in wanted]
    fresh = {name: seal for name, seal in wanted.items() if held.get(name) != seal}
    rows = read(fresh)
    written = 0
    while batch := list(itertools.islice(rows, _BATCH)):
        store.put(batch)
        written += len(batch)
        if progress is not None:
            progress(written, len(fresh))
    store.drop(gone)
    store.settle()
    if set(store.seals()) != set(wanted):
        raise DamagedData("Milvus 中的索引没有同步完。", "请再运行一次 zeren index --engine。")
    store.note(state)
    return len(fresh), len(gone)


def attached(engine: Engine, facts: generations.Manifest, address: str) -> MilvusEngine:
    """The embedded engine with candidates from a collection that holds the same texts.

    Raises WrongUsage for a bad address, DamagedData where Milvus is away, holds something else, was filled by
    another version or encoder, or is not filled to the end.
    """
    store, state = Store.open(address), _state(facts)
    try:
        refuse_other(store, state)
    except BaseException:
        store.close()
        raise
    numbers = {name: number for number, name in enumerate(ids(engine.shelf))}
    parts = (engine.encoder, engine.shelf, engine.dense, engine.lexical, engine.ranker, engine.overlap)
    return MilvusEngine(*parts, store=store, state=state, numbers=numbers)


def refuse_other(store: Store, mine: dict[str, Any]) -> None:
    """Raises DamagedData where a collection is not what this generation needs."""
    state, name = store.state(), store.name
    if not state.get("library"):
        raise DamagedData(f"Milvus（{name}）中还没有索引。", _SYNC)
    if any(state.get(part) != mine[part] for part in ("layout", "encoder", "dimension")):
        raise DamagedData(f"Milvus（{name}）中的索引由另一个版本或另一个编码模型建立。", _SYNC)
    if not state.get("whole"):
        raise DamagedData(f"Milvus（{name}）中的索引没有同步完。", _SYNC)
    if state["library"] != mine["library"]:
        raise DamagedData(f"Milvus（{name}）中的索引与本机不是同一批文本。", _SYNC)
