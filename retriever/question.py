"""Reading a question before searching: language, citation, works, place, date, kinds, words of the law.

Rules only, shown to the user (`Question.as_json`) and undoable one by one (`ignore`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from corpus.errors import WrongUsage
from corpus.numeral import from_chinese
from retriever.outside import Outside, outside_of
from retriever.question_kinds import Kind, kinds_of
from retriever.recognised import IGNORABLE, Recognised, Undone, recognised
from retriever.regions import Region, region_of
from retriever.subjects import Heard, Subjects
from retriever.titles import Named, Titles
from retriever.translation import translate
from retriever.vocabulary import Expansion, expand

__all__ = ["IGNORABLE", "LONGEST", "SEARCHED", "Question", "as_of", "fold", "language_of", "understand"]
LONGEST = 10_000
SEARCHED = 400  # letters of a question that are searched; a longer text is a document, not a question

_HAN = re.compile(r"[㐀-鿿豈-﫿]")
_LATIN = re.compile(r"[A-Za-z]")
_WORDS = re.compile(r"[^\W_]")
_SPACE = re.compile(r"[\s\u200b-\u200f\ufeff]+")
_NUMBER = "[0-9零〇一二三四五六七八九十百千]{1,6}"
_CITATION = re.compile(
    rf"第{_NUMBER}条(?:之{_NUMBER})?(?:第{_NUMBER}款)?(?:第?[（(]?{_NUMBER}[)）]?项)?"
    rf"|(?<=[法例定则])\s?{_NUMBER}条(?:之{_NUMBER})?(?:第?{_NUMBER}款)?(?:第?[（(]?{_NUMBER}[)）]?项)?"
)
_WIDE = {chr(c) for c in range(ord("！"), ord("～") + 1)} - set("（）？！：；，")
# 校车上除了司机，还必须有谁: who is named here is not who is asked about.
_EXCEPTED = re.compile(r"除了?[^，。？！,]{1,14}(?:以外|之外|外)?[，,]")
_YEAR = "(?P<year>(?:19|20)[0-9]{2}|[一二][九〇零][〇零一二三四五六七八九]{2})年"
_AS_OF = re.compile(
    _YEAR + r"(?:(?P<month>[0-9]{1,2})月)?(?:(?P<day>[0-9]{1,2})[日号])?(?:底|初|末)?(?:的)?"
    r"(?:时候?|当时|那时|那会儿?|以前|之前|前|期间|适用|有效|执行|生效|出的|发生|版|施行|现行|已经)"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    `text` is what the user wrote, `plain` the same in simplified letters and without layout, `query` what
    is searched (the words, and the law's words added), `on` the ISO date whose law is asked for.
    """

    text: str
    plain: str
    language: str
    kinds: tuple[Kind, ...]
    named: Named
    citation: str | None
    region: Region | None
    on: str | None
    expansions: tuple[Expansion, ...]
    outside: Outside | None
    posts: tuple[Heard, ...] = ()
    industries: tuple[Heard, ...] = ()

    @property
    def query(self) -> str:
        """The words to search with: the question, then what was added to it."""
        added = dict.fromkeys(word for e in self.expansions for word in e.added)
        return " ".join([self.plain[:SEARCHED], *added])

    @property
    def empty(self) -> bool:
        """Whether nothing but marks was written."""
        return not _WORDS.search(self.plain)

    @property
    def citation_words(self) -> str:
        """The 第…条 of a question that cites one."""
        found = _CITATION.search(self.citation or "")
        return found.group().strip() if found else ""

    @property
    def recognised(self) -> tuple[Recognised, ...]:
        """Everything read into the question, item by item, each with its switch."""
        return recognised(self)

    def as_json(self) -> dict[str, Any]:
        """What was understood, for the user to see and undo."""
        return {
            "language": self.language,
            "kinds": [kind.value for kind in self.kinds],
            "works": list(self.named.works),
            "missing_works": list(self.named.missing),
            "meant": [{"words": words, "title": title} for words, title in self.named.meant],
            "citation": self.citation,
            "region": self.region.province if self.region else None,
            "city": self.region.city if self.region else None,
            "as_of": self.on,
            "words_added": [{"word": e.word, "added": list(e.added)} for e in self.expansions],
            "posts": [{"words": one.words, "post": one.name} for one in self.posts],
            "industries": [{"words": one.words, "industry": one.name} for one in self.industries],
            "outside": self.outside.code if self.outside else None,
            "recognised": [one.as_json() for one in self.recognised],
        }


