"""Questions on the items of a list: which belong to it. Distractors are items of other lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from random import Random

from generator.study_item import BLANK, TRUE_FALSE, Item, Kind, Refusal, Rule, Slice
from generator.study_subjects import apart, class_of
from generator.study_text import (
    Frame,
    Listed,
    StudyText,
    dice,
    likeness,
    mixed,
    refused,
    whole,
)

LONGEST_OPTION = 64
_OPEN = re.compile(
    r"其他|法律、(?:行政)?法规规定|前款|前项|本条|第[一二三四五六七八九十百]+[条款项]|^[^，]{0,3}$"
)
_POINTING = re.compile(r"前款|前条|前项|本条|上述|第[一二三四五六七八九十百]+[条款项]|^(?:其|该)")
# What a list holds, by the word its lead ends on: only lists of one group lend each other distractors.
_GROUPS = (
    ("duty", "职责|职权|义务|责任|权力|任务"),
    ("act", "行为|情形|情况|违法"),
    ("right", "权利|待遇"),
    ("paper", "材料|资料|文件|证件|证明"),
    ("condition", "条件|资格"),
    ("matter", "内容|事项|工作|制度|措施|要求|规定"),
)
_PENAL = re.compile(r"罚款|处分|吊销")
_NEGATIVE = re.compile(r"^(?:未|不|违反|拒)")


def make(text: StudyText, *, pool: Sequence[StudyText], seed: int) -> Iterator[Item | Refusal]:
    """Single, multiple, true-false and short items on every list with three or more items."""
    for listed in text.lists:
        reason = _unfit(text, listed)
        if reason:
            yield refused(Rule.LIST, reason, listed.provision.address)
            continue
        usable = tuple(
            one for one in listed.items if len(one.text) <= LONGEST_OPTION and not _OPEN.search(one.text)
        )
        strangers = _strangers(text, listed, pool)
        yield from _singles(text, listed, usable, strangers, seed)
        yield from _multiples(text, listed, usable, strangers, seed)
        yield from _whole_list(text, listed, seed)


def _unfit(text: StudyText, listed: Listed) -> str:
    if _POINTING.search(listed.lead.text):
        return "内容指向其他条款"
    if len(listed.lead.text) > (80 if _PENAL.search(listed.lead.text) else 140):
        return "题干过长"
    if sum(other.lead.text == listed.lead.text for other in text.lists) > 1:
        return "几处列举的引语相同"
    return ""


@lru_cache(maxsize=4)
def _every_item(texts: tuple[StudyText, ...]) -> tuple[tuple[StudyText, Listed, str], ...]:
    return tuple(
        (text, listed, one.text)
        for text in texts
        for listed in text.lists
        for one in listed.items
        if len(one.text) <= LONGEST_OPTION and not _OPEN.search(one.text)
    )


def _strangers(text: StudyText, listed: Listed, pool: Sequence[StudyText]) -> tuple[str, ...]:
    """Items of other lists that read like ours and are none of ours: own text before the others'.

    Another text lends only what shares words with ours: an absurd option is no distractor.
    """
    out: list[str] = []
    group = _group(listed)
    duties = [
        one.action for one in text.obligations if listed.bearer and one.bearer.endswith(listed.bearer[-6:])
    ]
    for texts in ((text,), tuple(pool)):
        for other, of, words in _every_item(texts):
            ours = other is text and (
                of.number == listed.number or likeness(of.lead.text, listed.lead.text) > 0.6
            )
            if ours or words in out or _group(of) != group or not _alike_in_form(words, listed):
                continue
            if other is not text and not _lends(of, listed, words):
                continue
            if any(likeness(words, one.text) > 0.45 for one in listed.items):
                continue
            if likeness(words, listed.lead.text) > 0.6 or any(
                likeness(words, duty) > 0.55 for duty in duties
            ):
                continue
            out.append(words)
        if len(out) >= 12:
            break
    return tuple(out)


def _group(listed: Listed) -> str:
    words = listed.lead.text
    found = [(words.rfind(hit[-1]), name) for name, ends in _GROUPS if (hit := re.findall(ends, words))]
    return max(found)[1] if found else ""


def _lends(other: Listed, listed: Listed, words: str) -> bool:
    """Another text's item may stand against ours: a behaviour, or a duty of someone who cannot be meant.

    Conditions, papers and contents of another law may hold beside ours, so they are never lent.
    """
    group = _group(listed)
    if group == "duty":
        ours, theirs = class_of(listed.bearer), class_of(other.bearer)
        if not (ours and theirs and apart(ours, theirs)):
            return False
    return group in ("duty", "act") and any(likeness(words, one.text) > 0.15 for one in listed.items)


def _alike_in_form(words: str, listed: Listed) -> bool:
    """Behaviours with behaviours (…的), negatives with negatives, duties with duties."""
    ours = [one.text for one in listed.items]
    ends = sum(one.endswith("的") for one in ours) * 2 > len(ours)
    negative = sum(bool(_NEGATIVE.search(one)) for one in ours) * 2 > len(ours)
    penal = any(_PENAL.search(one) for one in ours)
    form = (words.endswith("的"), bool(_NEGATIVE.search(words)), bool(_PENAL.search(words)))
    return form == (ends, negative, penal)


def _near(strangers: Sequence[str], length: float, random: Random, count: int) -> list[str]:
    """`count` strangers of about the key's length, no two alike."""
    out: list[str] = []
    for words in sorted(strangers, key=lambda w: (round(abs(len(w) - length) / 4), random.random())):
        if all(likeness(words, other) < 0.5 for other in out):
            out.append(words)
        if len(out) == count:
            break
    return out


