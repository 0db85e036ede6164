"""What a question asks for: a duty, a number, a penalty … read by rules kept in question_kinds.toml.

A question may be of several kinds (罚多少: penalty and number). The kinds choose which sentences of a
provision answer (`statements`); they never remove a provision from the search.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("question_kinds.toml")


class Kind(StrEnum):
    """The kinds a question may have; the value is what the command line shows."""

    DUTY = "duty"
    PROHIBITION = "prohibition"
    NUMBER = "number"
    PENALTY = "penalty"
    RIGHT = "right"
    LICENCE = "licence"
    DEFINITION = "definition"
    COMPETENT = "competent"
    PROCEDURE = "procedure"
    LIST = "list"
    YES_NO = "yes_no"


def any_of(words: Iterable[str]) -> str:
    """An alternative of patterns; an empty one is refused, for it would match everywhere."""
    alternatives = list(words)
    if not alternatives or not all(alternatives):
        raise ValueError("an empty alternative matches everything")
    return "(?:" + "|".join(alternatives) + ")"


def compose(pattern: str, parts: Mapping[str, str]) -> str:
    """The pattern with each {name} replaced by its part; regex braces ({0,4}) stay."""
    for name, part in parts.items():
        pattern = pattern.replace("{" + name + "}", part)
    return pattern


def parts_of(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Named parts, each composed of the parts before it."""
    parts: dict[str, str] = {}
    for name, alternatives in table.items():
        parts[name] = compose(any_of(alternatives), parts)
    return parts


@lru_cache(maxsize=1)
def _patterns() -> dict[str, dict[Kind, re.Pattern[str]]]:
    with DATA.open("rb") as file:
        data: dict[str, Any] = tomllib.load(file)
    parts = parts_of(data["parts"])
    return {
        language: {
            Kind(kind): re.compile(compose(any_of(words), parts), re.IGNORECASE)
            for kind, words in data[language].items()
        }
        for language in ("zh", "en")
    }


def kinds_of(text: str, *, language: str) -> tuple[Kind, ...]:
    """The kinds of a question, in the order of `Kind`.

    >>> [str(k) for k in kinds_of("特种设备没办使用登记，逾期不改罚多少？", language="zh")]
    ['number', 'penalty', 'licence']
    """
    found = {kind for kind, pattern in _patterns()[language].items() if pattern.search(text)}
    return tuple(kind for kind in Kind if kind in found)
