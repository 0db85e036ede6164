"""How one line runs into the next: broken sentences, leads of lists."""

from __future__ import annotations

import re

_OPEN = "，、,（(《“‘〈"
_FINAL = "。；：;:！？!?…”’）)》〉】」』.—"
_MARKER = re.compile("[（(]|第|[0-9０-９]|[一二三四五六七八九十]+、|[“‘《①-⑳⒈-⒛]|附|注")
_HAN = re.compile("[\u3400-\u9fff]")


def breaks_off(before: str, after: str) -> bool:
    """Whether `before` stops in mid-sentence and `after` goes on with it.

    A comma or an opening bracket at the end is proof; a long line that ends in a word is, when the next
    one begins with a word or with the punctuation that was missing.
    """
    if not before or not after:
        return False
    last, first = before[-1], after[0]
    if last in _OPEN:
        return True
    if first in "，、；。：）》”,;":
        return True
    if last in _FINAL:
        return False
    return (
        len(before) >= 18
        and _HAN.match(last) is not None
        and _MARKER.match(after) is None
        and after[-1] in "。；：;:"
    )


def is_lead(text: str) -> bool:
    """A lead announces a list: 下列…： 如下："""
    return text.endswith(("：", ":")) or "下列" in text or "如下" in text
