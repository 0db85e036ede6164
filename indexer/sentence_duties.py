"""The duties of one sentence: a unit for every word of force, with the bearer it names or omits."""

from __future__ import annotations

import re
from dataclasses import replace

from indexer import implicit_duties, non_duties, omitted_bearers, qualifiers, units
from indexer.bearers import Subject, after_ban, lead_words_end, subject
from indexer.clauses import Segment, Sentence
from indexer.deontic import ANY_FORCE
from indexer.drafts import Draft, Row, Span, trim
from indexer.obligation import Modality
from indexer.units import Unit, View


def read_sentence(row: Row, sentence: Sentence, carry: str | None) -> list[Draft]:
    """The duties of a sentence in order. `carry` is the bearer of the sentence before, for omitted ones."""
    words = row.masked[sentence.start : sentence.end]
    if not ANY_FORCE.search(words) or non_duties.is_no_duty(words):
        return []
    drafts: list[Draft] = []
    for segment in sentence.segments:
        _read_segment(View(row, sentence, segment), carry, drafts)
        carry = carry if drafts else _speaker(row, segment) or carry
    return drafts


def _speaker(row: Row, segment: Segment) -> str | None:
    """消防机构对材料进行审查；材料齐全的，应当许可: who acts in a segment without force acts in the next."""
    clause = segment.clauses[0]
    found = subject(row.masked, clause.start, clause.end)
    if found is None or found.possessed or found.pure or row.masked[clause.end - 1] == "的":
        return None
    return row.text[found.start : found.end]


def _read_segment(view: View, carry: str | None, drafts: list[Draft]) -> None:
    row, segment = view.row, view.segment
    words = row.masked[segment.start : segment.end]
    if non_duties.is_sanction(words, liability_chapter=row.liability) or non_duties.is_scope(words):
        return
    found = units.find(view, last=segment is view.sentence.segments[-1])
    if not found:
        before = next((d.bearer for d in reversed(drafts) if d.own), carry)
        drafts.extend(implicit_duties.read(row, view.sentence, segment, before))
        return
    if found[0].modal.only_then and len(found) == 1 and drafts:
        _continue_last(drafts, segment)
        return
    drafts.extend(implicit_duties.owed_before(row, view.sentence, segment, found[0].clause))
    before = next((d.bearer for d in reversed(drafts) if d.own), carry)
    for at, unit in enumerate(found):
        draft = _draft(
            view, unit, found[at + 1] if at + 1 < len(found) else None, _same_role(drafts, unit) or before
        )
        if draft is None:
            continue
        if draft.bearer is None and draft.thing is None and drafts and drafts[-1].bearer is None:
            draft = replace(draft, thing=drafts[-1].thing)
        drafts.append(draft)
        before = draft.bearer if draft.own else before


def _same_role(drafts: list[Draft], unit: Unit) -> str | None:
    """工会…有权建议，单位应当研究；发现…时，有权…: who had the right before has it again."""
    if unit.modal.modality is not Modality.ENTITLED or not drafts:
        return None
    if any(d.modality is Modality.ENTITLED for d in drafts[-1:]):
        return None
    return next((d.bearer for d in reversed(drafts) if d.modality is Modality.ENTITLED and d.bearer), None)


