"""What was read into a question, item by item, each with the word that switches it off again.

`zeren ask --ignore` and the page take an item's `undo`; the bare code switches off the whole kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.errors import WrongUsage

if TYPE_CHECKING:
    from retriever.question import Question

LABELS = {
    "works": "文件",
    "citation": "条号",
    "region": "地方",
    "date": "日期",
    "kinds": "问法",
    "posts": "岗位",
    "industries": "行业",
    "words": "用语",
    "outside": "库外",
}
IGNORABLE = tuple(LABELS)
KIND_LABELS = {
    "duty": "职责",
    "prohibition": "禁止",
    "number": "数字期限",
    "penalty": "处罚",
    "right": "权利",
    "licence": "许可",
    "definition": "定义",
    "competent": "主管",
    "procedure": "程序",
    "list": "清单",
    "yes_no": "是否",
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """One thing read into a question.

    `words` stood in the question, `value` is what they were read as, `undo` switches it off; an item that
    is not `used` is shown and changes nothing.
    """

    code: str
    words: str
    value: str
    undo: str
    used: bool = True

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "words": self.words,
            "value": self.value,
            "undo": self.undo,
            "used": self.used,
        }


@dataclass(frozen=True, slots=True)
class Undone:
    """What the user switched off: whole kinds, and single items of a kind."""

    kinds: frozenset[str]
    items: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, ignore: Collection[str]) -> Undone:
        """Reads `code` and `code:words`. Raises WrongUsage for an unknown code."""
        parts = [one.partition(":") for one in ignore]
        unknown = {code for code, _, _ in parts} - set(IGNORABLE)
        if unknown:
            raise WrongUsage(
                f"不认识的选项：{'、'.join(sorted(unknown))}。", f"可用：{'、'.join(IGNORABLE)}。"
            )
        whole = frozenset(code for code, colon, _ in parts if not colon)
        return cls(whole, frozenset((code, words) for code, colon, words in parts if colon))

    def kind(self, code: str) -> bool:
        return code in self.kinds

    def item(self, code: str, words: str) -> bool:
        return code in self.kinds or (code, words) in self.items

    def words_of(self, code: str) -> tuple[str, ...]:
        """The single items of a kind that were switched off."""
        return tuple(words for kind, words in self.items if kind == code)


def recognised(question: Question) -> tuple[Recognised, ...]:
    """The items of a question in the order a person reads them."""
    return tuple(_items(question))


def _items(question: Question) -> Iterator[Recognised]:
    for words, work in question.named.pairs:
        yield _item("works", words, work)
    if question.citation:
        yield Recognised("citation", question.citation_words, question.citation_words, "citation")
    if question.region:
        place = question.region
        yield Recognised("region", place.words, place.city or place.province, "region")
    if question.on:
        yield Recognised("date", question.on, question.on, "date")
    for heard in question.posts:
        yield _item("posts", heard.words, heard.name)
    for heard in question.industries:
        yield _item("industries", heard.words, heard.name)
    for kind in question.kinds:
        yield Recognised("kinds", kind.value, KIND_LABELS[kind.value], f"kinds:{kind.value}")
    for added in question.expansions:
        yield _item("words", added.word, "、".join(added.added))
    if question.outside:
        yield Recognised("outside", question.outside.code, question.outside.reason, "outside")


def _item(code: str, words: str, value: str) -> Recognised:
    return Recognised(code, words, value, f"{code}:{words}")
