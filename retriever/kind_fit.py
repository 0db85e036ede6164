"""How well a provision's form and place fit the question, beside how near its words are.

The ranker weighs words and form; what it cannot know comes here as plain factors: whether the text speaks of
the field asked about or to everybody, whether it binds the post named, whether it holds a figure where one is
asked. Factors were chosen on our own questions (docs/answers.md); each changes an order, none removes a hit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.library import Library
from indexer.taxonomy import Taxonomy
from retriever import notfound
from retriever.hit import Hit
from retriever.narrowing import Narrowing, unit_key
from retriever.question import Question
from retriever.question_kinds import Kind
from retriever.statements import CUES

LOOKED_AT = 20
# Factors on the score.
GENERAL = 1.8  # a text whose duties apply in every field
OWN_FIELD = 1.4  # a text of the very field the question names
POST = 1.3  # a provision that puts a duty on the post named
POST_SAID = 1.4  # … or names it
PUNISHES = 1.3
PUNISHES_UNASKED = 0.6  # a penalty where it is asked what to do
LISTS = 1.4  # announces a list of what a list question asks for (下列职责)
DEFINES = 2.0  # says what the very term asked about is
NO_FIGURE = 0.5
OTHER_DEGREE = 0.6  # without the degree (一级, 重大) that the question names
SPREAD = 2.0  # the ranker is surer of its order than these factors leave it: its log-odds are divided by this
COVERED = 1.0  # log-odds for the share of the question's weight that the words carry
_FIELDS = frozenset({"消防", "职业卫生", "劳务派遣", "危险物品"})
_LISTED = re.compile(r"职责|条件|材料|内容|情形|措施|职权|权利|义务|行为|事项|待遇|资料|信息|要求|程序|标准")
_DEGREE = re.compile(
    r"[一二三四五六七八九十甲乙丙特]级|特别重大|(?<!特别)重大(?=事故|突发|火灾)|(?:较大|一般)(?=事故|突发)"
)
_TERM = re.compile(
    r"[“\"](?P<quoted>[^”\"]{2,24})[”\"]|(?:什么是|什么叫|何为|何谓|所谓)(?P<after>[^，。？?]{2,20})"
    r"|算(?:不算|是)?(?P<counted>[^，。？?吗]{2,20})|(?P<before>[^，。？?的是“”]{2,20})(?:是指|指的是|指的?哪|指什么|的定义|的含义|是什么意思|包括哪)"
)
_LIABILITY = re.compile(r"法律责任|罚则|处罚")
_PUNISHES = re.compile(r"罚款|拘留|吊销|责令|处分")
_SANCTION = re.compile(r"罚款|拘留|(?:给予|行政)处分")
_ITEMS = re.compile(r"^[（(]二[）)]", re.MULTILINE)
# The same for a search that no learned ranker ordered, in log-odds.
PENALTY_ASKED = 1.2
PENALTY_UNASKED = -0.5
CUE = 0.4
ITEMS_ASKED = 0.8
LOCAL_UNASKED = -0.5


@dataclass(frozen=True, slots=True)
class _Form:
    """What the words of an answer look like: patterns for what is asked, None where it is not."""

    punishes: re.Pattern[str] | None
    lists: re.Pattern[str] | None
    defines: re.Pattern[str] | None
    degrees: tuple[str, ...]
    acts: bool

    @classmethod
    def of(cls, question: Question) -> _Form:
        listed = _LISTED.findall(question.plain) if Kind.LIST in question.kinds else []
        terms = [
            re.escape(term)
            for match in (_TERM.finditer(question.plain) if Kind.DEFINITION in question.kinds else ())
            for term in match.groups()
            if term
        ]
        return cls(
            _PUNISHES if Kind.PENALTY in question.kinds else None,
            re.compile(rf"(?:下列|以下)[^。：:；]{{0,14}}(?:{'|'.join(listed)})") if listed else None,
            re.compile(rf"(?:{'|'.join(terms)})[”》」]?[，,]?\s?(?:是指|包括|指|为)") if terms else None,
            tuple(_DEGREE.findall(question.plain)),
            Kind.PROCEDURE in question.kinds or Kind.DUTY in question.kinds,
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """What is known of texts beside their words: their field of work and whom they bind."""

    library: Library
    taxonomy: Taxonomy
    narrowing: Narrowing

    def scaled(self, question: Question, hits: Sequence[Hit], coverage: Sequence[float]) -> tuple[Hit, ...]:
        """The hits in their order, each score raised or lowered by how it fits.

        `coverage` is the share of the question's weight in each hit's words.
        """
        fields = self._fields(question)
        borne = [self.narrowing.borne_by(heard.name) for heard in question.posts]
        said, form = self._said(question), _Form.of(question)
        out = []
        for hit, covered in zip(hits, coverage, strict=True):
            score = 1 / (1 + math.exp(-(hit.scores.ranked / SPREAD + COVERED * covered)))
            score *= self._form(form, hit) * self._field(question, hit, fields)
            score *= NO_FIGURE if notfound.fits(question, hit.text) < 1 else 1.0
            if any(unit_key(hit) in places for places in borne):
                score *= POST
            if said and said.search(hit.text):
                score *= POST_SAID
            out.append(replace(hit, score=score))
        return tuple(out)

    def _form(self, asked: _Form, hit: Hit) -> float:
        factor = 1.0
        for wanted, value in ((asked.punishes, PUNISHES), (asked.lists, LISTS), (asked.defines, DEFINES)):
            if wanted and wanted.search(hit.text):
                factor *= value
        if asked.acts and _SANCTION.search(hit.text) and not asked.punishes:
            factor *= PUNISHES_UNASKED
        if not all(degree in hit.text for degree in asked.degrees):
            factor *= OTHER_DEGREE
        return factor

    def _field(self, question: Question, hit: Hit, fields: frozenset[str]) -> float:
        scope = self.taxonomy.scope(hit.place.title)
        factor = GENERAL if scope.general else 1.0
        if not question.named.works and fields & set(scope.industries) - _FIELDS:
            factor *= OWN_FIELD
        return factor

    def _fields(self, question: Question) -> frozenset[str]:
        """The fields of work a question speaks of."""
        named = {heard.name for heard in question.industries}
        named |= set(self.taxonomy.industries_in(question.plain))
        posts = (self.taxonomy.find_post(heard.name) for heard in question.posts)
        return frozenset(named | {post.industry for post in posts if post and post.industry})

    def _said(self, question: Question) -> re.Pattern[str] | None:
        names = [
            name
            for heard in question.posts
            for name in self.taxonomy.post(heard.name).names
            if len(name) > 3 or name == heard.name
        ]
        return re.compile("|".join(map(re.escape, names))) if names else None


def reorder(question: Question, hits: Sequence[Hit], *, library: Library) -> tuple[Hit, ...]:
    """The hits of a search without a ranker, by how their form fits, best first."""
    raised = [hit.scores.ranked + _bonus(question, hit, library) for hit in hits]
    scored = [
        replace(hit, score=1 / (1 + math.exp(-odds)), scores=replace(hit.scores, ranked=odds))
        for hit, odds in zip(hits, raised, strict=True)
    ]
    return tuple(sorted(scored, key=lambda hit: -hit.scores.ranked))


def _bonus(question: Question, hit: Hit, library: Library) -> float:
    punishes = bool(_LIABILITY.search(" ".join(hit.place.headings)) and _PUNISHES.search(hit.text))
    local = library.edition(hit.key).masthead.region is not None
    value = LOCAL_UNASKED if local and question.region is None else 0.0
    if Kind.LIST in question.kinds and _ITEMS.search(hit.text):
        value += ITEMS_ASKED
    if Kind.PENALTY in question.kinds:
        return value + (PENALTY_ASKED if punishes else 0.0)
    if punishes:
        value += PENALTY_UNASKED
    cues = [bool(CUES[kind].search(hit.text)) for kind in question.kinds if kind in CUES]
    return value + (CUE * sum(cues) / len(cues) if cues else 0.0)
