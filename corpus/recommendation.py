"""检察建议书 → its fields: number, issuer, addressee, date, problems, recommendations, reply and objection.

Every field is a verbatim span of the letter (DOMAIN 3 and 6); what the letter does not say stays None
and is remarked on. The prose form (news about a recommendation, English included) is read alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpus import deadlines, isolation
from corpus.deadlines import Term, TermKind
from corpus.enumeration import Entry
from corpus.recommendation_body import Body, read_body


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A letter of recommendation as read. `date` is ISO, `date_text` as printed.

    `case_type`: 行政公益诉讼, 民事公益诉讼, 社会治理, 纠正违法, 再审检察建议, 其他,
    or as the letter names it.
    `urgent`: the letter speaks of harm that grows.
    """

    number: str | None
    issuer: str | None
    addressee: str | None
    date: str | None
    date_text: str | None
    case_type: str
    body: Body
    urgent: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Entry, ...]:
        return self.body.problems

    @property
    def recommendations(self) -> tuple[Entry, ...]:
        return self.body.recommendations


@dataclass(frozen=True, slots=True)
class Due:
    """When the reply is due and by which rule; `day` is None where nothing says when the letter came."""

    day: date | None
    rule: str
    objection_day: date | None
    warnings: tuple[str, ...]


# A PDF may set number and salutation on one line.
_BREAK = re.compile(r"[\n\v]|(?<=[0-9]号)\s*(?=[\u4e00-\u9fff、]{4,60}[：:]$)")
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,16}\s?[〔\[［（(【]\s*\d{4}\s*[〕\]］）)】]\s*第?\s*[A-Za-z]{0,2}\d{1,5}\s*号"
)
_NUMBER_ENGLISH = re.compile(r"(?:No\.? ?\d+ )?Procuratorial (?:Recommendation|Suggestion)(?: No\.? ?\d+)?")
_ISSUER = re.compile(r"最高人民检察院|[\u4e00-\u9fff]{2,20}?(?:人民|运输|军事)检察院")
_ISSUER_ENGLISH = re.compile(
    r"(?:[Tt]he )?((?:(?!The )[A-Z]\w+ )*People's Procuratorate(?: of [A-Z]\w+(?: [A-Z]\w+)*)?)"
)
_ADDRESSEE_ENGLISH = re.compile(
    r"(?:addressed |issued .{0,120}?)to the ([A-Z][\w’' -]+?)(?= \(|[.,;]| in | on )"
)
_ADDRESSEE_PROSE = re.compile(
    r"检察院(?:近日|日前)?[，]?向(?P<name>[^，。；：]{2,30}?)(?:发出|制发|送达|提出)[^。]{0,12}检察建议"
)
_ADDRESSEE_FIELD = re.compile(
    r"^\s*(?:被建议单位|主送(?:单位|机关)?|送达单位)\s*[：:]\s*(?P<name>[^：:。]{2,60})"
)
_SALUTATION = re.compile(
    r"^\s*(?P<name>[^：:。；！？（）\d]{2,80}(?:（[^）]{1,20}）)?)\s*[：:]\s*(?P<rest>.*)$", re.DOTALL
)
_NO_SALUTATION = re.compile(
    r"^经|查明|以下|如下|下列|制发|发文|机关$|问题|建议书?$|编号|文号|字号|案由|日期|联系|附件?$|抄送|检察院$|类型|密级"
)
_ANY_DATE = deadlines.DATE.pattern.replace("?P<", "?P<_")
_DATE_TAIL = re.compile(rf"(?:^|\s|[：:）院])(?P<date>{_ANY_DATE})\s*(?:（.{{1,6}}）)?\s*$")
_CASE = (
    ("再审检察建议", re.compile(r"再审检察建议")),
    ("民事公益诉讼", re.compile(r"民公|民事公益诉讼")),
    (
        "行政公益诉讼",
        re.compile(r"行公|行政公益诉讼|行政诉讼法》?第二十五条|公益(?:诉讼|监督|损害)|社会公共利益"),
    ),
    ("纠正违法", re.compile(r"纠正违法")),
    ("社会治理", re.compile(r"社会治理|检察建议工作规定")),
)
_URGENT = re.compile(r"损害(?:正在|仍在)?(?:继续)?扩大|紧急情形|情况紧急|现实紧迫")


