"""Every word the page shows, in Chinese or English, from one catalogue; and text made safe to show."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import streamlit as st

CATALOGUE = Path(__file__).parent / "strings"
# :material/home: and :smile: are drawn as pictures even when escaped
_SHORTCODE = re.compile(r":(?=[A-Za-z+\-][A-Za-z0-9_+\-/]*:)")
_JOINER = "\u2060"  # no width, no break
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


@cache
def strings() -> dict[str, dict[str, str]]:
    """The catalogue, one file a page: key → {"zh": …, "en": …}. A key stands in one file only."""
    held: dict[str, dict[str, str]] = {}
    for file in sorted(CATALOGUE.glob("*.toml")):
        for key, words in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in held:
                raise ValueError(f"{file.name}: [{key}] stands in another file too")
            held[key] = words
    return held


def t(key: str, **values: object) -> str:
    """The words for `key` in the language of this session (Chinese unless switched)."""
    text = strings()[key][st.session_state.get("language", "zh")]
    return text.format(**values) if values else text


def plain(text: str) -> str:
    """Text from files and users, escaped so that Markdown shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", _SHORTCODE.sub(f":{_JOINER}", text)).replace("\n", "  \n")


def marked(text: str, words: tuple[str, ...]) -> str:
    """`text` escaped, with the decisive words in bold."""
    found = sorted({w for w in words if w and w in text}, key=len, reverse=True)
    if not found:
        return plain(text)
    pieces = re.split("(" + "|".join(map(re.escape, found)) + ")", text)
    return "".join(f"**{plain(p)}**" if p in found else plain(p) for p in pieces)


def marked_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` escaped, with the decisive spans bold on a tinted ground; spans that overlap become one."""
    out, position = "", 0
    for start, stop in _joined(spans):
        out += plain(text[position:start])
        # a mark does not run over a line's end: Markdown would show its signs
        lines = text[start:stop].split("\n")
        out += "  \n".join(f":orange-background[**{plain(line)}**]" if line.strip() else "" for line in lines)
        position = stop
    return out + plain(text[position:])


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(stop, out[-1][1]))
        elif stop > start:
            out.append((start, stop))
    return out
