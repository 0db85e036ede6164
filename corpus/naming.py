"""How a written citation names its text: 《…》（2021年修正）, 2014年版安全生产法, 国务院令第393号, 违反刑法.

`candidates` gives every reading of the words before an address, best first; the library decides which
of them is a work. A name is never found inside a longer one: 难民法 does not hold 民法.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_TAIL = re.compile(r"(?:\s|[：:，,、（(“\"‘]|的规定|规定的|规定|当中的|中的|之中|中|的|之|里|项下|——|--?)+$")
_PAREN = re.compile(
    r"[（(〔\[【]([^（）()〔〕\[\]【】《》]*(?:《[^《》]*》)?[^（）()〔〕\[\]【】《》]*)[）)〕\]】]\s*$"
)
_SHORT = re.compile(r"^(?:以下|下)?(?:简称|统称|称)")
_DOCUMENT_NUMBER = re.compile(r"号[令]?$|^.{0,12}〔\d{4}")
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:[-年./]([0-9]{1,2})(?:[-月./]([0-9]{1,2})日?)?)?")
_TAG = re.compile(
    r"修正|修订|修改|版|文本|通过|公布|施行|生效|^(?:19|20)[0-9]{2}年?$|^(?:19|20)[0-9]{2}[-./年]"
)
_ORDINAL = re.compile(r"^[一二三四五六七八九十]{1,3}$")
_BEFORE = re.compile(
    r"(?:(?P<year>(?:19|20)[0-9]{2})\s*年?(?:新)?(?:版|修正版|修订版|修正|修订|修改|通过|公布|施行)?的?"
    r"|(?P<old>修[正订改]前的?|旧版?的?|原|老)"
    r"|(?P<new>修[正订改]后的?|新修[正订改]的?|最新的?|新版?的?|现行有效的?|现行的?))\s*$"
)
_BEFORE_START = re.compile(_BEFORE.pattern.removesuffix(r"\s*$"))
_AFTER = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})\s*年?\s*(?:版|修正版|修订版|修正本|修订本|修正|修订|修改|文本|通过)?$"
    r"|(?P<old>旧版|老版|修[正订改]前)$|(?P<new>新版|修[正订改]后)$"
)
_STRONG = re.compile(
    r"根据|依据|依照|按照|遵照|对照|违反了|违反|参照|参见|详见|适用|触犯|符合|执行|遵守|引用|查看|查询|请问|关于"
    r"|[，,。；;：:！!？?、\s“”\"'（(]|》"
)
_WEAK = re.compile(r"和|与|及|以及|或者|或|并|同时")
_KIND = (
    r"(?:(?:实施|特别|若干|暂行|管理)?(?:法|条例|办法|规定|规则|细则|意见|通知|决定)"
    r"|(?:司法)?解释|标准|规程|准则|方案)"
)
_GENERIC = re.compile(rf"{_KIND}|(?:该|上述|有关|相关){_KIND}|法律|法规|规章")


def is_generic(title: str) -> bool:
    """Whether a title only names a kind of text: 条例, 暂行规定, 该办法."""
    return bool(_GENERIC.fullmatch(title))


@dataclass(frozen=True, slots=True)
class Name:
    """A text as a citation names it.

    `dated` is the year or date of the version meant ("2014", "2021-06-10"); `age` is old (旧, 原, 修订前)
    or new; `quoted` says that 《》 stood around it.
    """

    title: str
    dated: str | None = None
    age: str | None = None
    quoted: bool = False


def candidates(before: str, *, first: bool = True) -> Iterator[Name]:
    """The readings of the words before an address, best first; none when they are empty.

    `first` is False for a text named after another one (…第三条和刑法第四条), where a bare 和 may stand
    before the title.
    """
    text, tag = _without_parens(before)
    if text.endswith("》"):
        opening = _opening(text)
        if opening is not None:
            name = _tagged(Name(text[opening + 1 : -1], quoted=True), tag)
            yield _aged(name, text[:opening])
            if opening and not _STRONG.search(text[opening - 1]):
                yield _tagged(Name(text), tag)
            return
    for body in dict.fromkeys((text, _TAIL.sub("", text))):
        if not body:
            continue
        for start in (0, *_cuts(body, first=first)):
            rest = body[start:].strip("《》 ")
            if len(rest) >= 2 or is_generic(rest):
                yield from _plain(rest, tag)


def quoted_titles(text: str) -> list[tuple[int, int, Name]]:
    """Every 《…》 of a text with its place, the inner 《》 of a title kept inside."""
    found, depth, start = [], 0, 0
    for position, char in enumerate(text):
        if char == "《":
            depth += 1
            if depth == 1:
                start = position
        elif char == "》" and depth:
            depth -= 1
            if depth == 0:
                found.append((start, position + 1, Name(text[start + 1 : position], quoted=True)))
    return found


def _without_parens(text: str) -> tuple[str, str | None]:
    """The words before an address without what only explains them; the version tag if one stood there."""
    tag: str | None = None
    text = text.strip()
    while True:
        bare = text if text.endswith("》") else text.rstrip("，,：: ")
        match = _PAREN.search(bare)
        if match is None:
            trimmed = _TAIL.sub("", text) if "》" in text[-6:] else text
            if trimmed == text:
                return text, tag
            text = trimmed
            continue
        inner = match.group(1).strip()
        if bare[: match.start()].rstrip().endswith("令"):
            return bare, tag  # 国务院令（第393号） is the name itself
        if _ORDINAL.match(inner) or not inner:
            return bare, tag
        if _TAG.search(inner):
            tag = tag or inner
        elif not (_SHORT.match(inner) or _DOCUMENT_NUMBER.search(inner) or inner in ("试行", "暂行")):
            return bare, tag
        text = bare[: match.start()].rstrip()


def _opening(text: str) -> int | None:
    depth = 0
    for position in range(len(text) - 1, -1, -1):
        if text[position] == "》":
            depth += 1
        elif text[position] == "《":
            depth -= 1
            if depth == 0:
                return position
    return None


def _cuts(text: str, *, first: bool) -> list[int]:
    """Where a bare title may begin inside running words."""
    cuts = {match.end() for match in _STRONG.finditer(text)}
    if not first:
        cuts |= {match.end() for match in _WEAK.finditer(text)}
    return sorted(cut for cut in cuts if cut < len(text))


def _plain(text: str, tag: str | None) -> Iterator[Name]:
    """A bare title as it stands, then without the words that only tell its version."""
    yield _tagged(Name(text), tag)
    after = _AFTER.search(text)
    if after and after.start():
        yield _worded(Name(text[: after.start()].rstrip("（( ")), after)
    before = _BEFORE_START.match(text)
    if before and before.end() and before.end() < len(text):
        yield _worded(_tagged(Name(text[before.end() :]), tag), before)


def _aged(name: Name, before: str) -> Name:
    match = _BEFORE.search(before)
    return _worded(name, match) if match else name


def _worded(name: Name, match: re.Match[str]) -> Name:
    if match["year"]:
        return replace(name, dated=match["year"])
    return replace(name, age="old" if match["old"] else "new")


def _tagged(name: Name, tag: str | None) -> Name:
    if not tag:
        return name
    date = _YEAR.search(tag)
    if date is None:
        return replace(name, age="old") if re.search(r"前|旧|原", tag) else name
    year, month, day = date.groups()
    if month and day:
        return replace(name, dated=f"{year}-{int(month):02d}-{int(day):02d}")
    return replace(name, dated=year)
