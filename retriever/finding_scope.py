"""Which texts a finding is about by its own words: whose title is near it in meaning, and in which its rarer
words stand in many articles.

A trade names the texts that bind it; the finding itself names more (拖拉机, 雷管, 门票), whatever trade the
inspector wrote down.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict

from indexer.register import Register
from retriever.finding import Finding, matter, pairs

_COMMON = 1500  # articles: what stands in more says nothing of the text
_DENSE = 4.0  # a word in a quarter of a text's articles is that text's own
_MEMORY = 50_000
ADMITTED, LEAST = 3, 0.4  # texts admitted beside those of the trade, and from which sum of the two on
NOT_ADMITTED = re.compile("解释|修正案|决定|批复|答复|刑法|办法（试行）")


class Affinity:
    """How much of a finding's words is at home in each text, 0..1."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._units = register.unit_count
        self._known: dict[str, tuple[float, dict[int, float]]] = {}

    def of(self, found: Finding) -> dict[int, float]:
        """By number of the text in the register; texts without any of the words are left out."""
        told: dict[int, float] = defaultdict(float)
        whole = 0.0
        for pair in dict.fromkeys(pairs(f"{matter(found.text)}，{matter(found.industry)}")):
            weight, shares = self._shares(pair)
            whole += weight
            for text, share in shares.items():
                told[text] += weight * min(1.0, share * _DENSE)
        return {text: value / whole for text, value in told.items()} if whole else {}

    def _shares(self, pair: str) -> tuple[float, dict[int, float]]:
        known = self._known.get(pair)
        if known is None:
            units = self._register.units_with(pair)
            if not units or len(units) > _COMMON:
                known = (0.0, {})
            else:
                weight = math.log(self._units / len(units))
                known = (weight, self._register.shares(units))
            if len(self._known) >= _MEMORY:
                self._known.clear()
            self._known[pair] = known
        return known
