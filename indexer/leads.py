"""Lead paragraphs with items: what the items are, and the duties they make."""

from __future__ import annotations

import re
from dataclasses import replace

from indexer import non_duties, qualifiers
from indexer.bearers import bearer_type, subject
from indexer.clauses import Sentence, sentences
from indexer.deontic import Modal, modals
from indexer.drafts import Draft, Row, Span, trim
from indexer.obligation import BearerType, Modality
from indexer.sentence_duties import read_sentence

_THESE = r"(?:下列|以下|如下)"
_DUTY_NOUN = (
    r"(?:职责|义务|责任|行为|活动|措施|要求|规定|条件|工作|任务|职权|权利|权限|权力|规则"
    r"|职能|举措|规范|做法|方式)"
)
# 下列职责, 下列行为 …: the items say what is to be done.
_DUTY_TAIL = re.compile(
    rf"(?<![对将把为在]){_THESE}(?:(?!采取|进行|实施|开展|予以|办理|组织|加强)[^，。；：]){{0,30}}?{_DUTY_NOUN}(?:之一)?$|"
    rf"{_DUTY_NOUN}[^，。；：]{{0,6}}?{_THESE}$|(?:做到|注意){_THESE}?$"
)
# 应当按照下列规定开展…: the items are the rules to follow.
_RULES_TAIL = re.compile(
    rf"(?:按照|依照|按|遵守|遵循|根据|采用){_THESE}[^，。；：]{{0,14}}?(?:规定|要求|程序|步骤|方法|规则|措施|条件)[^，。；：]{{0,40}}$"
)
# 下列事项, 下列情形 are things, unless the verb makes them acts: 做好下列事项, 不得有下列情形.
_WEAK_TAIL = re.compile(
    rf"(?:做好|完成|遵守|遵循|注意|办理|履行|承担|做到|落实|开展|抓好|具备|有|满足|出现|存在|决定){_THESE}[^，。；：]{{0,24}}?(?:事项|情形|制度|程序|标准|服务|"
    rf"管理|保障)$"
)
_THINGS = re.compile(
    rf"(?:载明|提交|提供|报告|公布|公示|记载|公开|告知|明确|包括|注明|标明|审查|说明|列明|通报|记录|写明|核实|查验|规定|"
    rf"约定)[^，。；：]{{0,24}}{_THESE}[^，。；：]{{0,20}}(?:规定|措施|条件|要求|职责|责任|工作|活动|义务|权利)$"
)
_POSSESSES_DUTIES = re.compile(
    rf"(?:履行|承担|负有|行使|负责|享有|具有|落实|做好|依法行使|完成|开展|采取|"
    rf"遵守){'[^，。；]{0,16}'}{_THESE}[^，。；：]{{0,30}}?{_DUTY_NOUN}[：:]?$"
    rf"|(?:负责|承担|办理|做好){_THESE}[^，。；：]{{0,20}}?(?:事项|事务|工作)[：:]?$"
    r"|(?:主要)?(?:职责|义务|任务)(?:是|为|包括|如下|有)?[：:]?$"
)
_POWERS = re.compile(r"行使[^，。；]{0,16}(?:职权|权限|权力)|(?:职权|权限|权力)(?:是|为|包括)?[：:]?$")
_RIGHTS = re.compile(r"享有[^，。；]{0,30}权利")
_CONDITION_BEFORE = re.compile(rf"{_THESE}[^，。；：]{{0,40}}(?:的|时|之一|之一的)，")
_ITEM_BEARERS = re.compile(
    rf"^{_THESE}[^，。；：]{{0,30}}?(?:单位|企业|人员|机构|部门|场所|组织|机关|个人|建筑|工程|船舶|经营者|主体|区域|项目|"
    rf"活动)(?:和[^，]{{1,10}})?(?:，)?$"
)
_BEARER_NOUN = re.compile(r"(?:单位|企业|人员|机构|部门|组织|机关|个人|经营者|主体)(?:和[^，]{1,10})?，?$")


def below(rows: list[Row], at: int) -> list[Row]:
    """The rows under rows[at]: its items and subitems, or the deeper sections after a lead with a colon."""
    lead = rows[at].address
    if lead.article is None:
        if not rows[at].masked.rstrip().endswith(("：", ":")):
            return []
        prefix = f"{lead.section}."
        stop = at + 1
        while stop < len(rows) and (rows[stop].address.section or "").startswith(prefix):
            stop += 1
        return rows[at + 1 : stop]
    stop = at + 1
    while stop < len(rows) and rows[stop].address.item is not None and _inside(rows[stop], rows[at]):
        stop += 1
    return rows[at + 1 : stop]


def _inside(row: Row, lead: Row) -> bool:
    a, b = row.address, lead.address
    if a.paragraph != b.paragraph:
        return False
    if b.subitem is not None:
        return False
    return b.item is None or (a.item == b.item and a.subitem is not None)


