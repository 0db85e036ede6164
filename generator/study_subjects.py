"""Questions on who bears a duty. Distractors are other bearers of the texts who cannot be meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from random import Random

from generator.study_item import BLANK, TRUE_FALSE, Item, Kind, Refusal, Rule
from generator.study_text import (
    Frame,
    Sentence,
    StudyText,
    dice,
    likeness,
    mixed,
    passage,
    refused,
    whole,
    why_not,
)
from indexer.obligation import Modality, Obligation

LONGEST_NAME = 24
SHORTEST_REST = 18  # characters a stem must say of the duty
_CLASSES = (
    ("anyone", r"任何|^单位和个人|^个人|^公民"),
    ("state", r"^国务院$"),
    ("ministry", r"^国务院.*(?:部门|机构|委员会)$"),
    ("safety", r"安全(?:生产)?管理(?:机构|人员|机构以及安全生产管理人员)$|安全员$"),
    ("principal", r"(?:(?<!部门)(?<!政府)(?<!部门的)(?<!政府的)负责人|矿长|厂长|经理|投资人|法定代表人)$"),
    ("official", r"(?:监督检查|检查|执法|监察|行政)人员$|部门的?工作人员$|机关的?工作人员$"),
    ("employee", r"(?:从业|作业|操作|施工)人员$|职工$|^劳动者$|派遣劳动者$|工人$|驾驶人员$"),
    ("union", r"工会(?:组织)?$"),
    ("government", r"人民政府$|街道办事处$"),
    ("department", r"(?:部门|机关|监察机构|监督管理机构)$"),
    ("agency", r"(?:检测|检验|评价|认证|鉴定|服务|技术|监测)[^，]{0,8}机构$"),
    ("association", r"协会$|商会$"),
    ("person", r"(?:驾驶人|^行人|^乘车人|^旅客|^乘客)$"),
    (
        "unit",
        r"(?:单位|企业|公司|组织|(?:经营|生产|销售|使用|所有|管理|批发|零售)者|(?:所有|经营|管理|承运|托运|承包)人)$",
    ),
)
# Who may be meant by, or act for, the other: never key and distractor of one item.
_CLOSE = frozenset(
    frozenset(two)
    for two in (
        ("unit", "principal"), ("unit", "safety"), ("unit", "agency"), ("unit", "employee"),
        ("unit", "association"),
        ("department", "ministry"), ("department", "official"), ("department", "agency"),
        ("ministry", "official"),
        ("state", "government"), ("state", "ministry"), ("safety", "employee"), ("principal", "employee"),
        ("government", "official"),
        ("person", "employee"),
        ("person", "unit"),
    )
)  # fmt: skip
_PUBLIC = frozenset({"state", "ministry", "government", "department", "official"})
# 从业人员 and 单位 are often confused and cannot be each other's duty; only hyponyms are close.
_APART = frozenset({frozenset({"unit", "employee"})})
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _CLASSES)
_JOINED = re.compile(r"、|和|以及|及其|或者|，|与")
_POINTING = re.compile(
    r"^(?:其|该|有关|上述|本|前|参与|接到|符合|依法|未|从事|各|两个|因|受|被|侵犯|收到|接受|发生|属于|餐饮|负责|对)|其他|有关|与"
)
_NOT_ACTING = re.compile(r"的|、|和|以及|等|或|与|及|订立|[^，。应必不]{1,4}的(?!，)")
_MOST_COMMON = 8  # a bearer of more duties than that is no question to fill in


def class_of(bearer: str) -> str:
    """What a bearer is, "" when no rule knows it or it may be anyone."""
    found = next((name for name, pattern in _COMPILED if pattern.search(bearer)), "")
    return "" if found == "anyone" else found


def apart(one: str, other: str) -> bool:
    """Two classes of bearers of which neither can be meant by the other."""
    both = frozenset({one, other})
    return one != other and (both in _APART or both not in _CLOSE)


def make(text: StudyText, *, pool: Sequence[StudyText], seed: int) -> Iterator[Item | Refusal]:
    """Single choice, cloze and true-false items on the bearers of duties."""
    for sentence in text.sentences:
        duties = text.duties_in(sentence)
        if not duties:
            continue
        reason = why_not(sentence) or _unfit(sentence, duties)
        span = passage(sentence)
        if reason or span is None:
            yield refused(Rule.SUBJECT, reason or "离开上下文不成题", sentence.provision.address)
            continue
        yield from _ask(text, sentence, duties[0], pool=pool, seed=seed)


def _unfit(sentence: Sentence, duties: Sequence[Obligation]) -> str:
    """Why the bearer of a sentence cannot be asked for; "" when it can."""
    bearer, rest = duties[0].bearer, sentence.text[len(duties[0].bearer) :]
    opens = duties[0].bearer_source == "explicit" and sentence.text.startswith(bearer)
    long_enough = SHORTEST_REST if sentence.first else SHORTEST_REST + 8
    named = class_of(bearer) and not _POINTING.search(bearer) and len(bearer) <= LONGEST_NAME
    reasons = (
        (not opens or bool(_NOT_ACTING.match(rest)), "句首没有写明责任主体"),
        (len({one.bearer for one in duties}) > 1, "一句中有几个责任主体"),
        (not named, "主体泛指、过长或无法归类"),
        (len(rest) < long_enough, "题干过短"),
        (bearer in rest, "题干泄露答案"),
    )
    return next((words for holds, words in reasons if holds), "")


def _ask(
    text: StudyText, sentence: Sentence, duty: Obligation, *, pool: Sequence[StudyText], seed: int
) -> Iterator[Item | Refusal]:
    at, slot, bearer = sentence.provision.address, f"{sentence.number}", duty.bearer
    rest = sentence.text[len(bearer) :]
    if _same_elsewhere(text, duty):
        yield refused(Rule.SUBJECT, "另有条文作同样规定", at)
        return
    key = sentence.slice(sentence.start, sentence.start + len(bearer))
    frame = Frame(at, slot, seed, (key,), (whole(sentence.provision),), (sentence.slice(),), bearer)
    random = dice(seed, at.label, slot, "subject")
    others = _others(text, duty, rest, pool, random)
    common = sum(one.bearer == bearer for one in text.obligations) > _MOST_COMMON
    if common:
        yield refused(Rule.SUBJECT, "主体过于常见，不作填空", at)
    elif len(rest) > 14:
        yield text.item(Kind.CLOZE, Rule.SUBJECT, frame, BLANK + rest)
    if len(others) < 3:
        yield refused(Rule.SUBJECT, "可混淆而不相容的主体不足", at)
        return
    options, answer = mixed((bearer,), others, random=random)
    yield text.item(Kind.SINGLE, Rule.SUBJECT, frame, BLANK + rest, options=options, answer=answer)
    true = random.random() < 0.5
    # A prohibition or right of one may well hold for another: only a duty can be given to the wrong one.
    wrong = _false_bearer(text, duty, others) if duty.modality is Modality.MUST else ""
    if not wrong:
        yield refused(Rule.SUBJECT, "换主体后未必不成立", at)
        return
    yield text.item(
        Kind.TRUEFALSE, Rule.SUBJECT, frame, (bearer if true else wrong) + rest, options=TRUE_FALSE,
        answer=(0 if true else 1,), swap=None if true else (bearer, wrong),
    )  # fmt: skip


def _same_elsewhere(text: StudyText, duty: Obligation) -> bool:
    """Another provision lays the same duty on someone: then more than one answer may be right."""
    for other in text.obligations:
        if other.address == duty.address and other.quote == duty.quote:
            continue
        if len(other.action) > 7 and likeness(other.action, duty.action) > 0.75 and len(duty.action) > 5:
            return True
    return False


def _others(
    text: StudyText, duty: Obligation, rest: str, pool: Sequence[StudyText], random: Random
) -> list[str]:
    """Three bearers of three other classes whose mean length comes nearest to the key's."""
    bearer, own = duty.bearer, class_of(duty.bearer)
    near: dict[str, list[str]] = {}
    for names in (text.bearers, _frequent(tuple(pool))):
        for name in names:
            kind = class_of(name)
            fits = kind and apart(own, kind) and _is_plain(name) and name not in rest
            if fits and len(near.setdefault(kind, [])) < 6 and name not in near[kind]:
                near[kind].append(name)
        if sum(bool(held) for held in near.values()) >= 4:
            break
    best: list[tuple[float, float, list[str]]] = []
    for kinds in combinations(sorted(kind for kind in near if near[kind]), 3):
        trio = [_nearest(near[kind], len(bearer), random) for kind in kinds]
        mean = sum(map(len, trio)) / 3
        best.append((abs(mean - len(bearer)) / mean, random.random(), trio))
    return min(best)[2] if best else []


