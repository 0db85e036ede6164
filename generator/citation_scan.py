"""Finds the citations of a document, and says in full what each one cites.

In a document 该法, 本条例, 《条例》 (declared by 以下简称) and 、第一百零五条 stand for a work named before;
the scanner carries that memory from passage to passage. It decides nothing about the law: its output is a
full citation for corpus.citing to resolve.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_NUM = r"[零〇○一二三四五六七八九十百千两\d０-９]{1,7}"
_ARTICLE = rf"第?\s*{_NUM}\s*条(?:\s*之\s*[一二三四五六七八九十\d]{{1,3}})?"
_PARAGRAPH = rf"第\s*{_NUM}\s*款"
_ITEM = rf"(?:第\s*[（(]?\s*{_NUM}\s*[）)]?\s*项|[（(]\s*{_NUM}\s*[）)]\s*项?)"
_SUBITEM = rf"第\s*[（(]?{_NUM}[）)]?\s*目"
_INNER = rf"(?:\s*(?P<paragraph>{_PARAGRAPH}))?(?:\s*(?P<item>{_ITEM}))?(?:\s*(?P<subitem>{_SUBITEM}))?"
_FULL = re.compile(rf"(?P<article>{_ARTICLE}){_INNER}")
_PARTIAL = re.compile(rf"(?P<article>第\s*{_NUM}\s*条(?:之[一二三四五六七八九十]{{1,3}})?)?{_INNER}")
_AND = re.compile(r"\s*(?:、|，|,|和|及|以及|与|或者|或|至|到)\s*(?=第|[（(])")
_TITLE = r"《(?P<title>[^《》\n]{1,80}(?:《[^《》\n]{1,40}》[^《》\n]{0,30})*)》"
_TAGGED = r"(?:修正|修订|修改|年版|版|公布|通过|施行|第[^（）()]{1,6}号)"
_TAG = rf"(?P<tag>（[^（）]{{0,12}}{_TAGGED}[^（）]{{0,8}}）|\([^()]{{0,12}}{_TAGGED}[^()]{{0,8}}\))?"
_UNTITLED_TAG = re.compile(_TAG.removesuffix("?").replace("?P<tag>", "?:") + "$")
_DECLARED = (
    r"(?P<declared>[（(]\s*(?:以下|下|后)(?:简|统|并)?称为?[：:]?\s*"
    r"[“\"《]*(?P<short>[^”\"》（）()]{1,20})[”\"》]*\s*[）)])?"
)
_NUMBERED = r"(?:[（(][^（）()]{2,40}[）)])?"
_WORK = re.compile(rf"{_TITLE}{_TAG}{_DECLARED}")
_GAP = re.compile(rf"{_NUMBERED}\s*(?:的|中|中的|之)?\s*")
_KIND = r"(?:法|法典|条例|办法|规定|规则|细则|解释|决定|意见|通知|规程|公约|宪法)"
_ANAPHOR = re.compile(rf"(?P<which>该|(?<![基根])本|上述|前述|此|同)(?P<kind>{_KIND})(?=\s*(?:的|中)?\s*第)")
_SAME_ARTICLE = re.compile(rf"(?:该|同|上述)条(?:的|中)?\s*(?P<rest>{_PARAGRAPH}(?:{_ITEM})?|{_ITEM})")
_HAN_TAIL = re.compile(r"[\u4e00-\u9fff]{2,40}$")
_VERBS = re.compile(
    r"^.*(?:依据|根据|按照|依照|违反|属于|适用|以及|对照|参照|执行|落实|援引|引用|触犯|违背|符合|涉嫌|构成|遵守|贯彻|学习|按|依|和|与|及|对|在|由|将|是|为|用|即)(?=[\u4e00-\u9fff]{2,})"
)
_OWN_RULES = re.compile(
    r"(?:合同|协议|协议书|章程|制度|规程|标准|方案|清单|手册|预案|公约|守则|规范|文件|通知|意见)$"
)
_ENDS_LIKE_LAW = re.compile(rf"{_KIND}$")
_RELATIVE = re.compile(rf"(?:[该本同此]|上述|前述){_KIND}$|^(?:[该本同此]|上述|前述)")
SHORT_KINDS = frozenset(
    {
        "法",
        "条例",
        "办法",
        "规定",
        "规则",
        "细则",
        "解释",
        "决定",
        "意见",
        "通知",
        "实施办法",
        "实施细则",
        "实施条例",
        "若干规定",
        "暂行规定",
        "暂行办法",
    }
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A citation as it stands: `text` is passage[start:end], `full` the same citation with its work named.

    `problem` is "ambiguous" where the document does not say which work is meant, "unrecognised" where the
    address cannot be read. `bare` marks a work named without a provision.
    """

    text: str
    start: int
    end: int
    full: str | None
    work: str | None = None
    problem: str | None = None
    bare: bool = False
    note: str = ""


