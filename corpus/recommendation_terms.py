"""The last words of a 检察建议书: when to reply, and when to object. The two terms are not one another's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.deadlines import Term, terms_in
from corpus.enumeration import strip_end

_TO_US = re.compile(r"(?:本院|我院|检察院|检察机关|书面)")
_ANSWER = re.compile(
    r"回复|反馈|函复|答复|复函|函告|回函|书面报告|报送|报告|告知|抄送|reply|respon(?:d|se)", re.IGNORECASE
)
_RECEIPT = re.compile(r"收到|接到|接收|签收|送达|收悉|receipt|receiving", re.IGNORECASE)
_OBJECTION = re.compile(r"异议|objection", re.IGNORECASE)
SENTENCE = re.compile(r"[^。！\n]*[。！]|[^。！\n]+")


def is_reply(text: str) -> bool:
    """Asks for an answer to us: 请…回复, with 本院 or a term from receipt."""
    if not _ANSWER.search(text):
        return False
    return any(
        _ANSWER.search(s) and (_RECEIPT.search(s) or (_TO_US.search(s) and re.search("请|应当|应于|务必", s)))
        for s in SENTENCE.findall(text)
    ) and not _OBJECTION.search(text.split("。", maxsplit=1)[0])


def is_objection(text: str) -> bool:
    return bool(_OBJECTION.search(text) and re.search("如|若|对本|有权|if", text))


def reply_and_objection(
    paragraphs: Sequence[str], *, written: str | None
) -> tuple[int, str | None, str | None]:
    """(paragraph of the reply, its sentence, the sentence on objections)."""
    best: tuple[int, int, str] | None = None
    objection = None
    for number, paragraph in enumerate(paragraphs):
        for sentence in SENTENCE.findall(paragraph):
            if _OBJECTION.search(sentence):
                objection = (
                    sentence
                    if is_objection(sentence) and (objection is None or terms_in(sentence))
                    else objection
                )
                continue
            score = _reply_score(sentence, written=written)
            if score >= 3 and (best is None or score >= best[0]):
                best = (score, number, sentence)
    return (best[1], best[2], objection) if best else (len(paragraphs), None, objection)


def _reply_score(sentence: str, *, written: str | None) -> int:
    if re.search(r"逾期|曾|已于|未在|未按期|此前", sentence) and not re.search("请", sentence):
        return 0
    field = re.search(r"(?:回复|反馈|答复)(?:期限|时限|时间)", sentence)
    terms = terms_in(sentence, written=written) or (_bare_terms(sentence) if field else ())
    answers, receipt = bool(_ANSWER.search(sentence)), bool(_RECEIPT.search(sentence))
    asked = bool(re.search("请|应当|应于|望|希望|务必|please|shall", sentence, re.IGNORECASE))
    score = (
        3 * bool(terms) * (answers or receipt)
        + bool(answers)
        + receipt
        + bool(_TO_US.search(sentence)) * answers
    )
    return (
        score + 2 * bool(field) + (1 if asked and answers else 0)
        if (answers or (receipt and terms and asked))
        else 0
    )


def _bare_terms(sentence: str) -> tuple[Term, ...]:
    """回复期限：两个月 – a length without 内."""
    match = re.search(r"(?:期限|时限|时间)(?:为|是)?[：:]?\s*([^。；，]{2,30})", sentence)
    if match is None:
        return ()
    found = terms_in(match[1] + "内")
    return tuple(Term(t.kind, t.n, t.on, t.text.removesuffix("内")) for t in found)


def reply_term(reply: str | None, *, written: str | None) -> Term | None:
    """The term next before the word for answering."""
    if reply is None:
        return None
    terms = terms_in(reply, written=written) or _bare_terms(reply)
    if not terms:
        return None
    answers = [m.start() for m in _ANSWER.finditer(reply)]
    before = [t for t in terms if not answers or reply.find(t.text) < answers[-1]]
    return (before or list(terms))[-1]


def objection_span(sentence: str | None) -> str | None:
    """The sentence on objections up to its 提出; what must be enclosed is no part of it."""
    if sentence is None:
        return None
    clauses = re.split(r"(?<=，)", strip_end(sentence))
    for number, clause in enumerate(clauses):
        if (
            re.search("提出|提交|反映|告知|说明", clause)
            and _OBJECTION.search("".join(clauses[: number + 1]))
            and number
        ):
            return "".join(clauses[: number + 1]).rstrip("，")
    return strip_end(sentence)
