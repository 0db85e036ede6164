"""The columns of the four lists: what each shows of a row, and which a person may fill in.

Columns follow real lists: 全员安全生产责任制清单 (安全生产法 第二十二条), 岗位责任清单, 一岗双责清单 with
accountability before and after an accident, 权力和责任清单 (安全生产法 第十七条).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from generator.blocks import Cell, Run
from generator.duty_list import NO_FREQUENCY, Basis, ListKind, ListRow

STATUS_WORDS = {
    "in_force": "现行有效",
    "not_yet": "尚未生效",
    "amended": "已修改",
    "repealed": "已废止",
    "unknown": "效力未知",
}
NO_PENALTY = "库中未见对应罚则"
_POLICY = 7  # rank of a policy document
_ACCIDENT = re.compile("(?:发生|造成|导致|酿成).{0,12}事故|事故发生单位")
_OFTEN = re.compile(
    r"每(?:半年|[一二两三四五六七八九十\d]*个?(?:年|月|季度|季|周|星期|日|天|学期|班|小时))(?:[^，。；、]{0,10}?次)?"
)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list. `field` is the field of a row it edits ("advice.method" …), None for the law's
    words; `share` is its part of the width, `show` what it shows of a row.
    """

    key: str
    head: str
    share: float
    show: Callable[[ListRow], Cell]
    field: str | None = None

    @property
    def editable(self) -> bool:
        return self.field is not None

    def words(self, row: ListRow) -> str:
        """The cell as plain text."""
        return "\n".join("".join(run.text for run in runs) for runs in self.show(row).paragraphs)

    def value(self, row: ListRow) -> str:
        """What a person edits: the field alone, without 建议 and the like; for the law's words, `words`."""
        if self.field is None:
            return self.words(row)
        owner, _, name = self.field.rpartition(".")
        return str(getattr(row.advice if owner else row, name))


def law(text: str) -> Cell:
    """Words of a provision or a citation."""
    return Cell.of(text, "law")


_STATE, _LATIN = "《中华人民共和国", 28


def basis_words(basis: Basis, *, short: bool = False) -> str:
    """《…》第…条…（2021-06-10版，现行有效）; `short` as in a table's cell, whose note has the full titles."""
    version = f"{basis.version}版，" if basis.version else ""
    return f"{cite(basis) if short else basis.citation}（{version}{STATUS_WORDS[basis.status]}）"


def cite(basis: Basis) -> str:
    """The citation without the state's name; a long Latin title by its first words."""
    title, mark, label = basis.citation.partition("》")
    if title.isascii() is False and title[1:].isascii() and len(title) > _LATIN:
        title = f"{title[:_LATIN].rpartition(' ')[0]} …"
    return f"{title.replace(_STATE, '《', 1)}{mark}{label}"


def modality_mark(row: ListRow) -> str:
    """What the words of the duty do not say themselves: an item under 不得, a power under 可以."""
    mark = {"must_not": "不得", "may": "可以", "entitled": "有权"}.get(row.modality, "")
    said = (
        any(word in row.duty for word in ("不得", "禁止", "严禁", "不准", "不许"))
        if mark == "不得"
        else False
    )
    return f"〔{mark}〕" if mark and mark not in row.duty and not said else ""


def listed(bases: tuple[Basis, ...]) -> str:
    """《甲法》第一条、第二条；《乙法》第三条（实施文本）: a title once."""
    labels: dict[tuple[str, str], list[str]] = {}
    for basis in bases:
        title, _, label = cite(basis).partition("》")
        labels.setdefault((title, basis.relation), []).append(label)
    return "；".join(
        f"{title}》{'、'.join(named)}" + (f"（{relation}）" if relation else "")
        for (title, relation), named in labels.items()
    )


def stated_frequency(row: ListRow) -> str | None:
    """The words of the duty that say when or how often; still the law's."""
    if row.deadline:
        return row.deadline
    found = _OFTEN.search(row.duty)
    return found[0] if found else None


def frequency(row: ListRow) -> Cell:
    """The law's term or frequency; else that it has none, with our advice or the unit's own rule."""
    if words := stated_frequency(row):
        return law(words)
    none = NO_FREQUENCY if row.rank < _POLICY else NO_FREQUENCY.replace("法律", "文件")
    if row.own or "frequency" in row.settled:
        start = "" if row.own else f"{none}，本单位规定："
        return Cell.of(f"{start}{row.advice.frequency}")
    return Cell(((Run(f"{none}，建议{row.advice.frequency}", "advice"),),))


def _advice(name: str) -> Callable[[ListRow], Cell]:
    def show(row: ListRow) -> Cell:
        text = str(getattr(row.advice, name))
        if not text or row.own or name in row.settled:
            return Cell.of(text)
        return Cell(((Run(f"建议：{text}", "advice"),),))

    return show


def _duty(row: ListRow) -> Cell:
    """The law's words alone, so that they can be checked against it; the modality stands with the basis."""
    return Cell.of(row.duty) if row.own else law(row.duty)


def _bases(row: ListRow) -> Cell:
    if row.own:
        return Cell.of("本单位自定（不是法律规定）")
    return law(modality_mark(row) + "\n".join(basis_words(basis, short=True) for basis in row.bases))


def _post(row: ListRow) -> Cell:
    return Cell.of(
        (row.office or row.post or row.bearer)
        + ("（上级类别）" if row.inherited else "（通用）" if row.general else "")
    )


def _penalties(row: ListRow) -> Cell:
    return law(listed(row.penalties[:3])) if row.penalties else Cell.of(NO_PENALTY)


def accountability(row: ListRow, *, after: bool) -> Cell:
    """Provisions that punish the breach itself, or only once an accident has happened."""
    chosen = tuple(basis for basis in row.penalties if bool(_ACCIDENT.search(basis.text)) == after)
    return law(listed(chosen[:3])) if chosen else Cell.of(NO_PENALTY)


