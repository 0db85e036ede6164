"""Works a question names: 《…》, a bare title or alias, a title with a typing error, a title nobody holds.

Names are compared as `corpus.works.title_key` does, so that 中华人民共和国, （试行） and marks do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.works import title_key

LONGEST = 60
CARRIED_OUT = ("实施条例", "实施细则", "实施办法")
_BRACKETED = re.compile(r"《([^《》]{2,80}(?:〈[^〈〉]{2,60}〉[^《》]{0,20})?)》")
_TITLE_END = re.compile(r"(?:法|条例|规定|办法|细则|规则|规程|准则|决定|解释|标准|意见|通知|导则|规范)$")
# Words that make a tail a title and not a verb: 山东省规定… names no text, …管理规定 does.
_BEFORE_TAIL = "(?:管理|实施|暂行|监督|处罚|考核|培训|评估|奖励|检查|安全|判定|技术|认定|监察|登记|审查|"
_BEFORE_TAIL += "备案|操作|使用|提取|防治|调查|处理|鉴定|工作|若干|设计|验收|治理|防护|分级|配置)"
_TAIL = "(?:办法|规定|细则|条例|标准|规程|规范|导则|准则|目录|指南)"
_BARE = re.compile(
    rf"^(?:根据|按照?|依据|依照|请问|问一下|想问下?)?(?P<name>[一-鿿]{{2,28}}{_BEFORE_TAIL}{_TAIL})"
    r"(?=里|中|第|规定|对|要求|的|是怎|有没有|怎么|如何|，|,|上|关于|几年|多久|什么)"
)
_ASKING = re.compile(r"哪些|什么|怎么|如何|多少|是否|应当|必须|不得|违反|没有|未|谁|几|吗|要不要|能不能")
# 违法, 执法 and the like end no title, though the letter 法 stands there.
_OTHER_WORD = re.compile(r"(?:违|执|守|合|非|司|立|的|依|犯|方)法$|^[的对与和在]")
_SHORT_BOUNDARY = set("在按照据依根违反了和与看查对从有的是问及跟同用新现行《〈，。、：；？！ 于")


@dataclass(frozen=True, slots=True)
class Named:
    """What a question says of texts: `works` held, `missing` names not held, `meant` for a misspelt name.

    `words` are the words of the question for the works, `pairs` each with a work it names; `meant` pairs the
    words of the question with the title nearest to them.
    """

    works: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    meant: tuple[tuple[str, str], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Titles:
    """The names of the works held, ready to be recognised in a question.

    `names` maps a title key or alias to work keys (`corpus.derived.names_of`).
    """

    names: Mapping[str, tuple[str, ...]]
    _near: dict[str, str] | None = field(default=None, init=False)
    _lengths: tuple[int, ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        lengths = {len(name) for name in self.names if 2 <= len(name) <= LONGEST}
        self._lengths = tuple(sorted(lengths, reverse=True))

    def named_in(self, text: str) -> Named:
        """The works that `text` names. A name in 《》 that is not held is missing or, if close, misspelt."""
        held: list[tuple[str, tuple[str, ...]]] = []
        missing: list[str] = []
        meant: list[tuple[str, str]] = []
        rest = text
        for match in _BRACKETED.finditer(text):
            rest = rest.replace(match.group(0), "，")
            found = self.names.get(title_key(match.group(1)), ())
            if found:
                held.append((match.group(1), found))
            elif near := self.nearest(title_key(match.group(1))):
                meant.append((match.group(1), near))
            else:
                missing.append(match.group(1))
        held += [(word, self.names[word]) for word in self._bare(rest)]
        if not held and not missing and not meant:
            meant, missing = self._doubtful(rest)
        for pair in [pair for pair in meant if _same_but_for_place(*pair)]:
            meant.remove(pair)
            held.append((pair[0], self.names[pair[1]]))
        return _named(held, missing, meant)

    def _bare(self, text: str) -> list[str]:
        """Names standing in the text without marks, the longest first, never inside a longer word."""
        key = title_key(text)
        found: list[str] = []
        start = 0
        while start < len(key):
            name = self._at(key, start)
            if name:
                found.append(name)
                start += len(name)
            else:
                start += 1
        return found

    def _at(self, key: str, start: int) -> str | None:
        for length in self._lengths:
            name = key[start : start + length]
            if len(name) < length or name not in self.names:
                continue
            before = key[start - 1] if start else "，"
            if length >= 5 or before in _SHORT_BOUNDARY or not "一" <= before <= "鿿":
                return name
        return None

    def _doubtful(self, text: str) -> tuple[list[tuple[str, str]], list[str]]:
        """A misspelt or absent title named without marks."""
        key = title_key(text)
        lengths = {n for length in self._lengths for n in (length - 1, length, length + 1) if 5 <= n <= 24}
        for length in sorted(lengths, reverse=True):
            for start in range(len(key) - length + 1):
                window = key[start : start + length]
                titled = _TITLE_END.search(window) and not _ASKING.search(window)
                near = self.nearest(window) if titled else None
                apart = start == 0 or key[start - 1] in _SHORT_BOUNDARY
                if near and (apart or near[0] == window[0]):
                    return [(window, near)], []
        bare = _BARE.match(key)
        if bare and len(bare["name"]) >= 7 and not _ASKING.search(bare["name"]):
            return [], [bare["name"]]
        return [], []

    def carried_out_by(self, works: Sequence[str]) -> tuple[str, ...]:
        """The works that carry out these: 矿山安全法 → 矿山安全法实施条例."""
        keys = (title_key(work) for work in works)
        named = (self.names.get(key + tail, ()) for key in keys for tail in CARRIED_OUT)
        return tuple(dict.fromkeys(work for found in named for work in found))

    def nearest(self, key: str) -> str | None:
        """The one title that differs from `key` by one letter (replaced, left out, added or swapped).

        None when several titles do: a guess between them would be ours, not the user's.
        """
        if not 5 <= len(key) <= LONGEST or _OTHER_WORD.search(key):
            return None
        if self._near is None:
            self._near = _deletions(self.names)
        found = {self._near[form] for form in _forms(key) if form in self._near} - {""}
        return found.pop() if len(found) == 1 else None


def _named(
    held: list[tuple[str, tuple[str, ...]]], missing: list[str], meant: list[tuple[str, str]]
) -> Named:
    works = dict.fromkeys(work for _, found in held for work in found)
    words = tuple(word for word, _ in held)
    pairs = dict.fromkeys((word, found[0]) for word, found in held)
    return Named(tuple(works), words, tuple(missing), tuple(meant), tuple(pairs))


def _same_but_for_place(words: str, title: str) -> bool:
    """上海消防条例 is 上海市消防条例 as people say it, no misspelling."""
    bare = re.compile(r"[省市]|自治[区州县]")
    return bare.sub("", title_key(words)) == bare.sub("", title)


def _forms(key: str) -> set[str]:
    return {key} | {key[:i] + key[i + 1 :] for i in range(len(key))}


def _deletions(names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Every title with one letter left out → the title; "" where two titles share the form."""
    near: dict[str, str] = {}
    for name in names:
        if len(name) < 5 or not _TITLE_END.search(name):
            continue
        for form in _forms(name):
            near[form] = name if near.get(form, name) == name else ""
    return near
