"""Duties chosen by number → the rows shown: place, posts, industries, penalties; read in a few queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.document import Edition
from corpus.place import Place, Status
from indexer.register import Held, Punished
from retriever.duty_match import Candidate
from retriever.duty_result import Book, DutyRow
from retriever.penalties import Penalty

_MOST_PENALTIES = 3


class Reader:
    """Rows for one question, on one day: `industry` and `by_post` decide what counts as general."""

    def __init__(
        self, book: Book, editions: Mapping[int, Edition], *, on: str, industry: str | None, by_post: bool
    ) -> None:
        self._book, self._editions = book, editions
        self._on, self._industry, self._by_post = on, industry, by_post
        self._posts = book.register.posts_by_bearer(book.taxonomy.posts)
        self._status: dict[int, Status] = {}

    def rows(self, chosen: Sequence[Candidate]) -> list[DutyRow]:
        """The rows of the candidates in order, without penalties."""
        held = self._book.register.duties(one.number for one in chosen)
        return [self._row(held[one.number], one) for one in chosen if one.number in held]

    def _row(self, held: Held, one: Candidate) -> DutyRow:
        edition = self._editions[held.text]
        facts = self._book.register.texts[held.text]
        industries = held.industries or facts.industries
        general = (
            facts.general and not held.industries
            if self._industry is None
            else self._industry not in industries
        )
        place = Place(
            edition.source, edition.title, edition.masthead.version, self._status_of(held.text),
            held.obligation.address, held.headings,
        )  # fmt: skip
        return DutyRow(
            edition.key,
            place,
            held.obligation,
            self._posts.get(held.bearer_number, ()),
            industries,
            general or (self._by_post and not one.own),
            one.score,
            region=edition.masthead.region,
            inherited=self._by_post and not one.own,
        )

    def _status_of(self, text: int) -> Status:
        if text not in self._status:
            self._status[text] = self._editions[text].status(self._on)
        return self._status[text]

    def with_penalties(self, rows: Sequence[DutyRow]) -> tuple[DutyRow, ...]:
        """The rows with the best penalties of their own texts."""
        register = self._book.register
        places = [(register.numbers[row.key], row.place.address) for row in rows]
        found = register.penalties_of(dict.fromkeys(places))
        return tuple(
            replace(row, penalties=tuple(self._penalty(row, one) for one in found[at][:_MOST_PENALTIES]))
            if at in found
            else row
            for row, at in zip(rows, places, strict=True)
        )

    def _penalty(self, row: DutyRow, one: Punished) -> Penalty:
        of = row.place
        place = Place(of.source, of.title, of.version, of.status, one.address, one.headings)
        return Penalty(row.key, place, one.words, one.score, one.explicit)
