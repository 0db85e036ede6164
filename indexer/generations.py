"""Index generations: each build writes a new folder, then one atomic switch makes it current.

index/CURRENT names the generation in use. A reader holds a shared lock on its generation; the collector
removes only those nobody holds. The manifest carries the hash of every file and one of itself, and is
checked before anything is loaded: bytes that changed on disk never reach a library that trusts them.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

from corpus.errors import DamagedData, InputRefused
from corpus.portable import lock_alone, lock_together, make_durable, put_in_place, remove_folder

T = TypeVar("T")
Manifest = dict[str, Any]
FORMAT = 3  # 1 had no seal, 2 kept words and postings otherwise
_READABLE = (FORMAT,)
MANIFEST = "manifest.json"
_SEAL = ', "seal": "'
_HELD = "held"
_CURRENT = "CURRENT"
_LOCK = "build.lock"
_HASHING = 2  # threads
REBUILD = "请运行 zeren index 重建（正文在 corpus.db 中，不受影响）。"
KEPT = "原有索引照常使用；请处理后再运行 zeren index。"


@dataclass(frozen=True, slots=True)
class Served(Generic[T]):
    """What was loaded from a generation, and the lock that keeps it; `warning` names one passed over."""

    value: T
    folder: Path
    warning: str | None
    held: IO[str]


def root(data: Path) -> Path:
    return data / "index"


def current(data: Path) -> Path | None:
    """The folder of the generation in use; None before the first build and when the pointer is damaged."""
    try:
        name = (root(data) / _CURRENT).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    if not name or "/" in name or "\0" in name or name.startswith("."):
        return None
    folder = root(data) / name
    return folder if folder.is_dir() else None


@contextmanager
def building(data: Path) -> Iterator[Path]:
    """An empty folder for a new generation; one builder at a time. Removed again when the build fails.

    Raises InputRefused when another process is building, the folder cannot be written or the disk fails.
    """
    home = root(data)
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / _LOCK).open("a")
    except OSError as error:
        raise _failed(error, "索引文件夹不能写入") from error
    with lock:
        if not lock_alone(lock):
            raise InputRefused("另一个程序正在建立索引。", "请等它完成后再试。")
        folder = home / f"{_number(home):016x}-{os.getpid()}"
        try:
            folder.mkdir()
            yield folder
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if _of_disk(error):
                raise _failed(error, "索引没有建成") from error
            raise


def _number(home: Path) -> int:
    """Larger than that of every generation here, also when the clock was set back."""
    heads = [p.name.partition("-")[0] for p in home.iterdir() if p.is_dir()]
    held = [int(head, 16) for head in heads if head.isalnum() and not set(head) - set("0123456789abcdef")]
    return max([time.time_ns(), *(number + 1 for number in held)])


def _of_disk(error: BaseException) -> bool:
    """Whether a build failed on reading or writing: files, SQLite's, or those that faiss writes."""
    if isinstance(error, RuntimeError):
        return "faiss" in str(error) and any(word in str(error) for word in ("write", "open", "close"))
    return isinstance(error, OSError) or type(error).__module__ == "sqlite3"


def _failed(error: BaseException, what: str) -> InputRefused:
    number = error.errno if isinstance(error, OSError) else None
    text = str(error)
    if number in (errno.EROFS, errno.EACCES, errno.EPERM) or "readonly" in text:
        return InputRefused(f"{what}：没有写入权限。", KEPT)
    if number in (errno.ENOSPC, errno.EDQUOT) or "full" in text or "No space" in text:
        return InputRefused(f"{what}：磁盘已满。", KEPT)
    return InputRefused(f"{what}：磁盘读写出错或空间不足。", KEPT)


