"""How one line runs into the next: broken sentences, leads of lists, titles without a number."""

from __future__ import annotations

import re

_OPEN = "，、,（(《“‘〈"
_MISSING = "，、；。：）》,;"
_FINAL = "。；：;:！？!?…”’）)》〉】」』.—"
_MARKER = re.compile(
    "[（(]|第[零〇一二三四五六七八九十百千0-9]|[0-9０-９]|[一二三四五六七八九十]+、|[“‘《①-⑳⒈-⒛]|附|注"
)
_WORD = re.compile("[\u3400-\u9fff0-9０-９%％A-Za-z]")
_PRIVATE = re.compile("[\ue000-\uf8ff]+$")
_VERB = re.compile("应当|不得|必须|可以|禁止|施行|适用|负责|规定[：:]?$|除外|的$")

_LABELLED = re.compile("[^，。；]{1,12}[：:＝=]")

WIDTH = 18
"""Characters a line has at least when it was cut at the right margin of a page."""


def last_line(text: str) -> str:
    """The last line of a text, lost glyphs at its end left out."""
    return _PRIVATE.sub("", text.rpartition("\n")[2])


def breaks_off(before: str, after: str) -> bool:
    """Whether the last line of `before` stops in mid-sentence and `after` goes on with it.

    A comma or an opening bracket at the end is proof; a long line that ends in a word is, when the next
    one begins with a word or with the punctuation that was missing.
    """
    line = last_line(before)
    if not line or not after:
        return False
    if line[-1] in _OPEN or after[0] in _MISSING:
        return True
    if line[-1] in _FINAL or _MARKER.match(after) is not None or _LABELLED.match(after) is not None:
        return False
    ended = after[-1] in "。；：;:" or len(after) >= WIDTH
    return len(line) >= WIDTH and ended and _WORD.match(line[-1]) is not None


def is_lead(text: str) -> bool:
    """A lead announces a list: 下列…： 如下："""
    return ends_in_colon(text) or "下列" in text or "如下" in text


def ends_in_colon(text: str) -> bool:
    """Whether the last line ends in a colon, lost glyphs behind it left out."""
    return last_line(text).endswith(("：", ":"))


def is_finished(text: str) -> bool:
    """Whether a text ends as sentences and list members do."""
    line = last_line(text)
    return not line or line[-1] in _FINAL


def is_bare_title(text: str) -> bool:
    """A line that reads as a title: short, no sentence, nothing ordered or forbidden."""
    return (
        1 < len(text) <= 32
        and text[-1] not in _FINAL
        and text[-1] not in _OPEN
        and "。" not in text
        and not any(mark in text for mark in "；：=＝×")
        and _MARKER.match(text) is None
        and _VERB.search(text) is None
    )
