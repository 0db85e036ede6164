"""Quotations: where they stand in a sentence, and whether the words are those of a provision.

Words compare without white space and without the final 。or ；, half-width marks like full-width ones
(source texts mix them). Nothing else is forgiven: 应当 is not 必须.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

_PAIRS = {"“": "”", "「": "」", "『": "』", "＂": "＂"}
_INNER = re.compile("‘([^‘’]+)’")
_SPACE = re.compile(r"[\s\u200b-\u200f\ufeff\u00ad]+")
_QUOTES = str.maketrans(dict.fromkeys("“”‘’「」『』＂＇'", '"'))
_MARKS = str.maketrans("（）：；，？！〔〕［］【】．－—―～〈〉＜＞", "():;,?![][][].---~<><>")
_ELLIPSIS = re.compile(r"…+|\.{3,}|。{2,}")
_ITEM_MARK = re.compile(r"\([一二三四五六七八九十]{1,3}\)|(?<=[;:。])\d{1,2}[.、]")
_EDGE = "。；;，,、：:"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation in a passage: `start` and `end` include the marks, `text` is what stands between."""

    text: str
    start: int
    end: int


def quotes_in(text: str) -> Iterator[Quote]:
    """The outermost quotations of a text in order; straight marks pair off in turn."""
    depth, opened, closing = 0, 0, ""
    straight: int | None = None
    for position, char in enumerate(text):
        if depth == 0 and char in _PAIRS:
            depth, opened, closing, straight = 1, position, _PAIRS[char], None
        elif depth and char in _PAIRS and _PAIRS[char] == closing and char != closing:
            depth += 1
        elif depth and char == closing:
            depth -= 1
            if depth == 0:
                yield Quote(text[opened + 1 : position], opened, position + 1)
        elif depth == 0 and char == '"':
            if straight is None:
                straight = position
            else:
                yield Quote(text[straight + 1 : position], straight, position + 1)
                straight = None


def within(text: str, quote: Quote) -> Iterator[Quote]:
    """The quotations ‘…’ inside a quotation, at their places in the text."""
    for match in _INNER.finditer(text, quote.start + 1, quote.end - 1):
        yield Quote(match[1], match.start(), match.end())


def unclosed(text: str) -> int | None:
    """Where a quotation opens that the text does not close; None when all are closed."""
    last = text.rfind("“")
    return last if last > text.rfind("”") else None


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """The words as they compare."""
    text = _SPACE.sub("", text).translate(_QUOTES)
    return unicodedata.normalize("NFKC", text).translate(_MARKS)


def bare(quote: str) -> str:
    """A quotation as it compares: normal, without the marks at its edges."""
    return normal(quote).strip("。;,、:")


def stands_in(quote: str, text: str) -> bool:
    """Whether the words stand in `text`, in order where an ellipsis divides them.

    Item numbers may be left out.
    """
    parts = [bare(part) for part in _ELLIPSIS.split(quote)]
    words = [part for part in parts if part]
    return bool(words) and (_in_order(words, normal(text)) or _in_order(_unmarked(words), _plain(text)))


def _in_order(parts: list[str], text: str) -> bool:
    position = 0
    for part in parts:
        found = text.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return True


def _unmarked(parts: list[str]) -> list[str]:
    return [_ITEM_MARK.sub("", part) for part in parts]


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return _ITEM_MARK.sub("", normal(text))


@lru_cache(maxsize=8192)
def _pairs(text: str) -> frozenset[str]:
    words = normal(text)
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


def likeness(quote: str, text: str) -> float:
    """The share of the quotation's pairs of characters that stand in `text`: 0 to 1."""
    pairs = _pairs(bare(quote))
    return len(pairs & _pairs(text)) / len(pairs) if pairs else 0.0


def differences(quote: str, text: str) -> list[tuple[str, str]]:
    """What differs, as (written, stored) pieces, against the stretch of `text` most like the quotation."""
    written, stored = bare(quote), normal(text)
    whole = SequenceMatcher(None, written, stored, autojunk=False)
    blocks = [b for b in whole.get_matching_blocks() if b.size >= 2]
    if not blocks:
        return [(quote, "")]
    start = max(0, blocks[0].b - blocks[0].a)
    end = min(len(stored), blocks[-1].b + blocks[-1].size + (len(written) - blocks[-1].a - blocks[-1].size))
    part = stored[start:end]
    match = SequenceMatcher(None, written, part, autojunk=False)
    return [(written[a:b], part[c:d]) for tag, a, b, c, d in match.get_opcodes() if tag != "equal"]
