"""Lines become a Document: the total parser.

It never refuses text. A line no rule knows becomes text of the place it stands in; what looks wrong is
remarked; every character that is not layout is in the tree (see proof.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus import annexes, contents, english, promulgation, proof, rows
from corpus.amendments import Quotation
from corpus.articles import ArticleBuilder
from corpus.document import Document, Level, Line, Masthead, Provision
from corpus.draft import Draft, Notes
from corpus.heads import Head, article_head, is_blank, top_head, trim
from corpus.notices import SectionBuilder
from corpus.reading import read
from corpus.repair import split_glued


def read_document(path: Path, *, source: str) -> Document:
    """Reads and parses one file. `source` is its path relative to the folder given to add.

    Raises InputRefused where the file cannot be read.
    """
    reading = read(path)
    folder = source.replace("\\", "/").rpartition("/")[0]
    document = parse(reading.lines, name=path.name, folder=folder)
    return replace(document, remarks=(*reading.remarks, *document.remarks))


def parse(
    lines: Sequence[Line],
    *,
    name: str,
    folder: str = "",
    kind: str | None = None,
    region: str | None = None,
    effective: str | None = None,
) -> Document:
    """The document of some lines.

    `name` is the file's name, `folder` the folder it lay in: hints for kind, region and version, never
    facts. `kind`, `region` and `effective` overrule what the text says. Never raises on text.
    """
    notes = Notes()
    kept = [line for line in lines if not is_blank(line.text)]
    head, body = promulgation.split(kept, name=name)
    masthead = promulgation.read(head, body, name=name, folder=folder)
    tree = _tree(head, body, masthead, notes)
    masthead = promulgation.signed(masthead, [node.text for node in tree if node.level is Level.TEXT])
    provisions = tuple(_provisions(tree, masthead, head, notes))
    masthead = promulgation.complete(
        masthead, head, provisions, name=name, kind=kind, region=region, effective=effective, notes=notes
    )
    nodes = tuple(node.freeze() for node in tree)
    document = Document(
        masthead, nodes, provisions, rows.headings(tree), rows.count(tree), tuple(notes.remarks)
    )
    return replace(document, remarks=(*document.remarks, *proof.remarks(kept, document)))


def _tree(head: Sequence[Line], body: Sequence[Line], masthead: Masthead, notes: Notes) -> list[Draft]:
    tree = [Draft.of(Level.MASTHEAD, trim(line.text), line) for line in head]
    if masthead.language == "en":
        return tree + english.build(body, notes)
    listed = contents.find(body)
    if listed.ghosts:
        notes.add("contents_as_headings", f"目录中的{listed.ghosts}行被标成了标题，不计入章节")
    first = min(listed.indices, default=0)
    tree += [Draft.of(Level.PREAMBLE, trim(line.text), line) for line in body[:first]]
    tree += [
        Draft.of(Level.CONTENTS, trim(body[index].text), body[index]) for index in sorted(listed.indices)
    ]
    rest = list(body[first + len(listed.indices) :])
    rest = split_glued(rest, notes)
    stop = annexes.ending(rest)
    rest, printed = rest[:stop], rest[stop:]
    annexed = annexes.find(rest)
    if annexed.untitled:
        notes.add("annex_untitled", "最后一条之后另有内容，按附件处理", rest[annexed.starts[0]].number)
    signed = annexes.signature(rest[: annexed.end])
    tree += _text(rest[:signed], masthead, notes, announced=listed.announced)
    tree += [Draft.of(Level.TEXT, trim(line.text), line) for line in rest[signed : annexed.end]]
    ends = [*annexed.starts, len(rest)]
    tree += [Draft.of(Level.TEXT, trim(line.text), line) for line in rest[annexed.end : ends[0]]]
    for number, (start, stop) in enumerate(zip(annexed.starts, ends[1:], strict=True), 1):
        tree.append(_annex(rest[start:stop], number, masthead, notes))
    return tree + [Draft.of(Level.TEXT, trim(line.text), line) for line in printed]


def _text(
    lines: Sequence[Line], masthead: Masthead, notes: Notes, *, announced: Sequence[Head] = ()
) -> list[Draft]:
    texts = [trim(line.text) for line in lines]
    quotation = Quotation.of(masthead.title, texts)
    if _has_articles(lines, amending=quotation.amending):
        return ArticleBuilder(lines, notes, quotation=quotation, announced=announced).build()
    return SectionBuilder(lines, notes, quotation=quotation).build()


_CASE = re.compile("(?:基本|简要)?案情(?:回顾)?$|裁判(?:结果|要旨|要点|理由)$|典型意义$|案例分析$")


def _has_articles(lines: Sequence[Line], *, amending: bool) -> bool:
    """A text of articles has a head at a line's front that is no quotation.

    A case quotes a few articles between its own headings; an amendment quotes them among its items.
    """
    texts = [trim(line.text) for line in lines if not line.table]
    heads = [head for head in map(article_head, texts) if head is not None]
    if any(_CASE.match(trim(line.text)) for line in lines if line.heading is not None):
        return False
    strong = sum(1 for head in heads if head.strong)
    if amending:
        return strong > sum(1 for text in texts if top_head(text) is not None)
    return strong > 0 or any(head.number == 1 for head in heads)


def _annex(lines: Sequence[Line], number: int, masthead: Masthead, notes: Notes) -> Draft:
    first = lines[0]
    titled = annexes.is_titled(first.text) or annexes.is_plain_title(first)
    annex = Draft.of(Level.ANNEX, trim(first.text) if titled else "", first, number=number)
    for child in _text(lines[1:] if titled else lines, masthead, notes):
        annex.add(child)
    return annex


def _provisions(
    tree: Sequence[Draft], masthead: Masthead, head: Sequence[Line], notes: Notes
) -> list[Provision]:
    above = promulgation.part_title(masthead, head)
    main = rows.RowMaker(notes, above=above)
    out = list(main.rows([node for node in tree if node.level is not Level.ANNEX]))
    for node in tree:
        if node.level is Level.ANNEX:
            out.extend(rows.annex(node, notes))
    return out
