"""Questions on the whole of a duty: a short answer, or the right ones among duties of others.

Every clause of the provision is a marking point; the words before the blank say which duty is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.study_item import BLANK, Item, Kind, Refusal, Rule, Slice
from generator.study_subjects import apart, class_of
from generator.study_text import (
    LONGEST,
    Frame,
    Sentence,
    StudyText,
    dice,
    likeness,
    mixed,
    refused,
    said_elsewhere,
    whole,
    why_not,
)
from indexer.obligation import Modality

_MODAL = re.compile("应当|必须|不得")
_MARK = re.compile(r"[，；。]")
# A clause that only says when or how belongs to the next one.
_OPEN_CLAUSE = re.compile(
    r"(?:的|时|后|前|下|中|内|间|起)$|^(?:并?(?:按照|依照|根据|通过|由|将|经)|为了?|其中|特别是)"
)
_LEANING = re.compile(r"^(?:或者|因|除|否则|但|但是)")
_TELLING = 5  # characters a head must say beyond its bearer and modal word


def make(text: StudyText, *, pool: Sequence[StudyText], seed: int) -> Iterator[Item | Refusal]:  # noqa: ARG001
    """A short and, where others' duties can be set against it, a multiple-choice item on each duty."""
    for sentence in text.sentences:
        if not text.duties_in(sentence):
            continue
        at = sentence.provision.address
        found = _MODAL.search(sentence.text)
        reason = why_not(sentence) or ("没有情态词" if found is None else "")
        if reason or found is None:
            yield refused(Rule.DUTY, reason, at)
            continue
        yield from _ask(text, sentence, sentence.start + found.end(), seed)


def _ask(text: StudyText, sentence: Sentence, cut: int, seed: int) -> Iterator[Item | Refusal]:
    at, bearer = sentence.provision.address, text.duties_in(sentence)[0].bearer
    if not sentence.text.startswith(bearer):
        yield refused(Rule.DUTY, "句首没有写明责任主体", at)
        return
    points = _points(sentence, cut)
    head = sentence.slice(sentence.start, cut)
    if len(head.text) - len(bearer) - 2 < _TELLING and points:
        head = sentence.slice(sentence.start, points[0].end)
        points = points[1:]
    if any(_LEANING.search(one.text) for one in points):
        yield refused(Rule.DUTY, "要点不能单独成立", at)
        return
    if not 2 <= len(points) <= 8 or len(head.text) > LONGEST // 2:
        yield refused(Rule.DUTY, "要点不足两个或过多", at)
        return
    if text.whole.count(head.text) != 1:
        yield refused(Rule.DUTY, "题干不能确定是哪一项职责", at)
        return
    if said_elsewhere(text, sentence.text, at):
        yield refused(Rule.DUTY, "另有条文作同样规定", at)
        return
    comma = "" if head.end == cut else "，"
    stem = f"{head.text}{comma}{BLANK}。"
    frame = Frame(at, f"{sentence.number}", seed, points, (whole(sentence.provision),), (head,), bearer)
    yield text.item(Kind.SHORT, Rule.DUTY, frame, f"{stem}请写出条文规定的全部要求。")
    yield from _choose(text, frame, stem, bearer)


def _points(sentence: Sentence, cut: int) -> tuple[Slice, ...]:
    """The clauses after the modal word, as slices without their marks."""
    out: list[Slice] = []
    start = cut
    for found in _MARK.finditer(sentence.provision.text, cut, sentence.end):
        clause = sentence.provision.text[start : found.start()]
        last = clause.rpartition("，")[2]
        open_clause = _OPEN_CLAUSE.search(last) and found[0] == "，"
        if found.start() - start > 3 and not open_clause:
            out.append(sentence.slice(start, found.start()))
            start = found.end()
    return tuple(out)


def _choose(text: StudyText, frame: Frame, stem: str, bearer: str) -> Iterator[Item | Refusal]:
    random = dice(frame.seed, frame.at.label, frame.slot, "duty")
    usable = [one for one in frame.keys if 6 <= len(one.text) <= 60]
    if len(usable) < 2 or any(re.search("应当|必须|不得|可以", one.text) for one in usable):
        yield refused(Rule.DUTY, "要点不宜作选项", frame.at)
        return
    keys = sorted(random.sample(usable, min(len(usable), random.choice((2, 3)))), key=lambda one: one.start)
    length = sum(len(one.text) for one in keys) / len(keys)
    others = _others_duties(text, frame, bearer, length)
    random.shuffle(others)
    others = sorted(others, key=lambda words: round(abs(len(words) - length) / 4))[: 5 - len(keys)]
    if len(others) < 4 - len(keys):
        yield refused(Rule.DUTY, "没有长度相近的他人职责", frame.at)
        return
    options, answer = mixed([one.text for one in keys], others, random=random)
    asked = replace(frame, keys=tuple(keys))
    yield text.item(Kind.MULTIPLE, Rule.DUTY, asked, stem, options=options, answer=answer)


def _others_duties(text: StudyText, frame: Frame, bearer: str, length: float) -> list[str]:
    """What the same text asks of bearers who cannot be meant, of like length, no two alike."""
    own = class_of(bearer)
    ours = [one.action for one in text.obligations if not apart(own, class_of(one.bearer))]
    out: list[str] = []
    for one in text.obligations:
        kind = class_of(one.bearer)
        if not (own and kind and apart(own, kind)) or not 0.6 * length <= len(one.action) <= 1.5 * length:
            continue
        if one.modality is not Modality.MUST or one.bearer_source not in ("explicit", "chapeau"):
            continue
        if (
            "，" in one.action
            or re.search("本法|本条例|前款|下列|其|该|符合|规定$|^年龄|^至少|^以下|[0-9]", one.action)
            or one.bearer in bearer
        ):
            continue
        against = (*ours, *(key.text for key in frame.keys), *out)
        if all(likeness(one.action, other) < 0.5 for other in against):
            out.append(one.action)
    return out
