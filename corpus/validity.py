"""Since when and until when a text holds: derived from dates and repeal clauses, never stored alone.

Validity is [effective_from, effective_to). A text's stated effective date may be that of the first
enactment (安全生产法 第一百一十九条 still says 2002-11-01 in its text of 2021): it then lies before the
text's own version and is not used. A clause 同时废止 ends a text only when title and dates agree:
反间谍法(2014) repealed the 国家安全法 of 1993, not that of 2015.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.document import Edition, Level, Masthead, Provision
from corpus.numeral import from_chinese
from corpus.place import Status
from corpus.works import bare_title, title_key

_NUM = r"[0-9０-９一二三四五六七八九十〇零○]"
DATE = re.compile(rf"({_NUM}{{4}})年({_NUM}{{1,3}})月({_NUM}{{1,3}})日")
_EFFECTIVE = re.compile(rf"自({_NUM}{{4}})年({_NUM}{{1,3}})月({_NUM}{{1,3}})日起")
_ENDS = r"(?:同时|即行|即|予以|一并|相应|随之)?(?:废止|失效|停止(?:执行|施行))"
_REPEALED = re.compile(_ENDS)
_NAME = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_AFTER_NAME = re.compile(
    r"^(?:[（(][^（）()]{0,60}[）)])*(?:$|[、，,；;。]|和|及|以及|与|自|同时|即行|予以|相应|一并|废止|停止|失效|等)"
)
_LIST_LEAD = re.compile(r"(?:下列|以下|列于).{0,60}(?:废止|失效)[^。]{0,12}[:：]?$")


@dataclass(frozen=True, slots=True)
class Repeal:
    """A clause that ends another text: the title it names, since when, and the year it gives the text."""

    title: str
    since: str | None
    clause: str
    year: int | None = None


def iso(year: str, month: str, day: str) -> str | None:
    """An ISO date from the figures of a text, Chinese or Arabic; None when it is no date."""
    y, m, d = (from_chinese(part) for part in (year, month, day))
    if y is None or m is None or d is None or not (1900 <= y <= 2100 and 1 <= m <= 12 and 1 <= d <= 31):
        return None
    return f"{y:04d}-{m:02d}-{d:02d}"


def repeals_in(masthead: Masthead, provisions: Sequence[Provision]) -> tuple[Repeal, ...]:
    """Every repeal of a whole text that a document declares (同时废止 clauses and lists of titles)."""
    found: list[Repeal] = []
    listing: Provision | None = None
    for p in provisions:
        if listing is not None and _below(p, listing):
            found += _titles(p.text, p, masthead)
            continue
        listing = None
        if "废止" not in p.text and "失效" not in p.text and "停止" not in p.text:
            continue
        if _LIST_LEAD.search(p.text.strip()):
            listing = p
            continue
        for sentence in re.split(r"[。；;]", p.text):
            ending = _REPEALED.search(sentence)
            if ending:
                found += _titles(sentence, p, masthead)
    return tuple(dict.fromkeys(found))


def _below(p: Provision, lead: Provision) -> bool:
    a, b = p.address, lead.address
    if b.article is not None:
        return a.article == b.article and p.level in (Level.ITEM, Level.SUBITEM)
    return bool(b.section) and str(a.section).startswith(f"{b.section}.")


def _titles(sentence: str, p: Provision, masthead: Masthead) -> list[Repeal]:
    out = []
    last = 0
    for match in _NAME.finditer(sentence):
        before, last = sentence[last : match.start()], match.end()
        if not _AFTER_NAME.match(sentence[match.end() :]):
            continue
        if re.search(r"(?:根据|依照|按照|依据|修改|关于|修正)$", before.rstrip("〈<")):
            continue
        dates = DATE.findall(before)
        years = [from_chinese(date[0]) for date in dates if "起施行" not in before]
        clause = f"《{masthead.title}》{p.address.whole().label}"
        out.append(
            Repeal(title_key(match.group(1)), _since(p, masthead), clause, years[0] if years else None)
        )
    return out


def _since(p: Provision, m: Masthead) -> str | None:
    """The day a repeal takes effect: stated beside it, else the text's own beginning."""
    stated = _EFFECTIVE.search(p.text)
    if stated:
        return iso(*stated.groups())
    return m.effective or (m.versions[0] if m.versions else m.version)


