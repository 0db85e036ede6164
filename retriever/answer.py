"""From a question to its answer: verbatim statements with their places, or "not found" with the reason.

    desk = Desk.open(retriever)
    desk.ask("安全生产许可证能用几年，要提前多久去延期？").statements

The order of the attempts: a citation goes straight to the provision; a misspelt or absent title is said; an
English question looks in English texts first; then the search, and the calibrated doubt (`notfound`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from corpus.document import Provision
from corpus.library import Library, covers
from corpus.place import Address
from indexer.taxonomy import load
from retriever import cited, kind_fit, notfound, precedence
from retriever.engine import Engine
from retriever.english import EnglishTexts, Found, list_text
from retriever.hit import Filters, Hit
from retriever.narrowing import WIDE, Narrowing
from retriever.notes import notes
from retriever.notfound import Signals
from retriever.question import Question, understand
from retriever.stated import HITS, Answer, Statement, statement_of
from retriever.statements import Measure, Slice, choose, pairs
from retriever.subjects import Subjects
from retriever.titles import Named, Titles

ADDED = 0.7  # weight of a pair of letters that only the added words have
BESIDE = 0.35  # share of the best hit's score another provision needs for its words to be stated too
MOST_PROVISIONS = 3
ENGLISH_FLOOR = 0.28  # share of an English question's weight that a paragraph must carry
ENGLISH_SURE = 0.5  # share below which the Chinese provisions are stated too
ENGLISH_BESIDE = 0.5
ENGLISH_MOST = 3
NARROW = "只在选定的范围里找过，放宽范围再问也许有。"


class Searcher(Protocol):
    """What the desk needs of `retriever.search.Retriever`."""

    @property
    def library(self) -> Library: ...

    @property
    def titles(self) -> Titles: ...

    @property
    def engine(self) -> Engine: ...

    @property
    def folder(self) -> Path: ...

    def find(
        self,
        question: Question,
        *,
        k: int = 10,
        on: str | None = None,
        filters: Filters | None = None,
        level: str = "article",
    ) -> tuple[Hit, ...]: ...

    def similarity(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...

    def weights(self, grams: Sequence[str]) -> Sequence[float]: ...


@dataclass(slots=True)
class Desk:
    """A searcher with the names and the English texts of its library, read once."""

    searcher: Searcher
    titles: Titles
    english: EnglishTexts
    subjects: Subjects
    narrowing: Narrowing

    @classmethod
    def open(cls, searcher: Searcher) -> Desk:
        library = searcher.library
        taxonomy = load(library.path.parent)
        return cls(
            searcher,
            searcher.titles,
            EnglishTexts.of(library),
            Subjects.of(taxonomy),
            Narrowing(library, taxonomy, searcher.folder),
        )

    def understand(self, text: str, *, ignore: Collection[str] = ()) -> Question:
        """The question as read, without an answer. Raises WrongUsage."""
        return understand(text, titles=self.titles, subjects=self.subjects, ignore=ignore)

    def ask(
        self,
        text: str,
        *,
        ignore: Collection[str] = (),
        filters: Filters | None = None,
        on: str | None = None,
        region: str | None = None,
    ) -> Answer:
        """Answers a question within `filters`; `ignore` switches off what was recognised.

        `on` and `region` are short for the filters `as_of` and `region`. Raises WrongUsage.
        """
        question = self.understand(text, ignore=ignore)
        asked = filters or Filters()
        limits = self.narrowing.settled(
            replace(asked, region=asked.region or region, as_of=asked.as_of or on)
        )
        day = limits.as_of or question.on or date.today().isoformat()
        answer = self._answer(question, limits, day)
        said = notes(answer.statements, self.searcher.library, on=day)
        return replace(answer, notes=said, filters=replace(asked, region=limits.region, as_of=limits.as_of))

    def _answer(self, question: Question, limits: Filters, day: str) -> Answer:
        if question.empty:
            return Answer(question, (), (), "问题里只有标点，没有文字。", 0.0)
        question = self._within(question, limits)
        if question.citation and (answer := cited.answer(self.searcher.library, question, on=day)):
            return answer
        if question.named.works and not notfound.topic(question, leave=question.named.words):
            return Answer(
                question, (), (), "只写了法规的名称，请写要问的事，例如：谁负责、罚多少、有效期几年。", 0.0
            )
        english = question.language == "en" and not limits.region and limits.language in (None, "en")
        if english and (answer := self._from_english(question, day, self._chosen(limits))):
            sure = answer.confidence >= ENGLISH_SURE or bool(self._chosen(limits))
            return answer if sure else self._with_chinese(answer, day)
        return self._searched(question, day, limits)

    def _chosen(self, limits: Filters) -> frozenset[str] | None:
        """The editions a follow-up question stays within; None for all."""
        if not (limits.works or limits.keys or limits.kinds):
            return None
        library = self.searcher.library
        versions = [edition for work in limits.works for edition in library.versions(work)]
        keys = frozenset(edition.key for edition in versions or library.editions())
        return keys & frozenset(limits.keys or keys)

    def _within(self, question: Question, limits: Filters) -> Question:
        """第三条怎么规定, asked within one chosen text, cites that text."""
        if len(limits.works) != 1 or question.named.works or not question.citation:
            return question
        held = self.searcher.library.versions(limits.works[0])
        if not held:
            return question
        cited_as = f"《{held[0].title}》{question.citation_words}"
        return replace(question, citation=cited_as, named=Named(works=limits.works))

    def search(
        self,
        text: str,
        *,
        k: int = HITS,
        on: str | None = None,
        filters: Filters | None = None,
        level: str = "article",
    ) -> tuple[Hit, ...]:
        """The provisions nearest to a text, best first. Raises WrongUsage."""
        question = self.understand(text)
        limits = self.narrowing.settled(filters or Filters())
        return () if question.empty else self.hits(question, k=k, on=on, filters=limits, level=level)

    def hits(
        self,
        question: Question,
        *,
        k: int = HITS,
        on: str | None = None,
        filters: Filters | None = None,
        level: str = "article",
    ) -> tuple[Hit, ...]:
        """The provisions nearest to an understood question: of the works it names, else of all.

        `filters` are settled ones (`Narrowing.settled`).
        """
        limits = filters or Filters()
        day = on or limits.as_of or question.on or date.today().isoformat()
        wide = WIDE if limits.post else max(k, kind_fit.LOOKED_AT)
        found: tuple[Hit, ...] = ()
        if question.named.works and not limits.works:
            named = replace(limits, works=question.named.works)
            found = self.searcher.find(question, k=wide, on=day, filters=named, level=level)
        found = found or self.searcher.find(question, k=wide, on=day, filters=limits, level=level)
        found = self.narrowing.kept(limits, found)
        if self.searcher.engine.ranker is None:
            found = kind_fit.reorder(question, found, local=self._is_local)
        return found[:k]

    def _is_local(self, hit: Hit) -> bool:
        return self.searcher.library.edition(hit.key).masthead.region is not None

    def _searched(self, question: Question, day: str, filters: Filters) -> Answer:
        found = self.hits(question, k=precedence.LOOKED_AT, on=day, filters=filters)
        hits = precedence.in_order(question, found, self.searcher.library)[:HITS]
        refused = _refused(question)
        narrow = NARROW if filters != Filters(as_of=filters.as_of) else ""
        if refused or not hits:
            return Answer(question, (), hits, refused or f"库里没有相近的条文。{narrow}", 0.0)
        signals = self.signals(question, hits)
        sure = notfound.probability(signals)
        if sure < notfound.threshold():
            return Answer(question, (), hits, _doubt(signals) + narrow, sure, signals)
        return Answer(question, self._statements(question, hits, day), hits, None, sure, signals)

    # -- statements ------------------------------------------------------------------------------

    def _statements(self, question: Question, hits: Sequence[Hit], day: str) -> tuple[Statement, ...]:
        measure = self._measure(question)
        stated: list[Statement] = []
        for rank, hit in enumerate(hits[:MOST_PROVISIONS]):
            if rank and hit.score < BESIDE * hits[0].score:
                break
            stated += self._of_provision(measure, hit, day)
        return tuple(stated)

    def _of_provision(self, measure: Measure, hit: Hit, day: str) -> list[Statement]:
        edition = self.searcher.library.edition(hit.key)
        rows = self._rows(hit.key, hit.address)
        return [
            statement_of(edition, piece, rows[0].headings, score=hit.score, on=day)
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

    # -- doubt -----------------------------------------------------------------------------------

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
            score=best.score,
            fits=notfound.fits(question, best.text),
            translated=self.searcher.similarity(question.query, [_with_context(best)])[0],
        )

    # -- English ---------------------------------------------------------------------------------

    def _from_english(
        self, question: Question, day: str, keys: frozenset[str] | None = None
    ) -> Answer | None:
        """The paragraphs of English texts that answer; None where none does (the laws are asked next)."""
        found = self.english.search(question.plain, limit=HITS, keys=keys)
        listed = self.english.list_for(question.plain, kinds=question.kinds, keys=keys)
        if question.outside or not found or (not listed and found[0].coverage < ENGLISH_FLOOR):
            return None
        hits = tuple(self._english_hit(f, day) for f in found)
        top = found[0].score
        best = [f for f in found if f.score >= ENGLISH_BESIDE * top][:ENGLISH_MOST]
        stated: list[Statement] = []
        if listed:
            edition = self.searcher.library.edition(listed.key)
            for item in listed.items:
                piece = Slice(item.address, list_text(item), 1.0)
                stated.append(statement_of(edition, piece, item.headings, score=1.0, on=day))
            best = best[:1]
        said = {s.text for s in stated}
        for f in best:
            if not any(f.passage.text in text for text in said):
                stated.append(self._english_statement(f, top, day))
        return Answer(question, tuple(stated), hits, None, min(1.0, found[0].coverage))

    def _with_chinese(self, answer: Answer, day: str) -> Answer:
        """An unsure answer from English texts with what the Chinese provisions say after it."""
        chinese = self._searched(answer.question, day, Filters(language="zh"))
        if not chinese.found:
            return answer
        hits = (*answer.hits[: HITS // 2], *chinese.hits)[:HITS]
        return replace(answer, statements=(*answer.statements, *chinese.statements), hits=hits)

    def _english_statement(self, found: Found, top: float, day: str) -> Statement:
        passage = found.passage
        edition = self.searcher.library.edition(passage.key)
        piece = Slice(passage.address, passage.text.strip(), found.score)
        return statement_of(edition, piece, passage.headings, score=found.score / top, on=day)

    def _english_hit(self, found: Found, day: str) -> Hit:
        statement = self._english_statement(found, max(found.score, 1e-9), day)
        return Hit(statement.key, statement.place, statement.text, round(found.coverage, 4))


def _refused(question: Question) -> str | None:
    """The reason why a question is not answered whatever the search finds; None where it may be."""
    if question.named.meant:
        words, title = question.named.meant[0]
        return f"库里没有《{words}》；是不是要问《{title}》？请改正书名再问。"
    if question.named.missing and not question.named.works:
        names = "、".join(f"《{name}》" for name in question.named.missing)
        return f"库里没有{names}，请先把它加入文本库（zeren add）。"
    return question.outside.reason if question.outside else None


def _with_context(hit: Hit) -> str:
    return " ".join((hit.place.title, *hit.place.headings, hit.text))


def _doubt(signals: Signals) -> str:
    if signals.coverage < 0.35:
        return "库里没有写到这件事的条文；下面是最接近的几条，供参考。"
    return "没有足够贴近的条文可以回答；下面是最接近的几条，供参考。"
