"""Citations standing in a text: 本法第二十一条, 前款第二项, 《消防法》第十六条, 依照刑法第一百三十四条.

Read at add time, from the text alone: what cites itself is given its address, what cites another text
keeps that text's name, to be looked up when a link is followed (the other text may be added later).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.document import Level, Provision
from corpus.naming import candidates, is_generic
from corpus.place import Address
from corpus.works import STATE, title_key
from corpus.written import Aim, Chain, Number, chains

_HINT = re.compile(r"第[^，。；]{1,12}[条款项]|[前本上](?:[一两二三四]|几)?[条款项]")
_BARE = re.compile(r"([\u4e00-\u9fff]{1,30}?(?:法典|法|条例|办法|规定|细则|规则|解释))$")
_STOPS = re.compile(
    "根据|依据|依照|按照|违反|参照|适用|触犯|符合|执行|遵守|比照|援引|或者|以及|属于|构成|实施|包括|认定|具备"
    "|可以|应当|主张|确定|结合|删去|指定|行使|承担|藏匿|产生|明显|出现|规定|不受|不影响|当事人|人民法院|同时又?"
    "|就|达到|制造|使用|考虑|收到|履行|超过|(?:具|没|仅|也|还|又)?有(?![线毒限机])"
    "|修[正改订]后的?|修[正改订]前的?|修[正改订]的|对(?!外)|和|与|及|由|在|将|按|是|为|犯|其|除|指|以|了|的|又|无|于(?!.{0,6}解释)|《|》"
)
_PLAIN = re.compile(r"[依合违非守执司立方无]法|办法|规定|[本该]法|(?:其他|有关)规定")
RANGE_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Mention:
    """A citation in a provision: `ordinal` of the row, where it stands, and what it cites.

    `target` is the key of the title cited, None for the text itself.
    """

    ordinal: int
    start: int
    stop: int
    target: str | None
    article: int
    suffix: int | None = None
    paragraph: int | None = None
    item: int | None = None
    subitem: int | None = None


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A mention in the library: the text `key` and the provision it stands in."""

    key: str
    source: Address
    mention: Mention


def mentions_in(provisions: Sequence[Provision], short: Mapping[str, str]) -> list[Mention]:
    """Every citation of a provision in a text; `short` holds the short names it declares."""
    order: list[Number] = list(
        dict.fromkeys(
            (p.address.article, p.address.article_suffix)
            for p in provisions
            if p.address.article is not None and p.address.annex is None
        )
    )
    places = {number: index for index, number in enumerate(order)}
    found: list[Mention] = []
    for ordinal, p in enumerate(provisions):
        if p.level is not Level.TABLE and _HINT.search(p.text):
            found += _in_row(ordinal, p, short, order, places)
    return found


def _in_row(
    ordinal: int, p: Provision, short: Mapping[str, str], order: list[Number], places: dict[Number, int]
) -> Iterator[Mention]:
    last, target = 0, None
    for chain in chains(p.text):
        before = p.text[last : chain.start]
        if chain.itself:
            target = None
        else:
            named = _named(before, short)
            if named is not None or last == 0 or re.search(r"[。；;]", before):
                target = named
        last = chain.stop
        for aim in chain.aims:
            for one in _settled(aim, p.address, order, places, own=target is None):
                yield _mention(ordinal, chain, target, one)


def _mention(ordinal: int, chain: Chain, target: str | None, a: Aim) -> Mention:
    assert a.article is not None
    return Mention(ordinal, chain.start, chain.stop, target, *a.article, a.paragraph, a.item, a.subitem)


def _named(before: str, short: Mapping[str, str]) -> str | None:
    """The key of the title right before an address, None when none stands there."""
    tail = before[-90:]
    if "》" in tail[-40:]:
        first = next(candidates(tail), None)
        if first is not None and first.quoted:
            return title_key(short.get(title_key(first.title), first.title))
    match = _BARE.search(tail.rstrip("的 ").replace(STATE, ""))
    if match is None:
        return None
    words = match.group(1)
    cuts = [m.end() for m in _STOPS.finditer(words) if m.end() < len(words)]
    name = words[cuts[-1] :] if cuts else words
    if len(name) < 2 or _PLAIN.fullmatch(name) or is_generic(name):
        return None
    return title_key(short.get(title_key(name), name))


def _settled(
    aim: Aim, here: Address, order: list[Number], places: dict[Number, int], *, own: bool
) -> Iterator[Aim]:
    """The aims with articles filled in and ranges of articles spelt out; nothing where that is not sure."""
    if aim.article is None:
        if not own or here.article is None or aim.section or aim.chapter or aim.depth == 0:
            return
        aim = _from_here(aim, here, order, places) or Aim()
        if aim.article is None:
            return
    if aim.through is None or aim.depth != 1:
        yield from _lower_range(aim)
        return
    low, high = aim.article, aim.through
    assert low is not None
    between = order if own else [(n, None) for n in range(low[0], high[0] + 1)]
    wanted = [n for n in between if _rank(low) <= _rank(n) <= _rank(high)]
    for number in wanted[:RANGE_LIMIT]:
        yield replace(aim, article=number, through=None)


def _lower_range(aim: Aim) -> Iterator[Aim]:
    if aim.through is None:
        yield aim
        return
    first = {2: aim.paragraph, 3: aim.item, 4: aim.subitem}[aim.depth] or 1
    for number in range(first, min(aim.through[0], first + RANGE_LIMIT) + 1):
        if aim.depth == 2:
            yield replace(aim, through=None, paragraph=number)
        elif aim.depth == 3:
            yield replace(aim, through=None, item=number)
        else:
            yield replace(aim, through=None, subitem=number)


def _rank(number: Number) -> tuple[int, int]:
    return number[0], number[1] or 0


def _from_here(aim: Aim, here: Address, order: list[Number], places: dict[Number, int]) -> Aim | None:
    assert here.article is not None
    number: Number = (here.article, here.article_suffix)
    if aim.article_back:
        index = places.get(number)
        if index is None or index < aim.article_back:
            return None
        first = replace(aim, article=order[index - aim.article_back], article_back=None)
        return replace(first, through=order[index - 1], depth=1) if aim.article_back > 1 else first
    filled = replace(aim, article=number, article_back=None)
    if aim.paragraph is not None:
        return filled
    if aim.item_back is not None:
        return None
    return _paragraph_from_here(filled, here.paragraph or 1)


def _paragraph_from_here(aim: Aim, paragraph: int) -> Aim | None:
    back = aim.paragraph_back
    if not back:
        return replace(aim, paragraph=paragraph if back == 0 else None, paragraph_back=None)
    if paragraph <= back:
        return None
    filled = replace(aim, paragraph=paragraph - back, paragraph_back=None)
    return replace(filled, through=(paragraph - 1, None), depth=2) if back > 1 and not aim.item else filled
