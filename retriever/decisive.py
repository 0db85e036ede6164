"""The decisive words of a statement: amounts and periods, what is forbidden or demanded, what a thing is.

Patterns by kind of question; where a figure or a penalty is asked for, these alone. Long runs of letters that
stand in the question are marked beside them, so that a reader sees why the words were chosen.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from retriever.question_kinds import Kind

MARKED = 4  # letters of a run shared with the question from which it is marked
_NUMERAL = r"[0-9０-９一二三四五六七八九十百千万两半\.]+"
_TIME = r"个?(?:工作日|日|天|年|月|小时|分钟|周|季度|周岁|岁)"
_MEASURE = r"次|人|元|倍|千?米|公里|吨|级|名|家|学时|%|％"
_AMOUNT = rf"(?:{_NUMERAL}(?:{_TIME}|{_MEASURE})|百分之{_NUMERAL})"
_BOUND = "(?:至少|不得超过|不得少于|不少于|超过|不满|未满|届满前|提前)"
_RANGE = rf"{_AMOUNT}(?:以[上下内]|之?[内前])?(?:至?{_AMOUNT}以[上下])?"
_FINE = rf"(?:可以)?(?:并处?|处以?)[^，。；：]{{0,16}}?{_AMOUNT}[^，。；：]{{0,14}}?(?:罚款|拘留|有期徒刑)"
_CLAUSE = "[^，。；：]"
_PATTERNS = {
    Kind.NUMBER: rf"{_BOUND}?每?{_RANGE}|每(?:半年|[年月日周]|季度)",
    Kind.PENALTY: rf"{_FINE}|吊销{_CLAUSE}{{0,16}}|没收{_CLAUSE}{{0,12}}|责令{_CLAUSE}{{2,12}}"
    r"|追究刑事责任|给予警告|撤职|给予处分|有期徒刑",
    Kind.PROHIBITION: rf"(?:不得|禁止|严禁|不准|方可|有权|可以|必须){_CLAUSE}{{0,60}}",
    Kind.RIGHT: rf"(?:有权|可以|享有|享受|不得因){_CLAUSE}{{0,60}}",
    Kind.DEFINITION: rf"(?:是指|包括|属于){_CLAUSE}{{2,60}}",
    Kind.COMPETENT: rf"由{_CLAUSE}{{2,30}}?(?=负责|组织|管理|核发|审查|责令|办理|进行|调查|实施|承担)"
    r"|[^，。；：由]{2,24}(?:部门|机构|机关|政府)(?=负责)",
    Kind.DUTY: rf"(?:应当|必须|负有){_CLAUSE}{{2,60}}",
    Kind.PROCEDURE: rf"(?:应当|可以){_CLAUSE}{{2,60}}",
    Kind.LICENCE: rf"(?:应当|必须|取得|方可){_CLAUSE}{{2,60}}",
}
DECISIVE = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}
Span = tuple[int, int]


def marked(text: str, *, kinds: Sequence[Kind], wanted: Container[str]) -> tuple[Span, ...]:
    """The spans of a statement to mark; `wanted` holds the pairs of letters of the question.

    >>> marked("处一万元以上十万元以下罚款", kinds=[Kind.PENALTY], wanted=())
    ((0, 13),)
    """
    asked = [kind for kind in kinds if kind in DECISIVE]
    told = [kind for kind in asked if kind in (Kind.NUMBER, Kind.PENALTY)] or asked
    spans = [m.span() for kind in told for m in DECISIVE[kind].finditer(text) if m.group()]
    return _joined([*spans, *_shared(text.lower(), wanted)])


def _shared(text: str, wanted: Container[str]) -> list[Span]:
    """The runs of letters that stand in the question too, the long ones."""
    spans: list[Span] = []
    start = None
    for i in range(len(text) + 1):
        held = text[i : i + 2] in wanted
        if held and start is None:
            start = i
        elif not held and start is not None:
            if i + 1 - start >= MARKED:
                spans.append((start, i + 1))
            start = None
    return spans


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Overlapping and touching spans made one, in order."""
    joined: list[Span] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return tuple(joined)
