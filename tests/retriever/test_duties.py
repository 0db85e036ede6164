"""Duties by post, industry and free text, on a library of a few real laws."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import WrongUsage
from corpus.library import Library
from corpus.structure import read_document
from indexer import generations, register
from indexer.taxonomy import load
from retriever.duties import Book, find
from retriever.duty_match import acts
from retriever.duty_query import understand

CASES = Path(__file__).parent.parent / "cases" / "post_query.jsonl"


@pytest.fixture(scope="module")
def book(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    data = tmp_path_factory.mktemp("duties")
    rows = map(json.loads, CASES.read_text("utf-8").splitlines())
    with Library.open(data, create=True) as library:
        for source in sorted({doc for row in rows for doc in row["scope_docs"]}):
            path = shared / "laws" / source
            library.add(read_document(path, source=source), path.read_bytes(), source=source)
        with generations.building(data) as folder:
            register.write(folder, library)
            generations.publish(folder, {})
    held = Book.open(data)
    yield held
    held.register.close()
    held.library.close()


@pytest.mark.shared
def test_labelled_queries(book: Book) -> None:
    found = wanted = wrong = 0
    for case in map(json.loads, CASES.read_text("utf-8").splitlines()):
        order: dict[tuple[str, int | None], int] = {}
        for rank, row in enumerate(find(book, text=case["query"]).rows):
            for place in (row.place, *row.also):
                order.setdefault((place.source, place.address.article), rank)
        gold = [order.get((g["doc"], g["article"])) for g in case["gold"]]
        held = [rank for rank in gold if rank is not None]
        found, wanted = found + len(held), wanted + len(gold)
        last = max(held, default=-1)
        wrong += sum(order.get((d["doc"], d["article"]), 10**6) < last for d in case["distractors"])
    assert found / wanted >= 0.94
    assert wrong <= 8


@pytest.mark.shared
def test_inheritance_and_scope(book: Book) -> None:
    rows = find(book, post="主要负责人", industry="煤矿").rows
    own = {(row.place.title, row.general) for row in rows}
    assert ("煤矿安全生产条例", False) in own
    assert any(general and "安全生产法" in title for title, general in own)
    assert not any("危险化学品" in title for title, _ in own)
    assert all(row.obligation.bearer != "建设单位" for row in find(book, post="施工单位").rows)


@pytest.mark.shared
def test_regions_and_dates(book: Book) -> None:
    national = find(book, post="安全总监")
    assert not any(row.region for row in national.rows)
    assert any(row.region == "山东" for row in find(book, post="安全总监", region="山东").rows)
    assert not find(book, post="工会", industry="煤矿", on="2001-01-01").rows


@pytest.mark.shared
@pytest.mark.parametrize(
    "options", [{}, {"post": "主要负则人"}, {"industry": "煤况"}, {"post": "工会", "on": "去年"}]
)
def test_bad_input(book: Book, options: dict[str, str]) -> None:
    with pytest.raises(WrongUsage):
        find(book, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "posts", "industries", "topics"),
    [
        ("剧毒化学品 购买 使用单位", ["使用单位"], (), ("剧毒化学品", "购买")),
        ("煤矿企业主要负责人的安全生产职责", ["主要负责人"], ("煤矿",), ("安全生产",)),
        ("储存危险化学品的单位", ["储存单位"], ("危险化学品",), ()),
        ("从事烟花爆竹批发的企业", ["批发企业"], ("烟花爆竹",), ()),
    ],
)
def test_reading_of_queries(
    text: str, posts: list[str], industries: tuple[str, ...], topics: tuple[str, ...]
) -> None:
    query = understand(text, load())
    assert [named.words for named in query.posts] == posts
    assert (query.industries, query.topics) == (industries, topics)


@pytest.mark.parametrize(
    ("quote", "name", "does"),
    [
        ("实行施工总承包的，由总承包单位支付意外伤害保险费。", "总承包单位", True),
        ("教育行政部门应当指导、监督学校建立健全校车安全管理制度。", "学校", False),
    ],
)
def test_acts(quote: str, name: str, does: bool) -> None:
    assert acts(quote, name) is does


@pytest.mark.shared
def test_own_posts_and_industries_count_without_a_new_index(book: Book) -> None:
    data = book.library.path.parent
    (data / "posts.toml").write_text(
        '[[post]]\nname = "库管组长"\nbearers = ["安全生产管理人员"]\nparents = ["从业人员"]\n',
        encoding="utf-8",
    )
    (data / "industries.toml").write_text(
        '[[industry]]\nname = "危化仓储"\ntitles = ["危险化学品"]\nparent = "危险物品"\n', encoding="utf-8"
    )
    try:
        own = Book.open(data)
        rows = find(own, post="库管组长", industry="危化仓储").rows
        assert any(row.place.address.article == 25 and not row.inherited for row in rows)
        assert any(row.inherited for row in rows)
        assert any("库管组长" in row.posts for row in rows)
        assert any("危险化学品" in row.place.title for row in find(own, industry="危化仓储").rows)
    finally:
        (data / "posts.toml").unlink()
        (data / "industries.toml").unlink()
