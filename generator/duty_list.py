"""Responsibility lists: rows a person edits and approves before they become paper. The model and its file.

Frame: 安全生产法 第十七条 (agency lists), 第二十一条, 第二十二条 (a company-wide list must name the
responsible person, the scope and the assessment standard), 第二十五条. The law's words and our advice
stand in separate fields; no frequency looks legal where the provision has none. What a person does to a
list (edit, add, remove, approve) is in duty_editing.
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
SCHEMA = 2
NO_FREQUENCY = "法律未规定频次"
_LISTED = ("texts", "missing", "silent", "remarks")
ADVICE_FIELDS = ("method", "frequency", "evidence", "assessment")
# Fields of a row that are the law's, as a person reads them.
LAW_FIELDS = {
    "bearer": "责任主体", "modality": "责任性质", "duty": "责任事项", "bases": "法定依据",
    "deadline": "法定时限", "penalties": "法律后果",
}  # fmt: skip


class ListKind(StrEnum):
    """The four lists of the field."""

    COMPANY = "全员安全生产责任制清单"
    POST = "岗位责任清单"
    LEADERS = "一岗双责清单"
    AGENCY = "权力和责任清单"


@dataclass(frozen=True, slots=True)
class Basis:
    """A provision a row rests on, as printed: citation, version, status, verbatim words and their hash.

    `relation` says in which text a penalty stands: "" the duty's own, else 实施文本 or 上位法.
    """

    citation: str
    version: str | None
    status: str
    rank: int
    text: str
    source: str
    relation: str = ""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Approval:
    """Who did it, and when (ISO date and time): an approval, an edit or a removal."""

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
    """One duty and its bases. `bearer`, `modality`, `duty`, `bases`, `deadline` and `penalties` are the law's
    and cannot be edited; the rest can. `settled` names the fields of `advice` the drafting unit has set
    itself. `inherited` marks the duty of a wider post. A row of the unit's own making has no bases; its duty
    can be edited.
    """

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
    inherited: bool = False
    person: str = ""
    office: str = ""
    business: str = ""
    business_duty: str = ""
    due: str = ""
    supervision: str = ""
    comment: str = ""
    settled: tuple[str, ...] = ()
    edited: Approval | None = None
    approval: Approval | None = None

    @property
    def own(self) -> bool:
        """A row the drafting unit wrote: no provision stands behind it."""
        return not self.bases

    @property
    def rank(self) -> int:
        return self.bases[0].rank if self.bases else 99

    @property
    def seal(self) -> str:
        """Hash of everything in the row that is the law's."""
        held: list[Any] = [self.bearer, self.modality, self.duty, self.deadline]
        held += [asdict(one) for one in (*self.bases, *self.penalties)]
        return hashlib.sha256(json.dumps(held, ensure_ascii=False).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Removed:
    """A row taken out of the list, kept so that it can be put back; `mark` says who did it, and when."""

    row: ListRow
    at: int
    mark: Approval


@dataclass(frozen=True, slots=True)
class DutyList:
    """A saved list: it reopens from its JSON with edits and approvals.

    `texts` are the texts its rows come from; `silent` counts, for these, all articles and those in which no
    duty was found; `missing` are texts of the field the library does not hold.
    """

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
    removed: tuple[Removed, ...] = ()
    silent: tuple[int, int] = (0, 0)
    remarks: tuple[str, ...] = ()
    schema: int = field(default=SCHEMA)


@cache
def _advice_table() -> dict[str, Any]:
    return tomllib.loads(ADVICE.read_text(encoding="utf-8"))


def advise(duty: str, modality: str) -> Advice:
    """The suggestions for a duty, chosen by its words from duty_advice.toml."""
    table = _advice_table()
    default = table["default"]
    if modality == "must_not":
        return Advice(*(default[f"prohibition_{k}"] for k in ADVICE_FIELDS))
    if modality in ("may", "entitled"):
        return Advice(*(default[f"power_{k}"] for k in ADVICE_FIELDS))
    for entry in table["advice"]:
        if any(word in duty for word in entry["words"]):
            return Advice(*(entry[k] for k in ADVICE_FIELDS))
    return Advice(*(default[k] for k in ADVICE_FIELDS))


def draw_up(
    duties: Sequence[ListRow], *, kind: ListKind, title: str, as_of: str, post: str = "", industry: str = "",
    region: str = "", missing: Sequence[str] = (), omitted: int = 0, silent: tuple[int, int] = (0, 0),
    remarks: Sequence[str] = (),
) -> DutyList:  # fmt: skip
    """Orders the rows post → rank of the text → text → article order and checks what the list must hold.

    Raises WrongUsage above 2,000 rows: such a list is read by nobody, and must be narrowed.
    """
    if len(duties) > ROW_LIMIT:
        raise WrongUsage(
            f"清单共{len(duties)}行，超过{ROW_LIMIT}行。", "请用岗位、行业、地域或法规名称缩小范围后再导出。"
        )
    ordered = sorted(duties, key=lambda row: (row.post, row.inherited, row.rank, row.general))
    texts = tuple(dict.fromkeys(_text_line(basis) for row in ordered for basis in row.bases))
    drawn = DutyList(
        kind, title, tuple(ordered), as_of, post, industry, region, texts, tuple(missing), omitted,
        silent=silent, remarks=tuple(remarks),
    )  # fmt: skip
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
    for name, shown in LAW_FIELDS.items():
        if name in changes and changes[name] != getattr(row, name) and not (row.own and name == "duty"):
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
    for row in sorted(drawn.rows, key=lambda r: r.rank):
        name = "本单位自定" if row.own else names.get(row.rank, "其他文件")
        counts[name] = counts.get(name, 0) + 1
    parts = "、".join(f"{name}{count}项" for name, count in counts.items())
    return f"共{len(drawn.rows)}项，其中{parts}。" if drawn.rows else "共0项。"


def coverage_note(drawn: DutyList) -> tuple[str, ...]:
    """Which texts, as of which date, what was judged no duty, what is missing: printed under every list."""
    lines = [
        f"本清单依据截至{drawn.as_of}语料库中现行有效的{len(drawn.texts)}部文本编制：{'、'.join(drawn.texts)}。"
    ]
    articles, silent = drawn.silent
    if articles:
        lines.append(
            f"上述文本共{articles}条，其中{silent}条未识别出责任"
            "（立法目的、定义、适用范围、国家政策、罚则、施行日期等），未列入；定稿前请对照原文复核。"
        )
    if drawn.missing:
        lines.append(f"语料库中没有下列常用文本，相关责任未列入：{'、'.join(drawn.missing)}。")
    lines += drawn.remarks
    gone = drawn.omitted + len(drawn.removed)
    if gone:
        lines.append(f"另有{gone}行已由编制人删除。")
    lines.append("标有“建议”的内容不是条文，由编制单位确定。")
    return tuple(lines)


def dump(drawn: DutyList) -> dict[str, Any]:
    """The list as a JSON object; every row carries the seal of its law's words."""
    raw = asdict(drawn)
    for shown, row in zip(raw["rows"], drawn.rows, strict=True):
        shown["seal"] = row.seal
    for shown, gone in zip(raw["removed"], drawn.removed, strict=True):
        shown["row"]["seal"] = gone.row.seal
    return raw


def restore(raw: dict[str, Any], *, name: str = "清单") -> DutyList:
    """The list of a JSON object made by `dump`. Raises InputRefused when it is none, or when the law's words
    in it were altered.
    """
    try:
        held = json.loads(json.dumps(raw))
        rows = tuple(_row(row, f"第{n}行") for n, row in enumerate(held.pop("rows"), 1))
        removed = tuple(
            Removed(_row(one["row"], "删除行"), one["at"], Approval(**one["mark"]))
            for one in held.pop("removed")
        )
        kind = ListKind(held.pop("kind"))
        listed: dict[str, Any] = {key: tuple(held.pop(key)) for key in _LISTED}
        return DutyList(kind=kind, rows=rows, removed=removed, **listed, **held)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputRefused(
            f"{name} 不是本程序保存的清单。", "请选择由“保存清单”得到的 .json 文件。"
        ) from error


def save(drawn: DutyList, path: Path) -> None:
    """Writes the list as JSON, in one step: a broken write leaves the old file."""
    draft = path.with_suffix(path.suffix + ".part")
    draft.write_text(json.dumps(dump(drawn), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(path)


def reopen(path: Path) -> DutyList:
    """The list saved at `path`; InputRefused when it is no saved list or its quotations were altered."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputRefused(
            f"{path.name} 不是本程序保存的清单。", "请选择由“保存清单”得到的 .json 文件。"
        ) from error
    return restore(raw, name=path.name)


load = reopen


def _row(raw: dict[str, Any], where: str) -> ListRow:
    seal = raw.pop("seal")
    raw["bases"] = tuple(Basis(**basis) for basis in raw["bases"])
    raw["penalties"] = tuple(Basis(**basis) for basis in raw["penalties"])
    raw["advice"] = Advice(**raw["advice"])
    raw["settled"] = tuple(raw["settled"])
    for mark in ("approval", "edited"):
        raw[mark] = Approval(**raw[mark]) if raw[mark] else None
    row = ListRow(**raw)
    if row.seal != seal:
        raise InputRefused(
            f"{where}的条文文字或依据与保存时不同，清单不能打开。",
            "条文原文不能改动：请用未改动的文件，把意见写在备注栏。",
        )
    return row
