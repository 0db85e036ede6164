"""Questions on deadlines, frequencies and numbers of a provision."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.numeral import from_chinese
from generator.study_item import BLANK, TRUE_FALSE, Item, Kind, Refusal, Rule
from generator.study_text import (
    Frame,
    Sentence,
    StudyText,
    dice,
    mixed,
    passage,
    refused,
    said_elsewhere,
    subject_of,
    whole,
    why_not,
)

_FIGURE = r"(?:[一二三四五六七八九十百千零〇两]+|\d+(?:\.\d+)?)"
_UNIT = (
    r"个?工作日|日|天|个?小时|分钟|个月|年|周|人|名|米|公里|千米|吨|千克|公斤|万元|元|度|岁|次|份|级"
    r"|兆帕|立方米|平方米|千伏|伏"
)
QUANTITY = re.compile(rf"(?<![第之\d一二三四五六七八九十百千万零每])(?P<figure>{_FIGURE})(?P<unit>{_UNIT})")
PERCENT = re.compile(
    r"(?P<unit>百分之)(?P<figure>[一二三四五六七八九十百零]+)|(?P<figure2>\d+(?:\.\d+)?)(?P<unit2>%|％)"
)
FREQUENCY = re.compile(r"每(?:半|[一二三四五六七八九十两]+)?(?:年|个月|季度|月|周|日|班)(?!度|产|吨|次)")
_DATE = re.compile(r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?|[一二三四五六七八九〇○零]{4}年")
_FINE = re.compile(r"罚款|罚金|违法所得|倍|有期徒刑|拘留")
_LAXER_ABOVE = re.compile(r"^(?:以?内|之内)")
_LAXER_BELOW = re.compile(r"(?:不少于|不得少于|至少|不低于|不得低于|不小于)$")
_IN_RANGE_AFTER = re.compile(r"^(?:至|到|—|－|-|～|~|以上[^，。；]{0,8}(?:以下|以内)|以上不)")
_IN_RANGE_BEFORE = re.compile(r"(?:至|到|—|－|～|~|以上|以上不满|以上不足)$")
_NOT_COUNTED = frozenset({"一人", "一次", "一级", "二级", "三级", "一份", "千人", "十分", "一名"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, [start:end] of a sentence's provision."""

    text: str
    unit: str
    value: float
    start: int
    end: int


def quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """The deadlines, percentages, frequencies and numbers of text[start:end], dates and fines left out."""
    stop = len(text) if end is None else end
    dates = [found.span() for found in _DATE.finditer(text, start, stop)]
    out: list[Quantity] = []
    for pattern in (QUANTITY, PERCENT, FREQUENCY):
        for found in pattern.finditer(text, start, stop):
            if any(a < found.end() and found.start() < b for a, b in dates):
                continue
            one = _read(found)
            if one is not None and not any(a.start < one.end and one.start < a.end for a in out):
                out.append(one)
    return sorted(out, key=lambda one: one.start)


def _read(found: re.Match[str]) -> Quantity | None:
    groups = found.groupdict()
    if not groups:
        return Quantity(found[0], "每", float(_PERIODS.get(found[0], 0)), *found.span())
    figure = groups["figure"] or groups.get("figure2") or ""
    unit = groups["unit"] or groups.get("unit2") or ""
    value = float(figure) if re.fullmatch(r"[\d.]+", figure) else from_chinese(figure)
    if value is None or found[0] in _NOT_COUNTED or value == 0:
        return None
    script = "#" if figure[0].isdigit() else ""
    return Quantity(found[0], unit.removeprefix("个") + script, float(value), *found.span())


_PERIODS = {"每日": 1, "每班": 0.5, "每周": 7, "每月": 30, "每个月": 30, "每季度": 91, "每半年": 182,
            "每年": 365,
            "每一年": 365, "每两年": 730, "每二年": 730, "每三年": 1095, "每五年": 1825}  # fmt: skip


@lru_cache(maxsize=64)
def known(texts: tuple[StudyText, ...]) -> dict[str, tuple[Quantity, ...]]:
    """Every quantity of the texts by unit, each value once."""
    held: dict[str, dict[float, Quantity]] = {}
    for text in texts:
        for row in text.usable:
            for one in quantities(row.text):
                held.setdefault(one.unit, {}).setdefault(one.value, one)
    return {unit: tuple(found.values()) for unit, found in held.items()}