def read_lead(lead: Row, rows: list[Row], carry: str | None) -> list[Draft]:
    """The duties of a lead and of the rows under it."""
    every = list(sentences(lead.masked))
    drafts: list[Draft] = []
    for sentence in every[:-1]:
        found = read_sentence(lead, sentence, carry)
        drafts.extend(found)
        carry = _last_bearer(found) or carry
    if not every:
        return _as_paragraphs(rows, carry)
    return drafts + _read_chapeau(lead, every[-1], rows, carry)


def _read_chapeau(lead: Row, sentence: Sentence, rows: list[Row], carry: str | None) -> list[Draft]:
    words = lead.masked[sentence.start : sentence.end]
    liability = lead.liability
    if non_duties.is_no_duty(words) or _is_penalty_list(words, liability=liability):
        return []
    drafts = read_sentence(lead, sentence, carry)
    final = drafts[-1] if drafts else None
    if final is not None and not final.implicit and _ends_sentence(final, sentence):
        return _with_modal(lead, sentence, rows, drafts)
    if _POSSESSES_DUTIES.search(words) and not _CONDITION_BEFORE.search(words):
        bearer = _chapeau_bearer(lead, sentence, carry)
        if final is not None and final.implicit and _ends_sentence(final, sentence):
            drafts = drafts[:-1]
        return drafts + _item_duties(rows, bearer, _power(words), lead_quote=None)
    if _CONDITION_BEFORE.search(words) or (final is None and liability):
        return drafts
    return drafts + _as_paragraphs(rows, _last_bearer(drafts) or _chapeau_bearer(lead, sentence, carry))


def _is_penalty_list(words: str, *, liability: bool) -> bool:
    return non_duties.is_sanction(words, liability_chapter=liability)


def _ends_sentence(draft: Draft, sentence: Sentence) -> bool:
    return draft.action[1] >= sentence.segments[-1].end - 1


def _power(words: str) -> Modality:
    if _RIGHTS.search(words):
        return Modality.ENTITLED
    return Modality.MAY if _POWERS.search(words) else Modality.MUST


def _with_modal(lead: Row, sentence: Sentence, rows: list[Row], drafts: list[Draft]) -> list[Draft]:
    """The lead has a word of force in the part the items hang on: sort what the items are."""
    final = drafts[-1]
    words = lead.masked[sentence.start : sentence.end]
    before = lead.masked[sentence.start : final.modal_start]
    if _ITEM_BEARERS.match(before) and _BEARER_NOUN.search(before):
        return drafts[:-1] + [_borne_by(final, row) for row in rows if row.address.subitem is None]
    if re.search(_THESE, before):
        earlier = _with_earlier(lead, rows, drafts)
        if earlier is not drafts:
            return earlier
        return drafts + [d for row in rows for d in _own_bearer_duties(row)]
    tail = words.rstrip("：: ")
    action = lead.masked[final.action[0] : final.action[1]]
    if _items_are_duties(tail):
        return drafts[:-1] + _item_duties(rows, final.bearer, final.modality, lead_quote=final)
    if not re.search(_THESE, action) and _mostly_duties(rows):
        return drafts[:-1] + _item_duties(rows, final.bearer, final.modality, lead_quote=final)
    return drafts


def _with_earlier(lead: Row, rows: list[Row], drafts: list[Draft]) -> list[Draft]:
    """可以行使下列职权，当事人应当予以协助：（一）…: the items hang on a duty before the last."""
    for at in range(len(drafts) - 2, -1, -1):
        one = drafts[at]
        if _items_are_duties(lead.masked[one.action[0] : one.action[1]].rstrip("，：: ")):
            items = _item_duties(rows, one.bearer, one.modality, lead_quote=one)
            return drafts[:at] + drafts[at + 1 :] + items
    return drafts


def _items_are_duties(tail: str) -> bool:
    """Whether a lead with a word of force, its colon cut, introduces acts rather than things."""
    if _RULES_TAIL.search(tail) or _WEAK_TAIL.search(tail):
        return True
    return bool(_DUTY_TAIL.search(tail)) and not _THINGS.search(tail)


def _mostly_duties(rows: list[Row]) -> bool:
    """Items after a lead that does not say 下列: duties when they are clauses, things when they are names."""
    firsts = [r for r in rows if r.address.subitem is None]
    clauses = sum(1 for r in firsts if "，" in r.masked or _own_modal(r) is not None)
    return bool(firsts) and clauses * 2 > len(firsts)


def _borne_by(final: Draft, row: Row) -> Draft:
    start, end = _item_span(row)
    return replace(final, bearer=row.text[start:end], source="item", address=row.address, own=True)


