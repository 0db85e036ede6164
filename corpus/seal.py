"""The seal beside corpus.db: how many writes it has seen, and the hash of the whole file once it lies still.

Hashes in the rows prove every word that is shown. The seal proves the rest: that no committed text was
lost with a damaged journal, that no older file was laid in the place of this one, and that no byte
outside the words changed. It never stops a reader; `zeren status --verify` tells what it finds.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.portable import put_in_place

_ENDING = ".seal"
_CUT = ', "mark": "'


@dataclass(frozen=True, slots=True)
class Seal:
    """The revision of the last write; size and hash of the file while nothing was written after it."""

    revision: int
    size: int | None = None
    sha256: str | None = None


def path_of(database: Path) -> Path:
    """Where the seal of a database lies."""
    return database.with_name(database.name + _ENDING)


def write(database: Path, seal: Seal, *, durable: bool = False) -> None:
    """Puts a seal in place in one step. A disk that refuses it costs the proof, never the text."""
    target = path_of(database)
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    body = json.dumps({"revision": seal.revision, "size": seal.size, "sha256": seal.sha256})[:-1]
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(f'{body}{_CUT}{_mark(body)}"}}\n')
            if durable:
                file.flush()
                os.fsync(file.fileno())
        put_in_place(partial, target)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()


def _mark(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def read(database: Path) -> Seal | None:
    """The seal of a database, None where none was written. Raises ValueError for one that was altered."""
    try:
        text = path_of(database).read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError("unreadable") from error
    body = text.rpartition(_CUT)[0]
    if text != f'{body}{_CUT}{_mark(body)}"}}\n':
        raise ValueError("altered")
    value: dict[str, Any] = json.loads(text)
    return Seal(value["revision"], value["size"], value["sha256"])


_HASH = "import hashlib, sys; print(hashlib.file_digest(open(sys.argv[1], 'rb'), 'sha256').hexdigest())"


def of(database: Path, revision: int) -> Seal:
    """The seal of a file that nobody is writing. Raises OSError.

    The file is read by another process: closing a file drops every lock that this process has on it
    (POSIX), also those of SQLite's connections, and then another writer believes itself alone.
    """
    words = [sys.executable, "-I", "-S", "-c", _HASH, str(database)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise OSError(f"{database.name} cannot be read")
    return Seal(revision, database.stat().st_size, ran.stdout.strip())


def problems(database: Path, revision: int, *, still: bool) -> list[str]:
    """What the seal says against a database at `revision`; `still`: no write waits in its journal."""
    name = database.name
    try:
        held = read(database)
    except ValueError:
        return [f"{path_of(database).name}：登记缺失或被改动。"]
    if held is None:
        return []
    if held.revision > revision:
        lost = held.revision - revision
        return [f"{name}：少了最近 {lost} 次写入（日志损坏，或被较早的文件替换）。"]
    if still and held.revision == revision and held.sha256 and held != of(database, revision):
        return [f"{name}：文件内容与封存时不一致。"]
    return []


def stale(database: Path, revision: int) -> bool:
    """Whether there is a seal, whole but not of this revision's file."""
    held = read(database)
    return held is not None and (held.sha256 is None or held.revision < revision)
