"""`zeren parse`: the structure of one file, without storing it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from commands.console import add_reading, print_json

Subparsers = Any


def register(commands: Subparsers) -> None:
    parser = commands.add_parser("parse", help="一份文件的结构：编章节条款项目、日期、存疑之处")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--kind", help="文件种类（覆盖文中所述）")
    parser.add_argument("--region", help="适用地区（覆盖文中所述）")
    parser.add_argument("--effective", metavar="DATE", help="施行日期 YYYY-MM-DD（覆盖文中所述）")
    add_reading(parser)
    parser.set_defaults(run=run_parse)


def run_parse(args: argparse.Namespace) -> int:
    from corpus.reading import read
    from corpus.structure import parse

    path = Path(args.file)
    reading = read(path)
    document = parse(
        reading.lines,
        name=path.name,
        folder=path.parent.as_posix(),
        kind=args.kind,
        region=args.region,
        effective=args.effective,
    )
    remarks = (*reading.remarks, *document.remarks)
    if args.json:
        print_json(as_json(document, remarks, source=args.file))
    else:
        sys.stdout.write(outline(document, remarks))
    return 0


def as_json(document: Any, remarks: Any, *, source: str) -> dict[str, Any]:
    """The object of the command line's contract, with the fields this program adds."""
    from datetime import date

    from corpus.document import Edition

    head = document.masthead
    edition = Edition("", source, head.title, head, effective_from=head.effective)
    today = date.today().isoformat()
    counts = document.counts
    return {
        "title": head.title,
        "kind": head.kind,
        "issuer": head.issuer,
        "number": head.number,
        "region": head.region,
        "language": head.language,
        "passed": head.passed,
        "amended": list(head.amended),
        "effective": head.effective,
        "effective_stated": head.effective_stated,
        "version": head.version,
        "versions": list(head.versions),
        "counts": {name: getattr(counts, name) for name in counts.__slots__},
        "headings": list(document.headings),
        "provisions": [
            {**edition.place(row, on=today).as_json(), "text": row.text} for row in document.provisions
        ],
        "remarks": [
            {"code": remark.code, "message": remark.message, "line": remark.line} for remark in remarks
        ],
    }


def outline(document: Any, remarks: Any) -> str:
    """A readable outline: masthead, headings with their articles, remarks."""
    head, counts = document.masthead, document.counts
    out = [head.title, f"{head.kind} · {head.issuer or '制定机关未写明'} · {head.number or '无文号'}"]
    out.append(
        f"通过 {head.passed or '—'} · 修改 {'、'.join(head.amended) or '—'} · 施行 {head.effective or '—'}"
    )
    out.append(
        f"{counts.parts}编 {counts.chapters}章 {counts.sections}节 {counts.articles}条 "
        f"{counts.paragraphs}款 {counts.items}项 {counts.subitems}目"
    )
    above: tuple[str, ...] = ()
    for row in document.provisions:
        if row.headings != above:
            above = row.headings
            out.append("\n" + " › ".join(above))
        out.append(f"  {row.address.label}  {row.text}")
    if remarks:
        out.append("\n存疑之处：")
        out.extend(f"  {f'第{r.line}行 ' if r.line else ''}{r.message}" for r in remarks)
    return "\n".join(out) + "\n"
