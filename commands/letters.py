"""`zeren letter KIND`: rectification letters and replies as Word files."""

from __future__ import annotations

import argparse
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from commands.console import add_data, data_folder, print_json, say
from corpus.errors import WrongUsage
from corpus.recommendation import Recommendation
from generator.fonts import font_note
from generator.letter import Finding, check_issuer, checked_fields, find_kind, kinds, prepare
from generator.letter_basis import Propose, findings_with_law
from generator.letter_input import read_input, read_record, record_facts
from generator.letter_paper import compose
from generator.letterhead import fill, find_letterhead
from generator.paper import typeset
from generator.reply import check_progress, complete, reply_term
from generator.reply_basis import Search, with_provisions


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
    kind = find_kind(args.kind)
    path = Path(args.output)
    if path.suffix.lower() != ".docx":
        raise WrongUsage(f"输出文件应以 .docx 结尾：{path.name}。", "例如 -o 指令书.docx。")
    read = _recommendation(args)
    fields = _fields(args, read)
    check_issuer(kind, fields)
    check_progress(fields.get("落实情况") or [])
    day = str(fields.get("成文日期") or date.today().isoformat())
    fields, findings = _with_law(args, fields, day)
    letter = prepare(kind, fields, findings, on=day)
    due = reply_term(letter, read)
    if args.letterhead:
        fill(find_letterhead(data_folder(args), args.letterhead), letter, path)
    else:
        typeset(compose(letter), path)
    notes = [*letter.warnings, *(due.notes if due else ())]
    for note in notes:
        say(f"提示：{note}")
    if fonts := font_note():
        say(f"提示：{fonts}")
    if args.json:
        term = {"due": due.day, "rule": due.rule} if due else {}
        print_json({"kind": kind.name, "file": str(path), "warnings": notes, **term})
    else:
        say(f"已写入 {path}。")
    return 0


def _recommendation(args: argparse.Namespace) -> Recommendation | None:
    if not args.recommendation:
        return None
    from commands.rectify import read_recommendation

    return read_recommendation(Path(args.recommendation))


def _fields(args: argparse.Namespace, read: Recommendation | None) -> dict[str, Any]:
    if not (args.input or args.record or args.recommendation):
        raise WrongUsage("没有给出文书内容。", "请用 --input 给出字段，examples/letters 中有每种文书的样例。")
    fields: dict[str, Any] = read_input(Path(args.input)) if args.input else {}
    if args.record:
        record = Path(args.record)
        fields = record_facts(record) | fields
        fields["问题"] = [*(fields.get("问题") or []), *read_record(record)]
    if args.received:
        fields["收到日期"] = args.received
    return checked_fields(complete(fields, read) if read else fields)


def _with_law(
    args: argparse.Namespace, fields: dict[str, Any], day: str
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The fields and findings with the provisions the library holds for them."""
    data = data_folder(args)
    asked = bool(fields.get("问题") or fields.get("落实情况"))
    if not asked or not (data / "corpus.db").exists():
        fields = with_provisions(fields, library=None, search=None, on=day)
        return fields, findings_with_law(fields, library=None, propose=None, on=day)

    from corpus.library import Library
    from indexer import generations

    with Library.open(data) as library:
        indexed = generations.current(data) is not None
        if not args.no_basis and not indexed:
            say("提示：索引尚未建立，未提出依据；请运行 zeren index。")
        proposing = indexed and not args.no_basis
        propose = _proposer(data, day) if proposing and fields.get("问题") else None
        search = (
            _searcher(data, day) if proposing and fields.get("落实情况") and args.recommendation else None
        )
        fields = with_provisions(fields, library=library, search=search, on=day)
        return fields, findings_with_law(fields, library=library, propose=propose, on=day)


def _proposer(data: Path, day: str) -> Propose:
    from retriever import basis
    from retriever.duties import Book

    book = Book.open(data)
    grounds = basis.Grounds(book.library, book.register, book.taxonomy)

    @cache
    def propose(text: str, industry: str | None, region: str | None) -> basis.Basis:
        return basis.find(grounds, text, industry=industry, region=region, on=day)

    return propose


def _searcher(data: Path, day: str) -> Search:
    from retriever.search import Retriever

    retriever = Retriever.open(data)

    def search(text: str) -> tuple[tuple[str, Any, float], ...]:
        hits = retriever.search(text, k=1, on=day)
        found = [(hit, retriever.library.by_source(hit.place.source)) for hit in hits]
        return tuple((edition.key, hit.place, hit.score) for hit, edition in found if edition)

    return search
