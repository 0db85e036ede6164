"""Questions on the modal word: what must, must not or may be done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.study_item import BLANK, TRUE_FALSE, Item, Kind, Refusal, Rule
from generator.study_text import (
    Frame,
    Sentence,
    StudyText,
    dice,
    passage,
    refused,
    said_elsewhere,
    whole,
    why_not,
)

# The opposite, never a synonym (应当/必须) and never merely stricter (可以 → 应当).
_OPPOSITE = {"应当": "可以不", "必须": "可以不", "不得": "可以", "可以": "不得", "严禁": "可以"}
_CHOICES = {
    "应当": ("可以", "不得", "无需"),
    "必须": ("可以", "不得", "无需"),
    "不得": ("应当", "可以", "无需"),
    "可以": ("应当", "不得", "无需"),
}
_SHORTEST = 18
_IDLE = re.compile("^(?:符合|是|为|由|适当|当|成为|属于|包括|以|遵循|坚持)")
_MODAL = re.compile("应当|必须|不得|可以|严禁|禁止|有权|无需|不应")


def make(text: StudyText, *, pool: Sequence[StudyText], seed: int) -> Iterator[Item | Refusal]:  # noqa: ARG001
    """True-false and single-choice items on the modal word before a duty's action."""
    for sentence in text.sentences:
        duties = text.duties_in(sentence)
        if not duties:
            continue
        at = sentence.provision.address
        reason, span = why_not(sentence), passage(sentence)
        if reason or span is None:
            yield refused(Rule.MODALITY, reason or "离开上下文不成题", at)
            continue
        modal = _modal(sentence, [one.action for one in duties], duties[0].bearer)
        if isinstance(modal, str):
            yield refused(Rule.MODALITY, modal, at)
        elif said_elsewhere(text, sentence.text, at):
            yield refused(Rule.MODALITY, "另有条文作同样规定", at)
        else:
            yield from _ask(text, sentence, span, modal, seed=seed, subject=duties[0].bearer)


def _opens(before: str, bearer: str) -> bool:
    """The bearer itself stands before the modal word, not something of the bearer's."""
    return before.startswith(bearer) and not re.match("的", before[len(bearer) :])


def _modal(sentence: Sentence, actions: Sequence[str], bearer: str) -> tuple[int, int] | str:
    """Where the only modal word of the sentence stands, or why there is no question."""
    text = sentence.text
    found = list(_MODAL.finditer(text))
    if len(found) != 1 or found[0][0] not in _OPPOSITE:
        return "没有或有几个情态词"
    if re.search("方可|不可以|除外|另有规定|方能|才能|逐步|尽量", text):
        return "改动情态词后不成命题"
    after = text[found[0].end() :]
    if len(text) < _SHORTEST or not _opens(text[: found[0].start()], bearer) or _IDLE.search(after):
        return "主体不在句首或命题过短"
    if not any(after.startswith(action[:4]) for action in actions):
        return "情态词不在职责之前"
    return sentence.start + found[0].start(), sentence.start + found[0].end()


def _ask(
    text: StudyText,
    sentence: Sentence,
    span: tuple[int, int],
    modal: tuple[int, int],
    *,
    seed: int,
    subject: str,
) -> Iterator[Item | Refusal]:
    row, at = sentence.provision, sentence.provision.address
    word = row.text[slice(*modal)]
    before, after = row.text[span[0] : modal[0]], row.text[modal[1] : span[1]]
    if _MODAL.search(before):
        yield refused(Rule.MODALITY, "没有或有几个情态词", at)
        return
    key = sentence.slice(*modal)
    slot = f"{sentence.number}"
    frame = Frame(at, slot, seed, (key,), (whole(row),), (sentence.slice(*span),), subject)
    random = dice(seed, at.label, slot, "modality")
    true = random.random() < 0.5
    wrong = _OPPOSITE[word]
    if after.count("，") + after.count("；") > (0 if wrong == "可以不" else 1):
        yield refused(Rule.MODALITY, "几项要求连写，改动后不成命题", at)
    else:
        yield text.item(
            Kind.TRUEFALSE, Rule.MODALITY, frame, before + (word if true else wrong) + after,
            options=TRUE_FALSE,
            answer=(0 if true else 1,), swap=None if true else (word, wrong),
        )  # fmt: skip
    if word in _CHOICES and before:
        asked = replace(frame, lead=f"《{text.name}》下列条文中，括号处的用语是：")
        order = [word, *_CHOICES[word]]
        random.shuffle(order)
        yield text.item(
            Kind.SINGLE,
            Rule.MODALITY,
            asked,
            before + BLANK + after,
            options=order,
            answer=(order.index(word),),
        )
