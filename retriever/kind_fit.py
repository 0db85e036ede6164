"""Provisions whose form fits the kind of question come first: penalties for 罚多少, lists for 哪些.

A plain rule for searches that no learned ranker ordered; the ranker has the same signs among its features.
The weights were chosen on our own questions (docs/answers.md has the figures).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from retriever.hit import Hit
from retriever.question import Question
from retriever.question_kinds import Kind
from retriever.statements import CUES

LOOKED_AT = 20
# In log-odds, as the scores of an unlearned ranking are.
PENALTY_ASKED = 1.2
PENALTY_UNASKED = -0.5
CUE = 0.4
LIST = 0.8
LOCAL_UNASKED = -0.5
_LIABILITY = re.compile(r"法律责任|罚则|处罚")
_PUNISHES = re.compile(r"罚款|拘留|吊销|责令")
_ITEMS = re.compile(r"^[（(]二[）)]", re.MULTILINE)


def reorder(question: Question, hits: Sequence[Hit], *, local: Callable[[Hit], bool]) -> tuple[Hit, ...]:
    """The hits with their scores raised or lowered by how their form fits, best first.

    `local` says whether a hit's text is of one place.
    """
    raised = [hit.scores.ranked + _bonus(question, hit, local=local(hit)) for hit in hits]
    scored = [
        replace(hit, score=1 / (1 + math.exp(-odds)), scores=replace(hit.scores, ranked=odds))
        for hit, odds in zip(hits, raised, strict=True)
    ]
    return tuple(sorted(scored, key=lambda hit: -hit.scores.ranked))


def _bonus(question: Question, hit: Hit, *, local: bool) -> float:
    punishes = bool(_LIABILITY.search(" ".join(hit.place.headings)) and _PUNISHES.search(hit.text))
    value = LOCAL_UNASKED if local and question.region is None else 0.0
    if Kind.LIST in question.kinds and _ITEMS.search(hit.text):
        value += LIST
    if Kind.PENALTY in question.kinds:
        return value + (PENALTY_ASKED if punishes else 0.0)
    if punishes:
        value += PENALTY_UNASKED
    cues = [bool(CUES[kind].search(hit.text)) for kind in question.kinds if kind in CUES]
    return value + (CUE * sum(cues) / len(cues) if cues else 0.0)
