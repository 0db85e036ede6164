"""A text in force as the makers of study material read it: sentences with their places, duties, lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from random import Random

from corpus.document import Edition, Level, Provision
from corpus.place import Address
from generator.study_item import Item, Kind, Refusal, Rule, Slice
from indexer.extraction import extract
from indexer.obligation import Obligation

SAME = 0.85  # shared pairs of two sentences that say the same
LONGEST = 170  # characters of law in one question
_USED = (Level.PARAGRAPH, Level.ITEM, Level.CLAUSE)
_SENTENCE = re.compile(r"[^。]+。?")
_POINTING = re.compile(
    r"前款|前[两二三四]款|前条|前项|前[两二三]项|本条|上款|上述|本款|该款|本章|第[一二三四五六七八九十百零]+[条款项]|下列|以下(?:简称|统称)"
)
_LEANING = re.compile(
    r"^(?:其[^他]|该|此|上述|逾期|情节|但|并|也|对其|有前|属于|造成|拒不|构成|同时|必要时|违反|否则|因此|经|自|期满)"
)
_DATES = re.compile(r"起施行|同时废止|自公布之日|自发布之日|负责解释")
_BROKEN = re.compile(r"[\ue000-\uf8ff\ufffd_…□■]|[“”《》（）]$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """[start:end] of a provision's text, a full stop included; `number` counts within the article."""

    provision: Provision
    start: int
    end: int
    number: int
    first: bool

    @property
    def text(self) -> str:
        return self.provision.text[self.start : self.end]

    def slice(self, start: int | None = None, end: int | None = None) -> Slice:
        """A slice of the sentence's provision; offsets are those of the provision."""
        whole = self.provision.text
        return Slice.of(
            self.provision.address,
            whole,
            self.start if start is None else start,
            self.end if end is None else end,
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A lead paragraph with its items: `lead` without the final colon, `items` their words alone."""

    provision: Provision
    lead: Slice
    items: tuple[Slice, ...]
    bearer: str
    number: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What the items on one spot of a provision share (see Item)."""

    at: Address
    slot: str
    seed: int
    keys: tuple[Slice, ...]
    basis: tuple[Slice, ...]
    parts: tuple[Slice, ...] = ()
    subject: str = ""
    lead: str | None = None


@dataclass(frozen=True)
class StudyText:
    """One text in force on a day. `name` is the title without the state's name, as papers print it."""

    edition: Edition
    provisions: tuple[Provision, ...]
    on: str

    @property
    def name(self) -> str:
        return self.edition.title.removeprefix("中华人民共和国")

    @property
    def version(self) -> str:
        """The date of the text, else its first day in force, else words that say it is unknown."""
        return self.edition.masthead.version or self.edition.effective_from or "版本日期不详"

    @property
    def lead(self) -> str:
        return f"根据《{self.name}》，"

    @cached_property
    def rows(self) -> dict[Address, Provision]:
        return {row.address: row for row in self.provisions}

    @cached_property
    def usable(self) -> tuple[Provision, ...]:
        """Provisions of articles or sections whose words are whole."""
        return tuple(
            row
            for row in self.provisions
            if row.level in _USED
            and row.address.annex is None
            and row.words
            and not _BROKEN.search(row.words)
        )

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of paragraphs, in order; leads of lists and items stand in `lists`."""
        out: list[Sentence] = []
        numbers: dict[Address, int] = {}
        for row in self.usable:
            if row.level is Level.ITEM or row.words.endswith(("：", ":")):
                continue
            article, first = row.address.whole(), True
            for found in _SENTENCE.finditer(row.text, len(row.text) - len(row.words)):
                numbers[article] = numbers.get(article, 0) + 1
                out.append(Sentence(row, found.start(), found.end(), numbers[article], first))
                first = False
        return tuple(out)

    @cached_property
    def obligations(self) -> tuple[Obligation, ...]:
        return extract(self.provisions, title=self.edition.title, language=self.edition.masthead.language)

    @cached_property
    def duties(self) -> dict[tuple[Address, int], tuple[Obligation, ...]]:
        """The obligations of each sentence, by the provision's address and the sentence's first offset."""
        held: dict[Address, list[Obligation]] = {}
        for one in self.obligations:
            held.setdefault(one.address, []).append(one)
        out: dict[tuple[Address, int], tuple[Obligation, ...]] = {}
        for sentence in self.sentences:
            found = [
                one for one in held.get(sentence.provision.address, ()) if one.quote.strip() in sentence.text
            ]
            if found:
                out[(sentence.provision.address, sentence.start)] = tuple(found)
        return out

    def duties_in(self, sentence: Sentence) -> tuple[Obligation, ...]:
        return self.duties.get((sentence.provision.address, sentence.start), ())

    @cached_property
    def lists(self) -> tuple[Listed, ...]:
        """Leads with three or more whole items."""
        out: list[Listed] = []
        rows = self.usable
        for index, row in enumerate(rows):
            if row.level is not Level.PARAGRAPH or not row.words.endswith(("：", ":")):
                continue
            items = [other for other in _below(rows, index) if other.address.subitem is None]
            kept = tuple(_bare(one) for one in items if not one.words.endswith(("：", ":")))
            if len(kept) == len(items) >= 3:
                lead = Slice.of(row.address, row.text, 0, len(row.text.rstrip("：: ")))
                out.append(Listed(row, lead, kept, self._bearer_of(row.address, items), len(out)))
        return tuple(out)

    def _bearer_of(self, at: Address, items: Sequence[Provision]) -> str:
        places = {at, *(one.address for one in items)}
        return next((one.bearer for one in self.obligations if one.address in places), "")

    @cached_property
    def bearers(self) -> tuple[str, ...]:
        """Bearers that open a sentence of the text, the most frequent first."""
        found = Counter(one.bearer for one in self.obligations if one.quote.startswith(one.bearer))
        return tuple(name for name, _ in found.most_common())

    @cached_property
    def whole(self) -> str:
        """Every provision's words, one a line."""
        return "\n".join(row.text for row in self.usable)

    def item(
        self,
        kind: Kind,
        rule: Rule,
        frame: Frame,
        statement: str,
        *,
        options: Sequence[str] = (),
        answer: Sequence[int] = (),
        swap: tuple[str, str] | None = None,
    ) -> Item:
        """An item on a provision of this text; its place says what holds on the day."""
        row = self.rows.get(frame.at)
        place = self.edition.place(row if row is not None else frame.at, on=self.on)
        if place.version is None:  # a text without a date of its own is known by its first day
            place = replace(place, version=self.edition.effective_from)
        return Item(
            kind, rule, self.edition.work, self.edition.key, place, frame.slot, frame.seed,
            self.lead if frame.lead is None else frame.lead, statement, frame.keys, frame.basis, frame.parts,
            tuple(options), tuple(answer), swap, frame.subject, _difficulty(kind, statement),
        )  # fmt: skip


def _difficulty(kind: Kind, statement: str) -> int:
    """1 to 3: recognising is easier than recalling, a long stem harder than a short one."""
    base = {Kind.TRUEFALSE: 1, Kind.SINGLE: 1, Kind.MULTIPLE: 2, Kind.CLOZE: 2, Kind.SHORT: 3}[kind]
    return min(3, base + (len(statement) > 90))


def _below(rows: Sequence[Provision], index: int) -> Iterator[Provision]:
    at = rows[index].address
    for row in rows[index + 1 :]:
        if row.address.item is None or (row.address.whole(), row.address.paragraph) != (
            at.whole(),
            at.paragraph,
        ):
            return
        yield row


def _bare(row: Provision) -> Slice:
    """An item's words without marker and final mark."""
    start = len(row.text) - len(row.words)
    end = len(row.text.rstrip("；。;. "))
    return Slice.of(row.address, row.text, start, end)


def whole(row: Provision) -> Slice:
    return Slice.of(row.address, row.text, 0, len(row.text))


def why_not(sentence: Sentence) -> str:
    """Why a sentence cannot be asked about on its own; "" when it can."""
    text = sentence.text
    if _DATES.search(text):
        return "施行、废止条款"
    if _POINTING.search(text):
        return "内容指向其他条款"
    if not text.endswith("。"):
        return "条文不完整"
    return ""


def passage(sentence: Sentence) -> tuple[int, int] | None:
    """The span to quote so that the sentence is understood: itself, or with what stands before it.

    None when even that is too long or points elsewhere.
    """
    leaning = not sentence.first and (_LEANING.search(sentence.text) or not _opens_with_actor(sentence.text))
    start = _first_offset(sentence) if leaning else sentence.start
    if (
        sentence.first
        and _LEANING.search(sentence.text)
        and not re.match(r"违反|必要时|经|自", sentence.text)
    ):
        return None
    if sentence.end - start > LONGEST or _POINTING.search(sentence.provision.text[start : sentence.end]):
        return None
    return start, sentence.end


def _first_offset(sentence: Sentence) -> int:
    return len(sentence.provision.text) - len(sentence.provision.words)


_ACTOR = re.compile(
    r"^[^，。；]{0,40}?(?:单位|企业|部门|机关|机构|政府|人员|负责人|国务院|国家|职工|劳动者|工会|个人|公民|组织|者|公司|协会)"
)


def _opens_with_actor(text: str) -> bool:
    return bool(_ACTOR.search(text))


@lru_cache(maxsize=200_000)
def pairs(words: str) -> frozenset[str]:
    """Neighbouring characters of the words, marks left out: what two phrases share."""
    plain = re.sub(r"[^\u4e00-\u9fff0-9A-Za-z]", "", words)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def likeness(a: str, b: str) -> float:
    """Shared pairs as a part of the shorter phrase, 0 to 1."""
    left, right = pairs(a), pairs(b)
    return len(left & right) / max(1, min(len(left), len(right)))


def said_elsewhere(text: StudyText, words: str, at: Address) -> bool:
    """Another article says the same, perhaps of another subject or with another number."""
    wanted = pairs(words)
    article = at.whole()
    for other in text.sentences:
        held = pairs(other.text)
        if (
            len(wanted & held) > SAME * min(len(wanted), len(held))
            and other.provision.address.whole() != article
        ):
            return len(held) > 8
    return False


def subject_of(text: StudyText, sentence: Sentence) -> str:
    """The bearer of the sentence's first duty, "" where it lays down none."""
    return next((one.bearer for one in text.duties_in(sentence)), "")


def mixed(
    key: Sequence[str], others: Sequence[str], *, random: Random
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Options in a seeded order and where the right ones stand."""
    order = [*key, *others]
    random.shuffle(order)
    return tuple(order), tuple(sorted(order.index(one) for one in key))


def dice(seed: int, *names: object) -> Random:
    """A random source of its own for each item: adding one item changes no other."""
    return Random("|".join(map(str, (seed, *names))))  # noqa: S311 - a shuffle, no secret


def refused(rule: Rule, reason: str, at: Address) -> Refusal:
    return Refusal(rule, reason, at)
