"""Units of duty in a segment: where each word of force opens one, and where it only goes on with the last."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer import qualifiers
from indexer.bearers import Subject, after_by, lead_words_end, subject
from indexer.clauses import BLANK, Clause, Segment, Sentence
from indexer.deontic import Modal, modals
from indexer.drafts import Row
from indexer.obligation import Modality


@dataclass(frozen=True, slots=True)
class View:
    """The segment being read, in its sentence and row."""

    row: Row
    sentence: Sentence
    segment: Segment

    @property
    def masked(self) -> str:
        return self.row.masked

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.segment.clauses

    def words(self, at: int) -> str:
        """The masked words of clause `at`."""
        clause = self.clauses[at]
        return self.masked[clause.start : clause.end]


@dataclass(frozen=True, slots=True)
class Unit:
    """A word of force in clause `clause` of its segment, with the clauses from `first` on that belong to it.

    `subject` is the bearer named in the same clause; `thing` says that something else is its subject.
    """

    modal: Modal
    clause: int
    first: int
    subject: Subject | None
    thing: bool


_ADVERB_WORDS = (
    rf"{BLANK}|并且|并|还|同时|也|均|都|一律|一般|及时|必要时|依法|原则上|严格|其中|仍|则|又|方|即|再|至|首先|然后"
    "|但是|但|其|该|此外"
)
_ADVERB_PREFIX = re.compile(
    rf"^(?:{_ADVERB_WORDS}|特殊情况|紧急情况|有条件的?|确需[^，]*|情况[^，]{{0,8}}|每[^，]*|经[^，]*|未经[^，]*"
    r"|(?:根据|按照?|依照|在|对|对于|自|从|因|向|将|为了?|于|与|除|会同|通过|以|把|就|随|由|如|若|当)[^，]*"
    r"|(?:需要|发现|发生|凡)[^，]*"
    r"|[^，]*(?:时|之?后|之?前|的|期间|中|内|情况下|过程中|以上|以下|上|下))$"
)
_TERM_SUBJECT = re.compile(
    r"(?:期限|时间|时限|数额|比例|总额|金额|数量|总数|标准|距离|幅度|费用|年限|次数|人数|面积|温度|浓度|余额)"
    r"(?:最长|最多|一般|均|累计|合计|总计)?$"
)


def find(view: View, *, last: bool) -> list[Unit]:
    """The units of a segment in order; `last` says that no segment follows in the sentence."""
    units: list[Unit] = []
    for at, clause in enumerate(view.clauses):
        final = last and at == len(view.clauses) - 1
        for modal in modals(view.masked, clause.start, clause.end, last=final, notice=view.row.sectioned):
            if modal.only_then and units:
                continue
            unit = _unit(view, at, modal, units)
            if unit is not None:
                units.append(unit)
    return units


def _unit(view: View, at: int, modal: Modal, units: list[Unit]) -> Unit | None:
    """The unit a modal opens; None where it goes on with the duty before it."""
    clause = view.clauses[at]
    before = units[-1] if units else None
    if before is not None and before.clause == at:
        return Unit(modal, at, at, None, thing=False)
    start = lead_words_end(view.masked, clause.start, modal.start)
    prefix = view.masked[start : modal.start]
    found = subject(view.masked, clause.start, modal.start) or after_by(view.masked, start, modal.start)
    if found is not None and at and view.words(at).startswith(("以及", "和", "及", "或者")):
        found = _joined(view, at, found)
    thing = bool(prefix) and found is None and not _ADVERB_PREFIX.match(prefix)
    first = _reach_back(view, before.clause + 1 if before else 0, at) if at else 0
    unit = Unit(modal, at, first, found, thing)
    if before is not None and first == at and found is None and _goes_on(before, unit, prefix):
        return None
    return unit


def _joined(view: View, at: int, found: Subject) -> Subject:
    """乡镇人民政府和街道办事处，以及开发区等应当…: all of them."""
    start = found.start
    for clause in reversed(view.clauses[:at]):
        topic = subject(view.masked, clause.start, clause.end)
        if topic is None or not topic.pure:
            break
        start = topic.start
    return Subject(start, found.end, found.rest)


def _goes_on(before: Unit, unit: Unit, prefix: str) -> bool:
    """A modal inside the duty before it: 提供的文件应当真实; …设置标志，禁止无关人员进入; 期限不得超过…"""
    if unit.modal.ban and before.modal.modality is Modality.MUST:
        return True
    if not unit.thing:
        return False
    if before.modal.modality is unit.modal.modality:
        return True
    return unit.modal.modality is Modality.MUST_NOT and bool(_TERM_SUBJECT.search(prefix))


def _reach_back(view: View, floor: int, at: int) -> int:
    """The first clause that belongs to the modal of clause `at`: its conditions and the subject before."""
    first = at
    while first > floor:
        clause = view.clauses[first - 1]
        if not qualifiers.is_condition(view.masked, clause) and not _is_topic(view, clause):
            break
        first -= 1
    return first if floor else 0


def _is_topic(view: View, clause: Clause) -> bool:
    found = subject(view.masked, clause.start, clause.end)
    return found is not None and found.pure
