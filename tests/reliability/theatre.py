"""A process that has everything imported and runs each command in a fork of itself, under a fault plan.

    python -m tests.reliability.theatre        (with the shim preloaded; jobs as JSON lines on stdin)

A job: {"words": [...], "plan": "kill:7", "after": seconds until SIGKILL, "broken": a name in broken.py}; the
answer: {"status", "count", "out", "err", "seconds"}. A killed command has status -9. Started by stage.py.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def _arm(plan: str | None) -> None:
    if "LD_PRELOAD" in os.environ:
        ctypes.CDLL(None).fault_arm(plan.encode() if plan else None)


def _count() -> int:
    if "LD_PRELOAD" not in os.environ:
        return 0
    count = ctypes.CDLL(None).fault_count
    count.restype = ctypes.c_long
    return int(count())


def _perform(job: dict[str, Any], out: int, err: int, counted: int) -> int:
    import cli

    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    if job.get("broken"):
        from tests.reliability import broken

        getattr(broken, job["broken"])()
    _arm(job.get("plan"))
    try:
        status = cli.main(job["words"])
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:  # noqa: BLE001 - whatever it was, it is the answer
        import traceback

        traceback.print_exc()
        status = 70
    number = _count()
    _arm(None)
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(counted, str(number).encode())
    return status


def _run(job: dict[str, Any]) -> dict[str, Any]:
    files = [tempfile.TemporaryFile() for _ in range(3)]  # noqa: SIM115 - closed below
    child = os.fork()
    if child == 0:
        os._exit(_perform(job, *(file.fileno() for file in files)))
    begun = time.monotonic()
    if job.get("after") is not None:
        _kill_later(child, begun + job["after"])
    _, how = os.waitpid(child, 0)
    seconds = time.monotonic() - begun
    texts = []
    for file in files:
        file.seek(0)
        texts.append(file.read().decode("utf-8", "replace"))
        file.close()
    status = os.waitstatus_to_exitcode(how)
    return {
        "status": status,
        "count": int(texts[2] or 0),
        "out": texts[0],
        "err": texts[1],
        "seconds": seconds,
    }


def _kill_later(child: int, moment: float) -> None:
    while (left := moment - time.monotonic()) > 0:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(min(left, 0.002))
    os.kill(child, signal.SIGKILL)


def _warm() -> None:
    """Does a day's work once in this process, so that no fork pays again for imports, rules and models."""
    import cli
    from corpus import database

    sample = str(sorted((ROOT / "corpus" / "sources" / "starter").iterdir())[0])
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        data = ["--data", folder]
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            for words in (["add", sample], ["search", "应急预案"], ["ask", "谁负责"], ["status", "--verify"]):
                cli.main([*words, *data])
    database._checked.clear()  # another file may get the number of one of these


def main() -> None:
    _warm()
    for line in sys.stdin:
        answer = _run(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
