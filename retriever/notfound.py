"""When the library does not answer: a small calibrated model over plain signals of the search.

The weights (notfound.toml) are fitted by `python -m bench.answers --fit` on questions whose articles were
taken out of the search and on questions of our own that laws do not answer; the test rows are never seen.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from retriever.question import Question
from retriever.statements import pairs

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
    together: share of the first ten from the best one's text; score: the ranker's score.
    """

    coverage: float
    coverage_top: float
    rare: float
    cosine: float
    margin: float
    together: float
    score: float

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


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


def topic(question: Question) -> str:
    """The question without the words that only ask."""
    return _ASKING.sub(" ", question.plain.lower())


def weights(question: Question, weigh: Callable[[Sequence[str]], Sequence[float]]) -> dict[str, float]:
    """The pairs of letters of a question's topic with their weight (inverse document frequency)."""
    wanted = sorted(pairs(topic(question)))
    return dict(zip(wanted, weigh(wanted), strict=True)) if wanted else {}


def coverage(question: Question, text: str, weight: Mapping[str, float]) -> tuple[float, float]:
    """The share of the question's weight that `text` carries, and that of its three heaviest pairs.

    A lay word counts as carried where the law's word for it stands in the text.
    """
    if not weight:
        return 0.0, 0.0
    held = pairs(text)
    for expansion in question.expansions:
        if any(word in text for word in expansion.added):
            held |= pairs(expansion.word)
    heavy = sorted(weight, key=lambda pair: -weight[pair])[:3]
    carried = sum(value for pair, value in weight.items() if pair in held)
    return carried / (sum(weight.values()) or 1.0), sum(pair in held for pair in heavy) / len(heavy)


def spread(scores: Sequence[float]) -> float:
    """How far the first score stands before the last, as a share of the first."""
    if len(scores) < 2 or scores[0] <= 0:
        return 0.0
    return max(0.0, min(1.0, 1.0 - scores[-1] / scores[0]))
