"""Where a 检察建议书 speaks of problems, of recommendations, of the reply and of objections.

A letter is read as paragraphs. What opens a passage is a lead sentence (存在以下问题：, 提出如下检察建议：)
or a head (二、存在的问题); what ends it is the next passage, the reply, or the signature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.deadlines import DATE, Term, terms_in
from corpus.enumeration import Entry, split, strip_end
from corpus.recommendation_terms import (
    SENTENCE,
    is_objection,
    is_reply,
    objection_span,
    reply_and_objection,
    reply_term,
)

_HAN = "[一二三四五六七八九十]"
_HEAD_MARK = rf"(?:{_HAN}{{1,3}}[、．.]|[（(]{_HAN}{{1,3}}[）)]|\d{{1,2}}[、．.]|第{_HAN}+部分)"
_HEAD = re.compile(rf"^\s*(?P<mark>{_HEAD_MARK})?\s*(?P<words>[^。；！，,]{{2,24}}?)[：:]?$")
_TROUBLE = "问题|漏洞|隐患|不足|情形|短板|薄弱环节|违法行为|违法情形|不到位|失职|缺陷|原因"
_PROBLEM_HEAD = re.compile(rf"(?:{_TROUBLE}|违法事实|履职情况)$")
_PROBLEM_LEAD = re.compile(
    rf"[^。；：:\n]*(?:(?:{_TROUBLE})[^。；：:，\n]{{0,14}}|(?:表现|体现)(?:为|在|如下)?)[：:]"
    rf"|[^。；：:\n]*(?:以下|下列|如下)[^。；：:，\n]{{0,16}}(?:{_TROUBLE})[^。；：:，\n]{{0,8}}。"
    rf"|[^。；：:\n]*(?:{_TROUBLE})(?:如下|有)。"
    rf"|[^。；：:\n]*(?:{_TROUBLE})。(?=具体而言|具体来看|具体来说|一方面)"
    r"|[^。；：:\n]*(?:发现|查明|查实|反映出|暴露出)[：:]$"
)
_OWN_MARK = re.compile(
    rf"\s*(?:问题|建议)(?:{_HAN}|\d{{1,2}})[：:、]"
)  # 问题一： numbers an entry, opens nothing
_ADVICE = "检察建议|整改建议|工作建议|对策建议|建议|意见|解决方案|对策"
_ASK_HEAD = re.compile(
    r"(?:检察|整改|工作|对策|治理|具体|主要|改进|监督)*(?:建议|对策)(?:内容|事项|意见|如下)?$"
)
_ASK_LEAD = re.compile(
    rf"[^。；：:\n]*(?:提出|发出|制发|作出|特提|现提|提)[^。；：:\n]{{0,24}}(?:{_ADVICE})[^。；：:，\n]{{0,8}}[：:]"
    rf"|[^。；：:\n]*(?:以下|下列|如下)[^。；：:，\n]{{0,6}}(?:{_ADVICE})[^。；：:，\n]{{0,8}}[：:。]"
    r"|[^。；：:\n]*检察建议(?:书)?(?:提出|要求|明确|强调)[，,](?=一[是要]|第一|首先)"
    r"|[^。；：:\n]*建议(?:如下|你[^。；：:，\n]{0,10}|贵[^。；：:，\n]{0,10}|做好[^。；：:\n]{0,12}|从[^。；：:\n]{0,14})?[：:]"
)
_REASONING = re.compile(
    r"^\s*(?:上述|以上|综上|前述|本院认为|经研究|为此|鉴于|有鉴于此|根据|依据|依照|按照|针对上述|针对以上|为(?!了?何)|《|你[单位局院]*的?上述|对上述)"
)
_REASONING_INLINE = re.compile(
    r"(?<=。)(?=(?:上述|以上|综上|前述|本院认为|为此|鉴于上述|针对上述)[^。]*[。：:])"
)
_REPLY_HEAD = re.compile(
    r"(?:回复|反馈|答复|整改)?(?:期限|要求|时限|时间|方式)|异议|权利告知|其他事项|联系方式|回复$|反馈$"
)
_TAIL = re.compile(
    r"^\s*(?:特此建议|此致|联系人|联系电话|附[：:件]|附录|抄送|抄报|主送|（?院印）?|（印章）|（盖章）|注[：:]|此件|本建议书一式)"
)
_ENGLISH_PROBLEM = re.compile(r"(?:reasons?|problems?|issues?|shortcomings?)\b[^.]*[:：]\s*$", re.IGNORECASE)
_ENGLISH_ASK = re.compile(
    r"(?:propos\w+|recommends|recommended|suggests|suggested|puts? forward)[^.]*[:：]\s*$"
    r"|(?:solutions|recommendations|suggestions|measures)\s*[:：]\s*$",
    re.IGNORECASE,
)
_FAULT = re.compile(
    "不到位|不规范|不健全|不严|不力|不足|缺失|流于形式|漏洞|滞后|隐患|未(?:按|依|建|能|对|将|及|履|落|开|配|设|组)"
)
_PAIRED = re.compile(
    r"^(?P<problem>.*[。；])\s*(?:现|特|故|因此|为此)?[，,]?建议(?:你|贵)(?:单位|公司|支队|大队|[局委院厅办县市区校们府])?"
    r"(?P<advice>[^。：:]+)[。]?\s*$"
)
_HELD = re.compile(
    r"\s*(?:综上[，,])?本院认为[，,：:](?P<faults>[^。]+?)[，,](?:违反|不符合|致使|导致|依据|根据)"
)
LABEL = re.compile(r"^(?:关于|在.{2,16}(?:方面|中|上)|针对)|(?:方面|情况|问题|环节|层面|建议|领域)[：:]?$")


@dataclass(frozen=True, slots=True)
class Body:
    """The passages of a letter, entries verbatim and in order."""

    problems: tuple[Entry, ...] = ()
    recommendations: tuple[Entry, ...] = ()
    reply_sentence: str | None = None
    reply_term: Term | None = None
    objection_text: str | None = None
    objection_term: Term | None = None


@dataclass(frozen=True, slots=True)
class _Lead:
    """A passage's opening: paragraph, the span of the lead there, the level of its head ("" = a sentence)."""

    paragraph: int
    start: int
    end: int
    level: str
    weight: int


