"""The penalties for a duty provision: from the register of the index, or worked out at once from the
library.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corpus.document import Provision
from corpus.library import Library, covers
from corpus.place import Address, Place
from indexer.extraction import extract
from indexer.penalty_links import Link, by_duty, link


@dataclass(frozen=True, slots=True)
class Penalty:
    """A penalty provision: `text` is verbatim, the lead paragraph and the item; `explicit` when it
    names the duty. `relation` says in which text it stands: "" the duty's own, 实施文本 a text that carries
    it out, 上位法 the text that it carries out.
    """

    key: str
    place: Place
    text: str
    score: float
    explicit: bool = False
    relation: str = ""

    def as_json(self) -> dict[str, Any]:
        value = {**self.place.as_json(), "text": self.text, "score": round(self.score, 3)}
        return {**value, "relation": self.relation} if self.relation else value


def for_provision(library: Library, key: str, address: Address, *, on: str) -> tuple[Penalty, ...]:
    """The penalties for a provision of a text, best first; () where the text has none for it.

    A whole article or paragraph has the penalties of every provision in it. Raises NothingFound when the
    library has no such text.
    """
    edition = library.edition(key)
    provisions = library.provisions(key)
    obligations = extract(provisions, title=edition.title, language=edition.masthead.language)
    found = by_duty(link(provisions, obligations))
    rows = {row.address: row for row in provisions}
    best = best_of(one for duty, links in found.items() if asked_for(address, duty) for one in links)
    return tuple(
        Penalty(key, edition.place(_row(rows, one), on=on), one.text, one.score, one.explicit) for one in best
    )


def asked_for(asked: Address, duty: Address) -> bool:
    """An article stands for its paragraphs; a paragraph that has items is looked up as a whole."""
    if asked.article is not None and asked.paragraph is not None:
        return duty == asked
    return covers(asked, duty)


def best_of(links: Iterable[Link]) -> list[Link]:
    held: dict[Address, Link] = {}
    for one in links:
        if one.penalty not in held or held[one.penalty].score < one.score:
            held[one.penalty] = one
    return sorted(held.values(), key=lambda one: -one.score)


def _row(rows: dict[Address, Provision], one: Link) -> Provision | Address:
    return rows.get(one.penalty, one.penalty)
