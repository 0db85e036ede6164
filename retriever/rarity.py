"""How rare a pair of letters is among the provisions at hand, and how like two provisions are by rare pairs.

Counted once for a set of texts and kept: a record of five hundred findings asks the same of the same texts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from retriever.pool import Duty, Penalty, Rows


def rarity(held: int, of: int) -> float:
    """The weight of what `held` of `of` provisions say; larger for the rarer."""
    return float(math.log(1 + of / (held + 1)) ** 0.7)


class Rarities:
    """The pairs of the provisions of some texts, counted."""

    def __init__(self, pool: Sequence[Rows]) -> None:
        documents = [duty.pairs for rows in pool for duty in rows.duties]
        documents += [penalty.pairs for rows in pool for penalty in rows.penalties]
        self.total = len(documents)
        counts: Counter[str] = Counter()
        for pairs in documents:
            counts.update(pairs)
        self._weights = {pair: rarity(held, self.total) for pair, held in counts.items()}
        self._alike: dict[tuple[int, int], float] = {}
        self._pool = tuple(pool)  # keeps the rows alive, whose identities key the memory below

    def of(self, pair: str) -> float:
        """The weight of a pair; 0 where no provision has it."""
        return self._weights.get(pair, 0.0)

    def alike(self, penalty: Penalty, duty: Duty) -> float:
        """How much of a punished behaviour the duty states, by rarity of words; 0..1."""
        key = (id(penalty), id(duty))
        held = self._alike.get(key)
        if held is None:
            held = self._alike[key] = max((self._share(b, duty) for b in penalty.behaviours), default=0.0)
        return held

    def _share(self, behaviour: frozenset[str], duty: Duty) -> float:
        whole = sum(map(self.of, behaviour))
        return sum(map(self.of, behaviour & duty.pairs)) / whole if whole else 0.0
