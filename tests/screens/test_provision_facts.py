"""What stands around a provision: neighbours, chapter, links, duties, penalties, what a version changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.compare import Kind
from corpus.document import Edition, Provision
from corpus.place import Address
from indexer.build import build_index
from indexer.intake import STARTER, take_in
from retriever.duties import Book
from screens import provision_facts as facts

TITLE = "望川市安全生产条例（样例·虚构）"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    data = tmp_path_factory.mktemp("facts")
    take_in(data, [STARTER], workers=1)
    build_index(data)
    opened = Book.open(data)
    yield opened
    opened.register.close()
    opened.library.close()


def text(book: Book, version: str) -> Edition:
    return next(e for e in book.library.editions() if e.title == TITLE and e.masthead.version == version)


def articles(rows: tuple[Provision, ...]) -> list[int | None]:
    return list(dict.fromkeys(row.address.article for row in rows))


def test_neighbours_and_chapter(book: Book) -> None:
    rows = book.library.provisions(text(book, "2024-09-27").key)
    near = facts.around(rows, Address(11, paragraph=1))
    assert (articles(near.before), articles(near.here), articles(near.after)) == (
        [8, 9, 10],
        [11],
        [12, 13, 14],
    )
    chapter = facts.around(rows, Address(11), chapter=True)
    whole = [*chapter.before, *chapter.here, *chapter.after]
    assert {row.headings for row in whole} == {facts.headings_of(rows, Address(11))}
    first = facts.around(rows, Address(1))
    assert first.before == ()
    assert articles(first.here) == [1]


def test_an_address_that_is_not_there_falls_on_the_first(book: Book) -> None:
    rows = book.library.provisions(text(book, "2024-09-27").key)
    assert articles(facts.around(rows, Address(999)).here) == [1]
    assert facts.around((), Address(1)) == facts.Surroundings((), (), ())


def test_links_go_both_ways(book: Book) -> None:
    seen = 0
    for edition in book.library.editions():
        for row in book.library.provisions(edition.key):
            found, total = facts.cites(book.library, edition.key, row.address)
            assert len(found) == min(total, facts.MOST_LINKS)
            for linked in found:
                assert linked.words == book.library.text(linked.edition.key, linked.address)
                back, _ = facts.cited_by(book.library, linked.edition.key, linked.address)
                assert any(one.edition.key == edition.key for one in back)
                seen += 1
    assert seen > 3


def test_duties_and_penalties_of_an_article(book: Book) -> None:
    edition = text(book, "2024-09-27")
    punished = 0
    for number in range(1, 40):
        held = facts.duties_of(book, edition.key, Address(number))
        assert all(one.obligation.address.article == number for one in held)
        whole = "\n".join(
            row.text for row in book.library.provisions(edition.key) if row.address.article == number
        )
        assert all(one.obligation.quote in whole for one in held if "\n" not in one.obligation.quote)
        found = facts.penalties_of(book, edition.key, held)
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
        assert len({one.address for one in found}) == len(found)
        punished += len(found)
    assert punished > 0
    assert facts.duties_of(book, "no-such-key", Address(1)) == ()
    assert facts.penalties_of(book, "no-such-key", ()) == ()


def test_what_became_of_an_article(book: Book) -> None:
    old, new = text(book, "2020-03-20"), text(book, "2024-09-27")
    kinds = set()
    for number in range(1, 30):
        change = facts.change_of(book.library, old.key, new.key, Address(number))
        if change is not None:
            kinds.add(change.kind)
            assert number in {address.article for address in (change.old, change.new) if address}
    assert Kind.CHANGED in kinds
    assert facts.change_of(book.library, old.key, old.key, Address(1)) is None