def _item_duties(
    rows: list[Row], bearer: str | None, modality: Modality, *, lead_quote: Draft | None
) -> list[Draft]:
    drafts: list[Draft] = []
    at = 0
    while at < len(rows):
        under = below(rows, at)
        row = rows[at]
        at += 1 + len(under)
        if under and re.search(_THESE, row.masked) and _items_are_duties(row.masked.rstrip("：:；; ")):
            drafts.extend(_item_duties(under, bearer, modality, lead_quote=lead_quote))
        else:
            drafts.extend(_item(row, bearer, modality, lead_quote))
    return drafts


def _item(row: Row, bearer: str | None, modality: Modality, lead_quote: Draft | None) -> list[Draft]:
    start, end = _item_span(row)
    if end - start < 2:
        return []
    if modality is Modality.MUST:
        own = _own_bearer_duties(row) or _own_office(row, start, end)
        if own:
            return own
    modal = _own_modal(row) if modality is Modality.MUST else None
    kind, action = modality, (start, end)
    if modal is not None and modal.modality is Modality.MUST_NOT:
        kind = Modality.MUST_NOT
        action = (modal.end, end) if modal.start == start else (start, end)
    condition = lead_quote.condition if lead_quote is not None and lead_quote.text is row.text else None
    return [
        Draft(
            row.address, row.text, row.headings, kind, action, (start, len(row.text.rstrip())), bearer,
            "chapeau" if bearer else "open", condition, own=bool(bearer), modal_start=start,
            doer=None if bearer or lead_quote is None else lead_quote.doer,
            thing=None if bearer or lead_quote is None else lead_quote.thing,
        )
    ]  # fmt: skip


def _own_modal(row: Row) -> Modal | None:
    """The word of force of the item's first clause that is no condition: 未经批准，不得…"""
    every = list(sentences(row.masked))
    if not every:
        return None
    for clause in every[0].segments[0].clauses:
        found = [m for m in modals(row.masked, clause.start, clause.end, last=True) if not m.only_then]
        if found:
            return found[0]
        if not qualifiers.is_condition(row.masked, clause):
            return None
    return None


def _own_bearer_duties(row: Row) -> list[Draft]:
    """The duties of an item that names its own bearer with a word of force: （二）驾驶人不得…"""
    every = list(sentences(row.masked))
    if not every:
        return []
    head = every[0].segments[0].clauses[0]
    modal = next(iter(modals(row.masked, head.start, head.end, last=False)), None)
    if modal is None or modal.only_then:
        return []
    named = subject(row.masked, head.start, modal.start)
    if named is None or named.possessed:
        return []
    drafts: list[Draft] = []
    for sentence in every:
        drafts.extend(read_sentence(row, sentence, _last_bearer(drafts)))
    return drafts


_OFFICE_ACTS = re.compile(
    r"(?:依法|按照[^，]{1,20}|依据[^，]{1,20}|＿|，)*(?:负责|组织|会同|核发|查处|指导|承担|对)"
)


def _own_office(row: Row, start: int, end: int) -> list[Draft]:
    """（二）公安机关负责…: an item of a list of offices names its own bearer."""
    head = subject(row.masked, start, end)
    if head is None or head.start != start or head.possessed or not _OFFICE_ACTS.match(head.rest):
        return []
    bearer = row.text[head.start : head.end]
    if bearer_type(bearer) not in (BearerType.GOVERNMENT, BearerType.REGULATOR_DEPT):
        return []
    return [
        Draft(
            row.address, row.text, row.headings, Modality.MUST, trim(row.text, head.end, end),
            (start, len(row.text.rstrip())), bearer, "explicit", own=True, modal_start=start,
        )
    ]  # fmt: skip


def _item_span(row: Row) -> Span:
    start, end = len(row.masked) - len(row.masked.lstrip(" \t\u3000")), len(row.text)
    while end > start and row.text[end - 1] in " \t\u3000；;。，,：:、\u200b":
        end -= 1
    if end - start > 2 and row.text[end - 1] in "和与及" and row.text[end - 2] in "；;":
        end -= 2
    return start, end


def _chapeau_bearer(lead: Row, sentence: Sentence, carry: str | None) -> str | None:
    for segment in reversed(sentence.segments):
        for clause in segment.clauses:
            found = subject(lead.masked, clause.start, clause.end)
            if found is not None:
                return lead.text[found.start : found.end].strip()
    return carry


def _as_paragraphs(rows: list[Row], carry: str | None) -> list[Draft]:
    """Items under a lead without force: only their own words of force count."""
    drafts: list[Draft] = []
    for row in rows:
        for sentence in sentences(row.masked):
            found = read_sentence(row, sentence, carry)
            drafts.extend(
                replace(d, source="chapeau") if not d.own and d.bearer == carry else d for d in found
            )
    return drafts


def _last_bearer(drafts: list[Draft]) -> str | None:
    return next((d.bearer for d in reversed(drafts) if d.bearer and d.own), None)
