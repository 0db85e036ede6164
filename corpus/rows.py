"""From the tree to the flat rows every later step works on: addresses, headings above, counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.document import HEADING_LEVELS, Counts, Level, Provision
from corpus.draft import Draft, Notes, provision
from corpus.place import Address

_COUNTED = {
    Level.PART: "parts",
    Level.SUBPART: "subparts",
    Level.CHAPTER: "chapters",
    Level.SECTION: "sections",
    Level.ARTICLE: "articles",
    Level.PARAGRAPH: "paragraphs",
    Level.ITEM: "items",
    Level.SUBITEM: "subitems",
}


class RowMaker:
    """Walks a tree in order and gives every provision its address; addresses are unique in a text."""

    def __init__(self, notes: Notes, *, above: tuple[str, ...] = (), annex: int | None = None) -> None:
        self.notes = notes
        self.above = above
        self.annex = annex
        self.loose = 0
        self.used: set[Address] = set()

    def rows(self, nodes: Sequence[Draft]) -> Iterator[Provision]:
        """The provisions of these top nodes, depth first."""
        yield from self._level(nodes, self.above, ())

    def _level(
        self, nodes: Sequence[Draft], headings: tuple[str, ...], path: tuple[int, ...]
    ) -> Iterator[Provision]:
        taken = 0
        for node in nodes:
            if node.level in (Level.MASTHEAD, Level.CONTENTS, Level.TEXT):
                continue
            if node.level is Level.ARTICLE:
                yield from self._article(node, headings)
            elif node.level in HEADING_LEVELS or self._is_heading_clause(node):
                yield from self._level(node.children, (*headings, node.full), ())
            elif node.level is Level.CLAUSE:
                taken = self._number(node, taken)
                yield from self._clause(node, headings, (*path, taken))
            elif path:
                taken += 1
                yield self._row(node, Address(section=_dotted((*path, taken)), annex=self.annex), headings)
            else:
                self.loose += 1
                yield self._row(node, Address(section=f"0.{self.loose}", annex=self.annex), headings)

    @staticmethod
    def _is_heading_clause(node: Draft) -> bool:
        """一、 above articles is a heading."""
        return node.level is Level.CLAUSE and any(c.level is Level.ARTICLE for c in node.children)

    def _number(self, node: Draft, taken: int) -> int:
        """The printed number when it goes up, else the next free one."""
        if node.number is not None and node.number > taken:
            return node.number
        if node.number is not None:
            self.notes.add("section_numbering", f"编号重复或倒退：{node.marker}", node.line)
        return taken + 1

    def _clause(self, node: Draft, headings: tuple[str, ...], path: tuple[int, ...]) -> Iterator[Provision]:
        address = Address(section=_dotted(path), annex=self.annex)
        while address in self.used:
            path = (*path[:-1], path[-1] + 1)
            address = Address(section=_dotted(path), annex=self.annex)
        yield self._row(node, address, headings)
        title = node.full.partition("\n")[0]
        titled = node.level is Level.CLAUSE and is_title(title) and bool(node.children)
        yield from self._level(node.children, (*headings, title) if titled else headings, path)

    def _article(self, node: Draft, headings: tuple[str, ...]) -> Iterator[Provision]:
        """The paragraphs of an article, with their items; a table takes a number behind the last 款."""
        paragraphs = sum(child.level is Level.PARAGRAPH for child in node.children)
        if not node.children:
            self.notes.add("empty_article", f"{node.marker}没有正文", node.line)
        number, table = 0, paragraphs
        for child in node.children:
            if child.level is Level.TABLE:
                table += 1
                place = table
            else:
                number += 1
                place = number
            address = Address(
                node.number, node.suffix, place, annex=self.annex, sole=paragraphs == 1 and place == 1
            )
            yield self._row(child, address, headings)
            yield from self._items(child, address, headings)

    def _items(self, paragraph: Draft, home: Address, headings: tuple[str, ...]) -> Iterator[Provision]:
        for child in paragraph.children:
            if child.level is Level.ITEM:
                address = _below(home, item=child.number)
                yield self._row(child, address, headings)
                for sub in child.children:
                    yield self._row(sub, _below(address, item=child.number, subitem=sub.number), headings)
            else:
                yield self._row(child, _below(home, subitem=child.number), headings)

    def _row(self, node: Draft, address: Address, headings: tuple[str, ...]) -> Provision:
        if address in self.used:
            self.notes.add("address_repeated", f"同一编号出现两次：{address.label}", node.line)
        self.used.add(address)
        return provision(node, address, headings)


def annex(node: Draft, notes: Notes) -> Iterator[Provision]:
    """The rows of an annex: its title, then what it holds, numbered on its own."""
    title = node.text or f"附件{node.number}"
    if node.text:
        yield provision(node, Address(annex=node.number), ())
    yield from RowMaker(notes, above=(title,), annex=node.number).rows(node.children)


def _below(home: Address, *, item: int | None = None, subitem: int | None = None) -> Address:
    return Address(
        home.article, home.article_suffix, home.paragraph, item, subitem, None, home.annex, home.sole
    )


def is_title(line: str) -> bool:
    """Whether the first line of a section is its title: short, and no sentence."""
    return len(line) <= 60 and not line.endswith(("。", "；", "：", ":", ";", "，"))


def _dotted(path: tuple[int, ...]) -> str:
    return ".".join(map(str, path))


def count(nodes: Sequence[Draft]) -> Counts:
    """How many of each level the main text has; annexes and headings without number are not counted."""
    found = dict.fromkeys(_COUNTED.values(), 0)
    for top in nodes:
        if top.level is Level.ANNEX:
            continue
        for node in top.walk():
            name = _COUNTED.get(node.level)
            if name and not (node.level in HEADING_LEVELS and node.number is None):
                found[name] += 1
    return Counts(**found)


def headings(nodes: Sequence[Draft]) -> tuple[str, ...]:
    """Every heading line in order, 编 to 节, of the main text: numbered, or marked by the format."""
    return tuple(
        node.full
        for top in nodes
        if top.level is not Level.ANNEX
        for node in top.walk()
        if node.level in HEADING_LEVELS and (node.number is not None or node.style == "#")
    )
