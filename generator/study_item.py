"""The types of study material: an item, the slices of provisions it rests on, a refusal, a bank. Type module.

The words an examinee is judged by (`keys`) are slices of one stored provision each; the words of the
question (`parts`) too, so that anyone can check an item against the stored text without knowing its maker.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from corpus.errors import InputRefused
from corpus.place import Address, Place, Status

BLANK = "（　　）"
TRUE_FALSE = ("正确", "错误")
SCHEMA = 1


class Kind(StrEnum):
    """The form of a question, as `--types` names it."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUEFALSE = "truefalse"
    CLOZE = "cloze"
    SHORT = "short"

    @property
    def chinese(self) -> str:
        return _KINDS[self]


_KINDS = {
    Kind.SINGLE: "单选题",
    Kind.MULTIPLE: "多选题",
    Kind.TRUEFALSE: "判断题",
    Kind.CLOZE: "填空题",
    Kind.SHORT: "简答题",
}


class Rule(StrEnum):
    """The maker of an item; `chinese` is what an item is about."""

    NUMBER = "number"
    SUBJECT = "subject"
    LIST = "list"
    MODALITY = "modality"
    PENALTY = "penalty"
    DUTY = "duty"
    TOPIC = "topic"

    @property
    def chinese(self) -> str:
        return _RULES[self]


_RULES = {
    Rule.NUMBER: "期限和数字",
    Rule.SUBJECT: "责任主体",
    Rule.LIST: "列举事项",
    Rule.MODALITY: "应当与不得",
    Rule.PENALTY: "处罚幅度",
    Rule.DUTY: "职责内容",
    Rule.TOPIC: "条文主题",
}


@dataclass(frozen=True, slots=True)
class Slice:
    """Verbatim words: `text` is [start:end] of the stored provision at `address`, whose hash is `sha256`."""

    address: Address
    start: int
    end: int
    text: str
    sha256: str

    @classmethod
    def of(cls, address: Address, whole: str, start: int, end: int) -> Slice:
        return cls(address, start, end, whole[start:end], digest(whole))

    def as_json(self) -> dict[str, Any]:
        return {
            "label": self.address.label,
            "address": address_json(self.address),
            "span": [self.start, self.end],
            "text": self.text,
            "sha256": self.sha256,
        }


