"""Writing the register of an index generation: every text's duties and penalties into one SQLite file."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from corpus.document import Edition
from corpus.library import Library
from indexer import register_rows
from indexer.obligation import Obligation
from indexer.register_rows import TextRows, address_cells, signature
from indexer.taxonomy import Taxonomy, load, parts

FILE = "register.sqlite"
VERSION = 3
_PARALLEL_FROM = 64
# Where the sentence names no bearer and the text as a whole suggests one.
_GUESSED = frozenset({"text_context"})
_SCHEMA = """
CREATE TABLE text(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
  industries TEXT NOT NULL, general INTEGER NOT NULL, bases TEXT NOT NULL, articles INTEGER NOT NULL,
  silent INTEGER NOT NULL) STRICT;
CREATE TABLE heading(id INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE bearer(id INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE, parts TEXT NOT NULL) STRICT;
CREATE TABLE post(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, signature TEXT NOT NULL) STRICT;
CREATE TABLE bearer_post(post INTEGER NOT NULL, bearer INTEGER NOT NULL, PRIMARY KEY(post,
  bearer)) WITHOUT ROWID, STRICT;
CREATE TABLE article(id INTEGER PRIMARY KEY, text INTEGER NOT NULL, words TEXT NOT NULL) STRICT;
CREATE TABLE duty(id INTEGER PRIMARY KEY, text INTEGER NOT NULL, unit INTEGER NOT NULL,
  bearer INTEGER NOT NULL,
  guessed INTEGER NOT NULL, kind TEXT NOT NULL, industries TEXT NOT NULL, article INTEGER, suffix INTEGER,
  paragraph INTEGER, item INTEGER, subitem INTEGER,
  section TEXT, annex INTEGER, sole INTEGER NOT NULL, heading INTEGER NOT NULL, modality TEXT NOT NULL,
  action TEXT NOT NULL, quote TEXT NOT NULL, condition TEXT, exception TEXT, object TEXT, deadline TEXT,
  source TEXT NOT NULL, implicit INTEGER NOT NULL) STRICT;
CREATE TABLE penalty(id INTEGER PRIMARY KEY, text INTEGER NOT NULL, article INTEGER, suffix INTEGER,
  paragraph INTEGER, item INTEGER, subitem INTEGER, section TEXT, annex INTEGER, sole INTEGER NOT NULL,
  heading INTEGER NOT NULL, words TEXT NOT NULL) STRICT;
CREATE TABLE link(text INTEGER NOT NULL, duty TEXT NOT NULL, place INTEGER NOT NULL, penalty INTEGER NOT NULL,
  score REAL NOT NULL, explicit INTEGER NOT NULL, PRIMARY KEY(text, duty, place)) WITHOUT ROWID, STRICT;
CREATE VIRTUAL TABLE words USING fts5(grams, content='', detail=none, columnsize=0);
"""
_INDEXES = """
CREATE INDEX duty_bearer ON duty(bearer, text, unit);
CREATE INDEX duty_unit ON duty(unit);
CREATE INDEX duty_text ON duty(text);
"""


def write(folder: Path, library: Library, progress: Any = None) -> None:
    """Writes the register of every text held. `progress(done, of)` is called text by text.

    Raises what the library raises; nothing is left half-made, as the folder is published only when whole.
    """
    taxonomy = load(library.path.parent)
    editions = library.editions()
    with sqlite3.connect(folder / FILE) as db:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192;" + _SCHEMA)
        writer = _Writer(db, taxonomy)
        for done, rows in enumerate(_rows(library, editions), 1):
            writer.add(rows)
            if progress is not None:
                progress(done, len(editions))
        writer.finish()
        db.executescript(_INDEXES + "INSERT INTO words(words) VALUES('optimize');")
    db.close()


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


class _Writer:
    """Rows of texts into tables; headings and bearers kept once."""

    def __init__(self, db: sqlite3.Connection, taxonomy: Taxonomy) -> None:
        self._db, self._taxonomy = db, taxonomy
        self._headings: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._units = 0
        self._texts = 0
        self._penalties = 0

    def add(self, rows: TextRows) -> None:
        number = self._texts
        self._texts += 1
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
        base = self._units
        self._units += len(rows.units)
        numbers = range(base, self._units)
        self._db.executemany(
            "INSERT INTO article VALUES(?,?,?)",
            ((unit, number, words) for unit, (words, _) in zip(numbers, rows.units, strict=True)),
        )
        self._db.executemany(
            "INSERT INTO words(rowid, grams) VALUES(?,?)",
            ((unit, grams) for unit, (_, grams) in zip(numbers, rows.units, strict=True)),
        )
        self._db.executemany(
            "INSERT INTO duty VALUES(NULL" + ",?" * 24 + ")",
            (
                self._duty(number, base + unit, headings, one, limits=scope.general)
                for unit, headings, one in rows.duties
            ),
        )
        self._link(number, rows)

    def _duty(
        self, text: int, unit: int, headings: tuple[str, ...], one: Obligation, *, limits: bool
    ) -> tuple[Any, ...]:
        named = self._taxonomy.industries_in(f"{one.bearer} {one.condition or ''}") if limits else ()
        return (
            text,
            unit,
            self._bearer(one.bearer),
            int(one.bearer_source in _GUESSED),
            one.bearer_type.value,
            "|".join(named),
            *address_cells(one.address),
            self._heading(headings),
            one.modality.value,
            one.action,
            one.quote,
            one.condition,
            one.exception,
            one.object,
            one.deadline,
            one.bearer_source,
            int(one.implicit),
        )

    def _link(self, text: int, rows: TextRows) -> None:
        first = self._penalties
        for address, headings, words in rows.penalties:
            self._db.execute(
                "INSERT INTO penalty VALUES(?,?" + ",?" * 10 + ")",
                (self._penalties, text, *address_cells(address), self._heading(headings), words),
            )
            self._penalties += 1
        self._db.executemany(
            "INSERT INTO link VALUES(?,?,?,?,?,?)",
            (
                (text, duty, place, first + penalty, score, int(explicit))
                for duty, place, penalty, score, explicit in rows.links
            ),
        )

    def _heading(self, headings: tuple[str, ...]) -> int:
        words = json.dumps(headings, ensure_ascii=False)
        if words not in self._headings:
            self._headings[words] = len(self._headings)
            self._db.execute("INSERT INTO heading VALUES(?,?)", (self._headings[words], words))
        return self._headings[words]

    def _bearer(self, words: str) -> int:
        if words not in self._names:
            number = self._names[words] = len(self._names)
            self._db.execute("INSERT INTO bearer VALUES(?,?,?)", (number, words, "\n".join(parts(words))))
        return self._names[words]

    def finish(self) -> None:
        """Which posts each bearer means."""
        numbers = {post.name: number for number, post in enumerate(self._taxonomy.posts)}
        self._db.executemany(
            "INSERT INTO post VALUES(?,?,?)",
            ((number, post.name, signature(post)) for number, post in enumerate(self._taxonomy.posts)),
        )
        self._db.executemany(
            "INSERT INTO bearer_post VALUES(?,?)",
            (
                (numbers[name], number)
                for words, number in self._names.items()
                for name in self._taxonomy.posts_of(words)
            ),
        )
