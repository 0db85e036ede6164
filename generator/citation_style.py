"""A provision cited in the three styles that papers use; every style parses back to the same provision."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from corpus.place import Place


class Style(StrEnum):
    """`short` for 公文: 《》 and 条款项; `full` with number, version and validity, for files and footnotes;
    `quoted` with the words themselves, for letters."""

    SHORT = "short"
    FULL = "full"
    QUOTED = "quoted"


STATUS_WORDS: Mapping[str, str] = {
    "in_force": "现行有效",
    "not_yet": "尚未生效",
    "amended": "已修改",
    "repealed": "已废止",
    "unknown": "效力未知",
}


def cite(place: Place, text: str, *, number: str | None = None) -> dict[Style, str]:
    """The citation of a place in every style. `text` is the verbatim words, `number` the text's number."""
    version = f"{place.version}版本，" if place.version else ""
    noted = "，".join(filter(None, (number, f"{version}{STATUS_WORDS[place.status]}")))
    return {
        Style.SHORT: place.citation,
        Style.FULL: f"{place.citation}（{noted}）",
        Style.QUOTED: f"{place.citation}规定：“{text}”",
    }
