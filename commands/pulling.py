"""zeren pull flk: texts from the national database, only when asked for."""

from __future__ import annotations

import argparse
import json
import os
import re
from pathlib import Path
from typing import Any

from commands.console import add_data, data_folder, print_json, say
from corpus.document import RANK
from corpus.errors import InputRefused, WrongUsage, ZerenError
from corpus.sources.flk import Entry, Flk

ONLINE = "ZEREN_ONLINE"
DONE = "pulled.json"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def register(commands: Any) -> None:
    """Registers pull on the terminal's router."""
    parser = commands.add_parser("pull", help="fetch texts from the national database (off by default)")
    add_data(parser)
    parser.add_argument("site", choices=["flk"])
    parser.add_argument("words", help="words of the title")
    parser.add_argument("--kind", help="法律, 行政法规, 地方性法规 …")
    parser.add_argument("--limit", type=int, default=20, help="texts at most (default 20)")
    parser.add_argument("--online", action="store_true", help=f"allow the network (or {ONLINE}=1)")
    parser.add_argument("--no-index", action="store_true", help="leave the index for later (zeren index)")
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.set_defaults(run=run_pull)


def run_pull(args: argparse.Namespace) -> int:
    """Fetches, keeps the files under pulled/, adds them; goes on where an earlier run stopped."""
    if not (args.online or os.environ.get(ONLINE) == "1"):
        raise WrongUsage("联网下载默认关闭，没有发出任何请求。", "确要联网请加 --online。")
    if args.limit < 1:
        raise WrongUsage(f"--limit 不能是 {args.limit}。", "请写 1 以上的数。")
    data = data_folder(args)
    folder = data / "pulled"
    client = Flk(site=os.environ.get("ZEREN_FLK") or "https://flk.npc.gov.cn")
    report: dict[str, list[str]] = {"added": [], "held": [], "refused": []}
    stopped: ZerenError | None = None
    try:
        for entry in client.search(args.words, kind=args.kind, limit=args.limit):
            _one(client, entry, folder, data, report)
    except ZerenError as error:
        stopped = error
    if report["added"] and not args.no_index:
        from indexer.build import build_index

        build_index(data)
    _tell(report, stopped, as_json=args.json)
    return 1 if stopped or report["refused"] else 0


def _one(client: Flk, entry: Entry, folder: Path, data: Path, report: dict[str, list[str]]) -> None:
    """One text: fetched unless an earlier run did, added with what the database says of it."""
    from indexer.intake import take_in

    done = _done(folder)
    if entry.id in done and (folder / done[entry.id]).is_file():
        report["held"].append(entry.title)
        return
    try:
        body = client.download(entry)
    except InputRefused as refusal:
        report["refused"].append(str(refusal))
        return
    path = folder / _name(entry)
    folder.mkdir(parents=True, exist_ok=True)
    _write(path, body)
    given = {"kind": entry.kind if entry.kind in RANK else None, "effective": entry.effective}
    taken = take_in(data, [path], given={key: value for key, value in given.items() if value}, workers=1)
    if taken.refused:
        report["refused"] += [f"{source}：{reason}" for source, reason in taken.refused]
        return
    _write(folder / DONE, json.dumps({**done, entry.id: path.name}, ensure_ascii=False).encode())
    report["added"].append(entry.title)
    say(f"已加入《{entry.title}》（{entry.published or '日期不明'}，{entry.status or '效力不明'}）")


def _done(folder: Path) -> dict[str, str]:
    try:
        value = json.loads((folder / DONE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _name(entry: Entry) -> str:
    title = _UNSAFE.sub("", entry.title).strip(". ")[:120] or entry.id
    return f"{title}({entry.published}).docx" if entry.published else f"{title}.docx"


def _write(path: Path, body: bytes) -> None:
    """All of the file or none: written beside, then renamed."""
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(body)
    partial.replace(path)


def _tell(report: dict[str, list[str]], stopped: ZerenError | None, *, as_json: bool) -> None:
    if as_json:
        print_json({**report, "stopped": str(stopped) if stopped else None})
    say(f"新加入 {len(report['added'])}　已有 {len(report['held'])}　未能加入 {len(report['refused'])}")
    for reason in report["refused"]:
        say(reason)
    if stopped:
        say(f"zeren: {stopped} 已下载的保留；再运行同一命令会接着做。")
