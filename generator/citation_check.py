"""Checks every citation and quotation of a document against the library: `zeren check`.

One finding a citation, in the order of the document. What cannot be checked (ambiguous, unrecognised, not
in the library) is said so and is never counted as right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from corpus.citing import Target
from corpus.library import Library
from generator import pairing
from generator.checked_text import TABLE, Checked, Passage, open_text
from generator.citation_scan import Memory, Mention, declare_all, scan
from generator.quotation import Quote, bare, differences, likeness, quotes_in, stands_in, unclosed, within
from generator.stored_words import Resolved, StoredWords


class Verdict(StrEnum):
    MATCH = "match"
    TEXT_DIFFERS = "text_differs"
    NO_SUCH_PROVISION = "no_such_provision"
    REPEALED = "repealed"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    AMBIGUOUS = "ambiguous"
    UNRECOGNISED = "unrecognised"
    NOT_IN_LIBRARY = "not_in_library"


UNCHECKED = frozenset({Verdict.AMBIGUOUS, Verdict.UNRECOGNISED, Verdict.NOT_IN_LIBRARY})
WORDS = {
    Verdict.MATCH: "相符",
    Verdict.TEXT_DIFFERS: "引文与条文不一致",
    Verdict.NO_SUCH_PROVISION: "没有这一条款项",
    Verdict.REPEALED: "已废止或者已被修订",
    Verdict.NOT_YET_IN_FORCE: "尚未施行",
    Verdict.AMBIGUOUS: "指代不明，无法核对",
    Verdict.UNRECOGNISED: "无法识别，未能核对",
    Verdict.NOT_IN_LIBRARY: "文本库中没有，无法核对",
}
_LONGEST_QUOTE = 15  # passages a quotation may run over
_TELL = 20  # passages between two reports of progress
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One citation and what became of it. `quote` is verbatim, None where none belongs to it."""

    passage: Passage
    mention: Mention
    verdict: Verdict
    quote: str | None = None
    targets: tuple[Target, ...] = ()
    message: str = ""
    different: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "citation": self.mention.text,
            "quote": self.quote,
            "status": self.verdict.value,
            "where": self.passage.where,
            "position": self.passage.position,
            "targets": [target.as_json() for target in self.targets],
            "message": self.message,
            "differences": [{"written": a, "stored": b} for a, b in self.different],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one document on one date."""

    findings: tuple[Finding, ...]
    on: str
    document: Checked
    counts: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "checked": len(self.findings),
            "as_of": self.on,
            "summary": self.counts,
            "could_not_check": sum(f.verdict in UNCHECKED for f in self.findings),
            "findings": [finding.as_json() for finding in self.findings],
        }


def check(path: Path, library: Library, *, on: str | None = None, progress: Progress | None = None) -> Report:
    """Checks a .docx, .pdf, .txt or .md as of the ISO date `on` (today). Raises InputRefused for the file.

    `progress` is told how many passages of how many are done.
    """
    return check_passages(open_text(path), library, on=on or date.today().isoformat(), progress=progress)


def check_passages(
    document: Checked, library: Library, *, on: str, progress: Progress | None = None
) -> Report:
    """Checks passages already read."""
    findings = tuple(_Checker(document.passages, StoredWords(library, on=on)).run(progress))
    counts = Counter(finding.verdict.value for finding in findings)
    return Report(findings, on, document, {v.value: counts[v.value] for v in Verdict if counts[v.value]})


def _outside(mentions: Sequence[Mention], quotes: Sequence[Quote]) -> list[Mention]:
    """The citations of the document itself: one inside a quotation is the quoted text's own, if another
    citation stands outside to claim it."""
    inner = [any(q.start < m.start and m.end < q.end for q in quotes) for m in mentions]
    return list(mentions) if all(inner) else [m for m, own in zip(mentions, inner, strict=True) if not own]


def _parted(text: str, quote: Quote, mentions: Sequence[Mention]) -> list[Quote]:
    """What is quoted where a citation itself stands in quotation marks: “根据《…》第…条‘…’，…”."""
    if any(quote.start < m.start and m.end < quote.end for m in mentions):
        return list(within(text, quote)) or [quote]
    return [quote]


def summary(report: Report) -> str:
    """The report for people: the counts, then every citation that is not right."""
    wrong = [f for f in report.findings if f.verdict is not Verdict.MATCH]
    counts = "　".join(f"{WORDS[Verdict(name)]} {number}" for name, number in report.counts.items())
    lines = [f"按{report.on}的效力核对引用 {len(report.findings)} 处。{counts}"]
    if not report.findings:
        lines.append("没有找到任何引用。")
    for finding in wrong:
        mark = "？" if finding.verdict in UNCHECKED else "✗"
        lines.append(f"{mark} {finding.passage.position}　{finding.mention.text}　{WORDS[finding.verdict]}")
        if finding.quote:
            lines.append(f"    引文：{finding.quote}")
        if finding.message:
            lines.append(f"    {finding.message}")
        lines += [f"    {target.place.citation}：{target.text}" for target in finding.targets[:2]]
    return "\n".join(lines)


class _Checker:
    """One run over one document."""

    def __init__(self, passages: Sequence[Passage], stored: StoredWords) -> None:
        self._passages = passages
        self._stored = stored
        self._memory = Memory()
        self._rows: dict[tuple[int | None, int | None], list[Passage]] = defaultdict(list)
        for passage in passages:
            if passage.table is not None:
                self._rows[passage.table, passage.row].append(passage)

    def run(self, progress: Progress | None = None) -> Iterator[Finding]:
        for passage in self._passages:
            declare_all(passage.text, self._memory)
        pending: list[Finding] = []
        row: tuple[int | None, int | None] | None = None
        for number, passage in enumerate(self._passages):
            if progress is not None and number % _TELL == 0:
                progress(number, len(self._passages))
            here = (passage.table, passage.row) if passage.where == TABLE else None
            if row is not None and here != row:
                yield from self._with_cells(pending, row)
                pending = []
            row = here
            found = list(self._in_passage(passage, number))
            if here is None:
                yield from found
            else:
                pending += found
        if row is not None:
            yield from self._with_cells(pending, row)

    def _in_passage(self, passage: Passage, number: int) -> Iterator[Finding]:
        text = passage.text
        mentions = list(scan(text, self._memory, known=self._stored.knows))
        quotes = list(quotes_in(text))
        if mentions and unclosed(text) is not None:
            quotes += self._running_on(number)
        mentions = _outside(mentions, quotes)
        quotes = [part for quote in quotes for part in _parted(text, quote, mentions)]
        resolved = [self._stored.resolve(mention) for mention in mentions]
        owned = self._owned(text, mentions, quotes, resolved)
        for index, (mention, found) in enumerate(zip(mentions, resolved, strict=True)):
            finding = self._judge(passage, mention, found, owned[index])
            if finding is not None:
                yield finding

    def _running_on(self, number: int) -> Iterator[Quote]:
        """A quotation that its paragraph opens and a later one closes."""
        text = self._passages[number].text
        start = unclosed(text)
        if start is None:
            return
        parts = [text[start + 1 :]]
        for passage in self._passages[number + 1 : number + _LONGEST_QUOTE]:
            end = passage.text.find("”")
            if end >= 0 and "“" not in passage.text[:end]:
                yield Quote("".join([*parts, passage.text[:end]]), start, len(text))
                return
            parts.append(passage.text)

    def _owned(
        self, text: str, mentions: Sequence[Mention], quotes: Sequence[Quote], resolved: Sequence[Resolved]
    ) -> list[list[str]]:
        owned: list[list[str]] = [[] for _ in mentions]
        for claimed in pairing.claims(text, mentions, quotes):
            owner = self._owner(claimed, resolved)
            if owner is not None:
                owned[owner.mention].append(owner.quote.text)
        return owned

    def _owner(self, claimed: Sequence[pairing.Claim], resolved: Sequence[Resolved]) -> pairing.Claim | None:
        """The claim whose provision has the words; else the one the sentence makes."""
        for claim in claimed:
            if any(stands_in(claim.quote.text, text) for text in resolved[claim.mention].texts):
                return claim
        for claim in claimed:
            alike = max((likeness(claim.quote.text, t) for t in resolved[claim.mention].texts), default=0.0)
            if claim.strong and (pairing.looks_quoted(claim.quote.text) or alike >= 0.7):
                return claim
            known = alike >= 0.5 or self._stored.elsewhere(claim.quote.text, resolved[claim.mention])
            if pairing.looks_quoted(claim.quote.text) and known:
                return claim
        return None

    def _judge(
        self, passage: Passage, mention: Mention, found: Resolved, quotes: Sequence[str]
    ) -> Finding | None:
        verdict = Verdict(found.status)
        if mention.bare and not quotes and verdict not in (Verdict.REPEALED, Verdict.NOT_YET_IN_FORCE):
            return None
        finding = Finding(
            passage, mention, verdict, quotes[0] if quotes else None, found.targets, found.message
        )
        wrong = next((q for q in quotes if not any(stands_in(q, text) for text in found.texts)), None)
        if verdict is Verdict.MATCH and wrong is not None:
            return self._differs(finding, wrong, found)
        if verdict is Verdict.MATCH and quotes:
            return replace(finding, targets=self._stored.narrowed(quotes[0], found))
        if verdict is Verdict.NO_SUCH_PROVISION and quotes:
            return replace(finding, targets=self._stored.elsewhere(quotes[0], found))
        return finding

    def _differs(self, finding: Finding, quote: str, found: Resolved) -> Finding:
        elsewhere = self._stored.elsewhere(quote, found)
        if elsewhere:
            message = f"引文不在该处，出自{'；'.join(target.place.citation for target in elsewhere)}"
            return replace(
                finding, verdict=Verdict.TEXT_DIFFERS, quote=quote, targets=elsewhere, message=message
            )
        nearest = self._stored.nearest(quote, found)
        different = tuple(differences(quote, nearest[0].text)) if nearest else ()
        shown = "；".join(f"“{a or '（无）'}”应为“{b or '（无此文字）'}”" for a, b in different[:6])
        return replace(
            finding,
            verdict=Verdict.TEXT_DIFFERS,
            quote=quote,
            targets=nearest,
            message=f"与条文原文不一致：{shown}",
            different=different,
        )

    def _with_cells(
        self, findings: Sequence[Finding], row: tuple[int | None, int | None]
    ) -> Iterator[Finding]:
        """Gives the citations of a table row the quotation that stands in another cell without marks."""
        cells = self._cells(row)
        open_ = [n for n, f in enumerate(findings) if f.quote is None and f.verdict is Verdict.MATCH]
        taken: dict[int, int] = {}
        scored = []
        for n in open_:
            found = self._stored.resolve(findings[n].mention)
            for cell, text in cells.items():
                if cell != findings[n].passage.cell and len(bare(text)) >= 6:
                    scored.append((self._cell_score(text, found), n, cell))
        used: set[int] = set()
        for score, n, cell in sorted(scored, reverse=True):
            if score >= 0.6 and n not in taken and cell not in used:
                taken[n] = cell
                used.add(cell)
        for n, finding in enumerate(findings):
            if n in taken:
                found = self._stored.resolve(finding.mention)
                again = self._judge(finding.passage, finding.mention, found, [cells[taken[n]].strip()])
                yield again if again is not None else finding
            elif finding.passage.cell not in used:
                yield finding

    def _cells(self, row: tuple[int | None, int | None]) -> dict[int, str]:
        """The words of the row's cells, without quotation marks around them."""
        cells: dict[int, list[str]] = defaultdict(list)
        for passage in self._rows[row]:
            cells[passage.cell or 0].append(passage.text)
        out = {}
        for cell, parts in cells.items():
            out[cell] = "\n".join(parts).strip().strip('“”"「」')
        return out

    def _cell_score(self, text: str, found: Resolved) -> float:
        if any(stands_in(text, words) for words in found.texts):
            return 2.0 + len(text) / 10_000
        if len(bare(text)) < 12:
            return 0.0
        if self._stored.elsewhere(text, found):
            return 1.0
        return max((likeness(text, words) for words in found.texts), default=0.0)
