"""The provisions a finding is held against: duties of those who are inspected, and penalty clauses.

Read from the register and the library text by text and kept; a text's rows never change under one index.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.document import Edition, Level, Provision
from corpus.library import Library
from corpus.place import Address
from indexer import penalty_units
from indexer.obligation import BearerType, Modality
from indexer.register import Register
from retriever.finding import pairs

_PUBLIC = frozenset({BearerType.GOVERNMENT, BearerType.REGULATOR_DEPT, BearerType.UNION})
_FORCE = frozenset({Modality.MUST, Modality.MUST_NOT})
_OBJECTS = re.compile(
    r"对下列|包括(?:下列|以下)|下列(?:工程|内容|材料|文件|事项|地点|场所|部位|单位|人员|区域|条件)|(?:以下|下列)内容"
)
_CLOSING = re.compile(r"法律责任|罚\s*则|附\s*则")
_DEONTIC = re.compile(r"应当|必须|不得|禁止|严禁|方可|未经")
_PUBLIC_SUBJECT = re.compile(
    r"^(?:[^，。；：]{0,40}?(?:人民政府|部门|监督管理机构|主管机关|公安机关|消防救援机构|监察机构|行政机关|检察院|法院|工会|"
    r"监察员|执法人员|监督检查人员|工作人员)|国家|国务院|任何单位和个人有权|本法|本条例|鼓励)[^，。；：]{0,12}"
    r"(?:应当|负责|可以|有权|依法|依照|按照|对|根据|不得|必须|实行|建立|制定|接到|，|$)"
)
# Words of a behaviour that say nothing of what it is.
_EMPTY = re.compile(
    r"未按照?(?:国家)?(?:有关)?规定|未依照?(?:本法|本条例|法)?(?:的?规定)?|违反(?:本法|本条例|有关|国家)*规定|未能?|不得?|或者|以及|"
    r"进行|的|下列|仍然|有关|存在|^对"
)
_CATCH_ALL = re.compile(
    r"其他(?:消防|安全)?(?:安全)?(?:生产)?职责$|遵守本法和其他有关|法律、法规规定的其他|国家规定的其他|其他(?:义务|职责|要求)[；。]?$"
)


@dataclass(frozen=True, slots=True)
class Duty:
    """A provision that binds the inspected: `text` verbatim (shown), `words` what it is matched by."""

    key: str
    address: Address
    headings: tuple[str, ...]
    text: str
    words: str
    pairs: frozenset[str]
    prohibits: bool
    catch_all: bool
    condition: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Penalty:
    """A penalty clause: `text` verbatim (shown), `words` its subject and behaviour."""

    key: str
    address: Address
    headings: tuple[str, ...]
    text: str
    words: str
    pairs: frozenset[str]
    behaviours: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """One text: its duties, its penalties, and which penalty punishes which duty with what certainty."""

    edition: Edition
    duties: tuple[Duty, ...]
    penalties: tuple[Penalty, ...]
    links: tuple[tuple[tuple[int, float], ...], ...]


@dataclass(slots=True)
class Pool:
    """The rows of texts, read when first asked for."""

    library: Library
    register: Register
    _kept: dict[str, Rows] = field(default_factory=dict)

    def rows(self, edition: Edition) -> Rows:
        held = self._kept.get(edition.key)
        if held is None:
            held = self._kept[edition.key] = self._read(edition)
        return held

    def _read(self, edition: Edition) -> Rows:
        provisions = self.library.provisions(edition.key)
        text = self.register.numbers.get(edition.key)
        if text is None:
            return Rows(edition, (), (), ())
        units = penalty_units.read(provisions)
        penal = penalty_units.penalty_addresses(units)
        duties = tuple(self._duties(edition, provisions, text, penal))
        penalties = tuple(_penalty(edition.key, unit, provisions) for unit in units)
        where = {penalty.address: number for number, penalty in enumerate(penalties)}
        links = tuple(self._links(text, duty, where) for duty in duties)
        return Rows(edition, duties, penalties, links)

    def _duties(
        self, edition: Edition, provisions: Sequence[Provision], text: int, penal: frozenset[Address]
    ) -> list[Duty]:
        numbers = [row[0] for row in self.register.rows_of_texts([text])]
        binding: dict[Address, bool] = {}
        cases: dict[Address, list[str]] = {}
        for held in self.register.duties(numbers).values():
            one = held.obligation
            if one.bearer_type not in _PUBLIC and one.modality in _FORCE and one.address.whole() not in penal:
                cases.setdefault(one.address, []).append(one.condition or "")
                binding[one.address] = binding.get(one.address, False) or one.modality is Modality.MUST_NOT
        out = []
        lead: Provision | None = None
        for index, row in enumerate(provisions):
            if row.level is Level.PARAGRAPH:
                lead = row
            if row.level is Level.SUBITEM:
                continue
            above = lead if row.level is Level.ITEM else None
            if row.address.whole() in penal or any(_CLOSING.search(h) for h in row.headings):
                continue
            prohibits = binding.get(row.address)
            if prohibits is None and above is not None and not _OBJECTS.search(above.text):
                prohibits = binding.get(above.address)
                if prohibits is None and _binds(above.text):
                    prohibits = "不得" in above.text or "禁止" in above.text
            if prohibits is None and row.level is Level.PARAGRAPH and _binds(row.text):
                prohibits = False
            if prohibits is None:
                continue
            items = _below(provisions, index)
            case = cases.get(row.address, [""])
            condition = frozenset(pair for words in case for pair in pairs(words)) if all(case) else None
            out.append(
                replace(_duty(edition.key, row, above, items, prohibits=prohibits), condition=condition)
            )
        return out

    def _links(self, text: int, duty: Duty, where: dict[Address, int]) -> tuple[tuple[int, float], ...]:
        found: dict[int, float] = {}
        at: Address | None = duty.address
        while at is not None:
            for one in self.register.penalties(text, at):
                number = where.get(one.address)
                if number is not None:
                    score = 1.0 if one.explicit else float(one.score)
                    found[number] = max(found.get(number, 0.0), score)
            at = at.up() if not found else None
        return tuple(sorted(found.items(), key=lambda pair: -pair[1]))


def _binds(text: str) -> bool:
    """Whether a provision the register names no private bearer for still binds the inspected."""
    return _DEONTIC.search(text) is not None and _PUBLIC_SUBJECT.search(text) is None


def _below(provisions: Sequence[Provision], index: int) -> list[Provision]:
    """The items of a paragraph."""
    if provisions[index].level is not Level.PARAGRAPH:
        return []
    out = []
    for row in provisions[index + 1 :]:
        if row.level not in (Level.ITEM, Level.SUBITEM):
            break
        out.append(row)
    return out


def _duty(
    key: str, row: Provision, above: Provision | None, items: Sequence[Provision], *, prohibits: bool
) -> Duty:
    objects = bool(items) and _OBJECTS.search(row.text) is not None
    text = "\n".join([row.text, *(item.text for item in items)]) if items else row.text
    words = text if objects else row.text
    if above is not None:
        words = f"{above.text} {row.words}"
    return Duty(
        key, row.address, row.headings, text, words, frozenset(pairs(words)), prohibits,
        _CATCH_ALL.search(row.text) is not None,
    )  # fmt: skip


def _penalty(key: str, unit: penalty_units.PenaltyUnit, provisions: Sequence[Provision]) -> Penalty:
    row = next((p for p in provisions if p.address == unit.address), None)
    words = f"{unit.subject} {' '.join(unit.behaviours)}"
    headings = row.headings if row else ()
    behaviours = tuple(frozenset(pairs(_EMPTY.sub(" ", one))) for one in unit.behaviours)
    text = row.text if row else unit.text
    return Penalty(key, unit.address, headings, text, words, frozenset(pairs(words)), behaviours)
