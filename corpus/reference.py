"""A reference to one provision, parsed and printed: 《…》第二十一条第一款第（五）项 ⇄ Reference.

    >>> str(Reference.parse("《中华人民共和国安全生产法》第二十一条第一款第（五）项"))
    '《中华人民共和国安全生产法》第二十一条第一款第（五）项'
    >>> Reference.parse("刑法134条之一").address.label
    '第一百三十四条之一'
    >>> Reference.parse("《安全生产法》（2021年修正）第３条第2款")
    Reference(title='安全生产法', address=Address(article=3, article_suffix=None, paragraph=2, item=None, \
subitem=None, section=None, annex=None, sole=False), dated='2021')

The order of parts is that of 立法法第六十五条: 条, 款, 项, 目; 编, 章 and 节 are never cited.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.naming import candidates, is_generic
from corpus.place import Address
from corpus.written import Aim, chains


@dataclass(frozen=True, slots=True)
class Reference:
    """A title (None where the text is understood), an address and, where given, the version's date."""

    title: str | None
    address: Address
    dated: str | None = None

    def __str__(self) -> str:
        title = f"《{self.title}》" if self.title else ""
        tag = f"（{self.dated}）" if self.dated else ""
        return f"{title}{tag}{self.address.label}"

    @classmethod
    def parse(cls, text: str) -> Reference:
        """The one reference a text writes, in any of the ways people write it.

        Raises ValueError for a text that holds none or several, or one that leans on its context (前款).
        """
        found = list(chains(text.strip(), loose=True))
        if len(found) != 1 or len(found[0].aims) != 1:
            raise ValueError(f"not one reference: {text!r}")
        chain, aim = found[0], found[0].aims[0]
        if chain.itself or aim.relative or aim.through or aim.chapter:
            raise ValueError(f"no reference by itself: {text!r}")
        name = next(candidates(text.strip()[: chain.start]), None)
        if name is None or (is_generic(name.title) and not name.quoted):
            return cls(None, address_of(aim))
        return cls(name.title, address_of(aim), name.dated)


def address_of(aim: Aim) -> Address:
    """The address as written, an omitted 款 left out."""
    if aim.section is not None:
        return Address(section=aim.section, annex=aim.annex)
    number, suffix = aim.article or (None, None)
    return Address(number, suffix, aim.paragraph, aim.item, aim.subitem, annex=aim.annex)
