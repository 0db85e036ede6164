"""Which duties a free text asks for: by bearer, by field of work, by words; each with a score in 0..1.

A duty is wanted when its bearer is the post named and its text or words fit the rest of the query, or when
everything else the query says is found in its article. Mere mention of the post (对学校进行检查) is not
enough.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.register import DutyKey, Register, TextFacts
from indexer.taxonomy import Taxonomy
from retriever.duty_query import DutyQuery, Named

POST_WEIGHT, POST_AMONG_WORDS, INDUSTRY_WEIGHT, TOPIC_WEIGHT = 3.0, 2.0, 2.0, 0.8
SYNONYM, AGENT, MENTION = 0.9, 0.9, 0.5
GUESSED = 0.85
_OWN = 0.75
# A post with duties in fewer than this share of the articles is a word to look for, not a bearer to insist
# on.
RARE = 0.004
_FEW_DUTIES = 64  # in a small library a post is rare by their number
_FEW_WORDS = 150
# What a name is without its field: no bearer of its own.
_BARE = frozenset({"单位", "企业", "公司", "部门", "机构", "人员", "工人", "负责人"})
_MOST_READ = 6000
# A text with the words in this share of its articles is about them.
_DENSE = 0.12


@dataclass(frozen=True, slots=True)
class Candidate:
    """A duty of the register with its score; `own` when the post named bears it."""

    number: int
    text: int
    unit: int
    bearer: int
    score: float
    own: bool


@dataclass(slots=True)
class Matcher:
    """Scores the duties of a register for one query over the texts allowed."""

    register: Register
    taxonomy: Taxonomy
    query: DutyQuery
    allowed: frozenset[int]
    _bearers: dict[int, float] = field(default_factory=dict)

    def candidates(self) -> list[Candidate]:
        """Every duty that fits, in no order."""
        self._bearers = self._by_bearer()
        rows = {row[0]: row for row in self.register.rows_of(self._bearers)}
        direct = len(rows)
        topics = [self._topic(words) for words in self.query.topics]
        fields = [self._industry(name) for name in self.query.industries]
        rare = direct <= max(RARE * self.register.unit_count, _FEW_DUTIES)
        plain = bool(self.query.posts) and not topics and not fields
        agents = {} if plain and not rare else self._agents(rows)
        wanted = self._units(topics, fields, agents, rare=rare)
        for row in self.register.rows_in(wanted):
            rows.setdefault(row[0], row)
        allowed = [row for row in rows.values() if row[1] in self.allowed]
        if plain:
            return [one for row in allowed if (one := self._borne(row, agents)) is not None]
        scored = (self._score(row, agents, topics, fields, rare=rare) for row in allowed)
        return [one for one in scored if one is not None]

    def _score(
        self,
        row: DutyKey,
        agents: Mapping[int, float],
        topics: Sequence[_Words],
        fields: Sequence[_Field],
        *,
        rare: bool,
    ) -> Candidate | None:
        number, text, unit, bearer, _ = row
        post = self._post(row, agents)
        named = [one.of(text, unit) for one in fields]
        said = [one.of(text, unit) for one in topics]
        rest = [*named, *said]
        if self.query.posts and post >= _OWN:
            if not _fits(named, said):
                return None
        elif not _all_said(
            rest,
            [*(one.said(unit) for one in fields), *(one.said(unit) for one in topics)],
            rare=rare or not self.query.posts,
        ):
            return None
        weights = [one.weight for one in topics]
        total = INDUSTRY_WEIGHT * len(named) + sum(weights)
        value = INDUSTRY_WEIGHT * sum(named) + sum(w * v for w, v in zip(weights, said, strict=True))
        if self.query.posts:
            weight = POST_WEIGHT if len(rest) < 2 else POST_AMONG_WORDS
            total, value = total + weight, value + weight * post
        return Candidate(number, text, unit, bearer, value / max(total, 1.0), post >= _OWN)

    def _post(self, row: DutyKey, agents: Mapping[int, float]) -> float:
        """How far a duty is borne by one of the posts named."""
        number, _, _, bearer, guessed = row
        return max(self._bearers.get(bearer, 0.0) * (GUESSED if guessed else 1.0), agents.get(number, 0.0))

    def _borne(self, row: DutyKey, agents: Mapping[int, float]) -> Candidate | None:
        """The candidate of a query that names a post and nothing else."""
        number, text, unit, bearer, _ = row
        post = self._post(row, agents)
        return Candidate(number, text, unit, bearer, post, True) if post >= _OWN else None

    # -- posts -------------------------------------------------------------------------------------

    def _by_bearer(self) -> dict[int, float]:
        """How far each bearer is one of the posts named."""
        out: dict[int, float] = {}
        for named in self.query.posts:
            for number in self._literal(named):
                out[number] = 1.0
            if named.post is not None:
                same = 1.0 if named.words == named.post.name else SYNONYM
                for number in self.register.bearers_of(named.post):
                    out[number] = max(out.get(number, 0.0), same)
        return out

    def _literal(self, named: Named) -> Iterable[int]:
        """Bearers that carry the very words at the end of one of their parts."""
        words = named.words.replace("的", "")
        for industry in self.query.industries:
            found = self.taxonomy.find_industry(industry)
            for name in found.names if found else ():
                if words.startswith(name) and words[len(name) :] not in _BARE and len(words) - len(name) > 1:
                    words = words[len(name) :]
                    break
        for number, cut in self.register.bearers_with(words).items():
            if any(part.replace("的", "").endswith((words, words + "等")) for part in cut):
                yield number

    def _agents(self, rows: Mapping[int, DutyKey]) -> dict[int, float]:
        """Duties whose article has the post act (由总承包单位支付) though another stands as bearer."""
        out: dict[int, float] = {}
        borne = {row[2] for row in rows.values()}
        names = [named.words for named in self.query.posts]
        names += [n.post.name for n in self.query.posts if n.post and n.post.name not in names]
        for name in names:
            units = self.register.units_with(name) - borne
            if not units or len(units) > _MOST_READ:
                continue
            acting = {unit for unit, words in self.register.words_of(units).items() if acts(words, name)}
            held = [row for row in self.register.rows_in(units) if row[1] in self.allowed]
            quotes = self.register.quotes(row[0] for row in held)
            for number, _, unit, *_ in held:
                value = AGENT if unit in acting else MENTION if name in quotes[number] else 0.0
                if value:
                    out[number] = max(out.get(number, 0.0), value)
        return out

    # -- the rest of the query ---------------------------------------------------------------------

    def _topic(self, words: str) -> _Words:
        units = {unit: 1.0 for unit in self.register.units_with(words)}
        if len(words) >= 4:
            for unit in self.register.units_with_all([words[i : i + 2] for i in range(0, len(words) - 1, 2)]):
                units.setdefault(unit, 0.8)
        titles = {facts.number for facts in self.register.texts if words in facts.title}
        rarity = math.log10(self.register.unit_count / (len(units) + 1))
        texts = {text: 0.3 for text, share in self.register.shares(units).items() if share >= _DENSE}
        return _Words(units, frozenset(titles), TOPIC_WEIGHT * max(rarity, 0.3), texts)

    def _industry(self, name: str) -> _Field:
        industry = self.taxonomy.find_industry(name)
        line = self.taxonomy.line(name)
        units: set[int] = set()
        for word in industry.names if industry else (name,):
            if len(word) > 2 or word == name:
                units |= self.register.units_with(word)
        texts = {facts.number: _text_fit(facts, name, line) for facts in self.register.texts}
        return _Field(texts, frozenset(units))

    def _units(
        self, topics: Sequence[_Words], fields: Sequence[_Field], agents: Mapping[int, float], *, rare: bool
    ) -> set[int]:
        """Articles worth reading beside those of the bearers."""
        found: set[int] = set()
        parts = [set(one.units) for one in topics] + [set(one.units) for one in fields]
        if len(parts) > 1:
            found |= set.intersection(*parts)
        if rare or not self.query.posts:
            for part in parts:
                found |= part if len(part) <= _FEW_WORDS or not self.query.posts else set()
        if not self.query.posts:
            whole = [
                text
                for one in fields
                for text, fit in one.texts.items()
                if fit >= 1.0 and text in self.allowed
            ]
            found |= {row[2] for row in self.register.rows_of_texts(whole)}
        numbers = list(agents)
        if numbers:
            found |= {row[2] for row in self.register.rows(numbers)}
        return found


@dataclass(frozen=True, slots=True)
class _Words:
    """Where a topic's words stand: by article, and texts with them in the title; rarer words weigh more."""

    units: Mapping[int, float]
    titles: frozenset[int]
    weight: float

    texts: Mapping[int, float] = field(default_factory=dict)

    def of(self, text: int, unit: int) -> float:
        return max(self.units.get(unit, 0.0), 0.75 if text in self.titles else self.texts.get(text, 0.0))

    def said(self, unit: int) -> bool:
        return unit in self.units


