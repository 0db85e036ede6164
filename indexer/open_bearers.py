"""Bearers a sentence leaves open: found in the article, then the heading, then the text as a whole."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from indexer.bearers import bearer_type, subject
from indexer.drafts import ANYONE, Draft
from indexer.obligation import BearerType, Modality

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
    """What a whole text says of bearers: those it names, its addressee by chapter and overall, its anyone."""

    named: frozenset[str]
    by_chapter: dict[tuple[str, ...], str]
    addressee: str | None
    usual: str | None
    anyone: str | None


def resolve(drafts: Sequence[Draft], texts: Iterable[str]) -> list[Draft]:
    """Drafts with their bearers filled in where the text allows it; the rest keep None.

    `texts` are all provisions: the words for anyone (任何单位和个人) may stand where no duty does.
    """
    text = _read_text(drafts, texts)
    done: list[Draft] = []
    for _, group in groupby(
        drafts, key=lambda d: (d.address.annex, d.address.article, d.address.article_suffix)
    ):
        done.extend(_resolve_article(list(group), text))
    return done


def _read_text(drafts: Sequence[Draft], texts: Iterable[str]) -> _Text:
    chapters: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    every: Counter[str] = Counter()
    for draft in drafts:
        if draft.bearer and draft.own and draft.source in ("explicit", "chapeau"):
            every[draft.bearer] += 1
            if bearer_type(draft.bearer) in _ADDRESSEES:
                chapters[draft.headings][draft.bearer] += 1
    addressees = Counter({b: n for b, n in every.items() if bearer_type(b) in _ADDRESSEES})
    by_chapter = {h: b for h, c in chapters.items() if (b := _dominant(c, share=0.5, least=2))}
    usual = next((b for b, n in addressees.most_common() if n > 1 and len(b) <= 24), None)
    anyone = next((b for b in _ANYONE if b in every), None) or _anyone_in(texts)
    return _Text(frozenset(every), by_chapter, _dominant(addressees, share=0.35, least=4), usual, anyone)


_ANYONE_WORDS = re.compile(r"任何(?:单位|组织)(?:和|或者|或|、)个人|任何个人|单位(?:和|或者)个人")


def _anyone_in(texts: Iterable[str]) -> str | None:
    return next((m[0] for t in texts if (m := _ANYONE_WORDS.search(t))), None)


def _dominant(counts: Counter[str], *, share: float, least: int) -> str | None:
    """The bearer that clearly leads: at least `least` times and `share` of all."""
    if not counts:
        return None
    bearer, times = counts.most_common(1)[0]
    return bearer if times >= least and times >= share * counts.total() else None


def _resolve_article(drafts: list[Draft], text: _Text) -> list[Draft]:
    out: list[Draft] = []
    for at, draft in enumerate(drafts):
        if draft.own:
            out.append(draft)
        elif draft.bearer and not draft.ban:
            out.append(_inherited(draft, out))
        else:
            later = [d for d in drafts[at + 1 :] if d.address.paragraph != draft.address.paragraph]
            out.append(_fill(draft, out, later, text))
    return out


_OFFICE_ACT = re.compile(
    r"予以|批准|许可|颁发|核发|责令|公告|公布|通报|查处|处理|受理|移送|告知|书面|组织|通知|作出|审查|监督|奖励|答复|配合"
)


def _inherited(draft: Draft, before: list[Draft]) -> Draft:
    """A bearer of another paragraph of the article is context; one of the same paragraph counts as named.

    An office named last in the paragraph before does not take over what only the addressee can do.
    """
    here = any(d.own and d.address.paragraph == draft.address.paragraph for d in before)
    if not here and bearer_type(draft.bearer or "") in _PUBLIC and not _OFFICE_ACT.search(draft.words()):
        for near in reversed(before):
            if near.own and near.bearer and bearer_type(near.bearer) in _ADDRESSEES:
                return replace(draft, bearer=near.bearer, source="article_context")
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
        if near.bearer and near.own and _akin(draft, near.bearer):
            return replace(draft, bearer=near.bearer, source="article_context")
    heading = next((b for b in map(_of_heading, reversed(draft.headings)) if b in text.named), None)
    if heading is not None:
        return replace(draft, bearer=heading, source="text_context")
    return _of_text(draft, text)


def _of_text(draft: Draft, text: _Text) -> Draft:
    """The text's addressee where it has one; else the grammatical subject, which is verbatim."""
    addressee = text.by_chapter.get(draft.headings) or text.addressee
    if draft.ban:
        addressee = text.anyone or addressee
    if addressee is not None:
        return replace(draft, bearer=addressee, source="text_context")
    if draft.thing is not None:
        return replace(draft, bearer=draft.thing, source="thing")
    if draft.modality is Modality.MAY:
        return draft
    anyone = text.anyone if draft.modality is Modality.MUST_NOT else None
    return replace(draft, bearer=text.usual or anyone or draft.bearer, source="text_context")


_COMMON = re.compile(r"单位|企业|生产|经营|安全|事故|建设|工程|管理|部门|机构|人员|责任|的")


def _akin(draft: Draft, bearer: str) -> bool:
    """出租的设备应当… and the 出租单位 named only below: they share a word of their own."""
    if bearer_type(bearer) not in _ADDRESSEES:
        return False
    words = draft.thing or draft.text[draft.quote[0] : draft.modal_start]
    own = _COMMON.sub(" ", bearer)
    return any(own[i : i + 2] in words for i in range(len(own) - 1) if " " not in own[i : i + 2])


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
