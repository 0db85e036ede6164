"""Questions no text of law answers: prices, addresses, office holders, statistics, values of standards.

The rules (outside.toml) look at what the question wants to know, not at its topic: 举报电话应当公布吗 asks
for a duty, 举报电话是多少 for a number no provision holds. Each rule has the sentence shown to the user.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from retriever.question_kinds import compose, parts_of

DATA = Path(__file__).with_name("outside.toml")


@dataclass(frozen=True, slots=True)
class Outside:
    """Why a question cannot be answered from texts: `code` for tests, `reason` (Chinese) for people."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Rule:
    language: str
    asks: re.Pattern[str]
    unless: re.Pattern[str] | None
    outside: Outside


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    with DATA.open("rb") as file:
        data = tomllib.load(file)
    parts = parts_of(data["parts"])
    rules = []
    for row in data["rule"]:
        asks, unless = (compose(row[key], parts) for key in ("asks", "unless"))
        spared = re.compile(unless, re.IGNORECASE) if unless else None
        rules.append(
            _Rule(
                row["language"], re.compile(asks, re.IGNORECASE), spared, Outside(row["code"], row["reason"])
            )
        )
    return tuple(rules)


def outside_of(text: str, *, language: str) -> Outside | None:
    """The reason why laws cannot answer `text`, or None where they may.

    >>> outside_of("监管部门要公布举报电话吗？", language="zh") is None
    True
    >>> outside_of("北京市应急管理局的联系电话是多少？", language="zh").code
    'contact'
    """
    for rule in _rules():
        if (
            rule.language == language
            and rule.asks.search(text)
            and not (rule.unless and rule.unless.search(text))
        ):
            return rule.outside
    return None
