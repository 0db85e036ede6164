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
_SUBJECT = re.compile(  # 危险化学品生产企业没有… : whose premises these are, not what is wrong
    r"^[^，。]{2,14}?(?:企业|单位|公司|厂|店|站|矿|医院|学校|酒店|商场|超市|幼儿园)(?=没|未|无|不|仍|将|把|安排|擅自|从)"
)
_FUNCTION = re.compile("没有?|未|无(?!证)|不|的|了|把|被|将|和|与|及|就|也|还|仍|从|给|让|均|已|称|时")
_DENIED = re.compile(r"未(?!发现)|没|无|缺|不(?!合格|符)")
_LEFT = re.compile(r".{0,6}(?:兼|辞职|离职|空缺|缺位|没有补|无人)")
_ABSENT = re.compile(r"(?:没有?|无|未|缺少?|不)(?:安排|设置?|配备?|指派|聘用?|确定|明确|任命)?.{0,4}$")
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
    """One matter: how inspectors say it (`say`), what provisions call it (`law`).

    `fault`: to say it is to tell of a fault (吸烟, 超员), without any word of negation.
    """

    kind: str
    say: re.Pattern[str]
    law: tuple[str, ...]
    weight: float = 1.0
    of_industry: bool = False
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Judge:
    """What a clause says: all well, something wrong, or a trifle."""

    conforming: re.Pattern[str]
    negative: re.Pattern[str]
    trivial: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """`clauses` are the faulty ones (none: the finding breaches nothing).

    `pairs` are their character pairs, those of words a concept stands for in `covered`. `wanting` holds the
    patterns of persons and things said to be absent (没有押运员). `sure` is False where no clause says
    outright that something is wrong. `praise`, `trifle`: some clause says that all is well, or is one.
    """

    text: str
    industry: str
    clauses: tuple[str, ...]
    concepts: tuple[Concept, ...]
    fields: tuple[str, ...]
    pairs: tuple[str, ...]
    wanting: frozenset[str] = frozenset()
    covered: frozenset[str] = frozenset()
    sure: bool = True
    praise: bool = False
    trifle: bool = False


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
            bool(row.get("fault")),
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
    said = _clauses(text)
    faulty = tuple(clause for clause in said if _faulty(clause))
    clauses = faulty or (tuple(said) if all(_neutral(clause) for clause in said) else ())
    faults = "，".join(clauses)
    found = tuple(c for c in concepts() if _said(c, text, faults, trade))
    fields = tuple(name for name, words in _fields() if words.search(text) or words.search(trade))
    spans = [m.group() for c in found for m in c.say.finditer(faults)]
    covered = frozenset(pair for words in spans for pair in pairs(words))
    wanting = frozenset(c.say.pattern for c in found if _wanting(c, clauses))
    told = tuple(dict.fromkeys(pairs("，".join(matter(_SUBJECT.sub("", clause)) for clause in clauses))))
    rules = judge()
    return Finding(
        text, trade, clauses, found, fields, told, wanting, covered, bool(faulty),
        rules.conforming.search(text) is not None, rules.trivial.search(text) is not None,
    )  # fmt: skip


def _wanting(concept: Concept, clauses: Iterable[str]) -> bool:
    """没有…押运员, 安全员由会计兼任: the matter is the absence of the person itself."""
    found = ((clause, match) for clause in clauses for match in concept.say.finditer(clause))
    return any(
        _ABSENT.search(clause[: match.start()]) is not None or _LEFT.match(clause[match.end() :]) is not None
        for clause, match in found
    )


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]


def _faulty(clause: str) -> bool:
    rules = judge()
    if rules.trivial.search(clause):
        return False
    rest = rules.conforming.sub("", clause)
    return rules.negative.search(rest) is not None or (
        rest == clause and any(c.fault and c.say.search(clause) for c in concepts())
    )


def _neutral(clause: str) -> bool:
    """Says neither that all is well nor that something is wrong: 电动车停在出口处充电."""
    rules = judge()
    return not rules.trivial.search(clause) and not rules.conforming.search(clause)


def _said(concept: Concept, text: str, faults: str, industry: str) -> bool:
    """Acts count only where a fault is told; persons, things and the trade set the scene."""
    where = faults if concept.kind == "act" else text
    return concept.say.search(where) is not None or (
        concept.of_industry and concept.say.search(industry) is not None
    )


def matter(clause: str) -> str:
    """A clause without the words that carry no matter (没有, 被, 已…)."""
    return _FUNCTION.sub("，", clause)


def denies(clauses: Iterable[str]) -> bool:
    """Whether something is said to be left undone or absent (未…, 没有…, 缺…)."""
    return any(_DENIED.search(clause) for clause in clauses)


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
    return 1.0 if len(phrase) >= 6 else 0.9 if len(phrase) >= 3 else 0.75


def hit(concept: Concept, words: str) -> float:
    """How well a provision speaks of the matter: 0, or the weight of its longest phrase there."""
    return max((phrase_weight(p) for p in concept.law if p in words), default=0.0)
