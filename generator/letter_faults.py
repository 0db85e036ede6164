"""What is wrong with the fields of a letter, all of it at once, each fault with its place and the next step.

The terminal refuses with the first fault; a form shows every one beside its field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from corpus.errors import InputRefused
from generator.letter_days import AT_ONCE, DAY_FIELDS, iso_day
from generator.letter_kind import Fields, LetterKind, is_company

FINDING_LIMIT = 500
CELL_LIMIT = 3000
ROW_FIELDS = ("问题", "执法人员", "落实情况", "问题核查", "复查结果")
STATES = ("已完成", "推进中", "未采纳")
_EARLIER = ("收到日期", "检查日期", "复查日期")
_MAIN = {"落实情况": "建议", "复查结果": "问题"}
_SAMPLES = "请参照 examples/letters 中的样例。"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its field, its row (from 1) and column in a table, a sentence, and the next step."""

    field: str
    said: str
    next_step: str
    row: int | None = None
    column: str = ""

    def refusal(self) -> InputRefused:
        return InputRefused(self.said, self.next_step)


def find_faults(kind: LetterKind, fields: Fields, *, on: str | None = None) -> tuple[Fault, ...]:
    """Everything wrong with the fields of a letter of this kind, dated `on` (成文日期, else today)."""
    shape = tuple(_shapes(fields))
    if shape:
        return shape
    day = on or iso_day(_said(fields, "成文日期")) or date.today().isoformat()
    return (
        *_issuers(kind, fields),
        *_missing(kind, fields),
        *_days(fields),
        *_findings(fields, day),
        *_order(fields),
        *_progress(fields, day),
        *_empty_rows(fields),
    )


def refuse(faults: Sequence[Fault]) -> None:
    """Raises InputRefused for the first fault."""
    if faults:
        raise faults[0].refusal()


def _said(fields: Fields, name: str) -> str:
    return str(fields.get(name) or "").strip()


def _rows(fields: Fields, name: str) -> list[Mapping[str, Any]]:
    rows = fields.get(name) or []
    return [row if isinstance(row, Mapping) else {"内容": row} for row in rows]


def _shapes(fields: Fields) -> Iterator[Fault]:
    for name in ROW_FIELDS:
        value = fields.get(name) or []
        words = (str, Mapping) if name == "问题" else (Mapping,)
        if not isinstance(value, list | tuple) or not all(isinstance(row, words) for row in value):
            what = "一组问题，每条写明“内容”" if name == "问题" else "一组行，每行写明各栏"
            yield Fault(name, f"“{name}”应当是{what}。", _SAMPLES)


def _issuers(kind: LetterKind, fields: Fields) -> Iterator[Fault]:
    if kind.issuer == "agency" and fields.get("发文机关") and is_company(fields):
        yield Fault(
            "发文机关",
            f"{kind.name}是行政执法文书，只能由行政机关制作，{fields['发文机关']}不能出具。",
            f"企业内部整改请改用“{kind.instead}”。",
        )


def _missing(kind: LetterKind, fields: Fields) -> Iterator[Fault]:
    for name in kind.required:
        value = fields.get(name)
        if not (value.strip() if isinstance(value, str) else value):
            yield Fault(name, f"缺少必填项“{name}”。", f"请在输入中补充“{name}”后再生成{kind.name}。")


def _days(fields: Fields) -> Iterator[Fault]:
    for name in DAY_FIELDS:
        if _said(fields, name):
            yield from _no_day(iso_day(_said(fields, name)), name, Fault(name, "", ""))


def _no_day(written: str, name: str, at: Fault) -> Iterator[Fault]:
    try:
        date.fromisoformat(written)
    except ValueError:
        said = f"“{name}”的日期“{written[:40]}”无法识别。"
        yield Fault(at.field, said, "请写成 2026-01-31 的形式。", at.row, at.column)


def _findings(fields: Fields, day: str) -> Iterator[Fault]:
    rows = _rows(fields, "问题")
    if len(rows) > FINDING_LIMIT:
        said = f"问题共{len(rows)}条，一份文书最多{FINDING_LIMIT}条。"
        yield Fault("问题", said, "请按场所或日期分成几份文书。")
    for n, row in enumerate(rows, 1):
        if not str(row.get("内容") or "").strip():
            yield Fault("问题", f"第{n}条问题内容为空。", "请填写问题事实，或删除这一行。", n, "内容")
        for column, words in row.items():
            if len(str(words or "")) > CELL_LIMIT:
                named = "" if column == "内容" else f"的“{column}”"
                said = f"第{n}条问题{named}超过{CELL_LIMIT}字。"
                yield Fault("问题", said, "请写明事实要点，其余作为附件。", n, str(column))
        yield from _term(iso_day(str(row.get("期限") or "")), n, day)


def _term(limit: str, n: int, day: str) -> Iterator[Fault]:
    if not limit or limit == AT_ONCE:
        return
    wrong = tuple(_no_day(limit, f"第{n}条问题的期限", Fault("问题", "", "", n, "期限")))
    if not wrong and limit < day:
        said = f"第{n}条问题的期限{limit}早于成文日期{day}。"
        wrong = (Fault("问题", said, "请改为成文日期之后的日期。", n, "期限"),)
    yield from wrong


def _order(fields: Fields) -> Iterator[Fault]:
    written = iso_day(_said(fields, "成文日期"))
    for name in _EARLIER:
        earlier = iso_day(_said(fields, name))
        if _is_day(earlier) and _is_day(written) and written < earlier:
            yield Fault("成文日期", f"成文日期{written}早于{name}{earlier}。", "请核对两个日期。")


def _progress(fields: Fields, day: str) -> Iterator[Fault]:
    """What is 已完成 needs evidence, what is 未采纳 a reason; what is still to come lies not in the past."""
    name = "落实情况"
    for n, row in enumerate(_rows(fields, name), 1):
        state = str(row.get("状态") or "推进中").strip()
        done = iso_day(str(row.get("完成时间") or ""))
        if state not in STATES:
            said = f"第{n}条的状态“{state}”无法识别。"
            yield Fault(name, said, f"请填写：{'、'.join(STATES)}。", n, "状态")
        if state == "已完成" and not row.get("证据附件号"):
            said = f"第{n}条标为已完成，但没有证据附件号。"
            yield Fault(name, said, "请填写证据附件号，或改为推进中。", n, "证据附件号")
        if state == "未采纳" and not row.get("理由"):
            yield Fault(name, f"第{n}条标为未采纳，但没有理由。", "请填写未采纳的理由。", n, "理由")
        if not _is_day(done):
            continue
        if state == "推进中" and done < day:
            said = f"第{n}条推进中，完成时间{done}却早于成文日期{day}。"
            yield Fault(name, said, "请改为今后的日期，或标为已完成。", n, "完成时间")
        if state == "已完成" and done > day:
            said = f"第{n}条标为已完成，完成时间{done}却晚于成文日期{day}。"
            yield Fault(name, said, "请核对完成时间，或改为推进中。", n, "完成时间")


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _empty_rows(fields: Fields) -> Iterator[Fault]:
    for name, main in _MAIN.items():
        for n, row in enumerate(_rows(fields, name), 1):
            if not str(row.get(main) or "").strip():
                yield Fault(name, f"“{name}”第{n}行没有写“{main}”。", "请补充，或删除这一行。", n, main)
