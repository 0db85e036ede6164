"""Amendments quote articles: what stands between “ and ” is the other text's, no article of this one.

By the typing rule of amendments every paragraph of a quotation opens with “ and only the last closes
with ”; some quote whole articles as bare lines in between.
"""

from __future__ import annotations

import re

_AMENDING = re.compile("修正案|关于(?:修改|废止|修正|修订).*(?:决定|解释|规定)|的修改")
_AMENDS = re.compile("(?:修改为|增加.{0,30}作为.{0,24}|表述为)[：:，,]?[“「]")


class Quotation:
    """Whether the current line lies inside a quotation that an earlier line opened."""

    def __init__(self, *, amending: bool) -> None:
        self.amending = amending
        self._open = False

    @classmethod
    def of(cls, title: str, texts: list[str]) -> Quotation:
        """A text amends when its title says so, or several of its lines do."""
        named = _AMENDING.search(title) is not None
        return cls(amending=named or sum(1 for text in texts if _AMENDS.search(text)) >= 3)

    def open(self) -> None:
        """What follows is quoted although no mark opened it."""
        self._open = True

    def holds(self, text: str, *, expected: bool) -> bool:
        """True for a line of a quotation. `expected`: the line bears the number that comes next here."""
        if not self.amending:
            return False
        quoted = text.startswith(("“", "「", "’”")) or (self._open and not expected)
        opened, closed = text.rfind("“"), text.rfind("”")
        if opened > closed:
            self._open = True
        elif closed >= 0 or expected:
            self._open = False
        return quoted
