"""Commands run under planned faults: the shim compiled, a theatre opened, and what must hold afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from cli import BROKEN

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(__file__).with_name("fault_shim.c")
SAMPLES = ROOT / "corpus" / "sources" / "starter"
SEED = 20_261_122
MORE = """# 望川市夜间施工管理规定（样例·虚构）

2025年3月1日 望川市人民政府公布，自2025年4月1日起施行

<!-- INFO END -->

第一条 夜间施工的单位应当提前三日公告。

第二条 禁止在学校周边五十米内夜间施工。
"""
QUESTIONS = tuple(
    f"{who}{what}"
    for who in (
        "生产经营单位",
        "主要负责人",
        "街道办事处",
        "消防控制室",
        "危险化学品企业",
        "有限空间作业单位",
    )
    for what in ("应当履行哪些职责", "未按规定检查怎样处罚", "应急预案", "培训记录保存多久", "禁止哪些行为")
)


def compiler() -> str | None:
    """A C compiler that can preload: Linux with gcc or cc."""
    return (shutil.which("gcc") or shutil.which("cc")) if sys.platform == "linux" else None


def compiled(folder: Path) -> Path:
    """The shim as a library in `folder`."""
    gcc = compiler()
    assert gcc is not None
    out = folder / "fault_shim.so"
    subprocess.run([gcc, "-shared", "-fPIC", "-O1", "-o", str(out), str(SOURCE), "-ldl"], check=True)
    return out


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: its status (-9 killed), the operations counted, what it said."""

    status: int
    count: int
    out: str
    err: str
    seconds: float

    def one_sentence(self) -> bool:
        """It ended well, or refused in words and without a traceback."""
        foreseen = "Traceback" not in self.err and BROKEN not in self.err
        return foreseen and (self.status == 0 or "。" in self.err)


class Theatre:
    """A running tests/reliability/theatre.py: every command is a fork of it, under the plan given."""

    def __init__(self, root: Path, shim: Path | None, **environment: str) -> None:
        preload = {"LD_PRELOAD": str(shim), "FAULT_ROOT": str(root.resolve())} if shim else {}
        one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.theatre"],
            cwd=ROOT,
            env={**os.environ, **one, **preload, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        *words: str | Path,
        plan: str | None = None,
        after: float | None = None,
        broken: str | None = None,
    ) -> Ran:
        """One command in a fork: under a fault plan, killed after seconds, or of a broken program."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        job = {"words": [str(word) for word in words], "plan": plan, "after": after, "broken": broken}
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, "the theatre has ended"
        return Ran(**json.loads(line))

    def well(self, *words: str | Path) -> Ran:
        """A command that must succeed."""
        ran = self.run(*words)
        assert ran.status == 0, ran.err
        return ran

    def __enter__(self) -> Theatre:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


@dataclass(frozen=True, slots=True)
class Scene:
    """A data folder with the sample corpus indexed, one text waiting to be added, and the questions."""

    data: Path
    more: Path
    batch: Path

    def answers(self, theatre: Theatre, data: Path, *, broken: str | None = None) -> str:
        """A digest of the answers to the thirty questions; "" when they were refused in words."""
        ran = theatre.run("search", "--batch", self.batch, "--data", data, broken=broken)
        assert ran.one_sentence(), ran.err
        return hashlib.sha256(ran.out.encode()).hexdigest() if ran.status == 0 else ""

    def whole(self, theatre: Theatre, data: Path, *, indexed: bool = False) -> bool:
        """What `zeren status --verify` says; `indexed`: and the index is that of these texts."""
        ran = theatre.run("status", "--verify", "--json", "--data", data)
        if ran.status != 0:
            return False
        state = json.loads(ran.out)
        return bool(state["whole"]) and (not indexed or bool(state["index"]["up_to_date"]))

    def fresh(self, target: Path) -> Path:
        """A copy of the data folder to be harmed."""
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.data, target)
        return target


def scene(folder: Path, theatre: Theatre, samples: Sequence[Path] | None = None) -> Scene:
    """Builds a scene in `folder` through the public commands."""
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "数据 folder"
    more = folder / "夜间施工(2025-03-01).md"
    more.write_text(MORE, "utf-8")
    batch = folder / "questions.jsonl"
    rows: list[dict[str, Any]] = [{"id": n, "text": text, "k": 5} for n, text in enumerate(QUESTIONS)]
    batch.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    theatre.well("add", *(samples or [SAMPLES]), "--data", data)
    return Scene(data, more, batch)
