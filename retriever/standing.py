"""How the texts stand on a date: validity, rank, place; and the order they give to candidates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from corpus.document import Edition
from corpus.place import Place, Status
from indexer.shelf import Row
from retriever.fusion import Candidates
from retriever.hit import Filters
from retriever.question import Question
from retriever.regions import Region

# What a candidate gains or loses against a fused score in 0..1.
NOT_IN_FORCE = -0.25
NOT_YET = -0.1
OTHER_PLACE = -0.4
THIS_PLACE = 0.12
THIS_CITY = 0.08
LOCAL_UNASKED = -0.06
NAMED_WORK = 0.5
RANK_STEP = -0.004
CASE = -0.08
# The same in log-odds, after the ranker.
GUARD_NOT_IN_FORCE = -3.0
GUARD_NOT_YET = -1.5
GUARD_OTHER_PLACE = -3.0
Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Standing:
    """The editions of an index in its numbering, as they stand on a date."""

    on: str
    editions: tuple[Edition | None, ...]
    unit_edition: npt.NDArray[np.int32]
    status: tuple[Status, ...]
    rank: Floats
    region: tuple[str | None, ...]
    gone: Bools
    local: Bools = field(init=False)
    case: Bools = field(init=False)
    in_force: Bools = field(init=False)
    passed_over: Bools = field(init=False)  # amended or repealed
    _bonuses: Floats = field(init=False)  # where a question names neither place nor work
    _guards: Floats = field(init=False)

    def __post_init__(self) -> None:
        held = [n for n, edition in enumerate(self.editions) if edition is not None]
        bonuses, guards = np.zeros((2, len(self.editions)), np.float32)
        bonuses[held] = [self._bonus(n, None, ()) for n in held]
        guards[held] = [self._guarded(n, None, ()) for n in held]
        passed = (Status.AMENDED, Status.REPEALED)
        derived = {
            "local": [region is not None for region in self.region],
            "case": [e is not None and e.masthead.kind == "案例" for e in self.editions],
            "in_force": [status is Status.IN_FORCE for status in self.status],
            "passed_over": [status in passed for status in self.status],
        }
        for name, flags in derived.items():
            object.__setattr__(self, name, np.array(flags, bool))
        object.__setattr__(self, "_bonuses", bonuses)
        object.__setattr__(self, "_guards", guards)

    @classmethod
    def of(
        cls, editions: Sequence[Edition | None], unit_edition: npt.NDArray[np.int32], *, on: str
    ) -> Standing:
        """`editions` in the index's numbering, None for those the library no longer holds."""
        return cls(
            on,
            tuple(editions),
            unit_edition,
            tuple(e.status(on) if e else Status.UNKNOWN for e in editions),
            np.array([e.rank if e else 9 for e in editions], np.float32),
            tuple(e.masthead.region if e else None for e in editions),
            np.array([e is None for e in editions], bool),
        )

    def edition(self, row: Row) -> Edition:
        return self._held(row.edition)

    def title(self, number: int) -> str:
        """The title of the text with this number."""
        return self._held(number).title

    def work(self, number: int) -> str:
        """The work that the text with this number is a version of."""
        return self._held(number).work

    def _held(self, number: int) -> Edition:
        found = self.editions[number]
        assert found is not None, "units of removed texts are never candidates"
        return found

    def place(self, row: Row) -> Place:
        edition = self.edition(row)
        m = edition.masthead
        return Place(edition.source, m.title, m.version, self.status[row.edition], row.address, row.headings)

    def citing_order(self, number: int) -> tuple[int, int, float, str]:
        """Which of several texts with the same words is cited first: in force, national, higher, newer."""
        edition = self.editions[number]
        version = (edition.masthead.version if edition else None) or ""
        newer_first = "".join(chr(0x7F - ord(c)) for c in version if ord(c) < 0x7F)
        valid = self.status[number] in (Status.IN_FORCE, Status.UNKNOWN)
        return (
            0 if valid else 1,
            0 if self.region[number] is None else 1,
            float(self.rank[number]),
            newer_first,
        )

    def allowed(self, filters: Filters) -> Bools:
        """Which editions the filters let through."""
        return np.array(
            [
                edition is not None and self._passes(n, edition, filters)
                for n, edition in enumerate(self.editions)
            ],
            bool,
        )

    def _passes(self, number: int, edition: Edition, filters: Filters) -> bool:
        m = edition.masthead
        asked = (
            (filters.works, edition.work),
            (filters.keys, edition.key),
            (filters.kinds, m.kind),
            ((filters.language,) if filters.language else (), m.language),
            ((Status.IN_FORCE,) if filters.in_force_only else (), self.status[number]),
        )
        if any(wanted and value not in wanted for wanted, value in asked):
            return False
        elsewhere = bool(filters.region) and m.region != filters.region
        return not elsewhere or (m.region is None and not filters.region_only)

    def order(self, question: Question, found: Candidates) -> Candidates:
        """The candidates in the order of fused score and standing: which of them the ranker sees."""
        total = found.fused + self._by_text(question, found.units, self._bonuses, self._bonus)
        return found.take(np.argsort(-total, kind="stable"))

    def guard(self, question: Question, units: npt.NDArray[np.int64]) -> Floats:
        """What rules take from or give to the ranker's log-odds: what learning must not unlearn.

        Texts no longer in force come after those that are, other places after the place asked about.
        """
        return self._by_text(question, units, self._guards, self._guarded)

    def _by_text(
        self,
        question: Question,
        units: npt.NDArray[np.int64],
        usual: Floats,
        change: Callable[[int, Region | None, Collection[str]], float],
    ) -> Floats:
        """The change of each unit's text; `usual` where the question names neither place nor work."""
        numbers, works = self.unit_edition[units], question.named.works
        if question.region is None and not works:
            return usual[numbers]
        changes = {n: change(n, question.region, works) for n in set(numbers.tolist())}
        return np.array([changes[n] for n in numbers.tolist()], np.float32)

    def _guarded(self, number: int, asked: Region | None, works: Collection[str]) -> float:
        edition = self._held(number)
        change = 0.0
        if self.status[number] in (Status.REPEALED, Status.AMENDED):
            change += GUARD_NOT_IN_FORCE
        elif self.status[number] is Status.NOT_YET:
            change += GUARD_NOT_YET
        place = self.region[number]
        if asked and place and place != asked.province and edition.work not in works:
            change += GUARD_OTHER_PLACE
        return change

    def _bonus(self, number: int, asked: Region | None, works: Collection[str]) -> float:
        edition = self._held(number)
        value = RANK_STEP * float(self.rank[number])
        status = self.status[number]
        if status in (Status.REPEALED, Status.AMENDED):
            value += NOT_IN_FORCE
        elif status is Status.NOT_YET:
            value += NOT_YET
        if edition.work in works:
            value += NAMED_WORK
        elif self.region[number] is not None:
            value += self._place_bonus(asked, edition)
        if edition.masthead.kind == "案例":
            value += CASE
        return value

    @staticmethod
    def _place_bonus(asked: Region | None, edition: Edition) -> float:
        if asked is None:
            return LOCAL_UNASKED
        if asked.province != edition.masthead.region:
            return OTHER_PLACE
        return THIS_PLACE + (THIS_CITY if asked.city and asked.city in edition.title else 0.0)