def _is_plain(name: str) -> bool:
    """A name that reads on its own: one bearer, not too long, pointing nowhere."""
    return len(name) <= LONGEST_NAME and not _POINTING.search(name) and not _JOINED.search(name)


def _nearest(names: Sequence[str], length: int, random: Random) -> str:
    return random.choice(sorted(names, key=lambda name: (abs(len(name) - length), name))[:2])


@lru_cache(maxsize=8)
def _frequent(pool: tuple[StudyText, ...]) -> tuple[str, ...]:
    """The bearers of all the texts, the most frequent first."""
    found = Counter(name for text in pool for name in text.bearers)
    least = 1 if len(pool) < 4 else max(2, len(pool) // 8)  # a name of one field is absurd in another
    return tuple(name for name, times in found.most_common() if times >= least)


def _false_bearer(text: StudyText, duty: Obligation, others: Sequence[str]) -> str:
    """A bearer of whom the duty is plainly false: no public body, and none with a duty like it."""
    own = class_of(duty.bearer)
    for name in (*others, *(name for name in text.bearers if _is_plain(name))):
        kind = class_of(name)
        if not kind or kind == own or name in duty.quote:
            continue
        if kind in _PUBLIC or frozenset({kind, own}) in _CLOSE:
            continue
        theirs = [one.action for one in text.obligations if class_of(one.bearer) == kind]
        if all(likeness(duty.action, action) < 0.4 for action in theirs):
            return name
    return ""
