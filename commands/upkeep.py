"""zeren status · remove · backup · restore: what is held, whole and kept safe."""

from __future__ import annotations

import argparse
import contextlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from commands import doctor
from commands.adding import progress
from commands.console import Row, add_data, add_reading, data_folder, print_json, say, show
from commands.showing import STATUS_WORD, day_of
from corpus import database, derived, saved_work, seal
from corpus.errors import DamagedData, NothingFound, WrongUsage
from corpus.library import Library
from corpus.portable import make_durable, put_in_place


def register(commands: Any) -> None:
    """Registers the upkeep commands on the terminal's router."""
    status = commands.add_parser("status", help="what is held, and whether it is whole")
    add_reading(status)
    status.add_argument("--verify", action="store_true", help="read everything against its hashes")
    status.set_defaults(run=run_status)
    remove = commands.add_parser("remove", help="take a text out of the library")
    add_data(remove)
    remove.add_argument("text", help="key, source path or full title")
    remove.set_defaults(run=run_remove)
    backup = commands.add_parser("backup", help="copy the library, and beside it what people saved")
    add_data(backup)
    backup.add_argument("file", nargs="?", metavar="FILE", help="default: backup/ in the data folder")
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser("restore", help="put a backup in the library's place")
    add_data(restore)
    restore.add_argument("file", metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="the library held now is backed up first")
    restore.set_defaults(run=run_restore)
    doctor.register(commands)


# -- status ----------------------------------------------------------------------------------------


def run_status(args: argparse.Namespace) -> int:
    """What is held by kind, region and status; with --verify every damage. Exit status 4 when damaged."""
    data = data_folder(args)
    problems: list[str] | None = None
    if args.verify:
        problems = _problems(data)
    try:
        with Library.open(data) as library:
            state = _state(library)
    except DamagedData:
        if not problems:
            raise
        state = {}
    state["index"] = _index_state(data, state.get("content_hash"))
    if problems is not None:
        state |= {"problems": problems, "whole": not problems}
    if args.json:
        print_json(state)
    else:
        _tell(state)
    return 4 if problems else 0


def _problems(data: Path) -> list[str]:
    with Library.open(data) as library, progress("核对", "份") as shown:
        problems = library.verify(shown)
    from indexer import generations

    return [*problems, *generations.problems(data), *_saved_problems(data), *_backup_problems(data)]


def _saved_problems(data: Path) -> list[str]:
    file = data / saved_work.FILE
    found = saved_work.problems(file) if file.exists() else []
    return [f"{saved_work.FILE.as_posix()}：{text}。" for text in found]


def _backup_problems(data: Path) -> list[str]:
    """Backups in the data folder that are no longer what was written."""
    found = []
    for file in sorted((data / "backup").glob("*.db")):
        for check in (_check_backup, _check_saved):
            try:
                check(file)
            except DamagedData as error:
                found.append(f"backup/{file.name}：{error.message}")
    return found


def _state(library: Library) -> Row:
    on = day_of(None)
    held = library.editions()
    kinds = Counter(e.masthead.kind for e in held)
    regions = Counter(e.masthead.region or "全国" for e in held)
    statuses = Counter(e.status(on).value for e in held)
    remarks, articles = library.totals()
    return {
        "texts": len(held),
        "works": len(library.works()),
        "articles": articles,
        "samples": sum(e.masthead.sample for e in held),
        "kinds": dict(kinds.most_common()),
        "regions": dict(regions.most_common()),
        "statuses": dict(statuses.most_common()),
        "remarks": remarks,
        "missing": derived.missing(library),
        "content_hash": library.content_hash(),
    }


def _index_state(data: Path, content_hash: str | None) -> Row:
    """Which index generation serves this library, and whether it was built from these texts."""
    from indexer import generations

    folder = generations.current(data)
    if folder is None:
        return {"generation": None}
    try:
        manifest = generations.read_manifest(folder)
    except DamagedData as error:
        return {"generation": folder.name, "up_to_date": False, "problem": error.message}
    return {"generation": folder.name, "up_to_date": manifest.get("library") == content_hash}


def _tell(state: Row) -> None:
    if "texts" in state:
        show(f"文本 {state['texts']} 份，作品 {state['works']} 部，条文 {state['articles']} 条")
        for name, label in (("kinds", "种类"), ("regions", "地域"), ("remarks", "备注")):
            show(f"{label}：" + "　".join(f"{key} {count}" for key, count in state[name].items()))
        words = {status.value: word for status, word in STATUS_WORD.items()}
        show("效力：" + "　".join(f"{words[key]} {count}" for key, count in state["statuses"].items()))
        if state["samples"]:
            show(f"其中样例（虚构）{state['samples']} 份，不是法律")
        if state["missing"]:
            titles = "、".join(f"《{title}》" for title in state["missing"])
            show(f"目录中的主要文本尚缺 {len(state['missing'])} 部：{titles}")
    index = state["index"]
    late = "（文本有变动，请运行 zeren index）" if index.get("up_to_date") is False else ""
    show(f"索引：{index['generation'] or '尚未建立（zeren index）'}{late}")
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
    version = found[0].masthead.version or "版本不明"
    say(f"已移除：{found[0].title}（{version}）。请运行 zeren index 更新索引。")
    return 0


