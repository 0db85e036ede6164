"""What reading one file may cost, and how a reader says that it is still at work.

Figures are ceilings for honest files with room to spare (measured on 22 laws in six forms: the largest
needs 0.3 MB as .docx and 60 MB of memory), not targets. Where the platform cannot limit memory (Windows),
time and sizes still hold.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from corpus.errors import InputRefused

MIB = 1024 * 1024
GIB = 1024 * MIB
MAX_FILE = 200 * MIB
MAX_PAGES = 3000
MAX_LINES = 500_000

Progress = Callable[[int, int], None]
_progress: ContextVar[Progress | None] = ContextVar("progress", default=None)
_asked: ContextVar[Callable[[float], None] | None] = ContextVar("asked", default=None)
_raised = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings for one file: bytes of memory, seconds without a finished page, seconds in all, bytes out."""

    memory: int = GIB
    step_seconds: float = 28.0
    asked_seconds: float = 120.0  # the most a reader gets for one step when it asks
    total_seconds: float = 1800.0
    output: int = 64 * MIB
    files_per_worker: int = 500


@contextlib.contextmanager
def reporting(progress: Progress | None, asked: Callable[[float], None] | None = None) -> Iterator[None]:
    """Readers called inside report each finished page to `progress(done, of)`, and a long step to `asked`."""
    token, other = _progress.set(progress), _asked.set(asked)
    try:
        yield
    finally:
        _progress.reset(token)
        _asked.reset(other)


def page_done(done: int, of: int) -> None:
    """Called by a reader after each page; it also proves to the watching parent that work goes on."""
    report = _progress.get()
    if report is not None:
        report(done, of)


def allow_time(seconds: float) -> None:
    """Called before a step whose work is bounded but slow on a slow machine: recognising one page."""
    ask = _asked.get()
    if ask is not None:
        ask(seconds)


def check_lines(count: int) -> None:
    """Raises InputRefused for more paragraphs than any text of law has."""
    if count > MAX_LINES:
        raise InputRefused(f"段落超过 {MAX_LINES} 个，不像是法规文本。", "请把需要的部分另存为单独的文件。")


def cap_memory(size: int) -> None:
    """Limits this process's address space to `size` bytes where the platform can (a child calls this)."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))


def _lift(size: int) -> int | None:
    """Lifts a lower cap to `size`; the cap that was, None where there was none to lift."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY and soft < size:
            resource.setrlimit(resource.RLIMIT_AS, (size, hard))
            return soft
    return None


def allow_memory(size: int) -> None:
    """Lifts a cap set by `cap_memory` to `size`: recognising images and LibreOffice need more than text."""
    global _raised  # noqa: PLW0603 - one process, one cap
    if _lift(size) is not None:
        _raised = True


@contextlib.contextmanager
def more_memory(size: int) -> Iterator[None]:
    """Lifts the cap for a program started inside, then sets it back."""
    before = _lift(size)
    try:
        yield
    finally:
        if before is not None:
            cap_memory(before)


def was_raised() -> bool:
    """Whether this process's cap was lifted, so that it should not read another file."""
    return _raised
