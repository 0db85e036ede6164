"""What the library holds, counted: pending texts, changes since a moment, coverage, index health."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.document import Edition, Masthead
from corpus.library import Library
from corpus.place import Status
from indexer.build import build_index
from indexer.intake import STARTER, take_in
from indexer.register import TextFacts
from screens import holdings


def edition(
    key: str, *, since: str | None, until: str | None = None, kind: str = "法律", region: str | None = None
) -> Edition:
    masthead = Masthead(title=f"{key}法", kind=kind, region=region, version=since)
    return Edition(key, f"{key}.md", key, masthead, since, until, Status.REPEALED if until else None)


HELD = (
    edition("旧", since="2000-01-01", until="2026-03-01"),
    edition("今", since="2020-01-01", kind="行政法规"),
    edition("昨", since="2026-02-10", region="北京", kind="地方性法规"),
    edition("后", since="2027-01-01"),
    edition("近", since="2026-12-01"),
)
ADDED = {"旧": "2026-01-01T00:00:00+00:00", "今": "2026-02-02T12:00:00+00:00"}


def keys(editions: tuple[Edition, ...]) -> list[str]:
    return [one.key for one in editions]


def test_pending_texts_stand_nearest_first() -> None:
    assert keys(holdings.pending(HELD, "2026-11-22")) == ["近", "后"]
    assert holdings.pending(HELD, "2028-01-01") == ()


@pytest.mark.parametrize(
    ("since", "today", "added", "began", "ended"),
    [
        ("2026-02-01T00:00:00+08:00", "2026-11-22", ["今"], ["昨"], ["旧"]),
        ("2026-02-10T09:00:00+08:00", "2026-11-22", [], [], ["旧"]),
        ("2026-02-02T19:59:00+08:00", "2026-02-09", ["今"], [], []),
        ("2026-02-02T20:01:00+08:00", "2026-02-09", [], [], []),
        ("2026-11-01T00:00:00+08:00", "2026-12-01", [], ["近"], []),
    ],
)
def test_changes_since_a_visit(
    since: str, today: str, added: list[str], began: list[str], ended: list[str]
) -> None:
    found = holdings.changes(HELD, ADDED, since=since, today=today)
    assert (keys(found.added), keys(found.began), keys(found.ended)) == (added, began, ended)
    assert bool(found) == bool(added or began or ended)


def test_coverage_counts_every_text_once() -> None:
    assert holdings.by_rank(HELD) == {"法律": 3, "行政法规": 1, "地方性法规": 1}
    assert list(holdings.by_rank(HELD)) == ["法律", "行政法规", "地方性法规"]
    assert holdings.by_region(HELD) == {"全国": 4, "北京": 1}
    assert holdings.by_status(HELD, "2026-11-22") == {"not_yet": 2, "in_force": 2, "repealed": 1}


def test_industries_leave_out_general_texts_and_say_so() -> None:
    facts = [
        TextFacts(1, "a", "矿山", ("矿山",), general=False),
        TextFacts(2, "b", "安全生产法", (), general=True),
        TextFacts(3, "c", "税收", (), general=False),
        TextFacts(4, "d", "煤矿", ("矿山", "煤矿"), general=True),
    ]
    assert holdings.by_industry(facts) == ({"矿山": 2, "煤矿": 1}, 1, 1)


def test_index_health(tmp_path: Path) -> None:
    take_in(tmp_path, [STARTER], workers=1)
    with Library.open(tmp_path) as library:
        assert holdings.index_health(tmp_path, library.content_hash()).generation is None
        build_index(tmp_path)
        assert holdings.index_health(tmp_path, library.content_hash()).up_to_date
        assert holdings.added_at(library).keys() == {one.key for one in library.editions()}
        library.remove(library.editions()[0].key)
        late = holdings.index_health(tmp_path, library.content_hash())
    assert late.generation
    assert not late.up_to_date
    manifest = next((tmp_path / "index").glob("*/manifest.json"))
    manifest.write_text("{}", encoding="utf-8")
    assert holdings.index_health(tmp_path, "").problem
