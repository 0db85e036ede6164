"""How rare a pair of letters is among the provisions at hand, and how like two provisions are by them."""

from __future__ import annotations

import math
from collections.abc import Callable

from retriever.pool import Duty, Penalty


def rarity(held: int, of: int) -> float:
    """The weight of what `held` of `of` provisions say; larger for the rarer."""
    return float(math.log(1 + of / (held + 1)) ** 0.7)


class Rarities:
    """The weights of pairs among `total` provisions, of which `held(pair)` have a pair."""

    def __init__(self, held: Callable[[str], int], total: int) -> None:
        self._held = held
        self.total = total
        self._weights: dict[str, float] = {}
        self._alike: dict[tuple[int, int], float] = {}  # by identity: the rows live as long as their texts

    def of(self, pair: str) -> float:
        """The weight of a pair; 0 where no provision has it."""
        known = self._weights.get(pair)
        if known is None:
            held = self._held(pair)
            known = self._weights[pair] = rarity(held, self.total) if held else 0.0
        return known

    def alike(self, penalty: Penalty, duty: Duty) -> float:
        """How much of a punished behaviour the duty states, by rarity of words; 0..1."""
        key = (id(penalty), id(duty))
        known = self._alike.get(key)
        if known is None:
            known = max((self._share(behaviour, duty) for behaviour in penalty.behaviours), default=0.0)
            self._alike[key] = known
        return known

    def _share(self, behaviour: frozenset[str], duty: Duty) -> float:
        common = behaviour & duty.pairs
        if not common:
            return 0.0
        whole = sum(map(self.of, behaviour))
        return sum(map(self.of, common)) / whole if whole else 0.0