@dataclass(slots=True)
class Memory:
    """What the document has said so far: declared short names, works named, the last article cited."""

    declared: dict[str, str] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)
    article: tuple[str, str] | None = None

    def remember(self, work: str) -> None:
        if work in self.named:
            self.named.remove(work)
        self.named.append(work)

    def last(self, kind: str) -> str | None:
        """The work named last whose title ends like `kind` (该法 → …法)."""
        pattern = re.compile(rf"{re.escape(kind)}(?:》)?(?:（[^）]*）)?$")
        return next((work for work in reversed(self.named) if pattern.search(work)), None)


def declare_all(text: str, memory: Memory) -> None:
    """Takes in the short names a passage declares, also those declared for a title in passing."""
    for match in _WORK.finditer(text):
        if match["short"]:
            memory.declared[_title_of(match["short"])] = match["title"] + (match["tag"] or "")


def _title_of(short: str) -> str:
    return re.sub(r"[\s《》“”\"]", "", short)


def scan(text: str, memory: Memory, *, known: Callable[[str], bool]) -> Iterator[Mention]:
    """The citations of one passage in order; `known` says whether the library knows a name."""
    position, here = 0, None  # type: int, str | None
    while True:
        head = _next_head(text, position, memory, known=known)
        loose = _FULL.search(text, position)
        same = _SAME_ARTICLE.search(text, position) if memory.article is not None else None
        at = min((m.start() for m in (loose, same) if m is not None), default=len(text))
        if head is not None and head.start <= at:
            end, mentions = _after_head(text, head, memory)
            here = head.work or here
            end = max(end, head.end)
        elif same is not None and same.start() == at:
            end, mentions = same.end(), [_relative(same, memory)]
        elif loose is not None:
            end, mentions = _loose(text, loose, here, memory)
        else:
            return
        yield from mentions
        position = end


@dataclass(frozen=True, slots=True)
class _Head:
    """A work named in the text: what is written from `start` to `end`, and the title it stands for."""

    start: int
    end: int
    work: str | None
    problem: str | None = None
    note: str = ""


def _next_head(text: str, position: int, memory: Memory, *, known: Callable[[str], bool]) -> _Head | None:
    found = [
        head
        for head in (
            _titled(text, position, memory),
            _anaphor(text, position, memory),
            _untitled(text, position, memory, known=known),
        )
        if head is not None
    ]
    return min(found, key=lambda head: (head.start, -head.end)) if found else None


def _titled(text: str, position: int, memory: Memory) -> _Head | None:
    match = _WORK.search(text, position)
    if match is None:
        return None
    title = match["title"].strip()
    if match["short"]:
        memory.declared[_title_of(match["short"])] = title + (match["tag"] or "")
    short = _title_of(title)
    if short in memory.declared and short != _title_of(memory.declared[short]):
        return _Head(match.start(), match.end(), memory.declared[short])
    if short in SHORT_KINDS:
        return _Head(match.start(), match.end(), None, "ambiguous", f"文中没有说明《{title}》指哪一部")
    return _Head(match.start(), match.end(), title + (match["tag"] or ""))


def _anaphor(text: str, position: int, memory: Memory) -> _Head | None:
    match = _ANAPHOR.search(text, position)
    if match is None:
        return None
    work = memory.last(match["kind"])
    if work is None and match["which"] == "同" and memory.named:
        work = memory.named[-1]
    if work is not None:
        return _Head(match.start(), match.end(), work)
    return _Head(match.start(), match.end(), None, "ambiguous", f"“{match.group()}”之前没有提到是哪一部")


def _untitled(text: str, position: int, memory: Memory, *, known: Callable[[str], bool]) -> _Head | None:
    """安全生产法第九十七条, 安法21条: a name without marks right before an article."""
    for match in _FULL.finditer(text, position):
        before = text[position : match.start()].rstrip(" 的中")
        tag = _UNTITLED_TAG.search(before)
        run = _HAN_TAIL.search(before[: tag.start()] if tag else before)
        if run is None:
            continue
        offset = position + run.start()
        name = _known_tail(run.group(), memory, known=known)
        if name is not None:
            end = offset + len(run.group())
            written = tag.group() if tag else ""
            return _Head(end - len(name), end + len(written), memory.declared.get(name, name) + written)
        return None
    return None


