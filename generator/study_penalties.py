"""Questions on the range of a fine. Ranges that overlap the right one are never offered against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.numeral import from_chinese
from generator.study_item import BLANK, TRUE_FALSE, Item, Kind, Refusal, Rule, Slice
from generator.study_text import (
    LONGEST,
    Frame,
    Listed,
    StudyText,
    dice,
    mixed,
    passage,
    refused,
    said_elsewhere,
    whole,
    why_not,
)

_FIGURE = r"(?:[一二三四五六七八九十百千零两]+|\d+(?:\.\d+)?)"
_MONEY = rf"{_FIGURE}(?:亿|万|千)?元"
_SPAN = r"(?:有期徒刑)?"
RANGE = re.compile(
    rf"(?P<low>{_MONEY})以上(?:不满|不足)?(?P<high>{_MONEY})(?:以下)?|(?P<low2>{_FIGURE})倍以上(?P<high2>{_FIGURE})倍以下"
    rf"|百分之(?P<low3>{_FIGURE})以上百分之(?P<high3>{_FIGURE})以下|(?P<top>{_MONEY})以下"
    rf"|(?P<low4>{_FIGURE})日以上(?P<high4>{_FIGURE})日以下|百分之(?P<only>[一二三四五六七八九十百]+)"
)
_PENALTY = re.compile(r"罚款|拘留")
_SUBJECT = re.compile(
    r"[^，。；]{0,30}?(?:单位|企业|机构|部门|人员|负责人|者)"
    r"(?:的?(?:主要|其他|有关)?(?:负责人|安全生产管理人员|主管人员|工作人员|从业人员))?"
)
_CASES = re.compile(r"(?:有|存在)?(?:下列|以下)(?:行为|情形|情况|规定|违法行为)?之一的")
_SCALE = {"亿": 10**8, "万": 10**4, "千": 10**3}


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a penalty: closed [low, high] in yuan, times, per cent or days (`unit`)."""

    text: str
    unit: str
    low: float
    high: float
    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.unit == other.unit and self.low <= other.high and other.low <= self.high


def spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The ranges of fines and detention in text[start:end]; a range is read whole or not at all."""
    out: list[Span] = []
    for found in RANGE.finditer(text, start, len(text) if end is None else end):
        one = _read(found)
        if one is not None:
            out.append(one)
    return out


def _read(found: re.Match[str]) -> Span | None:
    g = found.groupdict()
    bounds: tuple[str, float | None, float | None]
    if g["low"]:
        bounds = ("元", _money(g["low"]), _money(g["high"]))
    elif g["low2"]:
        bounds = ("倍", _number(g["low2"]), _number(g["high2"]))
    elif g["low3"]:
        bounds = ("%", _number(g["low3"]), _number(g["high3"]))
    elif g["low4"]:
        bounds = ("日", _number(g["low4"]), _number(g["high4"]))
    elif g["only"]:
        bounds = ("%", _number(g["only"]), _number(g["only"]))
    else:
        bounds = ("元", 0.0, _money(g["top"]))
    unit, low, high = bounds
    if low is None or high is None or low > high:
        return None
    return Span(found[0], unit, low, high, *found.span())


def _money(words: str) -> float | None:
    figure = words.removesuffix("元")
    scale = 1
    if figure[-1] in _SCALE and len(figure) > 1:
        scale, figure = _SCALE[figure[-1]], figure[:-1]
    value = _number(figure)
    return None if value is None else value * scale


def _number(words: str) -> float | None:
    if re.fullmatch(r"[\d.]+", words):
        return float(words)
    value = from_chinese(words)
    return None if value is None else float(value)


@lru_cache(maxsize=64)
def known(texts: tuple[StudyText, ...]) -> tuple[Span, ...]:
    """Every range that a penalty of the texts states, each wording once."""
    held: dict[str, Span] = {}
    for text in texts:
        for row in text.usable:
            if _PENALTY.search(row.text):
                for one in spans(row.text):
                    held.setdefault(one.text, one)
    return tuple(held.values())


def make(text: StudyText, *, pool: Sequence[StudyText], seed: int) -> Iterator[Item | Refusal]:
    """Single, cloze and true-false items on the ranges of penalties."""
    for sentence in text.sentences:
        if not _PENALTY.search(sentence.text):
            continue
        reason, span = why_not(sentence), passage(sentence)
        at = sentence.provision.address
        if reason or span is None:
            yield refused(Rule.PENALTY, reason or "离开上下文不成题", at)
            continue
        if said_elsewhere(text, sentence.text, at):
            yield refused(Rule.PENALTY, "另有条文作同样规定", at)
            continue
        found = spans(sentence.provision.text, sentence.start, sentence.end)
        for order, one in enumerate(found):
            part = sentence.slice(*span)
            asked = _Asked((part,), one, whole(sentence.provision), f"{sentence.number}.{order}")
            yield from _ask(text, asked, pool=pool, seed=seed)
    for listed in text.lists:
        yield from _of_list(text, listed, pool=pool, seed=seed)


@dataclass(frozen=True, slots=True)
class _Asked:
    """`parts` joined are the statement; the range stands in the last of them or the first."""

    parts: tuple[Slice, ...]
    span: Span
    basis: Slice
    slot: str
    at_item: Slice | None = None


def _of_list(
    text: StudyText, listed: Listed, *, pool: Sequence[StudyText], seed: int
) -> Iterator[Item | Refusal]:
    """A lead 有下列行为之一的，…罚款 with one of its items: subject + behaviour + consequence."""
    row = listed.provision
    cases = _CASES.search(row.text)
    if cases is None or not _PENALTY.search(row.text):
        return
    if re.search(r"前款|前条|本条|第[一二三四五六七八九十百]+[条款项]|违反", row.text[: cases.start()]):
        yield refused(Rule.PENALTY, "内容指向其他条款", row.address)
        return
    found = spans(row.text, cases.end())
    for number, item in enumerate(listed.items):
        if not found or not item.text.endswith("的") or len(item.text) > 70 or "其他" in item.text:
            yield refused(Rule.PENALTY, "行为不能独立成题", item.address)
            continue
        one = found[number % len(found)]
        stop = _segment_end(row.text, one.end)
        subject = Slice.of(row.address, row.text, 0, cases.start())
        tail = Slice.of(row.address, row.text, cases.end(), stop)
        if len(subject.text) + len(item.text) + len(tail.text) > LONGEST:
            yield refused(Rule.PENALTY, "题干过长", item.address)
            continue
        parts = (subject, item, tail) if subject.text else (item, tail)
        asked = _Asked(parts, one, whole(row), f"i{item.address.item or number}", item)
        yield from _ask(text, asked, pool=pool, seed=seed)


def _segment_end(text: str, start: int) -> int:
    found = re.compile(r"[；。：:]").search(text, start)
    return found.start() if found else len(text)


def _ask(text: StudyText, asked: _Asked, *, pool: Sequence[StudyText], seed: int) -> Iterator[Item | Refusal]:
    one, held = asked.span, asked.parts[-1]
    at = held.address
    words = "".join(part.text for part in asked.parts)
    cut = len(words) - len(held.text) + one.start - held.start
    before, after = words[:cut], words[cut + len(one.text) :]
    if one.text in before or one.text in after:
        yield refused(Rule.PENALTY, "题干泄露答案", at)
        return
    whole_row = text.rows[at].text
    key = Slice.of(at, whole_row, one.start, one.end)
    basis = (asked.basis, asked.at_item) if asked.at_item else (asked.basis,)
    found = _SUBJECT.match(words)
    frame = Frame(at, asked.slot, seed, (key,), basis, asked.parts, found[0] if found else "")
    yield text.item(Kind.CLOZE, Rule.PENALTY, frame, before + BLANK + after)
    others = _others(text, one, before + after, pool)
    random = dice(seed, at.label, asked.slot, "penalty")
    if len(others) < 3:
        yield refused(Rule.PENALTY, "幅度重叠，没有可用的他项", at)
    else:
        near = sorted(others, key=lambda w: (abs(len(w) - len(one.text)), random.random()))[:6]
        options, answer = mixed((one.text,), random.sample(near, 3), random=random)
        yield text.item(
            Kind.SINGLE, Rule.PENALTY, frame, before + BLANK + after, options=options, answer=answer
        )
    true = random.random() < 0.5
    if not others:
        return
    word = one.text if true else random.choice(others)
    yield text.item(
        Kind.TRUEFALSE, Rule.PENALTY, frame, before + word + after, options=TRUE_FALSE,
        answer=(0 if true else 1,), swap=None if true else (one.text, word),
    )  # fmt: skip


def _in_figures(words: str) -> bool:
    """Written 5万元, not 五万元: an option in another script gives the answer away."""
    return bool(re.search(r"\d", words))


def _others(text: StudyText, one: Span, statement: str, pool: Sequence[StudyText]) -> list[str]:
    out: list[str] = []
    for held in (known((text,)), known(tuple(pool))):
        for other in held:
            alike = (other.low > 0, _in_figures(other.text)) == (one.low > 0, _in_figures(one.text))
            fits = alike and other.unit == one.unit and not other.overlaps(one)
            if fits and other.text not in out and other.text not in statement:
                out.append(other.text)
        if len(out) >= 3:
            break
    return out
