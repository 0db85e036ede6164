"""A rectification letter before it is paper: its kind, its fields, and what it may not be without.

Who may issue what: 责令限期整改指令书, 现场处理措施决定书 and 整改复查意见书 are enforcement documents of
an agency (安全生产法 第六十五条 and 第六十七条); a company is refused and offered 隐患整改通知单.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import InputRefused, WrongUsage
from generator.letter_days import AT_ONCE, DAY_FIELDS, with_iso_days

HERE = Path(__file__).parent
FINDING_LIMIT = 500
CELL_LIMIT = 3000
_COMPANY = re.compile(
    "公司|集团|(?:厂|商场|酒店|宾馆|矿业|煤矿|矿山|合作社|中心店|医院|学校|大学)(?=$|[^局委厅]{0,8}(?:部|科|处|室)$)"
    "|(?:居民|村民|业主)委员会$"
)
_AGENCY = re.compile(
    "(?:局|委员会|人民政府|厅|支队|大队|总队|办事处|管委会)$"
    "|^(?:中华人民共和国)?(?:应急管理|交通运输|公安|教育|水利|农业农村|自然资源|生态环境|住房和城乡建设|工业和信息化)部$"
)
_SAFETY_FIELDS = (
    ("整改要求", "measure"),
    ("责任人", "person"),
    ("期限", "deadline"),
    ("资金", "funds"),
    ("预案", "precaution"),
)
ROW_FIELDS = ("执法人员", "落实情况", "问题核查", "复查结果")
DRAFT = "草稿—须由有执法资格的人员核对、签名、盖章"

STATUS_NOTE = {"amended": "（已修改）", "repealed": "（已废止）", "not_yet": "（尚未生效）"}

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of letter as letter_kinds.toml describes it.

    `general_name` is the 总称 over an enforcement document; a 信函 has no page number on its first page.
    """

    name: str
    issuer: str
    required: tuple[str, ...]
    parts: tuple[str, ...]
    enforcement: bool
    instead: str = ""
    general_name: str = ""
    first_page_number: bool = True


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


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: the fact, where, the evidence, the law, and the five fields of 五落实.

    `others` are further provisions the library proposes, for the user to choose from; they are not printed.
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
def kinds() -> dict[str, LetterKind]:
    """Every kind of letter, by name."""
    raw = tomllib.loads((HERE / "letter_kinds.toml").read_text(encoding="utf-8"))
    return {
        name: LetterKind(
            name,
            k["issuer"],
            tuple(k["required"]),
            tuple(k["parts"]),
            k["enforcement"],
            k.get("instead", ""),
            k.get("general_name", ""),
            k.get("first_page_number", True),
        )
        for name, k in raw.items()
    }


@cache
def _wordings() -> tuple[Wording, ...]:
    raw = tomllib.loads((HERE / "letter_wording.toml").read_text(encoding="utf-8"))
    return tuple(Wording(**entry) for entry in raw["wording"])


def wording(part: str, *, on: str) -> Wording | None:
    """The form sentence of a part valid on a date; None where the data holds none."""
    for entry in _wordings():
        if entry.part == part and entry.effective_from <= on and (entry.effective_to or "9999") > on:
            return entry
    return None


def find_kind(name: str) -> LetterKind:
    """The kind of that name. Raises WrongUsage naming the kinds there are."""
    if name not in kinds():
        raise WrongUsage(f"没有“{name}”这种文书。", f"可用的文书：{'、'.join(kinds())}。")
    return kinds()[name]


def is_company(fields: Fields) -> bool:
    """Whether the issuer is a company: as stated in 机关类型, else by its name."""
    stated = str(fields.get("机关类型") or "")
    if stated:
        return stated in ("企业", "公司", "company")
    name = str(fields.get("发文机关") or "")
    return bool(_COMPANY.search(name)) or not _AGENCY.search(name)


def prepare(
    kind: LetterKind, fields: Fields, findings: Sequence[Finding], *, on: str | None = None
) -> Letter:
    """Checks a letter and makes it ready. Raises InputRefused naming the first thing that is wrong."""
    fields = checked_fields(fields)
    day = on or str(fields.get("成文日期") or date.today().isoformat())
    check_issuer(kind, fields)
    for name in kind.required:
        value = findings if name == "问题" else fields.get(name)
        if not value:
            raise InputRefused(f"缺少必填项“{name}”。", f"请在输入中补充“{name}”后再生成{kind.name}。")
    _check_findings(findings)
    _check_dates(fields, findings, day)
    return Letter(kind, fields, tuple(findings), day, _warnings(kind, fields, findings))


def check_issuer(kind: LetterKind, fields: Fields) -> None:
    """Raises InputRefused where a company would issue an enforcement document, and names what it may use."""
    if kind.issuer == "agency" and fields.get("发文机关") and is_company(fields):
        raise InputRefused(
            f"{kind.name}是行政执法文书，只能由行政机关制作，{fields['发文机关']}不能出具。",
            f"企业内部整改请改用“{kind.instead}”。",
        )


def checked_fields(fields: Fields) -> dict[str, Any]:
    """The fields with ISO dates. Raises InputRefused naming the field that is no table or no day."""
    for name in ROW_FIELDS:
        value = fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise InputRefused(f"“{name}”应当是一组行，每行写明各栏。", "请参照 examples/letters 中的样例。")
    dated = with_iso_days(fields)
    for name in DAY_FIELDS:
        if dated.get(name):
            _day(str(dated[name]), name)
    return dated


def _check_findings(findings: Sequence[Finding]) -> None:
    if len(findings) > FINDING_LIMIT:
        raise InputRefused(
            f"问题共{len(findings)}条，一份文书最多{FINDING_LIMIT}条。", "请按场所或日期分成几份文书。"
        )
    for number, finding in enumerate(findings, 1):
        if not finding.text.strip():
            raise InputRefused(f"第{number}条问题内容为空。", "请填写问题事实，或删除这一行。")
        if len(finding.text) > CELL_LIMIT:
            raise InputRefused(f"第{number}条问题超过{CELL_LIMIT}字。", "请写明事实要点，其余作为附件。")


def _check_dates(fields: Fields, findings: Sequence[Finding], day: str) -> None:
    for number, finding in enumerate(findings, 1):
        if finding.deadline and finding.deadline != AT_ONCE:
            limit = _day(finding.deadline, f"第{number}条问题的期限")
            if limit.isoformat() < day:
                raise InputRefused(
                    f"第{number}条问题的期限{finding.deadline}早于成文日期{day}。",
                    "请改为成文日期之后的日期。",
                )
    written = fields.get("成文日期")
    for name in ("收到日期", "检查日期", "复查日期"):
        earlier = fields.get(name)
        if earlier and written and str(written) < str(earlier):
            raise InputRefused(f"成文日期{written}早于{name}{earlier}。", "请核对两个日期。")


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputRefused(f"“{name}”的日期“{text}”无法识别。", "请写成 2026-01-31 的形式。") from error


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
