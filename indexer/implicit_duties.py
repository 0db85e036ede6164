"""Duties and rights without a modal word: 全面负责, 负总责, 由…负责, 有…的义务, 实施监督管理."""

from __future__ import annotations

import re
from dataclasses import replace

from indexer import non_duties
from indexer.bearers import Subject, after_by, bearer_type, lead_words_end, subject
from indexer.clauses import Clause, Segment, Sentence
from indexer.drafts import Draft, Row, Span, trim
from indexer.obligation import BearerType, Modality

_DUTY_OF = re.compile(
    r"(?:都|均|也|应当)?(?P<kind>负有|享有|承担|具有|有(?![关权效利限序]))(?P<what>[^，。；]{2,80}?)的(?P<noun>(?:权利|责任|义务|职责)(?:和|与)(?:义务|责任|职责|权利)|义务|职责|责任|权利)$"
)
# 对知悉的秘密负有保密义务
_BOUND = re.compile(r"负有[^，。；的]{1,16}(?:义务|职责|责任)$")
_HARDLY_ANY = re.compile(r"(?:都|均|也|依法|应当|必须|应|并|还)*")
_IN_CHARGE = re.compile(
    r"负责(?!解释|、|人|任|制|的|同志|地|[^，]{0,40}的[^，]{0,8}(?:部门|机构|机关|单位|人员|负责人|政府|组织|(?<!统一)(?<!组织)(?<!的)领导))"
)
_ANSWERS_FOR = re.compile(
    r"(?:对|就)[^，。；]{2,60}?(?:全面|直接|具体|主要|总体|领导|岗位)?(?:负责|负总责|负全责|负主要责任|负直接责任|负领导责任|负有?[^，]{0,8}责任)$"
)
_SUPERVISES = re.compile(
    r"(?:对|负责)[^，。；]{2,80}?(?:实施|进行|实行)[^，。；]{0,12}?(?:监督管理|监督检查|监督|监察|管理)(?:工作)?$"
)
_HEADS = re.compile(
    r"(?<=[门关构府局院部会])(?:依法|依照[^，]{1,12})?主管(?:全国|本|全省|全市|所辖|辖区)[^，。；]{1,30}$"
)
_OFFICES = re.compile(r"部门|机构|机关|政府|国务院|工会|办事处|委员会|人员|负责人")


# The clause goes on about the one named before it: 在各自职责范围内负责…, 都有…的义务.
_GOES_ON = re.compile(
    r"(?:都|均)?(?:对|负责|有|享有|负有|依法|在各自|按照(?:各自)?职责|在(?:其|本|各)[^，]{0,10}职责范围)"
)


_NO_ACT = re.compile(r"(?:规定|约定|赋予|相应|法定|人员|单位|企业|同等|平等|上述|下列|部门|公民)$")


def read(row: Row, sentence: Sentence, segment: Segment, before: str | None) -> list[Draft]:
    """The duties without a modal word of a segment; `before` bears one whose subject is omitted."""
    if non_duties.is_state_policy(row.masked[segment.start : segment.end]):
        return []
    every = owed_before(row, sentence, segment, len(segment.clauses))
    if every:
        return every
    handed = _handed(row, sentence, segment)
    if handed is not None:
        return [handed]
    found = (_of_clause(row, sentence, segment, at, before) for at in range(len(segment.clauses)))
    return [one for one in (next(filter(None, found), None),) if one is not None]


def _of_clause(row: Row, sentence: Sentence, segment: Segment, at: int, before: str | None) -> Draft | None:
    """The duty that clause `at` lays down for the one it names, or goes on with."""
    clause = segment.clauses[at]
    named = _named(row.masked, segment, at)
    start = _implicit_start(row.masked, clause, named)
    if start is not None and named is not None:
        begin, end = trim(row.text, start, segment.end)
        if end - begin < 4:  # 储备的土地，由X负责: what X answers for stands before
            begin = segment.start
        return _plain(row, sentence, named, Modality.MUST, (begin, end))
    if (
        named is not None
        and _heads(row, segment, at)
        and (acting := _acting(row, segment, clause, named)) is not None
    ):
        return _plain(row, sentence, named, Modality.MUST, acting)
    bound = _BOUND.search(row.masked, clause.start, clause.end)
    who = row.text[named.start : named.end] if named else before
    if bound and who:
        span = trim(row.text, bound.start(), clause.end)
        return replace(_by(row, sentence, who, Modality.MUST, span), implicit=False)
    return None


