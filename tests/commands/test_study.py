"""`zeren study` at the terminal: files, report, and what it says to bad input."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli import main
from corpus.library import Library
from corpus.structure import read_document

ON = ["--as-of", "2026-11-22"]
TEXT = """# 样例检测条例

2020年3月1日 样例委员会通过

<!-- INFO END -->

第一条 检测机构应当自完成检测之日起七日内出具报告。

第二条 县级人民政府应当自收到报告之日起十五日内公布结果。

第三条 应急管理部门应当自受理申请之日起三十日内作出决定。

第四条 生产经营单位应当自事故发生之日起六十日内完成整改。

第五条 本条例自2020年5月1日起施行。
"""
EMPTY = """# 样例公告

2020年3月1日 样例委员会公布

<!-- INFO END -->

第一条 略。

第二条 本公告自2020年5月1日起施行。
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    with Library.open(folder / "data", create=True) as library:
        for name, text in (("样例检测条例(2020-03-01).md", TEXT), ("样例公告(2020-03-01).md", EMPTY)):
            path = folder / name
            path.write_text(text, encoding="utf-8")
            library.add(read_document(path, source=name), path.read_bytes(), source=name)
    return folder / "data"


def run(data: Path, *words: str) -> int:
    return main(["study", "--data", str(data), *ON, *words])


def test_a_bank_with_all_its_files(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(data, "--work", "样例检测条例", "--count", "6", "--seed", "7", "-o", str(out), "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["count"] == len(report["items"]) == 6
    assert report["verified"]["unsound"] == {}
    assert {Path(name).name for name in report["files"]} == {
        "题库.json",
        "题库.xlsx",
        "列对照.toml",
        "题库.csv",
        "题库-Moodle.gift.txt",
        "题库-Moodle.xml",
        "题库.apkg",
        "讲义.docx",
        "试卷.docx",
        "答题卡.docx",
        "参考答案.docx",
        "课件.pptx",
    }
    assert all(Path(name).stat().st_size > 0 for name in report["files"])
    assert run(data, "--update", str(out / "题库.json"), "--json") == 0
    assert json.loads(capsys.readouterr().out)["kept"] == 6


def test_too_many_asked_says_how_many_there_are(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, "--work", "样例检测条例", "--count", "900", "--json") == 0
    caught = capsys.readouterr()
    report = json.loads(caught.out)
    assert report["count"] == report["available"] < 900
    assert f"只有{report['available']}题" in report["shortage"]
    assert report["shortage"] in caught.err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--work", "样例检测条例", "--types", "essay"], 2, "essay"),
        (["--work", "样例检测条例", "--count", "0"], 2, "正整数"),
        (["--work", "样例检测条例", "--difficulty", "9"], 2, "难度"),
        (["--work", "样例检测条例", "--post", "不存在的岗"], 2, "不存在的岗"),
        (["--work", "没有的法"], 3, "没有《没有的法》"),
        (["--work", "样例公告"], 3, "没有可以出题的条文"),
        (["--work", "样例检测条例", "--as-of", "2020-04-01"], 3, "不出题"),
        (["--work", "样例检测条例", "--as-of", "昨天"], 2, "日期"),
        ([], 2, "--work"),
        (["--update", "没有.json"], 1, "题库"),
    ],
)
def test_bad_input_is_one_sentence(
    data: Path, words: Sequence[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, *words) == status
    caught = capsys.readouterr()
    assert said in caught.err
    assert "Traceback" not in caught.err
    assert caught.out == ""
