"""The library: dated texts of works, kept in one SQLite file of the user's data folder.

    library = Library.open(data, create=True)
    added = library.add(document, original, source="社会法/安全生产法(2021-06-10).md")
    library.in_force("安全生产法", on="2026-01-01")

Every text is added in one transaction with its original bytes; every provision carries a hash that is
checked whenever it is read, so that an altered word is refused, never quoted.
"""

from __future__ import annotations

import hashlib
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from corpus import database, derived, keeping, snapshot, stored, works
from corpus.document import Counts, Document, Edition, Provision, Remark
from corpus.errors import DamagedData, NothingFound
from corpus.keeping import Added, Outcome, key_of
from corpus.mentions import Mentioned
from corpus.place import Address
from corpus.snapshot import Snapshot
from corpus.stored import ORDINAL_BITS
from corpus.within import covers

if TYPE_CHECKING:
    from corpus.links import Link

__all__ = ["Added", "Library", "Outcome", "Record", "covers", "key_of"]

Progress = Callable[[int, int], None]
KEPT = 256  # texts kept in memory for the next question


@dataclass(frozen=True, slots=True)
class Record:
    """What the library notes of a text beside its words."""

    key: str
    sha256: str
    size: int
    counts: Counts
    remarks: tuple[Remark, ...]
    added_at: str


