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
from corpus.headlines import HeadingReader
from corpus.heads import Head, article_head, item_head, subitem_head, top_head, trim
from corpus.listing import Listing, items_below

_RANK = {Level.PART: 0, Level.SUBPART: 1, Level.CHAPTER: 2, Level.CLAUSE: 2, Level.SECTION: 4}
_ENDS = "。；：;:！？!?"


class ArticleBuilder:
    """Feeds on lines, one after the other, and grows the tree of a text of articles."""

    def __init__(
        self,
        lines: Sequence[Line],
        notes: Notes,
        *,
        quotation: Quotation,
        announced: Sequence[Head] = (),
    ) -> None:
        self.lines = lines
        self.notes = notes
        self.quotation = quotation
        self.reader = HeadingReader(lines, announced)
        self.top: list[Draft] = []
        self.headings: list[Draft] = []
        self.article: Draft | None = None
        self.paragraph: Draft | None = None
        self.listing: Listing | None = None
        self.last = (0, 0)
        self.last_heading: Head | None = None
        self.fresh_heading = False

    def build(self) -> list[Draft]:
        for index, line in enumerate(self.lines):
            self._feed(index, line, trim(line.text))
        return self.top

    def _feed(self, index: int, line: Line, text: str) -> None:
        if line.table:
            self._table(line, text)
            return
        if self.quotation.holds(text, expected=self._is_next_article(text)) or self._is_quoted(index):
            self._quoted(line, text)
            return
        article = self.reader.articles[index]
        if article is not None and self._accepts(article, line):
            self._open_article(article, line)
            return
        heading = self.reader.numbered(index) or self._bereft(index, line)
        if heading is not None:
            self._open_heading(heading, line)
        elif self.fresh_heading and self._goes_on_heading(index, text):
            self.headings[-1].go_on(text, joined=True)
            self.notes.add("heading_wrapped", f"标题分成两行，已接上：{self.headings[-1].full}", line.number)
        else:
            self.fresh_heading = False
            self._inside(index, line, text)

    # articles -------------------------------------------------------------------------------------

    def _is_next_article(self, text: str) -> bool:
        head = article_head(text)
        return head is not None and (head.number or 0, head.suffix or 0) in self._successors()

    def _is_quoted(self, index: int) -> bool:
        """In an amendment: a heading or article of the amended text, given as a bare line."""
        if not self.quotation.amending or self.article is None:
            return False
        head = self.reader.articles[index]
        if head is not None:
            return head.strong and (head.number or 0, head.suffix or 0) not in self._successors()
        if self.reader.numbered(index) is None:
            return False
        return index + 1 < len(self.lines) and self._is_quoted(index + 1)

    def _quoted(self, line: Line, text: str) -> None:
        """A quoted line belongs to the paragraph that quotes it."""
        self.fresh_heading = False
        if self.listing is None:
            self._preamble(line, text) if self.article is None else self._open_paragraph(text, line)
            return
        self.listing.current.go_on(text, joined=False)
        if article_head(text) is not None:
            self.quotation.open()
            self.notes.add("article_quoted", f"{text[:12]}…是所引条文，不计入本文条数", line.number)

    def _successors(self) -> tuple[tuple[int, int], ...]:
        number, suffix = self.last
        return ((number + 1, 0), (number, suffix + 1))

    def _accepts(self, head: Head, line: Line) -> bool:
        """A head is an article when its number goes on; a repeated or falling number is only remarked."""
        here = (head.number or 0, head.suffix or 0)
        if here in self._successors():
            return True
        if self.last == (0, 0) or not head.strong:
            return head.strong
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
        self.article, self.paragraph, self.listing = article, None, None
        self.last = (head.number or 0, head.suffix or 0)
        self.fresh_heading = False
        if words:
            self._first_words(words, line)

    def _first_words(self, words: str, line: Line) -> None:
        head = item_head(words)
        if head is not None and head.number == 1:
            self._open_paragraph("", line).open_item(head, line)
            return
        self._open_paragraph(words, line)

    # headings -------------------------------------------------------------------------------------

    def _home(self) -> list[Draft]:
        return self.headings[-1].children if self.headings else self.top

    def _bereft(self, index: int, line: Line) -> Head | None:
        after = self.listing.current.text if self.listing else ""
        if breaks_off(after, self.reader.texts[index]) and after[-1:] in "，、,":
            return None
        head = self.reader.bereft(
            index, after=after, last=self.last_heading, fresh=self.fresh_heading and self.article is None
        )
        if head is not None:
            self.notes.add("heading_number_lost", f"标题没有编号：{head.rest}", line.number)
        return head

    def _open_heading(self, head: Head, line: Line) -> None:
        rank = _rank(head)
        while self.headings and _rank(self.headings[-1]) >= rank:
            self.headings.pop()
        node = Draft.headed(head.level, head, line)
        self._home().append(node)
        self.headings.append(node)
        self.article = self.paragraph = self.listing = None
        self.last_heading = head if head.number is not None else self.last_heading
        self.fresh_heading = head.level in HEADING_LEVELS

    def _goes_on_heading(self, index: int, text: str) -> bool:
        """A heading wrapped on two lines: a short line, no sentence, right before an article or heading."""
        if len(text) > 40 or text.endswith(tuple(_ENDS)) or index + 1 >= len(self.lines):
            return False
        return self.reader.articles[index + 1] is not None or self.reader.numbered(index + 1) is not None

    # inside an article ----------------------------------------------------------------------------

    def _inside(self, index: int, line: Line, text: str) -> None:
        head = self._item(text) if self.article is not None else None
        if head is not None:
            (self.listing or self._open_paragraph("", line)).open_item(head, line)
            return
        lower = subitem_head(text) if self.listing is not None else None
        if self.listing is not None and lower is not None and self.listing.takes_subitem(lower):
            self.listing.open_subitem(lower, line)
        elif self.listing is not None and lower is not None and self.listing.holds_inner_list(lower):
            self.listing.current.go_on(text, joined=False)
        else:
            self._plain(index, line, text)

    def _item(self, text: str) -> Head | None:
        """（一）, and 一、 under a lead: the items of older statutes, which may hold （一） in turn."""
        head = item_head(text)
        if head is not None:
            if self.listing is not None and self.listing.style == "一、":
                self.listing.nested = True
            return head
        top = top_head(text)
        if top is None or self.listing is None:
            return None
        if self.listing.style == "一、" and top.number == self.listing.number + 1:
            return top
        lead = self.paragraph.text if self.paragraph else ""
        return top if not self.listing.style and top.number == 1 and is_lead(lead) else None

    def _open_paragraph(self, text: str, line: Line) -> Listing:
        assert self.article is not None
        number = 1 + sum(1 for child in self.article.children if child.level is Level.PARAGRAPH)
        self.paragraph = self.article.add(Draft.of(Level.PARAGRAPH, text, line, number=number))
        self.listing = Listing(self.paragraph, self.notes)
        return self.listing

    def _plain(self, index: int, line: Line, text: str) -> None:
        if self.article is None:
            self._preamble(line, text)
            return
        if self.listing is None:
            self._open_paragraph(text, line)
            return
        current = self.listing.current
        if breaks_off(current.text, text) or self.listing.lists_with(text):
            current.go_on(text, joined=True)
            self.notes.add("line_broken", "一句话断成两行，已接上", line.number)
            return
        below = items_below(self.lines, index, style=self.listing.style)
        if self.listing.goes_on(below):
            current.go_on(text, joined=False)
            self.notes.add("item_continued", f"{current.marker or '上项'}中有未编号的续段", line.number)
        elif self.listing.lost_number(below):
            self.listing.open_unnumbered(text, line)
        else:
            self._open_paragraph(text, line)

    def _preamble(self, line: Line, text: str) -> None:
        home = self._home()
        if home and home[-1].level is Level.PREAMBLE and breaks_off(home[-1].text, text):
            home[-1].go_on(text, joined=True)
            self.notes.add("line_broken", "一句话断成两行，已接上", line.number)
            return
        home.append(Draft.of(Level.PREAMBLE, text, line))

    def _table(self, line: Line, text: str) -> None:
        home = self.article.children if self.article is not None else self._home()
        self.listing, self.fresh_heading = None, False
        if home and home[-1].level is Level.TABLE:
            home[-1].go_on(text, joined=False)
            return
        home.append(Draft.of(Level.TABLE, text, line))


def _rank(head: Head | Draft) -> int:
    """The rank of a heading, 编 highest; （一） above articles stands below 一、."""
    return 3 if head.level is Level.CLAUSE and head.style == "（一）" else _RANK[head.level]