def parse(lines: Sequence[str]) -> Recommendation:
    """Reads a letter given as its paragraphs. Never raises: what is missing is remarked on."""
    paragraphs = [part for line in lines for part in _BREAK.split(line) if part.strip()]
    body_from, addressee, rest = _addressee(paragraphs)
    english = sum(c.isascii() for c in "".join(paragraphs)) > sum(
        "\u4e00" <= c <= "\u9fff" for c in "".join(paragraphs)
    )
    day, day_text = _date(paragraphs)
    text = ([rest] if rest else []) + paragraphs[body_from:]
    body = read_body(text, written=day)
    joined = "\n".join(paragraphs)
    letter = Recommendation(
        number=_number(paragraphs, joined, english=english),
        issuer=_issuer(paragraphs, joined, english=english),
        addressee=addressee or _first(_ADDRESSEE_ENGLISH if english else _ADDRESSEE_PROSE, joined),
        date=day,
        date_text=day_text,
        case_type=_case_type(paragraphs, joined),
        body=body,
        urgent=_URGENT.search(joined) is not None,
    )
    return _with_remarks(letter)


def from_file(path: Path) -> Recommendation:
    """The letter in a file of any readable format. Raises InputRefused when the file cannot be read."""
    lines = isolation.lines(path).lines
    return parse([part for line in lines for part in line.text.split("\t" if line.table else "\n")])


def _with_remarks(letter: Recommendation) -> Recommendation:
    named = (
        ("文号", letter.number),
        ("制发检察院", letter.issuer),
        ("被建议单位", letter.addressee),
        ("落款日期", letter.date),
        ("存在的问题", letter.problems),
        ("检察建议内容", letter.recommendations),
        ("回复期限", letter.body.reply_term),
    )
    missing = tuple(f"文中未识别到{name}，请核对原件。" for name, value in named if not value)
    return Recommendation(
        letter.number,
        letter.issuer,
        letter.addressee,
        letter.date,
        letter.date_text,
        letter.case_type,
        letter.body,
        letter.urgent,
        missing,
    )


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return (match[1] if pattern.groups else match.group()).strip() if match else None


def _number(paragraphs: Sequence[str], joined: str, *, english: bool) -> str | None:
    for paragraph in (*paragraphs[:8], *paragraphs[-4:]):
        match = _NUMBER.search(paragraph)
        if match and "检" in match.group():
            return re.sub(r"^.*(?:建议书|编号|文号|字号)(?=.{2})", "", match.group()).strip()
    return _first(_NUMBER_ENGLISH, joined) if english else None


def _issuer(paragraphs: Sequence[str], joined: str, *, english: bool) -> str | None:
    for paragraph in (*paragraphs[:4], *paragraphs[:-8:-1]):
        bare = _SPACES.sub("", paragraph)
        match = _ISSUER.match(bare)
        if match and (match.end() == len(bare) or "建议" in bare or bare[match.end()] in "（(（2二"):
            return match.group()
    if english:
        return _first(_ISSUER_ENGLISH, joined)
    return _first(_ISSUER, joined)


def _addressee(paragraphs: Sequence[str]) -> tuple[int, str | None, str]:
    """(first paragraph of the body, addressee, words that follow the salutation on its own line)."""
    for number, paragraph in enumerate(paragraphs[:12]):
        field = _ADDRESSEE_FIELD.match(paragraph)
        if field:
            return number + 1, field["name"].strip(), ""
    for number, paragraph in enumerate(paragraphs[:12]):
        match = _SALUTATION.match(paragraph)
        if match and _is_salutation(match["name"]):
            return number + 1, _SPACES.sub("", match["name"]), match["rest"].strip()
    return 0, None, ""


def _is_salutation(name: str) -> bool:
    return not name.isascii() and "，" not in name and _NO_SALUTATION.search(name) is None


