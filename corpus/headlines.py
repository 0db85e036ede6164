"""Which lines of a text of articles are headings: numbered, bare, or bereft of their number.

A heading that lost its number is kept as the heading it is, remarked, and not counted; where the table
of contents names it, it takes its number from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Level, Line
from corpus.flow import is_bare_title
from corpus.heads import BARE_HEADINGS, Head, article_head, bare, heading_head, item_head, top_head, trim

_ENDS = tuple("。；：;:！？!?，,")
_LOOK_AHEAD = 3


class HeadingReader:
    """Decides for each line whether it is a heading; knows the lines below and the contents above."""

    def __init__(self, lines: Sequence[Line], announced: Sequence[Head]) -> None:
        self.lines = lines
        self.texts = [trim(line.text) for line in lines]
        self.announced = {bare(head.rest): head for head in announced if head.rest}
        self.articles = [
            None if line.table else article_head(text) for text, line in zip(self.texts, lines, strict=True)
        ]
        self._numbered = [
            heading_head(text, marked=line.heading is not None)
            for text, line in zip(self.texts, lines, strict=True)
        ]

    def numbered(self, index: int) -> Head | None:
        """第二章 …, or a marked line without number (## 附则)."""
        head = self._numbered[index]
        if head is not None:
            return head
        text, marked = self.texts[index], self.lines[index].heading is not None
        top = top_head(text)
        if top is not None:
            if text.endswith(_ENDS) or len(text) > 60:
                return None
            return top if marked or self.article_follows(index) else None
        item = item_head(text)
        if item is not None and is_bare_title(item.rest) and self._between_articles(index):
            return replace(item, level=Level.CLAUSE)
        if marked and len(text) < 60 and not text.endswith(_ENDS) and item is None:
            return Head(Level.CHAPTER, None, "", text, style="#")
        return None

    def bereft(self, index: int, *, after: str, last: Head | None, fresh: bool) -> Head | None:
        """A heading without its number: a title, no sentence, right before an article or a heading.

        `after` is the text it would otherwise continue, `last` the heading above, `fresh` whether that
        stands directly above.
        """
        text = self.texts[index]
        known = self.announced.get(bare(text))
        if known is not None and self._before_head(index):
            return replace(known, marker="", gap="", rest=text)
        if bare(text) in BARE_HEADINGS and self._before_head(index):
            return Head(Level.CHAPTER, None, "", text)
        if not self._before_head(index, reach=_LOOK_AHEAD) or not is_bare_title(text):
            return None
        if fresh:
            return Head(Level.SECTION, None, "", text) if self._sections_follow(index, last) else None
        if after and after[-1] not in "。；”）)":
            return None
        level = Level.SECTION if self._section_lost(index, last) else Level.CHAPTER
        return Head(level, None, "", text)

    def _between_articles(self, index: int) -> bool:
        """Whether an article follows, and what stands above is finished: no place for a last item."""
        above = self.texts[index - 1] if index else "。"
        return self.article_follows(index) and (
            above[-1:] == "。" or self._numbered[index - 1] is not None or top_head(above) is not None
        )

    def article_follows(self, index: int) -> bool:
        """Whether the next line is an article's head."""
        return index + 1 < len(self.lines) and self.articles[index + 1] is not None

    def _before_head(self, index: int, *, reach: int = 1) -> bool:
        """Whether an article or heading follows, other bare titles between at most."""
        for row in range(index + 1, min(len(self.lines), index + 1 + reach)):
            if self.articles[row] is not None or self._numbered[row] is not None:
                return True
            if not is_bare_title(self.texts[row]):
                return False
        return False

    def _next_numbered(self, index: int) -> Head | None:
        return next((head for head in self._numbered[index + 1 :] if head is not None), None)

    def _sections_follow(self, index: int, last: Head | None) -> bool:
        """Whether the chapter whose short title stands above is divided: then this is its first section."""
        if last is None or len(last.rest) > 13 or last.rest.endswith(("、", "和", "与", "及", "的")):
            return False
        for row in range(index + 1, len(self.lines)):
            head = self._numbered[row]
            if head is not None:
                return head.level is Level.SECTION and head.number == 2
            title = is_bare_title(self.texts[row]) and bare(self.texts[row]) not in BARE_HEADINGS
            if title and self.article_follows(row):
                return True
        return False

    def _section_lost(self, index: int, last: Head | None) -> bool:
        """Whether the heading below is the section after the next one: this one in between is a section."""
        head = self._next_numbered(index)
        if last is None or head is None or last.level is not Level.SECTION:
            return False
        return head.level is Level.SECTION and head.number == (last.number or 0) + 2
