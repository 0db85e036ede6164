"""Short questions on the whole of a duty; every clause of the provision is a marking point."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.study_item import BLANK, Item, Kind, Refusal, Rule, Slice
from generator.study_text import Frame, Sentence, StudyText, refused, said_elsewhere, whole, why_not

_MODAL = re.compile("应当|必须|不得")
_MARK = re.compile(r"[，；。]")
_SHORTEST_HEAD = 7


def make(text: StudyText, *, pool: Sequence[StudyText], seed: int) -> Iterator[Item | Refusal]:  # noqa: ARG001
    """A short item for every sentence whose words before the modal tell which duty is meant."""
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
    at = sentence.provision.address
    head = sentence.slice(sentence.start, cut)
    if not head.text.startswith(text.duties_in(sentence)[0].bearer[:4]):
        yield refused(Rule.DUTY, "句首没有写明责任主体", at)
        return
    if text.whole.count(head.text) != 1 or len(head.text) < _SHORTEST_HEAD:
        yield refused(Rule.DUTY, "题干不能确定是哪一项职责", at)
        return
    if said_elsewhere(text, sentence.text, at):
        yield refused(Rule.DUTY, "另有条文作同样规定", at)
        return
    points = _points(sentence, cut)
    if not 2 <= len(points) <= 8:
        yield refused(Rule.DUTY, "要点不足两个或过多", at)
        return
    frame = Frame(
        at, f"{sentence.number}", seed, points, (whole(sentence.provision),), (head,), text.duties_in(sentence)[0].bearer
    )
    yield text.item(Kind.SHORT, Rule.DUTY, frame, f"{head.text}{BLANK}。请写出条文规定的全部要求。")


def _points(sentence: Sentence, cut: int) -> tuple[Slice, ...]:
    """The clauses after the modal word, as slices without their marks."""
    out: list[Slice] = []
    start = cut
    for found in _MARK.finditer(sentence.provision.text, cut, sentence.end):
        if found.start() - start > 3:
            out.append(sentence.slice(start, found.start()))
            start = found.end()
    return tuple(out)
