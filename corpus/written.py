"""Citations as people write them: 安全生产法21条第(五)项, 本法第十六条、第二十一条第二款, 前款第二项、第三项.

This reads words only; which text is meant and whether it has such a provision is citing.py's business.
The order 条→款→项→目 is that of 立法法第六十五条.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.numeral import from_chinese

NUMERAL = r"(?:[0-9０-９]{1,6}|[一二三四五六七八九十百千零〇两]{1,9})"
_OPEN, _CLOSE = r"[（(﹝〔]", r"[）)﹞〕]"
_BRACKETED = rf"{_OPEN}\s*{NUMERAL}\s*{_CLOSE}"
_ONE = rf"第?\s*(?:{_BRACKETED}|{NUMERAL})"
_AND = r"\s*(?:、|，|,|和|与|及|以及|或者|或)\s*"
_TO = r"\s*(?:至|到|－|-|—|–|~|～)\s*"
_UNIT = r"(?:条|款|项|目|自然段|段|分编|编|章|节|部分|点)"
_MORE = rf"(?:(?:{_AND}|{_TO}){_ONE}|\s*{_BRACKETED}(?=\s*(?:{_BRACKETED}\s*)*(?:项|目)))"
_PART = re.compile(
    rf"(?P<numbers>{_ONE}{_MORE}*)\s*(?P<unit>{_UNIT})(?:\s*之\s*(?P<suffix>{NUMERAL})(?![种般个]))?"
)
_ODD_SUFFIX = re.compile(rf"第\s*(?P<number>{NUMERAL})\s*之\s*(?P<suffix>{NUMERAL})\s*条")
_BACK = re.compile(
    rf"(?P<word>前|上|本|该|同)(?P<count>一|{NUMERAL}|几|各)?(?P<unit>条|款|项)(?![目例款件文约])"
)
_SELF = re.compile(
    r"(?<![基根日原样版文资书脚])本(?:实施|暂行|管理|若干)?(?:法典|法|条例|办法|规定|细则|规则|解释|决定|意见|通知|标准|准则|规程|章程|批复|纲要|方案|制度)"
    r"(?![律院官])"
)
_ANNEX = re.compile(rf"附(?:件|录|表)\s*(?P<number>{NUMERAL})?\s*")
_SECTION = re.compile(
    rf"(?P<one>[一二三四五六七八九十]{{1,3}})、\s*(?:{_OPEN}(?P<two>[一二三四五六七八九十]{{1,3}}){_CLOSE})?"
    rf"\s*(?:(?P<three>[0-9０-９]{{1,2}})[.．、])?\s*(?:{_OPEN}(?P<four>[0-9０-９]{{1,2}}){_CLOSE})?"
)
_QUOTED = re.compile(r"《(?:[^《》]|《[^《》]*》)*》")
_SECTION_OF = rf"第\s*(?P<number>{NUMERAL})\s*(?:自然)?段"
_PREAMBLE = re.compile(rf"(?:序言|正文)(?:\s*{_SECTION_OF})?")
_STRETCH = re.compile(_SECTION_OF)  # 附件1第2段
_BARE_ITEMS = re.compile(rf"(?P<numbers>{_BRACKETED}(?:(?:{_AND}|{_TO})?{_BRACKETED})*)(?!\s*{_UNIT})")
_JOIN = re.compile(rf"(?P<to>{_TO})|(?P<and>{_AND}|\s+|；|;|并|以及)")
_DEPTH = {"条": 1, "款": 2, "项": 3, "目": 4, "部分": 1, "点": 1, "自然段": 2, "段": 2}
_ABOVE = ("分编", "编", "章", "节")
Number = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Aim:
    """One provision as written, before any text is looked at.

    `article` is (number, 之N). The `…_back` fields count backwards from where the citation stands:
    0 this one (本条, 本款), 1 the one before (前款), 2 both before (前两款). `through` ends a range at the
    level of `depth`. `section` is a dotted path in a text without articles. `chapter` keeps a 章 cited
    alone.
    """

    article: Number | None = None
    paragraph: int | None = None
    item: int | None = None
    subitem: int | None = None
    article_back: int | None = None
    paragraph_back: int | None = None
    item_back: int | None = None
    through: Number | None = None
    depth: int = 0
    annex: int | None = None
    section: str | None = None
    chapter: str | None = None
    part: bool = False

    @property
    def relative(self) -> bool:
        """Whether it leans on the provision it stands in."""
        backs = (self.article_back, self.paragraph_back, self.item_back)
        return any(back is not None for back in backs) or (self.article is None and self.section is None)

    def cut(self, depth: int) -> Aim:
        """What stands above a level."""
        return Aim(
            article=self.article if depth > 1 else None,
            article_back=self.article_back if depth > 1 else None,
            paragraph=self.paragraph if depth > 2 else None,
            paragraph_back=self.paragraph_back if depth > 2 else None,
            item=self.item if depth > 3 else None,
            item_back=self.item_back if depth > 3 else None,
            annex=self.annex,
            part=self.part if depth > 1 else False,
        )


@dataclass(frozen=True, slots=True)
class Chain:
    """A run of provisions of one text: where it stands, and whether it says 本法 of that text."""

    start: int
    stop: int
    aims: tuple[Aim, ...]
    itself: bool = False


def chains(text: str, *, loose: bool = False) -> Iterator[Chain]:
    """Every run of addresses in a text, left to right.

    `loose` also takes numbers without 第 (21条, 二十一条2款) and section paths (二、（一）3.): for a written
    citation, not for running text.
    """
    position, text = 0, _unquoted(text)
    while position < len(text):
        start = _next_start(text, position, loose=loose)
        if start is None:
            return
        chain = _read(text, start, loose=loose)
        if chain is None:
            position = start + 1
            continue
        yield chain
        position = chain.stop


def _unquoted(text: str) -> str:
    """The text with the inside of 《…》 blanked: 基本法, 第九十三条 in a title are no citations."""
    return _QUOTED.sub(lambda match: "《" + "□" * (len(match.group()) - 2) + "》", text)


def _next_start(text: str, position: int, *, loose: bool) -> int | None:
    starts = []
    for pattern in (_PART, _ODD_SUFFIX, _BACK, _SELF):
        for match in pattern.finditer(text, position):
            if pattern is _PART and not _opens(match, loose=loose):
                continue
            starts.append(match.start())
            break
    if loose:
        section = _SECTION.search(text, position)
        if section:
            starts.append(section.start())
        for pattern in (_ANNEX, _PREAMBLE, _STRETCH):
            found = pattern.search(text, position)
            if found:
                starts.append(found.start())
    return min(starts) if starts else None


def _opens(match: re.Match[str], *, loose: bool) -> bool:
    """Whether a part may open a chain: with 第, or bare figures where the reader is loose."""
    numbers, unit = match["numbers"].lstrip(), match["unit"]
    if unit.endswith("段"):
        return False
    if numbers.startswith("第"):
        return loose or unit not in ("部分", "点")
    if not loose:
        return False
    return (unit == "条" and not numbers.startswith(("（", "("))) or (unit == "项" and match.start() == 0)


def _read(text: str, start: int, *, loose: bool) -> Chain | None:
    position, itself = start, False
    match = _SELF.match(text, position)
    if match:
        itself, position = True, match.end()
        spaces = re.compile(r"\s*").match(text, position)
        position = spaces.end() if spaces else position
    aims: list[Aim] = []
    annex = _ANNEX.match(text, position) if loose or itself else None
    seed = Aim()
    if annex:
        seed = Aim(annex=(from_chinese(annex["number"]) if annex["number"] else None) or 1)
        position = annex.end()
    preamble = (_PREAMBLE.match(text, position) or _STRETCH.match(text, position)) if loose else None
    if preamble:
        path = "0" if preamble["number"] is None else f"0.{from_chinese(preamble['number'])}"
        return Chain(start, preamble.end(), (replace(seed, section=path),), itself)
    section = _SECTION.match(text, position) if loose else None
    if section and not _PART.match(text, position):
        return Chain(start, section.end(), (replace(seed, section=_path(section)),), itself)
    stop = position
    joined: str | None = "attach"
    while joined:
        taken = _step(text, position, aims, joined, seed)
        if taken is None:
            break
        stop = taken
        joined, position = _join(text, stop)
    if aims and loose and aims[-1].depth in (1, 2):
        stop = _bare_items(text, stop, aims)
    if not aims:
        return Chain(start, stop, (seed,), itself) if itself or annex else None
    return Chain(start, stop, tuple(aims), itself)


def _join(text: str, position: int) -> tuple[str, int]:
    match = _JOIN.match(text, position)
    if match is None:
        return "attach", position
    if not match.group().strip() and not match["to"]:
        return "attach", match.end()
    return ("to" if match["to"] else "and"), match.end()


def _step(text: str, position: int, aims: list[Aim], joined: str, seed: Aim) -> int | None:
    """Reads one part at `position` into `aims`; where it stops, or None when there is none."""
    for pattern, read in ((_BACK, _back), (_ODD_SUFFIX, _odd), (_PART, _part)):
        match = pattern.match(text, position)
        if match and read(match, aims, joined, seed):
            return match.end()
    return None


def _bare_items(text: str, stop: int, aims: list[Aim]) -> int:
    """第九十九条（五）, as some write for 第九十九条第（五）项."""
    match = _BARE_ITEMS.match(text, stop)
    if match is None:
        return stop
    above = aims.pop().cut(3)
    for number, through in _numbers(match["numbers"]):
        end = (through, None) if through is not None else None
        aims.append(replace(above, item=number, depth=3, through=end))
    return match.end()


def _back(match: re.Match[str], aims: list[Aim], joined: str, seed: Aim) -> bool:
    word, count, unit = match["word"], match["count"], match["unit"]
    if word in "本该同" and count:
        return False
    if count in ("几", "各"):
        back = 99
    else:
        back = 0 if word in "本该同" else ((from_chinese(count) if count else 1) or 1)
    depth = _DEPTH[unit]
    base = (aims[-1] if aims else seed).cut(depth)
    if word in "该同" and depth == 1 and aims and aims[-1].article:
        base = replace(base, article=aims[-1].article)
        _put(aims, replace(base, depth=1), joined)
        return True
    name = {1: "article_back", 2: "paragraph_back", 3: "item_back"}[depth]
    _put(aims, replace(base, depth=depth, **{name: back}), joined)  # type: ignore[arg-type]
    return True


def _odd(match: re.Match[str], aims: list[Aim], joined: str, seed: Aim) -> bool:
    """第一百三十四之一条, as some write for 第一百三十四条之一."""
    number, suffix = from_chinese(match["number"]), from_chinese(match["suffix"])
    if number is None or suffix is None:
        return False
    base = (aims[-1] if aims else seed).cut(1)
    _put(aims, replace(base, article=(number, suffix), depth=1), joined)
    return True


def _part(match: re.Match[str], aims: list[Aim], joined: str, seed: Aim) -> bool:
    unit = match["unit"]
    numbers = _numbers(match["numbers"])
    if not numbers:
        return False
    base = aims[-1] if aims else seed
    if unit.endswith("段") and base.article is None:
        return False
    if unit in _ABOVE:
        _put(aims, replace(seed, chapter=match.group(), depth=0), joined)
        return True
    depth = _DEPTH[unit]
    suffix = from_chinese(match["suffix"]) if match["suffix"] else None
    if suffix is not None and unit != "条":
        suffix = None
    if joined == "to" and aims and base.depth == depth and len(numbers) == 1:
        aims[-1] = replace(base, through=(numbers[0][0], suffix))
        return True
    above = base.cut(depth)
    for index, (number, through) in enumerate(numbers):
        value: Number = (number, suffix if index == len(numbers) - 1 else None)
        field = {1: "article", 2: "paragraph", 3: "item", 4: "subitem"}[depth]
        aim = replace(above, depth=depth, **{field: value if depth == 1 else number})  # type: ignore[arg-type]
        if through is not None:
            aim = replace(aim, through=(through, None))
        if unit in ("部分", "点"):
            aim = replace(aim, part=True)
        _put(aims, aim, joined if index == 0 else "and")
    return True


def _put(aims: list[Aim], aim: Aim, joined: str) -> None:
    """A part that follows directly makes the last provision more exact; after 、 or 和 it is another."""
    if joined == "attach" and aims and aim.depth > aims[-1].depth:
        aims[-1] = aim
    else:
        aims.append(aim)


_EACH = re.compile(rf"(?P<to>{_TO})?(?:{_AND})?\s*第?\s*{_OPEN}?\s*(?P<number>{NUMERAL})\s*{_CLOSE}?")


def _numbers(text: str) -> list[tuple[int, int | None]]:
    """The numbers of 第一、二、五 or 第（一）至（三）, each with the end of its range."""
    found: list[tuple[int, int | None]] = []
    for match in _EACH.finditer(text.strip()):
        number = from_chinese(match["number"])
        if number is None:
            return []
        if match["to"] and found:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, None))
    return found


def _path(match: re.Match[str]) -> str:
    steps = [from_chinese(match[name]) for name in ("one", "two", "three", "four") if match[name]]
    return ".".join(str(step) for step in steps)
