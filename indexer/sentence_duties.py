"""The duties of one sentence: a unit for every word of force that opens one, with the bearer it names or omits."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from indexer import implicit_duties, non_duties, qualifiers
from indexer.bearers import Subject, after_ban, after_by, lead_words_end, subject
from indexer.clauses import BLANK, Clause, Segment, Sentence
from indexer.deontic import ANY_FORCE, MODAL, Modal, modals
from indexer.drafts import ANYONE, Draft, Row, Span, trim
from indexer.obligation import Modality


@dataclass(frozen=True, slots=True)
class _Unit:
    modal: Modal
    clause: int
    first: int
    subject: Subject | None
    thing: bool


_ADVERB_PREFIX = re.compile(
    rf"^(?:{BLANK}|并且|并|还|同时|也|均|都|一律|一般|及时|必要时|依法|原则上|严格|其中|仍|则|又|方|即|再|确需[^，]*|情况[^，]{{0,8}}|每[^，]*|至|"
    rf"特殊情况|紧急情况|有条件的?|首先|然后|但|但是|其|该|此外|经[^，]*|根据[^，]*|按照?[^，]*|依照[^，]*|未经[^，]*"
    r"|(?:在|对|对于|自|从|因|向|将|为了?|于|与|除|会同|通过|以|把|就|随|由|如|若|当|需要|发现|发生|凡)[^，]*|[^，]*(?:时|之?后|之?前|的|期间|中|内|"
    r"情况下|过程中|以上|以下|上|下))$"
)
_LAST_IS_ADVERB = re.compile(
    rf"(?:并且|并|还|同时|也|均|都|一律|一般|及时|依法|原则上|严格|仍|则|又|{BLANK})+$"
)
_DEFIANCE = re.compile(
    r"拒不|逾期|拒绝|仍[不未]|未按|不履行|未履行|不执行|未执行|违反|不改正|未改正|不停止|不符合|存在|以下的|以上的|超过|不足|人数"
)
_ATTENDED = re.compile(r"^由")
_TERM_SUBJECT = re.compile(
    r"(?:期限|时间|时限|数额|比例|总额|金额|数量|总数|标准|距离|幅度|费用|年限|次数|人数|面积|温度|浓度|余额)(?:最长|最多|一般|均|累计|合计|总计)?$"
)


def read_sentence(row: Row, sentence: Sentence, carry: str | None) -> list[Draft]:
    """The duties of a sentence in order. `carry` is the bearer of the sentence before, for omitted subjects."""
    words = row.masked[sentence.start : sentence.end]
    if not ANY_FORCE.search(words) or non_duties.is_no_duty(words):
        return []
    drafts: list[Draft] = []
    for index, segment in enumerate(sentence.segments):
        _read_segment(row, sentence, segment, carry, drafts, last=index == len(sentence.segments) - 1)
    return drafts


def _read_segment(
    row: Row, sentence: Sentence, segment: Segment, carry: str | None, drafts: list[Draft], *, last: bool
) -> None:
    words = row.masked[segment.start : segment.end]
    if non_duties.is_sanction(words, liability_chapter=row.liability) or non_duties.is_scope(words):
        return
    units = _units(row.masked, segment, last=last, notice=row.sectioned)
    if not units:
        drafts.extend(implicit_duties.read(row, sentence, segment))
        return
    if units[0].modal.only_then and len(units) == 1 and drafts:
        _continue_last(drafts, segment)
        return
    drafts.extend(implicit_duties.owed_before(row, sentence, segment, units[0].clause))
    before = next((d.bearer for d in reversed(drafts) if d.own), carry)
    for at, unit in enumerate(units):
        following = units[at + 1] if at + 1 < len(units) else None
        draft = _draft(row, sentence, segment, unit, following, before)
        if draft is not None:
            if at and draft.bearer is None and draft.thing is None and drafts:
                draft = replace(draft, thing=drafts[-1].thing)
            drafts.append(draft)
            before = draft.bearer if draft.own else before


def _units(masked: str, segment: Segment, *, last: bool, notice: bool) -> list[_Unit]:
    units: list[_Unit] = []
    for at, clause in enumerate(segment.clauses):
        final = last and at == len(segment.clauses) - 1
        for modal in modals(masked, clause.start, clause.end, last=final, notice=notice):
            if modal.only_then and units:
                continue
            unit = _unit(masked, segment, at, modal, units)
            if unit is not None:
                units.append(unit)
    return units


def _unit(masked: str, segment: Segment, at: int, modal: Modal, units: list[_Unit]) -> _Unit | None:
    """The unit a modal opens; None where it goes on with the duty before it."""
    clause = segment.clauses[at]
    before = units[-1] if units else None
    if before is not None and before.clause == at:
        return _Unit(modal, at, at, None, thing=False)
    start = lead_words_end(masked, clause.start, modal.start)
    prefix = masked[start : modal.start]
    found = subject(masked, clause.start, modal.start) or after_by(masked, start, modal.start)
    thing = bool(prefix) and found is None and not _ADVERB_PREFIX.match(prefix)
    first = _reach_back(masked, segment, before.clause + 1 if before else 0, at) if at else 0
    if before is not None and _goes_on(
        masked, segment, before, modal, first == at and not found, thing, prefix
    ):
        return None
    return _Unit(modal, at, first, found, thing)


def _goes_on(
    masked: str, segment: Segment, before: _Unit, modal: Modal, bare: bool, thing: bool, prefix: str
) -> bool:
    """A modal inside the duty before it: 提供的文件应当真实; …设置标志，禁止无关人员进入; 期限不得超过…"""
    if modal.ban and bare and before.modal.modality is Modality.MUST:
        return True
    if not bare or not thing:
        return False
    if before.modal.modality is modal.modality:
        return True
    return modal.modality is Modality.MUST_NOT and bool(_TERM_SUBJECT.search(prefix))


def _reach_back(masked: str, segment: Segment, floor: int, at: int) -> int:
    """The first clause that belongs to the modal of clause `at`: its conditions and the subject before them."""
    first = at
    while first > floor:
        clause = segment.clauses[first - 1]
        if not qualifiers.is_condition(masked, clause) and not _pure(masked, clause):
            break
        first -= 1
    return first if floor else 0


def _pure(masked: str, clause: Clause) -> bool:
    found = subject(masked, clause.start, clause.end)
    return found is not None and found.pure


def _draft(
    row: Row, sentence: Sentence, segment: Segment, unit: _Unit, following: _Unit | None, before: str | None
) -> Draft | None:
    masked, modal, clause = row.masked, unit.modal, segment.clauses[unit.clause]
    named = unit.subject or _bearer_beside(masked, segment, unit, before)
    if modal.ban and named is None:
        named = after_ban(masked, modal.end, clause.end)
    if named is None and unit.first == 0 and non_duties.is_state_policy(masked[segment.start : modal.start]):
        return None
    found = named or _office(row, sentence, segment, unit)
    start = lead_words_end(masked, clause.start, modal.start)
    topic = _topic(masked, segment, unit, start)
    if found is None and non_duties.is_principle(topic, masked[modal.start : segment.end]):
        return None
    action = _action(row, segment, unit, following)
    if action[1] - action[0] < 2:
        return None
    bearer = row.text[found.start : found.end].strip() if found else before
    return Draft(
        row.address, row.text, row.headings, modal.modality, action, (sentence.start, sentence.end), bearer,
        "explicit" if bearer else "open", _condition(masked, segment, unit, found),
        ban=modal.ban and found is None, own=named is not None, modal_start=modal.start,
        doer=None if found else _doer(row, segment, unit), thing=None if found else _thing(row, segment, unit, start),
    )  # fmt: skip


_OFFICIAL_ACT = re.compile(
    r"^(?:批准|颁发|核发|发放|通过|验收|受理|许可|予以批准|给予批准|收取(?:任何)?费用|收费|办理(?:登记|注册))"
)
_THROUGH_OFFICE = re.compile(r"(?:经(?!营|济)|由|报|向)(?=[^，。；]{2,40}(?:部门|机关|机构|政府))")


def _office(row: Row, sentence: Sentence, segment: Segment, unit: _Unit) -> Subject | None:
    """不符合规范的，不得批准; 考核不得收费: an official act binds the office named before in the paragraph."""
    masked, clause = row.masked, segment.clauses[unit.clause]
    if unit.modal.modality is not Modality.MUST_NOT or not _OFFICIAL_ACT.match(
        masked[unit.modal.end : clause.end]
    ):
        return None
    offices = list(_THROUGH_OFFICE.finditer(masked, max(0, sentence.start - 160), unit.modal.start))
    for at in reversed(offices):
        found = subject(masked, at.end(), unit.modal.start)
        if found is not None:
            return found
    return None


_ACTIVITY = re.compile(
    r"^(?:从事|经营|经由|运输|生产|储存|使用|销售|购买|采购|举办|承办|实施|进行|开展|燃放|新建|改建|扩建|建设|设置|设立|在[^，]{2,30}从事|利用|"
    r"向[^，]{2,30}(?:提供|销售|转让)|委托|出租|承租|租赁|进口|出口|携带|邮寄|托运|驾驶|乘坐|饲养|种植|养殖|开采|勘查|采伐|捕捞|取用|排放|收集|处置|贮存|拆除|改变|"
    r"占用|挖掘|申请|开办|经过|通过|发布|制作|提供|因)"
)


def _topic(masked: str, segment: Segment, unit: _Unit, start: int) -> str:
    """The words before the modal in its clause, or the clause before where those are none."""
    words = masked[start : unit.modal.start]
    if words or unit.clause == 0:
        return words
    before = segment.clauses[unit.clause - 1]
    return masked[before.start : before.end]


_LIGHT_TAIL = re.compile(r"(?:均|都|也|还|并|一律|一般|原则上|，)+$")


def _thing(row: Row, segment: Segment, unit: _Unit, start: int) -> str | None:
    """The thing that stands as grammatical subject, verbatim; None for adverbs and conditions."""
    if unit.thing:
        words = row.text[start : unit.modal.start]
    elif unit.clause > unit.first and not _after_condition(row, segment, unit):
        before = segment.clauses[unit.clause - 1]
        words = row.text[before.start : before.end]
    else:
        return None
    words = _LIGHT_TAIL.sub("", words)
    return words if 2 <= len(words) <= 60 and not MODAL.search(words) else None


def _after_condition(row: Row, segment: Segment, unit: _Unit) -> bool:
    return qualifiers.is_condition(row.masked, segment.clauses[unit.clause - 1])


def _doer(row: Row, segment: Segment, unit: _Unit) -> str | None:
    """经由道路运输烟花爆竹的，应当…: whoever does that; 燃放烟花爆竹，应当…: anyone (ANYONE)."""
    doer = None
    for clause in segment.clauses[unit.first : unit.clause]:
        words = row.masked[clause.start : clause.end]
        if len(words) > 4 and _ACTIVITY.match(words):
            if words.endswith("的"):
                return row.text[clause.start : clause.end]
            doer = ANYONE if not re.search(r"的|(?:时|前|后|中|内|期间)$", words) else None
    return doer


def _bearer_beside(masked: str, segment: Segment, unit: _Unit, before: str | None) -> Subject | None:
    """The bearer outside the modal's own prefix: a topic clause, 由… after the modal, the subject of a condition."""
    clause = segment.clauses[unit.clause]
    earlier = [subject(masked, c.start, c.end) for c in segment.clauses[unit.first : unit.clause]]
    topic = next((s for s in earlier if s is not None and s.pure), None)
    if topic is not None:
        return topic
    by = after_by(masked, unit.modal.end, clause.end)
    if by is not None:
        return by
    first: Subject | None = None
    for at, named in enumerate(earlier, unit.first):
        attended = segment.clauses[at]
        found = named or _managed_by(masked, attended)
        if found is None or (before and _defied(masked, attended)):
            continue
        if not _ONLY_WHEN.search(masked[attended.start : attended.end]):
            return found
        first = first or found
    return first


