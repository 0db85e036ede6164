"""An answer as a sheet of paper: the question, the words of the provisions with their places, what to heed.

    write(answer, path, library, on="2026-11-22")

Every quotation stands in the form that `zeren check` reads: 《…》第…条规定：“…”.
"""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library
from generator import paper
from generator.blocks import Block, Heading, Paper, Paragraph, Run, Title
from generator.citation_style import STATUS_WORDS
from retriever.hit import Hit
from retriever.stated import Answer, Statement

NEAREST = 5
TITLE = "条文答复单"
_END = "以上文字均为库存文本的原文，由程序逐字摘出；“提示”为程序所加，不是条文。"


def write(answer: Answer, path: Path, library: Library, *, on: str) -> Path:
    """Writes the sheet of an answer as .docx and returns its path."""
    return paper.typeset(sheet(answer, library, on=on), path)


def sheet(answer: Answer, library: Library, *, on: str) -> Paper:
    """The sheet of an answer; where nothing answers, it says so and lists what is nearest."""
    blocks: list[Block] = [
        Title(TITLE),
        Paragraph((Run("问题：", "strong"), Run(answer.question.text.strip()))),
        Paragraph((Run("依据日期：", "strong"), Run(on))),
    ]
    if answer.found:
        blocks.append(Heading("一、条文原文", 1))
        for number, statement in enumerate(answer.statements, 1):
            blocks += _statement(number, statement, library)
    else:
        blocks.append(Heading("一、没有找到能够回答的条文", 1))
        blocks.append(Paragraph.of(answer.reason or "库里没有能够回答的条文。"))
        blocks += _nearest(answer.hits[:NEAREST])
    if notes := getattr(answer, "notes", ()):
        blocks.append(Heading("二、提示", 1))
        blocks += [Paragraph((Run(note.sentence, "advice"),)) for note in notes]
    blocks.append(Paragraph((Run(_END, "advice"),)))
    return Paper(tuple(blocks), TITLE, keywords=("条文", "答复"))


def _statement(number: int, statement: Statement, library: Library) -> list[Block]:
    place = statement.place
    first, *rest = statement.text.split("\n")
    last = "”" if not rest else ""
    blocks: list[Block] = [
        Paragraph((Run(f"{number}.{place.citation}规定：“"), Run(first, "law"), Run(last)))
    ]
    for at, line in enumerate(rest, 1):
        blocks.append(Paragraph((Run(line, "law"), Run("”" if at == len(rest) else ""))))
    masthead = library.edition(statement.key).masthead
    facts = (
        f"版本 {place.version}" if place.version else "版本不明",
        STATUS_WORDS[place.status],
        masthead.kind,
        masthead.number or "",
        " ".join(place.headings[-1:]),
    )
    blocks.append(Paragraph.of(f"（{'；'.join(filter(None, facts))}）"))
    return blocks


def _nearest(hits: tuple[Hit, ...]) -> list[Block]:
    if not hits:
        return []
    blocks: list[Block] = [Heading("最接近的条文（不构成答复）", 2)]
    for number, hit in enumerate(hits, 1):
        words = f"{number}.{hit.place.citation}（{STATUS_WORDS[hit.place.status]}）"
        blocks.append(Paragraph.of(words))
    return blocks
