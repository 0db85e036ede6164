"""Changing the library beside the page: progress, one at a time, cancelling without loss, the log."""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from corpus.errors import InputRefused
from corpus.library import Library
from indexer.build import current
from indexer.intake import STARTER
from screens import audit
from screens.library_job import Job, Workshop

TEXT = """# 第{n}号样例条例

2020年3月{day}日 样例委员会通过

<!-- INFO END -->

第一条 第{n}号单位应当每月检查。
"""


def ended(job: Job, seconds: float = 60) -> Job:
    started = time.monotonic()
    while not job.ended:
        assert time.monotonic() - started < seconds, "the job did not end"
        time.sleep(0.05)
    return job


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        text = TEXT.format(n=number, day=number % 28 + 1)
        (folder / f"第{number}号样例条例(2020-03-{number % 28 + 1:02}).md").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_is_added_and_indexed(tmp_path: Path) -> None:
    data, workshop = tmp_path / "data", Workshop()
    job = ended(workshop.start(data, "wang", paths=[STARTER]))
    assert job.error is None
    assert job.counts["added"] + job.counts["new_version"] == len(list(STARTER.iterdir()))
    assert (job.step, job.share) == ("indexing", 1.0)
    assert current(data) is not None
    newest, first = audit.entries(data)
    assert (first.action, first.user) == ("开始收录", "wang")
    assert newest.action == "收录"
    assert newest.subject.startswith("完成；")


def test_what_was_added_before_cancelling_stays_and_no_child_does(tmp_path: Path) -> None:
    data, folder, workshop = tmp_path / "data", many(tmp_path / "texts", 400), Workshop()
    job = workshop.start(data, "wang", paths=[folder])
    started = time.monotonic()
    while job.step != "reading" or job.count[0] < 5:
        assert time.monotonic() - started < 60
        assert not job.ended, job.error
        time.sleep(0.02)
    pid = job._process.pid if job._process else 0
    job.cancel()
    ended(job, 20)
    assert job.cancelled
    assert job.error is None
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)
    with Library.open(data) as library:
        held = len(library.editions())
        assert 5 <= held < 400
        assert library.verify() == []
    assert current(data) is None
    assert audit.entries(data)[0].subject.startswith("已取消")
    again = ended(workshop.start(data, "wang", paths=[folder]), 120)
    assert again.counts["unchanged"] == held
    assert again.counts["added"] == 400 - held


def test_a_second_job_waits_its_turn(tmp_path: Path) -> None:
    data, workshop = tmp_path / "data", Workshop()
    job = workshop.start(data, "wang", paths=[STARTER])
    with pytest.raises(InputRefused, match="wang 正在收录"):
        workshop.start(data, "zhao", paths=[STARTER])
    assert workshop.job(data) is job
    assert workshop.job(tmp_path / "other") is None
    ended(job)
    ended(workshop.start(data, "zhao"))
    assert audit.entries(data)[0].action == "更新索引"


def test_uploads_are_removed_at_the_end(tmp_path: Path) -> None:
    uploads = TemporaryDirectory()
    name = next(STARTER.glob("*消防*")).name
    (Path(uploads.name) / name).write_bytes((STARTER / name).read_bytes())
    job = ended(Workshop().start(tmp_path / "data", "wang", paths=[Path(uploads.name)], uploads=uploads))
    assert job.counts["added"] == 1
    assert not Path(uploads.name).exists()
    assert name in audit.entries(tmp_path / "data")[-1].subject


def test_an_error_is_a_sentence_and_the_next_step(tmp_path: Path) -> None:
    job = ended(Workshop().start(tmp_path / "data", "wang", paths=[tmp_path / "没有"]))
    assert job.error is not None
    assert "找不到" in job.error[0]
    assert job.error[1]
    assert "失败" in audit.entries(tmp_path / "data")[0].subject


def test_a_child_that_dies_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.library_job.ROOT", tmp_path)  # no such module there
    monkeypatch.setenv("PYTHONPATH", "")
    monkeypatch.setattr("screens.library_job.sys.executable", "/bin/false")
    job = ended(Workshop().start(tmp_path / "data", "wang"))
    assert job.error is not None
    assert "没有丢失" in job.error[0] or "不能启动" in job.error[0]
