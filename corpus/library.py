"""The library: dated texts of works, kept in one SQLite file of the user's data folder.

    library = Library.open(data, create=True)
    added = library.add(document, original, source="社会法/安全生产法(2021-06-10).md")
    library.in_force("安全生产法", on="2026-01-01")

Every text is added in one transaction with its original bytes; every provision carries a hash that is
checked whenever it is read, so that an altered word is refused, never quoted.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

from corpus import database, derived, stored, validity, works
from corpus.document import Counts, Document, Edition, Provision, Remark
from corpus.errors import DamagedData, InputRefused, NothingFound
from corpus.mentions import Mentioned
from corpus.place import Address
from corpus.stored import ORDINAL_BITS

KEPT = 256  # texts kept in memory for the next question


class Outcome(StrEnum):
    """What adding a text did."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    NEW_VERSION = "new_version"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Added:
    """The outcome of one add; `replaced` is the key of the draft that went."""

    outcome: Outcome
    key: str
    replaced: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What the library notes of a text beside its words."""

    key: str
    sha256: str
    size: int
    counts: Counts
    remarks: tuple[Remark, ...]
    added_at: str


def key_of(original: bytes) -> str:
    """The stable key of a text: the head of the SHA-256 of its file."""
    return hashlib.sha256(original).hexdigest()[:16]


class Library:
    """The texts held in one data folder. Readers in other threads and processes see whole texts only."""

    def __init__(self, base: database.Database) -> None:
        self._base = base
        self._stamp: tuple[int, int] | None = None
        self._editions: dict[str, Edition] = {}
        self._ids: dict[str, int] = {}
        self._ranges: dict[str, str] = {}
        self._works: dict[str, tuple[Edition, ...]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
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
        key = key_of(original)
        with self._base.writing() as db:
            held = db.execute(
                "SELECT id, source, also_sources FROM document WHERE key = ?", (key,)
            ).fetchone()
            if held:
                self._note_source(db, key, held, source)
                return Added(Outcome.UNCHANGED, key)
            outcome, replaced = self._beside(db, document, source)
            if replaced is not None:
                _delete(db, replaced)
            try:
                _insert(db, document, original, key=key, source=source)
            except (UnicodeEncodeError, OverflowError) as error:
                raise InputRefused(
                    f"{source}：含有不能保存的字符。", "请另存为 UTF-8 文本后再加入。"
                ) from error
        return Added(outcome, key, replaced)

    def _note_source(self, db: Any, key: str, held: tuple[int, str, str], source: str) -> None:
        known = [held[1], *json.loads(held[2])]
        if source not in known:
            also = json.dumps([*known[1:], source], ensure_ascii=False)
            db.execute("UPDATE document SET also_sources = ? WHERE key = ?", (also, key))

    def _beside(self, db: Any, document: Document, source: str) -> tuple[Outcome, str | None]:
        m = document.masthead
        work = works.work_key(m.title, m.version)
        same = db.execute(
            "SELECT key, masthead FROM document WHERE source = ? AND work = ?", (source, work)
        ).fetchall()
        for key, masthead in same:
            if stored.masthead_from(masthead).version == m.version:
                return Outcome.REPLACED, key
        return (Outcome.NEW_VERSION if same else Outcome.ADDED), None

    def remove(self, key: str) -> None:
        """Takes a text out, with its original; nothing else changes. Raises NothingFound."""
        self.edition(key)
        with self._base.writing() as db:
            _delete(db, key)

    def refresh(self, progress: Any = None) -> int:
        """Derives again what older program versions derived (links, repeal clauses); how many texts."""
        held = {e.key: e for e in self.editions()}
        with self._base.reading() as db:
            stale = db.execute(
                "SELECT id, key FROM document WHERE derived != ? ORDER BY source", (derived.VERSION,)
            ).fetchall()
        for first in range(0, len(stale), 100):
            with self._base.writing() as db:
                for document_id, key in stale[first : first + 100]:
                    edition = held[key]
                    derived.store(db, document_id, edition.masthead, self._rows(db, document_id, edition))
            if progress is not None:
                progress(min(first + 100, len(stale)), len(stale))
        return len(stale)

    # -- reading ---------------------------------------------------------------------------------

    def editions(self) -> tuple[Edition, ...]:
        """Every text with its validity, ordered by source; cached until the next write."""
        self._load()
        return tuple(self._editions.values())

    def edition(self, key: str) -> Edition:
        """One text. Raises NothingFound."""
        self._load()
        if key not in self._editions:
            raise NothingFound(f"文本库里没有编号为 {key} 的文本。", "请用 zeren list 查看。")
        return self._editions[key]

    def by_source(self, source: str) -> Edition | None:
        """The newest text added from this path."""
        found = [e for e in self.editions() if source in (e.source, *e.also_sources)]
        return max(found, key=lambda e: e.masthead.version or "") if found else None

    def _load(self) -> None:
        with self._base.reading() as db:
            stamp = (
                int(db.execute("PRAGMA data_version").fetchone()[0]),
                db.total_changes,
            )
            if stamp == self._stamp:
                return
            found = db.execute(stored.SELECT_EDITIONS).fetchall()
        plain = [stored.edition_from(row) for row in found]
        repeals = {row[1]: derived.repeals_from(row[8]) for row in found if row[8]}
        dated = validity.derive(plain, repeals, derived.known_dates())
        self._ids = {row[1]: row[0] for row in found}
        self._ranges = {row[1]: row[9] for row in found}
        grouped: dict[str, list[Edition]] = defaultdict(list)
        for edition in dated:
            grouped[edition.work].append(edition)
        self._works = {work: tuple(_newest_first(held)) for work, held in grouped.items()}
        self._names = {}
        self._texts = {}
        self._editions = {edition.key: edition for edition in dated}
        self._stamp = stamp

    def provisions(self, key: str) -> tuple[Provision, ...]:
        """The rows of a text in order, each checked against its hash. Raises NothingFound, DamagedData."""
        edition = self.edition(key)
        held = self._texts.get(key)
        if held is None:
            with self._base.reading() as db:
                held = self._rows(db, self._ids[key], edition)
            if len(self._texts) >= KEPT:
                self._texts.clear()
            self._texts[key] = held
        return held

    def _rows(self, db: Any, document_id: int, edition: Edition) -> tuple[Provision, ...]:
        low = document_id << ORDINAL_BITS
        found = db.execute(stored.SELECT_PROVISIONS, (low, low + (1 << ORDINAL_BITS))).fetchall()
        digest = db.execute("SELECT digest FROM document WHERE id = ?", (document_id,)).fetchone()
        provisions, whole = stored.provisions_from(found, edition.title)
        if digest is None or digest[0] != whole:
            raise stored.altered(edition.title)
        return provisions

    def all_provisions(self) -> Iterator[tuple[Edition, tuple[Provision, ...]]]:
        """Every text with its rows, in the order of editions()."""
        for edition in self.editions():
            with self._base.reading() as db:
                found = self._rows(db, self._ids[edition.key], edition)
            yield edition, found

    def text(self, key: str, address: Address) -> str:
        """The verbatim words of a provision with everything below it, one line a row.

        Raises NothingFound when the text has no such provision.
        """
        found = [p.text for p in self.provisions(key) if covers(address, p.address)]
        if not found:
            raise NothingFound(
                f"《{self.edition(key).title}》没有{address.label}。", "请用 zeren show 查看全文。"
            )
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
        return Record(
            key, row[0].hex(), row[1], stored.counts_from(row[2]), stored.remarks_from(row[3]), row[4]
        )

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
        self._load()
        return tuple(self._works)

    def versions(self, work: str) -> tuple[Edition, ...]:
        """The texts of a work, newest first; () when none is held."""
        self._load()
        return self._works.get(work, ())

    def in_force(self, work: str, *, on: str) -> Edition | None:
        """The text of a work in force on the ISO date `on`; of several volumes the first."""
        valid = [e for e in self.versions(work) if e.status(on) == "in_force"]
        return valid[0] if valid else None

    def article_ranges(self, key: str) -> tuple[tuple[int, int], ...]:
        """The article numbers a text holds, as closed ranges."""
        self.edition(key)
        pairs = (part.partition("-") for part in self._ranges[key].split(",") if part)
        return tuple((int(low), int(high)) for low, _, high in pairs)

    def find_works(self, name: str) -> tuple[str, ...]:
        """The works a name may mean: full title, title without the state's name, alias or number."""
        self._load()
        if not self._names:
            self._names = derived.names_of(self._works)
        return derived.lookup(self._names, name)

    def titles(self) -> dict[str, str]:
        """The title of each work's newest text, by the work's bare title; for suggestions."""
        self._load()
        return {works.bare_title(work): held[0].title for work, held in self._works.items()}

    def short_names(self, key: str) -> dict[str, str]:
        """The short names a text declares (以下简称), each with the full title it stands for."""
        self.edition(key)
        with self._base.reading() as db:
            row = db.execute("SELECT facts FROM document WHERE key = ?", (key,)).fetchone()
        return derived.short_names_from(row[0]) if row and row[0] else {}

    def current(self, work: str) -> Edition:
        """The version of a work in force today, else the newest. Raises NothingFound."""
        held = self.versions(work)
        if not held:
            raise NothingFound(f"文本库里没有《{work}》。", "请用 zeren list 查看。")
        return self.in_force(work, on=date.today().isoformat()) or held[0]

    def names_for(self, work: str) -> frozenset[str]:
        """Every name that means this work and no other."""
        self.find_works(work)
        return frozenset(name for name, held in self._names.items() if held == (work,))

    # -- citations in the texts (corpus/links.py follows them) ------------------------------------

    def mentions_in(self, key: str) -> tuple[Mentioned, ...]:
        """Every citation a text makes, in order."""
        self.edition(key)
        with self._base.reading() as db:
            return derived.mentioned(db, "mention.document = ?", (self._ids[key],))

    def mentions_of(self, keys: Set[str], names: Set[str], article: int) -> tuple[Mentioned, ...]:
        """The citations of an article number by the texts `keys` of themselves, or by name."""
        self._load()
        with self._base.reading() as db:
            found: tuple[Mentioned, ...] = ()
            for key in sorted(keys):
                where = "mention.document = ? AND mention.article = ? AND target IS NULL"
                found += derived.mentioned(db, where, (self._ids[key], article))
            for name in sorted(names):
                found += derived.mentioned(db, "target = ? AND mention.article = ?", (name, article))
        return found

    # -- wholeness -------------------------------------------------------------------------------

    def content_hash(self) -> str:
        """A hash of everything an index depends on: it changes when any text or validity changes."""
        with self._base.reading() as db:
            seals = db.execute("SELECT seal FROM document ORDER BY key").fetchall()
        return hashlib.sha256(b"".join(row[0] for row in seals)).hexdigest()

    def verify(self, progress: Any = None) -> list[str]:
        """Reads everything against its hashes; one sentence for each damage, none when whole."""
        problems = [f"{self.path.name}：{text}" for text in database.whole(self.path)]
        try:
            held = self.editions()
        except DamagedData as error:
            return [*problems, error.message]
        for done, edition in enumerate(held, 1):
            self._texts.pop(edition.key, None)
            for check in (self.provisions, self.original):
                try:
                    check(edition.key)
                except DamagedData as error:
                    problems.append(f"{edition.source}：{error.message}")
            self._texts.pop(edition.key, None)
            if progress is not None:
                progress(done, len(held))
        return problems


