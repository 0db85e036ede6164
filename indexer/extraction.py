"""Obligations of a text: rules over its provisions, no learned model; every field is a slice of a provision.

An article is read paragraph by paragraph. A paragraph with items is a lead: its items are either duties
(应当履行下列职责), bearers (下列单位应当…), or things and conditions (下列资料, 有下列情形之一的), and only
the first two make duties of their own. A bearer the sentence omits comes from the lead, the article, the
heading or the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.document import Level, Provision
from indexer import english_duties, leads, qualifiers
from indexer.bearers import bearer_type
from indexer.clauses import mask, sentences
from indexer.drafts import Draft, Row
from indexer.non_duties import LIABILITY_HEADING
from indexer.obligation import BearerType, Obligation
from indexer.open_bearers import resolve
from indexer.sentence_duties import read_sentence

_SKIPPED = (Level.TABLE,)


def extract(provisions: Sequence[Provision], *, title: str, language: str = "zh") -> tuple[Obligation, ...]:
    """The obligations of a text in the order of its provisions.

    `provisions` are the flat rows of one Document; `language` "en" reads shall/must/should texts.
    """
    if language == "en":
        return english_duties.extract(provisions, title=title)
    drafts: list[Draft] = []
    for article in _articles(provisions):
        drafts.extend(_read_article(article))
    texts = (p.text for p in provisions)
    return tuple(_finish(draft) for draft in resolve(drafts, texts) if draft.bearer and not _is_loose(draft))


def _is_loose(draft: Draft) -> bool:
    """In a chapter of penalties a sentence that names no bearer of its own article is a consequence."""
    return draft.source == "text_context" and any(LIABILITY_HEADING.search(h) for h in draft.headings)


def _articles(provisions: Sequence[Provision]) -> Iterator[list[Row]]:
    """Rows of one article, or of one top section of a text without articles."""
    rows = (_row(p) for p in provisions if p.level not in _SKIPPED and p.text.strip())
    for _, group in groupby(rows, key=_article_key):
        yield list(group)


def _article_key(row: Row) -> tuple[object, ...]:
    a = row.address
    if a.article is None:
        return (a.annex, None, (a.section or "").split(".")[0])
    return (a.annex, a.article, a.article_suffix)


def _row(provision: Provision) -> Row:
    text = provision.text
    masked = mask(text)
    if provision.marker:
        begin = len(text) - len(text[len(provision.marker) :].lstrip())
        masked = " " * begin + masked[begin:]
    liability = any(LIABILITY_HEADING.search(h) for h in provision.headings)
    return Row(
        provision.address, text, masked, provision.headings, liability, provision.address.article is None
    )


def _read_article(rows: list[Row]) -> list[Draft]:
    drafts: list[Draft] = []
    at = 0
    while at < len(rows):
        below = leads.below(rows, at)
        carry = _carry(drafts)
        if below:
            drafts.extend(leads.read_lead(rows[at], below, carry))
        else:
            drafts.extend(read_paragraph(rows[at], carry))
        at += 1 + len(below)
    return drafts


def read_paragraph(row: Row, carry: str | None) -> list[Draft]:
    """The duties of a paragraph without items."""
    drafts: list[Draft] = []
    for sentence in sentences(row.masked):
        found = read_sentence(row, sentence, carry)
        drafts.extend(found)
        carry = _carry(found) or carry
    return drafts


def _carry(drafts: list[Draft]) -> str | None:
    return next((d.bearer for d in reversed(drafts) if d.bearer and d.own), None)


def _finish(draft: Draft) -> Obligation:
    text, (start, end) = draft.text, draft.action
    bearer = draft.bearer or ""
    quote_start, quote_end = draft.quote
    return Obligation(
        draft.address,
        bearer,
        BearerType.OTHER if draft.source == "thing" else bearer_type(bearer),
        draft.modality,
        text[start:end],
        text[quote_start:quote_end].strip(),
        condition=None if draft.condition is None else text[slice(*draft.condition)] or None,
        exception=qualifiers.exception(text, quote_start, quote_end),
        object=qualifiers.thing(text, start, end),
        deadline=qualifiers.deadline(text, start, end),
        bearer_source=draft.source,
        implicit=draft.implicit,
    )
