"""What qualifies a duty, as slices: condition, exception, deadline or frequency, object."""

from __future__ import annotations

import re

from indexer.clauses import Clause

_NUMBER = r"[一二三四五六七八九十百零〇两\d０-９]+"
_UNIT = r"(?:个?工作日|日|天|个?小时|分钟|个月|月|年|周|季度|学期)"
_FROM = r"(?:自|从|在|于)?[^，。；]{0,40}?(?:之日|次日|当日|届满|期满|开始|结束|发生)?(?:起|后|前)?(?:的)?"
DEADLINE = re.compile(
    rf"(?:(?:自|从)[^，。；]{{1,60}}?(?:之日|次日|时)起(?:的)?{_NUMBER}{_UNIT}(?:以内|内|前)?"
    rf"|(?:在)?[^，。；、]{{0,12}}?(?:后|前)的?{_NUMBER}{_UNIT}(?:以内|内|前)"
    rf"|每(?:{_NUMBER})?{_UNIT}(?:至少|不少于|应当|组织|进行|开展)?[^，。；]{{0,10}}?{_NUMBER}次"
    rf"|每(?:{_NUMBER})?{_UNIT}(?:对[^，。；]{{1,20}})?至少[^，。；]{{0,12}}?(?:{_NUMBER}次)"
    rf"|{_NUMBER}{_UNIT}(?:以内|内|前)(?!不)"
    rf"|每(?:{_NUMBER})?{_UNIT}|(?:不少于|至少){_NUMBER}{_UNIT}|每班|逐年|逐月|按月|按季度?|按年度?"
    r"|立即|即时|随时|当场|(?<!规)(?<!约)定期(?!限)|及时|(?<![有效使用])限期(?!限))"
)
_STRONG = re.compile(rf"{_NUMBER}{_UNIT}|每")
EXCEPTION = re.compile(
    r"(?:但是?，?[^，。；]{1,80}除外|(?:法律|行政法规|国家|有关|合同|本法|本条例|章程|双方|当事人)[^，。；]{0,30}另有(?:规定|约定)的?(?:除外|，从其规定|，从其约定)"
    r"|除[^，。；]{1,80}?(?:以外|之外|外)(?=，|的)|但[^，。；]{1,60}的?除外|(?:确因|因)[^，。；]{1,40}除外)"
)
_CONDITION_TAIL = re.compile(
    r"(?:的|时|之?前|之?后|期间|情况下|情形下|过程中|中|以内|之日起|范围内|条件下|基础上|需要|必要时)$"
)
_CONDITION_HEAD = re.compile(
    r"^(?:因|如|如果|若|遇|发现|发生|未经|经|确需|需要|凡|当|符合|具备|存在|在|对|对于|除|有下列|自|逾期|必要时|为了?)"
)
_OBJECT = re.compile(
    r"(?:^|，)[^，。；将把]{0,16}?(?:将|把)(?P<object>[^，。；]{2,40}?)(?=报送|报告|报|送|告知|移交|移送|纳入|列入|作为|向|在(?!用|建)|委托|"
    r"发包|发给|发送|抄送|抄报|公布|公开|公示|交给|交由|交回|提交|提供|存入|存放|置于|用于|转让|转包|转移|登记|记入|记录|上报|上传|通报|书面|及时|依法|分别|从|与)"
)
_TOWARDS = re.compile(
    r"(?:^|，|应当|必须)对(?!外)(?P<object>[^，。；]{2,40}?)(?:应当|必须|不得|进行|实施|实行|采取|予以|(?:全面|直接|具体)?负|开展|作出|加强|给予|"
    r"提出|按照|定期|每)"
)


def deadline(text: str, start: int, end: int) -> str | None:
    """The first term or frequency in text[start:end]; a numbered one before 立即, 定期, 及时."""
    weak: str | None = None
    for found in DEADLINE.finditer(text, start, end):
        if _STRONG.search(found[0]):
            return found[0].lstrip("、")
        weak = weak or found[0]
    return weak


def exception(text: str, start: int, end: int) -> str | None:
    """…除外, 另有规定的除外, 除…外 in text[start:end]."""
    found = EXCEPTION.search(text, start, end)
    return found[0] if found else None


def thing(text: str, start: int, end: int) -> str | None:
    """What the duty is about: 将X报送, 对X进行; None where neither form is used."""
    words = text[start:end]
    found = _OBJECT.search(words) or _TOWARDS.search(words)
    return found["object"] if found else None


def is_condition(masked: str, clause: Clause) -> bool:
    """A clause that only says when or whom: …的，/…时，/发现…，/未经…，"""
    words = masked[clause.start : clause.end]
    return bool(_CONDITION_TAIL.search(words)) or bool(_CONDITION_HEAD.match(words))


def condition(
    masked: str, clauses: tuple[Clause, ...], first: int, last: int, named: tuple[int, int]
) -> tuple[int, int] | None:
    """The span of the condition clauses among clauses[first:last], the bearer's words left out.

    `named` is the span of the bearer, (0, 0) where none is named.
    """
    begin: int | None = None
    end = 0
    subject_start, subject_end = named
    for clause in clauses[first:last]:
        holds_subject = subject_start < clause.end <= subject_end
        if holds_subject or not is_condition(masked, clause):
            continue
        if begin is None:
            begin = subject_end if clause.start < subject_end < clause.end else clause.start
        elif end <= subject_start < clause.end and begin < subject_start:
            break  # what stands before the bearer is one condition; what follows it another
        end = clause.end
    if begin is None or end - begin < 3 or masked[begin] == "的":
        return None
    return begin, end
