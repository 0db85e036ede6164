"""What the library holds, counted for people: what is pending, what changed since, coverage, index health."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.document import RANK, Edition
from corpus.errors import DamagedData
from corpus.library import Library
from indexer import generations

if TYPE_CHECKING:
    from indexer.register import TextFacts

NATIONAL = "全国"
MOST = 15  # bars of a chart


@dataclass(frozen=True, slots=True)
class Changes:
    """What a user finds changed: texts added, texts whose first or last day has come since."""

    added: tuple[Edition, ...]
    began: tuple[Edition, ...]
    ended: tuple[Edition, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.began or self.ended)


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """The generation that answers, whether it was made from these texts, and what is wrong with it."""

    generation: str | None
    up_to_date: bool
    facts: Mapping[str, object]
    problem: str = ""


def pending(editions: Iterable[Edition], today: str) -> tuple[Edition, ...]:
    """Texts that wait for their first day, the nearest first."""
    waiting = [e for e in editions if e.effective_from and e.status(today) == "not_yet"]
    return tuple(sorted(waiting, key=lambda e: (e.effective_from or "", e.title)))


def added_at(library: Library) -> dict[str, str]:
    """When each text was added, by its key."""
    return {edition.key: library.record(edition.key).added_at for edition in library.editions()}


def changes(editions: Iterable[Edition], added: Mapping[str, str], *, since: str, today: str) -> Changes:
    """What changed after the moment `since` (ISO) up to today."""
    held, day = tuple(editions), since[:10]
    return Changes(
        tuple(e for e in held if _moment(added.get(e.key, "")) > _moment(since)),
        tuple(e for e in held if e.effective_from and day < e.effective_from <= today),
        tuple(e for e in held if e.effective_to and day < e.effective_to <= today),
    )


def _moment(text: str) -> str:
    """A moment to the second in UTC, comparable; "" where the text is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return ""
    moved = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return moved.strftime("%Y-%m-%dT%H:%M:%S")


def by_rank(editions: Sequence[Edition]) -> dict[str, int]:
    """Texts by kind, the highest rank first."""
    found = Counter(edition.masthead.kind for edition in editions)
    return dict(sorted(found.items(), key=lambda pair: (RANK.get(pair[0], 9), pair[0])))


def by_region(editions: Sequence[Edition]) -> dict[str, int]:
    """Texts by region, most first; national texts under one name."""
    return _most(Counter(edition.masthead.region or NATIONAL for edition in editions))


def by_industry(facts: Iterable[TextFacts]) -> tuple[dict[str, int], int, int]:
    """Texts by the industry their title names; how many are general, and how many name no field."""
    held = tuple(facts)
    found = Counter(name for text in held for name in text.industries)
    general = sum(text.general for text in held if not text.industries)
    other = sum(not text.general for text in held if not text.industries)
    return _most(found), general, other


def by_status(editions: Sequence[Edition], today: str) -> dict[str, int]:
    """Texts by validity today."""
    return dict(Counter(edition.status(today).value for edition in editions).most_common())


def _most(found: Counter[str]) -> dict[str, int]:
    return dict(found.most_common(MOST))


def index_health(data: Path, content: str) -> IndexHealth:
    """The state of the index against the texts, whose hash is `content`."""
    folder = generations.current(data)
    if folder is None:
        return IndexHealth(None, up_to_date=False, facts={})
    try:
        manifest = generations.read_manifest(folder)
    except DamagedData as error:
        return IndexHealth(folder.name, up_to_date=False, facts={}, problem=error.message)
    return IndexHealth(folder.name, manifest.get("library") == content, manifest)
