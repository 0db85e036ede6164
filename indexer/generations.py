"""Index generations: each build writes a new folder, then one atomic switch makes it current.

index/CURRENT names the generation in use. A reader holds a shared lock on its generation; the collector
removes only those nobody holds. The manifest carries the hash of every file and is checked before
anything is loaded: bytes that changed on disk never reach a library that trusts them.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from corpus.errors import DamagedData, InputRefused

FORMAT = 1
MANIFEST = "manifest.json"
_HELD = "held"
_CURRENT = "CURRENT"
_LOCK = "build.lock"
REBUILD = "请运行 zeren index 重建（正文在 corpus.db 中，不受影响）。"


def root(data: Path) -> Path:
    return data / "index"


def current(data: Path) -> Path | None:
    """The folder of the generation in use, None before the first build."""
    try:
        name = (root(data) / _CURRENT).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = root(data) / name
    return folder if name and "/" not in name and folder.is_dir() else None


@contextmanager
def building(data: Path) -> Iterator[Path]:
    """An empty folder for a new generation; one builder at a time. Removed again when the build fails.

    Raises InputRefused when another process is building or the folder cannot be written.
    """
    home = root(data)
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / _LOCK).open("a")
    except OSError as error:
        raise InputRefused("索引文件夹不能写入。", "请检查权限和磁盘空间。") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputRefused("另一个程序正在建立索引。", "请等它完成后再试。") from error
        folder = home / f"{time.time_ns():x}-{os.getpid()}"
        folder.mkdir()
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def publish(folder: Path, facts: dict[str, Any]) -> None:
    """Seals a folder with its manifest and makes it the current generation, durably."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    listed = {p.relative_to(folder).as_posix(): _entry(p) for p in files}
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps({"format": FORMAT, **facts, "files": listed}, ensure_ascii=False), "utf-8")
    (folder / _HELD).touch()
    for path in [*files, manifest]:
        _sync(path)
    for inside in sorted({p.parent for p in files} | {folder}, reverse=True):
        _sync(inside)
    pointer = folder.parent / f"{_CURRENT}.{os.getpid()}"
    pointer.write_text(folder.name, "utf-8")
    _sync(pointer)
    pointer.replace(folder.parent / _CURRENT)
    _sync(folder.parent)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a generation. Raises DamagedData when it is missing, unreadable or newer."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        version = int(manifest["format"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedData("索引的清单缺失或损坏。", REBUILD) from error
    if version != FORMAT:
        raise DamagedData("索引由另一个版本的程序建立。", REBUILD)
    return dict(manifest)


def verify(folder: Path) -> dict[str, Any]:
    """Checks every file against the manifest and returns it. Raises DamagedData naming the file."""
    manifest = read_manifest(folder)
    for name, entry in manifest.get("files", {}).items():
        path = folder / name
        if not path.is_file() or _entry(path) != entry:
            raise DamagedData(f"索引文件损坏：{name}。", REBUILD)
    return manifest


def hold(folder: Path) -> IO[str]:
    """Keeps a generation from being collected until the returned file is closed. Raises DamagedData."""
    try:
        held = (folder / _HELD).open("r")
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        raise DamagedData("索引正在被清理或不完整。", REBUILD) from error
    return held


def collect(data: Path) -> list[str]:
    """Removes generations that are neither current nor held, and unfinished builds of dead processes.

    The newest sealed one before the current is kept, to serve should the current be damaged.
    """
    home, in_use = root(data), current(data)
    others = sorted((p for p in home.iterdir() if p.is_dir() and p != in_use), reverse=True)
    kept = next((p for p in others if (p / MANIFEST).is_file()), None)
    return [p.name for p in others if p != kept and _remove(p)]


def candidates(data: Path) -> list[Path]:
    """The current generation, then older sealed ones, newest first."""
    first = current(data)
    if first is None:
        return []
    others = sorted((p for p in root(data).iterdir() if p.is_dir() and p != first), reverse=True)
    return [first, *(p for p in others if (p / MANIFEST).is_file())]


def _remove(folder: Path) -> bool:
    held = folder / _HELD
    if held.is_file():
        with held.open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
            shutil.rmtree(folder, ignore_errors=True)
        return True
    shutil.rmtree(folder, ignore_errors=True)
    return True


def _entry(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "size": path.stat().st_size}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
