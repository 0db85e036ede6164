"""The units of an index generation at random addresses: a read-only SQLite file, and arrays for ranking.

Each row carries a hash of its words, checked when it is read: a word that changed on disk is not shown.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np
import numpy.typing as npt

from corpus.errors import DamagedData
from corpus.place import Address
from indexer.passage import Unit
from indexer.traits import traits

FILE = "units.sqlite"
ARRAYS = "units.npz"
_SCHEMA = """
CREATE TABLE edition(id INTEGER PRIMARY KEY, key TEXT NOT NULL) STRICT;
CREATE TABLE unit(id INTEGER PRIMARY KEY, edition INTEGER NOT NULL, article INTEGER, suffix INTEGER,
  section TEXT, annex INTEGER, headings TEXT NOT NULL, body TEXT NOT NULL, mark BLOB NOT NULL) STRICT;
"""
_COLUMNS = "id, edition, article, suffix, section, annex, headings, body, mark"
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """A unit as kept: its number, the number of its edition, its address, headings and words."""

    number: int
    edition: int
    address: Address
    headings: tuple[str, ...]
    text: str


def _mark(cells: Sequence[object]) -> bytes:
    return hashlib.sha256(repr(tuple(cells)).encode()).digest()[:16]


def write(folder: Path, units: Iterable[Unit], passage_unit: Numbers) -> None:
    """Writes the units in order; `passage_unit` gives the unit of each passage."""
    numbers: dict[str, int] = {}
    same: dict[bytes, int] = {}
    edition, group, letters, kinds, article = [], [], [], [], []
    with sqlite3.connect(folder / FILE) as db:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192;" + _SCHEMA)
        for number, unit in enumerate(units):
            of = numbers.setdefault(unit.key, len(numbers))
            a, text = unit.address, unit.text
            headings = json.dumps(unit.headings, ensure_ascii=False)
            cells = (number, of, a.article, a.article_suffix, a.section, a.annex, headings, text)
            db.execute("INSERT INTO unit VALUES(?,?,?,?,?,?,?,?,?)", (*cells, _mark(cells)))
            edition.append(of)
            group.append(same.setdefault(unit.words, len(same)))
            letters.append(len(text))
            kinds.append(int(traits(unit)))
            article.append(a.article or 0)
        db.executemany("INSERT INTO edition VALUES(?, ?)", [(n, key) for key, n in numbers.items()])
    db.close()
    np.savez(
        folder / ARRAYS,
        edition=np.array(edition, np.int32),
        group=np.array(group, np.int32),
        letters=np.array(letters, np.int32),
        traits=np.array(kinds, np.int32),
        article=np.array(article, np.int32),
        passage_unit=passage_unit.astype(np.int32),
    )


class Shelf:
    """An opened shelf.

    By unit: `edition`, `group` (units with the same words share one), `letters`, `traits`
    (indexer.traits) and `article` (0 for a section).
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._local = threading.local()
        try:
            arrays = np.load(folder / ARRAYS, allow_pickle=False)
            self.edition: npt.NDArray[np.int32] = arrays["edition"]
            self.group: npt.NDArray[np.int32] = arrays["group"]
            self.letters: npt.NDArray[np.int32] = arrays["letters"]
            self.traits: npt.NDArray[np.int32] = arrays["traits"]
            self.article: npt.NDArray[np.int32] = arrays["article"]
            self.passage_unit: npt.NDArray[np.int32] = arrays["passage_unit"]
            self.keys: tuple[str, ...] = tuple(
                row[0] for row in self._db().execute("SELECT key FROM edition ORDER BY id")
            )
        except (OSError, ValueError, KeyError, sqlite3.Error) as error:
            raise _damaged() from error
        self._by_group = np.argsort(self.group, kind="stable")
        self._group_starts = np.searchsorted(
            self.group[self._by_group], np.arange(int(self.group.max(initial=-1)) + 2)
        )

    def __len__(self) -> int:
        return len(self.edition)

    def _db(self) -> sqlite3.Connection:
        """One connection a thread; the file is never written after its generation is published."""
        held: sqlite3.Connection | None = getattr(self._local, "db", None)
        if held is None:
            uri = f"file:{quote(str(self._path.resolve()))}?mode=ro&immutable=1"
            held = self._local.db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        return held

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """The units with these numbers, in their order. Raises DamagedData when a row was altered."""
        marks = ",".join("?" * len(numbers))
        found = {}
        try:
            for row in self._db().execute(
                f"SELECT {_COLUMNS} FROM unit WHERE id IN ({marks})",  # noqa: S608 - marks only
                [int(n) for n in numbers],
            ):
                if _mark(row[:-1]) != row[-1]:
                    raise _damaged()
                address = Address(row[2], row[3], section=row[4], annex=row[5])
                found[row[0]] = Row(row[0], row[1], address, tuple(json.loads(row[6])), row[7])
        except (sqlite3.Error, ValueError) as error:
            raise _damaged() from error
        if len(found) != len(set(map(int, numbers))):
            raise _damaged()
        return [found[int(n)] for n in numbers]

    def find(self, key: str, address: Address) -> int | None:
        """The number of the unit that holds an address of an edition."""
        if key not in self.keys:
            return None
        held = np.flatnonzero(self.edition == self.keys.index(key))
        whole = address.whole()
        for row in self.rows(held.tolist()) if len(held) else []:
            if row.address == whole or _holds(row.address, whole):
                return row.number
        return None

    def group_size(self, numbers: Numbers) -> Numbers:
        """How many units say the same, each unit counted."""
        group = self.group[numbers]
        return self._group_starts[group + 1] - self._group_starts[group]

    def same_words(self, number: int) -> list[int]:
        """The other units with the same words."""
        group = int(self.group[number])
        members = self._by_group[self._group_starts[group] : self._group_starts[group + 1]]
        return [int(n) for n in members if n != number]

    def close(self) -> None:
        held = getattr(self._local, "db", None)
        if held is not None:
            held.close()
            self._local.db = None


def _holds(outer: Address, inner: Address) -> bool:
    if outer.section is None or inner.section is None or outer.annex != inner.annex:
        return False
    return inner.section.startswith(f"{outer.section}.")


def _damaged() -> DamagedData:
    return DamagedData("索引中的条文与建立时不一致，已停止引用。", "请运行 zeren index 重建。")