def breach_words(row: ListRow) -> Cell:
    """追责情形: the law's words that describe the breach: of an item the item, of a paragraph its case."""
    return law("\n".join(_case(basis.text) for basis in row.penalties[:2])) if row.penalties else Cell.of("")


def _case(text: str) -> str:
    lead, _, item = text.partition("\n")
    if item and "\n" not in item:
        return item
    cut = re.search(r"的，|的,", lead)
    return lead[: cut.end() - 1] if cut else lead.partition("，")[0]


def _stage(row: ListRow) -> Cell:
    return Cell.of(next((name for name, words in STAGES if any(w in row.duty for w in words)), "履行"))


POWERS = (
    ("行政处罚", ("处罚", "罚款", "没收", "吊销")),
    ("行政强制", ("查封", "扣押", "停止供电", "强制")),
    ("行政许可", ("许可", "批准", "审批", "核发", "颁发")),
    ("行政检查", ("检查", "抽查", "巡查", "监督")),
    ("行政确认", ("登记", "备案", "认定", "鉴定")),
    ("行政奖励", ("奖励", "表彰")),
)
# 责任事项 by stage: the first whose word stands in the duty.
STAGES = (
    ("受理", ("受理", "申请", "举报", "接到")),
    ("审查", ("审查", "审核", "核查", "评审")),
    ("决定", ("决定", "批准", "许可", "颁发", "核发", "处罚")),
    ("送达", ("送达", "告知", "公示", "公布", "公告")),
    ("检查", ("检查", "抽查", "巡查", "监督")),
    ("处置", ("查处", "处置", "责令", "移送", "抢险", "应急救援", "调查")),
    ("报告", ("报告", "通报", "上报", "备案")),
    ("部署", ("规划", "计划", "方案", "制定", "建立", "组织")),
)


def power_kind(row: ListRow) -> str:
    """职权类别 by the words of the duty; 其他职责 where none fits."""
    return next((name for name, words in POWERS if any(w in row.duty for w in words)), "其他职责")


def _field(name: str) -> Callable[[ListRow], Cell]:
    return lambda row: Cell.of(str(getattr(row, name)))


def _supervision(row: ListRow) -> Cell:
    return Cell.of(row.supervision) if row.supervision else _advice("evidence")(row)


DUTY = ListColumn("duty", "责任事项", 22, _duty)
COMMENT = ListColumn("comment", "备注", 7, _field("comment"), "comment")

COLUMNS: dict[ListKind, tuple[ListColumn, ...]] = {
    ListKind.COMPANY: (
        ListColumn("office", "部门/岗位", 7, _post, "office"),
        ListColumn("person", "责任人员", 5, _field("person"), "person"),
        DUTY,
        ListColumn("basis", "法定依据", 13, _bases),
        ListColumn("method", "履职方式与工作标准", 11, _advice("method"), "advice.method"),
        ListColumn("frequency", "频次/时限", 9, frequency, "advice.frequency"),
        ListColumn("evidence", "履职证据", 10, _advice("evidence"), "advice.evidence"),
        ListColumn("assessment", "考核标准", 9, _advice("assessment"), "advice.assessment"),
        ListColumn("penalty", "未履职的法律后果", 11, _penalties),
    ),
    ListKind.POST: (
        ListColumn("duty", "责任事项", 22, _duty),
        ListColumn("basis", "依据", 16, _bases),
        ListColumn("method", "怎么做", 11, _advice("method"), "advice.method"),
        ListColumn("frequency", "多久一次", 11, frequency, "advice.frequency"),
        ListColumn("evidence", "留什么记录", 10, _advice("evidence"), "advice.evidence"),
        ListColumn("assessment", "考核", 11, _advice("assessment"), "advice.assessment"),
    ),
    ListKind.LEADERS: (
        ListColumn("person", "姓名/职务", 6, lambda r: Cell.of(r.person or r.post or r.bearer), "person"),
        ListColumn("business", "分管业务", 5, _field("business"), "business"),
        ListColumn("business_duty", "业务职责", 5, _field("business_duty"), "business_duty"),
        ListColumn("duty", "对应安全职责", 20, _duty),
        ListColumn("basis", "依据", 12, _bases),
        ListColumn("frequency", "年度任务/频次", 8, frequency, "advice.frequency"),
        ListColumn("due", "完成时限", 5, _field("due"), "due"),
        ListColumn("office", "责任处室", 5, _field("office"), "office"),
        ListColumn("assessment", "考核方式", 8, _advice("assessment"), "advice.assessment"),
        ListColumn("before", "事前问责（未履职）", 9, lambda r: accountability(r, after=False)),
        ListColumn("after", "事后问责（发生事故）", 8, lambda r: accountability(r, after=True)),
    ),
    ListKind.AGENCY: (
        ListColumn("power", "职权类别", 5, lambda r: Cell.of(power_kind(r))),
        ListColumn("matter", "事项名称", 7, _field("business"), "business"),
        ListColumn("stage", "阶段", 4, _stage),
        ListColumn("duty", "责任事项", 20, _duty),
        ListColumn("basis", "实施依据", 14, _bases),
        ListColumn("breach", "追责情形", 13, breach_words),
        ListColumn("penalty", "追责依据", 9, _penalties),
        ListColumn("office", "承办机构", 6, _field("office"), "office"),
        ListColumn("supervision", "监督方式", 10, _supervision, "supervision"),
    ),
}


def columns_of(kind: ListKind) -> tuple[ListColumn, ...]:
    """Every column of a kind of list, 备注 last."""
    return (*COLUMNS[kind], COMMENT)
