"""An answer from the English texts of a library: a list whole and in order, else the nearest paragraphs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.library import Library
from retriever.english import EnglishTexts, Enumeration, Found, list_text
from retriever.hit import Hit
from retriever.question import Question
from retriever.stated import HITS, Answer, Statement, statement_of
from retriever.statements import Slice
from retriever.vocabulary import to_english

FLOOR = 0.28  # share of an English question's weight that a paragraph must carry
SURE = 0.5  # share from which English paragraphs are stated after Chinese provisions
BESIDE_ENGLISH = 0.3  # confidence from which Chinese provisions are stated after English paragraphs
LEAD = 0.9
PUT_OVER = 0.6  # share of an English question's words that need Chinese ones for the laws to be asked
BESIDE = 0.5
MOST = 3
NEAR = 0.7  # share of a Chinese question's terms that an English paragraph must hold to be shown
FEWEST_TERMS = 3


@dataclass(frozen=True, slots=True)
class EnglishDesk:
    """The English texts of a library, ready to answer."""

    library: Library
    texts: EnglishTexts

    def answer(self, question: Question, day: str, keys: frozenset[str] | None) -> Answer | None:
        """The paragraphs that answer, of the editions `keys` where given; None where none does."""
        found = self.texts.search(question.plain, limit=HITS, keys=keys)
        listed = self.texts.list_for(question.plain, kinds=question.kinds, keys=keys)
        if question.outside or not found or (not listed and found[0].coverage < FLOOR):
            return None
        hits = tuple(self._hit(f, day) for f in found)
        top = found[0].score
        best = [f for f in found if f.score >= BESIDE * top][:MOST]
        stated: list[Statement] = []
        if listed:
            stated += self._list(listed, day)
            best = best[:1]
        said = {s.text for s in stated}
        for f in best:
            if not any(f.passage.text in text for text in said):
                stated.append(self._statement(f, top, day))
        return Answer(question, tuple(stated), hits, None, min(1.0, found[0].coverage))

    def nearest(self, question: Question, day: str) -> tuple[Hit, ...]:
        """The English paragraphs near a Chinese question, by the glossary; none where little is shared."""
        terms = [form for term in to_english(question.plain) for form in term.added[:1]]
        if len(terms) < FEWEST_TERMS:
            return ()
        found = self.texts.search(" ".join(terms), limit=MOST)
        return tuple(self._hit(f, day) for f in found if f.coverage >= NEAR)

    def _list(self, listed: Enumeration, day: str) -> list[Statement]:
        edition = self.library.edition(listed.key)
        pieces = ((item, Slice(item.address, list_text(item), 1.0)) for item in listed.items)
        return [statement_of(edition, piece, item.headings, score=1.0, on=day) for item, piece in pieces]

    def _statement(self, found: Found, top: float, day: str) -> Statement:
        passage = found.passage
        edition = self.library.edition(passage.key)
        piece = Slice(passage.address, passage.text.strip(), found.score)
        return statement_of(edition, piece, passage.headings, score=found.score / top, on=day)

    def _hit(self, found: Found, day: str) -> Hit:
        statement = self._statement(found, max(found.score, 1e-9), day)
        return Hit(statement.key, statement.place, statement.text, round(found.coverage, 4))


def joined(english: Answer, chinese: Answer) -> Answer:
    """The answers of the English texts and of the Chinese ones as one, the surer in front.

    An unsure one beside a sure one is left out. A law that the question names is asked first.
    """
    if not chinese.found:
        return english
    first, second = english, chinese
    if chinese.confidence > LEAD * english.confidence or chinese.question.named.works:
        first, second = chinese, english
    if second.confidence < (SURE if second is english else BESIDE_ENGLISH):
        return first
    hits = (*first.hits[: HITS // 2], *second.hits)[:HITS]
    return replace(first, statements=(*first.statements, *second.statements), hits=hits)
