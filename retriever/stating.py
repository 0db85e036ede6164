"""From ranked provisions to the words that are stated: their order, the part of each that answers, the doubt.

A question of two parts is answered by the best provision of each part, where these differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.document import Provision
from corpus.library import covers
from corpus.place import Address
from retriever import notfound, precedence
from retriever.hit import Hit
from retriever.kind_fit import Fit
from retriever.notfound import Signals
from retriever.question import Question
from retriever.question_kinds import Kind
from retriever.searcher import Searcher
from retriever.stated import Statement, statement_of
from retriever.statements import Measure, choose, pairs

ADDED = 0.7  # weight of a pair of letters that only the added words have
BESIDE = 0.5  # share of the best hit's score another provision needs for its words to be stated too
LOCAL_BESIDE = 0.4
MOST_PROVISIONS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A question, or one part of it, with the provisions that answer it, best first."""

    question: Question
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Stating:
    """Orders provisions and states their words."""

    searcher: Searcher
    fit: Fit

    def in_order(self, question: Question, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """The hits as an official wants them, each score raised or lowered by how it fits the question."""
        weight = notfound.weights(question, self.searcher.weights)
        covered = [notfound.coverage(question, hit.text, weight)[0] for hit in hits]
        scaled = self.fit.scaled(question, hits, covered)
        return precedence.in_order(question, scaled, self.searcher.library)

    def statements(self, whole: Part, parts: Sequence[Part], *, on: str) -> tuple[Statement, ...]:
        """The words that answer, the provision that answers first in front."""
        stated: list[Statement] = []
        for question, hit in self._provisions(whole, parts, on):
            stated += self._of_provision(self._measure(question), hit, on)
        return tuple(stated)

    def _provisions(self, whole: Part, parts: Sequence[Part], on: str) -> Iterator[tuple[Question, Hit]]:
        """The provisions to state, each with the question it is read for."""
        chosen = self._of_parts(whole, parts, on)
        taken = {(hit.key, hit.address) for _, hit in chosen}
        yield from chosen
        best = whole.hits[0].score
        for hit in whole.hits[:MOST_PROVISIONS]:
            if len(taken) >= MOST_PROVISIONS:
                return
            if hit.score < BESIDE * best / self._distance(whole, hit):
                continue
            if (hit.key, hit.address) not in taken:
                taken.add((hit.key, hit.address))
                yield whole.question, hit

    def _distance(self, whole: Part, hit: Hit) -> float:
        """A local text counts less beside a national one where the question names no place."""
        if whole.question.region or whole.question.named.works or self._is_local(whole.hits[0]):
            return 1.0
        return LOCAL_BESIDE if self._is_local(hit) else 1.0

    def _is_local(self, hit: Hit) -> bool:
        return self.searcher.library.edition(hit.key).masthead.region is not None

    def _of_parts(self, whole: Part, parts: Sequence[Part], on: str) -> list[tuple[Question, Hit]]:
        """The best provision of each part among those the whole question found; none where one answers all.

        A part that asks for the penalty of what the part before it found is answered by that one's penalty.
        """
        pool = {(hit.key, hit.address): hit for hit in whole.hits}
        found: dict[tuple[str, Address], tuple[Question, Hit]] = {}
        before: Hit | None = None
        for part in parts:
            hit = self._penalty(part, before, on) if before else None
            hit = hit or next((pool[h.key, h.address] for h in part.hits if (h.key, h.address) in pool), None)
            if hit is not None:
                found.setdefault((hit.key, hit.address), (part.question, hit))
            before = hit
        return list(found.values()) if len(found) > 1 else []

    def _penalty(self, part: Part, before: Hit, on: str) -> Hit | None:
        """The provision that punishes what `before` demands, where the part asks for it."""
        if Kind.PENALTY not in part.question.kinds:
            return None
        register = self.fit.narrowing.register
        number = register.numbers.get(before.key)
        rows = self._rows(before.key, before.address) if number is not None else []
        found = [one for row in rows for one in register.penalties(number or 0, row.address)]
        if not found:
            return None
        best = max(found, key=lambda one: one.score)
        edition = self.searcher.library.edition(before.key)
        address = best.address.whole()
        place = replace(edition.place(address, on=on), headings=best.headings)
        text = self.searcher.library.text(before.key, address)
        return Hit(before.key, place, text, before.score, before.scores)

    def _of_provision(self, measure: Measure, hit: Hit, on: str) -> list[Statement]:
        edition = self.searcher.library.edition(hit.key)
        rows = self._rows(hit.key, hit.address)
        score = min(1.0, hit.score)
        return [
            statement_of(edition, piece, rows[0].headings, score=score, on=on)
            for piece in choose(rows, measure)
        ]

    def _rows(self, key: str, address: Address) -> list[Provision]:
        whole = address.whole()
        return [row for row in self.searcher.library.provisions(key) if covers(whole, row.address)]

    def _measure(self, question: Question) -> Measure:
        """How the pieces of a provision are weighed: rare pairs of letters count most, added words less."""
        own, added = pairs(question.plain), pairs(" ".join(w for e in question.expansions for w in e.added))
        wanted = sorted(own | added)
        weight = dict(zip(wanted, self.searcher.weights(wanted), strict=True))
        shares = {pair: value * (1.0 if pair in own else ADDED) for pair, value in weight.items()}
        plain = question.plain
        return Measure(shares, question.kinds, lambda texts: self.searcher.similarity(plain, texts))

    def signals(self, question: Question, hits: Sequence[Hit]) -> Signals:
        """The signals of `notfound` for the hits of a question."""
        weight = notfound.weights(question, self.searcher.weights)
        shares = [notfound.coverage(question, _with_context(hit), weight) for hit in hits[:5]]
        best = hits[0]
        return Signals(
            coverage=shares[0][0],
            coverage_top=max(share for share, _ in shares),
            rare=shares[0][1],
            cosine=best.scores.dense,
            margin=notfound.spread([hit.score for hit in hits]),
            together=sum(hit.key == best.key for hit in hits) / len(hits),
            score=min(1.0, best.score),
            fits=notfound.fits(question, best.text),
            translated=self.searcher.similarity(question.query, [_with_context(best)])[0],
        )


def _with_context(hit: Hit) -> str:
    return " ".join((hit.place.title, *hit.place.headings, hit.text))
