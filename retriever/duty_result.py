"""What `duties.find` gives back, and the opened book it reads from."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.document import Edition
from corpus.library import Library
from corpus.place import Place
from indexer import generations
from indexer.obligation import Obligation
from indexer.register import Register
from indexer.taxonomy import Taxonomy, load
from retriever.penalties import Penalty

MOST = 2000
_SCOPES = 32


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty that applies. `general`: it comes from a text for every industry or from a wider post;
    `inherited`: from a wider post.
    """

    key: str
    place: Place
    obligation: Obligation
    posts: tuple[str, ...]
    industries: tuple[str, ...]
    general: bool
    score: float
    penalties: tuple[Penalty, ...] = ()
    also: tuple[Place, ...] = ()
    region: str | None = None
    inherited: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            **self.place.as_json(),
            **self.obligation.fields_json(),
            "region": self.region,
            "posts": list(self.posts),
            "industries": list(self.industries),
            "general": self.general,
            "inherited": self.inherited,
            "score": round(self.score, 3),
            "penalties": [one.as_json() for one in self.penalties],
            "also": [one.as_json() for one in self.also],
        }


@dataclass(frozen=True, slots=True)
class Narrower:
    """A way to narrow a list that is too long: `by` "region" | "industry", with how many duties remain."""

    by: str
    name: str
    count: int

    def as_json(self) -> dict[str, Any]:
        return {"by": self.by, "name": self.name, "count": self.count}


@dataclass(frozen=True, slots=True)
class DutyResult:
    """The rows in order (at most MOST). `total` counts all that apply; `notes` say what was left out
    and why.
    """

    post: str | None
    industry: str | None
    region: str | None
    as_of: str
    rows: tuple[DutyRow, ...]
    total: int
    text: str | None = None
    notes: tuple[str, ...] = ()
    texts: tuple[str, ...] = field(default=())
    narrow: tuple[Narrower, ...] = ()

    @property
    def too_many(self) -> bool:
        return self.total > MOST

    def as_json(self) -> dict[str, Any]:
        """The object of the command line's contract, with total and notes beside."""
        return {
            "post": self.post,
            "industry": self.industry,
            "region": self.region,
            "as_of": self.as_of,
            "text": self.text,
            "total": self.total,
            "notes": list(self.notes),
            "narrow": [one.as_json() for one in self.narrow],
            "duties": [row.as_json() for row in self.rows],
        }


@dataclass(slots=True)
class Book:
    """Library, register and taxonomy of a data folder, opened once; safe to share between threads."""

    library: Library
    register: Register
    taxonomy: Taxonomy
    _allowed: dict[Any, tuple[Sequence[Edition], dict[int, Edition]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def allowed(self, scope: Any, valid: Callable[[Edition], bool]) -> dict[int, Edition]:
        """The editions `valid` lets through, by the register's number; kept for the last few scopes, as
        long as the library's texts are the same.
        """
        editions = self.library.editions()
        held = self._allowed.get(scope)
        if held is None or held[0] is not editions:
            numbers = self.register.numbers
            held = (editions, {numbers[e.key]: e for e in editions if e.key in numbers and valid(e)})
            if len(self._allowed) >= _SCOPES:
                self._allowed.clear()
            self._allowed[scope] = held
        return held[1]

    @classmethod
    def open(cls, data: Path) -> Book:
        """Opens the current index's register. Raises DamagedData when there is no library or no index."""
        library = Library.open(data)
        served = generations.serve(
            data, lambda folder, _: Register.open(folder), check=generations.read_manifest
        )
        weakref.finalize(served.value, served.held.close)  # the generation stays while the register is used
        return cls._scoped(library, served.value, load(data))

    @classmethod
    def of(cls, retriever: Any) -> Book:
        """The book beside an opened Retriever (its library and index generation)."""
        library: Library = retriever.library
        return cls._scoped(library, Register.open(retriever.folder), load(library.path.parent))

    @classmethod
    def _scoped(cls, library: Library, register: Register, taxonomy: Taxonomy) -> Book:
        if taxonomy.own:
            register.rescope(taxonomy)
        return cls(library, register, taxonomy)
