"""The log: one line a command, and no way for a text, a name or a question into it."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

import cli
from commands import journal
from commands.journal import Entry

SECRETS = ("张三", "机密问题", "某某公司", "secret-name.docx", "第三条")


def test_a_line_for_every_command_without_its_words(tmp_path: Path) -> None:
    data, file = tmp_path / "d", tmp_path / "secret-name.docx.txt"
    file.write_text("某某公司规定\n第一条 张三应当检查。\n第三条 张三。\n", "utf-8")
    assert cli.main(["add", str(file), "--no-index", "--data", str(data)]) == 0
    assert cli.main(["show", "《张三法》第三条", "--data", str(data)]) == 3
    assert cli.main(["cite", "张三机密问题第三条", "--data", str(data)]) in (0, 3)
    lines = journal.read(data)
    assert [line["command"] for line in lines] == ["add", "show", "cite"]
    assert [line["status"] for line in lines[:2]] == [0, 3]
    assert lines[1]["error"] == "NothingFound"
    assert str(lines[1]["at"]).startswith("commands/showing.py:")
    text = (data / journal.FOLDER / journal.NAME).read_text("utf-8")
    assert text.isascii()
    assert [word for word in SECRETS if word in text] == []


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files")
def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    journal.write(tmp_path, Entry("ask"), seconds=0.1)
    assert stat.S_IMODE((tmp_path / journal.FOLDER).stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / journal.FOLDER / journal.NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("secret", SECRETS)
def test_whatever_a_caller_passes_stays_out(secret: str) -> None:
    entry = Entry(secret, 1, secret, f"corpus/{secret}.py:3", {secret: 1, "asked": 2})
    entry.figures["words"] = secret  # type: ignore[assignment]
    line = journal.line_of(entry, seconds=1)
    assert secret not in json.loads(line).values()
    assert secret not in line
    assert json.loads(line)["asked"] == 2


def test_control_a_line_written_by_hand_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / journal.FOLDER).mkdir()
    (tmp_path / journal.FOLDER / journal.NAME).write_text(
        json.dumps({"asked": SECRETS[0]}, ensure_ascii=False)
    )
    assert SECRETS[0] in json.dumps(journal.read(tmp_path), ensure_ascii=False)


def test_an_error_nobody_foresaw_is_a_sentence_and_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from commands import upkeep

    def fails(args: object) -> int:
        raise KeyError("张三")

    monkeypatch.setattr(upkeep, "run_status", fails)
    assert cli.main(["status", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert cli.BROKEN in said
    assert "Traceback" not in said
    assert "张三" not in said + (tmp_path / journal.FOLDER / journal.NAME).read_text()
    monkeypatch.setenv("ZEREN_DEBUG", "1")
    with pytest.raises(KeyError):
        cli.main(["status", "--data", str(tmp_path)])


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / journal.FOLDER).write_text("a file in the way")
    journal.write(tmp_path, Entry("ask"), seconds=0.1)
    assert journal.read(tmp_path) == []


def test_the_log_is_turned_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "MOST", 300)
    for _ in range(12):
        journal.write(tmp_path, Entry("ask"), seconds=0.1)
    sizes = [p.stat().st_size for p in (tmp_path / journal.FOLDER).iterdir()]
    assert len(sizes) == 2
    assert max(sizes) < 600
