"""Writing the register of an index generation: every text's duties and penalties into one SQLite file."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from corpus.document import Edition
from corpus.errors import InputRefused
from corpus.library import Library
from indexer import register_rows, stock
from indexer.obligation import Obligation
from indexer.passage import units
from indexer.register_rows import TextRows, address_cells, signature
from indexer.taxonomy import Industry, Post, Taxonomy, load, parts

FILE = "register.sqlite"
VERSION = 5
_PARALLEL_FROM = 64
# Where the sentence names no bearer and the text as a whole suggests one.
_GUESSED = frozenset({"text_context"})
# A text's number leaves room between neighbours, so that one that comes in later stands in its order
# and moves no other; below it the bits of a unit, and below these of a duty.
STEP = 1 << 12
UNIT_BITS, DUTY_BITS = 17, 12
_SCHEMA = """
CREATE TABLE taxonomy(digest TEXT NOT NULL) STRICT;
CREATE TABLE text(id INTEGER PRIMARY KEY, key TEXT NOT NULL, title TEXT NOT NULL,
  industries TEXT NOT NULL, general INTEGER NOT NULL, bases TEXT NOT NULL, articles INTEGER NOT NULL,
  silent INTEGER NOT NULL) STRICT;
CREATE TABLE heading(id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;
CREATE TABLE name(id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;
CREATE TABLE bearer(id INTEGER PRIMARY KEY, words TEXT NOT NULL, parts TEXT) STRICT;
CREATE TABLE post(id INTEGER PRIMARY KEY, name TEXT NOT NULL, signature TEXT NOT NULL) STRICT;
CREATE TABLE bearer_post(post INTEGER NOT NULL, bearer INTEGER NOT NULL, PRIMARY KEY(post,
  bearer)) WITHOUT ROWID, STRICT;
CREATE TABLE article(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, pieces TEXT NOT NULL) STRICT;
CREATE TABLE duty(id INTEGER PRIMARY KEY, bearer INTEGER NOT NULL, guessed INTEGER NOT NULL,
  kind INTEGER NOT NULL, industries TEXT NOT NULL, article INTEGER, suffix INTEGER, paragraph INTEGER,
  item INTEGER, subitem INTEGER, section TEXT, annex INTEGER, sole INTEGER NOT NULL,
  heading INTEGER NOT NULL, modality INTEGER NOT NULL, pieces TEXT NOT NULL, source INTEGER NOT NULL,
  implicit INTEGER NOT NULL) STRICT;
CREATE TABLE penalty(id INTEGER PRIMARY KEY, article INTEGER, suffix INTEGER,
  paragraph INTEGER, item INTEGER, subitem INTEGER, section TEXT, annex INTEGER, sole INTEGER NOT NULL,
  heading INTEGER NOT NULL, pieces TEXT NOT NULL) STRICT;
CREATE TABLE link(text INTEGER NOT NULL, duty TEXT NOT NULL, place INTEGER NOT NULL, penalty INTEGER NOT NULL,
  score REAL NOT NULL, explicit INTEGER NOT NULL, PRIMARY KEY(text, duty, place)) WITHOUT ROWID, STRICT;
CREATE VIRTUAL TABLE words USING fts5(grams, content='', detail=none, columnsize=0);
"""
_INDEXES = "CREATE INDEX duty_bearer ON duty(bearer);"
UNSAFE = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"  # the folder is published only when whole


def write(folder: Path, library: Library, progress: Any = None) -> None:
    """Writes the register of every text held. `progress(done, of)` is called text by text.

    Raises what the library raises; nothing is left half-made, as the folder is published only when whole.
    """
    taxonomy = load(library.path.parent)
    editions = library.editions()
    if not (folder / stock.FILE).is_file():  # a register alone: the words that it points into
        found = [unit for edition, rows in library.all_provisions() for unit in units(edition, rows)]
        seals = list(library.seals().items())
        stock.gather(found, [()] * len(found), texts=seals).save(folder)
    with contextlib.closing(sqlite3.connect(folder / FILE)) as db:
        db.executescript(UNSAFE + "PRAGMA page_size=8192;" + _SCHEMA)
        with db:
            writer = Writer(db, taxonomy)
            for done, rows in enumerate(_rows(library, editions), 1):
                writer.add(done * STEP, rows)
                if progress is not None:
                    progress(done, len(editions))
            writer.finish()
            db.execute("INSERT INTO taxonomy VALUES(?)", (digest(taxonomy),))
        db.executescript(_INDEXES + "INSERT INTO words(words) VALUES('optimize'); VACUUM;")


def digest(taxonomy: Taxonomy) -> str:
    """Changes when the posts or industries do."""
    cells = [[getattr(entry, field.name) for field in fields(Post)] for entry in taxonomy.posts]
    cells += [[getattr(entry, field.name) for field in fields(Industry)] for entry in taxonomy.industries]
    told = [[cell.pattern if isinstance(cell, re.Pattern) else cell for cell in row] for row in cells]
    return hashlib.sha256(repr((told, taxonomy.general.pattern)).encode()).hexdigest()


def _rows(library: Library, editions: Sequence[Edition]) -> Iterator[TextRows]:
    if len(editions) < _PARALLEL_FROM or (os.cpu_count() or 1) < 2:
        for edition in editions:
            yield register_rows.of(edition, library.provisions(edition.key))
        return
    context = get_context("spawn")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    keys = [edition.key for edition in editions]
    with context.Pool(
        2, initializer=register_rows.open_library, initargs=(str(library.path.parent),)
    ) as pool:
        yield from pool.imap(register_rows.of_key, keys, chunksize=8)


class Writer:
    """Rows of texts into tables; headings, bearers and names kept once."""

    def __init__(self, db: sqlite3.Connection, taxonomy: Taxonomy) -> None:
        self._db, self._taxonomy = db, taxonomy
        self._kept = {
            table: dict(db.execute(f"SELECT words, id FROM {table}"))  # noqa: S608 - our own names
            for table in ("heading", "name", "bearer")
        }
        self._old_bearers = len(self._kept["bearer"])
        self._seq = db.execute("SELECT coalesce(max(seq), -1) + 1 FROM article").fetchone()[0]

    def add(self, number: int, rows: TextRows) -> None:
        """Writes a text under its number. Raises InputRefused when it is too long to be numbered."""
        if len(rows.units) >> UNIT_BITS or _most(rows) >> DUTY_BITS:
            raise InputRefused(f"《{rows.title}》太长，编不进责任登记。", "请分成几个文件后再加入。")
        scope = self._taxonomy.scope(rows.title)
        self._db.execute(
            "INSERT INTO text VALUES(?,?,?,?,?,?,?,?)",
            (
                number,
                rows.key,
                rows.title,
                "|".join(scope.industries),
                int(scope.general),
                "|".join(rows.bases),
                rows.articles,
                rows.articles - len(rows.units),
            ),
        )
        first = number << UNIT_BITS
        self._db.executemany(
            "INSERT INTO article VALUES(?,?,?)",
            ((first + n, self._seq + n, where) for n, (where, _) in enumerate(rows.units)),
        )
        self._db.executemany(
            "INSERT INTO words(rowid, grams) VALUES(?,?)",
            ((self._seq + n, grams) for n, (_, grams) in enumerate(rows.units)),
        )
        self._seq += len(rows.units)
        place: Counter[int] = Counter()
        for unit, headings, one, cuts in rows.duties:
            duty = (first + unit) << DUTY_BITS | place[unit]
            place[unit] += 1
            cells = self._duty(headings, one, cuts, limits=scope.general)
            self._db.execute("INSERT INTO duty VALUES(?" + ",?" * 17 + ")", (duty, *cells))
        self._link(number, rows)

    def _duty(
        self, headings: tuple[str, ...], one: Obligation, cuts: str, *, limits: bool
    ) -> tuple[Any, ...]:
        named = self._taxonomy.industries_in(f"{one.bearer} {one.condition or ''}") if limits else ()
        return (
            self._number("bearer", one.bearer),
            int(one.bearer_source in _GUESSED),
            self._number("name", one.bearer_type.value),
            "|".join(named),
            *address_cells(one.address),
            self._number("heading", json.dumps(headings, ensure_ascii=False)),
            self._number("name", one.modality.value),
            cuts,
            self._number("name", one.bearer_source),
            int(one.implicit),
        )

    def _link(self, text: int, rows: TextRows) -> None:
        first = text << UNIT_BITS
        for number, (address, headings, where) in enumerate(rows.penalties):
            heading = self._number("heading", json.dumps(headings, ensure_ascii=False))
            self._db.execute(
                "INSERT INTO penalty VALUES(?" + ",?" * 10 + ")",
                (first + number, *address_cells(address), heading, where),
            )
        self._db.executemany(
            "INSERT INTO link VALUES(?,?,?,?,?,?)",
            (
                (text, duty, place, first + penalty, score, int(explicit))
                for duty, place, penalty, score, explicit in rows.links
            ),
        )

    def _number(self, table: str, words: str) -> int:
        """The number of words that are kept once."""
        kept: dict[str, int] = self._kept[table]
        if words not in kept:
            number = kept[words] = len(kept)
            cells: tuple[Any, ...] = (number, words)
            if table == "bearer":
                cut = "\n".join(parts(words))
                cells = (*cells, None if cut == words else cut)
            marks = ",".join("?" * len(cells))
            self._db.execute(f"INSERT INTO {table} VALUES({marks})", cells)
        return kept[words]

    def remove(self, number: int) -> None:
        """Takes a text out; what its headings and bearers were called stays."""
        low, high = number << UNIT_BITS, (number + 1) << UNIT_BITS
        self._db.execute("DELETE FROM text WHERE id = ?", (number,))
        self._db.execute("DELETE FROM link WHERE text = ?", (number,))
        self._db.execute("DELETE FROM penalty WHERE id >= ? AND id < ?", (low, high))
        self._db.execute("DELETE FROM article WHERE id >= ? AND id < ?", (low, high))
        self._db.execute("DELETE FROM duty WHERE id >= ? AND id < ?", (low << DUTY_BITS, high << DUTY_BITS))

    def finish(self) -> None:
        """Which posts each new bearer means."""
        if not self._old_bearers:
            self._db.executemany(
                "INSERT INTO post VALUES(?,?,?)",
                ((number, post.name, signature(post)) for number, post in enumerate(self._taxonomy.posts)),
            )
        numbers = {post.name: number for number, post in enumerate(self._taxonomy.posts)}
        self._db.executemany(
            "INSERT INTO bearer_post VALUES(?,?)",
            (
                (numbers[name], number)
                for words, number in self._kept["bearer"].items()
                if number >= self._old_bearers
                for name in self._taxonomy.posts_of(words)
            ),
        )


def _most(rows: TextRows) -> int:
    return max(Counter(unit for unit, *_ in rows.duties).values(), default=0)
