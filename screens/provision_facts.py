"""What stands around a provision: its chapter and neighbours, what cites it, its duties and penalties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.compare import Change, compare
from corpus.document import Edition, Provision
from corpus.library import Library, covers
from corpus.place import Address
from indexer.register import Held, Punished
from retriever.duties import Book

AROUND = 3  # articles shown before and after the one opened
MOST_LINKS = 40


@dataclass(frozen=True, slots=True)
class Linked:
    """The other end of a citation: its text, its address and its words."""

    edition: Edition
    address: Address
    words: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The rows of an article, and those of the articles before and after it."""

    before: tuple[Provision, ...]
    here: tuple[Provision, ...]
    after: tuple[Provision, ...]


def around(rows: Sequence[Provision], address: Address, *, chapter: bool = False) -> Surroundings:
    """The article of an address with those next to it, or with its whole chapter."""
    whole = address.whole()
    units = [tuple(group) for _, group in groupby(rows, key=lambda row: row.address.whole())]
    at = next((n for n, unit in enumerate(units) if covers(whole, unit[0].address)), 0)
    low, high = max(0, at - AROUND), at + AROUND + 1
    if chapter:
        same = [n for n, unit in enumerate(units) if unit[0].headings == units[at][0].headings]
        low, high = same[0], same[-1] + 1
    before, here, after = units[low:at], units[at : at + 1], units[at + 1 : high]
    return Surroundings(_flat(before), _flat(here), _flat(after))


def _flat(units: Sequence[tuple[Provision, ...]]) -> tuple[Provision, ...]:
    return tuple(row for unit in units for row in unit)


def headings_of(rows: Sequence[Provision], address: Address) -> tuple[str, ...]:
    """The heading lines above an address."""
    whole = address.whole()
    return next((row.headings for row in rows if covers(whole, row.address)), ())


def cited_by(library: Library, key: str, address: Address) -> tuple[tuple[Linked, ...], int]:
    """The provisions that cite this article, and how many there are in all."""
    found = library.links_to(key, address.whole())
    ends = dict.fromkeys((link.source_key, link.source) for link in found)
    return tuple(_linked(library, *end) for end in list(ends)[:MOST_LINKS]), len(ends)


def cites(library: Library, key: str, address: Address) -> tuple[tuple[Linked, ...], int]:
    """The provisions that this article cites, and how many there are in all."""
    found = library.links_from(key, address.whole())
    ends = dict.fromkeys((link.target_key, link.target) for link in found)
    return tuple(_linked(library, *end) for end in list(ends)[:MOST_LINKS]), len(ends)


def _linked(library: Library, key: str, address: Address) -> Linked:
    return Linked(library.edition(key), address, library.text(key, address))


def duties_of(book: Book, key: str, address: Address) -> tuple[Held, ...]:
    """The duties that the register found in this article."""
    text = book.register.numbers.get(key)
    if text is None:
        return ()
    numbers = [row[0] for row in book.register.rows_of_texts([text])]
    whole = address.whole()
    held = book.register.duties(numbers).values()
    return tuple(one for one in held if covers(whole, one.obligation.address))


def penalties_of(book: Book, key: str, duties: Sequence[Held]) -> tuple[Punished, ...]:
    """The penalties linked to these duties, best first, each once."""
    text = book.register.numbers.get(key)
    if text is None:
        return ()
    found: dict[Address, Punished] = {}
    for address in dict.fromkeys(duty.obligation.address for duty in duties):
        for one in book.register.penalties(text, address):
            if one.address not in found or found[one.address].score < one.score:
                found[one.address] = one
    return tuple(sorted(found.values(), key=lambda one: -one.score))


def change_of(library: Library, old_key: str, new_key: str, address: Address) -> Change | None:
    """What became of an article between two versions; None where its words and number stayed."""
    whole = address.whole()
    for change in compare(library, old_key, new_key):
        if whole in (change.new, change.old):
            return change
    return None
