"""When the library does not answer: a small calibrated model over plain signals of the search.

The weights (notfound.toml) are fitted by `python -m bench.answers --fit` on questions whose articles were
taken out of the search and on questions of our own that laws do not answer; the test rows are never seen.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from retriever.question import Question
from retriever.question_kinds import Kind
from retriever.statements import pairs
from retriever.vocabulary import content_words

DATA = Path(__file__).with_name("notfound.toml")
# Letters that ask and do not name a topic; a pair of them weighs nothing in the coverage.
_ASKING = re.compile(
    r"请问|什么|哪些|哪个|哪里|哪种|哪一?级|怎么办|怎么|怎样|如何|多少|多久|多长时间|几[天年日次个名人]|是否|能不能|可不可以|行不行|"
    r"可以|应该|应当|需要|必须|要不要|有没有|法律上|法律|规定|要求|吗|呢|么|的|了|在|是|要|会|能|被|给|把|和|与|对|得"
)


@dataclass(frozen=True, slots=True)
class Signals:
    """What the search says of a question, each between 0 and about 1.

    coverage: share of the question's weight found in the best provision (its text, title, headings);
    coverage_top: the best share among the first five; rare: the heaviest pair found or not in the best;
    cosine: the encoder's similarity of the best; margin: how far the best stands before the tenth;
    together: share of the first ten from the best one's text; score: the ranker's score; fits: whether the
    best provision holds a figure of the kind asked for (1 where no figure is asked); translated: the
    encoder's similarity of the best to the question with the law's words added.
    """

    coverage: float
    coverage_top: float
    rare: float
    cosine: float
    margin: float
    together: float
    score: float
    fits: float
    translated: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


_FIGURE = r"[0-9０-９一二三四五六七八九十百千万两几]+(?:点[0-9一二三四五六七八九]+)?"
_TIME = r"个?(?:工作日|日|天|年|月|小时|分钟|周|季度|周岁|岁)"
_PERIOD = rf"(?:{_FIGURE}{_TIME}|每[年月日周季半]|半年|季度|每日|随时|有效期|期满)"
# What a question counts → how a provision writes it.
_COUNTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked), re.compile(found))
    for asked, found in (
        (r"学时|课时", rf"{_FIGURE}(?:个)?(?:学时|课时)"),
        (
            r"毫米|厘米|几公?里|多少公?里|[几少]米|距离|多远|高度|宽度|间距|半径|净宽|多高|多宽",
            rf"{_FIGURE}(?:公里|米|毫米|厘米)",
        ),
        (r"[几少]吨|公斤|千克|多重|载重", rf"{_FIGURE}(?:吨|公斤|千克|克)"),
        (r"分贝|毫克|浓度|[几少]度|伏|欧|兆帕", rf"{_FIGURE}(?:分贝|毫克|度|%|％|伏|欧|兆帕)|百分之"),
        (r"[几少](?:元|万|钱)|罚多少|罚款", rf"{_FIGURE}[万千百]?元|倍|百分之|[0-9]\s?[%％]"),
        (r"百分之几|比例|率", r"百分之|%|％|倍"),
        (
            r"几年|多少年|多少天|几天|几日|多久|多长时间|几个?月|几个?小时|多少小时|提前|期限|隔几|有效期|复审|周期|时限",
            _PERIOD,
        ),
        (r"[几少](?:个|名)?人|人数", rf"{_FIGURE}(?:名|人)"),
        (r"几级|分级|等级", r"级|等"),
    )
)


def fits(question: Question, text: str) -> float:
    """Whether a provision holds a figure of the kind the question asks for; 1 where it asks for none.

    Of several kinds asked for (几年，提前多久) the share that is held.
    """
    wanted = [found for asked, found in _COUNTS if asked.search(question.plain)]
    if Kind.NUMBER not in question.kinds or not wanted:
        return 1.0
    return sum(1.0 for found in wanted if found.search(text)) / len(wanted)


@lru_cache(maxsize=1)
def _model() -> tuple[dict[str, float], float, float]:
    with DATA.open("rb") as file:
        data = tomllib.load(file)
    return dict(data["weights"]), float(data["bias"]), float(data["threshold"])


def probability(signals: Signals) -> float:
    """How probable it is that the library answers (0 … 1)."""
    weights, bias, _ = _model()
    value = bias + sum(weight * signals.as_dict()[name] for name, weight in weights.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def threshold() -> float:
    """The probability below which a question is not answered."""
    return _model()[2]


def topic(question: Question, *, leave: Collection[str] = ()) -> str:
    """The question without the words that only ask, and without `leave`; "" where nothing is left."""
    text = question.plain
    for words in leave:
        text = text.replace(words, " ").replace("中华人民共和国", " ")
    return _ASKING.sub(" ", re.sub(r"[《》〈〉，。？！、：；?!.,]", " ", text).lower()).strip()


def weights(question: Question, weigh: Callable[[Sequence[str]], Sequence[float]]) -> dict[str, float]:
    """The pieces of a question's topic with their weight (inverse document frequency).

    Pairs of letters; of an English question its terms and words, each of weight 1, for the laws hold none
    of them.
    """
    if question.language == "en":
        terms = [e.word for e in question.expansions]
        told = {word for term in terms for word in term.split()}
        return dict.fromkeys([*terms, *(w for w in content_words(question.plain) if w not in told)], 1.0)
    wanted = sorted(pairs(topic(question)))
    return dict(zip(wanted, weigh(wanted), strict=True)) if wanted else {}


def coverage(question: Question, text: str, weight: Mapping[str, float]) -> tuple[float, float]:
    """The share of the question's weight that `text` carries, and that of its three heaviest pieces.

    A lay word, or an English term, counts as carried where the law's word for it stands in the text.
    """
    if not weight:
        return 0.0, 0.0
    held = set(pairs(text))
    for expansion in question.expansions:
        if any(word in text for word in expansion.added):
            held |= pairs(expansion.word) | {expansion.word}
    heavy = sorted(weight, key=lambda piece: -weight[piece])[:3]
    carried = sum(value for piece, value in weight.items() if piece in held)
    return carried / (sum(weight.values()) or 1.0), sum(piece in held for piece in heavy) / len(heavy)


def spread(scores: Sequence[float]) -> float:
    """How far the first score stands before the last, as a share of the first."""
    if len(scores) < 2 or scores[0] <= 0:
        return 0.0
    return max(0.0, min(1.0, 1.0 - scores[-1] / scores[0]))
