"""Every paper the program makes, from the command line over the sample corpus: well formed, and its own
citations all match when it is checked."""

from __future__ import annotations

import importlib.util
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from docx import Document

from cli import main
from generator.duty_list import ListKind
from generator.letter import DRAFT, find_kind, kinds
from generator.letter_input import read_input
from indexer.build import build_index
from indexer.intake import STARTER, take_in

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "letters"
Run = Callable[..., tuple[int, str, str]]


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


faults_of: Callable[[Path], list[str]] = _beside("word_order").faults_of


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    take_in(data, [STARTER], workers=1)
    build_index(data)
    return data


@pytest.fixture
def run(sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("ZEREN_DATA", str(sample))

    def ran(*words: str | Path) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        out = capsys.readouterr()
        return status, out.out, out.err

    return ran


UNHELD = "not_in_library: 《中华人民共和国安全生产法》第四十一条第三款"  # a form sentence; no sample text


def checked(run: Run, path: Path) -> list[str]:
    """The citations of a paper that do not match, but for the law that the sample corpus does not hold."""
    status, out, err = run("check", path, "--json")
    assert status == 0, err
    verdicts = [(one["status"], one["citation"]) for one in json.loads(out)["findings"]]
    faults = [f"{verdict}: {citation}" for verdict, citation in verdicts if verdict != "match"]
    return [fault for fault in faults if fault != UNHELD]


def input_of(name: str, folder: Path) -> Path:
    """The sample input of a kind, its findings such as the sample corpus knows of."""
    fields = read_input(sorted(EXAMPLES.glob(f"{name}.*"))[0]) | {"地域": "望川市"}
    if "问题" in find_kind(name).required:
        fields["问题"] = [
            {"内容": "有限空间作业未进行气体检测，没有监护人", "位置": "污水池", "期限": "立即"},
            {"内容": "疏散通道被堵塞", "位置": "二层", "期限": "2027-12-01", "整改要求": "清空"},
            {"内容": "未按规定检查电池", "依据": "望川市安全生产条例第十一条", "期限": "2027-11-01"},
            {"内容": "办公室桌面不整洁"},
        ]
    file = folder / "input.json"
    file.write_text(json.dumps(fields, ensure_ascii=False), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", list(kinds()))
def test_every_letter_is_well_formed_and_passes_its_own_check(name: str, run: Run, tmp_path: Path) -> None:
    paper = tmp_path / "x.docx"
    status, _, err = run("letter", name, "--input", input_of(name, tmp_path), "-o", paper)
    assert status == 0, err
    assert faults_of(paper) == []
    assert checked(run, paper) == []
    if "问题" in find_kind(name).required:
        text = "\n".join(p.text for p in Document(str(paper)).paragraphs)
        text += "\n".join(c.text for t in Document(str(paper)).tables for r in t.rows for c in r.cells)
        assert "《望川市安全生产条例" in text
        assert "依据待核" in text


@pytest.mark.parametrize("kind", list(ListKind))
@pytest.mark.parametrize("form", ["table", "text"])
def test_every_duty_list_is_well_formed_and_passes_its_own_check(
    kind: ListKind, form: str, run: Run, tmp_path: Path
) -> None:
    paper = tmp_path / "x.docx"
    words = ("duties", "--post", "主要负责人", "--list", kind.value)
    status, _, err = run(*words, "--form", form, "-o", paper)
    assert status == 0, err
    assert faults_of(paper) == []
    assert checked(run, paper) == []


@pytest.mark.parametrize("name", [name for name, kind in kinds().items() if kind.enforcement])
def test_an_enforcement_document_is_a_marked_draft_without_a_seal(
    name: str, run: Run, tmp_path: Path
) -> None:
    paper = tmp_path / "x.docx"
    assert run("letter", name, "--input", input_of(name, tmp_path), "-o", paper)[0] == 0
    with zipfile.ZipFile(paper) as archive:
        headers = [archive.read(part).decode() for part in archive.namelist() if "/header" in part]
        assert headers
        assert all(f'string="{DRAFT}"' in header for header in headers)
        assert [part for part in archive.namelist() if "/media/" in part] == []


def test_same_input_same_document(run: Run, tmp_path: Path) -> None:
    file = input_of("责令限期整改指令书", tmp_path)
    made = []
    for name in ("a.docx", "b.docx"):
        assert run("letter", "责令限期整改指令书", "--input", file, "-o", tmp_path / name)[0] == 0
        with zipfile.ZipFile(tmp_path / name) as archive:
            made.append(archive.read("word/document.xml"))
    assert made[0] == made[1]


def test_the_excel_sample_becomes_a_slip(run: Run, tmp_path: Path) -> None:
    paper = tmp_path / "x.docx"
    status, _, err = run("letter", "隐患整改通知单", "--input", EXAMPLES / "隐患整改通知单.xlsx", "-o", paper)
    assert status == 0, err
    cells = [c.text for r in Document(str(paper)).tables[0].rows for c in r.cells]
    assert "电焊工无证上岗" in cells
    assert "2026年12月20日" in cells


@pytest.mark.shared
def test_a_record_becomes_an_order(run: Run, shared: Path, tmp_path: Path) -> None:
    paper, fields = tmp_path / "x.docx", tmp_path / "i.json"
    fields.write_text(
        json.dumps({"发文机关": "云岭市应急管理局", "成文日期": "2026-06-12"}), encoding="utf-8"
    )
    record = shared / "examples" / "letters" / "inspection_record.xlsx"
    status, _, err = run("letter", "责令限期整改指令书", "--input", fields, "--record", record, "-o", paper)
    assert status == 0, err
    text = [p.text for p in Document(str(paper)).paragraphs]
    assert "云岭市恒源机械有限公司：" in text
    assert sum(line.startswith(tuple(f"{n}." for n in range(1, 16))) for line in text) == 15
    assert not any("李建国" in line for line in text)
    assert any("第1至15项问题" in line for line in text)


@pytest.mark.shared
def test_a_recommendation_becomes_a_reply(run: Run, shared: Path, tmp_path: Path) -> None:
    paper = tmp_path / "x.docx"
    file = shared / "examples" / "letters" / "recommendation_1.docx"
    words = ("letter", "检察建议整改落实情况复函", "--recommendation", file, "--received", "2025-12-31")
    status, out, err = run(*words, "-o", paper, "--json")
    assert status == 0, err
    said = json.loads(out)
    assert said["due"] == "2026-02-28"
    assert "二百零二条" in said["rule"]
    asked = json.loads(run("recommendation", file, "--json")[1])["recommendations"]
    blocks = [p.text for p in Document(str(paper)).paragraphs if p.style and p.style.name == "Heading 2"]
    assert [block.partition("）")[2] for block in blocks] == [text.rstrip("。") for text in asked]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"执法人员": "张三"}, "执法人员"),
        ({"成文日期": "下周"}, "成文日期"),
        ({"成文日期": "2026-01-01"}, "早于检查日期"),
        ({"问题": [{"内容": "堵塞", "依据": "望川市安全生产条例第九百条"}]}, "第九百条"),
        ({"问题": "堵塞"}, "一组问题"),
        ({"发文机关": "望川集团有限公司安全部"}, "隐患整改通知单"),
        ({"发文机关": "滨河社区居民委员会"}, "隐患整改通知单"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    changed: dict[str, Any], named: str, run: Run, tmp_path: Path
) -> None:
    file = input_of("责令限期整改指令书", tmp_path)
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | changed), encoding="utf-8")
    status, _, err = run("letter", "责令限期整改指令书", "--input", file, "-o", tmp_path / "x.docx")
    assert status != 0
    assert named in err
    assert not (tmp_path / "x.docx").exists()


def test_rare_characters_stay_and_forbidden_ones_go(run: Run, tmp_path: Path) -> None:
    file = input_of("责令限期整改指令书", tmp_path)
    fields = json.loads(file.read_text(encoding="utf-8"))
    fields["问题"] = [{"内容": "㙍𫚖\u0000养殖\u000b场\ufffe疏散通道被堵塞", "位置": "长" * 3000}]
    file.write_text(json.dumps(fields), encoding="utf-8")
    status, _, err = run("letter", "责令限期整改指令书", "--input", file, "-o", tmp_path / "x.docx")
    assert status == 0, err
    assert any("㙍𫚖养殖场疏散通道被堵塞" in p.text for p in Document(str(tmp_path / "x.docx")).paragraphs)
