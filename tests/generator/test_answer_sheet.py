"""The answer sheet: verbatim lines with their places, and the citation check finds nothing wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document

from generator import answer_sheet
from generator.citation_check import Verdict, check
from indexer.build import build_index
from indexer.intake import STARTER, take_in
from retriever.answer import Desk
from retriever.search import Retriever

ON = "2026-11-22"
QUESTIONS = (
    "望川市安全生产条例第十一条",
    "有限空间作业前要做什么？",
    "望川市消防安全管理规定第五条",
    "谁负责消防安全管理？",
    "主要负责人有哪些安全生产职责？",
    "危险化学品怎么储存？",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    data = tmp_path_factory.mktemp("sheet")
    take_in(data, [STARTER], workers=1)
    build_index(data)
    retriever = Retriever.open(data)
    yield Desk.open(retriever)
    retriever.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_check_finds_every_quotation_right(desk: Desk, tmp_path: Path, question: str) -> None:
    library = desk.searcher.library
    answer = desk.ask(question, on=ON)
    assert answer.found
    path = answer_sheet.write(answer, tmp_path / "sheet.docx", library, on=ON)
    report = check(path, library, on=ON)
    quoted = [finding for finding in report.findings if finding.quote]
    assert len(quoted) >= len(answer.statements)
    waiting = {
        statement.place.title for statement in answer.statements if statement.place.status == "not_yet"
    }
    for finding in report.findings:
        late = any(title in finding.mention.text for title in waiting)
        assert finding.verdict is (Verdict.NOT_YET_IN_FORCE if late else Verdict.MATCH)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_statement_stands_verbatim_with_its_place(desk: Desk, tmp_path: Path, question: str) -> None:
    answer = desk.ask(question, on=ON)
    path = answer_sheet.write(answer, tmp_path / "sheet.docx", desk.searcher.library, on=ON)
    text = "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    assert question in text
    for statement in answer.statements:
        assert statement.text in text
        assert statement.place.citation in text
        assert f"版本 {statement.place.version}" in text
    for note in answer.notes:
        assert note.sentence in text


def test_what_is_not_found_is_said_with_what_is_nearest(desk: Desk, tmp_path: Path) -> None:
    answer = desk.ask("今天望川市的猪肉多少钱一斤？", on=ON)
    assert not answer.found
    path = answer_sheet.write(answer, tmp_path / "sheet.docx", desk.searcher.library, on=ON)
    text = "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    assert "没有找到能够回答的条文" in text
    assert answer.reason
    assert answer.reason in text
    assert "规定：“" not in text


def test_the_same_answer_gives_the_same_paper(desk: Desk) -> None:
    answer = desk.ask(QUESTIONS[0], on=ON)
    library = desk.searcher.library
    assert answer_sheet.sheet(answer, library, on=ON) == answer_sheet.sheet(answer, library, on=ON)
