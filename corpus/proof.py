"""What can be proved of a parse: nothing lost, articles 1..N, chapters as the contents say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.document import Document, Level, Line, Node, Remark
from corpus.heads import bare


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
    out: list[Remark] = []
    before, after = lines_text(lines), tree_text(document.nodes)
    if before != after:
        out.append(Remark("characters", f"字符数不一致：原文{len(before)}字，解析后{len(after)}字", None))
    out.extend(_articles(document))
    return tuple(out)


def _articles(document: Document) -> Iterator[Remark]:
    numbers = [
        node.number or 0
        for top in document.nodes
        if top.level is not Level.ANNEX
        for node in _walk(top)
        if node.level is Level.ARTICLE and node.suffix is None
    ]
    if not numbers:
        return
    if numbers[0] != 1:
        yield Remark("first_article", f"条号从第{numbers[0]}条开始", None)
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        yield Remark("article_sequence", "条号没有从头到尾连续", None)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)
