"""The list of one article paragraph: 项 and 目, with what damages lists.

An item may lose its number, go on in a paragraph without one, or hold a list of its own. The numbers
around it decide, and every repair is remarked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Level, Line
from corpus.draft import Draft, Notes
from corpus.flow import breaks_off, ends_in_colon, last_line
from corpus.heads import Head, article_head, heading_head, item_head, subitem_head, top_head, trim

_REACH = 12


@dataclass(frozen=True, slots=True)
class Below:
    """The next item below a paragraph: its number, and how many paragraphs without one stand before it."""

    number: int | None
    unnumbered: int
    listed: bool = False


def items_below(lines: Sequence[Line], index: int, *, style: str) -> Below:
    """Looks down from the paragraph at `index` (which counts) to the next item of the article."""
    count, before, listed = 0, "", True
    for line in lines[index:]:
        text = trim(line.text)
        if article_head(text) is not None or heading_head(text, marked=line.heading is not None) is not None:
            break
        head = top_head(text) if style == "一、" else item_head(text)
        if head is not None:
            return Below(head.number, count, listed)
        if subitem_head(text) is None and not breaks_off(before, text):
            listed = listed and last_line(before)[-1:] in "；;，,"
            count += 1
        before = text
        if count > _REACH:
            break
    return Below(None, count)


class Listing:
    """The items under one paragraph, while they come."""

    def __init__(self, paragraph: Draft, notes: Notes) -> None:
        self.paragraph = paragraph
        self.notes = notes
        self.item: Draft | None = None
        self.subitem: Draft | None = None
        self.nested = False

    @property
    def style(self) -> str:
        """The form of the items' markers; empty while there is none."""
        return next((child.style for child in self.paragraph.children if child.level is Level.ITEM), "")

    @property
    def number(self) -> int:
        """The number of the last item, 0 before the first."""
        return (self.item.number or 0) if self.item else 0

    @property
    def current(self) -> Draft:
        """The node that a line without number would continue."""
        return self.subitem or self.item or self.paragraph

    def open_item(self, head: Head, line: Line) -> None:
        """Adds an item, or below items in 一、 the （一） of the inner list."""
        if head.damaged:
            self.notes.add("mixed_brackets", f"{head.marker}{head.damaged}", line.number)
        if self.nested and head.style != self.style and self.item is not None:
            self.subitem = self.item.add(Draft.headed(Level.SUBITEM, head, line))
            return
        self.nested = False
        if head.number != self.number + 1:
            message = f"项号不连续：应为第{self.number + 1}项，原文为{head.marker}"
            self.notes.add("item_numbering", message, line.number)
        self.item = self.paragraph.add(Draft.headed(Level.ITEM, head, line))
        self.subitem = None

    def takes_subitem(self, head: Head) -> bool:
        """A figure opens a 目 when it begins a list or goes on with the one that is open."""
        before = [child for child in (self.item or self.paragraph).children if child.level is Level.SUBITEM]
        if not before:
            return head.number == 1
        if before[-1].style != head.style:
            return False
        return (
            head.number is not None and (before[-1].number or 0) < head.number <= (before[-1].number or 0) + 3
        )

    def holds_inner_list(self, head: Head) -> bool:
        """A third list inside a 目 has no name in the law: it stays in the words of its 目."""
        return self.subitem is not None and self.subitem.style != head.style

    def open_subitem(self, head: Head, line: Line) -> None:
        self.subitem = (self.item or self.paragraph).add(Draft.headed(Level.SUBITEM, head, line))

    def open_unnumbered(self, text: str, line: Line) -> None:
        """An item whose number was lost: the numbers around it say which it is."""
        number = self.number + 1
        self.notes.add("item_number_lost", f"第{number}项的编号缺失，按前后顺序认定", line.number)
        self.item = self.paragraph.add(Draft.of(Level.ITEM, text, line, number=number))
        self.item.style = self.style or "（一）"
        self.subitem = None

    def goes_on(self, below: Below) -> bool:
        """Whether the list goes on with the very next number: the paragraph belongs to the item above."""
        if below.number is None:
            return False
        return self.item is not None and below.number == self.number + 1

    def lost_number(self, below: Below) -> bool:
        """Whether exactly the paragraphs without number are missing before the next item."""
        if below.number is None or not below.listed:
            return False
        led = self.item is not None or ends_in_colon(self.paragraph.text)
        return led and below.unnumbered > 0 and below.number == self.number + below.unnumbered + 1

    def lists_with(self, text: str) -> bool:
        """A list written as lines that end in commas, under a colon: 委员长， 秘书长， …"""
        return self.item is None and ends_in_colon(self.paragraph.text) and text.endswith(("，", ","))
