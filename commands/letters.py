"""`zeren letter KIND`: rectification letters and replies as Word files."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.console import add_data, data_folder, print_json, say
from corpus import recommendation
from corpus.errors import WrongUsage
from generator.fonts import font_note
from generator.letter_days import iso_day
from generator.letter_faults import find_faults, refuse
from generator.letter_input import read_input, read_record, record_facts
from generator.letter_kind import find_kind, kinds
from generator.letterhead import find_letterhead
from generator.reply import complete

if TYPE_CHECKING:
    from generator.letter_draft import Draft, Sources


def register(commands: Any) -> None:
    """Registers the command on the terminal's router."""
    parser = commands.add_parser("letter", help="整改文书、复函（Word）")
    add_data(parser)
    parser.add_argument("kind", metavar="KIND", help="、".join(kinds()))
    parser.add_argument("--input", metavar="FILE", help="字段：.json、.yaml 或 .xlsx")
    parser.add_argument("--record", metavar="FILE", help="检查记录（.xlsx、.docx），其问题列入文书")
    parser.add_argument("--recommendation", metavar="FILE", help="检察建议书：复函逐条对应")
    parser.add_argument("--received", metavar="DATE", help="收到检察建议书的日期，据以计算回复到期日")
    parser.add_argument("--letterhead", metavar="NAME", help="本单位模板：数据文件夹 letterheads/NAME.docx")
    parser.add_argument("--no-basis", action="store_true", help="不由程序提出依据")
    parser.add_argument("-o", "--output", metavar="X.docx", required=True)
    parser.add_argument("--json", action="store_true", help="写出的文书及提示，一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from generator.letter_draft import draft, write

    kind = find_kind(args.kind)
    path = Path(args.output)
    if path.suffix.lower() != ".docx":
        raise WrongUsage(f"输出文件应以 .docx 结尾：{path.name}。", "例如 -o 指令书.docx。")
    read = recommendation.from_file(Path(args.recommendation)) if args.recommendation else None
    fields = _fields(args)
    told = complete(fields, read) if read else fields
    refuse(find_faults(kind, told))
    own = find_letterhead(data_folder(args), args.letterhead) if args.letterhead else None
    made = draft(kind.name, told, _sources(args, told))
    write(made, path, letterhead=own)
    notes = list(made.notes)
    for note in notes:
        say(f"提示：{note}")
    if fonts := font_note():
        say(f"提示：{fonts}")
    if args.json:
        term = {"due": made.term.day, "rule": made.term.rule} if made.term else {}
        print_json({"kind": kind.name, "file": str(path), "warnings": notes, **term, **_shown(made)})
    else:
        say(f"已写入 {path}。")
    return 0


def _fields(args: argparse.Namespace) -> dict[str, Any]:
    if not (args.input or args.record or args.recommendation):
        raise WrongUsage("没有给出文书内容。", "请用 --input 给出字段，examples/letters 中有每种文书的样例。")
    fields: dict[str, Any] = read_input(Path(args.input)) if args.input else {}
    if args.record:
        record = Path(args.record)
        fields = record_facts(record) | fields
        fields["问题"] = [*(fields.get("问题") or []), *read_record(record)]
    if args.received:
        fields["收到日期"] = args.received
    return fields


def _sources(args: argparse.Namespace, fields: dict[str, Any]) -> Sources:
    """What the data folder holds of what this letter needs, opened no further than that."""
    from generator.letter_draft import Sources, sources
    from indexer import generations

    data = data_folder(args)
    asked = bool(fields.get("问题") or fields.get("落实情况"))
    if not asked or not (data / "corpus.db").exists():
        return Sources()
    if args.no_basis or generations.current(data) is None:
        if not args.no_basis:
            say("提示：索引尚未建立，未提出依据；请运行 zeren index。")
        from corpus.library import Library

        return Sources(Library.open(data))

    from retriever import basis
    from retriever.duties import Book
    from retriever.search import Retriever

    day = iso_day(str(fields.get("成文日期") or "")) or date.today().isoformat()
    book = Book.open(data)
    grounds = basis.Grounds(book.library, book.register, book.taxonomy)
    searching = bool(fields.get("落实情况")) and bool(args.recommendation)
    return sources(grounds, Retriever.open(data) if searching else None, on=day)


def _shown(made: Draft) -> dict[str, Any]:
    """The law and our proposal for every finding, for a program that lets the user choose."""
    return {
        "findings": [
            {
                "finding": one.text,
                "breached": [asdict(cited) for cited in one.breached],
                "penalties": [asdict(cited) for cited in one.penalties],
                "others": list(one.others),
                "advice": asdict(one.advice) if one.advice else None,
            }
            for one in made.letter.findings
        ]
    }