class Library:
    """The texts held in one data folder. Readers in other threads and processes see whole texts only."""

    def __init__(self, base: database.Database) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._held: Snapshot | None = None
        self._texts: dict[str, tuple[Provision, ...]] = {}

    @classmethod
    def open(cls, data: Path, *, create: bool = False) -> Library:
        """The library of a data folder. Raises DamagedData when missing, not ours, newer or damaged."""
        return cls(database.open_database(data, create=create))

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; the library cannot be used afterwards."""
        self._base.close()

    @property
    def path(self) -> Path:
        """The file corpus.db."""
        return self._base.path

    # -- writing ---------------------------------------------------------------------------------

    def add(self, document: Document, original: bytes, *, source: str) -> Added:
        """Keeps a text in one transaction.

        The same bytes again add nothing (another path is noted). Other bytes under a known source of the
        same work are a new version when the date differs, and otherwise replace the draft.
        """
        with self._base.writing() as db:
            return keeping.keep(db, document, original, source=source)

    def remove(self, key: str) -> None:
        """Takes a text out, with its original; nothing else changes. Raises NothingFound."""
        self.edition(key)
        with self._base.writing() as db:
            keeping.delete(db, key)

    def reread(self, key: str, document: Document) -> bool:
        """Stores a newer reading of a text's own original; whether anything differs."""
        with self._base.writing() as db:
            return keeping.reread(db, key, document)

    def refresh(self, progress: Progress | None = None) -> int:
        """Derives again what older program versions derived (links, repeal clauses); how many texts."""
        with self._base.reading() as db:
            stale = db.execute(
                "SELECT id, key FROM document WHERE derived != ? ORDER BY source", (derived.VERSION,)
            ).fetchall()
        held = self._snapshot().editions if stale else {}
        for first in range(0, len(stale), 100):
            with self._base.writing() as db:
                for document_id, key in stale[first : first + 100]:
                    edition = held[key]
                    derived.store(db, document_id, edition.masthead, _rows(db, document_id, edition))
            if progress is not None:
                progress(min(first + 100, len(stale)), len(stale))
        return len(stale)

    # -- texts -----------------------------------------------------------------------------------

    def _snapshot(self) -> Snapshot:
        """The register as it is now; read again only after a write, by whomever."""
        with self._base.reading() as db:
            revision = database.revision(db)
            held = self._held
            if held is not None and held.revision == revision:
                return held
            with self._lock, database.moment(db):
                rows = db.execute(stored.SELECT_EDITIONS).fetchall()
                fresh = snapshot.take(database.revision(db), rows)
                self._held, self._texts = fresh, {}
        return fresh

    def editions(self) -> tuple[Edition, ...]:
        """Every text with its validity, ordered by source; cached until the next write."""
        return tuple(self._snapshot().editions.values())

    def edition(self, key: str) -> Edition:
        """One text. Raises NothingFound."""
        found = self._snapshot().editions.get(key)
        if found is None:
            raise NothingFound(f"文本库里没有编号为 {key} 的文本。", "请用 zeren list 查看。")
        return found

    def by_source(self, source: str) -> Edition | None:
        """The newest text added from this path."""
        found = [e for e in self.editions() if source in (e.source, *e.also_sources)]
        return max(found, key=lambda e: e.masthead.version or "") if found else None

    def sources(self) -> dict[str, tuple[str, ...]]:
        """The paths that every text came from, by its key: what adding needs to know, in a fifth of the time
        of editions(). Raises DamagedData when a row was altered."""
        with self._base.reading() as db:
            rows = db.execute(stored.SELECT_EDITIONS).fetchall()
            return {row[1]: stored.sources_from(row) for row in rows}

    def provisions(self, key: str) -> tuple[Provision, ...]:
        """The rows of a text in order, each checked against its hash. Raises NothingFound, DamagedData."""
        edition, texts = self.edition(key), self._texts
        held = texts.get(key)
        if held is None:
            held = self._read(edition)
            if len(texts) >= KEPT:
                texts.clear()
            texts[key] = held
        return held

    def _read(self, edition: Edition) -> tuple[Provision, ...]:
        with self._base.reading() as db, database.moment(db):
            found = db.execute("SELECT id FROM document WHERE key = ?", (edition.key,)).fetchone()
            if found is None:
                raise NothingFound(f"《{edition.title}》刚刚被移除。", "请再运行一次。")
            return _rows(db, found[0], edition)

    def all_provisions(self) -> Iterator[tuple[Edition, tuple[Provision, ...]]]:
        """Every text with its rows, in the order of editions()."""
        for edition in self.editions():
            yield edition, self._read(edition)

    def text(self, key: str, address: Address) -> str:
        """The verbatim words of a provision with everything below it, one line a row.

        Raises NothingFound when the text has no such provision.
        """
        found = [p.text for p in self.provisions(key) if covers(address, p.address)]
        if not found:
            title = self.edition(key).title
            raise NothingFound(f"《{title}》没有{address.label}。", "请用 zeren show 查看全文。")
        return "\n".join(found)

    def original(self, key: str) -> bytes:
        """The file as it was added. Raises NothingFound; DamagedData when its bytes changed."""
        edition = self.edition(key)
        with self._base.reading() as db:
            row = db.execute(
                "SELECT packed, sha256 FROM original JOIN document ON document.id = original.document "
                "WHERE key = ?",
                (key,),
            ).fetchone()
        try:
            body = zlib.decompress(row[0])
        except (zlib.error, TypeError) as error:
            raise stored.altered(edition.title) from error
        if hashlib.sha256(body).digest() != row[1]:
            raise stored.altered(edition.title)
        return body

    def record(self, key: str) -> Record:
        """Counts, remarks, size and hash of a text. Raises NothingFound."""
        self.edition(key)
        with self._base.reading() as db:
            row = db.execute(
                "SELECT sha256, size, counts, remarks, added_at FROM document WHERE key = ?", (key,)
            ).fetchone()
            counts, remarks = stored.counts_from(row[2]), stored.remarks_from(row[3])
        return Record(key, row[0].hex(), row[1], counts, remarks, row[4])

    def totals(self) -> tuple[dict[str, int], int]:
        """How often each remark code stands in the texts, and how many articles are held."""
        remarks: Counter[str] = Counter()
        articles = 0
        with self._base.reading() as db:
            for row in db.execute("SELECT remarks, counts FROM document"):
                remarks.update(remark.code for remark in stored.remarks_from(row[0]))
                articles += stored.counts_from(row[1]).articles
        return dict(remarks.most_common()), articles

    # -- works -----------------------------------------------------------------------------------

    def works(self) -> tuple[str, ...]:
        """The key of every work held."""
        return tuple(self._snapshot().works)

    def versions(self, work: str) -> tuple[Edition, ...]:
        """The texts of a work, newest first; () when none is held."""
        return self._snapshot().works.get(work, ())

    def in_force(self, work: str, *, on: str) -> Edition | None:
        """The text of a work in force on the ISO date `on`; of several volumes the first."""
        return next((e for e in self.versions(work) if e.status(on) == "in_force"), None)

    def current(self, work: str) -> Edition:
        """The version of a work in force today, else the newest. Raises NothingFound."""
        held = self.versions(work)
        if not held:
            raise NothingFound(f"文本库里没有《{work}》。", "请用 zeren list 查看。")
        return self.in_force(work, on=date.today().isoformat()) or held[0]

    def article_ranges(self, key: str) -> tuple[tuple[int, int], ...]:
        """The article numbers a text holds, as closed ranges."""
        self.edition(key)
        pairs = (part.partition("-") for part in self._snapshot().ranges[key].split(",") if part)
        with self._base.reading():
            return tuple((int(low), int(high)) for low, _, high in pairs)

    def find_works(self, name: str) -> tuple[str, ...]:
        """The works a name may mean: full title, title without the state's name, alias or number."""
        return derived.lookup(self._snapshot().names, name)

    def names_for(self, work: str) -> frozenset[str]:
        """Every name that means this work and no other."""
        return frozenset(name for name, held in self._snapshot().names.items() if held == (work,))

    def numbers(self, key: str) -> tuple[str, ...]:
        """The order and document numbers above a text, comparable; the last is that of this version."""
        edition = self.edition(key)
        own = (works.number_key(edition.masthead.number),) if edition.masthead.number else ()
        return self._snapshot().numbers.get(key, ()) or own

    def titles(self) -> dict[str, str]:
        """The title of each work's newest text, by the work's bare title; for suggestions."""
        return {works.bare_title(work): held[0].title for work, held in self._snapshot().works.items()}

    # -- citations in the texts --------------------------------------------------------------------

    def links_from(self, key: str, address: Address) -> tuple[Link, ...]:
        """The provisions that the provision at `address` cites, where they are held."""
        from corpus import links  # it resolves against this library

        return links.links_from(self, key, address)

    def links_to(self, key: str, address: Address) -> tuple[Link, ...]:
        """The provisions that cite the provision at `address` or something in it."""
        from corpus import links

        return links.links_to(self, key, address)

    def mentions_in(self, key: str) -> tuple[Mentioned, ...]:
        """Every citation a text makes, in order."""
        self.edition(key)
        with self._base.reading() as db:
            return derived.mentioned(db, "mention.document = ?", (self._snapshot().ids[key],))

    def mentions_of(self, keys: Set[str], names: Set[str], article: int) -> tuple[Mentioned, ...]:
        """The citations of an article number by the texts `keys` of themselves, or by name."""
        ids = self._snapshot().ids
        found: tuple[Mentioned, ...] = ()
        with self._base.reading() as db:
            for key in sorted(keys):
                where = "mention.document = ? AND mention.article = ? AND target IS NULL"
                found += derived.mentioned(db, where, (ids[key], article))
            for name in sorted(names):
                found += derived.mentioned(db, "target = ? AND mention.article = ?", (name, article))
        return found

    def short_names(self, key: str) -> dict[str, str]:
        """The short names a text declares (以下简称), each with the full title it stands for."""
        self.edition(key)
        with self._base.reading() as db:
            row = db.execute("SELECT facts FROM document WHERE key = ?", (key,)).fetchone()
            return derived.short_names_from(row[0]) if row and row[0] else {}

    # -- wholeness -------------------------------------------------------------------------------

    def content_hash(self) -> str:
        """A hash of everything an index depends on: it changes when any text changes."""
        with self._base.reading() as db:
            seals = db.execute("SELECT seal FROM document ORDER BY key").fetchall()
        return hashlib.sha256(b"".join(row[0] for row in seals)).hexdigest()

    def seals(self) -> dict[str, str]:
        """What changes with each text, by its key, in the order of editions()."""
        with self._base.reading() as db:
            found = dict(db.execute("SELECT key, seal FROM document"))
        return {edition.key: found[edition.key].hex() for edition in self.editions()}

    def verify(self, progress: Progress | None = None) -> list[str]:
        """Reads everything against its hashes; one sentence for each damage, none when whole."""
        problems = [f"{self.path.name}：{text}" for text in database.whole(self.path)]
        try:
            held = self.editions()
        except DamagedData as error:
            return [*problems, error.message]
        for done, edition in enumerate(held, 1):
            for check in (self._read, self._check_original):
                try:
                    check(edition)
                except (DamagedData, NothingFound) as error:  # or a register that names what is not there
                    problems.append(f"{edition.source}：{error.message}")
            if progress is not None:
                progress(done, len(held))
        with self._base.reading():
            return problems or self._base.unsealed()

    def _check_original(self, edition: Edition) -> None:
        self.original(edition.key)

    def backup(self, target: Path, progress: Progress | None = None) -> None:
        """A whole copy of the library in one new file, also while another process adds."""
        with self._base.reading() as db:
            database.copy(db, target, progress=progress)

    def restore(self, source: Path, progress: Progress | None = None) -> None:
        """Takes over the content of a backup in one step: all of it, or what was there before."""
        self._base.restore(source, progress=progress)


def _rows(db: Any, document_id: int, edition: Edition) -> tuple[Provision, ...]:
    low = document_id << ORDINAL_BITS
    found = db.execute(stored.SELECT_PROVISIONS, (low, low + (1 << ORDINAL_BITS))).fetchall()
    digest = db.execute("SELECT digest FROM document WHERE id = ?", (document_id,)).fetchone()
    provisions, whole = stored.provisions_from(found, edition.title)
    if digest is None or digest[0] != whole:
        raise stored.altered(edition.title)
    return provisions