# 重大事故由设区的市级人民政府组织调查组: the work is handed to the one named.
_BY = re.compile(r"(?<![自理事经缘])由(?!于)")
_HANDED = re.compile(
    r"(?:依法|依照[^，]{1,20}|按照[^，]{1,30}|根据[^，]{1,20}|统一|共同|分别|具体|会同[^，]{2,40}?|征求[^，]{2,40}?意见后?|派人|及时|直接|，)*"
    r"(?:组织|实施|负责|办理|审批|批准|颁发|发放|核发|管理|监督|调查|编制|公布|划定|支付|给予|处理|解决|裁决|决定|审核|审查|核定"
    r"|验收|监制|征收|受理|保管|协调|回收|清除|处置|提供|安排|拟订|评定|认定|检验|检测|维护|维修|执行|审理)"
)
# 由…规定, 由…另行制定 lay down who makes rules; 由…组成 who sits where.
_NOT_HANDED = re.compile(
    r"^[^，]{0,24}(?:规定|另行制定|制定|解释|组成|依法(?:予以)?处理|担任|选举|推选|指定|产生)$|^[^，；]{1,16}的(?!规定|意见|要求)"
)


def _handed(row: Row, sentence: Sentence, segment: Segment) -> Draft | None:
    """X由Y实施 without a modal word: Y's duty, as the whole segment says it."""
    for clause in segment.clauses:
        for found in _BY.finditer(row.masked, clause.start, clause.end):
            named = subject(row.masked, found.end(), clause.end)
            if named is None or named.possessed or row.masked[clause.end - 1] == "的":
                continue
            rest = row.masked[named.end : segment.end]
            act = _HANDED.match(rest)
            if act is None or _NOT_HANDED.search(rest.partition("，")[0]):
                continue
            if bearer_type(row.text[named.start : named.end]) is BearerType.OTHER:
                continue
            alone = clause is segment.clauses[0] and found.start() == clause.start
            begin = named.end if alone else segment.start
            if segment.end - begin < 8:
                begin = segment.start
            span = trim(row.text, begin, segment.end)
            return _plain(row, sentence, named, Modality.MUST, span)
    return None


# 公安机关根据安全需要组织相应警力: what an office or a post does, told in the present.
_TOLD = re.compile(
    r"(?:，|依法|依照[^，]{1,30}|按照[^，]{1,40}|根据[^，]{1,40}|结合[^，]{1,30}|会同[^，]{2,60}?|在[^，]{1,30}(?:内|下|中)|统一|共同|分别|具体|直接"
    r"|定期|及时|同时|对[^，]{2,60}?(?=进行|实施|开展|予以))*"
    r"(?:组织|参与|参加|协助|统筹|指导|督促|协调|制定|编制|拟订|拟定|建立(?!健全的)|设立|受理|审批|审核|核发|颁发|查处|办理|承担|推进|推动|落实"
    r"|研究|部署|维持|配合|加强|做好|公布|配备|安排|调查|履行|行使|领导|保障|直接管理|牵头|监测|开展|进行|实施)"
)
_TELLING = frozenset(
    {
        BearerType.GOVERNMENT, BearerType.REGULATOR_DEPT, BearerType.UNION, BearerType.SAFETY_DEPT,
        BearerType.SAFETY_MANAGER, BearerType.PRINCIPAL_PERSON,
    }
)  # fmt: skip


def _heads(row: Row, segment: Segment, at: int) -> bool:
    """The clause is the first, or only words of place, time or object stand before it."""
    return at == 0 or all(_SETTING.match(row.masked, c.start, c.end) for c in segment.clauses[:at])


_SETTING = re.compile(r"(?:对|在|按照|依照|根据|为了?|发生|遇有|经)[^，]+(?<!的)$")


