"""From the fields of a form to a draft letter: one road for the terminal and the page.

The law of each finding, the provisions of each measure, our suggestions and the term of a reply are put to
the user's fields; every fault is named before anything is looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from corpus.library import Library
from corpus.place import Address
from corpus.recommendation import Recommendation
from generator.letter import Letter, prepare
from generator.letter_advice import Obligations
from generator.letter_basis import Propose, findings_with_law
from generator.letter_days import with_iso_days
from generator.letter_faults import find_faults, refuse
from generator.letter_kind import find_kind
from generator.letter_paper import compose
from generator.letterhead import fill
from generator.paper import typeset
from generator.reply import ReplyTerm, complete, reply_term
from generator.reply_basis import Search, with_provisions
from indexer.obligation import Obligation
from indexer.register import Register
from retriever import basis
from retriever.search import Retriever


@dataclass(frozen=True, slots=True)
class Sources:
    """Where law comes from: without a library nothing is proposed and a citation cannot be verified.

    `propose` finds the provisions a finding breaches, `search` those a measure may rest on, `obligations`
    what a provision demands.
    """

    library: Library | None = None
    propose: Propose | None = None
    search: Search | None = None
    obligations: Obligations | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter ready for paper, the term of a reply, and what the user should be told."""

    letter: Letter
    term: ReplyTerm | None
    notes: tuple[str, ...]


def sources(grounds: basis.Grounds, retriever: Retriever | None, *, on: str) -> Sources:
    """The sources of a data folder opened once, as of a day; only a reply needs the `retriever`."""

    @cache
    def propose(text: str, industry: str | None, region: str | None) -> basis.Basis:
        return basis.find(grounds, text, industry=industry, region=region, on=on)

    search = None if retriever is None else _search(retriever, on)
    return Sources(grounds.library, propose, search, obligations_of(grounds.register))


def _search(retriever: Retriever, on: str) -> Search:
    def search(text: str) -> tuple[tuple[str, Any, float], ...]:
        hits = retriever.search(text, k=1, on=on)
        found = [(hit, retriever.library.by_source(hit.place.source)) for hit in hits]
        return tuple((edition.key, hit.place, hit.score) for hit, edition in found if edition)

    return search


def obligations_of(register: Register) -> Obligations:
    """The obligations of a provision and of what stands below it, read text by text and kept."""

    @cache
    def of_text(key: str) -> tuple[Obligation, ...]:
        number = register.numbers.get(key)
        if number is None:
            return ()
        rows = register.rows_of_texts([number])
        return tuple(held.obligation for held in register.duties(row[0] for row in rows).values())

    def find(key: str, address: Address) -> tuple[Obligation, ...]:
        return tuple(one for one in of_text(key) if _within(one.address, address))

    return find


def _within(one: Address, whole: Address) -> bool:
    at: Address | None = one
    while at is not None:
        if at == whole:
            return True
        at = at.up()
    return False


def draft(
    kind_name: str,
    fields: Mapping[str, Any],
    sources: Sources,
    *,
    read: Recommendation | None = None,
    on: str | None = None,
) -> Draft:
    """The draft of a letter of that kind. Raises InputRefused naming the first thing that is wrong.

    `read` is the recommendation a reply answers: its rows are then answered one to one, in order.
    """
    kind = find_kind(kind_name)
    told = complete(dict(fields), read) if read else dict(fields)
    refuse(find_faults(kind, told, on=on))
    told = with_iso_days(told)
    day = on or str(told.get("成文日期") or "") or date.today().isoformat()
    told = with_provisions(told, sources.library, sources.search, sources.obligations, on=day)
    findings = findings_with_law(
        told, library=sources.library, propose=sources.propose, on=day, obligations=sources.obligations
    )
    letter = prepare(kind, told, findings, on=day)
    term = reply_term(letter, read)
    return Draft(letter, term, (*letter.warnings, *(term.notes if term else ())))


def write(made: Draft, path: Path, *, letterhead: Path | None = None) -> Path:
    """The draft as .docx, on the office's own letterhead where one is given."""
    if letterhead is not None:
        return fill(letterhead, made.letter, path)
    return typeset(compose(made.letter), path)