# 船舶航行时，船员…的，应当: the one named in the time clause acts only where no other is named.
_ONLY_WHEN = re.compile(r"(?:时|后|前|期间|过程中)$")


def _managed_by(masked: str, clause: Clause) -> Subject | None:
    """由X…, and 同一建筑物由两个以上单位管理的: the one who manages."""
    at = masked.find("由", clause.start, clause.end)
    while at >= 0:
        if masked[at - 1 : at] not in ("理", "自", "事", "缘") or at == clause.start:
            return after_by(masked, at, clause.end)
        at = masked.find("由", at + 1, clause.end)
    return None


def _defied(masked: str, clause: Clause) -> bool:
    """施工单位拒不整改的，应当报告: the one who refuses is not the one who reports."""
    words = masked[clause.start : clause.end]
    return words.endswith("的") and bool(_DEFIANCE.search(words))


def _action(row: Row, segment: Segment, unit: _Unit, following: _Unit | None) -> Span:
    masked, clause, modal = row.masked, segment.clauses[unit.clause], unit.modal
    start = modal.end
    if modal.only_then:
        start = (
            segment.clauses[unit.first].start
            if unit.first < unit.clause
            else lead_words_end(masked, clause.start, modal.start)
        )
    elif unit.thing:
        start = lead_words_end(masked, clause.start, modal.start)
    elif unit.subject is not None and unit.subject.possessed and "，" not in unit.subject.rest:
        start = unit.subject.end + 1
    end = segment.end
    if following is not None:
        end = (
            following.modal.start
            if following.clause == unit.clause
            else segment.clauses[following.first - 1].end
        )
    return trim(row.text, start, end)


def _condition(masked: str, segment: Segment, unit: _Unit, found: Subject | None) -> Span | None:
    subject_end = found.end if found else 0
    span = qualifiers.condition(masked, segment.clauses, unit.first, unit.clause, subject_end)
    if span is not None:
        return span
    clause = segment.clauses[unit.clause]
    start = max(lead_words_end(masked, clause.start, unit.modal.start), min(subject_end, unit.modal.start))
    prefix = masked[start : unit.modal.start]
    end = start + len(prefix.rstrip("都均也应还并"))
    return (start, end) if re.search(r"(?:时|前|后|的)$", masked[start:end]) and end - start > 2 else None


def _continue_last(drafts: list[Draft], segment: Segment) -> None:
    """…组织验收；验收合格后，方可投入使用: the second half completes the duty before it."""
    last = drafts[-1]
    drafts[-1] = replace(last, action=(last.action[0], segment.end))
