"""Values of the store ⇄ rows of the database, with the hashes that make a changed row visible.

A provision's hash covers everything printed of it (address, marker, words, headings); a document's
digest covers the hashes of its provisions in order; its seal covers the row itself with that digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

from corpus.document import Counts, Document, Edition, Level, Masthead, Provision, Remark
from corpus.errors import DamagedData
from corpus.place import Address

ORDINAL_BITS = 20
SELECT_PROVISIONS = (
    "SELECT id, article, suffix, paragraph, item, subitem, section, annex, sole, level, marker, text, "
    "headings, page, hash FROM provision WHERE id >= ? AND id < ? ORDER BY id"
)
INSERT_PROVISION = (
    "INSERT INTO provision (id, article, suffix, paragraph, item, subitem, section, annex, sole, level, "
    "marker, text, headings, page, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
SELECT_EDITIONS = (
    "SELECT id, key, source, also_sources, work, masthead, digest, seal, facts, articles FROM document "
    "ORDER BY source, key"
)
REBUILD = "请运行 zeren status --verify 查看，用 zeren remove 后重新 add 该文件，或从备份恢复。"

_LEVELS = {level.value: level for level in Level}
_MASTHEAD = tuple(f.name for f in fields(Masthead))
_TUPLES = ("amended", "versions")


def provision_rows(document_id: int, provisions: Sequence[Provision]) -> tuple[list[tuple[Any, ...]], bytes]:
    """The rows of a text's provisions, and their digest."""
    whole = hashlib.sha256()
    out = []
    for ordinal, p in enumerate(provisions):
        a = p.address
        cells = (a.article, a.article_suffix, a.paragraph, a.item, a.subitem, a.section, a.annex, int(a.sole))
        row = (*cells, p.level.value, p.marker, p.text, "\n".join(p.headings), p.page)
        mark = _hash(row)
        whole.update(mark)
        out.append(((document_id << ORDINAL_BITS) | ordinal, *row, mark))
    return out, whole.digest()


def _hash(cells: tuple[Any, ...]) -> bytes:
    return hashlib.sha256(repr(cells).encode()).digest()


def provisions_from(stored: Iterable[tuple[Any, ...]], name: str) -> tuple[tuple[Provision, ...], bytes]:
    """The provisions of one text and their digest. Raises DamagedData when a row was altered."""
    whole = hashlib.sha256()
    out = []
    paths: dict[str, tuple[str, ...]] = {}
    for row in stored:
        mark = row[14]
        if _hash(row[1:14]) != mark:
            raise altered(name)
        whole.update(mark)
        above = row[12]
        headings = paths.get(above)
        if headings is None:
            headings = paths[above] = tuple(above.split("\n")) if above else ()
        address = Address(row[1], row[2], row[3], row[4], row[5], row[6], row[7], bool(row[8]))
        out.append(Provision(address, _LEVELS[row[9]], row[11], row[10], headings, row[13]))
    return tuple(out), whole.digest()


def altered(name: str) -> DamagedData:
    """The error for words that are no longer those that were added."""
    return DamagedData(f"《{name}》的正文与入库时的校验值不一致，已停止引用。", REBUILD)


def masthead_json(masthead: Masthead) -> str:
    """A masthead as stored; the same masthead always gives the same text."""
    return json.dumps(asdict(masthead), ensure_ascii=False, sort_keys=True)


def masthead_from(text: str) -> Masthead:
    """The masthead of a stored row; a field this version does not know is passed over."""
    value = {name: item for name, item in json.loads(text).items() if name in _MASTHEAD}
    for name in _TUPLES:
        value[name] = tuple(value.get(name) or ())
    return Masthead(**value)


def seal(key: str, source: str, work: str, masthead: str, digest: bytes) -> bytes:
    """The hash over a document's row."""
    return hashlib.sha256(repr((key, source, work, masthead)).encode() + digest).digest()


def edition_from(row: tuple[Any, ...]) -> Edition:
    """An edition before its validity is derived. Raises DamagedData when its row was altered."""
    source, *also = sources_from(row)
    return Edition(row[1], source, row[4], masthead_from(row[5]), also_sources=tuple(also))


def sources_from(row: tuple[Any, ...]) -> tuple[str, ...]:
    """The paths a text came from, its own first. Raises DamagedData when its row was altered."""
    _, key, source, also, work, masthead, digest, mark, *_ = row
    if seal(key, source, work, masthead, digest) != mark:
        raise DamagedData(f"{source} 的登记信息与入库时的校验值不一致。", REBUILD)
    return (source, *json.loads(also))


def articles_of(document: Document) -> str:
    """The article numbers a text holds, as ranges ("1-119" or "463-988,990-990")."""
    ranges: list[list[int]] = []
    for p in document.provisions:
        number = p.address.article
        if number is None or p.address.annex is not None:
            continue
        if ranges and ranges[-1][1] <= number <= ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(f"{low}-{high}" for low, high in ranges)


def remarks_from(text: str) -> tuple[Remark, ...]:
    """The remarks of a stored row."""
    return tuple(Remark(code, message, line) for code, message, line in json.loads(text))


def remarks_json(remarks: Iterable[Remark]) -> str:
    """Remarks as stored."""
    return json.dumps([[r.code, r.message, r.line] for r in remarks], ensure_ascii=False)


def counts_from(text: str) -> Counts:
    """The counts of a stored row."""
    return Counts(**json.loads(text))
