"""Duties of English texts: words of force, measures under a lead, and what is none."""

from __future__ import annotations

import pytest

from corpus.document import Level, Provision
from corpus.place import Address
from indexer.extraction import extract
from indexer.obligation import Modality, Obligation


def read(*rows: tuple[str, str]) -> tuple[Obligation, ...]:
    """Rows are (section, text); a leading (n) is the marker."""
    provisions = [Provision(Address(section=s), Level.CLAUSE, text, _marker(text)) for s, text in rows]
    return extract(provisions, title="sample.en", language="en")


def _marker(text: str) -> str:
    if text.startswith("("):
        return text[:3]
    return text[:2] if text[1:2] == ":" else ""


@pytest.mark.parametrize(
    ("text", "bearer", "modality", "action"),
    [
        (
            "All enterprises shall train their workers.",
            "All enterprises",
            Modality.MUST,
            "train their workers",
        ),
        (
            "The relevant departments must not approve it.",
            "The relevant departments",
            Modality.MUST_NOT,
            "approve it",
        ),
        (
            "It is emphasized that local governments should act at once.",
            "local governments",
            Modality.MUST,
            "act at once",
        ),
        ("Workers have the right to refuse.", "Workers", Modality.ENTITLED, "refuse"),
        (
            "Those who exceed their duties shall report.",
            "Those who exceed their duties",
            Modality.MUST,
            "report",
        ),
        ("We must not only check but also repair.", "We", Modality.MUST, "not only check but also repair"),
    ],
)
def test_words_of_force(text: str, bearer: str, modality: Modality, action: str) -> None:
    (found,) = read(("1", text))
    assert (found.bearer, found.modality, found.action, found.quote) == (bearer, modality, action, text)


@pytest.mark.parametrize(
    "text",
    [
        "There must be a good environment.",
        "Why should enterprises do this?",
        "The number of accidents continued to decline.",
        "Some measures need to be reiterated.",
        "Managing industry must manage safety.",
    ],
)
def test_sentences_that_are_no_duty(text: str) -> None:
    assert read(("1", text)) == ()


def test_imperatives_under_a_lead_are_duties_of_the_bearer_it_introduces() -> None:
    found = read(
        ("1", "The relevant departments shall perform the following responsibilities:"),
        (
            "1.1",
            "(1) Establish a list of risks. Conduct an inspection each year.\nReport accidents immediately.",
        ),
        ("1.2", "(2) If a danger exceeds the duty, it must be reported within 3 days."),
    )
    assert [(d.address.section, d.bearer, d.action) for d in found] == [
        ("1.1", "The relevant departments", "Establish a list of risks. Conduct an inspection each year"),
        ("1.1", "The relevant departments", "Report accidents immediately"),
        ("1.2", "The relevant departments", "it must be reported within 3 days"),
    ]
    assert [d.deadline for d in found] == ["each year", "immediately", "within 3 days"]
    assert found[2].condition == "If a danger exceeds the duty"


def test_a_question_and_an_unnamed_imperative_give_nothing() -> None:
    assert read(("1", "Q: What must enterprises do?"), ("1.1", "A: Strengthen the work.")) == ()
