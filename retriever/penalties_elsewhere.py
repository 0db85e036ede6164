"""Penalties in other texts: in those that carry out the duty's text, and in those that it carries out.

实施条例, 实施细则 and 实施〈X〉办法 carry out the text they name; a regional regulation on the whole field
(北京市安全生产条例) carries out the law its first article names. Regional texts count only for their region.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from corpus.document import Edition
from corpus.place import Address, Place, Status
from indexer.extraction import extract
from indexer.implementing import named_in_title
from indexer.penalty_links import Link, across, by_duty
from indexer.register import TextFacts
from retriever.duty_result import Book
from retriever.penalties import Penalty, asked_for, best_of

CARRIES_OUT, CARRIED_OUT = "实施文本", "上位法"
_MOST_TEXTS = 8
_KEPT = 128


class Elsewhere:
    """Penalties of related texts, on a day and for a region; what was worked out for a text is kept."""

    def __init__(self, book: Book, *, on: str, region: str | None = None) -> None:
        self._book, self._on, self._region = book, on, region
        self._links = lru_cache(maxsize=_KEPT)(self._linked)

    def of(self, key: str, address: Address) -> tuple[Penalty, ...]:
        """The penalties for a provision of the text `key` in texts related to it, best first.

        () where the text is not in the index, or no related text punishes the breach.
        """
        found: list[Penalty] = []
        for other, relation, links in self._links(key):
            for one in best_of(
                one for duty, held in links.items() if asked_for(address, duty) for one in held
            ):
                place = Place(
                    other.source, other.title, other.masthead.version, other.status(self._on), one.penalty
                )
                found.append(Penalty(other.key, place, one.text, one.score, relation=relation))
        return tuple(sorted(found, key=lambda one: -one.score))

    def _linked(self, key: str) -> tuple[tuple[Edition, str, dict[Address, tuple[Link, ...]]], ...]:
        library = self._book.library
        edition = library.edition(key)
        provisions = library.provisions(key)
        obligations = extract(provisions, title=edition.title, language=edition.masthead.language)
        return tuple(
            (other, relation, dict(by_duty(across(provisions, obligations, library.provisions(other.key)))))
            for other, relation in self.texts(edition)
        )

    def texts(self, edition: Edition) -> tuple[tuple[Edition, str], ...]:
        """The texts in force that carry out a text (first) or that it carries out, at most eight."""
        carriers = [(other, CARRIES_OUT) for other in self._carriers(edition)]
        carriers.sort(key=lambda pair: (pair[0].masthead.region is not None, pair[0].rank, pair[0].title))
        return (*carriers, *((other, CARRIED_OUT) for other in self._carried(edition)))[:_MOST_TEXTS]

    def _carriers(self, edition: Edition) -> Iterator[Edition]:
        register, library = self._book.register, self._book.library
        names = {edition.title, edition.work, *library.names_for(edition.work)}
        for facts in register.texts:
            if names.isdisjoint(facts.bases) or facts.key == edition.key:
                continue
            other = library.edition(facts.key)
            if self._counts(other) and _of_the_whole(facts, names):
                yield other

    def _counts(self, other: Edition) -> bool:
        if other.status(self._on) is not Status.IN_FORCE:
            return False
        return other.masthead.region in (None, self._region)

    def _carried(self, edition: Edition) -> Iterator[Edition]:
        register, library = self._book.register, self._book.library
        number = register.numbers.get(edition.key)
        for name in register.texts[number].bases if number is not None else ():
            works = library.find_works(name)
            other = library.in_force(works[0], on=self._on) if len(works) == 1 else None
            if other is not None and other.work != edition.work:
                yield other


def _of_the_whole(facts: TextFacts, names: set[str]) -> bool:
    """It carries out the whole text, not one field of it: its title says so, or it is as general."""
    return facts.general or bool(names & set(named_in_title(facts.title)))