def _known_tail(run: str, memory: Memory, *, known: Callable[[str], bool]) -> str | None:
    """The longest tail that is a name; else the tail after a verb, if it looks like a law's title."""
    for start in range(len(run) - 1):
        tail = run[start:]
        if tail in memory.declared or (tail not in SHORT_KINDS and known(tail)):
            return tail
    if _OWN_RULES.search(run):
        return None
    tail = _VERBS.sub("", run)
    unknown = len(tail) >= 4 and _ENDS_LIKE_LAW.search(tail) and not _RELATIVE.search(tail)
    return tail if unknown else None


def _after_head(text: str, head: _Head, memory: Memory) -> tuple[int, list[Mention]]:
    """The provisions that follow a work's name; the name alone where none follows."""
    if head.work is not None:
        memory.remember(head.work)
    gap = _GAP.match(text, head.end)
    start = gap.end() if gap else head.end
    match = _FULL.match(text, start) or _FULL.match(text, head.end)
    if match is None:
        named = text[head.start : head.end]
        full = f"《{head.work}》" if head.work else None
        return head.end, [
            Mention(named, head.start, head.end, full, head.work, head.problem, True, head.note)
        ]
    return _chain(text, match, head, memory)


def _chain(text: str, match: re.Match[str], head: _Head, memory: Memory) -> tuple[int, list[Mention]]:
    out, start, parts = [], head.start, _parts(match)
    end = match.end()
    while True:
        out.append(_mention(text, start, end, head, parts))
        if head.work is not None:
            memory.article = (head.work, parts[0])
        joint = _AND.match(text, end)
        following = _PARTIAL.match(text, joint.end()) if joint else None
        if following is None or not following.group().strip():
            return end, out
        parts = _inherit(parts, _parts(following))
        start, end = following.start(), following.end()


def _parts(match: re.Match[str]) -> tuple[str, str, str, str]:
    return (match["article"] or "", match["paragraph"] or "", match["item"] or "", match["subitem"] or "")


def _inherit(
    before: tuple[str, str, str, str], parts: tuple[str, str, str, str]
) -> tuple[str, str, str, str]:
    article, paragraph, item, subitem = parts
    if article:
        return parts
    if paragraph:
        return (before[0], paragraph, item, subitem)
    if item:
        return (before[0], before[1], item, subitem)
    return (before[0], before[1], before[2], subitem)


def _mention(text: str, start: int, end: int, head: _Head, parts: tuple[str, str, str, str]) -> Mention:
    full = None if head.work is None else _cited(head.work) + _address(parts)
    return Mention(text[start:end], start, end, full, head.work, head.problem, False, head.note)


def _cited(work: str) -> str:
    title, mark, tag = work.partition("（") if work.endswith("）") else (work, "", "")
    is_tag = bool(mark) and re.search("修正|修订|修改|版|公布|通过|施行|号", tag) is not None
    return f"《{title}》{mark}{tag}" if is_tag else f"《{work}》"


def _address(parts: tuple[str, str, str, str]) -> str:
    words = "".join(re.sub(r"\s", "", part) for part in parts)
    return words if words.startswith("第") else f"第{words}"


def _loose(text: str, match: re.Match[str], here: str | None, memory: Memory) -> tuple[int, list[Mention]]:
    """An article without a work before it: that of the sentence's work, or the document's own."""
    before = text[: match.start()]
    if not match.group().startswith("第"):
        return match.end(), []
    own_head = not before.strip(" \u3000#*") and re.match(r"[\s\u3000]", text[match.end() :] or " ")
    if own_head or _OWN_RULES.search(re.sub(r"[》”\s的]+$", "", before)):
        return match.end(), []
    head = _Head(match.start(), match.start(), here)
    if here is None:
        if re.search(r"(?:本|我)(?:公司|单位|厂|院|局)[^。]{0,12}$", before):
            return match.end(), []
        head = _Head(match.start(), match.start(), None, "ambiguous", "文中没有说明是哪一部法律法规的条文")
    return _chain(text, match, head, memory)


def _relative(match: re.Match[str], memory: Memory) -> Mention:
    work, article = memory.article or ("", "")
    full = _cited(work) + article + re.sub(r"\s", "", match["rest"])
    return Mention(match.group(), match.start(), match.end(), full, work)
