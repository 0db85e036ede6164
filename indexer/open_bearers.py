"""Bearers a sentence leaves open: found in the article, then the heading, then the text as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from indexer.bearers import bearer_type, subject
from indexer.obligation import BearerType
from indexer.sentence_duties import Draft

_PUBLIC = (BearerType.GOVERNMENT, BearerType.REGULATOR_DEPT)
_ANYONE = (
    "任何单位和个人",
    "任何单位或者个人",
    "任何单位、个人",
    "任何单位或个人",
    "单位和个人",
    "任何组织和个人",
    "任何组织或者个人",
    "任何组织、个人",
    "任何个人",
)
_ADDRESSEES = (
    BearerType.ENTERPRISE,
    BearerType.SERVICE_AGENCY,
    BearerType.EMPLOYEE,
    BearerType.PRINCIPAL_PERSON,
)


def resolve(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts with their bearers filled in where the text allows it; the rest keep None."""
    explicit = Counter(d.bearer for d in drafts if d.bearer and d.own)
    anyone = next((b for b in _ANYONE if b in explicit), None)
    usual = next((b for b, _ in explicit.most_common() if b and bearer_type(b) in _ADDRESSEES), None)
    done: list[Draft] = []
    for _, group in groupby(
        drafts, key=lambda d: (d.address.annex, d.address.article, d.address.article_suffix)
    ):
        done.extend(_resolve_article(list(group), explicit, usual, anyone))
    return done


def _resolve_article(
    drafts: list[Draft], known: Counter[str | None], usual: str | None, anyone: str | None
) -> list[Draft]:
    out: list[Draft] = []
    for at, draft in enumerate(drafts):
        if draft.own or (draft.bearer and not draft.ban):
            out.append(draft if draft.own else _inherited(draft, out))
            continue
        out.append(_fill(draft, [*reversed(out), *(d for d in drafts[at + 1 :] if _later(draft, d))], known, usual, anyone))
    return out


def _inherited(draft: Draft, before: list[Draft]) -> Draft:
    """A bearer of another paragraph of the article is context; one of the same paragraph counts as named."""
    if draft.source != "explicit" or draft.bearer is None or draft.bearer in draft.text:
        return draft
    return replace(draft, source="article_context")


def _fill(
    draft: Draft, neighbours: list[Draft], known: Counter[str | None], usual: str | None, anyone: str | None
) -> Draft:
    for near in neighbours:
        if near.bearer and near.own and _fits(draft, near):
            return replace(draft, bearer=near.bearer, source="article_context")
    heading = _of_headings(draft.headings)
    if heading is not None and heading in known:
        return replace(draft, bearer=heading, source="text_context")
    last = (anyone or usual) if draft.ban else (usual or anyone)
    return replace(draft, bearer=last or draft.bearer, source="text_context")


def _fits(draft: Draft, near: Draft) -> bool:
    """A ban without a subject is not laid on the office that speaks in the paragraph before."""
    return not (draft.ban and bearer_type(near.bearer or "") in _PUBLIC)


def _later(draft: Draft, later: Draft) -> bool:
    """A bearer named only further down serves a duty, never a ban, and not from the same paragraph."""
    return not draft.ban and later.address.paragraph != draft.address.paragraph


def _of_headings(headings: tuple[str, ...]) -> str | None:
    return next((b for b in map(_heading_bearer, reversed(headings)) if b is not None), None)


@lru_cache(maxsize=10_000)
def _heading_bearer(heading: str) -> str | None:
    """第二章 建设单位的安全责任 → 建设单位."""
    _, _, words = heading.replace("\u3000", " ").partition(" ")
    words = words.strip()
    found = subject(words, 0, len(words)) if words else None
    if found is None or not found.possessed:
        return None
    bearer = words[found.start : found.end]
    return bearer if bearer_type(bearer) in _ADDRESSEES else None
