"""Taking files and folders into the library: one verb for the terminal and the page."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus.document import Document
from corpus.errors import InputRefused, WrongUsage
from corpus.isolation import Reader
from corpus.library import Added, Library, Outcome, key_of
from corpus.proof import UNPROVED

HIDDEN = ("~$", ".")
STARTER = Path(__file__).resolve().parent.parent / "corpus" / "sources" / "starter"
OUTCOMES = {
    "added": "新加入",
    "unchanged": "未变",
    "new_version": "新版本",
    "replaced": "替换草稿",
    "skipped": "跳过",
    "refused": "拒绝",
}
File = tuple[Path, str, str]  # where it lies, its source, its key
Progress = Callable[[int, int], None]  # done, of


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

    def rows(self) -> list[tuple[str, str, str]]:
        """(file, outcome, note) of every file that is not unchanged, for a table."""
        rows = [(s, OUTCOMES[n], "") for n in ("added", "new_version", "replaced") for s in getattr(self, n)]
        rows += [(s, OUTCOMES[n], why) for n in ("skipped", "refused") for s, why in getattr(self, n)]
        return rows + [(source, "未通过核对", note) for source, note in self.unproved]


def take_in(
    data: Path,
    paths: Sequence[str | Path],
    *,
    given: dict[str, str] | None = None,
    workers: int = 2,
    progress: Progress | None = None,
) -> Report:
    """Reads files and folders into the library of `data` and derives what depends on the texts.

    `given` holds what the user says of the texts (kind, region, effective). `progress(done, of)` counts
    files. Raises WrongUsage for a missing path or an empty folder; a file that cannot be read is refused in
    the report and the rest goes on.
    """
    files = list(_files([str(path) for path in paths]))
    if not files:
        raise WrongUsage(f"没有可加入的文件：{'、'.join(map(str, paths))}。", "请检查路径。")
    report = Report()
    with Library.open(data, create=True) as library:
        _add_files(library, files, given or {}, workers=workers, report=report, progress=progress)
        library.refresh()
    return report


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
    library: Library,
    files: list[tuple[Path, str]],
    given: dict[str, str],
    *,
    workers: int,
    report: Report,
    progress: Progress | None,
) -> None:
    held = library.sources()
    fresh: list[File] = []
    for path, source in files:
        try:
            body = path.read_bytes()
        except OSError as error:
            report.refused.append((source, _unreadable(error)))
            continue
        key, reason = key_of(body), site_page(body)
        if reason:
            report.skipped.append((source, reason))
        elif key in held and source in held[key]:
            report.unchanged.append(source)
        else:
            fresh.append((path, source, key))
    if fresh:
        _read_and_keep(library, fresh, given, workers=workers, report=report, progress=progress)


def _read_and_keep(
    library: Library,
    fresh: list[File],
    given: dict[str, str],
    *,
    workers: int,
    report: Report,
    progress: Progress | None,
) -> None:
    done = 0
    with Reader(workers=workers) as reader:
        for root, group in itertools.groupby(fresh, key=lambda file: _root(file[0], file[1])):
            wanted = list(group)
            results = reader.read_all([path for path, _, _ in wanted], root=root)
            for (path, source, key), (_, result) in zip(wanted, results, strict=True):
                done += 1
                if progress is not None:
                    progress(done, len(fresh))
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
    try:
        original = path.read_bytes()
    except OSError as error:
        report.refused.append((source, _unreadable(error)))
        return
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
        report.unproved += [(source, r.message) for r in document.remarks if r.code in UNPROVED]


def _unreadable(error: OSError) -> str:
    return f"不能读取：{error.strerror}。请检查磁盘和文件权限后再试。"


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
