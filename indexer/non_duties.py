"""Sentences that look like duties and are none: purpose, scope, definition, principle, policy, penalty."""

from __future__ import annotations

import re

from indexer.deontic import MODAL, any_of

_OWN_NAME = r"本(?:法|条例|办法|规定|细则|规则|章程|决定|解释|准则|规范|通则|意见|章|节)"
PURPOSE = rf"^为了?[^。]{{2,200}}(?:制定{_OWN_NAME}|作如下(?:规定|决定|解释)|解释如下|规定如下|通知如下)"
DEFINITION = any_of(
    rf"(?:{_OWN_NAME}|前款|本条|前条)(?:中)?(?:所称|所指|中的|使用的)[^，]{{0,40}}(?:，|是指|包括|指)",
    r"是指[^。]{2,}",
    r"用语的?(?:含义|定义)",
    r"下列(?:术语|名词)",
    r"(?:，|。|^)(?:均|都)?包括(?:本数|下列)",
)
TAKES_EFFECT = any_of(r"起(?:施行|实施|生效|执行)(?:。|，[^，]{0,30}同时废止|$)", r"同时废止", r"停止执行$")
_MUST_KEEP = (
    rf"(?:应当|必须|均须|均应|都应|须|应)(?:严格)?(?:遵守|执行|适用)(?:和执行)?{_OWN_NAME}(?:的规定)?"
    r"(?:和[^，。]{0,20})?[。]?$"
)
SCOPE = any_of(
    rf"(?:^|，)[^，]{{0,80}}(?:不)?适用(?:于)?(?:{_OWN_NAME}|其规定|该规定|有关|《|＿|前款|国家|法律)",
    r"从其规定",
    rf"{_OWN_NAME}(?:由|的解释|自)",
)
SCOPE_WITH_FORCE = any_of(_MUST_KEEP, rf"参照{_OWN_NAME}(?:的?[^，]{{0,14}})?(?:执行|办理)?")
_OFFICE_NAME = r"(?:部门|机关|机构|公司|企业|单位|工作人员|人员|委员会|总局|局)"
STATE = re.compile(
    rf"^(?:国家|本市|本省|本自治区|我国|全省|全市|本自治州|本自治县)(?!\w{{0,12}}{_OFFICE_NAME})"
)
_PRINCIPLE_WORDS = (
    r"(?:应当|必须|要|应)?(?:坚持|遵循|贯彻|以人为本|以[^，]{1,14}为|实行|体现|树立|依法|服从|纳入|围绕|有利于|统筹"
    r"|因地制宜|按照[^，]{2,30}(?:的)?(?:原则|方针|要求)|与[^，]{1,30}相适应)"
)
PRINCIPLE = re.compile(rf"^[^，]{{0,2}}{_PRINCIPLE_WORDS}")
_PRINCIPLE_TAIL = re.compile(r"原则|方针|理念|相结合|机制|体制|坚持|优先|以人为本|生命至上|负责制|责任制")
# 标准化工作应当纳入国民经济和社会发展计划; 道路运输管理，应当公平、公正.
_ABSTRACT = re.compile(r"(?:工作|管理|事业|活动|建设|服务|监督|保护|发展|制度|交易|竞争)，?$")
_ABSTRACT_PREDICATE = re.compile(
    r"^(?:应当|必须|应)(?:纳入|公平|公正|公开|合法|诚实|科学|统一|体现|有利于"
    r"|符合[^，]{2,20}(?:需要|方向|利益|实际)|与[^，]{2,30}相)"
)