@dataclass(frozen=True, slots=True)
class _Field:
    """How far texts belong to an industry, and the articles that name it."""

    texts: Mapping[int, float]
    units: frozenset[int]

    def of(self, text: int, unit: int) -> float:
        return max(self.texts.get(text, 0.0), 0.8 if unit in self.units else 0.0)

    def said(self, unit: int) -> bool:
        return unit in self.units


def _text_fit(facts: TextFacts, name: str, line: Sequence[str]) -> float:
    if name in facts.industries:
        return 1.0
    if set(line) & set(facts.industries):
        return 0.7
    return 0.5 if facts.general else 0.0


def _fits(named: Sequence[float], said: Sequence[float]) -> bool:
    """The post's own duty: in the field asked for, and on one of the topics unless the text is of the
    field.
    """
    if any(value < 0.5 for value in named):
        return False
    enough = 0.3 if len(said) > 1 else 0.0
    return not said or any(value > enough for value in said) or any(value >= 0.8 for value in named)


def _all_said(values: Sequence[float], written: Sequence[bool], *, rare: bool) -> bool:
    """Without the post as bearer: everything else must be there; one word in the article is enough for
    a rare post.
    """
    if not values:
        return rare
    if rare:
        return any(written) or (len(values) > 1 and min(values) >= 0.75)
    return len(values) > 1 and min(values) >= 0.75


_AIMED = re.compile(
    r"对|向|给|鼓励|支持|帮助|引导|配合|国家|要求|督促|指导|监督|委托|责令|为|将|从|被|未|应当|不得|必须|把|实行|协助|组织|依照|按照|根据|通知|报|经|有权"
)
_MARKS = re.compile(r"[，；。：:;,\n]|（[一二三四五六七八九十]+）")


def acts(quote: str, name: str) -> bool:
    """The name stands as one who acts: at the head of a clause, or after 由; not as the object of another.

    >>> acts("实行施工总承包的，由总承包单位支付意外伤害保险费。", "总承包单位")
    True
    >>> acts("教育行政部门应当指导、监督学校建立健全校车安全管理制度。", "学校")
    False
    """
    for clause in _MARKS.split(quote):
        at = clause.find(name)
        if at < 0:
            continue
        front = clause[:at].rpartition("由")[2] if "由" in clause[:at] else clause[:at]
        after = clause[at + len(name) :]
        if not _AIMED.search(front) and not after.startswith(("的", "提供", "建立", "之间")):
            return True
    return False
