"""`zeren extract FILE`: the obligations of one file, without storing it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from commands.console import Row, add_reading, print_json, say
from corpus.document import Document
from corpus.errors import InputRefused, NothingFound
from corpus.place import Place, Status
from corpus.structure import read_document
from indexer.extraction import extract
from indexer.obligation import Obligation


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("extract", help="一份文件里的责任事项（不入库）")
    parser.add_argument("file", metavar="FILE")
    add_reading(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the obligations; exit status 3 when the file holds none."""
    path = Path(args.file)
    if not path.is_file():
        raise InputRefused(f"找不到文件：{path}。", "请检查路径后再试。")
    document = read_document(path, source=path.name)
    mast = document.masthead
    duties = extract(document.provisions, title=mast.title, language=mast.language)
    if args.json:
        print_json({"title": mast.title, "obligations": _rows(document, duties, path.name)})
    elif duties:
        say(f"《{mast.title}》：{len(duties)} 项")
        for duty in duties:
            print(_line(duty))  # noqa: T201
    else:
        raise NothingFound(
            f"《{mast.title}》中没有找到责任事项。", "请确认文件是法规正文，而不是目录或公告。"
        )
    return 0


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
