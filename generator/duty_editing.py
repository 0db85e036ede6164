"""What a person does to a duty list before it is paper: fill in, add, remove, put back, approve row by row.

Every function takes a list and gives a new one; the list given is never changed. Rows are named by their
`key`, columns by their key or their head. The law's words cannot be edited: a comment field is there for
that. An edit takes the approval of its row back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from corpus.errors import InputRefused, WrongUsage
from corpus.library import Library
from generator.duty_columns import ListColumn, columns_of
from generator.duty_list import (
    Advice,
    Approval,
    DutyList,
    ListKind,
    ListRow,
    Removed,
    edit,
)
from generator.duty_list import approve as approve_row


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as a table shows it: `shown` by column key as printed, `values` by column key as edited."""

    key: str
    number: int
    shown: dict[str, str]
    values: dict[str, str]
    own: bool
    approval: Approval | None


def rows(drawn: DutyList) -> tuple[ShownRow, ...]:
    """The list as a table: one entry a row, in order, with every column of its kind and 备注."""
    columns = columns_of(drawn.kind)
    return tuple(
        ShownRow(
            row.key,
            number,
            {column.key: column.words(row) for column in columns},
            {column.key: column.value(row) for column in columns},
            row.own,
            row.approval,
        )
        for number, row in enumerate(drawn.rows, 1)
    )


def set_cell(drawn: DutyList, key: str, column: str, text: str, *, by: str = "", at: str = "") -> DutyList:
    """The list with one cell filled in. Setting a cell to what it holds changes nothing.

    Raises InputRefused for a column of the law's words (the duty of an own row can be edited), WrongUsage
    for an unknown row or column.
    """
    row, wanted = row_of(drawn, key), _column(drawn.kind, column)
    text = text.strip()
    if text == wanted.value(row).strip():
        return drawn
    if wanted.key == "duty" and row.own:
        changed = edit(row, duty=_needed(text, "责任事项"))
    elif wanted.field is None:
        raise InputRefused(f"“{wanted.head}”是条文原文或由条文得出，不能改动。", "请把意见写在备注栏。")
    elif wanted.field.startswith("advice."):
        name = wanted.field.removeprefix("advice.")
        settled = (*(one for one in row.settled if one != name), name)
        changed = edit(row, advice=replace(row.advice, **{name: text}), settled=settled)
    else:
        changed = edit(row, **{wanted.field: text})
    return _with(drawn, replace(changed, edited=_mark(by, at)))


def add_row(
    drawn: DutyList, row: ListRow, *, by: str = "", at: str = "", after: str | None = None
) -> DutyList:
    """The list with a row of the law more (from `duty_rows.rows_of`, or a proposal of `list_impact.revise`):
    behind the row `after`, else at the end. Raises WrongUsage when the list has it already.
    """
    if any(held.key == row.key for held in drawn.rows):
        raise WrongUsage("清单里已有这一行。", "请换一项责任。")
    place = len(drawn.rows) if after is None else _index(drawn, after) + 1
    added = replace(row, approval=None, edited=_mark(by, at))
    return replace(drawn, rows=(*drawn.rows[:place], added, *drawn.rows[place:]))


def own_row(post: str, duty: str, *, at: str = "") -> ListRow:
    """A row of the drafting unit's own making, for `add_row`; it is printed as 本单位自定, never as law."""
    words = _needed(duty, "责任事项")
    key = "own-" + hashlib.sha256(f"{post}{words}{at}".encode()).hexdigest()[:12]
    return ListRow(key, post, post, "must", words, (), None, (), Advice("", "", "", ""))


def remove_row(drawn: DutyList, key: str, *, by: str = "", at: str = "") -> DutyList:
    """The list without a row; the row is kept under `removed` and the coverage note counts it."""
    place = _index(drawn, key)
    gone = Removed(drawn.rows[place], place, _mark(by, at) or Approval("", ""))
    kept = (*drawn.rows[:place], *drawn.rows[place + 1 :])
    return replace(drawn, rows=kept, removed=(*drawn.removed, gone))


def put_back(drawn: DutyList, key: str) -> DutyList:
    """The list with a removed row at its old place again. Raises WrongUsage when none of that key was."""
    gone = next((one for one in drawn.removed if one.row.key == key), None)
    if gone is None:
        raise WrongUsage(f"没有删除过编号为 {key} 的行。", "请从已删除的行里选择。")
    left = tuple(one for one in drawn.removed if one is not gone)
    return replace(drawn, rows=(*drawn.rows[: gone.at], gone.row, *drawn.rows[gone.at :]), removed=left)


def approve(drawn: DutyList, key: str, *, by: str, at: str) -> DutyList:
    """The list with a row approved: `by` a name, `at` an ISO date and time. An empty name is refused."""
    return _with(drawn, approve_row(row_of(drawn, key), who=by, when=at))


def withdraw(drawn: DutyList, key: str) -> DutyList:
    """The list with the approval of a row taken back."""
    return _with(drawn, replace(row_of(drawn, key), approval=None))


def change_kind(drawn: DutyList, kind: ListKind) -> DutyList:
    """The same rows as another of the four lists; edits and approvals stay."""
    return replace(drawn, kind=kind, title=drawn.title.replace(drawn.kind.value, kind.value))


def row_of(drawn: DutyList, key: str) -> ListRow:
    """The row of that key, or of that number (1 is the first). Raises WrongUsage where there is none."""
    return drawn.rows[_index(drawn, key)]


def verify(drawn: DutyList, library: Library) -> tuple[str, ...]:
    """Sentences on rows whose words do not stand in the library's text they name; () when all do."""
    held: dict[str, str | None] = {}
    found: list[str] = []
    for number, row in enumerate(drawn.rows, 1):
        for basis in (*row.bases, *row.penalties):
            if basis.source not in held:
                held[basis.source] = _text(library, basis.source)
            text = held[basis.source]
            if text is None:
                found.append(f"第{number}行：库中没有{basis.citation}所在的文本。")
            elif not all(line.strip() in text for line in basis.text.split("\n")):
                found.append(f"第{number}行：{basis.citation}的文字与库中条文不同。")
    return tuple(found)


def _text(library: Library, source: str) -> str | None:
    edition = library.by_source(source)
    if edition is None:
        return None
    return "\n".join(provision.text for provision in library.provisions(edition.key))


def _column(kind: ListKind, name: str) -> ListColumn:
    columns = columns_of(kind)
    found = next((one for one in columns if name in (one.key, one.head)), None)
    if found is None:
        raise WrongUsage(
            f"{kind.value}没有“{name}”这一列。", f"可用：{'、'.join(one.head for one in columns)}。"
        )
    return found


def _index(drawn: DutyList, key: str) -> int:
    at = next((n for n, row in enumerate(drawn.rows) if row.key == key), None)
    if at is None and key.isdigit() and 0 < int(key) <= len(drawn.rows):
        at = int(key) - 1
    if at is None:
        raise WrongUsage(f"清单里没有第 {key} 行。", f"清单共{len(drawn.rows)}行。")
    return at


def _with(drawn: DutyList, row: ListRow) -> DutyList:
    return replace(drawn, rows=tuple(row if held.key == row.key else held for held in drawn.rows))


def _mark(by: str, at: str) -> Approval | None:
    return Approval(by.strip(), at) if by.strip() or at else None


def _needed(text: str, what: str) -> str:
    if not text.strip():
        raise WrongUsage(f"{what}不能为空。", "请写明内容，或删除这一行。")
    return text.strip()
