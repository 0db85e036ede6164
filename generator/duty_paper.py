"""A duty list on paper: the four lists as a table or as numbered text, in Word blocks or sheet rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.numeral import to_chinese
from generator.blocks import Block, Cell, Column, Heading, Paper, Paragraph, Run, Table, Title
from generator.duty_list import NO_FREQUENCY, Basis, DutyList, ListKind, ListRow, count_line, coverage_note

_ACCIDENT = re.compile("(?:发生|造成|导致).{0,12}事故")
LEADERS_PRINCIPLES = (
    "党政同责、一岗双责、齐抓共管、失职追责和管行业必须管安全、管业务必须管安全、管生产经营必须管安全"
)
_OFTEN = re.compile(
    r"每(?:半年|[一二两三四五六七八九十\d]*个?(?:年|月|季度|季|周|星期|日|天|学期|班|小时))(?:[^，。；、]{0,10}?次)?"
)
STATUS_WORDS = {
    "in_force": "现行有效",
    "not_yet": "尚未生效",
    "amended": "已修改",
    "repealed": "已废止",
    "unknown": "效力未知",
}


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: its head, its part of the width, and what it shows of a row."""

    head: str
    share: float
    show: Callable[[ListRow], Cell]


def _law(text: str) -> Cell:
    return Cell.of(text, "law")


def _advice(text: str) -> Cell:
    return Cell(((Run(f"建议：{text}", "advice"),),)) if text else Cell.of("")


def basis_words(basis: Basis) -> str:
    """《…》第…条…（2021-06-10版，现行有效）."""
    version = f"{basis.version}版，" if basis.version else ""
    return f"{basis.citation}（{version}{STATUS_WORDS[basis.status]}）"


def _bases(row: ListRow) -> Cell:
    return _law(_modality(row) + "\n".join(basis_words(basis) for basis in row.bases))


def _penalties(row: ListRow) -> Cell:
    if not row.penalties:
        return Cell.of("本法未见对应罚则")
    return _law("\n".join(f"{basis.citation}：{basis.text}" for basis in row.penalties[:2]))


def _penalty_citations(row: ListRow) -> Cell:
    if not row.penalties:
        return Cell.of("本法未见对应罚则")
    return _law(_listed(row.penalties[:3]))


def _listed(bases: tuple[Basis, ...]) -> str:
    """《甲法》第一条、第二条；《乙法》第三条: a title once."""
    labels: dict[str, list[str]] = {}
    for basis in bases:
        title, _, label = basis.citation.partition("》")
        labels.setdefault(title, []).append(label)
    return "；".join(f"{title}》{'、'.join(named)}" for title, named in labels.items())


def _accountability(row: ListRow, *, after: bool) -> Cell:
    """Provisions that punish the breach itself, or only once an accident has happened."""
    chosen = [basis.citation for basis in row.penalties if bool(_ACCIDENT.search(basis.text)) == after]
    return _law("\n".join(chosen[:3])) if chosen else Cell.of("库中未见")


def _stated_frequency(duty: str) -> str | None:
    """The words of the duty that say how often; still the law's."""
    found = _OFTEN.search(duty)
    return found[0] if found else None


def _frequency(row: ListRow) -> Cell:
    if words := row.deadline or _stated_frequency(row.duty):
        return _law(words)
    return Cell(((Run(f"{NO_FREQUENCY}，建议{row.advice.frequency}", "advice"),),))


def _modality(row: ListRow) -> str:
    """What the words of the duty do not say themselves: an item under 不得, a power under 可以."""
    mark = {"must_not": "不得", "may": "可以", "entitled": "有权"}.get(row.modality, "")
    return f"〔{mark}〕" if mark and mark not in row.duty else ""


def _duty(row: ListRow) -> Cell:
    """The law's words alone, so that they can be checked against it; the modality stands with the basis."""
    return _law(row.duty)


def _inherited(row: ListRow) -> str:
    return "（通用）" if row.general else ""


def _post(row: ListRow) -> Cell:
    return Cell.of((row.office or row.post or row.bearer) + _inherited(row))


