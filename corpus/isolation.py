"""Reads files nobody vouches for in child processes: limits on memory, time and output; the parent unharmed.

    with Reader(workers=2) as reader:
        for path, result in reader.read_all(paths, root=folder):
            ...            # result: a Document, or the InputRefused that says why not

A child is kept and reads one file after another; it is replaced after a failure or
`Limits.files_per_worker` files. It hands its result back as JSON (corpus/wire.py), never as pickle.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from corpus import isolated, reading, scratch, sniff, wire
from corpus.document import Document, Reading
from corpus.errors import InputRefused
from corpus.limits import MIB, Limits, Progress
from corpus.portable import end_group

ROOT = Path(__file__).resolve().parent.parent
PLAIN_TEXT = 4 * MIB
SPLIT = "请检查文件是否损坏，或拆成几个文件、换一种格式后再试。"
_SERVE = "import sys; sys.path.insert(0, {root!r}); from corpus.isolated import serve; serve()"


class Reader:
    """Child processes that read files. Close it (or use `with`): no child outlives it."""

    def __init__(self, *, workers: int = 1, limits: Limits | None = None) -> None:
        if workers < 1:
            raise ValueError("workers: at least 1")
        self._limits = limits or Limits()
        self._idle: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        self._children = [_Child(self._limits) for _ in range(workers)]
        for child in self._children:
            self._idle.put(child)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="reader")

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends every child, also one at work."""
        for child in self._children:
            child.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def read(self, path: Path, *, progress: Progress | None = None) -> Reading:
        """The lines of one file. Raises InputRefused; `progress(done, of)` is called by page."""
        return wire.reading_from_json(self._ask(path, {"verb": "reading"}, progress))

    def read_document(
        self, path: Path, *, source: str | None = None, progress: Progress | None = None
    ) -> Document:
        """One file read and parsed. Raises InputRefused."""
        job = {"verb": "document", "source": source or path.name}
        body = self._ask(path, job, progress)
        try:
            return wire.document_from_json(body)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise InputRefused(f"{path.name}：读取程序交回的结果不完整。", SPLIT) from error

    def read_all(
        self, paths: Iterable[Path], *, root: Path | None = None, progress: Progress | None = None
    ) -> Iterator[tuple[Path, Document | InputRefused]]:
        """Every file in the order given, read ahead by the workers; a refused file stops nothing.

        `source` of a document is the path relative to `root`, else the file's name.
        """
        waiting: deque[tuple[Path, Future[Document | InputRefused]]] = deque()
        ahead = len(self._children) * 4
        remaining = iter(paths)
        try:
            for path in itertools.islice(remaining, ahead):
                waiting.append((path, self._pool.submit(self._try, path, root, progress)))
            while waiting:
                path, future = waiting.popleft()
                for following in itertools.islice(remaining, 1):
                    task = self._pool.submit(self._try, following, root, progress)
                    waiting.append((following, task))
                yield path, future.result()
        finally:
            for _, future in waiting:
                future.cancel()

    def _try(self, path: Path, root: Path | None, progress: Progress | None) -> Document | InputRefused:
        try:
            return self.read_document(path, source=_source(path, root), progress=progress)
        except InputRefused as refusal:
            return refusal

    def _ask(self, path: Path, job: dict[str, Any], progress: Progress | None) -> bytes:
        child = self._idle.get()
        try:
            return child.ask({**job, "path": str(path.absolute())}, path.name, progress)
        finally:
            self._idle.put(child)


def is_plain(path: Path) -> bool:
    """Whether a file is short plain text by its content, whatever its name: read without a child."""
    try:
        return path.stat().st_size <= PLAIN_TEXT and sniff.detect(path) == "text"
    except (OSError, InputRefused):
        return False


def lines(path: Path, *, progress: Progress | None = None) -> Reading:
    """One file's lines: plain text in this process, every other format in a child. Raises InputRefused."""
    return reading.read(path) if is_plain(path) else read(path, progress=progress)


def read(path: Path, *, progress: Progress | None = None) -> Reading:
    """One file's lines, read in a child of its own. Raises InputRefused."""
    with Reader() as reader:
        return reader.read(path, progress=progress)


def read_document(path: Path, *, source: str | None = None, progress: Progress | None = None) -> Document:
    """One file read and parsed in a child of its own. Raises InputRefused."""
    with Reader() as reader:
        return reader.read_document(path, source=source, progress=progress)


def _source(path: Path, root: Path | None) -> str:
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.name


