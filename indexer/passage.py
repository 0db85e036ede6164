"""Provisions to units (what a search returns) and passages (what is embedded).

A unit is an article; in a text without articles a numbered section with what stands below it, as long
as that is short. A passage is a unit's words under its title and heading; a long unit has several.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Edition, Level, Provision
from corpus.place import Address

SECTION_LETTERS = 400  # a section and its subsections up to this length are one unit
PASSAGE_LETTERS = 450  # a longer unit is cut at row ends into passages of about this length
_MARKS = re.compile(r"[\W_]+")
_HEAD = re.compile(r"^第\S{1,5}[编章节]\s*|^[一二三四五六七八九十]+、")


@dataclass(frozen=True, slots=True)
class Unit:
    """An article or section of one edition: its rows, headings above it, and the text's title."""

    key: str
    title: str
    address: Address
    headings: tuple[str, ...]
    rows: tuple[Provision, ...]
    above: str = ""  # the words of the section a subsection stands in, for finding, not for quoting

    @property
    def text(self) -> str:
        """The verbatim words, one line a row."""
        return "\n".join(row.text for row in self.rows)

    @property
    def words(self) -> bytes:
        """What decides whether two units say the same: a hash of the text without marks and spaces."""
        return hashlib.sha256(_MARKS.sub("", self.text).encode()).digest()


def units(edition: Edition, provisions: Sequence[Provision]) -> Iterator[Unit]:
    """The units of a text, in order; rows without words make none."""
    title = edition.title
    articles: list[Provision] = []
    sections: list[Provision] = []
    for row in provisions:
        if articles and (row.address.article is None or row.address.whole() != articles[0].address.whole()):
            yield Unit(edition.key, title, articles[0].address.whole(), articles[0].headings, tuple(articles))
            articles = []
        if row.address.article is not None:
            articles.append(row)
        elif row.text.strip() and row.address.section:
            sections.append(row)
    if articles:
        yield Unit(edition.key, title, articles[0].address.whole(), articles[0].headings, tuple(articles))
    yield from _section_units(edition.key, title, sections)


def _section_units(key: str, title: str, rows: Sequence[Provision]) -> Iterator[Unit]:
    """A section with its subsections where short, else row by row under the words above."""
    start = 0
    while start < len(rows):
        end = start + 1
        while end < len(rows) and _below(rows[start].address, rows[end].address):
            end += 1
        block = tuple(rows[start:end])
        if sum(len(row.text) for row in block) <= SECTION_LETTERS:
            yield Unit(key, title, block[0].address, block[0].headings, block)
        else:
            yield Unit(key, title, block[0].address, block[0].headings, block[:1])
            for unit in _section_units(key, title, block[1:]):
                lead = unit.above or rows[start].text[:80]
                yield Unit(unit.key, unit.title, unit.address, unit.headings, unit.rows, lead)
        start = end


def _below(outer: Address, inner: Address) -> bool:
    return inner.annex == outer.annex and (inner.section or "").startswith(f"{outer.section}.")


def passages(unit: Unit) -> list[str]:
    """The texts to embed: title, nearest heading, words; a long unit in parts, each with its lead row."""
    parts = [""]
    for row in unit.rows:
        if parts[-1] and len(parts[-1]) + len(row.text) > PASSAGE_LETTERS:
            lead = unit.rows[0].text[:120] if row.level in (Level.ITEM, Level.SUBITEM) else ""
            parts.append(lead)
        parts[-1] += ("\n" if parts[-1] else "") + row.text
    head = heading_words(unit)
    return [f"{head}\n{part}" for part in parts]


def heading_words(unit: Unit) -> str:
    """The title, the nearest heading without its number, and the words of the section above."""
    nearest = _HEAD.sub("", unit.headings[-1]).strip() if unit.headings else ""
    return " ".join(part for part in (unit.title, nearest, unit.above) if part)
