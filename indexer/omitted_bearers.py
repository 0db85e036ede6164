"""Who bears a duty whose clause names no one: one beside it, an office before it, a doer, a thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer import non_duties, qualifiers
from indexer.bearers import Subject, after_by, subject
from indexer.clauses import Clause
from indexer.deontic import MODAL
from indexer.drafts import ANYONE
from indexer.obligation import Modality
from indexer.units import Unit, View

_DEFIANCE = re.compile(
    r"拒不|逾期|拒绝|仍[不未]|未按|不履行|未履行|不执行|未执行|违反|不改正|未改正|不停止|不符合|存在"
    r"|以下的|以上的|超过|不足|人数"
)
# 船舶航行时，船员…的，应当: the one named in the time clause acts only where no other is named.
_ONLY_WHEN = re.compile(r"(?:时|后|前|期间|过程中)$")


def beside(view: View, unit: Unit, before: str | None) -> Subject | None:
    """The bearer outside the modal's clause: a topic clause, 由… after the modal, a condition's subject."""
    clauses = view.clauses[unit.first : unit.clause]
    earlier = [subject(view.masked, c.start, c.end) for c in clauses]
    topic = _topic(view, unit, earlier)
    if topic is not None:
        return topic
    by = after_by(view.masked, unit.modal.end, view.clauses[unit.clause].end)
    if by is not None:
        return by
    main = _main_clause(view, clauses, earlier)
    if main is not None:
        return main
    in_time: Subject | None = None
    for clause, named in zip(clauses, earlier, strict=True):
        found = named or _managed_by(view.masked, clause)
        words = view.masked[clause.start : clause.end]
        if found is None or (before and _defied(words)) or _is_object(view, found):
            continue
        if not _ONLY_WHEN.search(words):
            return found
        in_time = in_time or found
    return in_time


def _topic(view: View, unit: Unit, earlier: Sequence[Subject | None]) -> Subject | None:
    """The clauses that are nothing but a bearer, joined: A单位，以及B机构，应当…"""
    first: Subject | None = None
    for at, found in enumerate(earlier, unit.first):
        goes_on = view.words(at).startswith(_FURTHER)
        if found is None or not found.pure or goes_on or _is_object(view, found):
            if first is not None:
                break
            continue
        first = found if first is None else Subject(first.start, found.end, found.rest)
    return first


_FURTHER = ("并", "且", "同时")


def _main_clause(view: View, clauses: Sequence[Clause], earlier: Sequence[Subject | None]) -> Subject | None:
    """…的，被派遣劳动者享有权利，并应当履行义务: the subject of the main clause before."""
    if not earlier or earlier[-1] is None or qualifiers.is_condition(view.masked, clauses[-1]):
        return None
    return earlier[-1]


def _is_object(view: View, found: Subject) -> bool:
    """发现持假票的人员，应当拒绝其入场: the one found is not the one who acts."""
    return view.masked.startswith(("发现", "查获", "遇到", "遇有"), found.start)


def _managed_by(masked: str, clause: Clause) -> Subject | None:
    """由X…, and 同一建筑物由两个以上单位管理的: the one who manages."""
    at = masked.find("由", clause.start, clause.end)
    while at >= 0:
        if masked[at - 1 : at] not in ("理", "自", "事", "缘") or at == clause.start:
            return after_by(masked, at, clause.end)
        at = masked.find("由", at + 1, clause.end)
    return None


def _defied(words: str) -> bool:
    """施工单位拒不整改的，应当报告: the one who refuses is not the one who reports."""
    return words.endswith("的") and bool(_DEFIANCE.search(words))


_OFFICIAL_ACT = re.compile(
    r"^(?:批准|颁发|核发|发放|通过|验收|受理|许可|予以批准|给予批准|收取(?:任何)?费用|收费|办理(?:登记|注册))"
)
_THROUGH_OFFICE = re.compile(r"(?:经(?!营|济)|由|报|向)(?=[^，。；]{2,40}(?:部门|机关|机构|政府))")


def office(view: View, unit: Unit) -> Subject | None:
    """不符合规范的，不得批准; 考核不得收费: an official act binds the office named before."""
    act = view.masked[unit.modal.end : view.clauses[unit.clause].end]
    if unit.modal.modality is not Modality.MUST_NOT or not _OFFICIAL_ACT.match(act):
        return None
    start = max(0, view.sentence.start - 160)
    for at in reversed(list(_THROUGH_OFFICE.finditer(view.masked, start, unit.modal.start))):
        found = subject(view.masked, at.end(), unit.modal.start)
        if found is not None:
            return found
    return None


# 事故调查工作应当…完成，并由调查组提出报告: who does the rest does the whole.
_BY_AGENT = re.compile(r"(?:^|并)由")


def agent_below(view: View, unit: Unit) -> Subject | None:
    """The bearer named by 由 in a clause behind that of a modal whose grammatical subject is a thing."""
    if not unit.thing:
        return None
    for clause in view.clauses[unit.clause + 1 :]:
        words = view.masked[clause.start : clause.end]
        if MODAL.search(words):
            return None
        at = _BY_AGENT.match(words)
        if at is not None:
            return subject(view.masked, clause.start + at.end(), clause.end)
    return None


_ACTIVITY = re.compile(
    r"^(?:从事|经营|经由|运输|生产|储存|使用|销售|购买|采购|举办|承办|实施|进行|开展|燃放|新建|改建|扩建|建设(?!工程|项目|单位|用地)|设置|设立"
    r"|安装|改装|改造|修理|维修|操作|搭建|悬挂|敷设|铺设|穿越|跨越|挖掘|钻探|养犬|携犬|停放|装修|装饰|销毁|购置|兴建|修建|聘用|招用"
    r"|利用|委托|出租|承租|租赁|进口|出口|携带|邮寄|托运|驾驶|乘坐|饲养|种植|养殖|开采|勘查|采伐|捕捞|取用|排放|收集"
    r"|处置|贮存|拆除|改变|占用|挖掘|申请|开办|经过|通过|发布|制作|提供"
    r"|在[^，]{2,30}从事|向[^，]{2,30}(?:提供|销售|转让))"
)
_NO_DOER = re.compile(r"的|(?:时|前|后|中|内|期间)$")


def doer(view: View, unit: Unit) -> str | None:
    """经由道路运输烟花爆竹的，应当…: whoever does that; 燃放烟花爆竹，应当…: anyone (ANYONE)."""
    found = None
    for at in range(unit.first, unit.clause):
        words = view.words(at)
        if len(words) > 4 and _ACTIVITY.match(words):
            clause = view.clauses[at]
            if words.endswith("的"):
                return view.row.text[clause.start : clause.end]
            found = None if _NO_DOER.search(words) else ANYONE
    return found


_LIGHT_TAIL = re.compile(r"(?:均|都|也|还|并|一律|一般|原则上|，)+$")


def thing(view: View, unit: Unit, start: int) -> str | None:
    """The thing that stands as grammatical subject, verbatim; None for adverbs and conditions."""
    if unit.thing:
        words = view.row.text[start : unit.modal.start]
    elif unit.clause > unit.first and not qualifiers.is_condition(view.masked, view.clauses[unit.clause - 1]):
        before = view.clauses[unit.clause - 1]
        words = view.row.text[before.start : before.end]
    else:
        return None
    words = _LIGHT_TAIL.sub("", words)
    if non_duties.is_state_policy(words):
        return None
    return words if 2 <= len(words) <= 60 and not MODAL.search(words) else None
