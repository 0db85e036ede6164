"""zeren add · index: files and folders into the library, and the index brought up to date."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from commands.console import add_data, data_folder, print_json, say
from corpus.document import Document
from corpus.errors import InputRefused, WrongUsage
from corpus.isolation import Reader
from corpus.library import Added, Library, Outcome, key_of
from corpus.validity import is_date

HIDDEN = ("~$", ".")
File = tuple[Path, str, str]  # where it lies, its source, its key


@dataclass(slots=True)
class Report:
    """What happened to each file, in order."""

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    new_version: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    unproved: list[tuple[str, str]] = field(default_factory=list)

    def note(self, source: str, outcome: Outcome) -> None:
        getattr(self, outcome.value).append(source)

    def as_json(self) -> dict[str, Any]:
        """The report as `zeren add --json` prints it."""
        counts = {name: len(getattr(self, name)) for name in Report.__slots__}
        named = {
            name: [{"source": source, "reason": reason} for source, reason in getattr(self, name)]
            for name in ("skipped", "refused", "unproved")
        }
        return {
            "counts": counts,
            **{name: getattr(self, name) for name in ("added", "new_version", "replaced")},
            **named,
        }


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
    index.set_defaults(run=run_index)


def run_add(args: argparse.Namespace) -> int:
    """Reads, keeps, reports; exit status 1 when a file was refused."""
    given = _given(args)
    files = list(_files(args.paths))
    if not files:
        raise WrongUsage(f"没有可加入的文件：{'、'.join(args.paths)}。", "请检查路径。")
    report = Report()
    data = data_folder(args)
    with Library.open(data, create=True) as library:
        _add_files(library, files, given, workers=args.workers, report=report)
        library.refresh()
    if not args.no_index:
        _index(data)
    _tell(report, as_json=args.json)
    return 1 if report.refused else 0


def _given(args: argparse.Namespace) -> dict[str, str]:
    if args.effective and not is_date(args.effective):
        raise WrongUsage(f"日期写法不对：{args.effective}。", "请写成 2026-01-31 的样子。")
    given = {"kind": args.kind, "region": args.region, "effective": args.effective}
    return {name: value for name, value in given.items() if value}


def _files(paths: list[str]) -> Iterator[tuple[Path, str]]:
    """Every file with its source (its path relative to the folder given), in sorted order."""
    for name in paths:
        path = Path(name)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
            kept = [p for p in inside if not _hidden(p.relative_to(path))]
            if not kept:
                raise WrongUsage(f"文件夹是空的：{name}。", "请放入法规文件后再运行。")
            yield from ((p, p.relative_to(path).as_posix()) for p in kept)
        elif path.exists():
            yield path, path.name
        else:
            raise WrongUsage(f"找不到：{name}。", "请检查路径。")


def _hidden(path: Path) -> bool:
    return any(part.startswith(HIDDEN) for part in path.parts)


def _add_files(
    library: Library, files: list[tuple[Path, str]], given: dict[str, str], *, workers: int, report: Report
) -> None:
    held = {e.key: {e.source, *e.also_sources} for e in library.editions()}
    fresh: list[File] = []
    for path, source in files:
        try:
            body = path.read_bytes()
        except OSError as error:
            report.refused.append((source, f"不能读取：{error.strerror}"))
            continue
        key, reason = key_of(body), site_page(body)
        if reason:
            report.skipped.append((source, reason))
        elif key in held and source in held[key]:
            report.unchanged.append(source)
        else:
            fresh.append((path, source, key))
    if fresh:
        _read_and_keep(library, fresh, given, workers=workers, report=report)


def _read_and_keep(
    library: Library,
    fresh: list[File],
    given: dict[str, str],
    *,
    workers: int,
    report: Report,
) -> None:
    with (
        Reader(workers=workers) as reader,
        tqdm(total=len(fresh), desc="读取", unit="个", disable=None, dynamic_ncols=True) as bar,
    ):
        for root, group in itertools.groupby(fresh, key=lambda file: _root(file[0], file[1])):
            wanted = list(group)
            results = reader.read_all([path for path, _, _ in wanted], root=root)
            for (path, source, key), (_, result) in zip(wanted, results, strict=True):
                bar.update()
                if isinstance(result, InputRefused):
                    report.refused.append((source, str(result)))
                else:
                    _keep(library, _as_given(result, given), (path, source, key), report)


def _root(path: Path, source: str) -> Path:
    """The folder a source is relative to."""
    return path.parents[source.count("/")]


def _as_given(document: Document, given: dict[str, Any]) -> Document:
    """The document with what the user said of it."""
    if not given:
        return document
    stated: dict[str, Any] = {"effective_stated": "given"} if "effective" in given else {}
    return replace(document, masthead=replace(document.masthead, **given, **stated))


def _keep(library: Library, document: Document, file: File, report: Report) -> None:
    path, source, key = file
    original = path.read_bytes()
    if key_of(original) != key:
        report.refused.append((source, "读取期间文件被改动；请再运行一次。"))
        return
    try:
        added: Added = library.add(document, original, source=source)
    except InputRefused as error:
        report.refused.append((source, str(error)))
        return
    report.note(source, added.outcome)
    if added.outcome is not Outcome.UNCHANGED:
        report.unproved += [(source, remark.message) for remark in document.remarks]


def site_page(body: bytes) -> str | None:
    """Why a Markdown file is a page of a site and no regulation: only page settings, or not published."""
    if not body.removeprefix(b"\xef\xbb\xbf").startswith(b"---\n"):
        return None
    settings, _, text = body.partition(b"---\n")[2].partition(b"---")
    if not text.strip():
        return "只有网站页头设置，没有正文"
    if re.search(rb"(?m)^(?:draft|bookHidden): *true", settings):
        return "网站说明页或模板（页头标为不发布），不是法规"
    return None


def _tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        print_json(report.as_json())
        return
    lines: list[tuple[str, Sequence[object]]] = [
        ("新加入", report.added),
        ("未变", report.unchanged),
        ("新版本", report.new_version),
        ("替换草稿", report.replaced),
        ("跳过", report.skipped),
        ("拒绝", report.refused),
    ]
    say("　".join(f"{name} {len(items)}" for name, items in lines))
    for source, reason in report.skipped:
        say(f"跳过 {source}：{reason}")
    for source, reason in report.refused:
        say(f"拒绝 {source}：{reason}")


def run_index(args: argparse.Namespace) -> int:
    """Derives what is missing and builds the index."""
    data = data_folder(args)
    with Library.open(data) as library, progress("链接", "个") as shown:
        library.refresh(shown)
    _index(data)
    return 0


@contextlib.contextmanager
def progress(name: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal: call what it yields with (done, of)."""
    with tqdm(desc=name, unit=unit, disable=None, dynamic_ncols=True) as bar:

        def shown(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        yield shown


def _index(data: Path) -> None:
    try:
        from indexer.build import build_index  # type: ignore[import-not-found]
    except ImportError:
        say("索引程序尚未安装，已跳过。")
        return
    with progress("索引", "步") as shown:
        build_index(data, progress=shown)