def understand(
    text: str,
    *,
    titles: Titles | None = None,
    subjects: Subjects | None = None,
    ignore: Collection[str] = (),
) -> Question:
    """Reads a question by rules. `ignore` names what the user undid (a code of IGNORABLE, or code:words).

    Raises WrongUsage for an empty text, one longer than 10,000 letters, or an unknown name in `ignore`.
    """
    undone = Undone.of(ignore)
    if not text.strip():
        raise WrongUsage("问题是空的。", "请写一句话，例如：安全生产许可证能用几年？")
    if len(text) > LONGEST:
        raise WrongUsage(f"问题有 {len(text)} 个字，超过 {LONGEST} 个字。", "请只写要问的那一句话。")
    plain = fold(text)
    language = language_of(plain)
    read = plain[:SEARCHED]
    citation = None if undone.kind("citation") else _CITATION.search(read)
    meant = _EXCEPTED.sub("，", read)
    posts = subjects.posts_in(meant) if subjects else ()
    industries = subjects.industries_in(read) if subjects else ()
    return Question(
        text=text,
        plain=plain,
        language=language,
        kinds=tuple(k for k in kinds_of(read, language=language) if not undone.item("kinds", k.value)),
        named=_named(read, titles, undone),
        citation=read if citation else None,
        region=None if undone.kind("region") else region_of(read),
        on=None if undone.kind("date") else as_of(read),
        expansions=tuple(e for e in _added(meant, language) if not undone.item("words", e.word)),
        outside=None if undone.kind("outside") else outside_of(read, language=language),
        posts=tuple(one for one in posts if not undone.item("posts", one.words)),
        industries=tuple(one for one in industries if not undone.item("industries", one.words)),
    )


def _named(read: str, titles: Titles | None, undone: Undone) -> Named:
    if titles is None or undone.kind("works"):
        return Named()
    for words in undone.words_of("works"):
        read = read.replace(f"《{words}》", " ").replace(words, " ")
    return titles.named_in(read)


def _added(plain: str, language: str) -> tuple[Expansion, ...]:
    return expand(plain) if language == "zh" else translate(plain).terms


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def fold(text: str) -> str:
    """The text in simplified letters, layout gone: full-width forms of letters and figures are narrowed.

    >>> fold("　安全生產許可證　能用幾年？")
    '安全生产许可证能用几年？'
    """
    narrow = "".join(unicodedata.normalize("NFKC", c) if c in _WIDE else c for c in text)
    spaced = _SPACE.sub(" ", narrow).strip()
    joined = re.sub(r"(?<=[㐀-鿿，。？！：；、]) (?=[㐀-鿿])", "", spaced)
    return str(_simplifier().convert(joined)) if _HAN.search(joined) else joined


def language_of(text: str) -> str:
    """zh where Han letters carry the text, else en; KTV能不能开 is Chinese."""
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    return "en" if latin > 4 * han and latin >= 3 else "zh"


def as_of(text: str) -> str | None:
    """The date whose law is asked for: 2020年时, 2019年6月1日前. A year alone is no such date.

    >>> as_of("2020年时安全生产许可证能用几年"), as_of("2019年6月以前呢"), as_of("2023年有多少起事故")
    ('2020-12-31', '2019-06-30', None)
    """
    match = _AS_OF.search(text)
    if not match:
        return None
    year = from_chinese(match["year"].replace("零", "〇"))
    month, day = int(match["month"] or 12), match["day"]
    if not 1 <= month <= 12:
        return None
    try:
        if day:
            return date(year or 0, month, int(day)).isoformat()
        following = date((year or 0) + month // 12, month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1).isoformat()
    except ValueError:
        return None
