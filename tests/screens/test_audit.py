"""The audit log: appended, never changed; who, what, when; no line lost; short names only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from corpus.errors import DamagedData
from screens import audit


def test_entries_come_back_newest_first(tmp_path: Path) -> None:
    audit.record(tmp_path, "li", "导出", "清单.docx")
    audit.record(tmp_path, "wang", "收录", "条例\n（换行）.md")
    first, second = audit.entries(tmp_path)
    assert (first.user, first.action, first.subject) == ("wang", "收录", "条例\n（换行）.md")
    assert second.user == "li"
    assert datetime.fromisoformat(first.when).tzinfo is not None
    assert audit.entries(tmp_path, newest=1) == (first,)


def test_no_line_is_lost_when_many_write(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: audit.record(tmp_path, f"u{n}", "导出", "文" * 300), range(200)))
    held = audit.entries(tmp_path)
    assert {entry.user for entry in held} == {f"u{n}" for n in range(200)}
    assert all(entry.action == "导出" for entry in held)


def test_a_foreign_line_is_shown_as_it_stands(tmp_path: Path) -> None:
    audit.record(tmp_path, "li", "导出", "a")
    with (tmp_path / audit.FILE).open("a", encoding="utf-8") as file:
        file.write("不是我们写的\n")
    assert audit.entries(tmp_path)[0].subject == "不是我们写的"
    assert len(audit.entries(tmp_path)) == 2


def test_a_subject_is_a_name_and_not_a_text(tmp_path: Path) -> None:
    audit.record(tmp_path, "li", "导出", "长" * 5000)
    assert len(audit.entries(tmp_path)[0].subject) == audit.LONGEST


def test_only_the_server_account_reads_it(tmp_path: Path) -> None:
    audit.record(tmp_path, "li", "导出", "a")
    assert (tmp_path / audit.FILE).stat().st_mode & 0o077 == 0


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(DamagedData, match="操作记录"):
        audit.record(tmp_path, "li", "导出", "a")


def test_the_module_has_no_verb_that_removes(tmp_path: Path) -> None:
    assert not [name for name in vars(audit) if name.startswith(("remove", "clear", "delete", "prune"))]
    assert audit.entries(tmp_path) == ()