# -- backup and restore ----------------------------------------------------------------------------


def run_backup(args: argparse.Namespace) -> int:
    """A verified copy of the library in one file, and beside it one of what people saved on the page."""
    data = data_folder(args)
    with Library.open(data) as library:
        target = Path(args.file) if args.file else _backup_name(data)
        saved = _copy_out(library, data, target)
    also = f"；已存文稿 {saved} 份在 {saved_work.copy_path(target).name}" if saved else ""
    say(f"已备份到 {target}（{target.stat().st_size / 2**20:.1f} MiB）{also}。")
    return 0


def _backup_name(data: Path, note: str = "corpus") -> Path:
    return data / "backup" / f"{note}-{datetime.now():%Y%m%d-%H%M%S}.db"


def _copy_out(library: Library, data: Path, target: Path) -> int:
    """Both copies, the library's last: where its file stands, the backup is complete. How much was saved."""
    if target.exists():
        raise WrongUsage(f"{target} 已经存在。", "请换一个文件名。")
    beside, saved = saved_work.copy_path(target), saved_work.count(data)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in (beside, seal.path_of(beside)):
            left.unlink(missing_ok=True)
        if saved:
            _in_place(beside, lambda partial: saved_work.back_up(data, partial))
            seal.write(beside, seal.of(beside, 0), durable=True)
        _in_place(target, lambda partial: _copy_library(library, partial))
        with contextlib.closing(database.reader(target)) as copy:
            seal.write(target, seal.of(target, database.revision(copy)), durable=True)
        make_durable(target.parent)
    except OSError as error:
        raise WrongUsage(f"不能写入 {target}：{error.strerror}。", "请换一个可写的位置。") from error
    return saved


def _copy_library(library: Library, partial: Path) -> None:
    with progress("备份", "页") as shown:
        library.backup(partial, shown)
    wrong = database.whole(partial)
    if wrong:
        raise DamagedData(f"备份没有通过核对：{wrong[0]}。", "请检查磁盘后再试。")


def _in_place(target: Path, write: Callable[[Path], None]) -> None:
    """Writes beside the target and takes the name in one step."""
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        write(partial)
        make_durable(partial)
        put_in_place(partial, target)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def run_restore(args: argparse.Namespace) -> int:
    """Puts a backup in the library's place, after checking it; what was held is backed up first."""
    data, file = data_folder(args), Path(args.file)
    if not file.is_file():
        raise WrongUsage(f"找不到备份文件：{file}。", "请检查路径。")
    _check_backup(file)
    _check_saved(file)
    beside = saved_work.copy_path(file)
    if (data / database.NAME).exists() or saved_work.count(data):
        _keep_held(data, replace=args.replace, saved=beside.is_file())
    with Library.open(data, create=True) as library, progress("恢复", "页") as shown:
        library.restore(file, shown)
        count = len(library.editions())
    if beside.is_file():
        saved_work.restore(data, beside)
    also = f"、已存文稿 {saved_work.count(data)} 份" if beside.is_file() else ""
    say(f"已恢复 {count} 份文本{also}。请运行 zeren index 更新索引。")
    if not also and saved_work.count(data):
        say("这份备份里没有已存文稿，现有的保持不变。")
    return 0


def _keep_held(data: Path, *, replace: bool, saved: bool) -> None:
    """Backs up what a restore is about to replace. Raises WrongUsage where it may not replace it."""
    with Library.open(data, create=True) as library:
        held, kept_work = len(library.editions()), saved_work.count(data) if saved else 0
        if not held and not kept_work:
            return
        if not replace:
            also = f"、{kept_work} 份已存文稿" if kept_work else ""
            raise WrongUsage(
                f"{data} 里已有 {held} 份文本{also}。", "确要替换请加 --replace（会先自动备份）。"
            )
        kept = _backup_name(data, "before-restore")
        _copy_out(library, data, kept)
        say(f"原有文本已备份到 {kept}。")


def _check_backup(file: Path) -> None:
    wrong = database.whole(file)
    if wrong:
        raise DamagedData(f"{file} 不是完好的备份（{wrong[0]}）。", "请换一份备份。")
    with Library(database.existing(file)) as library:
        problems = library.verify()
    if problems:
        raise DamagedData(f"{file} 里有 {len(problems)} 处损坏：{problems[0]}", "请换一份备份。")


def _check_saved(file: Path) -> None:
    """What people saved, in a backup that has it."""
    beside = saved_work.copy_path(file)
    wrong = saved_work.problems(beside) if beside.is_file() else []
    if wrong:
        raise DamagedData(f"{beside.name} 不是完好的备份（{wrong[0]}）。", "请换一份备份，或移开这个文件。")
