"""Which quotation belongs to which citation: before it, after it, or in another cell of its row.

A quotation may follow its citation (《…》第三条规定，…“…”) or precede it (“…”（《…》第三条）). Words in
quotation marks that quote nothing (“有证”, “两书一函”) belong to no citation: whether they are meant as a
quotation shows in the words between, and in their likeness to the provision cited.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from generator.citation_scan import Mention
from generator.quotation import Quote, bare

_STOP = re.compile(r"[。！？]")
_LINK = (
    r"(?:的|中|里|关于|有关|明确|规定|要求|指出|载明|写明|强调|表述为|表述|称|所列|所称|所指|所述|列明|列举|内容|为|是|即|"
    r"应当|如下|原文|条文|项下|款|之|也|还|又|并|均|都|[，,：:、]|\s)"
)
_FOLLOWS = re.compile(rf"^(?:{_LINK}){{0,10}}$")
_PRECEDES = re.compile(
    r"^(?:的|等|[，,、；;]|\s|这一|上述|该|行为|情形|规定|内容|要求|情况|已|已经|均|分别|系|是|属于|属|出自|来自|见|引自|摘自|源于|根据|依据|按照|依照|"
    r"按|依|违反|违反了|对照|适用|构成|触犯|（|\(|\[|——|—|-)*$"
)
_DECLARES = re.compile(r"(?:简称|统称|称为|称|名为|号称|题为|所谓)[：:]?$")
_LIKE_LAW = re.compile(
    r"应当|不得|可以|必须|禁止|罚款|责令|以上|以下"
    r"|[零一二三四五六七八九十百千万\d]{1,6}(?:日|个月|年|小时|万元|元|人|名|%|倍|次|米|公里|千米|吨|公斤)"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A quotation that may belong to mention `mention`. `strong`: the words between say that it does."""

    quote: Quote
    mention: int
    strong: bool
    gap: int


def claims(text: str, mentions: Sequence[Mention], quotes: Sequence[Quote]) -> list[list[Claim]]:
    """For each quotation the claims on it, likeliest first; a quotation nobody claims gives an empty list."""
    return [_claims_on(text, mentions, quotes, quote) for quote in quotes]


def _claims_on(text: str, mentions: Sequence[Mention], quotes: Sequence[Quote], quote: Quote) -> list[Claim]:
    inside = any(m.start <= quote.start and quote.end <= m.end for m in mentions)
    if inside or _DECLARES.search(text[: quote.start]) or not bare(quote.text):
        return []
    out = []
    before = [n for n, m in enumerate(mentions) if m.end <= quote.start]
    after = [n for n, m in enumerate(mentions) if m.start >= quote.end]
    if before:
        gap = _outside(text, mentions[before[-1]].end, quote.start, quotes)
        if not _STOP.search(gap) and len(gap) <= 60:
            out.append(Claim(quote, before[-1], _FOLLOWS.match(gap) is not None, len(gap)))
    if after:
        gap = _outside(text, quote.end, mentions[after[0]].start, quotes)
        if not _STOP.search(gap) and len(gap) <= 40:
            opens = gap.strip()[:1] in ("（", "(")
            claim = Claim(quote, after[0], _PRECEDES.match(gap) is not None, len(gap))
            out.insert(0 if opens else len(out), claim)
    return sorted(out, key=lambda claim: not claim.strong)


def _outside(text: str, start: int, end: int, quotes: Sequence[Quote]) -> str:
    """The words between, other quotations left out."""
    out, position = [], start
    for quote in quotes:
        if start <= quote.start and quote.end <= end:
            out.append(text[position : quote.start])
            position = quote.end
    return "".join([*out, text[position:end]])


def looks_quoted(quote: str) -> bool:
    """Whether words this long, or this much like a law's, are a quotation and no mere emphasis."""
    words = bare(quote)
    return len(words) >= 10 or (len(words) >= 5 and _LIKE_LAW.search(words) is not None)