def digest(text: str) -> str:
    """SHA-256 of a provision's stored text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Item:
    """One question.

    `statement` is the law's words asked about (blanks as BLANK; for a false statement with `swap` =
    (right words, wrong words) done), `lead` ours before it. `parts`, joined, are the statement with the
    right words in place (for fill-in and true/false items); the lead paragraph for lists and duties.
    `answer` are positions in `options`; a cloze or short item has none and is answered by `keys`.
    `basis` are the provisions the explanation quotes. `slot` tells items of one article apart.
    """

    kind: Kind
    rule: Rule
    work: str
    edition: str
    place: Place
    slot: str
    seed: int
    lead: str
    statement: str
    keys: tuple[Slice, ...]
    basis: tuple[Slice, ...]
    parts: tuple[Slice, ...] = ()
    options: tuple[str, ...] = ()
    answer: tuple[int, ...] = ()
    swap: tuple[str, str] | None = None
    subject: str = ""
    difficulty: int = 2
    note: str = ""
    expired: str = ""

    @property
    def id(self) -> str:
        """Law + article + slot + form: the same after an amendment, a new seed or a re-import."""
        whole = self.place.address.whole().label
        return digest(f"{self.work}|{whole}|{self.rule}|{self.kind}|{self.slot}")[:20]

    @property
    def stem(self) -> str:
        end = "" if self.statement.endswith(("。", "？")) else "。"
        return self.lead + self.statement + end

    @property
    def letters(self) -> str:
        """The right options as letters, e.g. ABD; 正确/错误 for a true-false item; "" without options."""
        if self.kind is Kind.TRUEFALSE:
            return self.options[self.answer[0]]
        return "".join(chr(ord("A") + n) for n in self.answer)

    @property
    def answer_words(self) -> str:
        """The answer as a person reads it."""
        if self.options:
            return self.letters
        return "；".join(key.text for key in self.keys)

    @property
    def version(self) -> str:
        return self.place.version or ""

    @property
    def basis_text(self) -> str:
        """The provisions quoted, verbatim, one a line."""
        return "\n".join(one.text for one in self.basis)

    @property
    def explanation(self) -> str:
        """The reference, the version, and the provision word for word."""
        head = f"{self.place.citation}（{self.version or '版本日期不详'}文本）"
        wrong = ""
        if self.swap:
            right, said = self.swap
            wrong = f"题中“{said}”应为“{right}”。" if right else "题中所述不在该条所列事项之内。"
        return f"{wrong}{head}：“{self.basis_text}”"

    @property
    def chapter(self) -> str:
        return self.place.headings[0] if self.place.headings else ""

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind.value,
            "rule": self.rule.value,
            "seed": self.seed,
            "work": self.work,
            "edition": self.edition,
            "place": self.place.as_json(),
            "slot": self.slot,
            "lead": self.lead,
            "statement": self.statement,
            "stem": self.stem,
            "options": list(self.options),
            "answer": list(self.answer),
            "answer_words": self.answer_words,
            "keys": [key.as_json() for key in self.keys],
            "parts": [part.as_json() for part in self.parts],
            "basis": [one.as_json() for one in self.basis],
            "swap": list(self.swap) if self.swap else None,
            "subject": self.subject,
            "difficulty": self.difficulty,
            "note": self.note,
            "expired": self.expired,
            "explanation": self.explanation,
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question not put: the maker, the reason (Chinese, counted in the report), the provision."""

    rule: Rule
    reason: str
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Bank:
    """Items with what made them. `expired` are items of a text that has changed since, kept with their id."""

    items: tuple[Item, ...]
    seed: int
    as_of: str
    texts: tuple[str, ...] = ()
    refused: dict[str, int] = field(default_factory=dict)
    expired: tuple[Item, ...] = ()

    def without(self, ids: frozenset[str]) -> Bank:
        """The bank less the items a person dropped."""
        return replace(self, items=tuple(one for one in self.items if one.id not in ids))

    def with_item(self, item: Item) -> Bank:
        """The bank with an item put in the place of the one with its id."""
        return replace(self, items=tuple(item if one.id == item.id else one for one in self.items))

    def counts(self) -> dict[str, int]:
        return dict(Counter(one.kind.value for one in self.items))

    def as_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "seed": self.seed,
            "as_of": self.as_of,
            "texts": list(self.texts),
            "refused": self.refused,
            "items": [one.as_json() for one in self.items],
            "expired": [one.as_json() for one in self.expired],
        }


def bank_from(row: Any) -> Bank:
    """A bank as `as_json` wrote it. Raises InputRefused when it is not one."""
    try:
        if row["schema"] != SCHEMA:
            raise InputRefused("题库文件由不同版本的程序写出。", "请用写出它的版本打开，或重新生成。")
        return Bank(
            tuple(map(item_from, row["items"])), int(row["seed"]), str(row["as_of"]), tuple(row["texts"]),
            dict(row["refused"]), tuple(map(item_from, row["expired"])),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise InputRefused("这不是本程序写出的题库文件。", "请选择 zeren study 写出的 题库.json。") from error


def item_from(row: dict[str, Any]) -> Item:
    """An item from its JSON. Raises KeyError, TypeError or ValueError on anything else."""
    place = row["place"]
    return Item(
        Kind(row["kind"]), Rule(row["rule"]), row["work"], row["edition"],
        Place(
            place["source"], place["title"], place["version"], Status(place["status"]),
            _address(place), tuple(place["headings"]),
        ),
        row["slot"], int(row["seed"]), row["lead"], row["statement"],
        tuple(map(_slice, row["keys"])), tuple(map(_slice, row["basis"])), tuple(map(_slice, row["parts"])),
        tuple(row["options"]), tuple(row["answer"]), tuple(row["swap"]) if row["swap"] else None,
        row["subject"], int(row["difficulty"]), row["note"], row["expired"],
    )  # fmt: skip


def address_json(address: Address) -> dict[str, Any]:
    names = ("article", "article_suffix", "paragraph", "item", "subitem", "section", "annex", "sole")
    return {name: getattr(address, name) for name in names}


def _address(row: dict[str, Any]) -> Address:
    sole = row.get("sole", "款" not in row.get("label", ""))
    return Address(
        row["article"], row["article_suffix"], row["paragraph"], row["item"], row["subitem"], row["section"],
        row["annex"], sole,
    )  # fmt: skip


def _slice(row: dict[str, Any]) -> Slice:
    return Slice(_address(row["address"]), row["span"][0], row["span"][1], row["text"], row["sha256"])