def read_body(paragraphs: Sequence[str], *, written: str | None) -> Body:
    """The passages of the letter; what is not found stays empty. `written` is the letter's own date."""
    tail_from, reply, objection = reply_and_objection(paragraphs, written=written)
    ask = _ask(paragraphs)
    problem = _problem(paragraphs, before=ask)
    recommendations: tuple[Entry, ...] = ()
    if ask is not None:
        recommendations = _entries(_region(paragraphs, ask, None), reply=reply, advice=True)
    problems: tuple[Entry, ...] = ()
    if not recommendations:
        problems, recommendations = _in_pairs(paragraphs[:tail_from])
    if not problems and problem is not None:
        problems = _entries(_region(paragraphs, problem, ask), reply=None, advice=False)
    elif not problems and ask is not None:
        problems = _found_fault(paragraphs[:tail_from], ask)
    return Body(
        problems,
        recommendations,
        strip_end(reply) if reply else None,
        reply_term(reply, written=written),
        objection_span(objection),
        next(iter(terms_in(objection, written=written)), None) if objection else None,
    )


# --- leads -----------------------------------------------------------------------------------------


def _head(paragraph: str, words: re.Pattern[str]) -> re.Match[str] | None:
    match = _HEAD.match(paragraph)
    return match if match and words.search(match["words"].strip()) else None


def _level(mark: str | None) -> str:
    """The kind of a head's number, so that the next one of its kind ends the passage."""
    if not mark:
        return "plain"
    return "（一）" if mark[0] in "（(" else "1." if mark[0].isdigit() else "一、"