def make(text: StudyText, *, pool: Sequence[StudyText], seed: int) -> Iterator[Item | Refusal]:
    """Single choice, cloze and true-false items on the quantities of a text; `pool` lends distractors."""
    for sentence in text.sentences:
        found = quantities(sentence.provision.text, sentence.start, sentence.end)
        if not found or _FINE.search(sentence.text):
            continue
        reason = why_not(sentence)
        span = passage(sentence)
        if reason or span is None:
            yield refused(Rule.NUMBER, reason or "离开上下文不成题", sentence.provision.address)
            continue
        for order, one in enumerate(found):
            yield from _ask(text, sentence, span, one, f"{sentence.number}.{order}", pool=pool, seed=seed)


def _ask(
    text: StudyText,
    sentence: Sentence,
    span: tuple[int, int],
    one: Quantity,
    slot: str,
    *,
    pool: Sequence[StudyText],
    seed: int,
) -> Iterator[Item | Refusal]:
    at, row = sentence.provision.address, sentence.provision
    before, after = row.text[span[0] : one.start], row.text[one.end : span[1]]
    statement = before + BLANK + after
    if _IN_RANGE_AFTER.search(after) or _IN_RANGE_BEFORE.search(before):
        yield refused(Rule.NUMBER, "只是区间的一端", at)
        return
    if one.text in before or one.text in after:
        yield refused(Rule.NUMBER, "题干泄露答案", at)
        return
    if said_elsewhere(text, row.text[span[0] : span[1]], at):
        yield refused(Rule.NUMBER, "另有条文作同样规定", at)
        return
    key = sentence.slice(one.start, one.end)
    frame = Frame(at, slot, seed, (key,), (whole(row),), (sentence.slice(*span),), subject_of(text, sentence))
    yield text.item(Kind.CLOZE, Rule.NUMBER, frame, statement)
    others = _others(text, one, statement, pool)
    random = dice(seed, at.label, slot, "number")
    if len(others) < 3:
        yield refused(Rule.NUMBER, "同单位的真实数字不足", at)
    else:
        near = sorted(others, key=lambda other: (abs(len(other) - len(one.text)), random.random()))[:5]
        options, answer = mixed((one.text,), random.sample(near, 3), random=random)
        yield text.item(Kind.SINGLE, Rule.NUMBER, frame, statement, options=options, answer=answer)
    wrong = [word for word in others if _laxer(before, after, one, quantities(word)[0].value)]
    yield from _judge(text, frame, (before, after), one, wrong=wrong)


def _others(text: StudyText, one: Quantity, statement: str, pool: Sequence[StudyText]) -> list[str]:
    """Real quantities of the same unit: of this text first, then of the others chosen with it."""
    out: list[str] = []
    for held in (known((text,)), known(tuple(pool))):
        for other in held.get(one.unit, ()):
            whole_number = other.value == int(other.value) or one.value != int(one.value)
            if (
                whole_number
                and other.value != one.value
                and other.text not in out
                and other.text not in statement
            ):
                out.append(other.text)
        if len(out) >= 3:
            break
    return out


def _judge(
    text: StudyText, frame: Frame, around: tuple[str, str], one: Quantity, *, wrong: Sequence[str]
) -> Iterator[Item | Refusal]:
    """True, or false by a laxer number; a stricter one would be no error and is refused."""
    random = dice(frame.seed, frame.at.label, frame.slot, "judge")
    true = random.random() < 0.5
    if not wrong:
        yield refused(Rule.NUMBER, "改动后只是更严或无从判断", frame.at)
        return
    word = one.text if true else random.choice(wrong)
    yield text.item(
        Kind.TRUEFALSE, Rule.NUMBER, frame, around[0] + word + around[1], options=TRUE_FALSE,
        answer=(0 if true else 1,), swap=None if true else (one.text, word),
    )  # fmt: skip


def _laxer(before: str, after: str, one: Quantity, value: float) -> bool:
    if _LAXER_ABOVE.search(after):
        return value > one.value
    if _LAXER_BELOW.search(before):
        return value < one.value
    if one.unit == "每" and "至少" in after[:12]:
        return value > one.value > 0
    return False
