"""What an amendment changes in duties: added, removed, changed, moved, each with its old and new words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from corpus.document import Edition
from corpus.errors import NothingFound, WrongUsage
from corpus.library import Library
from corpus.place import Place, Status
from indexer.extraction import extract
from indexer.obligation import Obligation

ALIKE = 0.5


class Effect(StrEnum):
    """What became of a duty."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class DutyChange:
    """A duty before and after; `old` or `new` is None where it did not exist."""

    effect: Effect
    old: Obligation | None
    new: Obligation | None
    old_place: Place | None
    new_place: Place | None

    def as_json(self) -> dict[str, Any]:
        return {
            "effect": self.effect.value,
            "old": _side(self.old, self.old_place),
            "new": _side(self.new, self.new_place),
        }


@dataclass(frozen=True, slots=True)
class Impact:
    """The changes between two editions, in the order of the new text, removed duties at their old place."""

    before: Edition
    after: Edition
    on: tuple[str, str]
    changes: tuple[DutyChange, ...]

    def as_json(self) -> dict[str, Any]:
        counts = {effect.value: sum(c.effect is effect for c in self.changes) for effect in Effect}
        return {
            "work": self.after.title,
            "from": {
                "date": self.on[0],
                "version": self.before.masthead.version,
                "source": self.before.source,
            },
            "to": {"date": self.on[1], "version": self.after.masthead.version, "source": self.after.source},
            "counts": counts,
            "changes": [c.as_json() for c in self.changes if c.effect is not Effect.SAME],
        }


def between(library: Library, work: str, *, start: str, end: str) -> Impact:
    """The changes in the duties of a work between two ISO dates.

    Raises NothingFound when the work or its text on a date is not held, WrongUsage when the name means
    several works or both dates have the same text.
    """
    names = library.find_works(work)
    if not names:
        raise NothingFound(f"文本库里没有《{work}》。", "请用 zeren list 查看，或先用 zeren add 加入。")
    if len(names) > 1:
        raise WrongUsage(f"“{work}”可能指{len(names)}部法规。", f"请写全名，例如：{'、'.join(names[:3])}。")
    before, after = (_on(library, names[0], day) for day in (start, end))
    if before.key == after.key:
        held = "、".join(edition.masthead.version or "日期不明" for edition in library.versions(names[0]))
        raise WrongUsage(
            f"《{after.title}》在{start}和{end}有效的是同一个文本。",
            f"文本库中的版本：{held}；缺少的版本请先加入。",
        )
    changes = _changes(library, before, after, start, end)
    return Impact(before, after, (start, end), tuple(changes))


def _on(library: Library, work: str, day: str) -> Edition:
    found = library.in_force(work, on=day)
    if found is None:
        known = [e for e in library.versions(work) if e.status(day) is Status.UNKNOWN]
        if len(known) != 1:
            raise NothingFound(
                f"文本库里没有《{work}》在{day}有效的文本。", "请用 zeren add 加入那时的文本。"
            )
        found = known[0]
    return found


def _changes(library: Library, before: Edition, after: Edition, start: str, end: str) -> Iterator[DutyChange]:
    old, new = (_duties(library, edition) for edition in (before, after))
    partner = _pair(old, new)
    taken = set(partner.values())
    for index, one in enumerate(new):
        at = partner.get(index)
        was = old[at] if at is not None else None
        yield DutyChange(
            _effect(was, one),
            was,
            one,
            before.place(was.address, on=start) if was else None,
            after.place(one.address, on=end),
        )
    for at, one in enumerate(old):
        if at not in taken:
            yield DutyChange(Effect.REMOVED, one, None, before.place(one.address, on=start), None)


def _duties(library: Library, edition: Edition) -> tuple[Obligation, ...]:
    return extract(library.provisions(edition.key), title=edition.title, language=edition.masthead.language)


def _pair(old: Sequence[Obligation], new: Sequence[Obligation]) -> dict[int, int]:
    """New duty → old duty, the most alike first; each old duty once."""
    grams_old, grams_new = ([_grams(one.bearer + one.action) for one in side] for side in (old, new))
    ranked = sorted(
        (
            (_alike(a, b) + 0.05 * (one.address.article == old[at].address.article), index, at)
            for index, (one, a) in enumerate(zip(new, grams_new, strict=True))
            for at, b in enumerate(grams_old)
            if one.modality is old[at].modality and _alike(a, b) >= ALIKE
        ),
        key=lambda found: (-found[0], found[1], found[2]),
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, index, at in ranked:
        if index not in partner and at not in taken:
            partner[index] = at
            taken.add(at)
    return partner


def _grams(words: str) -> frozenset[str]:
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b) or 1)


def _effect(old: Obligation | None, new: Obligation) -> Effect:
    if old is None:
        return Effect.ADDED
    if (old.bearer, old.action, old.condition) != (new.bearer, new.action, new.condition):
        return Effect.CHANGED
    return Effect.SAME if old.address == new.address else Effect.MOVED


def _side(one: Obligation | None, place: Place | None) -> dict[str, Any] | None:
    return None if one is None or place is None else {**place.as_json(), **one.fields_json()}