_SANCTION = any_of(
    r"罚款|(?<!被)吊销|没收|拘留|拘役|有期徒刑|无期徒刑|死刑|加处|滞纳金|处以(?!及|外|内|上|下)|[处判]管制",
    r"从轻|从重|减轻处罚|免除处罚|免予处罚|不予处罚|减刑|假释",
    r"定罪处罚|定罪量刑|以[^，。]{2,40}罪(?:论处|定罪|追究)|认定为(?:刑法|＿)[^。]{0,30}规定的",
    r"(?<!要求)(?<!请求)(?<!提请)追究[^，]{0,12}责任|责令(?:限期)?改正，",
    r"给予(?:行政|政务|纪律|党纪|相应的?|降级|撤职|开除|警告|记过|治安管理)?[^，]{0,6}(?:处分|处罚|警告)",
    r"(?:依法|依照[^，]{1,30})(?:给予)?(?:处分|处罚)|予以(?:处罚|处分|治安处罚|取缔|警告|训诫)",
)
SANCTION = re.compile(_SANCTION)
_CRIME = re.compile(r"(?<!不)构成犯罪")
# 应当承担赔偿责任 is a liability; …并对真实性承担法律责任 only closes a duty.
_LIABLE = re.compile(
    r"^(?:依法|各自|共同|予以|相应|连带|照价)*(?:承担|负)[^，]{0,24}(?:赔偿|法律|民事|刑事|违约|侵权|连带|清偿|相应的?|相应)责任|^(?:依法|照价)*赔偿[^，]{0,12}损失|^(?:依法)?赔偿$"
)
_LIABLE_PLAIN = re.compile(r"(?:赔偿|民事|刑事|法律|违约|侵权|连带)责任|赔偿损失")
_HANDS_OVER = re.compile(
    r"^(?:及时|依法|立即|应当)*(?:移送|移交|通报|包括|载明|报告|报经|报送|将|提请|建议|配合|协助|接受|制止|向|建立|协助)"
)
_VIOLATION = re.compile(
    rf"(?:^|，)(?:对)?违反(?:{_OWN_NAME}|前款|第[一二三四五六七八九十百]+条|前条)"
    r"(?![^；]*(?:有权|举报|检举|控告|投诉|劝阻))"
    r"|有(?:下列|前款)[^，]{0,14}(?:行为|情形)之一的，(?:由|责令|处|给予)"
)
_ORDERS = re.compile(r"^(?:依法|立即|及时|当场)*责令(?:其)?(?:限期|立即)?(?:改正|整改)，")
LIABILITY_HEADING = re.compile(
    r"法律责任|罚\s*则|处\s*罚|责任追究|奖\s*惩|奖励与处罚|奖励和处罚|行政责任|刑事责任"
)
# In a chapter of penalties these words make a sentence a consequence; what is left is later conduct.
_CONSEQUENCE = re.compile(
    r"责令|处分|处罚|取缔|关闭|撤销|吊销|没收|追缴|不得再|终身|年内不|不得担任|不得从事|不予受理|赔偿|警告|罚|暂扣|强制|代为|所需费用|遣送|出境|停止供|扣留|收缴|收回|拆除|"
    r"惩戒|不得上|退还|恢复原状|免职|罢免|奖励|表彰|责成|信用|失信|公示|年内禁|终止|废止|注销|查封|降低|限制|记入|并处|移送|通报|承担|拘|复议|诉讼"
)
_NO_DUTY = re.compile("|".join((PURPOSE, DEFINITION, TAKES_EFFECT)))
_SCOPE = re.compile(SCOPE)
_SCOPE_WITH_FORCE = re.compile(SCOPE_WITH_FORCE)


def is_no_duty(words: str) -> bool:
    """Purpose, definition, scope and commencement sentences (words: masked sentence)."""
    return bool(_NO_DUTY.search(words))


def is_scope(words: str) -> bool:
    """A segment that says which text applies (适用本法, 从其规定, 必须遵守本条例)."""
    if _SCOPE_WITH_FORCE.search(words):
        return True
    return MODAL.search(words) is None and bool(_SCOPE.search(words))


def is_state_policy(words: str) -> bool:
    """国家鼓励…, 国家实行…制度, 本市建立…: no one's duty."""
    return bool(STATE.match(words))


def is_principle(before: str, rest: str) -> bool:
    """安全生产工作应当以人为本，坚持…: a thing as subject and a principle as predicate.

    `before` stands before the modal and names no bearer, `rest` from the modal on.
    """
    if PRINCIPLE.match(rest) and _PRINCIPLE_TAIL.search(rest):
        return bool(before)
    return bool(_ABSTRACT.search(before)) and bool(_ABSTRACT_PREDICATE.match(rest))


def is_sanction(words: str, *, liability_chapter: bool) -> bool:
    """A segment that punishes; in a chapter on liability any consequence counts."""
    modal = MODAL.search(words)
    case = words if modal is None else words[: modal.start()]
    if _VIOLATION.search(case) or _CRIME.search(words):
        return True
    if liability_chapter and (_CONSEQUENCE.search(words) or SANCTION.search(words)):
        return True
    if modal is None:
        return bool(SANCTION.search(words) or _LIABLE_PLAIN.search(words))
    force = words[modal.end() :]
    if not liability_chapter:
        force = _ORDERS.sub("", force)  # 发现隐患的，应当责令改正: an office's duty
    last = list(MODAL.finditer(words))[-1]
    if "的，" in words[modal.end() : last.start()] and _LIABLE.match(words[last.end() :]):
        return True  # 对应当检查的项目不检查，造成损失的，应当承担赔偿责任
    if _HANDS_OVER.match(force):
        return False
    return bool(SANCTION.search(force) or _LIABLE.match(force))
