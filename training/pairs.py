"""Pairs of texts that mean the same, made from the law texts alone: what the encoder learns first.

Heading → article, a sentence → the rest of its article, a question made by rule → article, an English
term of the glossary → the Chinese one.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.passage import Unit
from training.texts import Texts

_SENTENCE = re.compile(r"[^。；;]+[。；;]?")
_NUMBERED = re.compile(r"^第\S{1,6}[编章节]\s*")
_EMPTY_HEADINGS = {"总则", "附则", "法律责任", "罚则", "监督管理"}
_DUTY = re.compile(r"^(.{2,20}?)(应当|不得|必须|可以|有权)(.{4,40})")
_PENALTY = re.compile(r"(.{4,40}?)[，,].{0,12}?处.{0,40}?罚款")
_DEADLINE = re.compile(r"(.{0,30}?)[一二三四五六七八九十]+(?:个工作)?[日年月](?:内|前)(.{4,30})")
_WHO = ("谁", "哪个部门", "什么单位", "什么人")
_WHAT = ("有什么义务", "要做什么", "应当怎么做", "有哪些职责", "能做什么", "有什么要求")
_PUNISHED = ("罚多少", "怎么处罚", "要受什么处罚", "罚款", "有什么后果")
_WHEN = ("多久", "期限", "几天内", "什么时候之前")
LONGEST = 350


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that mean the same; pairs of one `unit` are no negatives of each other."""

    question: str
    answer: str
    unit: int


def make_pairs(texts: Texts, glossary: Path, *, seed: int) -> list[Pair]:
    """The pairs of every newest text, each wording once, shuffled."""
    chance = random.Random(seed)
    seen: set[bytes] = set()
    found: list[Pair] = []
    for number, (unit, newest) in enumerate(zip(texts.units, texts.newest, strict=True)):
        if newest and len(unit.text) >= 20 and unit.words not in seen:
            seen.add(unit.words)
            found += _pairs_of(unit, number, chance)
    for number, pair in enumerate(_glossary(glossary)):
        found += [Pair(*pair, -1 - number)] * 4
    chance.shuffle(found)
    return found


def _pairs_of(unit: Unit, number: int, chance: random.Random) -> Iterator[Pair]:
    body = unit.text.replace("\n", "")
    heading = _NUMBERED.sub("", unit.headings[-1]).strip() if unit.headings else ""
    sentences = [s for s in _SENTENCE.findall(body) if len(s) > 5]
    if len(heading) > 1 and heading not in _EMPTY_HEADINGS and chance.random() < 0.3:
        yield Pair(unit.title + heading if chance.random() < 0.5 else heading, body[:LONGEST], number)
    if len(sentences) > 1:
        yield Pair(sentences[0], f"{unit.title} {''.join(sentences[1:])[:LONGEST]}", number)
        at = chance.randrange(len(sentences))
        if chance.random() < 0.6:
            rest = "".join(sentences[:at] + sentences[at + 1 :])[:LONGEST]
            yield Pair(sentences[at], f"{unit.title} {heading} {rest}", number)
    elif len(body) > 40:
        yield Pair(body[: len(body) // 2], body[len(body) // 2 :], number)
    for sentence in sentences:
        question = _question(sentence, chance) if chance.random() < 0.5 else None
        if question:
            yield Pair(question, f"{unit.title} {heading} {body[:LONGEST]}", number)
            return


def _question(sentence: str, chance: random.Random) -> str | None:
    """A question that the sentence answers, made by rule; None where no rule fits."""
    if duty := _DUTY.match(sentence):
        if chance.random() < 0.5:
            return chance.choice(_WHO) + duty[2] + duty[3]
        return duty[1] + chance.choice(_WHAT)
    if penalty := _PENALTY.search(sentence):
        return penalty[1] + chance.choice(_PUNISHED)
    if deadline := _DEADLINE.search(sentence):
        return deadline[1] + deadline[2] + chance.choice(_WHEN)
    return None


def _glossary(path: Path) -> Iterator[tuple[str, str]]:
    with path.open("rb") as file:
        terms: dict[str, list[str]] = tomllib.load(file)["terms"]
    for chinese, english in terms.items():
        for form in english:
            yield form, chinese
