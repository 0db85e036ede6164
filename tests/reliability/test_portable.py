"""Nothing in the shipped modules needs what Windows lacks, outside a guard: checked, not run, on Windows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from corpus import portable
from tests.reliability.stage import ROOT

PACKAGES = ("corpus", "indexer", "retriever", "generator", "commands", "screens")
ABSENT = frozenset({"fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "posix", "syslog"})
LACKING = frozenset(
    {"os.killpg", "os.fork", "os.getuid", "os.geteuid", "os.setsid", "os.sysconf", "os.statvfs"}
    | {"signal.SIGKILL", "signal.SIGALRM", "signal.SIGHUP", "signal.alarm", "signal.setitimer"}
)
SHIPPED = sorted(
    [p for name in PACKAGES for p in (ROOT / name).rglob("*.py")] + [ROOT / "app.py", ROOT / "cli.py"]
)


def _guards(test: ast.expr) -> bool:
    words = ast.unparse(test)
    return "sys.platform" in words or "os.name" in words


class _Look(ast.NodeVisitor):
    """Collects what is used outside `if sys.platform …`, `if os.name …`."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_If(self, node: ast.If) -> None:
        if not _guards(node.test):
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.found += [alias.name for alias in node.names if alias.name.partition(".")[0] in ABSENT]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if not node.level and (node.module or "").partition(".")[0] in ABSENT:
            self.found.append(str(node.module))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if ast.unparse(node) in LACKING:
            self.found.append(ast.unparse(node))
        self.generic_visit(node)


def unguarded(source: str) -> list[str]:
    look = _Look()
    look.visit(ast.parse(source))
    return look.found


def test_no_shipped_module_needs_what_windows_lacks() -> None:
    found = {str(path.relative_to(ROOT)): unguarded(path.read_text("utf-8")) for path in SHIPPED}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("import fcntl", ["fcntl"]),
        ("def f():\n    import resource", ["resource"]),
        ("from pwd import getpwnam", ["pwd"]),
        ("import os\nos.killpg(1, 9)", ["os.killpg"]),
        ("import os\nif hasattr(os, 'fork'):\n    os.fork()", ["os.fork"]),
        ("import sys\nif sys.platform != 'win32':\n    import fcntl", []),
    ],
)
def test_control_a_planted_line_is_found(planted: str, found: list[str]) -> None:
    assert unguarded(planted) == found


def test_locks_keep_each_other_out(tmp_path: Path) -> None:
    name = tmp_path / "lock"
    with name.open("a") as one, name.open("a") as other, name.open("a") as third:
        assert portable.lock_together(one)
        assert portable.lock_together(other)
        assert not portable.lock_alone(third)
    with name.open("a") as one, name.open("a") as other:
        assert portable.lock_alone(one)
        assert not portable.lock_alone(other)
        assert not portable.lock_together(other)
