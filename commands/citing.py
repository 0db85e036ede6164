"""zeren cite: a written citation, resolved."""

from __future__ import annotations

import argparse
from typing import Any

from commands.console import Row, add_reading, data_folder, print_json, run_batch, show
from corpus.citing import Citation, Outcome, resolve
from corpus.errors import WrongUsage
from corpus.library import Library


def register(commands: Any) -> None:
    """Registers cite on the terminal's router."""
    parser = commands.add_parser("cite", help="resolve a written citation")
    add_reading(parser, batch=True)
    parser.add_argument("text", nargs="?", help="《…》第二十一条第一款第（五）项, 消防法28条, 前款第二项 …")
    parser.add_argument("--context", help="full citation of the provision it stands in")
    parser.add_argument("--on", metavar="DATE", help="judge validity on this day (default today)")
    parser.set_defaults(run=run_cite)


def run_cite(args: argparse.Namespace) -> int:
    """One citation, or a batch. Exit status 3 when the citation leads nowhere."""
    if not args.batch and not (args.text or "").strip():
        raise WrongUsage("没有写要查的引用。", "例如：zeren cite 《安全生产法》第二十一条。")
    with Library.open(data_folder(args)) as library:
        if args.batch:
            return run_batch(args.batch, lambda row: _answer(library, row, args))
        found = resolve(library, args.text, context=args.context, on=args.on)
    if args.json:
        print_json(found.as_json())
    else:
        _tell(found)
    return 0 if found.status is Outcome.OK else 3


def _answer(library: Library, row: Row, args: argparse.Namespace) -> Row:
    text = row.get("text")
    if not isinstance(text, str):
        raise WrongUsage("缺少 text。", '每行写成 {"id": …, "text": …}。')
    context = row.get("context") or args.context
    return resolve(library, text, context=context, on=row.get("on") or args.on).as_json()


def _tell(found: Citation) -> None:
    for target in found.targets:
        place = target.place
        show(f"{place.citation}（{place.version or '版本不明'}）")
        if target.text:
            show(target.text)
    if found.message:
        show(found.message)