def _leads(
    paragraphs: Sequence[str], head: re.Pattern[str], lead: re.Pattern[str], english: re.Pattern[str]
) -> list[_Lead]:
    out = []
    for number, paragraph in enumerate(paragraphs):
        titled = _head(paragraph, head)
        if titled is not None:
            out.append(_Lead(number, 0, len(paragraph), _level(titled["mark"]), 3))
            continue
        match = lead.search(paragraph) or english.search(paragraph)
        if match is not None and not _OWN_MARK.fullmatch(match.group()):
            start = match.start() if lead.search(paragraph) else 0
            weight = (
                1
                + any(w in match.group() for w in ("以下", "下列", "如下", "主要"))
                + ("问题" in match.group())
            )
            out.append(
                _Lead(
                    number, start, match.end(), "", weight + ("你" in match.group() or "贵" in match.group())
                )
            )
    return out


def _ask(paragraphs: Sequence[str]) -> _Lead | None:
    """The opening of the recommendations: the last of the leads that stand together, first in the letter
    after any lead of problems."""
    leads = [
        lead
        for lead in _leads(paragraphs, _ASK_HEAD, _ASK_LEAD, _ENGLISH_ASK)
        if not _title_line(paragraphs, lead)
    ]
    for number, lead in enumerate(leads):
        following = leads[number + 1] if number + 1 < len(leads) else None
        if following is not None and following.paragraph == lead.paragraph + 1 and lead.level:
            continue
        if _region(paragraphs, lead, None):
            return lead
    return None


def _title_line(paragraphs: Sequence[str], lead: _Lead) -> bool:
    """关于…的检察建议 at the top is a title, 《…检察建议》 a name."""
    text = paragraphs[lead.paragraph].strip()
    if lead.level != "plain" or text.endswith(("：", ":")):
        return False
    return lead.paragraph < 3 or text.startswith(("关于", "《"))


def _problem(paragraphs: Sequence[str], *, before: _Lead | None) -> _Lead | None:
    end = len(paragraphs) if before is None else before.paragraph
    leads = [
        lead
        for lead in _leads(paragraphs, _PROBLEM_HEAD, _PROBLEM_LEAD, _ENGLISH_PROBLEM)
        if lead.paragraph < end or (before is not None and lead.paragraph == end and lead.end <= before.start)
    ]
    leads = [lead for lead in leads if _region(paragraphs, lead, before)]
    if not leads:
        return None
    best = max(leads, key=lambda lead: (lead.weight, -lead.paragraph))
    inner = [x for x in leads if x.paragraph == best.paragraph + 1 and best.level and not x.level]
    return inner[0] if inner else best


# --- passages --------------------------------------------------------------------------------------


def _region(paragraphs: Sequence[str], lead: _Lead, until: _Lead | None) -> list[str]:
    """The paragraphs of the passage `lead` opens, up to `until` or to whatever ends it."""
    first = paragraphs[lead.paragraph][lead.end :]
    if until is not None and until.paragraph == lead.paragraph:
        return [paragraphs[lead.paragraph][lead.end : until.start]]
    last = len(paragraphs) if until is None else until.paragraph
    out = [first] if first.strip() else []
    for paragraph in paragraphs[lead.paragraph + 1 : last]:
        if _ends(paragraph, lead, opened=bool(out), advice=until is None):
            break
        out.append(paragraph)
    if until is not None and until.start > 0 and not until.level:
        before = paragraphs[until.paragraph][: until.start].strip()
        if (
            before
            and not _REASONING.match(before)
            and not _ends(before, lead, opened=bool(out), advice=False)
        ):
            out.append(before)
    return [text for text in out if text.strip()]


def _ends(paragraph: str, lead: _Lead, *, opened: bool, advice: bool) -> bool:
    text = paragraph.strip()
    mark = re.match(_HEAD_MARK, text)
    if lead.level not in ("", "plain") and mark and _level(mark.group()) == lead.level:
        return True
    if _TAIL.match(text) or _is_signature(text):
        return True
    if mark:
        return bool(_HEAD.match(text) and _REPLY_HEAD.search(text) and advice)
    if advice:
        return opened and (
            is_reply(text) or is_objection(text) or bool(_REASONING.match(text) and is_reply(text))
        )
    return opened and bool(_REASONING.match(text))


