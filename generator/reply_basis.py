"""The provisions a reply may rest its measures on: named by the user, cited in the recommendation, or found.

Printed under a recommendation as 相关规定（供核对）; every quotation is read from the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from corpus.citing import resolve
from corpus.errors import InputRefused
from corpus.library import Library
from generator.letter import Cited
from generator.letter_basis import cite
from generator.letter_paper import cited_words

Search = Callable[[str], tuple[tuple[str, Any, float], ...]]  # text → (edition key, place, score), best first
PROVISIONS = "相关规定"
SURE = 0.3  # of a search: below, what is found is too often beside the point
_QUOTED = 200  # characters: longer provisions are cited, not quoted
_NUMBER = "[一二三四五六七八九十百零〇0-9]+"
_CITATION = re.compile(
    f"《[^《》]+》((?:第{_NUMBER}条(?:之{_NUMBER})?(?:第{_NUMBER}款)?(?:第（?{_NUMBER}）?项)?[、和及]?)+)"
)
_ARTICLE = re.compile(f"第{_NUMBER}条[^、和及]*")


def with_provisions(
    fields: Mapping[str, Any], *, library: Library | None, search: Search | None, on: str
) -> dict[str, Any]:
    """The fields, each row of 落实情况 with its 相关规定 as printed lines.

    Raises InputRefused for an 依据 of the user that cannot be verified.
    """
    rows = fields.get("落实情况")
    if not isinstance(rows, list):
        return dict(fields)
    done = [
        {**row, PROVISIONS: _lines(row, n, library, search, on)} if isinstance(row, Mapping) else row
        for n, row in enumerate(rows, 1)
    ]
    return {**fields, "落实情况": done}


def _lines(
    row: Mapping[str, Any], number: int, library: Library | None, search: Search | None, on: str
) -> list[str]:
    named = str(row.get("依据") or "").strip()
    if library is None:
        if named:
            raise InputRefused(f"第{number}条的依据“{named}”无法核对。", "请先用 zeren add 建立语料库。")
        return []
    if named:
        return [_shown(one) for one in _resolved(library, named, f"第{number}条", on)]
    text = str(row.get("建议") or "")
    cited = [one for written in _written(text) for one in _resolved(library, written, "", on)]
    if not cited and search is not None and text:
        cited = [cite(library, key, place) for key, place, score in search(text)[:1] if score >= SURE]
    return [_shown(one) for one in cited]


def _written(text: str) -> list[str]:
    """《甲法》第六十五条、第一百零五条 → both in full."""
    return [
        f"{found[0].partition('》')[0]}》{article}"
        for found in _CITATION.finditer(text)
        for article in _ARTICLE.findall(found[1])
    ]


def _resolved(library: Library, written: str, refused_as: str, on: str) -> list[Cited]:
    found = resolve(library, written, on=on)
    if not found.targets and refused_as:
        raise InputRefused(
            f"{refused_as}的依据“{written}”查不到：{found.message}", "请核对引用，或删去依据由程序提出。"
        )
    return [cite(library, target.key, target.place) for target in found.targets]


def _shown(cited: Cited) -> str:
    return cited_words(cited) if len(cited.text) <= _QUOTED else cited.citation
