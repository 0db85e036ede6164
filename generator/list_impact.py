"""What an amendment does to a saved duty list, row by row, and the report of it on paper.

A row whose provision changed, moved or fell away loses its approval and shows the old and the new words; an
unaffected row keeps it. Duties the new text adds for the same bearers are proposed, not entered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from corpus.library import Library
from generator.blocks import Cell, Column, Paper, Paragraph, Table, Title
from generator.duty_list import Basis, DutyList, ListRow, advise
from generator.duty_paper import basis_words
from generator.duty_rows import clause
from indexer.extraction import extract
from indexer.penalty_links import by_duty, link
from retriever.impact import DutyChange, Effect, Impact

EFFECT_WORDS = {
    Effect.CHANGED: "文字有改动",
    Effect.MOVED: "条款移位",
    Effect.REMOVED: "不再规定",
    Effect.SAME: "未受影响",
    Effect.ADDED: "新增（建议列入）",
}


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row before and after: `old` and `new` are the words of the provision, "" where there are none."""

    row: ListRow
    effect: Effect
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ListImpact:
    """The list brought to the new text, what changed in it, and the duties proposed."""

    revised: DutyList
    changes: tuple[RowChange, ...]
    proposed: tuple[RowChange, ...]


def revise(drawn: DutyList, impact: Impact, library: Library) -> ListImpact:
    """The effect of an amendment on a saved list. Rows of other works stay as they are."""
    before = {_key(c.old_place.label, c.old.action): c for c in impact.changes if c.old and c.old_place}
    rank = library.edition(impact.after.key).rank
    punished = _Punished(library, impact)
    changes, rows = [], []
    for row in drawn.rows:
        change = _change_of(row, impact, before)
        if change is None:
            rows.append(row)
            continue
        after = _revised(row, change, rank, punished)
        changes.append(
            RowChange(after or row, change.effect, _words(change, old=True), _words(change, old=False))
        )
        if after is not None:
            rows.append(after)
    bearers = {row.bearer for row in drawn.rows if _concerns(row, impact)}
    proposed = tuple(
        RowChange(_new_row(c, drawn.post, rank, punished), Effect.ADDED, "", c.new.quote)
        for c in impact.changes
        if c.effect is Effect.ADDED and c.new and c.new_place and c.new.bearer in bearers
    )
    return ListImpact(replace(drawn, rows=tuple(rows), as_of=impact.on[1]), tuple(changes), proposed)


class _Punished:
    """The penalties of the new text, worked out once for every duty."""

    def __init__(self, library: Library, impact: Impact) -> None:
        edition = library.edition(impact.after.key)
        provisions = library.provisions(edition.key)
        duties = extract(provisions, title=edition.title, language=edition.masthead.language)
        self._edition, self._on = edition, impact.on[1]
        self._sources = {impact.before.source, *impact.before.also_sources, edition.source}
        self._links = by_duty(link(provisions, duties))

    def of(self, change: DutyChange, rank: int, before: tuple[Basis, ...]) -> tuple[Basis, ...]:
        """The penalties for a duty on the new text, and those of other texts the row had before."""
        kept = tuple(basis for basis in before if basis.source not in self._sources)
        if change.new is None:
            return kept
        found = self._links.get(change.new.address, ())[:3]
        places = [self._edition.place(one.penalty, on=self._on) for one in found]
        own = tuple(
            Basis(place.citation, place.version, place.status.value, rank, one.text, place.source)
            for place, one in zip(places, found, strict=True)
        )
        return own + kept


def _key(label: str, action: str) -> tuple[str, str]:
    return label, "".join(action.split())


def _concerns(row: ListRow, impact: Impact) -> bool:
    return row.bases[0].source in (impact.before.source, *impact.before.also_sources)


def _change_of(
    row: ListRow, impact: Impact, before: Mapping[tuple[str, str], DutyChange]
) -> DutyChange | None:
    """The change of the duty a row rests on; None where the row rests on another text."""
    if not _concerns(row, impact):
        return None
    label = row.bases[0].citation.partition("》")[2]
    words = "".join(row.duty.split())
    for (place, action), change in before.items():
        if place == label and (action in words or words in action):
            return change
    return DutyChange(Effect.REMOVED, None, None, None, None)


def _revised(row: ListRow, change: DutyChange, rank: int, punished: _Punished) -> ListRow | None:
    """The row on the new text; None when the duty fell away."""
    if change.effect is Effect.REMOVED or change.new is None or change.new_place is None:
        return None
    base = _basis(change, rank)
    bases = (base, *row.bases[1:])
    if change.effect is Effect.SAME:
        return replace(row, bases=bases, penalties=punished.of(change, rank, row.penalties))
    duty = clause(change.new) if change.effect is Effect.CHANGED else row.duty
    penalties = punished.of(change, rank, row.penalties)
    return replace(
        row, duty=duty, bases=bases, deadline=change.new.deadline, penalties=penalties, approval=None
    )


def _basis(change: DutyChange, rank: int) -> Basis:
    place, new = change.new_place, change.new
    assert place is not None
    assert new is not None
    return Basis(place.citation, place.version, place.status.value, rank, new.quote, place.source)


def _new_row(change: DutyChange, post: str, rank: int, punished: _Punished) -> ListRow:
    new = change.new
    assert new is not None
    return ListRow(
        key=f"new-{change.new_place.label if change.new_place else ''}",
        post=post or new.bearer,
        bearer=new.bearer,
        modality=new.modality.value,
        duty=clause(new),
        bases=(_basis(change, rank),),
        deadline=new.deadline,
        penalties=punished.of(change, rank, ()),
        advice=advise(new.action, new.modality.value),
    )


def _words(change: DutyChange, *, old: bool) -> str:
    side = change.old if old else change.new
    return side.quote if side else ""


def report(found: ListImpact, impact: Impact) -> Paper:
    """The report on paper: every row that changed, then what is proposed, and the count."""
    title = f"《{impact.after.title}》修改对责任清单的影响"
    columns = (Column("序号", 4), Column("责任事项", 14), Column("影响", 6), Column("原文字", 18),
               Column("新文字", 18), Column("新依据", 12))  # fmt: skip
    shown = [c for c in found.changes if c.effect is not Effect.SAME]
    rows = tuple(_line(number, change) for number, change in enumerate((*shown, *found.proposed), 1))
    kept = sum(c.effect is Effect.SAME for c in found.changes)
    lost = len(shown)
    note = (
        f"{impact.on[0]}至{impact.on[1]}：受影响{lost}行，其审定已取消，须重新审定；"
        f"未受影响{kept}行；建议新增{len(found.proposed)}行。"
    )
    return Paper(
        (Title(title), Paragraph.of(note, "Small Note"), Table(columns, rows)), title, landscape=True
    )


def _line(number: int, change: RowChange) -> tuple[Cell, ...]:
    gone = change.effect is Effect.REMOVED
    return (
        Cell.of(str(number), centred=True),
        Cell.of(change.row.duty, "law"),
        Cell.of(EFFECT_WORDS[change.effect]),
        Cell.of(change.old, "law"),
        Cell.of(change.new, "law"),
        Cell.of("" if gone else basis_words(change.row.bases[0])),
    )