def publish(folder: Path, facts: dict[str, Any]) -> None:
    """Seals a folder with its manifest and makes it the current generation, durably."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    with ThreadPoolExecutor(_HASHING) as pool:  # one is hashed while another goes to the disk
        entries = list(pool.map(_settled, files))
    listed = {p.relative_to(folder).as_posix(): entry for p, entry in zip(files, entries, strict=True)}
    (folder / _HELD).touch()
    manifest = folder / f"{MANIFEST}.partial"
    manifest.write_bytes(_sealed({"format": FORMAT, **facts, "files": listed}))
    make_durable(manifest)
    manifest.replace(folder / MANIFEST)
    for inside in sorted({p.parent for p in files} | {folder}, reverse=True):
        make_durable(inside)
    pointer = folder.parent / f"{_CURRENT}.{os.getpid()}"
    pointer.write_text(folder.name, "utf-8")
    make_durable(pointer)
    put_in_place(pointer, folder.parent / _CURRENT)
    make_durable(folder.parent)


def _sealed(manifest: Manifest) -> bytes:
    """The manifest as JSON whose last entry is the hash of everything before it."""
    body = json.dumps(manifest, ensure_ascii=False)[:-1].encode()
    return body + f'{_SEAL}{hashlib.sha256(body).hexdigest()}"}}'.encode()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation. Raises DamagedData when it is missing, altered or newer."""
    try:
        raw = (folder / MANIFEST).read_bytes()
        manifest = json.loads(raw)
        version = int(manifest["format"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedData("索引的清单缺失或损坏。", REBUILD) from error
    if version not in _READABLE:
        raise DamagedData("索引由另一个版本的程序建立。", REBUILD)
    body, mark, _ = raw.rpartition(_SEAL.encode())
    if (version > 1 or mark) and raw != body + f'{_SEAL}{hashlib.sha256(body).hexdigest()}"}}'.encode():
        raise DamagedData("索引的清单与建立时不一致。", REBUILD)
    return dict(manifest)


def verify(folder: Path) -> Manifest:
    """Checks every file against the manifest and returns it. Raises DamagedData naming the file."""
    manifest = read_manifest(folder)
    for name in _altered(folder, manifest.get("files", {})):
        raise DamagedData(f"索引文件损坏：{name}。", REBUILD)
    return manifest


def _altered(folder: Path, listed: dict[str, Any]) -> list[str]:
    """The files that are not what the manifest lists, in its order."""
    with ThreadPoolExecutor(_HASHING) as pool:
        whole = pool.map(_whole, [folder / name for name in listed], listed.values())
        return [name for name, is_whole in zip(listed, whole, strict=True) if not is_whole]


def _whole(path: Path, entry: Any) -> bool:
    try:
        return path.is_file() and _entry(path) == entry
    except OSError:
        return False


def problems(data: Path) -> list[str]:
    """Everything wrong with the index folder, one sentence each: every generation, the pointer, strangers."""
    home, found = root(data), []
    if not home.is_dir():
        return []
    in_use = current(data)
    if in_use is None and any((p / MANIFEST).is_file() for p in home.iterdir()):
        found.append(f"索引指针 index/{_CURRENT} 缺失或损坏。")
    for folder in sorted(p for p in home.iterdir() if p.is_dir()):
        if folder == in_use or (folder / MANIFEST).is_file():
            found += [f"index/{folder.name}：{text}" for text in _faults(folder)]
    return found


def _faults(folder: Path, *, hashed: bool = False) -> list[str]:
    """What is wrong with a generation; one `hashed` a moment ago is not hashed again."""
    try:
        listed = read_manifest(folder).get("files", {})
    except DamagedData as error:
        return [error.message]
    found = [] if hashed else [f"索引文件损坏：{name}。" for name in _altered(folder, listed)]
    held = folder / _HELD
    if not held.is_file() or held.stat().st_size:
        found.append(f"索引文件损坏：{_HELD}。")
    known = {*listed, MANIFEST, _HELD}
    inside = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())
    return found + [f"索引里有不属于它的文件：{name}。" for name in inside if name not in known]


def hold(folder: Path) -> IO[str]:
    """Keeps a generation from being collected until the returned file is closed. Raises DamagedData."""
    try:
        held = (folder / _HELD).open("r")
    except OSError as error:
        raise DamagedData("索引正在被清理或不完整。", REBUILD) from error
    if not lock_together(held):
        held.close()
        raise DamagedData("索引正在被清理或不完整。", REBUILD)
    return held


def serve(
    data: Path, load: Callable[[Path, Manifest], T], *, check: Callable[[Path], Manifest] = verify
) -> Served[T]:
    """Holds and verifies the newest whole generation and loads it; one damaged is passed over by name.

    `check` is `read_manifest` where `load` verifies the files it reads. A generation switched and
    collected while this looks is no damage: it looks again. Raises DamagedData when none is there or
    none is whole.
    """
    tried: list[Path] = []
    while True:
        folders = candidates(data)
        if not folders:
            raise DamagedData("还没有建立索引。", "请运行 zeren index。")
        problem: DamagedData | None = None
        for folder in folders:
            try:
                return _loaded(folder, load, check, problem)
            except DamagedData as error:
                problem = problem or error
        assert problem is not None
        if folders == tried:
            raise problem
        tried = folders


def _loaded(
    folder: Path,
    load: Callable[[Path, Manifest], T],
    check: Callable[[Path], Manifest],
    problem: DamagedData | None,
) -> Served[T]:
    held = hold(folder)
    try:
        value = load(folder, check(folder))
    except BaseException:
        held.close()
        raise
    return Served(value, folder, problem.message if problem else None, held)


def collect(data: Path, *, verified: Path | None = None) -> list[str]:
    """Removes generations that are neither current nor held, and what dead builders left.

    The newest whole one before the current is kept, to serve should the current be damaged. Nothing is
    removed while another process builds, for its folder is not sealed yet. A disk that errs here fails no
    build: the new generation is already served, and the next one collects.
    """
    try:
        return _collected(root(data), data, verified)
    except OSError:
        return []


def _collected(home: Path, data: Path, verified: Path | None) -> list[str]:
    with (home / _LOCK).open("a") as lock:
        if not lock_alone(lock):
            return []
        for left in home.glob(f"{_CURRENT}.*"):
            left.unlink(missing_ok=True)
        in_use = current(data)
        others = _newest_first(home, in_use)
        sealed = (p for p in others if (p / MANIFEST).is_file())
        kept = next((p for p in sealed if not _faults(p, hashed=p == verified)), None)
        return [p.name for p in others if p != kept and _remove(p)]


def _newest_first(home: Path, without: Path | None) -> list[Path]:
    return sorted((p for p in home.iterdir() if p.is_dir() and p != without), reverse=True)


def candidates(data: Path) -> list[Path]:
    """The current generation, then the other sealed ones, newest first."""
    home, first = root(data), current(data)
    if not home.is_dir():
        return []
    others = [p for p in _newest_first(home, first) if (p / MANIFEST).is_file()]
    return others if first is None else [first, *others]


def _remove(folder: Path) -> bool:
    held = folder / _HELD
    if held.is_file() and sys.platform != "win32":
        with held.open("r") as file:
            return lock_alone(file) and remove_folder(folder)
    return remove_folder(folder)


def _settled(path: Path) -> dict[str, Any]:
    """What the manifest says of a file, which is on the disk by then."""
    make_durable(path)
    return _entry(path)


def _entry(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "size": path.stat().st_size}
