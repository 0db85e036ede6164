"""A rectification letter before it is paper: its fields, its findings with their law, its warnings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from generator.letter_advice import Advice
from generator.letter_days import chinese_date, with_iso_days
from generator.letter_faults import find_faults, refuse
from generator.letter_kind import Fields, LetterKind, find_kind, kinds

__all__ = ["Cited", "Finding", "Letter", "LetterKind", "Wording", "find_kind", "kinds", "prepare", "wording"]
_SAFETY_FIELDS = (
    ("整改要求", "measure"),
    ("责任人", "person"),
    ("期限", "deadline"),
    ("资金", "funds"),
    ("预案", "precaution"),
)
DRAFT = "草稿—须由有执法资格的人员核对、签名、盖章"

STATUS_NOTE = {"amended": "（已修改）", "repealed": "（已废止）", "not_yet": "（尚未生效）"}


@dataclass(frozen=True, slots=True)
class Wording:
    """A form sentence with its source and days of validity."""

    part: str
    text: str
    source: str
    effective_from: str
    effective_to: str | None = None
    checked_on: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A provision a finding rests on: as printed, with its version, status and verbatim words."""

    citation: str
    text: str
    version: str | None = None
    status: str = "in_force"

    @property
    def printed(self) -> str:
        """《…》第…条（2021年6月10日版）“…”, the words verbatim."""
        version = f"（{chinese_date(self.version)}版）" if self.version else ""
        return f"{self.citation}{version}{STATUS_NOTE.get(self.status, '')}“{self.text}”"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: the fact, where, the evidence, the law, and the five fields of 五落实.

    `others` are further provisions the library proposes, for the user to choose from; they are not printed.
    `advice` is our proposal for what the user left empty, printed as 建议.
    """

    text: str
    place: str = ""
    evidence: str = ""
    grade: str = ""
    breached: tuple[Cited, ...] = ()
    penalties: tuple[Cited, ...] = ()
    measure: str = ""
    person: str = ""
    deadline: str = ""
    funds: str = ""
    precaution: str = ""
    review: str = ""
    others: tuple[str, ...] = ()
    advice: Advice | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be typeset. `fields` are the user's words, by their Chinese names."""

    kind: LetterKind
    fields: Fields
    findings: tuple[Finding, ...]
    on: str
    warnings: tuple[str, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return str(self.fields.get(name) or default).strip()

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """The rows of a table field, e.g. 落实情况."""
        value = self.fields.get(name) or []
        return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


@cache
def _wordings() -> tuple[Wording, ...]:
    raw = tomllib.loads(Path(__file__).with_name("letter_wording.toml").read_text(encoding="utf-8"))
    return tuple(Wording(**entry) for entry in raw["wording"])


def wording(part: str, *, on: str) -> Wording | None:
    """The form sentence of a part valid on a date; None where the data holds none."""
    for entry in _wordings():
        if entry.part == part and entry.effective_from <= on and (entry.effective_to or "9999") > on:
            return entry
    return None


def prepare(
    kind: LetterKind, fields: Fields, findings: Sequence[Finding], *, on: str | None = None
) -> Letter:
    """Checks a letter and makes it ready. Raises InputRefused naming the first thing that is wrong."""
    rows = [{"内容": one.text, "期限": one.deadline, "整改要求": one.measure} for one in findings]
    refuse(find_faults(kind, {**fields, "问题": rows}, on=on))
    fields = with_iso_days(fields)
    day = on or str(fields.get("成文日期") or date.today().isoformat())
    return Letter(kind, fields, tuple(findings), day, _warnings(kind, fields, findings))


def _warnings(kind: LetterKind, fields: Fields, findings: Sequence[Finding]) -> tuple[str, ...]:
    notes = []
    if kind.enforcement:
        officers = [o for o in fields.get("执法人员") or [] if o.get("姓名") and o.get("证号")]
        if len(officers) < 2:
            notes.append("执法文书须有两名以上执法人员签名并注明证号，姓名和证号已留空。")
        notes.append("本文书为草稿，须由有执法资格的人员核对、签名并加盖印章。")
    if not fields.get("文号"):
        notes.append("未给出文号，已留空，程序不编造文号。")
    for n, finding in enumerate(findings, 1):
        notes += _law_notes(n, finding)
        missing = [shown for shown, name in _SAFETY_FIELDS if not getattr(finding, name)]
        if "重大" in finding.grade and missing:
            notes.append(
                f"第{n}条为重大隐患，五落实（措施、责任、资金、时限、预案）尚缺：{'、'.join(missing)}。"
            )
    return tuple(notes)


def _law_notes(n: int, finding: Finding) -> list[str]:
    if not finding.breached:
        return [f"第{n}条问题没有依据条文，已注明“依据待核”。"]
    notes = [
        f"第{n}条问题的依据{cited.citation}{STATUS_NOTE[cited.status]}，请改用现行规定。"
        for cited in (*finding.breached, *finding.penalties)
        if cited.status in STATUS_NOTE
    ]
    if finding.others:
        notes.append(
            f"第{n}条问题的依据由程序提出：{finding.breached[0].citation}，须核对；"
            f"另可考虑：{'、'.join(finding.others)}（在“依据”栏写明即采用）。"
        )
    return notes
