"""add list show status remove cite backup restore doctor at the terminal, on the sample corpus."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cli
from corpus.library import Library

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / "corpus" / "sources" / "starter"
RULES = "《望川市安全生产条例（样例·虚构）》"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("filled") / "数据 folder"
    assert cli.main(["add", str(SAMPLES), "--no-index", "--data", str(data)]) == 0
    return data


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(filled, copy)
    return copy


def answer(capsys: pytest.CaptureFixture[str], *words: str | Path, status: int = 0) -> dict[str, Any]:
    assert cli.main([str(word) for word in (*words, "--json")]) == status
    value = json.loads(capsys.readouterr().out)
    assert isinstance(value, dict)
    return value


def failure(capsys: pytest.CaptureFixture[str], *words: str | Path, status: int) -> str:
    assert cli.main([str(word) for word in words]) == status
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


# -- add ---------------------------------------------------------------------------------------------


def test_adding_again_adds_nothing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = answer(capsys, "status", "--data", data)
    report = answer(capsys, "add", SAMPLES, "--no-index", "--data", data)
    assert report["counts"]["unchanged"] == before["texts"]
    assert report["counts"]["added"] == 0
    assert answer(capsys, "status", "--data", data)["content_hash"] == before["content_hash"]


def test_bad_files_are_refused_by_name_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "好.txt").write_text(
        "某市规定\n第一条　单位应当检查。\n第二条　本规定自2020年5月1日起施行。", "utf-8"
    )
    (folder / "空.txt").write_bytes(b"")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "怪.xyz").write_bytes(bytes(range(256)) * 4)
    (folder / "_index.md").write_text("---\nbookHidden: true\n---\n", "utf-8")
    report = answer(capsys, "add", folder, "--no-index", "--data", tmp_path / "d", status=1)
    assert report["added"] == ["好.txt"]
    assert {row["source"] for row in report["refused"]} == {"空.txt", "坏.docx", "怪.xyz"}
    assert all(row["reason"] for row in report["refused"])
    assert [row["source"] for row in report["skipped"]] == ["_index.md"]


def test_what_the_user_says_of_a_text_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "某规定.txt"
    file.write_text("某规定\n第一条　单位应当检查。\n第二条　单位应当记录。", "utf-8")
    said = ("--kind", "规范性文件", "--region", "山东", "--effective", "2031-01-01")
    assert cli.main(["add", str(file), *said, "--no-index", "--data", str(tmp_path / "d")]) == 0
    capsys.readouterr()
    (held,) = answer(capsys, "list", "--on", "2030-12-31", "--data", tmp_path / "d")["texts"]
    assert (held["kind"], held["region"], held["status"]) == ("规范性文件", "山东", "not_yet")
    assert held["effective_from"] == "2031-01-01"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["add", "{tmp}/没有"], 2, "找不到"),
        (["add", "{tmp}/empty"], 2, "空的"),
        (["add", "{tmp}/x.txt", "--effective", "明天"], 2, "日期"),
        (["add", "{tmp}/x.txt", "--data", "{tmp}/foreign"], 4, "不是本程序"),
        (["list", "--data", "{tmp}/没有"], 4, "zeren add"),
        (["cite", "某法第一条", "--data", "{tmp}/没有"], 4, "zeren add"),
        (["cite", ""], 2, "没有写要查的引用"),
        (["cite", "--batch", "{tmp}/没有.jsonl"], 2, "找不到"),
        (["show", "没有的法第三条"], 3, "没有"),
        (["list", "没有的题名"], 3, "没有"),
        (["list", "--on", "今天"], 2, "日期"),
        (["remove", "没有"], 3, "没有"),
        (["restore", "{tmp}/没有.db"], 2, "找不到"),
        (["restore", "{tmp}/x.txt"], 4, "备份"),
    ],
)
def test_errors_are_one_sentence_and_the_next_step(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.txt").write_text("x", "utf-8")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "corpus.db").write_text("a shopping list", "utf-8")
    words = [word.format(tmp=tmp_path) for word in words]
    if "--data" not in words:
        words += ["--data", str(data)]
    assert said in failure(capsys, *words, status=status)


# -- show, cite ---------------------------------------------------------------------------------------


def test_show_gives_a_provision_with_its_context(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = answer(capsys, "show", f"{RULES}第二条", "--data", data)["shown"][0]
    assert shown["article"] == 2
    assert shown["text"] == "\n".join(row["text"] for row in shown["provisions"])
    assert [row["article"] for row in (shown["before"][0], shown["after"][0])] == [1, 3]
    assert [v["version"] for v in shown["versions"]] == ["2024-09-27", "2020-03-20"]
    older = answer(capsys, "show", f"{RULES}第二条", "--on", "2021-01-01", "--data", data)["shown"][0]
    assert older["version"] == "2020-03-20"
    assert older["status"] == "in_force"


def test_show_at_the_terminal(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", f"{RULES}第二条", "--data", str(data)]) == 0
    out = capsys.readouterr().out
    assert "第二条" in out
    assert "其他版本" in out


def test_cite_answers_in_the_shape_of_the_contract(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "cite", "望川市安全生产条例第2条", "--data", data)
    assert (found["status"], found["targets"][0]["article"]) == ("ok", 2)
    assert {"source", "title", "version", "status", "headings", "label", "citation", "text"} <= set(
        found["targets"][0]
    )
    missed = answer(capsys, "cite", "望川市安全生产条例第九百条", "--data", data, status=3)
    assert (missed["status"], missed["targets"]) == ("no_such_article", [])


def test_a_batch_keeps_order_and_ids(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, Any]] = [
        {"id": 1, "text": "望川市安全生产条例第二条"},
        {"id": "二", "text": "本条例第三条", "context": f"{RULES}第二条"},
        {"id": 3},
        {"id": 4, "text": "没有的法第二条"},
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (tmp_path / "in.jsonl").write_text("\n".join([*lines, "not json"]), "utf-8")
    assert cli.main(["cite", "--batch", str(tmp_path / "in.jsonl"), "--data", str(data)]) == 1
    out = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in out] == [1, "二", 3, 4, None]
    assert [row.get("status") for row in out] == ["ok", "ok", None, "no_such_work", None]
    assert "error" in out[2]
    assert "error" in out[4]


def test_cite_needs_no_model() -> None:
    """The command that others call most starts without torch, faiss or numpy."""
    heavy = "('torch', 'faiss', 'numpy', 'sentence_transformers')"
    code = f"import sys, cli; cli.build_parser('cite'); print([m for m in {heavy} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


# -- upkeep -------------------------------------------------------------------------------------------


def test_status_counts_and_verifies(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = answer(capsys, "status", "--verify", "--data", data)
    assert state["whole"] is True
    assert state["texts"] == state["samples"] == len([p for p in SAMPLES.iterdir() if p.is_file()])
    assert "中华人民共和国安全生产法" in state["missing"]
    assert sum(state["kinds"].values()) == state["texts"]


def test_planted_damage_is_found(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(data / "corpus.db") as db:
        db.execute("UPDATE provision SET text = text || '。' WHERE id = (SELECT min(id) FROM provision)")
    db.close()
    state = answer(capsys, "status", "--verify", "--data", data, status=4)
    assert len(state["problems"]) == 1


def test_a_removed_text_is_gone_and_comes_back(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = answer(capsys, "list", "--data", data)["texts"]
    title = RULES.strip("《》")
    assert "2 份" in failure(capsys, "remove", title, "--data", data, status=2)
    key = next(row["key"] for row in listed if row["title"] == title)
    assert cli.main(["remove", key, "--data", str(data)]) == 0
    capsys.readouterr()
    assert len(answer(capsys, "list", "--data", data)["texts"]) == len(listed) - 1
    report = answer(capsys, "add", SAMPLES, "--no-index", "--data", data)
    assert report["counts"]["added"] == 1
    assert [row["key"] for row in answer(capsys, "list", "--data", data)["texts"]] == [
        row["key"] for row in listed
    ]


def test_backup_and_restore(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = answer(capsys, "status", "--data", data)["content_hash"]
    copy = tmp_path / "备份.db"
    assert cli.main(["backup", str(copy), "--data", str(data)]) == 0
    assert "已经存在" in failure(capsys, "backup", copy, "--data", data, status=2)
    assert "--replace" in failure(capsys, "restore", copy, "--data", data, status=2)
    with Library.open(data) as library:
        library.remove(library.editions()[0].key)
    assert cli.main(["restore", str(copy), "--replace", "--data", str(data)]) == 0
    capsys.readouterr()
    state = answer(capsys, "status", "--verify", "--data", data)
    assert (state["content_hash"], state["whole"]) == (before, True)
    assert list((data / "backup").glob("before-restore-*.db"))
    assert cli.main(["restore", str(copy), "--data", str(tmp_path / "new")]) == 0
    capsys.readouterr()
    assert answer(capsys, "status", "--data", tmp_path / "new")["content_hash"] == before


def test_a_damaged_backup_is_refused(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.db"
    assert cli.main(["backup", str(copy), "--data", str(data)]) == 0
    with sqlite3.connect(copy) as db:
        db.execute("UPDATE provision SET text = '改过' WHERE id = (SELECT max(id) FROM provision)")
    db.close()
    assert "损坏" in failure(capsys, "restore", copy, "--replace", "--data", data, status=4)
    assert answer(capsys, "status", "--verify", "--data", data)["whole"] is True


def test_doctor_names_what_is_missing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["doctor", "--json", "--data", str(data)])
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert {row["name"].split()[0] for row in checks} >= {"Python", "torch", "LibreOffice"}
    assert all(row["ok"] or row["cost"] for row in checks)


def test_add_says_what_did_not_prove(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = tmp_path / "laws" / "甲市办法.md"
    gap = tmp_path / "laws" / "乙市办法.md"
    whole.parent.mkdir()
    whole.write_text("# 甲市办法\n\n第一条 甲。\n\n第二条 乙。\n", encoding="utf-8")
    gap.write_text("# 乙市办法\n\n第三条 甲。\n\n第四条 乙。\n", encoding="utf-8")
    assert cli.main(["add", str(whole.parent), "--no-index", "--data", str(tmp_path / "data")]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("未通过核对")]
    assert any("乙市办法" in line for line in told)
    assert not any("甲市办法" in line for line in told)
