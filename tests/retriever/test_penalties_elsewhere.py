"""Penalties of related texts, officials' general accountability, and lists too long to read, on real laws."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import WrongUsage
from corpus.library import Library
from corpus.place import Address
from corpus.structure import read_document
from generator.duty_list import ListKind
from generator.duty_rows import list_of
from indexer import generations, register
from retriever import duties, duty_result
from retriever.accountability import GENERAL, general
from retriever.duties import Book, find
from retriever.penalties import for_provision
from retriever.penalties_elsewhere import CARRIED_OUT, CARRIES_OUT, Elsewhere

LAW = "社会法/安全生产法(2021-06-10).md"
LOCAL = "DLC/北京地方法规/地方性法规/北京/北京市安全生产条例(2022-05-25).md"
OTHER = "DLC/山东地方法规/地方性法规/山东/山东省安全生产条例(2021-12-03).md"
DAY = "2026-11-22"

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def book(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    data = tmp_path_factory.mktemp("elsewhere")
    with Library.open(data, create=True) as library:
        for source in (LAW, LOCAL, OTHER):
            path = shared / "laws" / source
            library.add(read_document(path, source=source), path.read_bytes(), source=source)
        with generations.building(data) as folder:
            register.write(folder, library)
            generations.publish(folder, {})
    held = Book.open(data)
    yield held
    held.register.close()
    held.library.close()


def key(book: Book, source: str) -> str:
    edition = book.library.by_source(source)
    assert edition is not None
    return edition.key


def test_a_local_duty_is_punished_by_the_law_it_carries_out(book: Book) -> None:
    found = Elsewhere(book, on=DAY).of(key(book, LOCAL), Address(36, None, 2))
    assert (found[0].relation, found[0].place.address.article) == (CARRIED_OUT, 109)
    assert found[0].as_json()["relation"] == CARRIED_OUT


def test_a_regional_text_counts_for_its_region_only(book: Book) -> None:
    insured = Address(51, None, 2)
    assert Elsewhere(book, on=DAY).of(key(book, LAW), insured) == ()
    found = Elsewhere(book, on=DAY, region="北京").of(key(book, LAW), insured)
    assert [(one.relation, one.key) for one in found] == [(CARRIES_OUT, key(book, LOCAL))]


def test_own_penalties_stay_apart_from_those_elsewhere(book: Book) -> None:
    own = for_provision(book.library, key(book, LOCAL), Address(36, None, 2), on=DAY)
    assert {one.key for one in own} == {key(book, LOCAL)}
    assert all(not one.relation and "relation" not in one.as_json() for one in own)


def test_officials_are_held_to_account_in_general(book: Book) -> None:
    found = general(book.library, key(book, LAW), "负有安全生产监督管理职责的部门", on=DAY)
    assert found[0].place.address.article == 90
    assert {one.relation for one in found} == {GENERAL}
    assert all("处分" in one.text or "追究" in one.text for one in found)


def test_a_list_names_them_and_what_it_lacks(book: Book) -> None:
    result = find(book, post="乡镇人民政府", region="北京", on=DAY)
    drawn = list_of(result, book.library, kind=ListKind.AGENCY, book=book)
    relations = {one.relation for row in drawn.rows for one in row.penalties}
    assert GENERAL in relations
    articles, silent = drawn.silent
    assert 0 < silent < articles
    assert "《生产经营单位安全培训规定》" in drawn.missing


def test_rights_are_no_duties_of_a_post(book: Book) -> None:
    result = find(book, post="从业人员", on=DAY)
    drawn = list_of(result, book.library, kind=ListKind.POST, book=book)
    assert {row.modality for row in drawn.rows} <= {"must", "must_not"}
    assert any("权利或者权限" in line for line in drawn.remarks)


def test_own_duties_come_before_those_of_a_wider_post(book: Book) -> None:
    rows = find(book, post="安全生产管理人员", on=DAY).rows
    assert [row.inherited for row in rows] == sorted(row.inherited for row in rows)
    assert rows[0].place.address.article == 25


def test_too_long_a_list_offers_ways_to_narrow_it(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (duties, duty_result):
        monkeypatch.setattr(module, "MOST", 20)
    monkeypatch.setattr("retriever.duty_narrow.MOST", 200)
    monkeypatch.setattr(duties, "_SPARE", 0)
    result = find(book, text="生产经营单位 安全生产", on=DAY)
    assert result.too_many
    assert len(result.rows) <= 20
    assert {one.by for one in result.narrow} >= {"region"}
    assert result.as_json()["narrow"][0]["count"] > 0
    with pytest.raises(WrongUsage, match="超过一份清单"):
        list_of(result, book.library, book=book)
