"""A change of the library under way: one at a time for a data folder, with progress, and cancelling."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus.errors import InputRefused, ZerenError
from corpus.portable import end_group
from screens import audit

ROOT = Path(__file__).resolve().parent.parent
ADD, INDEX = "收录", "更新索引"


@dataclass(slots=True)
class Job:
    """What a child process is doing to the library of `data`, for `owner`, and what came of it."""

    data: Path
    owner: str
    action: str
    step: str = "starting"
    share: float = 0.0
    count: tuple[int, int] = (0, 0)
    rows: list[list[str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    error: tuple[str, str] | None = None
    cancelled: bool = False
    ended: bool = False
    _process: subprocess.Popen[str] | None = None

    def cancel(self) -> None:
        """Ends the child and its readers. What was added stays; the index stays as it was."""
        self.cancelled = True
        if self._process is not None and self._process.poll() is None:
            end_group(self._process, gently=True)

    def _hear(self, line: dict[str, Any]) -> None:
        if "step" in line:
            self.step, self.count = line["step"], (line["done"], line["of"])
            self.share = line["done"] / max(line["of"], 1)
        if "report" in line:
            self.rows, self.counts = line["report"], line["counts"]
        if "error" in line:
            self.error = (line["error"][0], line["error"][1])

    def summary(self) -> str:
        """One line for the log."""
        counts = "、".join(f"{name} {count}" for name, count in self.counts.items() if count)
        state = "已取消" if self.cancelled else f"失败：{self.error[0]}" if self.error else "完成"
        return f"{state}；{counts}" if counts else state


class Workshop:
    """The jobs of one server: the newest of each data folder; a second is refused while one is under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[Path, Job] = {}

    def job(self, data: Path) -> Job | None:
        """The newest job on a data folder, under way or ended."""
        return self._jobs.get(data.resolve())

    def start(
        self,
        data: Path,
        owner: str,
        *,
        paths: Sequence[Path] = (),
        given: Mapping[str, str] | None = None,
        uploads: TemporaryDirectory[str] | None = None,
    ) -> Job:
        """Starts adding `paths` (or only the index, without any). Raises InputRefused while one is under way.

        `uploads` is the folder the files lie in; it is removed at the end.
        """
        with self._lock:
            held = self.job(data)
            if held is not None and not held.ended:
                raise InputRefused(
                    f"{held.owner} 正在{held.action}，同一时间只能进行一项。", "请等它完成后再试。"
                )
            job = Job(data, owner, ADD if paths else INDEX)
            names = "、".join(path.name for path in paths) if uploads is None else _names(Path(uploads.name))
            audit.record(data, owner, f"开始{job.action}", names or str(data))
            self._jobs[data.resolve()] = job
        asked = {"data": str(data), "paths": [str(path) for path in paths], "given": dict(given or {})}
        threading.Thread(target=_run, args=(job, asked, uploads), name="library job", daemon=True).start()
        return job


def _names(folder: Path) -> str:
    return "、".join(sorted(path.name for path in folder.iterdir()))


def _run(job: Job, asked: dict[str, Any], uploads: TemporaryDirectory[str] | None) -> None:
    words = [sys.executable, "-m", "screens.library_child"]
    try:
        with subprocess.Popen(
            words, cwd=ROOT, text=True, encoding="utf-8", start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        ) as process:  # fmt: skip
            job._process = process
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(asked, ensure_ascii=False))
            process.stdin.close()
            for line in process.stdout:
                job._hear(json.loads(line))
        if process.returncode and not job.cancelled and job.error is None:
            job.error = (
                "收录程序意外结束，已加入的文本没有丢失。",
                "请再试一次；仍不行请运行 zeren doctor。",
            )
    except (OSError, ValueError) as error:
        job.error = (f"收录程序不能启动：{error}。", "请运行 zeren doctor 检查安装。")
    finally:
        if uploads is not None:
            uploads.cleanup()
        with contextlib.suppress(ZerenError):  # the job is done all the same
            audit.record(job.data, job.owner, job.action, job.summary())
        job.ended = True
