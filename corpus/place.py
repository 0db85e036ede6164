"""Where a provision stands: its address inside a text, and its place in the library.

Citing follows 立法法第六十五条 (条、款、项、目) and the house form of DOMAIN: 条 and 款 in Chinese
numerals, 项 in brackets, 目 in Arabic figures, never 编/章/节.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from corpus.numeral import to_chinese


class Status(StrEnum):
    """Validity of a text on a date; always derived from dates, never stored alone."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    AMENDED = "amended"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Address:
    """The inner address of a provision.

    Every number is 1-based. `section` is the dotted path of a text without articles ("2.1.3" for
    二、（一）3.; "0.1" for the first paragraph before the first numbered one). `annex` is the ordinal of
    the annex the provision stands in, None for the main text. `sole` says that the article has one
    paragraph, so that 第一款 is left out in print; it is no part of the identity.
    """

    article: int | None = None
    article_suffix: int | None = None
    paragraph: int | None = None
    item: int | None = None
    subitem: int | None = None
    section: str | None = None
    annex: int | None = None
    sole: bool = field(default=False, compare=False)

    @property
    def label(self) -> str:
        """The printed address, e.g. 第二十一条第一款第（五）项, 第一百二十条之一, 二、（一）3."""
        prefix = "" if self.annex is None else f"附件{self.annex}"
        if self.article is None:
            return prefix + _section_label(self.section)
        text = f"{prefix}第{to_chinese(self.article)}条"
        if self.article_suffix is not None:
            text += f"之{to_chinese(self.article_suffix)}"
        if self.paragraph is not None and not self.sole:
            text += f"第{to_chinese(self.paragraph)}款"
        if self.item is not None:
            text += f"第（{to_chinese(self.item)}）项"
        if self.subitem is not None:
            text += f"第{self.subitem}目"
        return text

    def up(self) -> Address | None:
        """The enclosing provision: 目 → 项 → 款 → 条; None above the article or the first section."""
        if self.subitem is not None:
            return self._with(item=self.item)
        if self.item is not None:
            return self._with(item=None)
        if self.article is not None:
            return Address(self.article, self.article_suffix, annex=self.annex) if self.paragraph else None
        head, _, _ = (self.section or "").rpartition(".")
        return Address(section=head, annex=self.annex) if head else None

    def whole(self) -> Address:
        """The article (or numbered section itself) this address lies in."""
        if self.article is None:
            return self
        return Address(self.article, self.article_suffix, annex=self.annex)

    def _with(self, *, item: int | None) -> Address:
        return Address(
            self.article, self.article_suffix, self.paragraph, item, None, self.section, self.annex, self.sole
        )


def _section_label(section: str | None) -> str:
    """二、（一）3.（2） for "2.1.3.2"; the printed form of GB/T 9704-2012 clause 7.3.3."""
    if not section:
        return ""
    parts = section.split(".")
    if parts[0] == "0":
        return "序言" if len(parts) == 1 else f"第{parts[1]}段"
    out = ""
    for depth, part in enumerate(parts):
        number = int(part)
        forms = (f"{to_chinese(number)}、", f"（{to_chinese(number)}）", f"{number}.", f"（{number}）")
        out += forms[min(depth, 3)]
    return out


@dataclass(frozen=True, slots=True)
class Place:
    """A provision of a dated text, as every answer, list and letter shows it (CONTRACT, "place")."""

    source: str
    title: str
    version: str | None
    status: Status
    address: Address
    headings: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.address.label

    @property
    def citation(self) -> str:
        """《title》 with the address, the form to print."""
        return f"《{self.title}》{self.address.label}"

    def as_json(self) -> dict[str, Any]:
        """The place object of the command line's contract."""
        a = self.address
        return {
            "source": self.source,
            "title": self.title,
            "version": self.version,
            "status": self.status.value,
            "article": a.article,
            "article_suffix": a.article_suffix,
            "paragraph": a.paragraph,
            "item": a.item,
            "subitem": a.subitem,
            "section": a.section,
            "annex": a.annex,
            "headings": list(self.headings),
            "label": self.label,
            "citation": self.citation,
        }
