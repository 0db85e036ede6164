"""The units of an index generation at random addresses: their words, mapped, and arrays for ranking.

Each unit carries a hash of its words and address, checked when it is read: a word that changed on disk is
not shown. The words of every text stand here once; the register and the searches point into them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.errors import DamagedData
from corpus.place import Address
from indexer.passage import Unit, passages
from indexer.stock import FILE, Stock, gather, mark_of

__all__ = ["FILE", "Row", "Shelf", "write"]
Numbers = npt.NDArray[np.int64]
_CELLS = ("edition", "heading", "section", "article", "suffix", "annex")


@dataclass(frozen=True, slots=True)
class Row:
    """A unit as kept: its number, the number of its edition, its address, headings and words."""

    number: int
    edition: int
    address: Address
    headings: tuple[str, ...]
    text: str


def write(folder: Path, units: Sequence[Unit]) -> None:
    """Writes units alone, each with its passages (`indexer.build` writes those of a library)."""
    gather(units, [passages(unit) for unit in units]).save(folder)


class Shelf:
    """An opened shelf. Safe to share between threads.

    By unit: `edition`, `group` (units with the same words share one), `letters`, `traits`
    (indexer.traits) and `article` (0 for a section); `passage_unit` is the unit of each passage.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self.stock = Stock.open(folder)
        except (OSError, ValueError, KeyError) as error:
            raise _damaged() from error
        stock = self.stock
        self.keys: tuple[str, ...] = tuple(stock.keys)
        self._headings = [tuple(words.split("\n")) if words else () for words in stock.headings]
        self._numbers = {key: number for number, key in enumerate(self.keys)}
        self.edition: npt.NDArray[np.int32] = stock.of["edition"]
        self.letters: npt.NDArray[np.int32] = stock.of["letters"]
        self.traits: npt.NDArray[np.int32] = stock.of["traits"]
        self.article: npt.NDArray[np.int32] = np.maximum(stock.of["article"], 0)
        self._starts = np.concatenate([[0], np.cumsum(stock.of["size"], dtype=np.int64)])
        self.passage_unit: npt.NDArray[np.int32] = np.repeat(
            np.arange(len(self.edition), dtype=np.int32), stock.of["parts"]
        )
        same = stock.of["same"]
        self._by_group = np.argsort(same, kind="stable")
        first = np.ones(len(same), bool)
        first[1:] = same[self._by_group[1:]] != same[self._by_group[:-1]]
        self.group: npt.NDArray[np.int32] = np.empty(len(same), np.int32)
        self.group[self._by_group] = np.cumsum(first) - 1
        self._group_starts = np.append(np.flatnonzero(first), len(same))

    def __len__(self) -> int:
        return len(self.edition)

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """The units with these numbers, in their order. Raises DamagedData when a row was altered."""
        stock, wanted = self.stock, np.asarray(numbers, np.int64)
        try:
            cells = [stock.of[name][wanted].tolist() for name in _CELLS]
            starts, ends = self._starts[wanted].tolist(), self._starts[wanted + 1].tolist()
            rows = [
                self._row(number, *place)
                for number, *place in zip(wanted.tolist(), starts, ends, *cells, strict=True)
            ]
        except (IndexError, ValueError) as error:
            raise _damaged() from error
        if any(self._altered(row) for row in rows):
            raise _damaged()
        return rows

    def spans(self, numbers: Numbers) -> tuple[npt.NDArray[np.uint16], Numbers, Numbers]:
        """The words of all units as letters of UTF-16, and where those of these units start and end."""
        return self.stock.words, self._starts[numbers], self._starts[numbers + 1]

    def texts(self, numbers: Numbers) -> list[str]:
        """The words of units, unchecked: to be weighed, not to be shown."""
        words, starts, ends = self.spans(numbers)
        return [
            words[start:end].tobytes().decode("utf-16-le", "surrogatepass")
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]

    def nearest_headings(self, numbers: Numbers) -> list[str]:
        """The heading just above each unit, "" where there is none."""
        held = (self._headings[number] for number in self.stock.of["heading"][numbers].tolist())
        return [headings[-1] if headings else "" for headings in held]

    def _row(self, number: int, start: int, end: int, *cells: int) -> Row:
        edition, heading, *place = cells
        text = self.stock.words[start:end].tobytes().decode("utf-16-le", "surrogatepass")
        return Row(number, edition, self._address(*place), self._headings[heading], text)

    def _address(self, section: int, article: int, suffix: int, annex: int) -> Address:
        return Address(
            article if article >= 0 else None,
            suffix if suffix >= 0 else None,
            section=self.stock.sections[section] or None,
            annex=annex if annex >= 0 else None,
        )

    def _altered(self, row: Row) -> bool:
        words = row.text.encode("utf-16-le", "surrogatepass")
        mark = mark_of(self.keys[row.edition], row.address, "\n".join(row.headings), words)
        return bool(mark != self.stock.of["mark"][row.number].tobytes())

    def address(self, number: int) -> Address:
        """Where a unit stands in its text."""
        return self._address(*(int(self.stock.of[name][number]) for name in _CELLS[2:]))

    def find(self, key: str, address: Address) -> int | None:
        """The number of the unit that holds an address of an edition."""
        edition = self._numbers.get(key)
        if edition is None:
            return None
        first, end = np.searchsorted(self.edition, [edition, edition + 1])
        whole = address.whole()
        for number in range(int(first), int(end)):
            if whole.article is not None and whole.article != self.article[number]:
                continue
            held = self.address(number)
            if held == whole or _holds(held, whole):
                return number
        return None

    def group_size(self, numbers: Numbers) -> Numbers:
        """How many units say the same, each unit counted."""
        group = self.group[numbers]
        sizes: Numbers = self._group_starts[group + 1] - self._group_starts[group]
        return sizes

    def same_words(self, number: int) -> list[int]:
        """The other units with the same words."""
        group = int(self.group[number])
        members = self._by_group[self._group_starts[group] : self._group_starts[group + 1]]
        return [int(n) for n in members if n != number]

    def close(self) -> None:
        """Nothing is held open but the mapped words."""


def _holds(outer: Address, inner: Address) -> bool:
    if outer.section is None or inner.section is None or outer.annex != inner.annex:
        return False
    return inner.section.startswith(f"{outer.section}.")


def _damaged() -> DamagedData:
    return DamagedData("索引中的条文与建立时不一致，已停止引用。", "请运行 zeren index 重建。")