def _acting(row: Row, segment: Segment, clause: Clause, named: Subject) -> Span | None:
    """The span of what the one named does, where the segment tells it without a word of force."""
    if clause.start > named.start or row.masked[clause.end - 1] == "的" or named.possessed:
        return None
    if bearer_type(row.text[named.start : named.end].strip()) not in _TELLING:
        return None
    found = _TOLD.match(row.masked, named.end, segment.end)
    if (
        found is None
        or row.masked.startswith("的", found.end())
        or _ONLY_CASE.search(row.masked[named.end : segment.end])
    ):
        return None
    span = trim(row.text, named.end, segment.end)
    return span if span[1] - span[0] >= _LEAST_TOLD else None


# 制定的办法由…规定, …的，适用: a case or a name, not an act.
_ONLY_CASE = re.compile(
    r"的(?:，|$)|的(?:情况|问题|方式|程序)$|负责解释|制定(?:本法|本条例)?(?:的)?实施(?:条例|办法|细则)$|不受|不予|视为|属于|适用|无效|终止|中止|解散|之日起(?:施行|生效)|规定执行$"
)
_LEAST_TOLD = 6


def owed_before(row: Row, sentence: Sentence, segment: Segment, end: int) -> list[Draft]:
    """从业人员有依法获得保障的权利，并应当…: the right or duty in the clauses before the first modal."""
    found = (_owed(row, sentence, segment, at) for at in range(end))
    return [draft for draft in found if draft is not None]


def _owed(row: Row, sentence: Sentence, segment: Segment, at: int) -> Draft | None:
    clause = segment.clauses[at]
    words = row.masked[clause.start : clause.end]
    owed = _DUTY_OF.search(words)
    named = _named(row.masked, segment, at) if owed else None
    if owed is None or named is None:
        return None
    if clause.start + owed.start("kind") < named.end:
        return None
    between = words[max(0, named.end - clause.start) : owed.start("kind")]
    if not _HARDLY_ANY.fullmatch(between):
        return None
    modality = Modality.ENTITLED if owed["noun"] == "权利" else Modality.MUST
    whole = _NO_ACT.search(owed["what"])  # 享有本法规定的从业人员的权利: nothing less can be read alone
    begin, end = ("kind", "noun") if whole else ("what", "what")
    span = (clause.start + owed.start(begin), clause.start + owed.end(end))
    return replace(_plain(row, sentence, named, modality, span), implicit=False)


def _named(masked: str, segment: Segment, at: int) -> Subject | None:
    """Who is named in the clause, or before it where the clause goes on about the same one."""
    clause = segment.clauses[at]
    start = lead_words_end(masked, clause.start, clause.end)
    found = subject(masked, clause.start, clause.end) or after_by(masked, start, clause.end)
    if found is not None or not _GOES_ON.match(masked, start):
        return found
    return _clause_subject(masked, segment, at)


def _implicit_start(masked: str, clause: Clause, named: Subject | None) -> int | None:
    if named is None:
        return None
    floor = max(named.end, clause.start)
    words = masked[floor : clause.end]
    heads = _HEADS.search(masked, max(0, floor - 1), clause.end)
    if heads and heads.start() == floor:
        return floor
    for pattern in (_ANSWERS_FOR, _IN_CHARGE, _SUPERVISES):
        match = pattern.search(words)
        if match and not (pattern is _SUPERVISES and not _OFFICES.search(masked[named.start : named.end])):
            return floor + match.start()
    return None


def _clause_subject(masked: str, segment: Segment, at: int) -> Subject | None:
    """The subject of the clauses before: X是第一责任人，对…全面负责."""
    for clause in segment.clauses[:at]:
        found = subject(masked, clause.start, clause.end) or after_by(masked, clause.start, clause.end)
        if found is not None:
            return found
    return None


def _by(row: Row, sentence: Sentence, bearer: str, modality: Modality, span: Span) -> Draft:
    return Draft(
        row.address, row.text, row.headings, modality, span, (sentence.start, sentence.end),
        bearer, "explicit", implicit=True, own=True, modal_start=span[0],
    )  # fmt: skip


def _plain(row: Row, sentence: Sentence, named: Subject, modality: Modality, span: Span) -> Draft:
    return _by(row, sentence, row.text[named.start : named.end].strip(), modality, span)
