"""Obligations of English texts (machine-translated policies): shall, must, should, it is necessary to, urge.

A sentence with a word of force is a duty of its subject. Under a lead such as "measures as follows:"
or "fulfilling the following responsibilities:" the imperative sentences of the items are duties of the bearer
the lead introduces. Questions, reported speech and existential sentences (there must be …) are none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.document import Level, Provision
from indexer.obligation import BearerType, Modality, Obligation

Span = tuple[int, int]

_MUST_NOT = (
    r"(?:must|shall|should|may)\s+not|(?:is|are)\s+(?:strictly\s+)?(?:prohibited|forbidden)\s+(?:from|to)"
)
_MUST = (
    r"must|shall|should|(?<!urgent )needs?\s+to(?!\s+be)|ha(?:ve|s)\s+to(?!\s+be)|(?:is|"
    r"are)\s+(?:required|obliged)\s+to"
    r"|it\s+is\s+necessary\s+to"
)
_ENTITLED = r"ha(?:ve|s)\s+the\s+right\s+to|(?:is|are)\s+entitled\s+to"
MODAL = re.compile(
    rf"\b(?:(?P<must_not>{_MUST_NOT})|(?P<entitled>{_ENTITLED})|(?P<must>{_MUST})|(?P<may>may))\b",
    re.IGNORECASE,
)
_BOTH = re.compile(r"(?:must|shall|should)\s+not\s+only\b", re.IGNORECASE)
_NO_FORCE = re.compile(
    r"\bthere\s*(?:must|should|shall)|necessary\s+to\s+(?:clearly\s+)?(?:see|know|understand|note)\b"
    r"|manag\w+ \w+ must manage|it must not be|copyright|please\s+(?:call|click)|for more information|\?\s*$",
    re.IGNORECASE,
)
_END = re.compile(r"(?<!No)(?<!Mr)[.;!?](?:[\"”’)]*)(?=\s|$)|\n|\s+Essence\s+")
_LEAD = re.compile(
    r"(?:as follows|following\s+(?:responsibilities|duties|measures|tasks)|specific solutions|"
    r"including)\s*:?\s*$",
    re.IGNORECASE,
)
_ORGANISATION = (
    r"(?:governments?|departments?|units?|enterprises?|compan(?:y|ies)|committees?|agenc(?:y|ies)|"
    r"institutions?|offices?"
    r"|bureaus?|personnel|employees?|workers?|leaders?|cadres|authorit(?:y|ies)|headquarters|part(?:y|"
    r"ies)|organizations?"
    r"|regions|unions?|operators?|owners?|inspectors?|staff|groups|person in charge|persons? responsible)"
)
_MODIFIER = (
    r"(?!(?:of|and|or|to|for|in|by|with|that|from|on|performing|measures|supervision|implementation|"
    r"safety|is|are|require)\b)"
    r"[\w'’-]+"
)
BEARER = re.compile(
    rf"\b(?:(?:the|all|every|each|local|relevant|people's)\s+)*(?:production\s+and\s+operation\s+|"
    rf"development\s+and\s+reform\s+)?"
    rf"(?:{_MODIFIER}\s+){{0,3}}?{_ORGANISATION}\b"
    rf"(?:\s+(?:of\s+(?:the\s+)?(?:people's\s+)?{_ORGANISATION}|at\s+all\s+levels|in\s+charge)\b)*"
    rf"(?:\s+(?:and|or)\s+(?:their\s+)?(?:[\w-]+\s+){{0,2}}?{_ORGANISATION}\b(?:\s+at\s+all\s+levels)?)?",
    re.IGNORECASE,
)
_OWNER = re.compile(r"the\s+government(?='s)", re.IGNORECASE)
_ADDRESSEE = re.compile(r"\bto\s+(the\s+(?:[A-Z][\w-]+\s+){1,5}(?:Department|Bureau|Ministry|Committee))")
_THAT = re.compile(
    r"^.*\b(?:requires?|emphasi[sz]e[ds]?|establish(?:es)?|stipulates?|points?\s+out|"
    r"pointed\s+out)\s+that\s+",
    re.IGNORECASE,
)
_WHO = re.compile(r"\s+(?:that|who|which)\b")
_LEAD_IN = re.compile(
    r"^(?:[\"“”']+|and|but|also|in addition|at the same time|therefore|then|where|that|which|"
    r"it\s+is\s+(?:emphasized|required|stipulated)\s+that"
    r"|the\s+regulations?(?:\s+clearly)?\s+requires?\s+that|\s|,)+\s*",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^(?:if|when|where|in the event of|in case of|under|for|once|after|before|without)\b[^,.;]{3,160},",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(r"\b(?:except|unless|other than)\b[^,.;]{3,120}", re.IGNORECASE)
_DEADLINE = re.compile(
    r"\bwithin\s+(?:a\s+time\s+limit|\w+\s+(?:days?|months?|years?|hours?))|\bimmediately\b|\b(?:each|"
    r"every)\s+(?:year|month|day|quarter)"
    r"|\bannually\b|\bregularly\b|\bin\s+a\s+timely\s+manner\b|\bas\s+soon\s+as\s+possible\b|\btimely\b",
    re.IGNORECASE,
)
_VERBS = (
    "comprehensively|conscientiously|consolidate|effectively|incorporate|investigate|standardize|"
    "accelerate|constantly|coordinate|resolutely|strengthen|vigorously|earnestly|establish|"
    "formulate|gradually|highlight|implement|organized|publicise|publicity|publicize|regularly|"
    "seriously|supervise|actively|complete|continue|increase|innovate|maintain|optimise|optimize|"
    "organise|organize|strictly|advance|approve|arrange|careful|clarify|compile|conduct|develop|"
    "enforce|enhance|fulfill|further|improve|perform|prepare|prevent|promote|protect|provide|"
    "rectify|regular|adhere|adjust|cancel|deepen|ensure|expand|firmly|fulfil|reform|report|review|"
    "strive|timely|build|carry|focus|fully|guide|speed|care|give|keep|make|push|shut|take|urge|"
    "ban|pay|do"
)
_IMPERATIVE = re.compile(rf"^(?:to\s+)?(?:{_VERBS})\b", re.IGNORECASE)
_ORDINAL = re.compile(
    r"^(?:the\s+)?(?:first|second|third|fourth|fifth|sixth|seventh|two|five|six|"
    r"seven)(?:\s+is)?\s*(?:to\b|,)\s*",
    re.IGNORECASE,
)

_TYPES = (
    (BearerType.UNION, re.compile(r"union", re.IGNORECASE)),
    (BearerType.PRINCIPAL_PERSON, re.compile(r"person in charge|leaders?\b|cadres", re.IGNORECASE)),
    (
        BearerType.REGULATOR_DEPT,
        re.compile(r"department|bureau|authorit|agenc|inspector|committee|office", re.IGNORECASE),
    ),
    (BearerType.GOVERNMENT, re.compile(r"government|regions", re.IGNORECASE)),
    (BearerType.EMPLOYEE, re.compile(r"personnel|employee|worker|staff", re.IGNORECASE)),
    (
        BearerType.ENTERPRISE,
        re.compile(r"enterprise|compan|unit|operator|owner|headquarters|part(?:y|ies)", re.IGNORECASE),
    ),
)


# A numbered measure of a text that introduces no bearer: the text's usual one is taken, and said so.
_NOT_NAMED = "*"


@dataclass(frozen=True, slots=True)
class _Found:
    provision: Provision
    sentence: Span
    modality: Modality
    action: Span
    bearer: str | None
    source: str
    implicit: bool


def extract(provisions: Sequence[Provision], *, title: str) -> tuple[Obligation, ...]:
    """The obligations of an English text; `title` may name the bearer where no sentence does."""
    interview = any(p.marker.startswith("Q") for p in provisions)
    addressee = next((m[1] for p in provisions if (m := _ADDRESSEE.search(p.text))), None)
    found: list[_Found] = []
    introduced: dict[str, str] = {}
    for provision in provisions:
        if provision.level is Level.TABLE or provision.marker.startswith("Q"):
            continue
        section = provision.address.section or ""
        lead = _introduced(section, introduced)
        if lead is None and provision.marker and not interview:
            lead = addressee or _NOT_NAMED
        bearer = _bearer_of_lead(provision)
        if bearer is not None:
            introduced[section] = bearer
        found.extend(_read(provision, lead))
    usual = _usual(found) or _first_bearer(title)
    named = (replace(f, bearer=usual, source="text_context") if f.bearer == _NOT_NAMED else f for f in found)
    return tuple(_finish(f, f.bearer) for f in named if f.bearer)


def _introduced(section: str, introduced: dict[str, str]) -> str | None:
    """The bearer the nearest lead above introduces."""
    head = section.rpartition(".")[0]
    while head:
        if head in introduced:
            return introduced[head]
        head = head.rpartition(".")[0]
    return None


def _bearer_of_lead(provision: Provision) -> str | None:
    text = provision.text.rstrip()
    first = text.split("\n", 1)[0]
    if not _LEAD.search(text) and not _LEAD.search(first):
        return None
    found = _OWNER.search(text) or BEARER.search(text, _lead_start(text, provision))
    return found[0].strip() if found else None


def _lead_start(text: str, provision: Provision) -> int:
    """The last line of a lead introduces; lines above it are captions."""
    return max(text.rfind("\n") + 1, len(provision.marker))


def _sentences(text: str, start: int) -> Iterator[Span]:
    at = start
    for mark in _END.finditer(text, start):
        yield from _span(text, at, mark.start() if mark[0].isspace() or "Essence" in mark[0] else mark.end())
        at = mark.end()
    yield from _span(text, at, len(text))


def _span(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end - start > 8:
        yield start, end


def _read(provision: Provision, lead: str | None) -> Iterator[_Found]:
    text, carry = provision.text, lead
    pending: _Found | None = None
    for start, end in _sentences(text, len(provision.marker)):
        words = text[start:end]
        if _NO_FORCE.search(words) or _LEAD.search(words):
            continue
        modal = MODAL.search(words)
        if modal is None:
            plain = _imperative(provision, start, end, lead)
            if pending is not None and plain is not None and "\n" in text[pending.sentence[1] : start]:
                yield pending
                pending = None
            pending = _joined(pending, plain) if plain else pending
            continue
        if pending is not None:
            yield pending
            pending = None
        duty = _with_modal(provision, start, end, modal, carry)
        if duty.bearer and BEARER.fullmatch(duty.bearer):
            carry = duty.bearer
        yield duty
    if pending is not None:
        yield pending


def _imperative(provision: Provision, start: int, end: int, lead: str | None) -> _Found | None:
    if lead is None:
        return None
    words = provision.text[start:end]
    ordinal = _ORDINAL.match(words)
    at = start + (ordinal.end() if ordinal else 0)
    if not _IMPERATIVE.match(provision.text[at:end]):
        return None
    return _Found(
        provision, (start, end), Modality.MUST, _trim(provision.text, at, end), lead, "chapeau", True
    )


def _joined(before: _Found | None, plain: _Found) -> _Found:
    """Imperative sentences that follow each other are one duty, one contiguous slice."""
    if before is None:
        return plain
    return _Found(
        plain.provision, (before.sentence[0], plain.sentence[1]), Modality.MUST,
        (before.action[0], plain.action[1]), before.bearer, before.source, True,
    )  # fmt: skip


def _with_modal(
    provision: Provision, start: int, end: int, modal: re.Match[str], carry: str | None
) -> _Found:
    text = provision.text
    words = text[start:end]
    kind = Modality(modal.lastgroup or "must")
    if _BOTH.match(words, modal.start()):
        kind = Modality.MUST
    force_end = words.find(" ", modal.start()) if _BOTH.match(words, modal.start()) else modal.end()
    prefix = words[: modal.start()]
    at = prefix.rfind(",") + 1
    lead_in = _LEAD_IN.match(prefix[at:])
    at += lead_in.end() if lead_in else 0
    that = _THAT.match(prefix[at:])
    at += that.end() if that else 0
    subject = prefix[at:].strip()
    bearer, source, action_start = carry, "chapeau", force_end
    if (
        subject.lower() == "we"
        or re.search(rf"\b{_ORGANISATION}(?:\s+at\s+all\s+levels)?$|^those who", subject, re.IGNORECASE)
        or ((named := BEARER.match(subject)) and _WHO.match(subject, named.end()))
    ):
        bearer, source = subject, "explicit"
    elif subject and not modal[0].lower().startswith("it"):
        action_start = at
    return _Found(
        provision, (start, end), kind, _trim(text, start + action_start, end), bearer or None, source, False
    )


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in " ,:\n\t":
        start += 1
    while end > start and text[end - 1] in " .;,:\n\t":
        end -= 1
    return start, end


def _usual(found: Sequence[_Found]) -> str | None:
    named = Counter(f.bearer for f in found if f.source == "explicit" and BEARER.fullmatch(f.bearer or ""))
    return next((b for b, _ in named.most_common()), None)


def _first_bearer(title: str) -> str | None:
    found = BEARER.search(title)
    return found[0].strip() if found else None


def bearer_type(bearer: str) -> BearerType:
    return next((kind for kind, words in _TYPES if words.search(bearer)), BearerType.OTHER)


def _finish(found: _Found, bearer: str) -> Obligation:
    text = found.provision.text
    quote = text[slice(*found.sentence)]
    condition = _CONDITION.search(quote)
    exception, deadline = _EXCEPTION.search(quote), _DEADLINE.search(quote)
    return Obligation(
        found.provision.address,
        bearer,
        bearer_type(bearer),
        found.modality,
        text[slice(*found.action)],
        quote,
        condition=condition[0].rstrip(",") if condition else None,
        exception=exception[0].strip() if exception else None,
        deadline=deadline[0] if deadline else None,
        bearer_source=found.source,
        implicit=found.implicit,
    )
