"""Which provision lies in which: 第二十一条第（五）项 in 第二十一条, 二、（一） in 二、."""

from __future__ import annotations

from corpus.place import Address


def covers(address: Address, other: Address) -> bool:
    """Whether `other` is the provision `address` or lies below it."""
    if address.annex != other.annex:
        return False
    if address.article is None:
        mine, theirs = address.section or "", other.section or ""
        return other.article is None and (theirs == mine or theirs.startswith(f"{mine}."))
    if (address.article, address.article_suffix) != (other.article, other.article_suffix):
        return False
    pairs = (
        (address.paragraph, other.paragraph),
        (address.item, other.item),
        (address.subitem, other.subitem),
    )
    return all(mine is None or mine == theirs for mine, theirs in pairs)
