"""zeren add · index: files and folders into the library, and the index brought up to date."""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from commands.console import add_data, data_folder, print_json, say
from corpus.document import Edition
from corpus.errors import InputRefused, WrongUsage
from corpus.isolation import Reader
from corpus.library import Library
from corpus.validity import is_date
from indexer.intake import OUTCOMES, Report, take_in
from indexer.warming import loading

UNPROVED_SHOWN = 20


def register(commands: Any) -> None:
    """Registers add and index on the terminal's router."""
    parser = commands.add_parser("add", help="read files and folders into the library")
    add_data(parser)
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--kind", help="法律, 行政法规, 部门规章 … where the text does not tell")
    parser.add_argument("--region", help="北京, 山东 … where the text does not tell")
    parser.add_argument("--effective", metavar="DATE", help="first day in force, where the text is silent")
    parser.add_argument("--no-index", action="store_true", help="leave the index for later (zeren index)")
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.add_argument("--workers", type=int, default=2, help="reading processes (default 2)")
    parser.set_defaults(run=run_add)
    index = commands.add_parser("index", help="bring the index up to date")
    add_data(index)
    index.add_argument("--reread", action="store_true", help="read the stored originals again first")
    index.add_argument(
        "--engine",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="bring Milvus up to date too: milvus://host:19530 or a Milvus Lite file (default $ZEREN_ENGINE)",
    )
    index.set_defaults(run=run_index)


def run_add(args: argparse.Namespace) -> int:
    """Reads, keeps, reports; exit status 1 when a file was refused."""
    data = data_folder(args)
    given = _given(args)
    beside = contextlib.nullcontext() if args.no_index else loading()
    with beside, progress("读取", "个") as shown:
        report = take_in(data, args.paths, given=given, workers=args.workers, progress=shown)
    if not args.no_index:
        _index(data)
    _tell(report, as_json=args.json)
    return 1 if report.refused else 0


def _given(args: argparse.Namespace) -> dict[str, str]:
    if args.effective and not is_date(args.effective):
        raise WrongUsage(f"日期写法不对：{args.effective}。", "请写成 2026-01-31 的样子。")
    given = {"kind": args.kind, "region": args.region, "effective": args.effective}
    return {name: value for name, value in given.items() if value}


def _tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        print_json(report.as_json())
        return
    counts = ((shown, len(getattr(report, name))) for name, shown in OUTCOMES.items())
    say("　".join(f"{shown} {count}" for shown, count in counts))
    for source, reason in report.skipped:
        say(f"跳过 {source}：{reason}")
    for source, reason in report.refused:
        say(f"拒绝 {source}：{reason}")
    for source, reason in report.unproved[:UNPROVED_SHOWN]:
        say(f"未通过核对 {source}：{reason}")
    if len(report.unproved) > UNPROVED_SHOWN:
        rest = len(report.unproved) - UNPROVED_SHOWN
        say(f"另有{rest}处未通过核对；全部见 zeren add --json 或网页“语料库”。")


def run_index(args: argparse.Namespace) -> int:
    """Derives what is missing and builds the index."""
    data = data_folder(args)
    with Library.open(data) as library:
        if args.reread:
            say(f"重新解析：{_reread(library)} 份与原先不同。")
        with progress("链接", "个") as shown:
            library.refresh(shown)
    _index(data)
    _try(data)
    if args.engine is not None:
        _synchronise(data, args.engine or os.environ.get("ZEREN_ENGINE", ""))
    return 0


def _synchronise(data: Path, address: str) -> None:
    """Sends to Milvus what it does not hold yet."""
    if not address:
        raise WrongUsage(
            "没有说明 Milvus 的地址。", "请写 --engine milvus://主机:19530，或设置 ZEREN_ENGINE。"
        )
    from retriever.milvus_engine import synchronise

    with progress("同步", "段") as shown:
        written, gone = synchronise(data, address, shown)
    say(f"Milvus：写入 {written} 段，移除 {gone} 段。")


def _reread(library: Library) -> int:
    """Reads every stored original with this program's readers; how many texts came out different."""
    changed = 0
    held = library.editions()
    with tempfile.TemporaryDirectory(prefix="zeren-") as folder, Reader(workers=2) as reader:
        root = Path(folder)
        sources = [_safe(edition, root) for edition in held]
        for edition, path in zip(held, sources, strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(library.original(edition.key))
        with progress("重读", "份") as shown:
            results = reader.read_all(sources, root=root)
            for done, (edition, (_, result)) in enumerate(zip(held, results, strict=True), 1):
                if isinstance(result, InputRefused):
                    say(f"{edition.source}：{result}（保留原先的解析）")
                else:
                    changed += library.reread(edition.key, result)
                shown(done, len(held))
    return changed


def _safe(edition: Edition, root: Path) -> Path:
    """Where an original is laid for reading: its folders and name are hints to the parser. One folder a
    text, so that two versions of one source do not meet; nothing outside `root`."""
    parts = [part for part in edition.source.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return root.joinpath(*parts[:-1], edition.key, parts[-1] if parts else edition.key)


@contextlib.contextmanager
def progress(name: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal: call what it yields with (done, of)."""
    with tqdm(desc=name, unit=unit, disable=None, dynamic_ncols=True) as bar:

        def shown(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        yield shown


def _index(data: Path) -> None:
    from indexer.build import build_index  # numpy and faiss: only where an index is built

    with progress("索引", "步") as shown:
        build_index(data, progress=shown)


def _try(data: Path) -> None:
    """One question: the first that a person asks shall not wait until the loops of a search are compiled."""
    from retriever.search import Retriever

    with Retriever.open(data) as retriever:
        retriever.search("安全生产")
