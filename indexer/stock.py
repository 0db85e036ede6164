"""Units as arrays, text by text, that can be cut and joined: what a generation keeps of every unit.

Joining the texts of an old generation with new ones gives what reading all of them anew would give.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.place import Address
from indexer.arrays import archive, mapped
from indexer.passage import Unit
from indexer.traits import traits

FILE = "words.npy"
ARRAYS = "units.npz"
TEXTS = "texts.json"
MARK_BYTES = 8
_BY_UNIT = {
    "edition": np.int32,  # the number of its text
    "heading": np.int32,  # numbers in the lists of headings and sections
    "section": np.int32,
    "article": np.int32,  # -1 where there is none
    "suffix": np.int32,
    "annex": np.int32,
    "letters": np.int32,
    "traits": np.int32,
    "size": np.int32,  # of its words, in UTF-16 units
    "parts": np.uint16,  # passages
    "same": np.uint64,  # equal where two units say the same
}
Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Stock:
    """Units of texts `keys`, whose library seals are `seals`, in order.

    `of` are columns by unit (`_BY_UNIT` and "mark"); `passage` has one hash a passage; `words` are the
    units' words one after the other, UTF-16. Headings are one line each; a section is "" in an article.
    """

    keys: list[str]
    seals: list[str]
    headings: list[str]
    sections: list[str]
    of: dict[str, Array]
    passage: npt.NDArray[np.uint64]
    words: npt.NDArray[np.uint16]

    @classmethod
    def open(cls, folder: Path) -> Stock:
        """Maps the words and reads the rest. Raises OSError, ValueError, KeyError."""
        texts = json.loads((folder / TEXTS).read_text("utf-8"))
        arrays = archive(folder / ARRAYS)
        of = {name: arrays[name].astype(kind, copy=False) for name, kind in _BY_UNIT.items()}
        of["mark"] = arrays["mark"]
        words = mapped(folder / FILE)
        lists = (texts["keys"], texts["seals"], texts["headings"], texts["sections"])
        return cls(*lists, of, arrays["passage"], words)

    def save(self, folder: Path) -> None:
        np.save(folder / FILE, self.words)
        np.savez(folder / ARRAYS, passage=self.passage, **{name: _small(self.of[name]) for name in self.of})
        lists = {
            "sizes": np.bincount(self.of["edition"], self.of["size"], len(self.keys)).astype(int).tolist(),
            "keys": self.keys, "seals": self.seals, "headings": self.headings, "sections": self.sections
        }  # fmt: skip
        (folder / TEXTS).write_text(json.dumps(lists, ensure_ascii=False), "utf-8")

    def units_of(self, first: int, end: int) -> slice:
        """The units of texts first … end - 1."""
        return _cut(self.of["edition"], first, end)

    def part(self, first: int, end: int) -> Stock:
        """Texts first … end - 1 alone; the lists stay whole."""
        units = self.units_of(first, end)
        starts = np.concatenate([[0], np.cumsum(self.of["size"], dtype=np.int64)])
        parts = np.concatenate([[0], np.cumsum(self.of["parts"], dtype=np.int64)])
        of = {name: column[units] for name, column in self.of.items()}
        of["edition"] = of["edition"] - np.int32(first)
        return Stock(
            self.keys[first:end],
            self.seals[first:end],
            self.headings,
            self.sections,
            of,
            self.passage[parts[units.start] : parts[units.stop]],
            self.words[starts[units.start] : starts[units.stop]],
        )


def _small(column: Array) -> Any:
    """The same numbers in the smallest kind that holds them all."""
    if not column.size or column.dtype.kind != "i":
        return column
    return column.astype(np.promote_types(np.min_scalar_type(column.min()), np.min_scalar_type(column.max())))


class TextWords:
    """The words of texts by their keys, mapped: for those that need nothing else of a generation."""

    def __init__(self, words: npt.NDArray[np.uint16], starts: dict[str, int]) -> None:
        self._words, self._starts = words, starts

    @classmethod
    def open(cls, folder: Path) -> TextWords:
        """Raises OSError, ValueError, KeyError."""
        texts = json.loads((folder / TEXTS).read_text("utf-8"))
        starts = dict(zip(texts["keys"], itertools.accumulate([0, *texts["sizes"]]), strict=False))
        return cls(mapped(folder / FILE), starts)

    def read(self, key: str, pieces: str) -> str:
        """The pieces of a text that at+size in UTF-16 units name, one line each, or what follows "="."""
        if pieces.startswith("="):
            return pieces[1:]
        lines = []
        for piece in pieces.split():
            at, _, size = piece.partition("+")
            start = self._starts[key] + int(at)
            raw = self._words[start : start + int(size)].tobytes()
            lines.append(raw.decode("utf-16-le", "surrogatepass"))
        return "\n".join(lines)


def _cut(ordered: Array, first: int, end: int) -> slice:
    at = np.searchsorted(ordered, [first, end])
    return slice(int(at[0]), int(at[1]))


def join(stocks: Sequence[Stock]) -> Stock:
    """The texts of several stocks, one after the other; headings and sections once, in order of use."""
    of = {name: np.concatenate([stock.of[name] for stock in stocks]) for name in (*_BY_UNIT, "mark")}
    texts = np.cumsum([0, *(len(stock.keys) for stock in stocks)])
    of["edition"] = np.concatenate(
        [s.of["edition"] + np.int32(before) for s, before in zip(stocks, texts, strict=False)]
    )
    headings, of["heading"] = _merged([(stock.headings, stock.of["heading"]) for stock in stocks])
    sections, of["section"] = _merged([(stock.sections, stock.of["section"]) for stock in stocks])
    return Stock(
        [key for stock in stocks for key in stock.keys],
        [seal for stock in stocks for seal in stock.seals],
        headings,
        sections,
        of,
        np.concatenate([stock.passage for stock in stocks]),
        np.concatenate([stock.words for stock in stocks]),
    )


def _merged(parts: Sequence[tuple[list[str], Array]]) -> tuple[list[str], Array]:
    """Numbered lists as one, in the order in which the numbers use them."""
    known: dict[str, int] = {}
    out = []
    for names, numbers in parts:
        used, first = np.unique(numbers, return_index=True)
        renamed = np.zeros(len(names), np.int32)
        for old in used[np.argsort(first)].tolist():
            renamed[old] = known.setdefault(names[old], len(known))
        out.append(renamed[numbers])
    return list(known), np.concatenate(out)


def gather(
    units: Iterable[Unit],
    passages: Iterable[Sequence[str]],
    *,
    texts: Sequence[tuple[str, str]] | None = None,
) -> Stock:
    """Units with their passages as a stock.

    `texts` are the (key, seal) of all texts in order, also of those without units; by default the units'.
    """
    rows, words, marks, hashes = [], [], [], []
    keys = {key: number for number, (key, _) in enumerate(texts or ())}
    headings: dict[str, int] = {}
    sections: dict[str, int] = {}
    for unit, parts in zip(units, passages, strict=True):
        a, heading, raw = (
            unit.address,
            "\n".join(unit.headings),
            unit.text.encode("utf-16-le", "surrogatepass"),
        )
        rows.append(
            (
                keys.setdefault(unit.key, len(keys)),
                headings.setdefault(heading, len(headings)),
                sections.setdefault(a.section or "", len(sections)),
                *(-1 if cell is None else cell for cell in (a.article, a.article_suffix, a.annex)),
                len(unit.text),
                int(traits(unit)),
                len(raw) // 2,
                len(parts),
                int.from_bytes(unit.words[:8], "little"),
            )
        )
        words.append(raw)
        marks.append(mark_of(unit.key, a, heading, raw))
        hashes += [passage_hash(text) for text in parts]
    columns = list(zip(*rows, strict=True)) or [()] * len(_BY_UNIT)
    of: dict[str, Array] = {
        name: np.array(column, kind) for (name, kind), column in zip(_BY_UNIT.items(), columns, strict=True)
    }
    of["mark"] = np.frombuffer(b"".join(marks), np.uint8).reshape(-1, MARK_BYTES)
    seals = [seal for _, seal in texts] if texts is not None else [""] * len(keys)
    lists = (list(keys), seals, list(headings), list(sections))
    return Stock(*lists, of, np.array(hashes, np.uint64), np.frombuffer(b"".join(words), np.uint16))


def mark_of(key: str, address: Address, heading: str, words: bytes) -> bytes:
    """What a unit is checked by: a hash of its text's key, its address, its headings and its words."""
    a = address
    head = repr((key, a.article, a.article_suffix, a.section, a.annex, heading))
    return hashlib.sha256(head.encode() + words).digest()[:MARK_BYTES]


def passage_hash(text: str) -> int:
    """What a passage's vector is known by from one generation to the next."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
