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
from corpus.place import Place
from generator.letter import Cited
from generator.letter_advice import Obligations, advise
from generator.letter_basis import NONE, cite

Search = Callable[[str], tuple[tuple[str, Any, float], ...]]  # text → (edition key, place, score), best first
PROVISIONS, MEASURE, PERSON = "相关规定", "建议措施", "建议责任岗位"
SURE = 0.3  # of a search: below, what is found is too often beside the point
_QUOTED = 200  # characters: longer provisions are cited, not quoted
_NUMBER = "[一二三四五六七八九十百零〇0-9]+"
_CITATION = re.compile(
    f"《[^《》]+》((?:第{_NUMBER}条(?:之{_NUMBER})?(?:第{_NUMBER}款)?(?:第（?{_NUMBER}）?项)?[、和及]?)+)"
)
_ARTICLE = re.compile(f"第{_NUMBER}条[^、和及]*")


def with_provisions(
    fields: Mapping[str, Any],
    library: Library | None,
    search: Search | None = None,
    obligations: Obligations | None = None,
    *,
    on: str,
) -> dict[str, Any]:
    """The fields, each row of 落实情况 with its 相关规定 as printed lines and our proposal for what is empty.

    Raises InputRefused for an 依据 of the user that cannot be verified.
    """
    rows = fields.get("落实情况")
    if not isinstance(rows, list):
        return dict(fields)
    done = []
    for n, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            done.append(row)
            continue
        places = _places(row, n, library, search, on)
        lines = [_shown(cite(library, key, place)) for key, place in places] if library is not None else []
        done.append({**row, PROVISIONS: lines, **_proposed(row, places, library, obligations, on)})
    return {**fields, "落实情况": done}


def _places(
    row: Mapping[str, Any], number: int, library: Library | None, search: Search | None, on: str
) -> list[tuple[str, Place]]:
    """Where the provisions of a row stand: named by the user, written in the recommendation, or found."""
    named = str(row.get("依据") or "").strip()
    if named == NONE:
        return []
    if library is None:
        if named:
            raise InputRefused(f"第{number}条的依据“{named}”无法核对。", "请先用 zeren add 建立语料库。")
        return []
    if named:
        return _resolved(library, named, f"第{number}条", on)
    text = str(row.get("建议") or "")
    cited = [one for written in _written(text) for one in _resolved(library, written, "", on)]
    if not cited and search is not None and text:
        cited = [(key, place) for key, place, score in search(text)[:1] if score >= SURE]
    return cited


def _proposed(
    row: Mapping[str, Any],
    places: list[tuple[str, Place]],
    library: Library | None,
    obligations: Obligations | None,
    on: str,
) -> dict[str, str]:
    """A measure and a post for a row that names no measure."""
    if row.get("措施") or not places or library is None or obligations is None:
        return {}
    key, place = places[0]
    words = library.text(key, place.address)
    told = advise(place, words, obligations(key, place.address), matter=str(row.get("建议") or ""), on=on)
    return {MEASURE: told.measure} | ({} if row.get("责任部门") else {PERSON: told.person})


def _written(text: str) -> list[str]:
    """《甲法》第六十五条、第一百零五条 → both in full."""
    return [
        f"{found[0].partition('》')[0]}》{article}"
        for found in _CITATION.finditer(text)
        for article in _ARTICLE.findall(found[1])
    ]


def _resolved(library: Library, written: str, refused_as: str, on: str) -> list[tuple[str, Place]]:
    found = resolve(library, written, on=on)
    if not found.targets and refused_as:
        raise InputRefused(
            f"{refused_as}的依据“{written}”查不到：{found.message}", "请核对引用，或删去依据由程序提出。"
        )
    return [(target.key, target.place) for target in found.targets]


def _shown(cited: Cited) -> str:
    return cited.printed if len(cited.text) <= _QUOTED else cited.citation
