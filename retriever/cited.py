"""A question that cites a provision: its words, its penalties when those are asked for, or what is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus import citing
from corpus.citing import Outcome
from corpus.errors import ZerenError
from corpus.library import Library
from corpus.place import Address
from retriever import penalties
from retriever.hit import Hit
from retriever.question import Question
from retriever.question_kinds import Kind
from retriever.stated import Answer, Statement, statement_of
from retriever.statements import Slice

MOST_PENALTIES = 3
_NUMBERS_AND_ASKING = re.compile(
    r"第|条|款|项|之|[0-9零〇一二三四五六七八九十百千]|说了?|讲了?|什么|是|的|规定|内容|怎么|写|请问|[^\w]"
)


def answer(library: Library, question: Question, *, on: str) -> Answer | None:
    """The answer to a question with a citation in it; None where the citation is no more than mentioned."""
    if not question.named.works:
        if len(_NUMBERS_AND_ASKING.sub("", question.plain)) < 2:
            return Answer(
                question, (), (), "没有写明是哪部法的条文，请写上法的名称，如：安全生产法第二十一条。", 0.0
            )
        return None
    citation = citing.resolve(library, question.citation or "", on=on)
    if citation.status in (Outcome.NOT_A_CITATION, Outcome.NO_WORK_GIVEN):
        return None
    if not citation.targets:
        return Answer(question, (), (), citation.message or "库里没有这一条。", 0.0)
    hits = tuple(Hit(t.key, t.place, t.text, 1.0) for t in citation.targets)
    stated = _punished(library, citation.targets, on) if Kind.PENALTY in question.kinds else []
    if not stated:
        stated = [
            s for target in citation.targets for s in _words(library, target.key, target.place.address, on)
        ]
    return Answer(question, tuple(stated), hits, citation.message or None)


def _words(library: Library, key: str, address: Address, on: str) -> list[Statement]:
    """The cited words as one statement."""
    edition = library.edition(key)
    text = library.text(key, address)
    return [
        statement_of(
            edition, Slice(address, text, 1.0), edition_headings(library, key, address), score=1.0, on=on
        )
    ]


def edition_headings(library: Library, key: str, address: Address) -> tuple[str, ...]:
    """The headings a provision stands under."""
    whole = address.whole()
    return next((p.headings for p in library.provisions(key) if p.address.whole() == whole), ())


def _punished(library: Library, targets: Sequence[citing.Target], on: str) -> list[Statement]:
    """The penalties for the cited provisions; none where the cited ones are penalties themselves."""
    stated: list[Statement] = []
    for target in targets:
        try:
            found = penalties.for_provision(library, target.key, target.place.address, on=on)
        except ZerenError:
            continue
        for penalty in found[:MOST_PENALTIES]:
            stated.append(Statement(penalty.key, penalty.place, penalty.text, penalty.score))
    return stated