def _draft(view: View, unit: Unit, following: Unit | None, before: str | None) -> Draft | None:
    masked, modal = view.masked, unit.modal
    named = _named(view, unit, before)
    if (
        named is None
        and unit.first == 0
        and not (modal.ban and unit.clause and modal.start == view.clauses[unit.clause].start)
        and non_duties.is_state_policy(masked[view.segment.start : modal.start])
    ):
        return None
    found = named or omitted_bearers.office(view, unit) or omitted_bearers.agent_below(view, unit)
    start = lead_words_end(masked, view.clauses[unit.clause].start, modal.start)
    if found is None and non_duties.is_principle(
        _topic(view, unit, start), masked[modal.start : view.segment.end]
    ):
        return None
    action = _action(view, unit, following)
    if action[1] - action[0] < 2 or (named is None and _REWARD.search(masked[action[0] : action[1]])):
        return None
    row = view.row
    bearer = row.text[found.start : found.end].strip() if found else before
    return Draft(
        row.address,
        row.text,
        row.headings,
        modal.modality,
        action,
        (view.sentence.start, view.sentence.end),
        bearer,
        "explicit" if bearer else "open",
        _condition(view, unit, found),
        ban=modal.ban and found is None,
        own=named is not None,
        modal_start=modal.start,
        doer=None if found else omitted_bearers.doer(view, unit),
        thing=None if found else omitted_bearers.thing(view, unit, start),
    )


# 对有突出贡献的单位和个人，应当给予奖励: a policy, where no one is told to.
_REWARD = re.compile(r"给予(?:表彰|奖励|表扬)|表彰(?:和|、)?奖励")


def _named(view: View, unit: Unit, before: str | None) -> Subject | None:
    """The bearer the segment names: before the modal, beside its clause, or behind a ban."""
    named = unit.subject or omitted_bearers.beside(view, unit, before)
    if named is None and unit.modal.ban:
        return after_ban(view.masked, unit.modal.end, view.clauses[unit.clause].end)
    return named


def _topic(view: View, unit: Unit, start: int) -> str:
    """The words before the modal in its clause, or the clause before where those are none."""
    words = view.masked[start : unit.modal.start]
    return words if words or unit.clause == 0 else view.words(unit.clause - 1)


def _action(view: View, unit: Unit, following: Unit | None) -> Span:
    return trim(view.row.text, _action_start(view, unit), _action_end(view, unit, following))


def _action_start(view: View, unit: Unit) -> int:
    """After the modal; before the thing that is its subject, so that the words can be read alone."""
    begin = lead_words_end(view.masked, view.clauses[unit.clause].start, unit.modal.start)
    if unit.modal.only_then:
        return view.clauses[unit.first].start if unit.first < unit.clause else begin
    if unit.thing:
        return begin
    if unit.subject is not None and unit.subject.possessed and "，" not in unit.subject.rest:
        return unit.subject.end + 1
    return unit.modal.end


def _action_end(view: View, unit: Unit, following: Unit | None) -> int:
    if following is not None and following.clause == unit.clause:
        return following.modal.start
    stop = following.first if following is not None else len(view.clauses)
    for at in range(unit.clause + 1, stop):
        clause = view.clauses[at]
        named = subject(view.masked, clause.start, clause.end)
        if named is not None and (view.words(at).endswith("的") or named.rest.startswith(("依法", "负责"))):
            # 分包单位应当服从…，分包单位不服从…的，由…: the next one's case begins.
            return view.clauses[at - 1].end
    return view.clauses[stop - 1].end


def _condition(view: View, unit: Unit, found: Subject | None) -> Span | None:
    subject_end = found.end if found else 0
    named = (found.start, found.end) if found else (0, 0)
    span = qualifiers.condition(view.masked, view.clauses, unit.first, unit.clause, named)
    if span is not None:
        return span
    begin = lead_words_end(view.masked, view.clauses[unit.clause].start, unit.modal.start)
    start = max(begin, min(subject_end, unit.modal.start))
    prefix = view.masked[start : unit.modal.start]
    end = start + len(prefix.rstrip("都均也应还并"))
    return (start, end) if end - start > 2 and _WHEN.search(view.masked[start:end]) else None


_WHEN = re.compile(r"(?:时|前|后|的)$")


def _continue_last(drafts: list[Draft], segment: Segment) -> None:
    """…组织验收；验收合格后，方可投入使用: the second half completes the duty before it."""
    last = drafts[-1]
    drafts[-1] = replace(last, action=(last.action[0], segment.end))
