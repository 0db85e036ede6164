"""What can be proved of a parse: nothing lost, articles 1..N, chapters as the contents say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.contents import announced_by
from corpus.document import HEADING_LEVELS, Document, Level, Line, Node, Remark
from corpus.heads import bare

UNPROVED = frozenset(
    (
        "no_text",
        "page_damaged",
        "characters",
        "first_article",
        "article_sequence",
        "chapter_sequence",
        "contents_differ",
    )
)
"""Codes of the remarks a failed proof leaves; what a library shows as not proved."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome of each check; None where a text gives nothing to check."""

    characters: bool
    articles: bool | None
    chapters: bool | None
    contents: bool | None

    @property
    def whole(self) -> bool:
        return False not in (self.characters, self.articles, self.chapters, self.contents)


def tree_text(nodes: Sequence[Node]) -> str:
    """Every word of the tree in order, layout left out."""
    return "".join(_words(nodes))


def _words(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        yield bare(node.marker)
        yield bare(node.text)
        yield from _words(node.children)


def lines_text(lines: Sequence[Line]) -> str:
    """Every word of the lines in order, layout left out."""
    return "".join(bare(line.text) for line in lines)


def remarks(lines: Sequence[Line], document: Document) -> tuple[Remark, ...]:
    """The remarks of the proof; empty when everything proved."""
    return tuple(
        remark
        for check in (
            _text(document),
            _characters(lines, document),
            _articles(document),
            _chapters(document),
            _contents(document),
        )
        for remark in check
    )


def of(document: Document) -> Proof:
    """The proof as its remarks tell it."""
    codes = {remark.code for remark in document.remarks}
    levels = {node.level for node in document.walk()}
    return Proof(
        characters="characters" not in codes,
        articles=not codes & {"first_article", "article_sequence"} if Level.ARTICLE in levels else None,
        chapters="chapter_sequence" not in codes if Level.CHAPTER in levels else None,
        contents="contents_differ" not in codes if Level.CONTENTS in levels else None,
    )


def _text(document: Document) -> Iterator[Remark]:
    if not document.provisions:
        yield Remark("no_text", "只有标题和日期，没有正文", None)


def _characters(lines: Sequence[Line], document: Document) -> Iterator[Remark]:
    before, after = lines_text(lines), tree_text(document.nodes)
    if before != after:
        yield Remark("characters", f"字符数不一致：原文{len(before)}字，解析后{len(after)}字", None)


def _main(document: Document) -> Iterator[Node]:
    for top in document.nodes:
        if top.level is not Level.ANNEX:
            yield from _walk(top)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _articles(document: Document) -> Iterator[Remark]:
    numbers = [n.number or 0 for n in _main(document) if n.level is Level.ARTICLE and n.suffix is None]
    if not numbers:
        return
    if numbers[0] != 1:
        yield Remark("first_article", f"条号从第{numbers[0]}条开始", None)
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        yield Remark("article_sequence", "条号没有从头到尾连续", None)


def _chapters(document: Document) -> Iterator[Remark]:
    """Chapters run on, from 1 in the text or in each 编."""
    last = 0
    for node in _main(document):
        if node.level in (Level.PART, Level.SUBPART):
            last = -1 if last else 0
        if node.level is not Level.CHAPTER or node.number is None:
            continue
        allowed = (1,) if last == 0 else (1, last + 1) if last < 0 else (last + 1,)
        if node.number not in allowed and last >= 0:
            lost = max(last, 0) + 1
            yield Remark("chapter_sequence", f"章号不连续：应为第{lost}章，原文为{node.marker}", node.line)
        last = node.number


def _contents(document: Document) -> Iterator[Remark]:
    """The headings announced are the headings found, in order, numbers and titles."""
    announced = [
        (head.level, head.number, bare(head.rest))
        for node in document.nodes
        if node.level is Level.CONTENTS
        for head in announced_by(node.text)
    ]
    if not announced:
        return
    levels = {level for level, _, _ in announced}
    found = [
        (node.level, node.number, bare(node.text))
        for node in _main(document)
        if node.level in HEADING_LEVELS and node.level in levels and node.number is not None
    ]
    missing = [entry for entry in announced if entry not in found]
    extra = [entry for entry in found if entry not in announced]
    if missing or extra:
        title = (missing or extra)[0][2]
        yield Remark("contents_differ", f"目录与正文的标题不一致，例如“{title}”", None)
