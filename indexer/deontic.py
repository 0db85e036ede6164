"""Words of force (应当, 不得, 可以, 有权 …) and the traps in which the same words carry none.

Named patterns, composed. `modals` finds the words in one clause of masked text and refuses attributive ones
(应当淘汰的工艺), nested ones (认为应当…, 设置禁止吸烟标志) and names (负责人, 有权机关, 必须品).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.obligation import Modality


def any_of(*words: str) -> str:
    """A non-capturing alternative; an empty one would match everywhere and is refused."""
    if not words or any(not w for w in words):
        raise ValueError("empty alternative")
    return "(?:" + "|".join(words) + ")"


# 应 alone is force before a verb or preposition (应按规定, 应设置), never in 应急, 相应, 应用, 供应.
_AFTER_SHORT_MUST = any_of(
    "按|由|依|在|向|将|及时|立即|严格|经(?!济|营)|采取|建立|设|配|有(?!的|尽)|与|于|予以|根据|符合|加强",
    "积极|定期|具备|保证|明确|报|遵守|制定|组织|进行|做好|从|为|以|包括|承担|同时|服从|接受|认真|妥善",
    "优先|充分|主动|自(?!力)|执行|事先|履行|会同|缴|支付|负|坚持|使|指定|通知|通过|核|列|填|说明|注明",
    "标明|登记|即|收(?!益)|出具|办理|编制|责令|停止|实行|落实|确保|对(?!于|突发|各类|各种|风险|气候|灾|挑战|危机|处置|措施|重大|事故|事件|策|工作|能力|传染|自然|公共|生产安全)|把|给予|督促|协助|配合|尽",
    "开展|提供|提出|报告|悬挂|保持|送|持",
)
SHORT_MUST = f"(?<![相适反响供效感照呼策回顺因对])应(?={_AFTER_SHORT_MUST})"
SHORT_MUST_NOT = "不应(?:当)?(?!有的)"
MUST_NOT = any_of(
    "不得(?!不)", "严格禁止", "严禁", "禁止(?!性|令|区|标|类)", "不准", "不许", "不可以", SHORT_MUST_NOT
)
MUST = any_of(
    "应当",
    "有(?:责任|义务)(?!的|感|制|人|，|。)",
    "必须(?!品|的)",
    "务必(?!须)",
    "(?<![必无仍务])须(?!知|的|要|臾)",
    "均需(?=经|由|按|向|在|持)",
    SHORT_MUST,
)
ENTITLED = "(?<![所享拥没具占持])有权(?!利|益|限|机关|部门|属|单位|威|力|关|处|人|的|使用土)"
MAY = any_of(
    "(?<![许认])可以(?!的|是[\u4e00-\u9fff]{2})",
    "(?<![许认方也均皆宁尚])可(?=由|向|根据|按|依|从|采取|对|申请|要求|委托|给予|予以|视|凭|适当)",
)
ONLY_THEN = "(?:(?<!双)方可(?!以)|(?<!双)方能|方准|才可以|才能)"
MODAL = re.compile(
    f"(?P<only_then>{ONLY_THEN})|(?P<must_not>{MUST_NOT})|(?P<must>{MUST})"
    f"|(?P<entitled>{ENTITLED})|(?P<may>{MAY})"
)  # fmt: skip
# A quick no for the many sentences without force.
ANY_FORCE = re.compile(
    r"应|由|主管|组织|参与|参加|协助|统筹|会同|指导|督促|协调|制定|建立|开展|加强|做好|推进|落实|必须|务必|须|不得|禁|不准|不许|有权|可|负|职责|职权|义务|权利|责任|要|需|实施"
)

_BARE_VERB = (
    r"(?:依法|按照规定|按规定|共同|各自|分别|优先|重点|立即)?"
    r"(?![有是合为][\u4e00-\u9fff]的)[\u4e00-\u9fff]{2}(?<![标目])的(?!$|，)"
)
_ADVERB_VERB = any_of(
    "依法", "予以", "给予", "重点", "优先", "实行", "进行", "共同", "自行", "免予", "经", "由", "报", "向"
)
# 应当淘汰的工艺, 应当采取的措施, 可以使用的场所 …
ATTRIBUTIVE = re.compile(_BARE_VERB)
# … and, where no bearer stands before it, 应当进行消防验收的建设工程, 应当予以公开的信息.
_LONG_ATTRIBUTIVE = re.compile(
    rf"{_ADVERB_VERB}(?!前款|本|上述|其)(?![\u4e00-\u9fff]{{1,3}}[性期应效面要]的)[\u4e00-\u9fff]{{2,4}}的(?!$|，)"
)
# 应当召回而未召回
_UNDONE = re.compile(r"[^，]{1,24}而(?:未|不|没有|拒)")
# 管行业必须管安全: a slogan.
_SLOGAN = re.compile(r"管[^，、]{1,10}$")
# 除应当履行…职责外
_EXCEPTED = re.compile(r"除(?!外)[^，]*$")
# 对依法应当给予行政处罚的行为，… : the clause only names what the next one deals with.
_NAMES_OBJECT = re.compile(
    r"(?:对|对于|将|就|把|凡|属于|其中)?(?:依法|(?:按照|依照|按)?(?:国家|法律|法规|＿)*规定)?"
)
_OBJECT_TAIL = re.compile(r"的[^的]{1,22}$")
# 认为应当…, 是否应当…, 载明应当…: the force is reported, not imposed.
_REPORTED = re.compile(
    r"(?:认为|是否|载明|注明|约定|视为|认定|如果|如需|如|凡|(?<![场处究派出会住寓诊务])所|明知|发现|知道|虽|告知其|告知当事人|(?:法律|行政法规|法规|规章|国家)规定"
    r"|决定|宣布|责令|通知|要求|允许|批准|本来|依法|按照规定|按规定)$"
)
_CONDITION_REPORTED = re.compile(r"(?:依法|按照规定|按规定|责令|通知|要求|允许|批准|决定|宣布)$")
# 设置禁止吸烟标志, 国家明令禁止: the ban is a thing named.
_BAN_NAMED = re.compile(
    r"(?:设置|设立|公布|发布|明令|明文|国家|规定|决定|可以|作出|采取|有关|列入|属于|划定|明确|实施|的|和|与|及|或者|、|依法|被|已|予以|宣布|张贴|悬挂)$"
)
# 在禁止燃放烟花爆竹区域内，不得…: the ban names a place.
_BAN_PLACE = re.compile(r"[^，]{2,16}(?:区域|区|场所|路段|地点|期|水域)(?:、[^，]{2,8})?(?:之?内|之?外|中)?$")
_BAN_AS_NOUN = re.compile(
    r"禁止(?:使用|生产|开采|燃放|入内|通行|进入|建设|吸烟|捕捞|采伐|携带|销售|经营|运输|狩猎|养殖|从事)?[^，]{0,14}的(?:[^，]{1,12})$"
)


@dataclass(frozen=True, slots=True)
class Modal:
    """A word of force at text[start:end]; `only_then` for 方可, which continues a duty or stands alone."""

    start: int
    end: int
    modality: Modality
    only_then: bool = False
    ban: bool = False


# Notices and opinions say 要: 各级人民政府要加强…, 要坚持…
NOTICE_MUST = re.compile(
    r"(?:^|(?<=[府门关构位业员人者会局区县市省部级地方都也还均，司校院团]))要(?!求|素|件|点|闻|领|么|是|不|道|害|职|塞|约|义|案|旨|有|好)"
)


def modals(masked: str, start: int, end: int, *, last: bool, notice: bool = False) -> list[Modal]:
    """The words of force of the clause masked[start:end]; `last` says that no clause follows in its sentence,
    `notice` that the text is a notice or opinion, where 要 has force too.
    """
    found: list[Modal] = []
    conditional = masked[end - 1] == "的"
    for match in MODAL.finditer(masked, start, end):
        modal = _modal(match)
        if modal.only_then:
            found.append(modal)
        elif conditional or _is_named(masked, start, end, modal, last=last):
            continue
        elif not found or _starts_anew(masked, found[-1], modal):
            found.append(modal)
        elif masked[modal.start - 1] == "的":  # 可以循环利用的应当…: the first one named the thing
            found[-1] = modal
    if notice and not found and not conditional:
        word = NOTICE_MUST.search(masked[start:end])
        if word is not None:
            found.append(Modal(start + word.start(), start + word.end(), Modality.MUST))
    return found


def _modal(match: re.Match[str]) -> Modal:
    kind = match.lastgroup or "must"
    if kind == "only_then":
        return Modal(match.start(), match.end(), Modality.MUST, only_then=True)
    ban = kind == "must_not" and "禁" in match[0]
    return Modal(match.start(), match.end(), Modality(kind), ban=ban)


def _starts_anew(masked: str, before: Modal, modal: Modal) -> bool:
    """A second modal in one clause counts only where it turns the duty (但不得… without a comma)."""
    between = masked[before.end : modal.start]
    if modal.modality is Modality.MUST_NOT and not modal.ban:
        return len(between) > 1 and "的" not in masked[modal.end : modal.end + 8]
    return False


def _is_attributive(before: str, after: str) -> bool:
    if ATTRIBUTIVE.match(after):
        return True
    return before.endswith(("依法", "规定", "国家", "凡")) and bool(_LONG_ATTRIBUTIVE.match(after))


def _is_named(masked: str, start: int, end: int, modal: Modal, *, last: bool) -> bool:
    """The word stands in a name, an attribute, a report or an exception, and imposes nothing."""
    before, after = masked[start : modal.start], masked[modal.end : end]
    if modal.ban:
        return _is_named_ban(before, masked[modal.start : end])
    if _UNDONE.match(after) or (modal.modality is not Modality.ENTITLED and _is_attributive(before, after)):
        return True
    if (after.startswith("管") and _SLOGAN.search(before)) or (
        after.endswith("外") and _EXCEPTED.search(before)
    ):
        return True
    if before and _NAMES_OBJECT.fullmatch(before) and not last and _OBJECT_TAIL.search(after):
        return True
    return _is_reported(before, after, modal, last=last)


def _is_named_ban(before: str, ban: str) -> bool:
    if before.endswith(("严格", "应当")):
        return False
    if before in ("在", "于") and _BAN_PLACE.search(ban):
        return True
    if _BAN_NAMED.search(before):
        return True
    return bool(before) and bool(_BAN_AS_NOUN.match(ban)) and not before.endswith("内")


_BY_RULE = re.compile(r"按照|依照|根据|依据|符合|违反|按(?!期|时)|依(?=法)")


def _is_reported(before: str, after: str, modal: Modal, *, last: bool) -> bool:
    if before.endswith("规定") and not _BY_RULE.search(before):
        return True  # 主管部门规定应当申请验收的工程
    if _REPORTED.search(before) is None:
        return False
    if _CONDITION_REPORTED.search(before):
        # 依法应当经过…的建设工程 names a thing; 依法应当赔偿 is a duty.
        return modal.modality is not Modality.MUST_NOT and bool(_OBJECT_TAIL.search(after)) and not last
    return True