def effective_from(edition: Edition, known: Mapping[tuple[str, str], str]) -> tuple[str | None, str]:
    """The first day of an edition and how it is known: stated, catalogue, version or unknown.

    `known` holds effective dates by (work, version) for texts that do not state their own.
    """
    m = edition.masthead
    if m.effective and (m.version is None or m.effective >= m.version or m.effective_stated == "given"):
        return m.effective, "stated"
    if m.version:
        listed = known.get((edition.work, m.version))
        return (listed, "catalogue") if listed else (m.version, "version")
    return None, "unknown"


def dated_on(edition: Edition) -> str:
    """The date that orders the versions of a work: its own, else its first day; "" when none is known."""
    return edition.masthead.version or edition.masthead.effective or ""


def derive(
    editions: Sequence[Edition],
    repeals: Mapping[str, Sequence[Repeal]],
    known: Mapping[tuple[str, str], str],
) -> tuple[Edition, ...]:
    """The editions with their validity. `repeals` holds the clauses of each edition by its key."""
    begun = {}
    for edition in editions:
        since, basis = effective_from(edition, known)
        begun[edition.key] = replace(edition, effective_from=since, effective_basis=basis)
    ends: dict[str, list[tuple[str, int, Status, str]]] = defaultdict(list)
    works: dict[str, list[Edition]] = defaultdict(list)
    for edition in begun.values():
        works[edition.work].append(edition)
    for held in works.values():
        _superseded(held, ends)
    _repealed(begun, works, repeals, ends)
    return tuple(_ended(begun[edition.key], ends.get(edition.key)) for edition in editions)


def _superseded(held: Iterable[Edition], ends: dict[str, list[tuple[str, int, Status, str]]]) -> None:
    """A newer version of a work ends the older one on the day it takes effect."""
    dated = sorted((e for e in held if dated_on(e)), key=dated_on)
    for number, older in enumerate(dated):
        for newer in dated[number + 1 :]:
            if dated_on(newer) != dated_on(older) and newer.effective_from:
                reason = f"《{newer.title}》（{dated_on(newer)}）"
                ends[older.key].append((newer.effective_from, 1, Status.AMENDED, reason))


def _repealed(
    editions: Mapping[str, Edition],
    works: Mapping[str, Sequence[Edition]],
    repeals: Mapping[str, Sequence[Repeal]],
    ends: dict[str, list[tuple[str, int, Status, str]]],
) -> None:
    by_title: dict[str, list[Edition]] = defaultdict(list)
    for work, held in works.items():
        title = bare_title(work)
        by_title[title] += held
        if title.startswith("国务院关于"):
            by_title[title.removeprefix("国务院")] += held
    for key, clauses in repeals.items():
        for clause in clauses:
            since = clause.since or editions[key].effective_from
            for target in by_title.get(clause.title, ()):
                if since and _hits(clause, since, target, editions[key]):
                    ends[target.key].append((since, 0, Status.REPEALED, clause.clause))


def _hits(clause: Repeal, since: str, target: Edition, author: Edition) -> bool:
    """Whether a clause means this edition: older than the repeal, of the year the clause names."""
    m = target.masthead
    if target.key == author.key:
        return False
    if m.version is None:
        return target.work != author.work
    if m.version >= since or (target.work == author.work and m.version == author.masthead.version):
        return False
    if clause.year is None:
        return True
    dates = (*m.versions, m.version, m.passed or m.version, m.effective or m.version)
    return any(abs(int(date[:4]) - clause.year) <= 1 for date in dates)


def _ended(edition: Edition, ends: list[tuple[str, int, Status, str]] | None) -> Edition:
    if not ends:
        return edition
    day, _, status, reason = min(ends)
    if edition.effective_from and day < edition.effective_from:
        day = edition.effective_from
    return replace(edition, effective_to=day, ended_by=status, ended_reason=reason)


def is_date(text: str) -> bool:
    """Whether `text` is an ISO date such as 2026-01-31."""
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text, re.ASCII)
    return bool(match) and iso(*match.groups()) is not None  # type: ignore[union-attr]
