"""English questions on the five English texts beside the project, and on a small one of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.document import Edition, Level, Masthead, Provision
from corpus.library import Library
from corpus.place import Address
from corpus.structure import read_document
from retriever.english import EnglishTexts, list_text
from retriever.question import understand
from retriever.question_kinds import Kind

CASES = Path(__file__).resolve().parent.parent / "cases"


def clause(section: str, text: str, marker: str = "") -> Provision:
    return Provision(Address(section=section), Level.CLAUSE, text, marker=marker)


@pytest.fixture
def texts() -> EnglishTexts:
    made = EnglishTexts()
    rows = [
        clause("1", "The inspection team has three duties:"),
        clause("1.1", "(1) It checks the boilers every month.", "(1)"),
        clause("1.2", "(2) It reports hidden dangers at once.", "(2)"),
        clause("1.3", "(3) It trains new workers.", "(3)"),
        clause("2", "Canteens are checked by the health office.\nTheir stoves are sealed at night."),
    ]
    made.add(Edition("k", "notice.en.txt", "notice", Masthead("notice", language="en")), rows)
    made.seal()
    return made


def test_the_paragraph_that_answers_comes_first(texts: EnglishTexts) -> None:
    found = texts.search("How often are boilers checked?")
    assert found[0].passage.text.startswith("(1)")
    assert found[0].coverage > 0.6


def test_a_paragraph_of_a_section_is_found_alone(texts: EnglishTexts) -> None:
    assert (
        texts.search("What happens to stoves at night?")[0].passage.text
        == "Their stoves are sealed at night."
    )


def test_a_list_question_gets_the_list_in_order(texts: EnglishTexts) -> None:
    found = texts.list_for("What are the three duties of the inspection team?", kinds=[Kind.LIST])
    assert found
    assert [list_text(item)[:3] for item in found.items] == ["(1)", "(2)", "(3)"]
    assert texts.list_for("What are the three duties of the inspection team?", kinds=[]) is None


def test_a_question_on_something_else_is_hardly_covered(texts: EnglishTexts) -> None:
    found = texts.search("Who won the football cup?")
    assert not found or found[0].coverage < 0.3


def test_an_empty_library_answers_nothing() -> None:
    nothing = EnglishTexts()
    nothing.seal()
    assert nothing.search("anything") == []


@pytest.mark.shared
def test_facts_of_the_policies_are_found(shared: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        for path in sorted((shared / "policies").glob("*.txt")):
            library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)
        texts = EnglishTexts.of(library)
    lines = (CASES / "policy_questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [row for row in map(json.loads, lines) if row["key_facts"] and row["split"] == "dev"]
    right = 0
    for row in asked:
        question = understand(row["question"])
        listed = texts.list_for(question.plain, kinds=question.kinds)
        stated = [list_text(item) for item in listed.items] if listed else []
        stated += [found.passage.text for found in texts.search(question.plain)[:3]]
        right += all(any(fact in text for text in stated) for fact in row["key_facts"])
    assert right / len(asked) >= 0.9
