"""doctor: everything this machine may lack is a row, with what that costs."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import cli
from commands import doctor


def rows(capsys: pytest.CaptureFixture[str], data: Path) -> tuple[int, dict[str, dict[str, Any]]]:
    status = cli.main(["doctor", "--json", "--data", str(data)])
    found = json.loads(capsys.readouterr().out)["checks"]
    return status, {row["name"]: row for row in found}


def test_a_machine_with_everything_lacks_nothing_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = rows(capsys, tmp_path)
    assert status == 0
    assert all(row["ok"] or (row["cost"] and not row["needed"]) for row in found.values())


@pytest.mark.parametrize(("module", "cost", "needed"), doctor.PACKAGES, ids=[p[0] for p in doctor.PACKAGES])
def test_a_missing_package_is_named_with_its_cost(
    module: str, cost: str, needed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    whole = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else whole(name))
    status, found = rows(capsys, tmp_path)
    assert (found[module]["ok"], found[module]["cost"]) == (False, cost)
    assert status == (1 if needed else 0)


def test_missing_programs_fonts_models_and_space_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "find_libreoffice", lambda: None)
    monkeypatch.setattr(doctor, "_installed_fonts", lambda: "Courier")
    monkeypatch.setattr(doctor, "SPACE", 1 << 60)
    monkeypatch.setenv("ZEREN_ENCODER", str(tmp_path / "没有"))
    status, found = rows(capsys, tmp_path)
    lacking = {name.split("（")[0] for name, row in found.items() if not row["ok"]}
    assert lacking >= {"LibreOffice", "任一中文字体", "编码模型", *(f"字体 {font}" for font in doctor.FONTS)}
    assert any(name.startswith("数据文件夹") for name in lacking)
    assert status == 1


def test_a_machine_that_cannot_list_fonts_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "fc-list" else whole(name))
    status, found = rows(capsys, tmp_path)
    assert not found["字体检查（fc-list）"]["ok"]
    assert status == 0
