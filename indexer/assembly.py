"""The files of a generation: units, vectors and postings, read from all texts or spliced from old files."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.document import Edition, Provision
from corpus.library import Library
from indexer.changes import Change, Text
from indexer.dense import DenseIndex
from indexer.embedding import Encoder, StaticEncoder, Vectors
from indexer.grams import grams
from indexer.passage import heading_words, passages, units
from indexer.postings import Counted, Edit, Postings, count, gathered, splice
from indexer.stock import Stock, gather, join

_BATCH = 64  # texts read at a time
Entry = tuple[Text, Edition, Sequence[Provision]]


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: how many units and passages, how many vectors came from the old generation, and
    how passages are found by their vectors."""

    units: int
    passages: int
    reused: int
    vectors: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Previous:
    """An earlier generation, verified and opened, to take from."""

    folder: Path
    encoder: str
    stock: Stock
    dense: DenseIndex

    @classmethod
    def open(cls, folder: Path, encoder: str) -> Previous:
        """Raises DamagedData, OSError, ValueError, KeyError."""
        return cls(folder, encoder, Stock.open(folder), DenseIndex.open(folder))

    @property
    def texts(self) -> list[Text]:
        return list(zip(self.stock.keys, self.stock.seals, strict=True))


@dataclass(frozen=True, slots=True)
class _Read:
    """Some texts, read: their units as a stock, the grams of these, and the words of the passages."""

    stock: Stock
    grams: Counted
    passages: list[str]


def _read(texts: Sequence[Entry], first: int) -> _Read:
    """Reads texts whose units are numbered from `first`."""
    found = [unit for _, edition, provisions in texts for unit in units(edition, provisions)]
    parts = [passages(unit) for unit in found]
    words = grams([f"{heading_words(unit)}\n{unit.text}" for unit in found])
    stock = gather(found, parts, texts=[text for text, _, _ in texts])
    return _Read(stock, count(words, first=first), [text for part in parts for text in part])


def whole(
    folder: Path,
    library: Library,
    encoder: Encoder,
    *,
    old: Previous | None,
    texts: Sequence[Text],
    progress: Callable[[int, int], None],
) -> Made:
    """Reads every text; takes vectors from the old generation where a passage stands there."""
    index, known, seals = _empty(encoder), _Known(old), dict(texts)
    stocks: list[Stock] = []
    counts: list[Counted] = []
    done = 0
    held = (((e.key, seals[e.key]), e, rows) for e, rows in library.all_provisions())
    for batch in _batches(held):
        one = _read(batch, sum(len(part.lengths) for part in counts))
        index.add(known.vectors(one, encoder))
        stocks.append(one.stock)
        counts.append(one.grams)
        done += len(batch)
        progress(done, len(texts))
    vectors = index.save(folder)
    del index
    postings = Postings.of(gathered(counts))
    counts.clear()
    postings.save(folder)
    stock = join(stocks or [gather([], [], texts=[])])
    stock.save(folder)
    return Made(len(stock.of["edition"]), len(stock.passage), known.reused, vectors)


def _batches(texts: Iterable[Entry]) -> Iterator[list[Entry]]:
    waiting = iter(texts)
    while batch := list(itertools.islice(waiting, _BATCH)):
        yield batch


def _empty(encoder: Encoder) -> DenseIndex:
    return DenseIndex.build(encoder.dimension, fine=not isinstance(encoder, StaticEncoder))


class _Known:
    """The vectors of the old generation by the hash of their passage."""

    def __init__(self, old: Previous | None) -> None:
        self._index = old.dense if old else None
        hashes = old.stock.passage if old else np.empty(0, np.uint64)
        self._order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[self._order]
        self.reused = 0

    def vectors(self, read: _Read, encoder: Encoder) -> Vectors:
        """The vectors of the passages read; each distinct new one is encoded once."""
        wanted = read.stock.passage
        out: Vectors = np.zeros((len(wanted), encoder.dimension), np.float32)
        held = np.zeros(len(wanted), bool)
        if self._index is not None and len(self._hashes):
            at = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
            held = self._hashes[at] == wanted
            out[held] = self._index.vectors(self._order[at[held]])
        self.reused += int(held.sum())
        new = [text for text, is_held in zip(read.passages, held, strict=True) if not is_held]
        if new:
            out[~held] = encode_distinct(encoder, new)
        return out


def encode_distinct(encoder: Encoder, texts: list[str]) -> Vectors:
    """The vectors of texts, each distinct one encoded once."""
    first = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return encoder.encode(list(first))[[first[text] for text in texts]]


def spliced(
    folder: Path,
    library: Library,
    encoder: Encoder,
    *,
    old: Previous,
    plan: Sequence[Change],
    texts: Sequence[Text],
) -> Made:
    """The old generation's files with the changed texts cut out and the new ones put in."""
    ends = np.concatenate([[0], np.cumsum(old.stock.of["parts"], dtype=np.int64)])
    index = _empty(encoder)
    stocks: list[Stock] = []
    edits: list[Edit] = []
    before = fresh = 0
    for change in plan:
        kept = old.stock.units_of(before, change.first)
        index.add_from(old.dense, int(ends[kept.start]), int(ends[kept.stop]))
        wanted = texts[change.start : change.stop]
        one = _read([(text, *_held(library, text[0])) for text in wanted], kept.stop)
        if one.passages:
            index.add(encode_distinct(encoder, one.passages))
        stocks += [old.stock.part(before, change.first), one.stock]
        gone = old.stock.units_of(change.first, change.end)
        edits.append(Edit(gone.start, gone.stop - gone.start, one.grams))
        before, fresh = change.end, fresh + len(one.passages)
    rest = old.stock.units_of(before, len(old.stock.keys))
    index.add_from(old.dense, int(ends[rest.start]), int(ends[rest.stop]))
    vectors = index.save(folder)
    del index
    splice(Postings.open(old.folder), edits[::-1]).save(folder)
    stock = join([*stocks, old.stock.part(before, len(old.stock.keys))])
    stock.save(folder)
    return Made(len(stock.of["edition"]), len(stock.passage), len(stock.passage) - fresh, vectors)


def _held(library: Library, key: str) -> tuple[Edition, Sequence[Provision]]:
    return library.edition(key), library.provisions(key)
