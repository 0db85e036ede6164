"""The type of a search result: a provision with its words, its scores and where the same words stand.

Type module: imports the corpus' types only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from corpus.place import Address, Place


@dataclass(frozen=True, slots=True)
class Scores:
    """What a hit's rank is made of.

    `dense` cosine of the vectors, `lexical` BM25, both raw; `fused` in 0..1, relative to the best of this
    search; `ranked` the learned ranker's value (0 where none ran).
    """

    dense: float = 0.0
    lexical: float = 0.0
    fused: float = 0.0
    ranked: float = 0.0


@dataclass(frozen=True, slots=True)
class Same:
    """Another place with the same words."""

    key: str
    place: Place


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked provision: an article or section (`level="article"`), or one of its rows.

    `key` is the edition's; `text` is verbatim, one line a row. `score` orders the hits of one search and
    compares across searches: an estimate of how well the provision answers, in 0..1. `also` lists other
    places with the same words, in the order they would be cited.
    """

    key: str
    place: Place
    text: str
    score: float
    scores: Scores = field(default=Scores())
    also: tuple[Same, ...] = ()

    @property
    def address(self) -> Address:
        return self.place.address

    def as_json(self) -> dict[str, Any]:
        """A row of `hits` in the command line's contract."""
        return {
            **self.place.as_json(),
            "text": self.text,
            "score": round(self.score, 4),
            "also": [same.place.as_json() for same in self.also],
        }


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; None or empty means everything.

    `region` is a province as in the masthead (北京) and lets national texts through unless
    `region_only`; `kinds` are masthead kinds (法律, 地方性法规 …: the rank of a text), `works` work keys,
    `keys` edition keys. `industry` and `post` are names or aliases of `indexer.taxonomy`: texts of that
    field, of the wider one and general ones; provisions that put a duty on that post. `as_of` is the ISO
    date whose law is asked for.
    """

    works: tuple[str, ...] = ()
    region: str | None = None
    region_only: bool = False
    kinds: tuple[str, ...] = ()
    keys: Collection[str] = ()
    language: str | None = None
    in_force_only: bool = False
    without: tuple[tuple[str, Address], ...] = ()
    industry: str | None = None
    post: str | None = None
    as_of: str | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    def as_json(self) -> dict[str, Any]:
        """What was asked for, for the user to see."""
        return {
            "works": list(self.works),
            "region": self.region,
            "region_only": self.region_only,
            "kinds": list(self.kinds),
            "industry": self.industry,
            "post": self.post,
            "in_force_only": self.in_force_only,
            "as_of": self.as_of,
        }
