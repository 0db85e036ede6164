"""What an article is about by its wording, as bits: penalty, number, definition, who is competent …

Read once when the index is built; the ranker compares them with the kind of a question.
"""

from __future__ import annotations

import re
from enum import IntFlag

from indexer.passage import Unit

_NUMERAL = "[0-9０-９一二三四五六七八九十百千万两]+"


class Trait(IntFlag):
    """A property of an article's wording."""

    PENALTY = 1
    NUMBER = 2
    DEFINITION = 4
    COMPETENT = 8
    PROHIBITION = 16
    DUTY = 32
    RIGHT = 64
    LICENCE = 128
    PROCEDURE = 256
    LIST = 512
    PURPOSE = 1024
    CLOSING = 2048
    LIABILITY_CHAPTER = 4096


_PATTERNS = {
    Trait.PENALTY: re.compile(
        "罚款|警告|没收|吊销|拘留|拘役|有期徒刑|责令(?:限期)?改正|给予处分|依法给予|追究刑事责任"
    ),
    Trait.NUMBER: re.compile(
        rf"{_NUMERAL}(?:个?工作日|日内|日前|小时|个月|年|万?元|%|米|人|周岁|倍|分之|公里|平方米|次)|百分之"
    ),
    Trait.DEFINITION: re.compile("是指|，指|,指|所称|以下简称|下列用语"),
    Trait.COMPETENT: re.compile(
        "主管部门|负责.{0,12}(?:监督管理|管理工作)|由.{2,20}(?:负责|规定|批准|决定|管辖)"
    ),
    Trait.PROHIBITION: re.compile("不得|禁止|严禁|不准"),
    Trait.DUTY: re.compile("应当|必须|负有"),
    Trait.RIGHT: re.compile("有权|可以|享有"),
    Trait.LICENCE: re.compile("许可|批准|审批|备案|资质|登记|核准|证书"),
    Trait.PROCEDURE: re.compile("申请|受理|审查|送达|告知|听证|复核|自.{1,20}之日起"),
    Trait.PURPOSE: re.compile("^.{0,4}为了?.{4,}制定本"),
    Trait.CLOSING: re.compile("自.{2,20}起施行|同时废止"),
}


def traits(unit: Unit) -> Trait:
    """The traits of a unit's wording and place."""
    return traits_of_text(unit.text, len(unit.rows), " ".join(unit.headings))


def traits_of_text(text: str, rows: int, headings: str) -> Trait:
    """The traits of words that stand in `rows` rows under `headings`.

    >>> Trait.PENALTY in traits_of_text("违反本规定的，处一万元罚款。", 1, "")
    True
    """
    found = Trait(0)
    for trait, pattern in _PATTERNS.items():
        if pattern.search(text):
            found |= trait
    if rows >= 4:
        found |= Trait.LIST
    if "法律责任" in headings or "罚则" in headings:
        found |= Trait.LIABILITY_CHAPTER
    return found