def _statement(listed: Listed) -> str:
    return f"{listed.lead.text}：{BLANK}。"


def _frame(text: StudyText, listed: Listed, keys: Sequence[Slice], slot: str, seed: int) -> Frame:
    rows = (whole(listed.provision), *(whole(text.rows[key.address]) for key in keys))
    at = listed.provision.address
    return Frame(
        at, f"l{at.paragraph or 0}.{slot}", seed, tuple(keys), rows, (listed.lead,), listed.bearer
    )  # fmt: skip


def _singles(
    text: StudyText, listed: Listed, usable: Sequence[Slice], strangers: Sequence[str], seed: int
) -> Iterator[Item | Refusal]:
    for key in usable:
        number = key.address.item or 0
        random = dice(seed, key.address.label, "list")
        others = _near(strangers, len(key.text), random, 3)
        frame = _frame(text, listed, (key,), f"s{number}", seed)
        if len(others) < 3 or not _like_length(len(key.text), others):
            yield refused(Rule.LIST, "没有长度相近的他项", key.address)
            continue
        options, answer = mixed((key.text,), others, random=random)
        yield text.item(Kind.SINGLE, Rule.LIST, frame, _statement(listed), options=options, answer=answer)
        wrong = "" if random.random() < 0.5 else others[0]
        yield text.item(
            Kind.TRUEFALSE, Rule.LIST, frame, f"{listed.lead.text}：{wrong or key.text}。",
            options=TRUE_FALSE,
            answer=(1 if wrong else 0,), swap=("", wrong) if wrong else None,
        )  # fmt: skip


def _like_length(length: float, others: Sequence[str]) -> bool:
    mean = sum(map(len, others)) / len(others)
    return abs(length - mean) <= 0.5 * mean


def _multiples(
    text: StudyText, listed: Listed, usable: Sequence[Slice], strangers: Sequence[str], seed: int
) -> Iterator[Item | Refusal]:
    """One item for every three of the list, each of other keys; four or five options."""
    if len(usable) < 2:
        return
    random = dice(seed, listed.provision.address.label, "multiple")
    order = list(usable)
    random.shuffle(order)
    for number in range(max(1, len(order) // 3)):
        share = order[number * 3 :] + order[: number * 3]
        keys = sorted(share[: random.choice((2, 3, 3, 4))], key=lambda one: one.address.item or 0)
        count = max(1, (5 if len(keys) > 2 else 4) - len(keys))
        length = sum(len(one.text) for one in keys) / len(keys)
        others = _near(strangers, length, random, count)
        if len(others) < count or not _like_length(length, others):
            yield refused(Rule.LIST, "没有长度相近的他项", listed.provision.address)
            return
        options, answer = mixed([one.text for one in keys], others, random=random)
        frame = _frame(text, listed, keys, f"m{number}", seed)
        yield text.item(Kind.MULTIPLE, Rule.LIST, frame, _statement(listed), options=options, answer=answer)


def _whole_list(text: StudyText, listed: Listed, seed: int) -> Iterator[Item | Refusal]:
    """A short answer whose marking points are all the items."""
    if not 3 <= len(listed.items) <= 10 or sum(len(one.text) for one in listed.items) > 500:
        yield refused(Rule.DUTY, "要点过多", listed.provision.address)
        return
    frame = _frame(text, listed, listed.items, "all", seed)
    yield text.item(Kind.SHORT, Rule.DUTY, frame, f"{listed.lead.text}：{BLANK}。请逐项列出。")
