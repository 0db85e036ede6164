"""Units and passages: nothing lost, articles whole, short sections together, long ones in parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.library import Library
from indexer.passage import PASSAGE_LETTERS, SECTION_LETTERS, passages, units


def test_every_row_is_in_exactly_one_unit(starter: Path) -> None:
    with Library.open(starter) as library:
        for edition, provisions in library.all_provisions():
            rows = [row for unit in units(edition, provisions) for row in unit.rows]
            assert rows == [p for p in provisions if p.text.strip()] or set(rows) == {
                p for p in provisions if p.text.strip()
            }, edition.title


def test_articles_are_units_and_sections_are_bounded(starter: Path) -> None:
    with Library.open(starter) as library:
        for edition, provisions in library.all_provisions():
            for unit in units(edition, provisions):
                if unit.address.article is not None:
                    assert unit.address == unit.address.whole()
                    assert len({row.address.whole() for row in unit.rows}) == 1
                elif len(unit.rows) > 1:
                    assert sum(len(row.text) for row in unit.rows) <= SECTION_LETTERS


def test_passages_carry_title_and_all_words(starter: Path) -> None:
    with Library.open(starter) as library:
        for edition, provisions in library.all_provisions():
            for unit in units(edition, provisions):
                parts = passages(unit)
                assert all(part.startswith(unit.title) for part in parts)
                assert all(any(row.text in part for part in parts) for row in unit.rows)
                if len(parts) > 1:
                    assert len(unit.text) > PASSAGE_LETTERS


def test_same_words_ignore_marks_and_spaces() -> None:
    from corpus.document import Level, Provision
    from corpus.place import Address
    from indexer.passage import Unit

    def unit(text: str) -> Unit:
        return Unit("k", "t", Address(1), (), (Provision(Address(1, paragraph=1), Level.PARAGRAPH, text),))

    assert unit("应当报告，不得瞒报。").words == unit("应当报告,不得 瞒报").words
    assert unit("应当报告").words != unit("可以报告").words


@pytest.mark.parametrize("empty", [()])
def test_a_text_without_rows_has_no_units(empty: tuple[()], starter: Path) -> None:
    with Library.open(starter) as library:
        assert list(units(library.editions()[0], empty)) == []
