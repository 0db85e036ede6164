"""Links between provisions: what a provision cites, and what cites it.

The citations were read when the texts were added (corpus/mentions.py); a link is followed against the
library as it is now, so a text added later is found too, and one removed is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus import finding
from corpus.document import Edition
from corpus.finding import Miss
from corpus.mentions import Mentioned
from corpus.place import Address
from corpus.within import covers
from corpus.works import bare_title
from corpus.written import Aim

if TYPE_CHECKING:
    from corpus.library import Library  # it offers links itself: no import at run time


@dataclass(frozen=True, slots=True)
class Link:
    """A citation from one provision to another; `start` and `stop` count characters of its row."""

    source_key: str
    source: Address
    start: int
    stop: int
    target_key: str
    target: Address


def links_from(library: Library, key: str, address: Address) -> tuple[Link, ...]:
    """The provisions that a provision cites, where the library holds them."""
    found = []
    for mentioned in library.mentions_in(key):
        if covers(address, mentioned.source):
            found += _followed(library, mentioned)
    return tuple(dict.fromkeys(found))


def links_to(library: Library, key: str, address: Address) -> tuple[Link, ...]:
    """The provisions that cite a provision, or something in it."""
    if address.article is None:
        return ()
    edition = library.edition(key)
    volumes = _volumes(library, edition)
    names = {bare_title(edition.work), *library.names_for(edition.work)}
    lead = volumes[0] in _volumes(library, library.current(edition.work))
    found = []
    for mentioned in library.mentions_of({e.key for e in volumes}, names if lead else set(), address.article):
        for link in _followed(library, mentioned):
            if link.target_key == key and covers(address, link.target):
                found.append(link)
    return tuple(dict.fromkeys(found))


def _followed(library: Library, mentioned: Mentioned) -> list[Link]:
    m = mentioned.mention
    if m.target is None:
        editions = _volumes(library, library.edition(mentioned.key))
    else:
        works = library.find_works(m.target)
        if len(works) != 1:
            return []
        editions = _volumes(library, library.current(works[0]))
    depth = 4 if m.subitem else 3 if m.item else 2 if m.paragraph else 1
    aim = Aim((m.article, m.suffix), m.paragraph, m.item, m.subitem, depth=depth)
    places = finding.find(library, editions, aim)
    if isinstance(places, Miss):
        return []
    return [
        Link(mentioned.key, mentioned.source, m.start, m.stop, where.key, where.address) for where in places
    ]


def _volumes(library: Library, edition: Edition) -> tuple[Edition, ...]:
    """An edition with the other volumes of the same version (民法典 lies in several files)."""
    same = [e for e in library.versions(edition.work) if e.masthead.version == edition.masthead.version]
    return (edition, *(e for e in same if e.key != edition.key))
