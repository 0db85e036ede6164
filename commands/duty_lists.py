"""zeren duty-list: a saved duty list shown, filled in, approved row by row, and written as Word or Excel."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from commands.console import add_reading, data_folder, print_json, say
from corpus.errors import WrongUsage


def register(commands: Any) -> None:
    """Registers the command on the terminal's router."""
    lists = commands.add_parser("duty-list", help="show, edit, approve and export a saved duty list")
    add_reading(lists)
    lists.add_argument("file", metavar="FILE.json", help="a list saved with `zeren duties … -o FILE.json`")
    lists.add_argument(
        "--set", dest="cells", nargs=3, action="append", default=[], metavar=("ROW", "COLUMN", "TEXT"),
        help="fill in a cell, e.g. --set 3 考核标准 每季度得分90分以上",
    )  # fmt: skip
    lists.add_argument("--add", nargs=2, action="append", default=[], metavar=("POST", "DUTY"),
                       help="add a row of your own (printed 本单位自定)")  # fmt: skip
    lists.add_argument("--remove", action="append", default=[], metavar="ROW")
    lists.add_argument("--put-back", action="append", default=[], metavar="KEY", help="undo a removal")
    lists.add_argument("--approve", action="append", default=[], metavar="ROW", help="needs --by")
    lists.add_argument("--withdraw", action="append", default=[], metavar="ROW", help="take an approval back")
    lists.add_argument("--by", metavar="NAME", help="who edits or approves")
    lists.add_argument("--verify", action="store_true", help="hold every quotation against the library")
    lists.add_argument("--list", dest="kind", metavar="KIND", help="make it another of the four lists")
    lists.add_argument("--form", choices=("table", "text"), default="table", help="table or numbered text")
    lists.add_argument("--hide", action="append", default=[], metavar="COLUMN", help="leave a column out")
    lists.add_argument("-o", "--output", metavar="FILE", help="also write .docx, .xlsx or .json")
    lists.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Applies the changes in the order set, add, remove, put back, approve; saves only when all succeed."""
    from generator.duty_list import load, save
    from generator.duty_rows import write_list

    path = Path(args.file)
    drawn = load(path)
    changed = _changed(drawn, args)
    if args.verify and (status := _verify(changed, args)):
        return status
    if changed != drawn:
        save(changed, path)
        say(f"已保存 {path}。")
    if args.output:
        write_list(changed, Path(args.output), form=args.form, hidden=args.hide)
        say(f"已写入 {args.output}：{len(changed.rows)} 项。")
    if args.json:
        print_json(_as_json(changed))
    elif not args.output and changed == drawn:
        _show(changed)
    return 0


def _changed(drawn: Any, args: argparse.Namespace) -> Any:
    from generator import duty_editing as editing
    from generator.duty_list import ListKind

    at = datetime.now().astimezone().isoformat(timespec="minutes")
    by = args.by or ""
    if args.approve and not by:
        raise WrongUsage("审定须写明审定人。", "请加上 --by 姓名。")
    keys = {one: editing.row_of(drawn, one).key for one in _named(args)}  # numbers as they stand before
    who = by or getpass.getuser()
    if args.kind:
        if args.kind not in list(ListKind):
            raise WrongUsage(f"没有“{args.kind}”这种清单。", f"可用：{'、'.join(ListKind)}。")
        drawn = editing.change_kind(drawn, ListKind(args.kind))
    for row, column, text in args.cells:
        drawn = editing.set_cell(drawn, keys[row], column, text, by=who, at=at)
    for post, duty in args.add:
        drawn = editing.add_row(drawn, editing.own_row(post, duty, at=at), by=who, at=at)
    for row in args.remove:
        drawn = editing.remove_row(drawn, keys[row], by=who, at=at)
    for key in args.put_back:
        drawn = editing.put_back(drawn, key)
    for row in args.approve:
        drawn = editing.approve(drawn, keys[row], by=by, at=at)
    for row in args.withdraw:
        drawn = editing.withdraw(drawn, keys[row])
    return drawn


def _named(args: argparse.Namespace) -> list[str]:
    """Every row the options name, by number or key."""
    return [*(row for row, _, _ in args.cells), *args.remove, *args.approve, *args.withdraw]


def _verify(drawn: Any, args: argparse.Namespace) -> int:
    from corpus.library import Library
    from generator.duty_editing import verify

    with Library.open(data_folder(args)) as library:
        found = verify(drawn, library)
    for sentence in found:
        say(sentence)
    if not found:
        say("每一行的条文文字都与库中条文一致。")
    return 1 if found else 0


def _as_json(drawn: Any) -> dict[str, Any]:
    from generator.duty_editing import rows
    from generator.duty_list import count_line, coverage_note

    return {
        "kind": drawn.kind.value,
        "title": drawn.title,
        "as_of": drawn.as_of,
        "count": count_line(drawn),
        "coverage": list(coverage_note(drawn)),
        "rows": [
            {"number": row.number, "key": row.key, "own": row.own, "cells": row.shown,
             "approved_by": row.approval.who if row.approval else None,
             "approved_at": row.approval.when if row.approval else None}
            for row in rows(drawn)
        ],
        "removed": [{"key": one.row.key, "duty": one.row.duty, "by": one.mark.who, "at": one.mark.when}
                    for one in drawn.removed],
    }  # fmt: skip


def _show(drawn: Any) -> None:
    from generator.duty_editing import rows
    from generator.duty_list import count_line

    sys.stdout.write(f"{drawn.title}（{drawn.as_of}）\n")
    for row in rows(drawn):
        mark = f"　✓ {row.approval.who} {row.approval.when[:10]}" if row.approval else ""
        basis = row.shown["basis"].replace("\n", "；")
        sys.stdout.write(f"{row.number}. {row.shown['duty']}\n   {basis}{mark}\n")
    say(count_line(drawn))
