"""`zeren parse`: the structure of one file, without storing it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

from commands.console import add_reading, print_json, say
from corpus import dating, isolation, proof, structure
from corpus.document import Document, Edition, Level, Reading
from corpus.errors import WrongUsage
from corpus.promulgation import NATIONAL

PAUSE = 3.0
"""Seconds between two lines of progress."""


def register(commands: Any) -> None:
    """Adds the command to the terminal's router."""
    parser = commands.add_parser("parse", help="一份文件的结构：编章节条款项目、日期、存疑之处")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--kind", help="文件种类（覆盖文中所述）")
    parser.add_argument("--region", help="适用地区（覆盖文中所述）")
    parser.add_argument("--effective", metavar="DATE", help="施行日期 YYYY-MM-DD（覆盖文中所述）")
    add_reading(parser)
    parser.set_defaults(run=run_parse)


def run_parse(args: argparse.Namespace) -> int:
    """Reads, parses and prints one file. Raises InputRefused where it cannot be read."""
    path = Path(args.file)
    if args.effective and [day for day, _, _ in dating.find(args.effective)] != [args.effective]:
        raise WrongUsage(f"日期写法不对：{args.effective}。", "请写成 2026-01-31。")
    found = read(path)
    document = structure.parse(
        found.lines,
        name=path.name,
        folder=path.parent.as_posix(),
        kind=args.kind,
        region=args.region,
        effective=args.effective,
    )
    document = replace(document, remarks=(*found.remarks, *document.remarks))
    if args.json:
        print_json(as_json(document, source=args.file))
    else:
        sys.stdout.write("\n".join(outline(document)) + "\n")
    return 0


def read(path: Path) -> Reading:
    """The lines of a file: text in this process, every other format in a child with limits."""
    return isolation.lines(path, progress=_pages_shown())


def _pages_shown() -> Callable[[int, int], None]:
    """Tells the page on stderr, every few seconds at most: a scan takes minutes, a text none."""
    last = monotonic()

    def show(page: int, pages: int) -> None:
        nonlocal last
        if monotonic() - last >= PAUSE:
            last = monotonic()
            say(f"正在识别第{page}/{pages}页")

    return show


def as_json(document: Document, *, source: str) -> dict[str, Any]:
    """The object of the command line's contract, with the fields this program adds."""
    head, counts, proved = document.masthead, document.counts, proof.of(document)
    edition = Edition("", source, head.title, head, effective_from=head.effective)
    today = date.today().isoformat()
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
        "sample": head.sample,
        "counts": {name: getattr(counts, name) for name in counts.__slots__},
        "headings": list(document.headings),
        "annexes": [
            node.text or f"附件{node.number}" for node in document.nodes if node.level is Level.ANNEX
        ],
        "provisions": [
            {
                **edition.place(row, on=today).as_json(),
                "level": row.level.value,
                "page": row.page,
                "text": row.text,
            }
            for row in document.provisions
        ],
        "proof": {name: getattr(proved, name) for name in proved.__slots__} | {"whole": proved.whole},
        "remarks": [{"code": r.code, "message": r.message, "line": r.line} for r in document.remarks],
    }


def outline(document: Document) -> Iterator[str]:
    """The lines a person reads: masthead, headings with their provisions, what is in doubt."""
    head, counts = document.masthead, document.counts
    yield head.title
    where = head.region or ("全国" if head.kind in NATIONAL else "地区未写明")
    yield " · ".join((head.kind, where, head.issuer or "制定机关未写明", head.number or "无文号"))
    amended = "、".join(head.amended) or "—"
    yield f"通过 {head.passed or '—'} · 修改 {amended} · 施行 {head.effective or '未写明'}"
    units = zip(["编", "分编", "章", "节", "条", "款", "项", "目"], counts.__slots__, strict=True)
    yield (
        " ".join(f"{getattr(counts, name)}{unit}" for unit, name in units if getattr(counts, name))
        or "无条款编号"
    )
    above: tuple[str, ...] = ()
    for row in document.provisions:
        if row.headings != above:
            above = row.headings
            yield ""
            if above:
                yield " › ".join(above)
        first, *others = row.text.split("\n")
        yield f"  {row.address.label}  {first}"
        yield from (f"      {other}" for other in others)
    yield ""
    if not document.remarks:
        yield "结构已核对：字数、条号、章节均一致。"
        return
    yield "存疑之处："
    for remark in document.remarks:
        yield f"  {f'第{remark.line}行：' if remark.line else ''}{remark.message}"