def covers(address: Address, other: Address) -> bool:
    """Whether `other` is the provision `address` or lies below it."""
    if address.annex != other.annex:
        return False
    if address.article is None:
        mine, theirs = address.section or "", other.section or ""
        return other.article is None and (theirs == mine or theirs.startswith(f"{mine}."))
    if (address.article, address.article_suffix) != (other.article, other.article_suffix):
        return False
    pairs = (
        (address.paragraph, other.paragraph),
        (address.item, other.item),
        (address.subitem, other.subitem),
    )
    return all(mine is None or mine == theirs for mine, theirs in pairs)


def _newest_first(held: Sequence[Edition]) -> list[Edition]:
    ordered = sorted(held, key=lambda e: e.source)
    return sorted(ordered, key=lambda e: e.masthead.version or "", reverse=True)


def _insert(db: Any, document: Document, original: bytes, *, key: str, source: str) -> None:
    m = document.masthead
    work = works.work_key(m.title, m.version)
    document_id = 1 + (db.execute("SELECT max(id) FROM document").fetchone()[0] or 0)
    provision_rows, digest = stored.provision_rows(document_id, document.provisions)
    if len(provision_rows) >= 1 << ORDINAL_BITS:
        raise InputRefused(f"{source}：条款超过一百万行。", "请拆成几个文件后再加入。")
    masthead = stored.masthead_json(m)
    counts = {name: getattr(document.counts, name) for name in Counts.__slots__}
    db.execute(
        "INSERT INTO document (id, key, source, sha256, size, work, masthead, counts, headings, remarks, "
        "provisions, articles, digest, seal, added_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            document_id,
            key,
            source,
            hashlib.sha256(original).digest(),
            len(original),
            work,
            masthead,
            json.dumps(counts),
            json.dumps(document.headings, ensure_ascii=False),
            stored.remarks_json(document.remarks),
            len(provision_rows),
            stored.articles_of(document),
            digest,
            stored.seal(key, source, work, masthead, digest),
            datetime.now(UTC).isoformat(timespec="seconds"),
        ),
    )
    db.execute("INSERT INTO original VALUES (?, ?)", (document_id, zlib.compress(original, 6)))
    db.executemany(stored.INSERT_PROVISION, provision_rows)
    derived.store(db, document_id, m, document.provisions)


def _delete(db: Any, key: str) -> None:
    (document_id,) = db.execute("SELECT id FROM document WHERE key = ?", (key,)).fetchone()
    low = document_id << ORDINAL_BITS
    db.execute("DELETE FROM provision WHERE id >= ? AND id < ?", (low, low + (1 << ORDINAL_BITS)))
    db.execute("DELETE FROM mention WHERE document = ?", (document_id,))
    db.execute("DELETE FROM original WHERE document = ?", (document_id,))
    db.execute("DELETE FROM document WHERE id = ?", (document_id,))
