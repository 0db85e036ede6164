"""Bearers a sentence leaves open: found in the article, then the heading, then the text as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from indexer.bearers import bearer_type, subject
from indexer.drafts import ANYONE, Draft
from indexer.obligation import BearerType

_PUBLIC = (BearerType.GOVERNMENT, BearerType.REGULATOR_DEPT)
_ADDRESSEES = (
    BearerType.ENTERPRISE,
    BearerType.SERVICE_AGENCY,
    BearerType.EMPLOYEE,
    BearerType.PRINCIPAL_PERSON,
)
_ANYONE = (
    "任何单位和个人", "任何单位或者个人", "任何单位、个人", "任何单位或个人", "单位和个人", "任何组织和个人",
    "任何组织或者个人", "任何组织、个人", "任何个人", "任何人",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Text:
    """What a whole text says of bearers: those it names, the usual addressee, its words for anyone."""

    named: frozenset[str]
    usual: str | None
    anyone: str | None


def resolve(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts with their bearers filled in where the text allows it; the rest keep None."""
    named = Counter(d.bearer for d in drafts if d.bearer and d.own and d.source == "explicit")
    text = _Text(
        frozenset(b for b in named if b),
        _usual(named, (BearerType.ENTERPRISE, BearerType.SERVICE_AGENCY)) or _usual(named, _ADDRESSEES),
        next((b for b in _ANYONE if b in named), None),
    )
    done: list[Draft] = []
    for _, group in groupby(
        drafts, key=lambda d: (d.address.annex, d.address.article, d.address.article_suffix)
    ):
        done.extend(_resolve_article(list(group), text))
    return done


def _usual(named: Counter[str | None], kinds: tuple[BearerType, ...]) -> str | None:
    """The bearer named most often among these kinds; one named once serves only where none is named twice."""
    return next((b for b, _ in named.most_common() if b and bearer_type(b) in kinds), None)


def _resolve_article(drafts: list[Draft], text: _Text) -> list[Draft]:
    out: list[Draft] = []
    for at, draft in enumerate(drafts):
        if draft.own:
            out.append(draft)
        elif draft.bearer and not draft.ban:
            out.append(_inherited(draft))
        else:
            later = [d for d in drafts[at + 1 :] if d.address.paragraph != draft.address.paragraph]
            out.append(_fill(draft, out, later, text))
    return out


def _inherited(draft: Draft) -> Draft:
    """A bearer of another paragraph of the article is context; one of the same paragraph counts as named."""
    if draft.source != "explicit" or draft.bearer is None or draft.bearer in draft.text:
        return draft
    return replace(draft, source="article_context")


def _fill(draft: Draft, before: list[Draft], later: list[Draft], text: _Text) -> Draft:
    """The nearest bearer before in the article; who does the thing; one named further down; heading; text.

    A ban without a subject is not laid on the office that speaks before it, nor on one named only later.
    """
    for near in reversed(before):
        if near.bearer and near.own and not (draft.ban and bearer_type(near.bearer) in _PUBLIC):
            return replace(draft, bearer=near.bearer, source="article_context")
    if draft.doer not in (None, ANYONE):
        return replace(draft, bearer=draft.doer, source="explicit")
    if draft.doer == ANYONE and text.anyone is not None:
        return replace(draft, bearer=text.anyone, source="text_context")
    for near in () if draft.ban else later:
        if near.bearer and near.own and bearer_type(near.bearer) in _ADDRESSEES:
            return replace(draft, bearer=near.bearer, source="article_context")
    heading = next((b for b in map(_of_heading, reversed(draft.headings)) if b in text.named), None)
    if heading is not None:
        return replace(draft, bearer=heading, source="text_context")
    last = (text.anyone or text.usual) if draft.ban else (text.usual or text.anyone)
    return replace(draft, bearer=last or draft.bearer, source="text_context")


@lru_cache(maxsize=10_000)
def _of_heading(heading: str) -> str | None:
    """第二章 建设单位的安全责任 → 建设单位."""
    _, _, words = heading.replace("\u3000", " ").partition(" ")
    words = words.strip()
    found = subject(words, 0, len(words)) if words else None
    if found is None or not found.possessed:
        return None
    bearer = words[found.start : found.end]
    return bearer if bearer_type(bearer) in _ADDRESSEES else None
