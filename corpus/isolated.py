"""The child's side of isolation: reads one file after another and answers in frames on stdout.

A frame is a kind (one byte), a length (four bytes, big-endian) and that many bytes of JSON.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from corpus.errors import InputRefused, ZerenError
from corpus.limits import allow_memory, cap_memory, reporting, was_raised

HEAD = struct.Struct(">cI")
JOB, PROGRESS, TIME, RESULT, REFUSED = (
    b"J",
    b"P",
    b"T",
    b"R",
    b"E",
)  # in lower case: and this process ends now
TOO_LARGE = "展开或识别时需要的内存超过上限"
STRANGE = "内容不合乎它的格式，无法读取"
RESAVE = "请用原来的软件打开并另存一份，或换一种格式后再试。"


def serve() -> None:
    """Answers jobs from stdin until it closes. Whatever a library prints goes nowhere."""
    inbox, outbox = _quiet_pipes()
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    setup = json.loads(_frame(inbox)[1])
    cap_memory(setup["memory"])
    while True:
        kind, body = _frame(inbox)
        if kind != JOB:
            return
        answer, payload = _answer(json.loads(body), outbox, setup)
        spent = was_raised() or answer.islower()
        send(outbox, answer.lower() if spent else answer, payload)
        if spent:
            return


def _end_with_parent(parent: int) -> None:
    """Ends this process and what it started once its parent is gone: nobody is left to watch its time."""
    while os.getppid() == parent:
        time.sleep(1.0)
    if sys.platform != "win32":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def send(stream: BinaryIO, kind: bytes, body: bytes) -> None:
    """Writes one frame."""
    stream.write(HEAD.pack(kind, len(body)) + body)
    stream.flush()


def _quiet_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keeps the real stdin and stdout for frames; C libraries and prints write to the null device."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.set_inheritable(null, False)
    return inbox, outbox


def _frame(stream: BinaryIO) -> tuple[bytes, bytes]:
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return b"", b""
    kind, size = HEAD.unpack(head)
    return kind, stream.read(size)


def _answer(job: dict[str, Any], outbox: BinaryIO, setup: dict[str, Any]) -> tuple[bytes, bytes]:
    """Every way a reader may fail becomes one sentence here: the boundary of the process."""
    try:
        with reporting(
            lambda done, of: send(outbox, PROGRESS, json.dumps([done, of]).encode()),
            lambda seconds: send(outbox, TIME, json.dumps(seconds).encode()),
        ):
            return RESULT, _work(job)
    except ZerenError as error:
        return _refusal(REFUSED, error.message, error.next_step)
    except (MemoryError, RecursionError):
        allow_memory(setup["memory"] * 2)  # room to say so
        return _refusal(REFUSED.lower(), f"{TOO_LARGE}。", "请把文件拆小，或另存为 .docx 或 .txt 后再试。")
    except Exception as error:  # noqa: BLE001 - a hostile file may break any library in any way
        return _refusal(REFUSED.lower(), f"{STRANGE}（{type(error).__name__}）。", RESAVE)


def _refusal(kind: bytes, message: str, next_step: str) -> tuple[bytes, bytes]:
    return kind, json.dumps([message, next_step]).encode()


def _work(job: dict[str, Any]) -> bytes:
    from corpus import reading, structure, wire

    path = Path(job["path"])
    if not path.is_file():
        raise InputRefused("不是普通文件或已不存在。", "请检查路径。")
    if job["verb"] == "reading":
        return wire.reading_to_json(reading.read(path))
    document = structure.read_document(path, source=job["source"])
    return wire.document_to_json(document)
