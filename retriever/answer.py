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

from indexer.taxonomy import load
from retriever import cited, english_answer, kind_fit, notfound, precedence
from retriever.asked_parts import parts_of
from retriever.english import EnglishTexts
from retriever.english_answer import EnglishDesk
from retriever.hit import Filters, Hit
from retriever.kind_fit import Fit
from retriever.narrowing import WIDE, Narrowing
from retriever.notes import notes
from retriever.notfound import Signals
from retriever.question import Question, understand
from retriever.question_kinds import Kind
from retriever.searcher import Searcher
from retriever.stated import HITS, Answer
from retriever.stating import Part, Stating
from retriever.subjects import Subjects
from retriever.titles import Named, Titles
from retriever.translation import translate

__all__ = ["Desk", "Searcher"]
UNKNOWN_WORDS = "问题里的英文词多数没有对应的中文法律用语，请换一种说法，或用中文问。"
NARROW = "只在选定的范围里找过，放宽范围再问也许有。"


@dataclass(slots=True)
class Desk:
    """A searcher with the names and the English texts of its library, read once."""

    searcher: Searcher
    titles: Titles
    english: EnglishDesk
    subjects: Subjects
    narrowing: Narrowing
    stating: Stating

    @classmethod
    def open(cls, searcher: Searcher) -> Desk:
        library = searcher.library
        taxonomy = load(library.path.parent)
        narrowing = Narrowing(library, taxonomy, searcher.folder)
        return cls(
            searcher,
            searcher.titles,
            EnglishDesk(library, EnglishTexts.of(library)),
            Subjects.of(taxonomy),
            narrowing,
            Stating(searcher, Fit(library, taxonomy, narrowing)),
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
        said = notes(answer.statements, self.searcher.library, self.narrowing.taxonomy, on=day)
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
        if question.language == "en":
            return self._english(question, limits, day)
        return self._searched(question, day, limits)

    def _english(self, question: Question, limits: Filters, day: str) -> Answer:
        """From the English texts, from the Chinese ones through the glossary, or from both."""
        chosen = self._chosen(limits)
        english = None
        if not limits.region and limits.language in (None, "en"):
            english = self.english.answer(question, day, chosen)
        if english and chosen:
            return english
        chinese = self._in_chinese(question, limits, day)
        return english_answer.joined(english, chinese) if english else chinese

    def _in_chinese(self, question: Question, limits: Filters, day: str) -> Answer:
        """The answer of the Chinese texts to an English question, put into their words by the glossary."""
        words = dict.fromkeys(word for term in question.expansions for word in term.added)
        put_over = translate(question.plain).share
        if not words or put_over < english_answer.PUT_OVER:
            reason = (
                _refused(question) or "问题里的英文词多数没有对应的中文法律用语，请换一种说法，或用中文问。"
            )
            return Answer(question, (), (), reason, 0.0)
        read = self.understand(" ".join(words))
        kinds = tuple(kind for kind in Kind if kind in {*question.kinds, *read.kinds})
        asked = replace(read, kinds=kinds, outside=question.outside, on=question.on)
        answer = self._searched(asked, day, replace(limits, language="zh"))
        named = replace(question, named=asked.named)
        return replace(answer, question=named, confidence=answer.confidence * put_over)

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

    # -- search ----------------------------------------------------------------------------------

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
        inner = replace(limits, industry=None, post=None, as_of=None)  # keys and day stand for them
        found: tuple[Hit, ...] = ()
        if question.named.works and not limits.works:
            works = (*question.named.works, *self.titles.carried_out_by(question.named.works))
            named = replace(inner, works=works)
            found = self.searcher.find(question, k=wide, on=day, filters=named, level=level)
        found = found or self.searcher.find(question, k=wide, on=day, filters=inner, level=level)
        found = self.narrowing.kept(limits, found)
        if self.searcher.engine.ranker is None:
            found = kind_fit.reorder(question, found, library=self.searcher.library)
        return found[:k]

    def ranked(self, question: Question, *, day: str, filters: Filters) -> tuple[Hit, ...]:
        """The provisions in the order in which an answer is made of them."""
        found = self.hits(question, k=precedence.LOOKED_AT, on=day, filters=filters)
        return self.stating.in_order(question, found)

    def signals(self, question: Question, hits: Sequence[Hit]) -> Signals:
        """The signals of `notfound` for the ranked provisions of a question."""
        return self.stating.signals(question, hits[:HITS])

    def _searched(self, question: Question, day: str, filters: Filters) -> Answer:
        found = self.ranked(question, day=day, filters=filters)
        hits = tuple(replace(hit, score=min(1.0, hit.score)) for hit in found[:HITS])
        refused = _refused(question)
        narrow = NARROW if replace(filters, as_of=None, language=None) else ""
        if refused or not hits:
            return Answer(question, (), hits, refused or f"库里没有相近的条文。{narrow}", 0.0)
        signals = self.signals(question, found)
        sure = notfound.probability(signals)
        if sure < notfound.threshold():
            return self._doubted(question, hits, signals, sure, day=day, narrow=narrow)
        parts = [self._part(text, question, day, filters) for text in parts_of(question.plain)]
        stated = self.stating.statements(Part(question, found), parts, on=day)
        return Answer(question, stated, hits, None, sure, signals)

    def _doubted(
        self,
        question: Question,
        hits: tuple[Hit, ...],
        signals: Signals,
        sure: float,
        *,
        day: str,
        narrow: str,
    ) -> Answer:
        """Not found, with the nearest provisions and the nearest paragraphs of English texts."""
        reason = _doubt(signals) + narrow
        english = self.english.nearest(question, day) if question.language == "zh" and not narrow else ()
        if english:
            hits = (*hits[: HITS - len(english)], *english)
            reason += "英文文本里有相近的段落，列在最后。"
        return Answer(question, (), hits, reason, sure, signals)

    def _part(self, text: str, whole: Question, day: str, filters: Filters) -> Part:
        """A part of a question, read and searched with the place and the texts of the whole."""
        read = self.understand(text)
        part = replace(read, named=whole.named, region=whole.region, on=whole.on, citation=None)
        return Part(part, self.ranked(part, day=day, filters=filters))


def _refused(question: Question) -> str | None:
    """The reason why a question is not answered whatever the search finds; None where it may be."""
    if question.named.meant:
        words, title = question.named.meant[0]
        return f"库里没有《{words}》；是不是要问《{title}》？请改正书名再问。"
    if question.named.missing and not question.named.works:
        names = "、".join(f"《{name}》" for name in question.named.missing)
        return f"库里没有{names}，请先把它加入文本库（zeren add）。"
    return question.outside.reason if question.outside else None


def _doubt(signals: Signals) -> str:
    if signals.coverage < 0.35:
        return "库里没有写到这件事的条文；下面是最接近的几条，供参考。"
    return "没有足够贴近的条文可以回答；下面是最接近的几条，供参考。"