COLUMNS: dict[ListKind, tuple[ListColumn, ...]] = {
    ListKind.COMPANY: (
        ListColumn("部门/岗位", 7, _post),
        ListColumn("责任人员", 5, lambda r: Cell.of(r.person)),
        ListColumn("责任事项", 22, _duty),
        ListColumn("法定依据", 13, _bases),
        ListColumn("履职方式与工作标准", 11, lambda r: _advice(r.advice.method)),
        ListColumn("频次/时限", 9, _frequency),
        ListColumn("履职证据", 10, lambda r: _advice(r.advice.evidence)),
        ListColumn("考核标准", 9, lambda r: _advice(r.advice.assessment)),
        ListColumn("未履职的法律后果", 11, _penalty_citations),
    ),
    ListKind.POST: (
        ListColumn("责任事项", 24, _duty),
        ListColumn("依据", 15, _bases),
        ListColumn("怎么做", 11, lambda r: _advice(r.advice.method)),
        ListColumn("多久一次", 9, _frequency),
        ListColumn("留什么记录", 10, lambda r: _advice(r.advice.evidence)),
        ListColumn("考核", 9, lambda r: _advice(r.advice.assessment)),
    ),
    ListKind.LEADERS: (
        ListColumn("姓名/职务", 7, lambda r: Cell.of(r.person or r.post or r.bearer)),
        ListColumn("分管业务", 6, lambda r: Cell.of(r.office)),
        ListColumn("对应安全职责", 24, _duty),
        ListColumn("依据", 13, _bases),
        ListColumn("年度任务/频次", 9, _frequency),
        ListColumn("责任处室", 6, lambda r: Cell.of(r.comment)),
        ListColumn("考核方式", 9, lambda r: _advice(r.advice.assessment)),
        ListColumn("事前问责（未履职）", 9, lambda r: _accountability(r, after=False)),
        ListColumn("事后问责（发生事故）", 9, lambda r: _accountability(r, after=True)),
    ),
    ListKind.AGENCY: (
        ListColumn("职权类别", 6, lambda r: Cell.of(power_kind(r))),
        ListColumn("责任事项", 24, _duty),
        ListColumn("实施依据", 14, _bases),
        ListColumn("追责情形及依据", 13, _penalties),
        ListColumn("承办机构", 7, lambda r: Cell.of(r.office)),
        ListColumn("监督方式", 9, lambda r: _advice(r.advice.evidence)),
    ),
}

POWERS = (
    ("行政处罚", ("处罚", "罚款", "没收", "吊销")),
    ("行政强制", ("查封", "扣押", "停止供电", "强制")),
    ("行政许可", ("许可", "批准", "审批", "核发", "颁发")),
    ("行政检查", ("检查", "抽查", "巡查", "监督")),
    ("行政确认", ("登记", "备案", "认定", "鉴定")),
    ("行政奖励", ("奖励", "表彰")),
)


def power_kind(row: ListRow) -> str:
    """职权类别 by the words of the duty; 其他职责 where none fits."""
    return next((name for name, words in POWERS if any(w in row.duty for w in words)), "其他职责")


def table_paper(drawn: DutyList, *, hidden: tuple[str, ...] = ()) -> Paper:
    """The list as a table: landscape, but A4 portrait for one post. `hidden` names columns to leave out."""
    columns = [column for column in COLUMNS[drawn.kind] if column.head not in hidden]
    heads = (Column("序号", 4), *(Column(column.head, column.share) for column in columns))
    rows = tuple(
        (Cell.of(str(number), centred=True), *(column.show(row) for column in columns))
        for number, row in enumerate(drawn.rows, 1)
    )
    blocks: list[Block] = [Title(drawn.title), *_opening(drawn), Table(heads, rows, _scope(drawn))]
    return Paper((*blocks, *_closing(drawn)), drawn.title, landscape=drawn.kind is not ListKind.POST)


def text_paper(drawn: DutyList) -> Paper:
    """The list as numbered text, the other form real lists come in."""
    blocks: list[Block] = [Title(drawn.title), *_opening(drawn)]
    section, previous = 0, None
    for number, row in enumerate(drawn.rows, 1):
        post = row.post or row.bearer
        if post != previous:
            section, previous = section + 1, post
            blocks.append(Heading(f"{to_chinese(section)}、{post}", 1))
        blocks.append(Paragraph((Run(f"{number}.{_modality(row)}"), Run(row.duty, "law"))))
        blocks.append(Paragraph.of("依据：" + "；".join(basis_words(basis) for basis in row.bases) + "。"))
        blocks.append(Paragraph((*_frequency(row).paragraphs[0],)))
        if row.penalties:
            blocks.append(Paragraph.of(f"未履职的法律后果：{_listed(row.penalties[:3])}。"))
    return Paper((*blocks, *_closing(drawn)), drawn.title)


def _scope(drawn: DutyList) -> str:
    parts = [("岗位", drawn.post), ("行业", drawn.industry), ("地域", drawn.region), ("截至", drawn.as_of)]
    return "　".join(f"{name}：{value}" for name, value in parts if value)


def _opening(drawn: DutyList) -> list[Block]:
    if drawn.kind is not ListKind.LEADERS:
        return []
    return [Paragraph.of(f"按照{LEADERS_PRINCIPLES}编制。")]


def _closing(drawn: DutyList) -> list[Block]:
    blocks: list[Block] = [Paragraph.of(count_line(drawn), "Small Note")]
    blocks += [Paragraph.of(line, "Small Note") for line in coverage_note(drawn)]
    approved = [row.approval for row in drawn.rows if row.approval]
    if approved:
        who = "、".join(dict.fromkeys(f"{a.who}（{a.when[:10]}）" for a in approved))
        blocks.append(
            Paragraph.of(
                f"已逐行审定{len(approved)}行，未审定{len(drawn.rows) - len(approved)}行；审定人：{who}。",
                "Small Note",
            )
        )
    if drawn.kind is ListKind.POST:
        blocks.append(
            Paragraph(
                (
                    Run("责任人签字："),
                    Run("\u00a0" * 12, "blank"),
                    Run("　日期："),
                    Run("\u00a0" * 12, "blank"),
                ),
                "No Indent",
            )
        )
    return blocks
