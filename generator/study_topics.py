"""Article ↔ topic: which of four provisions is the one that a numbered article lays down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.study_item import BLANK, Item, Kind, Refusal, Rule
from generator.study_text import (
    Frame,
    Sentence,
    StudyText,
    dice,
    likeness,
    mixed,
    refused,
    said_elsewhere,
    subject_of,
    whole,
    why_not,
)

SHORTEST, LONGEST = 14, 70


def make(text: StudyText, *, pool: Sequence[StudyText], seed: int) -> Iterator[Item | Refusal]:  # noqa: ARG001
    """One single-choice item an article, its options from articles of the same text."""
    candidates = [one for one in text.sentences if _stands_alone(one)]
    done = set()
    for sentence in candidates:
        article = sentence.provision.address.whole()
        if article in done:
            continue
        if said_elsewhere(text, sentence.text, article):
            yield refused(Rule.TOPIC, "另有条文作同样规定", article)
            continue
        done.add(article)
        yield from _ask(text, sentence, candidates, seed)


def _stands_alone(sentence: Sentence) -> bool:
    return sentence.first and SHORTEST <= len(sentence.text) <= LONGEST and not why_not(sentence)


def _ask(
    text: StudyText, sentence: Sentence, candidates: Sequence[Sentence], seed: int
) -> Iterator[Item | Refusal]:
    article = sentence.provision.address.whole()
    random = dice(seed, article.label, "topic")
    near = sorted(
        candidates, key=lambda one: (round(abs(len(one.text) - len(sentence.text)) / 4), random.random())
    )
    others: list[str] = []
    for other in near:
        apart = other.provision.address.whole() != article
        if apart and all(likeness(other.text, held) < 0.5 for held in (sentence.text, *others)):
            others.append(other.text)
        if len(others) == 3:
            break
    mean = sum(map(len, others)) / max(1, len(others))
    if len(others) < 3 or abs(mean - len(sentence.text)) > 0.3 * mean:
        yield refused(Rule.TOPIC, "没有长度相近的他项", article)
        return
    options, answer = mixed((sentence.text,), others, random=random)
    frame = Frame(
        sentence.provision.address, "topic", seed, (sentence.slice(),), (whole(sentence.provision),), (),
        subject_of(text, sentence), lead=f"《{text.name}》{article.label}规定的内容是",
    )  # fmt: skip
    yield text.item(Kind.SINGLE, Rule.TOPIC, frame, f"{BLANK}。", options=options, answer=answer)
