"""Post × industry × region × date → the duties that apply.

Each comes with its place, its penalties and the places that say the same.

A duty applies by its bearer (the post, or a post it inherits from), by the scope of its text (the industry,
a wider field, or a general text) and by place and date. A free text is read by duty_query and matched by
duty_match. National texts come before local ones; the same duty in another text stands under `also`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from corpus.document import Edition
from corpus.errors import WrongUsage
from corpus.place import Status
from indexer.taxonomy import Taxonomy
from retriever.duty_match import Candidate, Matcher
from retriever.duty_narrow import narrower
from retriever.duty_query import DutyQuery, Named, understand
from retriever.duty_reading import Reader
from retriever.duty_result import MOST, Book, DutyResult, DutyRow
from retriever.regions import region_of
from retriever.same_duty import join

# Safety of people at work and in public, not of the state, of data or of food.
_SAFE = (
    "".join(
        f"(?<!{word})" for word in ("国家", "网络", "数据", "信息", "生物", "粮食", "系统", "质量", "食品")
    )
    + "安全"
)
# A wider post lends its duties from texts on safety, not from those on employment and the like.
_WIDER = re.compile(_SAFE + r"|事故|应急|消防|职业病|防护|隐患|突发事件")
# Laws on employment have duties of public bodies that are no safety duties.
_PUBLIC = ("政府", "部门")
_EMPLOYMENT = re.compile(r"劳动法$|劳动合同|工会法|劳动保障监察|工伤保险")
# Rows read beyond the most shown, since the same duty in several texts is joined.
_SPARE = 300
# Without an industry only texts on safety and labour protection are duties of a post here.
_SAFETY = re.compile(
    _SAFE
    + "|事故|应急|消防|防火|职业病|特种设备|电梯|爆炸|爆竹|危险|矿|建设工程|建筑|校车|燃气|劳动|隐患|有毒"
    "|防护|突发事件|防雷|防汛|锅炉|群众性活动|交通|运输|反恐|保卫|水库|放射|核|管道|电力|渔|港口|物业|房屋"
)


def find(
    book: Book | Any,
    *,
    post: str | None = None,
    industry: str | None = None,
    region: str | None = None,
    on: str | None = None,
    text: str | None = None,
    everything: bool = False,
) -> DutyResult:
    """The duties that apply. Give a post, an industry, a free text, or several of them.

    `on` is an ISO date (today when absent); `everything` keeps repealed and not yet effective texts.
    Raises WrongUsage for an unknown post, industry, region or date, and when nothing is asked.
    """
    held = book if isinstance(book, Book) else Book.of(book)
    if not (post or industry or (text and text.strip())):
        raise WrongUsage("没有说要找谁的职责。", "请给出 --post、--industry 或一句话。")
    query = understand(text, held.taxonomy) if text else DutyQuery("")
    asked = _Asked.of(held, query, post=post, industry=industry, region=region, on=on, everything=everything)
    return asked.result()


@dataclass(slots=True)
class _Asked:
    book: Book
    query: DutyQuery
    post: Named | None
    industry: str | None
    region: str | None
    city: str | None
    on: str
    everything: bool
    free: bool
    _editions: dict[int, Edition] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        book: Book,
        query: DutyQuery,
        *,
        post: str | None,
        industry: str | None,
        region: str | None,
        on: str | None,
        everything: bool,
    ) -> _Asked:
        named = _named_post(book, post) if post else None
        field_of = book.taxonomy.industry(industry).name if industry else None
        if field_of is None and named is not None and named.post is not None:
            field_of = _implied_industry(book.taxonomy, named)
        place = _region(region) if region else (query.region, query.city)
        day = _day(on) if on else (query.on or date.today().isoformat())
        asked = cls(book, query, named, field_of, place[0], place[1], day, everything, bool(query.text))
        asked._editions = book.allowed(asked._scope(), asked._valid)
        return asked

    def _scope(self) -> tuple[Any, ...]:
        """What `_valid` depends on."""
        return (self.on, self.region, self.city, self.everything, self.free)

    def _valid(self, edition: Edition) -> bool:
        if not self.everything and edition.status(self.on) not in (Status.IN_FORCE, Status.UNKNOWN):
            return False
        if edition.masthead.kind == "案例":
            return False
        where = edition.masthead.region
        if where is None:
            return True
        if self.region is None:
            return self.free
        return where == self.region and (
            self.city is None or self.city in edition.title or _whole(edition, where)
        )

    def result(self) -> DutyResult:
        found = self._by_text() if self.free else self._by_post()
        reader = Reader(
            self.book, self._editions, on=self.on, industry=self.industry, by_post=self.post is not None
        )
        if len(found) > MOST + _SPARE:  # to be narrowed first: what says the same is not joined yet
            joined, total = reader.rows(found[:MOST]), len(found)
        else:
            joined = join(reader.rows(found))
            total = len(joined)
        kept = reader.with_penalties(joined[:MOST])
        return DutyResult(
            self.post.words if self.post else None,
            self.industry,
            self.region,
            self.on,
            kept,
            total,
            self.query.text or None,
            self._notes(total),
            tuple(dict.fromkeys(row.place.title for row in kept)),
            narrower(self.book.register, self._editions, found) if total > MOST else (),
        )

    # -- by free text --------------------------------------------------------------------------------

    def _by_text(self) -> list[Candidate]:
        query = self.query
        if self.post is not None:
            query = replace(query, posts=(self.post,))
        if self.industry is not None and self.industry not in query.industries:
            query = replace(query, industries=(*query.industries, self.industry))
        matcher = Matcher(self.book.register, self.book.taxonomy, query, frozenset(self._editions))
        found = matcher.candidates()
        texts = sorted({one.text for one in found}, key=self._text_order)
        place = {text: number for number, text in enumerate(texts)}
        found.sort(key=lambda one: (not one.own, -round(one.score * 10), place[one.text], one.number))
        return found

    def _text_order(self, text: int) -> tuple[Any, ...]:
        """National before local, texts on safety first, then by rank."""
        edition = self._editions[text]
        return (edition.masthead.region is not None, -self._about_safety(text), edition.rank, text)

    def _about_safety(self, text: int) -> int:
        """2 for a general text on safety, 1 for one on safety in a field, when the query speaks of safety."""
        if not self.query.safety:
            return 0
        facts = self.book.register.texts[text]
        return 2 if facts.general else int("安全" in facts.title)

    # -- by post and industry ------------------------------------------------------------------------

    def _by_post(self) -> list[Candidate]:
        register = self.book.register
        own, wider = self._bearers()
        if self.post is None:
            texts = [n for n in self._editions if self.industry in register.texts[n].industries]
            rows = register.rows_of_texts(texts)
        else:
            rows = [row for row in register.rows_of(own | wider) if row[1] in self._editions]
        limits = register.limits(row[0] for row in rows)
        found: list[Candidate] = []
        for number, text, unit, bearer, _ in rows:
            fit = self._fit(text, limits.get(number, ()))
            if self._is_beside(register.texts[text].title, inherited=bearer in wider):
                continue
            if fit > 0 and self.post is not None:
                found.append(
                    Candidate(
                        number, text, unit, bearer, fit * (1.0 if bearer in own else 0.6), bearer in own
                    )
                )
            elif fit > 0:
                found.append(Candidate(number, text, unit, bearer, fit, True))
        return sorted(found, key=self._post_order)

    def _is_beside(self, title: str, *, inherited: bool) -> bool:
        """A text that lends no duty to the post: of a wider post's only those on safety; laws on employment
        give public bodies duties of another kind.
        """
        if inherited and not _WIDER.search(title):
            return True
        group = self.post.post.group if self.post and self.post.post else ""
        return self.industry is None and group in _PUBLIC and bool(_EMPLOYMENT.search(title))

    def _bearers(self) -> tuple[frozenset[int], frozenset[int]]:
        """Bearers that are the post itself, and those of the posts it inherits from."""
        if self.post is None:
            return frozenset(), frozenset()
        register, taxonomy = self.book.register, self.book.taxonomy
        if self.post.post is None:
            return frozenset(register.bearers_with(self.post.words)), frozenset()
        own = register.bearers_of(self.post.post)
        wider = [register.bearers_of(parent) for parent in taxonomy.ancestors(self.post.post)]
        return own, frozenset().union(*wider) - own

    def _fit(self, text: int, limits: Sequence[str]) -> float:
        """1 a text of the industry, less for a wider field and a general text, 0 for another field."""
        facts = self.book.register.texts[text]
        if self.industry is None:
            if self.post is not None and self.post.post is not None and self.post.post.generic:
                return 0.8 if facts.general and not limits else 0.0
            return 0.9 if facts.general or _SAFETY.search(facts.title) else 0.0
        line = self.book.taxonomy.line(self.industry)
        if self.industry in facts.industries:
            return 1.0
        if set(line) & set(facts.industries):
            return 0.9
        if facts.general:
            return 0.0 if limits and not set(line) & set(limits) else 0.8
        return 0.0

    def _post_order(self, one: Candidate) -> tuple[Any, ...]:
        edition = self._editions[one.text]
        return (
            not one.own,
            edition.masthead.region is not None,
            -one.score,
            edition.rank,
            one.text,
            one.number,
        )

    def _notes(self, total: int) -> tuple[str, ...]:
        notes: list[str] = []
        if total > MOST:
            notes.append(f"共有{total}项，只列出前{MOST}项；请再给出岗位、行业、地区，或者缩小问题。")
        if self.region is None and not self.free:
            notes.append("没有指定地区，只列全国性法律法规。")
        if (
            self.industry is None
            and self.post
            and self.post.post
            and self.post.post.generic
            and not self.free
        ):
            notes.append("没有指定行业，只列各行业通用的规定；指定行业后会加上该行业的专门规定。")
        missing = len(self.book.library.editions()) - len(self.book.register.texts)
        if missing > 0:
            notes.append(f"有{missing}个文本加入后还没有更新索引，未计入；请运行 zeren index。")
        return tuple(notes)


def _named_post(book: Book, name: str) -> Named:
    """The post of that name; else a bearer the texts name so; else WrongUsage with the nearest names."""
    found = book.taxonomy.find_post(name)
    if found is not None:
        return Named(name, found)
    query = understand(name, book.taxonomy)
    if len(query.posts) == 1 and query.posts[0].post is not None and name.endswith(query.posts[0].words):
        return Named(name, query.posts[0].post)
    if len(name) > 2 and book.register.bearers_with(name):
        return Named(name, None)
    book.taxonomy.post(name)
    raise AssertionError("an unknown post is refused")


def _implied_industry(taxonomy: Taxonomy, named: Named) -> str | None:
    """煤矿企业主要负责人, 矿长, 地铁公司: the industry a post's name brings with it."""
    held = understand(named.words, taxonomy).industries
    if held:
        return held[0]
    return named.post.industry if named.post else None


def _region(name: str) -> tuple[str, str | None]:
    found = region_of(name)
    if found is None:
        raise WrongUsage(f"不认识地区“{name}”。", "请写省级行政区或城市的名字，例如：山东、北京、深圳。")
    return found.province, found.city


def _whole(edition: Edition, province: str) -> bool:
    """A text of the whole province, not of another of its cities."""
    found = region_of(edition.title)
    return found is None or found.city is None or found.province != province


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise WrongUsage(f"日期“{text}”写法不对。", "请写成 2026-01-31 这样。") from error


__all__ = ["MOST", "Book", "DutyResult", "DutyRow", "find"]
