"""Texts written into the database, replaced and taken out: always in the caller's transaction."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from corpus import derived, stored, works
from corpus.document import Counts, Document
from corpus.errors import InputRefused, NothingFound
from corpus.stored import ORDINAL_BITS


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


def key_of(original: bytes) -> str:
    """The stable key of a text: the head of the SHA-256 of its file."""
    return hashlib.sha256(original).hexdigest()[:16]


def keep(db: Any, document: Document, original: bytes, *, source: str) -> Added:
    """Keeps a text; see Library.add."""
    key = key_of(original)
    held = db.execute("SELECT source, also_sources FROM document WHERE key = ?", (key,)).fetchone()
    if held:
        known = [held[0], *json.loads(held[1])]
        if source not in known:
            also = json.dumps([*known[1:], source], ensure_ascii=False)
            db.execute("UPDATE document SET also_sources = ? WHERE key = ?", (also, key))
        return Added(Outcome.UNCHANGED, key)
    outcome, replaced = _beside(db, document, source)
    if replaced is not None:
        delete(db, replaced)
    try:
        _insert(db, document, original, key=key, source=source)
    except (UnicodeEncodeError, OverflowError) as error:
        sentence = f"{source}：含有不能保存的字符。"
        raise InputRefused(sentence, "请另存为 UTF-8 文本后再加入。") from error
    return Added(outcome, key, replaced)


def _beside(db: Any, document: Document, source: str) -> tuple[Outcome, str | None]:
    """Whether a text is a new version of one from the same source, or takes a draft's place."""
    m = document.masthead
    work = works.work_key(m.title, m.version)
    query = "SELECT key, masthead FROM document WHERE source = ? AND work = ?"
    same = db.execute(query, (source, work)).fetchall()
    for key, masthead in same:
        if stored.masthead_from(masthead).version == m.version:
            return Outcome.REPLACED, key
    return (Outcome.NEW_VERSION if same else Outcome.ADDED), None


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
    derived.store(db, document_id, m, document.provisions, document.nodes)


def delete(db: Any, key: str) -> None:
    """Takes a text out with all its rows."""
    (document_id,) = db.execute("SELECT id FROM document WHERE key = ?", (key,)).fetchone()
    low = document_id << ORDINAL_BITS
    db.execute("DELETE FROM provision WHERE id >= ? AND id < ?", (low, low + (1 << ORDINAL_BITS)))
    db.execute("DELETE FROM mention WHERE document = ?", (document_id,))
    db.execute("DELETE FROM original WHERE document = ?", (document_id,))
    db.execute("DELETE FROM document WHERE id = ?", (document_id,))


def reread(db: Any, key: str, document: Document) -> bool:
    """Puts a newer reading of the same original in place of the stored one; whether it differs."""
    query = "SELECT id, source, work, masthead, digest, remarks FROM document WHERE key = ?"
    row = db.execute(query, (key,)).fetchone()
    if row is None:
        raise NothingFound(f"文本库里没有编号为 {key} 的文本。", "请用 zeren list 查看。")
    document_id, source, *held = row
    m = document.masthead
    provision_rows, digest = stored.provision_rows(document_id, document.provisions)
    masthead, work = stored.masthead_json(m), works.work_key(m.title, m.version)
    remarks = stored.remarks_json(document.remarks)
    if held == [work, masthead, digest, remarks]:
        derived.store(db, document_id, m, document.provisions, document.nodes)
        return False
    low = document_id << ORDINAL_BITS
    db.execute("DELETE FROM provision WHERE id >= ? AND id < ?", (low, low + (1 << ORDINAL_BITS)))
    db.executemany(stored.INSERT_PROVISION, provision_rows)
    counts = {name: getattr(document.counts, name) for name in Counts.__slots__}
    db.execute(
        "UPDATE document SET work = ?, masthead = ?, counts = ?, headings = ?, remarks = ?, provisions = ?, "
        "articles = ?, digest = ?, seal = ? WHERE id = ?",
        (
            work,
            masthead,
            json.dumps(counts),
            json.dumps(document.headings, ensure_ascii=False),
            remarks,
            len(provision_rows),
            stored.articles_of(document),
            digest,
            stored.seal(key, source, work, masthead, digest),
            document_id,
        ),
    )
    derived.store(db, document_id, m, document.provisions, document.nodes)
    return True
