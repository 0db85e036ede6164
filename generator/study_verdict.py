"""What a whole bank of study items must hold: even key positions, like lengths, no doubles.

Part of the independent verifier; it shares no code with the makers.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from generator.study_item import Item, Kind

LENGTH_TOLERANCE = 0.15
CHI_SQUARE_P = 0.01


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a bank. `unsound`: item id → sentences; the rest concern the bank as a whole."""

    unsound: dict[str, tuple[str, ...]]
    positions: dict[str, int]
    p_value: float
    key_length: float
    other_length: float
    duplicates: tuple[str, ...]

    @property
    def length_gap(self) -> float:
        """How far the mean key length lies from the mean length of distractors, 0.15 = 15 %."""
        return abs(self.key_length - self.other_length) / self.other_length if self.other_length else 0.0

    @property
    def sound(self) -> bool:
        uniform = self.p_value > CHI_SQUARE_P
        return not self.unsound and not self.duplicates and uniform and self.length_gap <= LENGTH_TOLERANCE

    def as_json(self) -> dict[str, Any]:
        return {
            "unsound": {key: list(value) for key, value in self.unsound.items()},
            "key_positions": self.positions,
            "key_position_p": round(self.p_value, 4),
            "mean_key_length": round(self.key_length, 2),
            "mean_distractor_length": round(self.other_length, 2),
            "length_gap": round(self.length_gap, 4),
            "duplicates": list(self.duplicates),
            "sound": self.sound,
        }


def judge(items: Sequence[Item], unsound: dict[str, tuple[str, ...]]) -> Verdict:
    """The verdict on a bank whose unsound items are known."""
    singles = [item for item in items if item.kind is Kind.SINGLE]
    positions = Counter("ABCDEFGH"[item.answer[0]] for item in singles if item.answer)
    keys, others = _lengths(items)
    stems = Counter((item.kind, plain(item.stem)) for item in items)
    ids = Counter(item.id for item in items)
    doubles = [stem for (_, stem), times in stems.items() if times > 1 and _clash(items, stem)]
    return Verdict(
        unsound, dict(sorted(positions.items())), uniform_p([positions.get(c, 0) for c in "ABCD"]),
        _mean(keys), _mean(others), (*doubles, *(one for one, times in ids.items() if times > 1)),
    )  # fmt: skip


def plain(text: str) -> str:
    """The text under NFKC and without blanks: what two options must differ in."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def uniform_p(counts: Sequence[int]) -> float:
    """p of a χ² test that four key positions are equally likely (three degrees of freedom); 1 when empty."""
    total = sum(counts)
    if not total:
        return 1.0
    mean = total / 4
    x = sum((count - mean) ** 2 / mean for count in counts)
    return math.erfc(math.sqrt(x / 2)) + math.sqrt(2 * x / math.pi) * math.exp(-x / 2)


def _clash(items: Sequence[Item], stem: str) -> bool:
    """The same stem with the same options or with another key is a double."""
    held = [item for item in items if plain(item.stem) == stem]
    return len({(item.kind, frozenset(item.options), item.answer_words) for item in held}) < len(held) or (
        any(not item.options for item in held) and len({item.answer_words for item in held}) > 1
    )


def _lengths(items: Iterable[Item]) -> tuple[list[int], list[int]]:
    keys: list[int] = []
    others: list[int] = []
    for item in items:
        if item.kind in (Kind.SINGLE, Kind.MULTIPLE):
            for number, option in enumerate(item.options):
                (keys if number in item.answer else others).append(len(option))
    return keys, others


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values) if values else 0.0
