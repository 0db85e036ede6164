"""An inspection finding as read: its faulty clauses, the matters it touches, its words.

What inspectors write and what the law writes are two languages; the bridge is data (finding_words.toml).
A clause that says all is well, or that only concerns looks and forms, is no fault.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_CLAUSE = re.compile(r"[，,；;。！!\n]+")
_RUN = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z0-9]+")
_STOP_PAIRS = frozenset(
    [
        "没有",
        "未按",
        "按照",
        "规定",
        "情况",
        "进行",
        "以及",
        "或者",
        "部分",
        "存在",
        "发现",
        "现场",
        "检查",
        "企业",
        "单位",
        "公司",
        "相关",
        "有关",
        "要求",
    ]
)


@dataclass(frozen=True, slots=True)
class Concept:
    """One matter: how inspectors say it (`say`), what provisions call it (`law`)."""

    kind: str
    say: re.Pattern[str]
    law: tuple[str, ...]
    weight: float = 1.0
    of_industry: bool = False


@dataclass(frozen=True, slots=True)
class Judge:
    """What a clause says: all well, something wrong, or a trifle."""

    conforming: re.Pattern[str]
    negative: re.Pattern[str]
    trivial: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """`clauses` are the faulty ones (none: the finding breaches nothing).

    `pairs` are their character pairs, those of words a concept stands for in `covered`.
    """

    text: str
    industry: str
    clauses: tuple[str, ...]
    concepts: tuple[Concept, ...]
    fields: tuple[str, ...]
    pairs: tuple[str, ...]
    covered: frozenset[str] = frozenset()


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("retriever").joinpath("finding_words.toml").read_text(encoding="utf-8"))


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


@cache
def concepts() -> tuple[Concept, ...]:
    """Every concept of the data file."""
    return tuple(
        Concept(
            row["kind"],
            _any(row["say"]),
            tuple(row["law"]),
            row.get("weight", 1.0),
            row.get("where") == "both",
        )
        for row in _data()["concept"]
    )


@cache
def judge() -> Judge:
    words = _data()["judge"]
    return Judge(_any(words["conforming"]), _any(words["negative"]), _any(words["trivial"]))


@cache
def _fields() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, _any(words)) for name, words in _data()["fields"].items())


def read(text: str, *, industry: str | None = None) -> Finding:
    """Reads a finding. Never raises: a text without any fault has no clauses."""
    trade = industry or ""
    clauses = tuple(clause for clause in _clauses(text) if _faulty(clause))
    faults = "，".join(clauses)
    found = tuple(c for c in concepts() if _said(c, text, faults, trade))
    fields = tuple(name for name, words in _fields() if words.search(text) or words.search(trade))
    said = [m.group() for c in found for m in c.say.finditer(faults)]
    covered = frozenset(pair for words in said for pair in pairs(words))
    return Finding(text, trade, clauses, found, fields, tuple(dict.fromkeys(pairs(faults))), covered)


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]


def _faulty(clause: str) -> bool:
    rules = judge()
    if rules.trivial.search(clause):
        return False
    rest = rules.conforming.sub("", clause)
    if rest != clause:
        return re.search("未|没|无|不(?!得)|缺|过期|超", rest) is not None
    return True


def _said(concept: Concept, text: str, faults: str, industry: str) -> bool:
    """Acts count only where a fault is told; persons, things and the trade set the scene."""
    where = faults if concept.kind == "act" else text
    return concept.say.search(where) is not None or (
        concept.of_industry and concept.say.search(industry) is not None
    )


def pairs(text: str) -> list[str]:
    """The character pairs of a text's Han runs, and its Latin words, without the commonest of reports."""
    out: list[str] = []
    for run in _RUN.findall(text):
        if run.isascii():
            out.append(run.lower())
        else:
            out += [run[i : i + 2] for i in range(len(run) - 1)]
    return [pair for pair in out if pair not in _STOP_PAIRS]


def phrase_weight(phrase: str) -> float:
    """A longer phrase of the law says more than a single word."""
    return 1.0 if len(phrase) >= 6 else 0.85 if len(phrase) >= 4 else 0.7


def hit(concept: Concept, words: str) -> float:
    """How well a provision speaks of the matter: 0, or the weight of its longest phrase there."""
    return max((phrase_weight(p) for p in concept.law if p in words), default=0.0)
