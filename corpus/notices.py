"""Texts without articles: notices, replies, interpretations and amendments in 一、（一）1.（1）, and cases.

A marker's depth is not fixed: the order in which the forms appear nests them. Continuation paragraphs
belong to the section above and stay in its text, each on its own line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.amendments import Quotation
from corpus.document import Level, Line
from corpus.draft import Draft, Notes
from corpus.flow import breaks_off
from corpus.heads import Head, bare, heading_head, item_head, letter_head, subitem_head, top_head, trim

_DEPTH = {"#": 0, "一、": 1, "（一）": 2, "1.": 3, "（1）": 4, "1)": 5, "①": 6, "a)": 7}
_ENDS = "。；：;:！？!?，,"
_CLOSING = re.compile(
    "本(?:决定|规定|解释|办法|通知|批复|意见|修正案|安排|规则)[^。]{0,40}(?:施行|实施|生效|执行|为准)|特此|此复"
)


class SectionBuilder:
    """Feeds on lines and grows the tree of a numbered or unnumbered text without articles."""

    def __init__(self, lines: Sequence[Line], notes: Notes, *, quotation: Quotation) -> None:
        self.lines = lines
        self.notes = notes
        self.quotation = quotation
        self.top: list[Draft] = []
        self.stack: list[Draft] = []
        self.headings: list[Draft] = []
        self.counters: dict[str, int] = {}

    def build(self) -> list[Draft]:
        for index, line in enumerate(self.lines):
            text = trim(line.text)
            if line.table:
                self._table(line, text)
            elif self.quotation.holds(text, expected=self._expected(text)):
                self._plain(line, text)
            elif self._closes(index, text):
                self.stack = []
                self._plain(line, text)
            else:
                self._feed(line, text)
        return self.top

    def _closes(self, index: int, text: str) -> bool:
        """本决定自公布之日起施行。 behind the last section of sentences belongs to none of them."""
        if not self.stack or not _CLOSING.match(text):
            return False
        first = self.stack[0].text.partition("\n")[0]
        below = (trim(line.text) for line in self.lines[index + 1 :])
        return first.endswith(("。", "”", "：")) and not any(top_head(words) for words in below)

    def _expected(self, text: str) -> bool:
        head = self._head(text)
        if head is None:
            return False
        siblings = [node for node in self.stack if node.style == head.style]
        return bool(siblings) and head.number == (siblings[-1].number or 0) + 1

    @staticmethod
    def _head(text: str) -> Head | None:
        return top_head(text) or item_head(text) or subitem_head(text) or letter_head(text)

    def _feed(self, line: Line, text: str) -> None:
        chapter = heading_head(text, marked=line.heading is not None)
        if chapter is not None:
            self._open_chapter(chapter, line)
            return
        head = self._head(text)
        if head is not None and self._goes_on(head):
            self._open(Draft.headed(Level.CLAUSE, head, line))
            return
        if line.heading is not None and not text.endswith(tuple(_ENDS)):
            node = Draft.of(Level.CLAUSE, text, line)
            node.style = "#"
            self._open(node)
            return
        self._plain(line, text)

    def _goes_on(self, head: Head) -> bool:
        """A figure is a section's number when it begins a list or goes on with an open one."""
        if head.style == "一、":
            return True
        open_ones = [node for node in self.stack if node.style == head.style]
        if open_ones:
            return 0 < (head.number or 0) <= (open_ones[-1].number or 0) + 5
        return (
            head.number == 1 or head.style == "（一）" or head.number == self.counters.get(head.style, 0) + 1
        )

    def _home(self) -> list[Draft]:
        return self.headings[-1].children if self.headings else self.top

    def _open_chapter(self, head: Head, line: Line) -> None:
        order = [Level.PART, Level.SUBPART, Level.CHAPTER, Level.SECTION]
        while self.headings and order.index(self.headings[-1].level) >= order.index(head.level):
            self.headings.pop()
        node = Draft.headed(head.level, head, line)
        self._home().append(node)
        self.headings.append(node)
        self.stack = []

    def _open(self, node: Draft) -> None:
        self.counters[node.style] = node.number or 0
        depth = _DEPTH[node.style]
        while self.stack and _DEPTH[self.stack[-1].style] >= depth:
            self.stack.pop()
        if self.stack:
            self.stack[-1].add(node)
        else:
            self._home().append(node)
        self.stack.append(node)

    def _plain(self, line: Line, text: str) -> None:
        if self.stack:
            current = self.stack[-1]
            if current.children:
                self._after_table(current, line, text)
                return
            joined = self._breaks_off(current, text)
            if joined:
                self.notes.add("line_broken", "一句话断成两行，已接上", line.number)
            current.go_on(text, joined=joined)
            return
        home = self._home()
        if home and home[-1].level is Level.PREAMBLE and breaks_off(home[-1].text, text):
            home[-1].go_on(text, joined=True)
            return
        home.append(Draft.of(Level.PREAMBLE, text, line))

    @staticmethod
    def _breaks_off(node: Draft, text: str) -> bool:
        """As breaks_off; the head line of a section may be its title, which ends in a word."""
        if "\n" not in node.text and node.marker and node.text[-1:] not in "，、,（(":
            return False
        return breaks_off(node.text, text)

    def _after_table(self, current: Draft, line: Line, text: str) -> None:
        """A paragraph behind a table (a leaf's only possible child here) is a section without number."""
        last = current.children[-1]
        if last.level is Level.PREAMBLE:
            last.go_on(text, joined=breaks_off(last.text, text))
        else:
            current.add(Draft.of(Level.PREAMBLE, text, line))

    def _table(self, line: Line, text: str) -> None:
        home = self.stack[-1].children if self.stack else self._home()
        if home and home[-1].level is Level.TABLE:
            home[-1].go_on(text, joined=False)
        else:
            home.append(Draft.of(Level.TABLE, text, line))


def has_numbers(lines: Sequence[Line]) -> bool:
    """Whether any line bears a number of a notice."""
    return any(top_head(trim(line.text)) or item_head(trim(line.text)) for line in lines if bare(line.text))
