"""English questions on the English texts of a library: paragraphs ranked by words, lists given whole.

English texts are few beside the laws (policies, notices, translations), so they are read once into memory
and searched paragraph by paragraph: BM25 over word stems and pairs of stems, with the lead of the list a
paragraph stands in and the title of its text as weaker fields.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.document import Edition, Provision
from corpus.library import Library
from corpus.place import Address
from retriever.question_kinds import Kind
from retriever.vocabulary import content_words, english_words

K1, B = 1.2, 0.6
LEAD_SHARE, TITLE_SHARE = 0.35, 0.3
LONG_ITEM = 600  # letters of a list item beyond which its first line alone is given in a list
SMALLEST_LIST = 3
LEAST_WEIGHT = 0.7  # of a word that every paragraph of a small library holds
COUNTED = 0.35  # what a list gains whose length the question names
NAMED = 0.6  # weight of the title's words beside the lead's
LIST_FLOOR = 0.5
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of an English text, with its place and what it stands under."""

    key: str
    address: Address
    text: str
    lead: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list of an English text: what announces it, and its items in order."""

    key: str
    lead: str
    title: str
    items: tuple[Provision, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its score and the share of the question's weight that it covers (0 … 1)."""

    passage: Passage
    score: float
    coverage: float


@dataclass(slots=True)
class EnglishTexts:
    """The English texts of a library, ready to be asked."""

    passages: list[Passage] = field(default_factory=list)
    lists: list[Enumeration] = field(default_factory=list)
    _fields: list[dict[str, float]] = field(default_factory=list, init=False)
    _lengths: list[int] = field(default_factory=list, init=False)
    _weight: dict[str, float] = field(default_factory=dict, init=False)
    _unknown: float = field(default=0.0, init=False)

    @classmethod
    def of(cls, library: Library) -> EnglishTexts:
        """Reads the English texts of a library; empty where it holds none."""
        texts = cls()
        for edition in library.editions():
            if edition.masthead.language == "en":
                texts.add(edition, library.provisions(edition.key))
        texts.seal()
        return texts

    def add(self, edition: Edition, rows: Sequence[Provision]) -> None:
        """Takes a text apart into paragraphs and lists."""
        title = re.sub(r"[-_.]", " ", f"{edition.title} {edition.source.rpartition('/')[2]}")
        leads = _leads(rows)
        for row in rows:
            lead = leads.get(row.address.section or "", "")
            for line in row.text.split("\n"):
                if line.strip():
                    self.passages.append(Passage(edition.key, row.address, line, lead, row.headings))
                    self._fields.append(_weighed(line, lead, title))
                    self._lengths.append(len(content_words(line)))
        self.lists += _lists(edition, rows, title)

    def seal(self) -> None:
        """Computes the weights of the words once all texts are in."""
        count = Counter(gram for held in self._fields for gram in held)
        total = len(self._fields)
        weights = {g: math.log(1 + (total - n + 0.5) / (n + 0.5)) for g, n in count.items()}
        self._weight = {g: max(LEAST_WEIGHT, value) for g, value in weights.items()}
        self._unknown = math.log(1 + (total + 0.5) / 0.5)

    def search(self, question: str, *, limit: int = 10, keys: Collection[str] | None = None) -> list[Found]:
        """The paragraphs nearest to a question, best first; of the editions `keys` where given."""
        if not self.passages:
            return []
        wanted = dict.fromkeys(_grams(question))
        words = [g for g in wanted if " " not in g]
        whole = sum(self._weight_of(g) for g in words) or 1.0
        mean = sum(self._lengths) / len(self._lengths) or 1.0
        found = []
        for passage, held, length in zip(self.passages, self._fields, self._lengths, strict=True):
            if keys is not None and passage.key not in keys:
                continue
            norm = K1 * (1 - B + B * length / mean)
            score = sum(self._weight[g] * held[g] * (K1 + 1) / (held[g] + norm) for g in wanted if g in held)
            covered = sum(self._weight[g] for g in words if g in held)
            if score > 0:
                found.append(Found(passage, score, covered / whole))
        return sorted(found, key=lambda f: -f.score)[:limit]

    def list_for(
        self, question: str, *, kinds: Iterable[Kind], keys: Collection[str] | None = None
    ) -> Enumeration | None:
        """The list that a list question asks for: its lead shares the question's words, or its length."""
        if Kind.LIST not in kinds:
            return None
        wanted = set(content_words(question))
        whole = sum(self._weight_of(g) for g in wanted) or 1.0
        counts = {_COUNTS[w] for w in english_words(question) if w in _COUNTS}
        best: tuple[float, Enumeration] | None = None
        for candidate in self.lists:
            if keys is not None and candidate.key not in keys:
                continue
            lead, title = set(content_words(candidate.lead)), set(content_words(candidate.title))
            share = sum(self._weight_of(g) for g in wanted & lead) / whole
            close = len(wanted & lead) / len(lead) if lead else 0.0
            named = sum(self._weight_of(g) for g in wanted & title) / whole
            counted = COUNTED if len(candidate.items) in counts else 0.0
            score = share + 0.3 * close + NAMED * named + counted
            if score >= LIST_FLOOR and (best is None or score > best[0]):
                best = (score, candidate)
        return best[1] if best else None

    def _weight_of(self, gram: str) -> float:
        return self._weight.get(gram, self._unknown)


def list_text(item: Provision) -> str:
    """What a list shows of an item: all of it, or its first line where the item is a chapter of its own."""
    return item.text if len(item.text) <= LONG_ITEM else item.text.split("\n", 1)[0]


def _grams(text: str) -> list[str]:
    words = content_words(text)
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]


def _weighed(line: str, lead: str, title: str) -> dict[str, float]:
    held: dict[str, float] = defaultdict(float)
    for text, share in ((line, 1.0), (lead, LEAD_SHARE), (title, TITLE_SHARE)):
        for gram, n in Counter(_grams(text)).items():
            held[gram] += share * n
    return dict(held)


def _leads(rows: Sequence[Provision]) -> dict[str, str]:
    """Section → the words it stands under: its parent's own text, or the paragraph that announces it."""
    texts = {row.address.section or "": row.text for row in rows}
    leads: dict[str, str] = {}
    announced = ""
    for row in rows:
        section = row.address.section or ""
        parent = texts.get(section.rpartition(".")[0], "")
        leads[section] = parent if parent else announced
        if not row.marker and "." not in section.removeprefix("0."):
            announced = row.text
    return leads


def _lists(edition: Edition, rows: Sequence[Provision], title: str) -> list[Enumeration]:
    """The runs of marked sections of one parent, with what announces them."""
    leads = _leads(rows)
    runs: dict[tuple[str, str], list[Provision]] = {}
    for row in rows:
        section = row.address.section or ""
        if row.marker and not row.marker.rstrip().endswith((":", "：")):
            parent = section.rpartition(".")[0]
            runs.setdefault((parent, leads.get(section, "")), []).append(row)
    return [
        Enumeration(edition.key, _end(lead), title, tuple(items))
        for (_, lead), items in runs.items()
        if len(items) >= SMALLEST_LIST
    ]


def _end(lead: str) -> str:
    """The end of a lead: what announces a list stands right before it."""
    return lead.strip()[-300:]
