"""Texts of articles: 编/分编/章/节 over 条, 条 over 款/项/目.

Counting follows the house convention: a 款 is a paragraph of an article that is no item; a lead with its
items is one 款; a paragraph after the items is the next 款, unless the items go on after it.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.amendments import Quotation
from corpus.document import HEADING_LEVELS, Level, Line
from corpus.draft import Draft, Notes
from corpus.flow import breaks_off, is_lead
from corpus.heads import (
    BARE_HEADINGS,
    Head,
    article_head,
    bare,
    heading_head,
    item_head,
    subitem_head,
    top_head,
    trim,
)

_RANK = {Level.PART: 0, Level.SUBPART: 1, Level.CHAPTER: 2, Level.CLAUSE: 2, Level.SECTION: 3}
_ENDS = "。；：;:！？!?"


class ArticleBuilder:
    """Feeds on lines, one after the other, and grows the tree of a text of articles."""

    def __init__(self, lines: Sequence[Line], notes: Notes, *, quotation: Quotation) -> None:
        self.lines = lines
        self.notes = notes
        self.quotation = quotation
        self.top: list[Draft] = []
        self.headings: list[Draft] = []
        self.article: Draft | None = None
        self.paragraph: Draft | None = None
        self.item: Draft | None = None
        self.subitem: Draft | None = None
        self.last = (0, 0)
        self.fresh_heading = False

    def build(self) -> list[Draft]:
        for index, line in enumerate(self.lines):
            self._feed(index, line, trim(line.text))
        return self.top

    def _feed(self, index: int, line: Line, text: str) -> None:
        if line.table:
            self._table(line, text)
            return
        if self.quotation.holds(text, expected=self._is_next_article(text)):
            self._plain(index, line, text)
            return
        article = article_head(text)
        if article is not None and self._accepts(article, line):
            self._open_article(article, line)
            return
        heading = self._heading(index, line, text)
        if heading is not None:
            self._open_heading(heading, line)
            return
        if self.fresh_heading and self._goes_on_heading(index, text):
            self.headings[-1].go_on(text, joined=True)
            self.notes.add("heading_wrapped", f"标题分成两行，已接上：{self.headings[-1].full}", line.number)
            self.fresh_heading = False
            return
        self.fresh_heading = False
        self._inside(index, line, text)

    # articles -------------------------------------------------------------------------------------

    def _is_next_article(self, text: str) -> bool:
        head = article_head(text)
        return head is not None and (head.number or 0, head.suffix or 0) in self._successors()

    def _successors(self) -> tuple[tuple[int, int], ...]:
        number, suffix = self.last
        return ((number + 1, 0), (number, suffix + 1))

    def _accepts(self, head: Head, line: Line) -> bool:
        """A head is an article when its number goes on; a repeated or falling number is only remarked."""
        here = (head.number or 0, head.suffix or 0)
        if here in self._successors() or self.last == (0, 0):
            return head.strong or here[0] <= 1 or here in self._successors()
        if not head.strong:
            return False
        if here <= self.last:
            self.notes.add("article_out_of_order", f"{head.marker}的编号与前文重复或倒退", line.number)
        elif here[1] == 0 or here[0] != self.last[0]:
            self._remark_gap(here[0], line)
        return True

    def _remark_gap(self, number: int, line: Line) -> None:
        low, high = self.last[0] + 1, number - 1
        if low <= high:
            lost = f"第{low}条" if low == high else f"第{low}条至第{high}条"
            self.notes.add("article_missing", f"条号不连续：缺{lost}", line.number)

    def _open_article(self, head: Head, line: Line) -> None:
        if head.damaged:
            self.notes.add("damaged_head", f"条号有误（{head.damaged}）：{head.marker}", line.number)
        elif not head.strong:
            self.notes.add("no_space_after_head", f"{head.marker}后没有空格", line.number)
        article = Draft.headed(Level.ARTICLE, head, line)
        words, article.text = article.text, ""
        self._home().append(article)
        self.article, self.paragraph, self.item, self.subitem = article, None, None, None
        self.last = (head.number or 0, head.suffix or 0)
        self.fresh_heading = False
        if words:
            self._first_words(words, line)

    def _first_words(self, words: str, line: Line) -> None:
        head = item_head(words)
        if head is not None and head.number == 1:
            self._open_paragraph("", line)
            self._open_item(head, line)
            return
        self._open_paragraph(words, line)

    # headings -------------------------------------------------------------------------------------

    def _home(self) -> list[Draft]:
        return self.headings[-1].children if self.headings else self.top

    def _heading(self, index: int, line: Line, text: str) -> Head | None:
        head = heading_head(text, marked=line.heading is not None)
        if head is not None:
            return head
        key = bare(text)
        if key in BARE_HEADINGS and (line.heading is not None or self._article_follows(index)):
            return Head(Level.CHAPTER, None, "", text)
        top = top_head(text)
        if top is not None and not text.endswith(tuple(_ENDS)):
            if self._article_follows(index) and len(text) < 60:
                return top
            if line.heading is not None and self.article is None:
                return top
        if line.heading is not None and self._article_follows(index) and len(text) < 60:
            return Head(Level.CHAPTER, None, "", text)
        return None

    def _article_follows(self, index: int) -> bool:
        if index + 1 >= len(self.lines):
            return False
        head = article_head(trim(self.lines[index + 1].text))
        return head is not None and (head.strong or (head.number or 0) == self.last[0] + 1)

    def _open_heading(self, head: Head, line: Line) -> None:
        rank = _RANK[head.level]
        while self.headings and _RANK[self.headings[-1].level] >= rank:
            self.headings.pop()
        node = Draft.headed(head.level, head, line)
        self._home().append(node)
        self.headings.append(node)
        self.article = self.paragraph = self.item = self.subitem = None
        self.fresh_heading = head.level in HEADING_LEVELS

    def _goes_on_heading(self, index: int, text: str) -> bool:
        """A heading wrapped on two lines: a short line, no sentence, right before an article or section."""
        if len(text) > 40 or text.endswith(tuple(_ENDS)) or "，" in text:
            return False
        following = index + 1
        if following >= len(self.lines):
            return False
        words = trim(self.lines[following].text)
        return article_head(words) is not None or heading_head(words) is not None

    # inside an article ----------------------------------------------------------------------------

    def _inside(self, index: int, line: Line, text: str) -> None:
        item = item_head(text)
        if item is not None and self.article is not None:
            self._open_item(item, line)
            return
        lower = subitem_head(text)
        if lower is not None and self.paragraph is not None and self._is_subitem(lower):
            self._open_subitem(lower, line)
            return
        top = top_head(text)
        if top is not None and self._is_old_item(top):
            self._open_item(top, line)
            return
        self._plain(index, line, text)

    def _is_subitem(self, head: Head) -> bool:
        """A figure opens a 目 when it begins a list or goes on with one."""
        siblings = self._subitem_home().children
        before = [child.number for child in siblings if child.level is Level.SUBITEM]
        if not before:
            return head.number == 1
        return head.number is not None and head.number <= (before[-1] or 0) + 3

    def _is_old_item(self, head: Head) -> bool:
        """一、 under an article's lead: the items of older statutes."""
        if self.paragraph is None:
            return False
        items = [child for child in self.paragraph.children if child.level is Level.ITEM]
        if not items:
            return head.number == 1 and is_lead(self.paragraph.text)
        return items[-1].style == head.style and head.number == (items[-1].number or 0) + 1

    def _open_item(self, head: Head, line: Line) -> None:
        if head.damaged:
            self.notes.add("mixed_brackets", f"{head.marker}{head.damaged}", line.number)
        if self.paragraph is None:
            self._open_paragraph("", line)
        assert self.paragraph is not None
        before = [child.number or 0 for child in self.paragraph.children if child.level is Level.ITEM]
        expected = before[-1] + 1 if before else 1
        if head.number != expected:
            self.notes.add(
                "item_numbering", f"项号不连续：应为第{expected}项，原文为{head.marker}", line.number
            )
        self.item = self.paragraph.add(Draft.headed(Level.ITEM, head, line))
        self.subitem = None

    def _subitem_home(self) -> Draft:
        home = self.item or self.paragraph
        assert home is not None
        return home

    def _open_subitem(self, head: Head, line: Line) -> None:
        self.subitem = self._subitem_home().add(Draft.headed(Level.SUBITEM, head, line))

    def _open_paragraph(self, text: str, line: Line) -> None:
        assert self.article is not None
        number = 1 + sum(1 for child in self.article.children if child.level is Level.PARAGRAPH)
        self.paragraph = self.article.add(Draft.of(Level.PARAGRAPH, text, line, number=number))
        self.item = self.subitem = None

    def _plain(self, index: int, line: Line, text: str) -> None:
        if self.article is None:
            self._preamble(line, text)
            return
        current = self.subitem or self.item or self.paragraph
        if current is None:
            self._open_paragraph(text, line)
            return
        if breaks_off(current.text, text):
            current.go_on(text, joined=True)
            self.notes.add("line_broken", "一句话断成两行，已接上", line.number)
        elif self.item is not None and self._items_go_on(index):
            current.go_on(text, joined=False)
            self.notes.add("item_continued", f"{self.item.marker}中有未编号的续段", line.number)
        else:
            self._open_paragraph(text, line)

    def _items_go_on(self, index: int) -> bool:
        """Whether the list goes on behind this paragraph with the number that comes next."""
        assert self.item is not None
        wanted = (self.item.number or 0) + 1
        for line in self.lines[index + 1 :]:
            text = trim(line.text)
            if article_head(text) is not None or heading_head(text) is not None:
                return False
            head = top_head(text) if self.item.style == "一、" else item_head(text)
            if head is not None:
                return head.number == wanted
        return False

    def _preamble(self, line: Line, text: str) -> None:
        home = self._home()
        if home and home[-1].level is Level.PREAMBLE and breaks_off(home[-1].text, text):
            home[-1].go_on(text, joined=True)
            self.notes.add("line_broken", "一句话断成两行，已接上", line.number)
            return
        home.append(Draft.of(Level.PREAMBLE, text, line))

    def _table(self, line: Line, text: str) -> None:
        home = self.article.children if self.article is not None else self._home()
        if home and home[-1].level is Level.TABLE:
            home[-1].go_on(text, joined=False)
            return
        home.append(Draft.of(Level.TABLE, text, line))
