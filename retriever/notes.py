"""What an official must know beside an answer: ranks that differ, an older text beside a newer, validity.

Every sentence compares places that the answer shows. Which text prevails is law, kept as dated data with its
source (notes.toml).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.document import Edition
from corpus.library import Library
from corpus.place import Place, Status
from indexer.taxonomy import Taxonomy
from retriever.stated import Note, Statement
from retriever.statements import pairs

DATA = Path(__file__).with_name("notes.toml")
_STATUS = {Status.REPEALED: "已经废止", Status.AMENDED: "已被修改", Status.NOT_YET: "尚未施行"}
SAME_MATTER = 0.3  # share of the shorter text's pairs of letters from which two speak of the same matter
_COMPARED = frozenset({"宪法", "法律", "行政法规", "地方性法规", "部门规章", "地方政府规章"})


@dataclass(frozen=True, slots=True)
class _Text:
    edition: Edition
    place: Place
    said: frozenset[str]
    fields: frozenset[str]

    @property
    def name(self) -> str:
        return f"《{self.edition.title}》（{self.edition.masthead.kind}）"

    @property
    def local(self) -> bool:
        return self.edition.masthead.region is not None

    @property
    def day(self) -> str:
        return self.edition.masthead.version or ""


def notes(
    statements: Sequence[Statement], library: Library, taxonomy: Taxonomy, *, on: str
) -> tuple[Note, ...]:
    """What to say about the texts of the statements, most weighty first."""
    texts = list(_texts(statements, library, taxonomy))
    return tuple([*_validity(texts, library, on), *_ranks(texts)])


def _texts(statements: Sequence[Statement], library: Library, taxonomy: Taxonomy) -> Iterator[_Text]:
    """The texts stated, each once, with the first place of it."""
    said: dict[str, list[Statement]] = {}
    for statement in statements:
        said.setdefault(statement.key, []).append(statement)
    for key, held in said.items():
        words = pairs(" ".join(statement.text for statement in held))
        edition = library.edition(key)
        yield _Text(edition, held[0].place, words, frozenset(taxonomy.scope(edition.title).industries))


def _validity(texts: Sequence[_Text], library: Library, on: str) -> Iterator[Note]:
    for text in texts:
        status = text.place.status
        title = f"《{text.edition.title}》"
        if status in _STATUS:
            yield _note("not_in_force", text.place, text=title, day=on, status=_STATUS[status])
        others = [
            e.masthead.version for e in library.versions(text.edition.work) if e.key != text.edition.key
        ]
        known = sorted(day for day in others if day)
        if known and text.day:
            yield _note("other_version", text.place, text=title, versions="、".join(known), held=text.day)


def _ranks(texts: Sequence[_Text]) -> Iterator[Note]:
    """The first text held against each of the others that are stated beside it."""
    compared = [text for text in texts if text.edition.masthead.kind in _COMPARED]
    for other in compared[1:]:
        first = compared[0]
        higher, lower = sorted((first, other), key=lambda text: (text.local, text.edition.rank))
        if higher.edition.work == lower.edition.work or not _same_matter(first, other):
            continue
        kind = _relation(higher, lower)
        if kind == "older_beside_newer":
            older, newer = sorted((first, other), key=lambda text: text.day)
            yield _note(kind, newer.place, older.place, newer=newer.name, older=older.name)
        elif kind:
            yield _note(kind, higher.place, lower.place, higher=higher.name, lower=lower.name)


def _same_matter(one: _Text, other: _Text) -> bool:
    """Whether two texts speak of the same in the same field of work (or one of them in every field)."""
    if one.fields and other.fields and not one.fields & other.fields:
        return False
    return len(one.said & other.said) >= SAME_MATTER * (min(len(one.said), len(other.said)) or 1)


def _relation(higher: _Text, lower: _Text) -> str | None:
    """How two texts stand to each other; None where 立法法 says nothing of it (two provinces)."""
    if lower.local and not higher.local:
        rules = higher.edition.masthead.kind == "部门规章"
        return "rules_beside_local" if rules else "local_beside_national"
    if lower.edition.masthead.region != higher.edition.masthead.region:
        return None
    if higher.edition.rank != lower.edition.rank:
        return "lower_beside_higher"
    return "older_beside_newer" if higher.day and lower.day and higher.day != lower.day else None


def _note(kind: str, *places: Place, **words: str) -> Note:
    return Note(kind, _sentences()[kind].format(**words), places)


@lru_cache(maxsize=1)
def _sentences() -> dict[str, str]:
    with DATA.open("rb") as file:
        table: dict[str, str] = tomllib.load(file)["notes"]
    return table
