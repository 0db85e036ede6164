"""`zeren letter KIND`: rectification letters and replies as Word files."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from commands.console import add_data, data_folder, print_json, say
from corpus.errors import WrongUsage
from generator.letter import find_kind, kinds, prepare
from generator.letter_basis import Propose, findings_with_law
from generator.letter_input import read_input, read_record
from generator.letter_paper import compose
from generator.letterhead import fill, find_letterhead
from generator.paper import typeset
from generator.reply import check_progress, complete


def register(commands: Any) -> None:
    """Registers the command on the terminal's router."""
    parser = commands.add_parser("letter", help="整改文书、复函（Word）")
    add_data(parser)
    parser.add_argument("kind", metavar="KIND", help="、".join(kinds()))
    parser.add_argument("--input", metavar="FILE", help="字段：.json、.yaml 或 .xlsx")
    parser.add_argument("--record", metavar="FILE", help="检查记录（.xlsx、.docx），其问题列入文书")
    parser.add_argument("--recommendation", metavar="FILE", help="检察建议书：复函逐条对应")
    parser.add_argument("--letterhead", metavar="NAME", help="本单位模板：数据文件夹 letterheads/NAME.docx")
    parser.add_argument("--no-basis", action="store_true", help="不由程序提出依据")
    parser.add_argument("-o", "--output", metavar="X.docx", required=True)
    parser.add_argument("--json", action="store_true", help="写出的文书及提示，一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    kind = find_kind(args.kind)
    path = Path(args.output)
    if path.suffix.lower() != ".docx":
        raise WrongUsage(f"输出文件应以 .docx 结尾：{path.name}。", "例如 -o 指令书.docx。")
    fields = _fields(args)
    check_progress(fields.get("落实情况") or [])
    day = str(fields.get("成文日期") or date.today().isoformat())
    data = data_folder(args)
    if fields.get("问题") and (data / "corpus.db").exists():
        findings = _with_law(args, fields, data, day)
    else:
        findings = findings_with_law(fields, library=None, propose=None, on=day)
    letter = prepare(kind, fields, findings, on=day)
    if args.letterhead:
        fill(find_letterhead(data, args.letterhead), letter, path)
    else:
        typeset(compose(letter), path)
    for warning in letter.warnings:
        say(f"提示：{warning}")
    if args.json:
        print_json({"kind": kind.name, "file": str(path), "warnings": list(letter.warnings)})
    else:
        say(f"已写入 {path}。")
    return 0


def _fields(args: argparse.Namespace) -> dict[str, Any]:
    if not (args.input or args.record or args.recommendation):
        raise WrongUsage("没有给出文书内容。", "请用 --input 给出字段，examples/letters 中有每种文书的样例。")
    fields: dict[str, Any] = read_input(Path(args.input)) if args.input else {}
    if args.record:
        fields["问题"] = [*(fields.get("问题") or []), *read_record(Path(args.record))]
    if args.recommendation:
        from commands.rectify import read_recommendation

        fields = complete(fields, read_recommendation(Path(args.recommendation)))
    return fields


def _with_law(args: argparse.Namespace, fields: dict[str, Any], data: Path, day: str) -> Any:
    from corpus.library import Library
    from indexer import generations

    with Library.open(data) as library:
        propose = None
        if not args.no_basis and generations.current(data) is not None:
            propose = _proposer(data, day)
        elif not args.no_basis:
            say("提示：索引尚未建立，未提出依据；请运行 zeren index。")
        return findings_with_law(fields, library=library, propose=propose, on=day)


def _proposer(data: Path, day: str) -> Propose:
    from retriever import basis
    from retriever.duties import Book

    book = Book.open(data)
    grounds = basis.Grounds(book.library, book.register, book.taxonomy)
    return lambda text, industry, region: basis.find(grounds, text, industry=industry, region=region, on=day)
