"""Order by validity, rank and place."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.document import Edition, Masthead
from corpus.place import Status
from retriever.fusion import Candidates
from retriever.hit import Filters
from retriever.question import understand
from retriever.standing import Standing


def edition(
    title: str, kind: str, *, region: str | None = None, until: str | None = None, since: str = "2020-01-01"
) -> Edition:
    m = Masthead(title, kind, region=region, version=since)
    return Edition(title + since, title, title, m, since, until, Status.REPEALED if until else None)


NATIONAL = edition("安全生产法", "法律")
OLD = edition("安全生产法", "法律", since="2002-01-01", until="2020-01-01")
BEIJING = edition("北京市安全生产条例", "地方性法规", region="北京")
SHANGHAI = edition("上海市安全生产条例", "地方性法规", region="上海")
FUTURE = edition("安全法典", "法律", since="2030-01-01")
ALL = (NATIONAL, OLD, BEIJING, SHANGHAI, FUTURE)


@pytest.fixture
def standing() -> Standing:
    return Standing.of([*ALL, None], np.arange(6, dtype=np.int32), on="2026-01-01")


def equal(count: int) -> Candidates:
    same = np.full(count, 0.5, np.float32)
    return Candidates(np.arange(count), same, same, same)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("主要负责人的职责", NATIONAL, OLD),
        ("北京主要负责人的职责", BEIJING, SHANGHAI),
        ("上海主要负责人的职责", SHANGHAI, BEIJING),
    ],
)
def test_equal_scores_are_ordered_by_standing(
    text: str, first: Edition, last: Edition, standing: Standing
) -> None:
    ordered = standing.order(understand(text), equal(5)).units.tolist()
    assert ALL[ordered[0]] is first
    assert ALL[ordered[-1]] is last


def test_the_guard_holds_back_what_is_not_in_force_or_elsewhere(standing: Standing) -> None:
    change = standing.guard(understand("北京主要负责人的职责"), np.arange(5))
    assert change[0] == 0
    assert change[2] == 0
    assert change[1] < change[4] < 0
    assert change[3] < 0
    assert (standing.guard(understand("主要负责人的职责"), np.array([2, 3])) == 0).all()


def test_the_one_to_cite_is_in_force_national_and_new(standing: Standing) -> None:
    assert sorted(range(4), key=standing.citing_order)[0] == 0
    assert sorted(range(4), key=standing.citing_order)[-1] == 1


@pytest.mark.parametrize(
    ("filters", "held"),
    [
        (Filters(region="北京"), {0, 1, 2, 4}),
        (Filters(region="北京", region_only=True), {2}),
        (Filters(kinds=("地方性法规",)), {2, 3}),
        (Filters(in_force_only=True), {0, 2, 3}),
        (Filters(works=("安全生产法",)), {0, 1}),
        (Filters(language="en"), set()),
    ],
)
def test_filters(filters: Filters, held: set[int], standing: Standing) -> None:
    assert set(np.flatnonzero(standing.allowed(filters))) == held
    assert bool(filters)


def test_removed_texts_are_gone(standing: Standing) -> None:
    assert standing.gone.tolist() == [False] * 5 + [True]
    assert not standing.allowed(Filters(in_force_only=True))[5]
