"""`zeren extract FILE`: the obligations of one file, without storing it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from commands.console import Row, add_reading, print_json, say
from corpus import isolation, structure
from corpus.document import Document
from corpus.errors import InputRefused, NothingFound
from corpus.place import Place, Status
from indexer.extraction import extract
from indexer.obligation import Obligation


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("extract", help="一份文件里的责任事项（不入库）")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("-o", "--output", metavar="X.docx", help="写成责任清单：.docx、.xlsx 或 .json")
    parser.add_argument("--form", choices=("table", "text"), default="table", help="表格或条目")
    add_reading(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the obligations; exit status 3 when the file holds none."""
    path = Path(args.file)
    if not path.is_file():
        raise InputRefused(f"找不到文件：{path}。", "请检查路径后再试。")
    read = structure.read_document if isolation.is_plain(path) else isolation.read_document
    document = read(path, source=path.name)
    mast = document.masthead
    duties = extract(document.provisions, title=mast.title, language=mast.language)
    if args.output:
        _write_list(args, document, duties, path.name)
    if args.json:
        print_json({"title": mast.title, "obligations": _rows(document, duties, path.name)})
    elif duties and not args.output:
        say(f"《{mast.title}》：{len(duties)} 项")
        for duty in duties:
            print(_line(duty))  # noqa: T201
    elif not duties:
        raise NothingFound(
            f"《{mast.title}》中没有找到责任事项。", "请确认文件是法规正文，而不是目录或公告。"
        )
    return 0


def _write_list(
    args: argparse.Namespace, document: Document, duties: tuple[Obligation, ...], source: str
) -> None:
    """The duties of the file as a list: from a policy's enumeration as well as from a statute."""
    from generator.duty_rows import list_of_file, write_list

    today = datetime.now(UTC).date().isoformat()
    status = _status(document.masthead.effective)
    drawn = list_of_file(document, duties, source=source, status=status, on=today)
    write_list(drawn, Path(args.output), form=args.form)
    say(f"已写入 {args.output}：{len(drawn.rows)} 项。")


def _rows(document: Document, duties: tuple[Obligation, ...], source: str) -> list[Row]:
    headings = {p.address: p.headings for p in document.provisions}
    mast = document.masthead
    status = _status(mast.effective)
    return [
        {
            **Place(
                source, mast.title, mast.version, status, d.address, headings.get(d.address, ())
            ).as_json(),
            **d.fields_json(),
        }
        for d in duties
    ]


def _status(effective: str | None) -> Status:
    """What one file says of itself: a later text may have ended it, which only the library knows."""
    if effective is None:
        return Status.UNKNOWN
    today = datetime.now(UTC).date().isoformat()
    return Status.NOT_YET if effective > today else Status.IN_FORCE


def _line(duty: Obligation) -> str:
    word = {"must": "应当", "must_not": "不得", "may": "可以", "entitled": "有权"}[duty.modality.value]
    return f"{duty.address.label}\t{duty.bearer}\t{word}\t{duty.action}"
