"""An amendment and a saved list: what changed loses its approval, what did not keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from corpus.library import Library
from generator.duty_list import Basis, DutyList, ListKind, ListRow, advise, approve, draw_up
from generator.duty_rows import clause
from generator.list_impact import report, revise
from generator.paper import typeset
from indexer.intake import STARTER, take_in
from retriever.impact import Effect, Impact, between

TITLE = "望川市安全生产条例（样例·虚构）"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    data = tmp_path_factory.mktemp("data")
    take_in(data, [STARTER], workers=1)
    with Library.open(data) as opened:
        yield opened


@pytest.fixture(scope="module")
def impact(library: Library) -> Impact:
    return between(library, TITLE, start="2021-01-01", end="2026-01-01")


@pytest.fixture(scope="module")
def saved(impact: Impact) -> DutyList:
    """A list on the old text, every row approved."""
    rows = []
    for change in impact.changes:
        if change.old is None or change.old_place is None:
            continue
        old, place = change.old, change.old_place
        base = Basis(place.citation, place.version, place.status.value, 4, old.quote, place.source)
        row = ListRow(place.label, "", old.bearer, old.modality.value, clause(old), (base,), old.deadline, (),
                      advise(old.action, old.modality.value))  # fmt: skip
        rows.append(approve(row, who="王某", when="2024-01-01T09:00"))
    return draw_up(rows, kind=ListKind.POST, title="清单", as_of="2021-01-01")


def test_every_row_is_judged(saved: DutyList, impact: Impact, library: Library) -> None:
    found = revise(saved, impact, library)
    assert len(found.changes) == len(saved.rows)
    effects = {change.effect for change in found.changes}
    assert {Effect.SAME, Effect.CHANGED} <= effects


def test_approval_survives_only_where_nothing_changed(
    saved: DutyList, impact: Impact, library: Library
) -> None:
    for change in revise(saved, impact, library).changes:
        if change.effect is Effect.SAME:
            assert change.row.approval is not None
        elif change.effect is not Effect.REMOVED:
            assert change.row.approval is None
            assert change.row.bases[0].text == change.new
            assert change.row.bases[0].version == "2024-09-27"


def test_the_words_that_changed_are_shown(saved: DutyList, impact: Impact, library: Library) -> None:
    changed = [c for c in revise(saved, impact, library).changes if c.effect is Effect.CHANGED]
    assert any("每季度" in c.old and "每月" in c.new for c in changed)


def test_new_duties_are_proposed_not_entered(saved: DutyList, impact: Impact, library: Library) -> None:
    found = revise(saved, impact, library)
    proposed = [change.row.duty for change in found.proposed]
    assert any("台账" in duty for duty in proposed)
    assert not set(proposed) & {row.duty for row in found.revised.rows}


def test_a_row_of_another_text_stays(saved: DutyList, impact: Impact, library: Library) -> None:
    first = saved.rows[0]
    other = replace(first, bases=(replace(first.bases[0], source="别的.md"),))
    found = revise(replace(saved, rows=(other,)), impact, library)
    assert found.revised.rows == (other,)
    assert found.changes == ()


def test_report(saved: DutyList, impact: Impact, library: Library, tmp_path: Path) -> None:
    found = revise(saved, impact, library)
    table = Document(str(typeset(report(found, impact), tmp_path / "r.docx"))).tables[0]
    shown = sum(change.effect is not Effect.SAME for change in found.changes) + len(found.proposed)
    assert len(table.rows) == shown + 1