class _Child:
    """One child process, started when needed; used by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: scratch.Scratch | None = None
        self._files = 0
        self._closed = False
        self._starting = threading.Lock()

    def ask(self, job: dict[str, Any], name: str, progress: Progress | None) -> bytes:
        """The body of the child's RESULT. Raises InputRefused for every other outcome."""
        process = self._running()
        watch = _Watch(process, self._limits)
        try:
            _post(process, isolated.JOB, json.dumps(job).encode())
            return self._listen(process, watch, name, progress)
        except (OSError, ValueError):
            raise self._broken(watch, name) from None
        finally:
            watch.stop()

    def _listen(
        self, process: subprocess.Popen[bytes], watch: _Watch, name: str, progress: Progress | None
    ) -> bytes:
        assert process.stdout is not None
        while True:
            head = process.stdout.read(isolated.HEAD.size)
            if len(head) < isolated.HEAD.size:
                raise self._broken(watch, name)
            kind, size = isolated.HEAD.unpack(head)
            if size > self._limits.output:
                self._end()
                raise InputRefused(f"{name}：展开后的内容超过 {self._limits.output // 2**20} MiB。", SPLIT)
            body = process.stdout.read(size)
            if len(body) < size:
                raise self._broken(watch, name)
            if kind == isolated.TIME:
                watch.push(min(float(json.loads(body)), self._limits.asked_seconds))
                continue
            if kind == isolated.PROGRESS:
                watch.push()
                done, of = json.loads(body)
                if progress is not None:
                    progress(int(done), int(of))
                continue
            if kind.islower():
                self._end()
            if kind.upper() == isolated.RESULT:
                return body
            message, next_step = json.loads(body)
            raise InputRefused(message if name in message else f"{name}：{message}", next_step)

    def _running(self) -> subprocess.Popen[bytes]:
        with self._starting:
            if self._closed:
                raise InputRefused("读取已停止。", "可再次运行同一命令继续。")
            process = self._process
            if process is not None and (
                process.poll() is not None or self._files >= self._limits.files_per_worker
            ):
                self._end()
                process = None
            if process is None:
                process = self._process = self._begin()
                self._files = 0
            self._files += 1
            return process

    def _begin(self) -> subprocess.Popen[bytes]:
        try:
            self._scratch = scratch.make()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise InputRefused(f"临时文件夹不能写入：{reason}。", "请检查磁盘空间和权限后再试。") from error
        return _start(self._limits, str(self._scratch.folder))

    def _broken(self, watch: _Watch, name: str) -> InputRefused:
        """What to say of a child that gave no answer: it was ended for its time, or died."""
        self._end()
        if watch.expired:
            seconds = int(self._limits.step_seconds)
            return InputRefused(f"{name}：{seconds} 秒内没有读完，已放弃。", SPLIT)
        return InputRefused(f"{name}：读取时程序意外结束（内存超限或文件损坏）。", SPLIT)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _kill(process)
        if self._scratch is not None:
            self._scratch.remove()
            self._scratch = None

    def close(self) -> None:
        with self._starting:
            self._closed = True
            self._end()


class _Watch:
    """Ends a process that shows no progress for `step_seconds`, or takes `total_seconds` in all."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits) -> None:
        self.expired = False
        self._process, self._step = process, limits.step_seconds
        self._last = time.monotonic() + limits.total_seconds
        self._timer = self._set(self._step)

    def push(self, seconds: float | None = None) -> None:
        """Progress was made: the step begins anew, the total does not."""
        self._timer.cancel()
        self._timer = self._set(min(seconds or self._step, self._last - time.monotonic()))

    def stop(self) -> None:
        self._timer.cancel()

    def _set(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(max(seconds, 0.0), self._expire)
        timer.daemon = True
        timer.start()
        return timer

    def _expire(self) -> None:
        self.expired = True
        _kill(self._process)


def _start(limits: Limits, folder: str) -> subprocess.Popen[bytes]:
    """A child in a session of its own, so that what it starts (LibreOffice) ends with it.

    Its temporary files lie in `folder`, which the parent deletes however the child ends.
    """
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", _SERVE.format(root=str(ROOT))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder},
    )
    _post(process, isolated.JOB, json.dumps({"memory": limits.memory}).encode())
    return process


def _post(process: subprocess.Popen[bytes], kind: bytes, body: bytes) -> None:
    assert process.stdin is not None
    isolated.send(process.stdin, kind, body)  # type: ignore[arg-type]


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and everything in its session; waits for it, so that none is left behind."""
    end_group(process)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
