"""Responsibility lists: rows a person edits and approves before they become paper.

Frame: 安全生产法 第十七条 (agency lists), 第二十一条, 第二十二条 (a company-wide list must name the
responsible person, the scope and the assessment standard), 第二十五条. The law's words and our advice
stand in separate fields; no frequency looks legal where the provision has none.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import InputRefused, WrongUsage

ADVICE = Path(__file__).parent / "duty_advice.toml"
ROW_LIMIT = 2000
NO_FREQUENCY = "法律未规定频次"


class ListKind(StrEnum):
    """The four lists of the field."""

    COMPANY = "全员安全生产责任制清单"
    POST = "岗位责任清单"
    LEADERS = "一岗双责清单"
    AGENCY = "权力和责任清单"


@dataclass(frozen=True, slots=True)
class Basis:
    """A provision a row rests on, as printed: citation, version, status, verbatim words and their hash."""

    citation: str
    version: str | None
    status: str
    rank: int
    text: str
    source: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved a row, and when (ISO date and time)."""

    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Our suggestions (建议), never the law's words."""

    method: str
    frequency: str
    evidence: str
    assessment: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """One duty and its bases. `duty` and `bases` are the law's words and cannot be edited; the rest can."""

    key: str
    post: str
    bearer: str
    modality: str
    duty: str
    bases: tuple[Basis, ...]
    deadline: str | None
    penalties: tuple[Basis, ...]
    advice: Advice
    general: bool = False
    person: str = ""
    office: str = ""
    comment: str = ""
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class DutyList:
    """A saved list: it reopens from its JSON with edits and approvals."""

    kind: ListKind
    title: str
    rows: tuple[ListRow, ...]
    as_of: str
    post: str = ""
    industry: str = ""
    region: str = ""
    texts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    omitted: int = 0
    schema: int = field(default=1)


@cache
def _advice_table() -> dict[str, Any]:
    return tomllib.loads(ADVICE.read_text(encoding="utf-8"))


def advise(duty: str, modality: str) -> Advice:
    """The suggestions for a duty, chosen by its words from duty_advice.toml."""
    table = _advice_table()
    default = table["default"]
    if modality == "must_not":
        return Advice(
            *(default[f"prohibition_{k}"] for k in ("method", "frequency", "evidence", "assessment"))
        )
    for entry in table["advice"]:
        if any(word in duty for word in entry["words"]):
            return Advice(entry["method"], entry["frequency"], entry["evidence"], entry["assessment"])
    return Advice(default["method"], default["frequency"], default["evidence"], default["assessment"])


def draw_up(
    duties: Sequence[ListRow], *, kind: ListKind, title: str, as_of: str, post: str = "", industry: str = "",
    region: str = "", missing: Sequence[str] = (), omitted: int = 0,
) -> DutyList:  # fmt: skip
    """Orders the rows post → rank of the text → text → article order and checks what the list must hold.

    Raises WrongUsage above 2,000 rows: such a list is read by nobody, and must be narrowed.
    """
    if len(duties) > ROW_LIMIT:
        raise WrongUsage(
            f"清单共{len(duties)}行，超过{ROW_LIMIT}行。", "请用岗位、行业、地域或法规名称缩小范围后再导出。"
        )
    ordered = sorted(duties, key=lambda row: (row.post, row.bases[0].rank, row.general))
    texts = tuple(dict.fromkeys(_text_line(basis) for row in ordered for basis in row.bases))
    drawn = DutyList(
        kind, title, tuple(ordered), as_of, post, industry, region, texts, tuple(missing), omitted
    )
    check_complete(drawn)
    return drawn


def check_complete(drawn: DutyList) -> None:
    """安全生产法 第二十二条: a company-wide list without assessment standards is refused."""
    if drawn.kind is not ListKind.COMPANY:
        return
    bare = [n for n, row in enumerate(drawn.rows, 1) if not row.advice.assessment.strip()]
    if bare:
        raise InputRefused(
            f"第{bare[0]}行没有考核标准，全员安全生产责任制清单不完整。",
            "请补充考核标准（安全生产法第二十二条要求责任制明确考核标准）。",
        )


def _text_line(basis: Basis) -> str:
    title = basis.citation.partition("》")[0] + "》"
    return f"{title}（{basis.version or '版本日期不详'}）"


def edit(row: ListRow, **changes: Any) -> ListRow:
    """A row with edits; an edit takes the approval back. The law's words are refused by name."""
    for name, shown in (("duty", "责任事项"), ("bases", "法定依据"), ("penalties", "法律后果")):
        if name in changes and changes[name] != getattr(row, name):
            raise InputRefused(f"{shown}是条文原文，不能改动。", "请把意见写在备注栏。")
    return replace(row, **{"approval": None, **changes})


def approve(row: ListRow, *, who: str, when: str) -> ListRow:
    """The row as approved by a named person; an empty name is refused."""
    if not who.strip():
        raise WrongUsage("审定须写明审定人。", "请填写姓名后再审定。")
    return replace(row, approval=Approval(who.strip(), when))


def count_line(drawn: DutyList) -> str:
    """The last line of a list: 共N项，其中法律N项… by the text each row rests on first."""
    names = {1: "法律", 2: "行政法规", 3: "司法解释", 4: "地方性法规", 5: "部门规章", 6: "地方政府规章"}
    counts: dict[str, int] = {}
    for row in sorted(drawn.rows, key=lambda r: r.bases[0].rank):
        name = names.get(row.bases[0].rank, "其他文件")
        counts[name] = counts.get(name, 0) + 1
    parts = "、".join(f"{name}{count}项" for name, count in counts.items())
    return f"共{len(drawn.rows)}项，其中{parts}。" if drawn.rows else "共0项。"


def coverage_note(drawn: DutyList) -> tuple[str, ...]:
    """Which texts, as of which date, what is missing: printed under every list."""
    lines = [
        f"本清单依据截至{drawn.as_of}语料库中现行有效的{len(drawn.texts)}部文本编制：{'、'.join(drawn.texts)}。"
    ]
    if drawn.missing:
        lines.append(f"语料库中没有下列常用文本，相关责任未列入：{'、'.join(drawn.missing)}。")
    if drawn.omitted:
        lines.append(f"另有{drawn.omitted}行已由编制人删除。")
    lines.append("标有“建议”的内容不是条文，由编制单位确定。")
    return tuple(lines)


def save(drawn: DutyList, path: Path) -> None:
    """Writes the list as JSON, in one step: a broken write leaves the old file."""
    draft = path.with_suffix(path.suffix + ".part")
    draft.write_text(json.dumps(asdict(drawn), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(path)


def reopen(path: Path) -> DutyList:
    """The list saved at `path`; InputRefused when it is no saved list or its quotations were altered."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        rows = tuple(_row(row) for row in raw.pop("rows"))
        kind = ListKind(raw.pop("kind"))
        raw["texts"], raw["missing"] = tuple(raw["texts"]), tuple(raw["missing"])
        return DutyList(kind=kind, rows=rows, **raw)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputRefused(
            f"{path.name} 不是本程序保存的清单。", "请选择由“保存清单”得到的 .json 文件。"
        ) from error


def _row(raw: dict[str, Any]) -> ListRow:
    raw["bases"] = tuple(Basis(**basis) for basis in raw["bases"])
    raw["penalties"] = tuple(Basis(**basis) for basis in raw["penalties"])
    raw["advice"] = Advice(**raw["advice"])
    raw["approval"] = Approval(**raw["approval"]) if raw["approval"] else None
    return ListRow(**raw)
