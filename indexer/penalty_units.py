"""Reading the penalty provisions of a text: who is punished, for which behaviour, under which item.

A penalty unit is the smallest citable place that restates a behaviour: an item under a lead paragraph
(有下列行为之一的，…：（一）未…的), or a paragraph (…未…的，责令…). Its behaviours are the alternatives it names.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.document import Level, Provision
from corpus.numeral import from_chinese
from corpus.place import Address
from indexer.bearers import subject as find_subject
from indexer.clauses import mask

SANCTION = re.compile(
    r"罚款|责令|处分|警告|吊销|没收|拘留|处罚|罚金|通报批评|予以取缔|予以关闭|撤职|降级|不予注册|批评教育|赔偿责任|扣留|收缴|取消"
    r"|给予批评|责任追究|追究[^。，]{0,12}责任|行政处理|予以公告|暂扣|撤销|其行为无效|该协议无效"
)
_HEADING = re.compile(r"法律责任|罚则|处罚|奖惩|奖励与惩罚|奖励和惩罚|责任追究")
# Without a chapter of its own a penalty shows by its form: …的，由…责令 / 处 / 给予.
_FORM = re.compile(
    r"的[，,；](?:由[^。，]{2,40})?(?:并)?(?:可以)?(?:责令|处以?[^。]{1,24}罚款|给予|没收|吊销|予以(?:处罚|警告|取缔|关闭)|依法(?:给予|追究)"
    r"|依照[^。]{2,40}处罚|对[^。，]{2,40}(?:处|给予))"
)
_LISTED = re.compile(
    r"(?:有|存在|违反|属于|实施|从事)?[^，。；有]{0,8}(?:下列|以下)[^，。；]{0,24}(?:的|：|:|，)"
)
_AGAINST = re.compile(
    r"^(?:(?:对)?违反(?:了)?(?:本|前款|前条|第)[^，。；]{0,40}?(?:规定|要求|条例|办法|法)(?:的)?[，,]"
    r"|违反[^，。；]{0,24}?规定[，,]|对(?=未经|违反))+"
)
# Where the behaviour ends and the sanction begins: …的，责令…; a comma alone only before a plain sanction.
_ORGAN = r"[^，；。]{2,30}(?:部门|机关|机构|政府|单位|组织|队伍?|局|公司)"
_AFTER_DE = re.compile(
    r"(?:的|行为之一|行为)[，,；]\s*(?=(?:除[^。；]{2,50}?外[，,])?(?:还|分别|可以|并|同时|应当|先|一律|依法)*(?:由|责令|处|给予|没收|吊销|予以|依照|依法|对|按照"
    r"|并处|单处|追究|其|该|扣留|收缴|取消|终身|撤销|通报|批评|视为|暂扣|提请|强制|自|根据|按|不予|警告|记|停止|承担|属于|计入|限期"
    rf"|{_ORGAN}(?:应当|可以|有权|依法|责令|给予|予以|没收|处|吊销|按照|依照|按)))"
)
_AFTER_COMMA = re.compile(
    r"[，,]\s*(?=(?:并)?(?:由[^，。；]{2,40}?)?(?:责令|处以?[^，。；]{1,24}罚款|给予[^，。；]{0,8}(?:警告|处分)|没收违法|吊销|依照[^，。；]{2,40}处罚|依法给予))"
)
_SEGMENT_DEPENDS = re.compile(
    r"^(?:但|并|且|其中|情节|逾期|拒不|有违法所得|没有违法|违法所得|造成|构成|给(?!予)|对(?:其|直接|单位|个人|企业|负有|主要|负责)|尚不|导致|经|由|涉嫌|可以|应当|后果|产生|属于|属|触犯|弄虚作假|单位|个人|依法|责令|处|给予|没收|吊销|未造成|已经|触犯|需要|已|直接)"
)
_DEPENDENT = re.compile(
    r"^[^，]{0,30}?(?:有|因|依照|按照)(?:前款|前两款|前三款|前条|本条第|上款|前项)|^(?:前款|前条|本条)|^(?:逾期|拒不改正|情节严重|构成犯罪|造成损失|被责令|当事人|依照前|本(?:法|条例|办法|规定)规定的行政处罚)"
)
_GENERAL = re.compile(
    r"^(?:违反本(?:法|条例|办法|规定|细则)(?:的)?规定[，,]?)?(?:构成犯罪|造成(?:人身|损失|他人)|构成违反治安)"
)
_ALTERNATIVE = re.compile(
    r"[，,](?:或者|以及|并且?|且)|而(?=未|不|没有)|[，,](?=擅自|导致|造成)|；(?:或者)?|或者(?=未|不|没有|拒|擅自|隐瞒|使用|对|向|将)|[，,、](?=未|不|没有|拒绝)|。"
)
_NUMBER = r"[一二三四五六七八九十百零〇\d]+"
_ARTICLE = re.compile(rf"第({_NUMBER})条(?:之({_NUMBER}))?")
_STEP = re.compile(rf"第?[(（]?({_NUMBER})[)）]?(款|项)|(?:、|和|或者|及|以及)?(第{_NUMBER}条)")
_BREACH = re.compile(
    rf"(?:违反|不符合|未采取|不履行|未履行|不执行|违背|未按照?|未依照)(?:了)?本(?:法|条例|办法|规定|细则|规则)(第{_NUMBER}条[^，。；：]*?)(?=规定|的规定|要求|的[，,]|之一|所列|行为|[，。；：]|$)"
)
_CITED = re.compile(
    rf"本(?:法|条例|办法|规定|细则|规则)(第{_NUMBER}条[^，。；：]{{0,40}}?)(?:的?规定|所列|的)"
)


@dataclass(frozen=True, slots=True)
class PenaltyUnit:
    """`subject` is the words before the behaviour ("" when none); `text` the words of the place (lead and item).

    `breached` are the addresses it names as violated, `cited` those it only mentions. `role` says that it
    punishes not doing one's duties in general (未履行本法规定的…职责).
    """  # noqa: E501

    address: Address
    subject: str
    behaviours: tuple[str, ...]
    text: str
    breached: tuple[Address, ...] = ()
    cited: tuple[Address, ...] = ()
    role: bool = False
    chaptered: bool = True


def is_penalty_chapter(provision: Provision) -> bool:
    """The provision stands under 法律责任, 罚则 …"""
    return any(_HEADING.search(heading) for heading in provision.headings)


def read(provisions: Sequence[Provision]) -> tuple[PenaltyUnit, ...]:
    """Every penalty unit of a text, in order. Texts without penalties give none."""
    chaptered = any(is_penalty_chapter(p) for p in provisions)
    units: list[PenaltyUnit] = []
    for index, provision in enumerate(provisions):
        if provision.level is not Level.PARAGRAPH or not SANCTION.search(provision.text):
            continue
        if chaptered and not is_penalty_chapter(provision) and not _FORM.search(provision.text):
            continue
        if not chaptered and not _FORM.search(provision.text):
            continue
        items = list(_items_after(provisions, index))
        found = _of_items(provision, items) if items else _of_paragraph(provision)
        inside = is_penalty_chapter(provision)
        units.extend(found if inside else (replace(unit, chaptered=False) for unit in found))
    return tuple(units)


def penalty_addresses(units: Sequence[PenaltyUnit]) -> frozenset[Address]:
    """The articles of a chapter of penalties, and single paragraphs that punish elsewhere."""
    return frozenset(
        unit.address.whole() if unit.chaptered else replace(unit.address, item=None, subitem=None)
        for unit in units
    )


def _items_after(provisions: Sequence[Provision], index: int) -> Iterator[Provision]:
    lead = provisions[index].address
    for provision in provisions[index + 1 :]:
        at = provision.address
        if (at.whole(), at.paragraph) != (lead.whole(), lead.paragraph):
            return
        if provision.level is Level.ITEM:
            yield provision


def _of_items(lead: Provision, items: Sequence[Provision]) -> Iterator[PenaltyUnit]:
    if sum(1 for item in items if re.search(r"罚款|吊销|处分", item.words)) * 2 > len(items):
        yield from _of_paragraph(lead, extra=items)
        return
    subject, breached, cited = _lead(lead.text)
    for item in items:
        words = item.words
        behaviours = tuple(_alternatives(words))
        own = _addresses(_BREACH, words)
        yield PenaltyUnit(
            item.address,
            subject,
            behaviours,
            f"{lead.text}\n{item.text}",
            (*breached, *own),
            (*cited, *_addresses(_CITED, words)),
            _role(words),
        )


_WITHOUT = re.compile(r"(?:违反(?:了)?本|不依法|未依法|不履行|在[^，]{2,30}(?:中|时)).*$")


def _lead(text: str) -> tuple[str, tuple[Address, ...], tuple[Address, ...]]:
    words = _AGAINST.sub("", text)
    found = _LISTED.search(words)
    subject = _WITHOUT.sub("", words[: found.start()] if found else "")
    return subject.strip("，, "), _addresses(_BREACH, text), ()


def _of_paragraph(provision: Provision, extra: Sequence[Provision] = ()) -> Iterator[PenaltyUnit]:
    """One unit a subject: 施工单位…的，罚款；使用者…的，罚款 punishes two."""
    held: dict[str, list[str]] = {}
    subject = ""
    for words in _punished(provision.text):
        subject = _subject_of(words) or subject
        held.setdefault(subject, []).extend(_alternatives(words))
    breached = _addresses(_BREACH, provision.text)
    if not held and breached:
        held[""] = []
    text = "\n".join([provision.text, *(item.text for item in extra)])
    cited = _addresses(_CITED, provision.text)
    for subject, behaviours in held.items():
        yield PenaltyUnit(
            provision.address, subject, tuple(behaviours), text, breached, cited, _role("".join(behaviours))
        )


def _punished(text: str) -> Iterator[str]:
    """The behaviours of a paragraph without items, sentence by sentence, sanctions cut off."""
    for sentence in re.split(r"(?<=。)", text):
        for number, segment in enumerate(re.split(r"[；;]", sentence)):
            words = _AGAINST.sub("", segment.strip())
            if not words or _DEPENDENT.match(words) or _GENERAL.match(segment.strip()):
                continue
            if number and _SEGMENT_DEPENDS.match(words):
                continue
            cut = _AFTER_DE.search(words) or (_AFTER_COMMA.search(words) if not number else None)
            if cut is not None:
                yield words[: cut.start()]


def _subject_of(behaviour: str) -> str:
    found = find_subject(mask(behaviour), 0, len(behaviour))
    return behaviour[found.start : found.end] if found and not found.possessed else ""


_ROLE = re.compile(
    r"(?:未|不|没有)(?:认真|依法|按照?(?:规定|本[法条例办]{1,2}规定)|依照本[法条例办]{1,2}(?:规定)?)?(?:全面)?(?:履行|落实)(?:本(?:法|条例|办法|规定|细则)(?:所)?规定的|法定|依法应当履行的|其)?[^，。；]{0,16}?(?:职责|责任|义务)"
)


def _role(words: str) -> bool:
    """不履行…职责 and nothing more particular."""
    found = _ROLE.search(words)
    return found is not None and "第" not in found[0]


def _alternatives(behaviour: str) -> Iterator[str]:
    """The behaviours joined by 或者, ； and 未…、未…: the whole first, then its parts."""
    whole = behaviour.strip("。；;，, \n")
    if not whole:
        return
    yield whole
    parts = [part.strip("。；;，, ") for part in _ALTERNATIVE.split(whole)]
    parts = [part for part in parts if len(part) >= 6]
    if len(parts) > 1:
        yield from parts


def _addresses(pattern: re.Pattern[str], text: str) -> tuple[Address, ...]:
    return tuple(address for found in pattern.finditer(text) for address in parse_list(found[1]))


def parse_list(words: str) -> tuple[Address, ...]:
    """第二十四条第一款、第二十五条第一款和第二款 → its addresses (article, paragraph, item); inner parts inherit.

    >>> [a.label for a in parse_list("第十七条第三项、第四项")]
    ['第十七条第一款第（三）项', '第十七条第一款第（四）项']
    """  # noqa: E501
    out: list[Address] = []
    heads = list(_ARTICLE.finditer(words))
    for index, head in enumerate(heads):
        article = from_chinese(head[1])
        if article is None:
            continue
        suffix = from_chinese(head[2]) if head[2] else None
        end = heads[index + 1].start() if index + 1 < len(heads) else len(words)
        out.extend(_inner(article, suffix, words[head.end() : end]))
    if len(heads) == 2 and "至" in words[heads[0].end() : heads[1].start()]:
        first, last = out[0].article or 0, out[-1].article or 0
        out = [Address(number) for number in range(first, last + 1)]
    return tuple(out)


def _inner(article: int, suffix: int | None, words: str) -> list[Address]:
    steps = [(from_chinese(n), unit) for n, unit, _ in _STEP.findall(words) if unit]
    if not steps:
        return [Address(article, suffix)]
    out: list[Address] = []
    paragraph: int | None = None
    for number, unit in steps:
        if unit == "款":
            paragraph = number
            out.append(Address(article, suffix, paragraph))
        else:
            if out and out[-1] == Address(article, suffix, paragraph) and paragraph is not None:
                out.pop()
            out.append(Address(article, suffix, paragraph or 1, number))
    return out
