"""zeren add · index · status · list · show · remove · pull · cite · backup · restore · doctor."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from commands import adding, citing
from commands.console import add_data, add_reading, data_folder, print_json, say, show
from corpus import derived
from corpus.document import Edition
from corpus.errors import NothingFound, WrongUsage
from corpus.library import Library
from corpus.place import Status

STATUS_WORD = {
    Status.IN_FORCE: "有效",
    Status.NOT_YET: "未施行",
    Status.AMENDED: "已修改",
    Status.REPEALED: "已废止",
    Status.UNKNOWN: "效力不明",
}


def today() -> str:
    """The day validity is judged on when none is given."""
    return date.today().isoformat()


def register(commands: Any) -> None:
    """Registers the group on the terminal's router."""
    adding.register(commands)
    citing.register(commands)
    _register_list(commands)
    _register_status(commands)
    remove = commands.add_parser("remove", help="take a text out of the library")
    add_data(remove)
    remove.add_argument("text", help="key, source path or full title with its version")
    remove.set_defaults(run=run_remove)


def _register_list(commands: Any) -> None:
    parser = commands.add_parser("list", help="texts and versions held")
    add_reading(parser)
    parser.add_argument("title", nargs="?", help="only titles containing this")
    parser.add_argument("--kind")
    parser.add_argument("--region")
    parser.add_argument("--on", metavar="DATE", help="validity on this day (default today)")
    parser.set_defaults(run=run_list)


def run_list(args: argparse.Namespace) -> int:
    """Every text held, or those that match."""
    with Library.open(data_folder(args)) as library:
        on = args.on or today()
        held = [e for e in library.editions() if _wanted(e, args)]
    if not held:
        raise NothingFound("没有符合条件的文本。", "请放宽条件，或先运行 zeren add。")
    if args.json:
        print_json({"on": on, "texts": [edition_json(e, on=on) for e in held]})
        return 0
    for e in held:
        m = e.masthead
        words = (e.key, m.version or "版本不明　", STATUS_WORD[e.status(on)], m.kind, e.title, e.source)
        show("  ".join(words))
    return 0


def _wanted(edition: Edition, args: argparse.Namespace) -> bool:
    m = edition.masthead
    return (
        (not args.title or args.title in m.title or args.title in edition.work)
        and (not args.kind or m.kind == args.kind)
        and (not args.region or (m.region or "全国") == args.region)
    )


def edition_json(edition: Edition, *, on: str) -> dict[str, Any]:
    """A text as lists show it."""
    m = edition.masthead
    return {
        "key": edition.key,
        "source": edition.source,
        "also_sources": list(edition.also_sources),
        "title": m.title,
        "work": edition.work,
        "kind": m.kind,
        "issuer": m.issuer,
        "number": m.number,
        "region": m.region,
        "version": m.version,
        "status": edition.status(on).value,
        "effective_from": edition.effective_from,
        "effective_basis": edition.effective_basis,
        "effective_to": edition.effective_to,
        "ended_reason": edition.ended_reason,
        "sample": m.sample,
    }


def _register_status(commands: Any) -> None:
    parser = commands.add_parser("status", help="what is held, and whether it is whole")
    add_reading(parser)
    parser.add_argument("--verify", action="store_true", help="read everything against its hashes")
    parser.set_defaults(run=run_status)


def run_status(args: argparse.Namespace) -> int:
    """What is held by kind, region and status; with --verify every damage. Exit status 4 when damaged."""
    data = data_folder(args)
    with Library.open(data) as library:
        state = _state(library)
        problems: list[str] | None = None
        if args.verify:
            with adding.progress("核对", "份") as shown:
                problems = library.verify(shown)
    state["index"] = _index_state(data)
    if problems is not None:
        state |= {"problems": problems, "whole": not problems}
    if args.json:
        print_json(state)
    else:
        _tell(state)
    return 4 if problems else 0


def _state(library: Library) -> dict[str, Any]:
    on = today()
    held = library.editions()
    kinds = Counter(e.masthead.kind for e in held)
    regions = Counter(e.masthead.region or "全国" for e in held)
    statuses = Counter(e.status(on).value for e in held)
    remarks, articles = library.totals()
    return {
        "texts": len(held),
        "works": len(library.works()),
        "articles": articles,
        "kinds": dict(kinds.most_common()),
        "regions": dict(regions.most_common()),
        "statuses": dict(statuses.most_common()),
        "remarks": remarks,
        "missing": [f"《{title}》" for title in derived.missing(library)],
        "content_hash": library.content_hash(),
    }


def _index_state(data: Path) -> dict[str, Any]:
    """Whether an index serves this library."""
    try:
        from indexer import build
    except ImportError:
        return {"generation": None}
    current = build.current(data)
    return {"generation": current.name if current else None}


def _tell(state: dict[str, Any]) -> None:
    show(f"文本 {state['texts']} 份，作品 {state['works']} 部，条文 {state['articles']} 条")
    for name, label in (("kinds", "种类"), ("regions", "地域"), ("remarks", "备注")):
        show(f"{label}：" + "　".join(f"{key} {count}" for key, count in state[name].items()))
    words = {status.value: word for status, word in STATUS_WORD.items()}
    show("效力：" + "　".join(f"{words[key]} {count}" for key, count in state["statuses"].items()))
    if state["missing"]:
        show("缺少的主要文本：" + "、".join(state["missing"]))
    show(f"索引：{state['index']['generation'] or '尚未建立（zeren index）'}")
    if "problems" in state:
        show("核对：" + ("全部一致" if state["whole"] else f"发现 {len(state['problems'])} 处损坏"))
        for problem in state["problems"]:
            show(f"  {problem}")


def run_remove(args: argparse.Namespace) -> int:
    """Takes out one text, named by key, source or title."""
    with Library.open(data_folder(args)) as library:
        found = [e for e in library.editions() if args.text in (e.key, e.source, *e.also_sources, e.title)]
        if not found:
            raise NothingFound(f"没有名为 {args.text} 的文本。", "请用 zeren list 查看编号。")
        if len(found) > 1:
            keys = "、".join(f"{e.key}（{e.masthead.version or '版本不明'}）" for e in found)
            raise WrongUsage(f"{args.text} 有 {len(found)} 份：{keys}。", "请写明编号。")
        library.remove(found[0].key)
    say(f"已移除：{found[0].title}（{found[0].masthead.version or '版本不明'}）。运行 zeren index 更新索引。")
    return 0