def _date(paragraphs: Sequence[str]) -> tuple[str | None, str | None]:
    """The date under the signature: the last line that is, or ends with, a date; else one below the title."""
    head = [p for p in paragraphs[:5] if deadlines.DATE.fullmatch(_SPACES.sub("", p))]
    for paragraph in [*reversed(paragraphs[1:]), *head]:
        text = _SPACES.sub("", paragraph)
        if len(text) > 60:
            continue
        match = _DATE_TAIL.search(text)
        found = deadlines.read_date(match["date"]) if match else None
        if (
            match
            and found
            and (match.start("date") == 0 or "检察院" in text or "日期" in text or "落款" in text)
        ):
            return found, match["date"]
    return None, None


def _case_type(paragraphs: Sequence[str], joined: str) -> str:
    named = re.search(r"(?:案件类型|建议类型|类型)[：:]\s*(\S{2,12})", "\n".join(paragraphs[:8]))
    if named:
        return named[1]
    return next((name for name, pattern in _CASE if pattern.search(joined)), "其他")


def reply_due(letter: Recommendation, received: date | None) -> Due:
    """The last day for the reply: the letter's own term first, else the rule for its kind of case.

    `received` is the day of receipt; without it only a fixed date in the letter gives a day.
    """
    own = letter.body.reply_term
    on = (received.isoformat() if received else letter.date) or None
    name = "letter" if own else _fallback(letter, on)
    rule = deadlines.rule(name, on=on)
    term = own or rule.term
    counting = deadlines.rule("counting")
    shown = f"{rule.text}（{own.text}）" if own else rule.text
    said = f"{shown}；{counting.text}。依据：{rule.source}" + (
        "" if own and own.kind is TermKind.DATE else f"；{counting.source}"
    )
    day = _day(term, received)
    objection = _day(letter.body.objection_term, received)
    return Due(day, said, objection, _warnings(letter, received, day, objection, certain=rule.certain))


def _fallback(letter: Recommendation, on: str | None) -> str:
    if letter.case_type != "行政公益诉讼":
        return "general"
    if on is not None and on < deadlines.rule("public_interest").effective_from:
        return "public_interest_trial"
    return "public_interest_urgent" if letter.urgent else "public_interest"


def _day(term: Term | None, received: date | None) -> date | None:
    if term is None or (received is None and term.kind is not TermKind.DATE):
        return None
    return deadlines.due(term, received or date.min)


def _warnings(
    letter: Recommendation, received: date | None, day: date | None, objection: date | None, *, certain: bool
) -> tuple[str, ...]:
    out = list(letter.remarks)
    if received is None:
        out.append("未给出收到日期（--received），无法从收到之日起计算期限。")
    elif letter.date is not None and received.isoformat() < letter.date:
        out.append(f"收到日期{received.isoformat()}早于落款日期{letter.date}，请核对。")
    if received is not None and day is not None and day < received:
        out.append(f"回复期限{day.isoformat()}早于收到日期，请与制发检察院联系。")
    if not certain:
        out.append("所依据条文的条号未核原文，引用前请核对。")
    for due_day, name in ((day, "回复到期日"), (objection, "异议到期日")):
        warning = deadlines.rest_day_warning(due_day, name=name) if due_day else None
        if warning:
            out.append(warning)
    return tuple(out)


def as_json(letter: Recommendation, due: Due) -> dict[str, Any]:
    """The object of `zeren recommendation --json` (CONTRACT)."""
    body = letter.body
    return {
        "number": letter.number,
        "issuer": letter.issuer,
        "addressee": letter.addressee,
        "date": letter.date,
        "date_text": letter.date_text,
        "case_type": letter.case_type,
        "problems": [entry.text for entry in body.problems],
        "recommendations": [entry.text for entry in body.recommendations],
        "problem_markers": [entry.marker for entry in body.problems],
        "recommendation_markers": [entry.marker for entry in body.recommendations],
        "reply_deadline_text": body.reply_term.text if body.reply_term else None,
        "reply_sentence": body.reply_sentence,
        "reply_rule": body.reply_term.as_json() if body.reply_term else None,
        "objection_text": body.objection_text,
        "objection_rule": body.objection_term.as_json() if body.objection_term else None,
        "due": due.day.isoformat() if due.day else None,
        "rule": due.rule,
        "objection_due": due.objection_day.isoformat() if due.objection_day else None,
        "warnings": list(due.warnings),
    }