def _is_signature(text: str) -> bool:
    bare = re.sub(r"\s", "", text)
    date = DATE.fullmatch(bare)
    return date is not None or re.fullmatch(r"[\u4e00-\u9fff]{2,20}检察院(?:（.{1,4}）)?", bare) is not None


def _entries(region: Sequence[str], *, reply: str | None, advice: bool) -> tuple[Entry, ...]:
    paragraphs = [_REASONING_INLINE.split(text)[0] for text in region] if not advice else list(region)
    if advice:
        paragraphs = _before_reply(paragraphs, reply)
    if (
        len(paragraphs) > 1
        and paragraphs[0].rstrip().endswith(("：", ":"))
        and not re.match(_HEAD_MARK, paragraphs[0].strip())
    ):
        paragraphs = paragraphs[1:]
    entries = split(paragraphs, label=LABEL)
    if entries and all(entry.marker for entry in entries):
        entries = _close_inline(paragraphs, entries)
    return tuple(entry for entry in entries if entry.text)


def _before_reply(paragraphs: list[str], reply: str | None) -> list[str]:
    out = []
    for paragraph in paragraphs:
        cut = paragraph.find(reply) if reply else -1
        objection = next((m.start() for m in SENTENCE.finditer(paragraph) if is_objection(m.group())), -1)
        stops = [position for position in (cut, objection) if position > 0]
        out.append(paragraph[: min(stops)] if stops else paragraph)
    return out


def _close_inline(paragraphs: Sequence[str], entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Where 一是…；二是… run on in one paragraph, the last entry ends with that paragraph."""
    if not entries[-1].marker.endswith(("是", "要", "则")) or len(paragraphs) < 2:
        return entries
    starts = [p for p in paragraphs if p.strip().startswith(entries[-1].marker)]
    last = entries[-1]
    if starts:
        return entries
    return (*entries[:-1], Entry(last.marker, strip_end(last.text.split("\n")[0])))


def _until_reasoning(text: str) -> str:
    """An entry without later paragraphs that reason about it (本院认为…)."""
    lines = text.split("\n")
    stop = next((n for n, line in enumerate(lines) if n and _REASONING.match(line)), len(lines))
    return strip_end("\n".join(lines[:stop]))


def _in_pairs(paragraphs: Sequence[str]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Problem and advice matter by matter: …未记录。建议你局责令…停止开采。"""
    problems, advice = [], []
    for paragraph in paragraphs:
        match = _PAIRED.search(paragraph)
        if match is not None and match["problem"].strip():
            problems.append(Entry("", strip_end(match["problem"])))
            advice.append(Entry("", strip_end(match["advice"])))
    return (tuple(problems), tuple(advice)) if advice else ((), ())


def _held(paragraph: str) -> tuple[Entry, ...]:
    """本院认为，你局对…查处不力，对…检查不足，违反了…: the failings, clause by clause."""
    match = _HELD.match(paragraph)
    clauses = re.split("[，,](?=对|未|没有|在|且)", match["faults"]) if match else []
    return tuple(Entry("", strip_end(clause)) for clause in clauses if _FAULT.search(clause))


def _found_fault(paragraphs: Sequence[str], ask: _Lead) -> tuple[Entry, ...]:
    """Without any lead: a list before the recommendations, else the paragraphs that speak of failings."""
    before = [p for p in paragraphs[: ask.paragraph] if p.strip()]
    listed = split(before)
    if len(listed) > 1 and listed[0].marker:
        return tuple(Entry(one.marker, _until_reasoning(one.text)) for one in listed)
    held = next(filter(None, map(_held, before)), ())
    return held or tuple(
        Entry("", strip_end(p))
        for p in before
        if _FAULT.search(p)
        and not _REASONING.match(p)
        and re.match(r"\s*(?:你|贵|经|在|该|部分|对|有的|一些)", p)
    )
