"""The citation check: scanning, pairing, verdicts, planted faults, the commented copy."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import docx
import pytest

from corpus.library import Library
from corpus.structure import read_document
from generator import citation_check, commented_copy
from generator.checked_text import PARAGRAPH, TABLE, Checked, Passage, open_text
from generator.citation_scan import Memory, declare_all, scan
from generator.quotation import differences, quotes_in, stands_in

ON = "2026-11-22"
LAWS = (
    "社会法/安全生产法(2021-06-10).md",
    "行政法/消防法(2021-04-29).md",
    "社会法/特种设备安全法(2013-06-29).md",
    "社会法/职业病防治法(2018-12-29).md",
    "行政法规/危险化学品安全管理条例(2013-12-07).md",
    "行政法规/建设工程安全生产管理条例(2003-11-24).md",
    "行政法规/煤矿安全生产条例(2024-01-24).md",
    "行政法规/煤矿安全监察条例(2013-07-18).md",
    "行政法规/国务院关于预防煤矿生产安全事故的特别规定(2013-07-18).md",
    "行政法规/校车安全管理条例(2012-04-05).md",
    "行政法规/城镇燃气管理条例(2016-02-06).md",
    "行政法规/生产安全事故应急条例(2019-02-17).md",
    "DLC/北京地方法规/地方性法规/北京/北京市安全生产条例(2022-05-25).md",
    "DLC/山东地方法规/地方性法规/山东/山东省安全生产条例(2021-12-03).md",
)


def load_planted() -> ModuleType:
    """tests/ has no packages: the neighbour is loaded by its path."""
    path = Path(__file__).with_name("planted.py")
    spec = importlib.util.spec_from_file_location("planted_faults", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["planted_faults"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def library(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("data"), create=True) as held:
        for source in LAWS:
            path = shared / "laws" / source
            held.add(read_document(path, source=source), path.read_bytes(), source=source)
        yield held


def passages(*sentences: str) -> Checked:
    return Checked(tuple(Passage(text, PARAGRAPH, n) for n, text in enumerate(sentences, 1)))


def rows(*lines: tuple[str, ...]) -> Checked:
    cells = [(r, c, text) for r, line in enumerate(lines, 1) for c, text in enumerate(line, 1)]
    return Checked(tuple(Passage(t, TABLE, n, 1, r, c) for n, (r, c, t) in enumerate(cells, 1)))


def verdicts(document: Checked, library: Library, on: str = ON) -> list[tuple[str, str | None, str]]:
    found = citation_check.check_passages(document, library, on=on).findings
    return [(f.mention.text, f.quote, f.verdict.value) for f in found]


# --- scanning (no library needed) -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentences", "full"),
    [
        (["违反安法21条第(五)项、第（七）项"], ["《安法》21条第(五)项", "《安法》21条第（七）项"]),
        (
            ["《特种设备安全法》（以下简称《特设法》）第三条。", "《特设法》第四条"],
            ["《特种设备安全法》第三条", "《特种设备安全法》第四条"],
        ),
        (["《消防法》第六十条、第六十一条第二款和第三款"], None),
        (
            ["根据《安法》第三条，按照该法第四条、同法第五条"],
            ["《安法》第三条", "《安法》第四条", "《安法》第五条"],
        ),
        (["《安法》第三条第一款。该条第二款另有规定"], ["《安法》第三条第一款", "《安法》第三条第二款"]),
        (["《安法》（2021年修正）第四条"], ["《安法》（2021年修正）第四条"]),
        (["按照江苏省安全生产条例第九条"], ["《江苏省安全生产条例》第九条"]),
        (["合同第三条约定，本公司章程第五条规定"], []),
        (["第三条 为了加强管理，制定本制度。"], []),
        (["《条例》第五条"], [None]),
        (["该办法第五条"], [None]),
        (["《某某基本规则》第五条"], ["《某某基本规则》第五条"]),
    ],
)
def test_scan(sentences: list[str], full: list[str | None] | None) -> None:
    memory = Memory()
    found = []
    for text in sentences:
        declare_all(text, memory)
        found += [
            m.full for m in scan(text, memory, known=lambda name: name in ("安法", "消防法")) if not m.bare
        ]
    if full is None:
        assert found == ["《消防法》第六十条", "《消防法》第六十一条第二款", "《消防法》第六十一条第三款"]
    else:
        assert [f.replace("》第21条", "》21条") if f else f for f in found] == full


@pytest.mark.parametrize(
    ("quote", "text", "same"),
    [
        ("应当 安排专门人员。", "单位应当安排专门人员；", True),
        ("下列职责:(一)甲", "下列职责：（一）甲；", True),
        ("甲……丙", "甲、乙、丙", True),
        ("甲丙", "甲、乙、丙", False),
        ("应当做好", "必须做好", False),
        ("三百人", "一百人", False),
        ("“双控”机制", "「双控」机制", True),
        ("", "甲", False),
    ],
)
def test_words_compare_without_space_and_final_mark_only(quote: str, text: str, same: bool) -> None:
    assert stands_in(quote, text) is same


def test_differences_are_named() -> None:
    assert differences("从业人员超过三百人的", "其他单位，从业人员超过一百人的，应当") == [("三", "一")]
    assert differences("经常性维护，并定期检测", "必须进行经常性维护、保养，并定期检测") == [("", "、保养")]


def test_quotations_nest_and_pair() -> None:
    assert [q.text for q in quotes_in('他说“甲“乙”丙”和「丁」及"戊"')] == ["甲“乙”丙", "丁", "戊"]


# --- verdicts on real texts ------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("依据《安全生产法》第三十条第一款立案。", [(None, "match")]),
        ("《安全生产法》第四条要求落实“三管三必须”。", [(None, "match")]),
        ("《安全生产法》第三十五条规定设置“明显的安全警示标志”。", [("明显的安全警示标志", "match")]),
        ("“明显的安全警示标志”（《安全生产法》第三十五条）。", [("明显的安全警示标志", "match")]),
        (
            "《安全生产法》第三十五条规定“明显的消防警示标志必须设置”。",
            [("明显的消防警示标志必须设置", "text_differs")],
        ),
        (
            "《安全生产法》规定“禁止占用、锁闭、封堵生产经营场所”。",
            [("禁止占用、锁闭、封堵生产经营场所", "match")],
        ),
        ("按照《煤矿安全监察条例》第二条办理。", [(None, "repealed")]),
        ("依据《煤矿安全监察条例》开展工作。", [(None, "repealed")]),
        ("《安全生产法》第九十七条第（七）项、第（八）项。", [(None, "match"), (None, "no_such_provision")]),
        ("《安全生产法》第十百条。", [(None, "unrecognised")]),
        ("《办法》第三条、《云岭市燃气条例》第三条。", [(None, "ambiguous"), (None, "not_in_library")]),
    ],
)
def test_verdicts(library: Library, sentence: str, expected: list[tuple[str | None, str]]) -> None:
    assert [(quote, verdict) for _, quote, verdict in verdicts(passages(sentence), library)] == expected


@pytest.mark.shared
def test_validity_is_judged_on_the_date_asked(library: Library) -> None:
    document = passages("《煤矿安全生产条例》第二十四条第二款")
    assert verdicts(document, library)[0][2] == "match"
    assert verdicts(document, library, "2024-03-01")[0][2] == "not_yet_in_force"


@pytest.mark.shared
def test_a_table_row_quotes_without_marks(library: Library) -> None:
    words = "生产经营单位应当在有较大危险因素的生产经营场所和有关设施、设备上，设置明显的安全警示标志。"
    wrong = words.replace("应当", "可以")
    table = rows(
        ("问题", "依据", "条文", "整改"),
        ("未设标志", "《安全生产法》第三十五条", words, "已整改"),
        ("未设标志", "《安全生产法》第三十五条", wrong, "已整改"),
        ("未设标志", "《安全生产法》第三十六条第一款", words, "已整改"),
    )
    found = verdicts(table, library)
    assert [verdict for _, _, verdict in found] == ["match", "text_differs", "text_differs"]
    assert found[1][1] == wrong


@pytest.mark.shared
def test_a_quotation_may_run_over_paragraphs(library: Library) -> None:
    document = passages(
        "《安全生产法》第一百零五条规定：“生产经营单位有下列行为之一的，责令限期改正，处五万元以下的罚款",
        "（二）生产经营场所和员工宿舍未设有符合紧急疏散需要、标志明显、保持畅通的出口、疏散通道",
        "，或者占用、锁闭、封堵生产经营场所或者员工宿舍出口、疏散通道的。”",
    )
    assert (
        verdicts(document, library)[0][2] == "text_differs"
    )  # words between are left out without an ellipsis


@pytest.mark.shared
@pytest.mark.parametrize("name", ["doc01", "doc02"])
def test_the_worked_examples(library: Library, shared: Path, name: str) -> None:
    folder = shared / "examples" / "letters"
    lines = folder.joinpath("check.jsonl").read_text(encoding="utf-8").splitlines()
    expected = next(row for row in map(json.loads, lines) if name in row["doc"])
    report = citation_check.check(folder / expected["doc"], library, on=ON)
    got = [finding.as_json() for finding in report.findings]
    assert len(got) == expected["n"]
    for found, wanted in zip(got, expected["citations"], strict=True):
        target = found["targets"][0] if found["targets"] else None
        place = {key: target[key] for key in ("source", "article", "paragraph", "item")} if target else None
        assert (found["citation"], found["quote"], found["status"], found["where"], place) == (
            wanted["citation"],
            wanted["quotation"],
            wanted["status"],
            wanted["where"],
            wanted["target"],
        )


@pytest.mark.shared
@pytest.mark.parametrize("seed", [11, 12])
def test_every_planted_fault_is_found_and_nothing_right_is_blamed(library: Library, seed: int) -> None:
    planter = load_planted().Planter(library, on=ON, seed=seed)
    for planted in (list(planter.right(120)), list(planter.faults(120))):
        cells: list[Passage] = []
        for row, one in enumerate(planted, 1):
            if one.cells:
                cells += [Passage(t, TABLE, len(cells) + 1, 1, row, c) for c, t in enumerate(one.cells, 1)]
            else:
                cells.append(Passage(one.sentence, PARAGRAPH, len(cells) + 1))
        found = citation_check.check_passages(Checked(tuple(cells)), library, on=ON).findings
        got = [(f.mention.text, f.quote, f.verdict.value) for f in found]
        assert got == [(one.citation, one.quote, one.status) for one in planted]
        assert len({one.fault for one in planted}) in (1, 12)


@pytest.mark.shared
def test_a_hundred_citations_a_second(library: Library) -> None:
    planted = list(load_planted().Planter(library, on=ON, seed=3).right(300))
    document = passages(*(one.sentence or "，".join(one.cells[:2]) for one in planted))
    start = time.process_time()
    found = citation_check.check_passages(document, library, on=ON).findings
    assert len(found) >= 290
    assert len(found) / (time.process_time() - start) >= 100


# --- Word ------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_the_commented_copy_marks_what_is_not_right(library: Library, tmp_path: Path) -> None:
    source, copy = tmp_path / "a.docx", tmp_path / "b.docx"
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "依据《安全生产法》第一百二十五条"
    paragraph = document.add_paragraph("按照")
    paragraph.add_run("《安全生产法》第三十").bold = True
    paragraph.add_run("条第三款处理，另见《安全生产法》第三条。")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "《办法》第五条"
    document.save(str(source))
    report = citation_check.check(source, library, on=ON)
    assert [f.verdict.value for f in report.findings] == [
        "no_such_provision",
        "no_such_provision",
        "match",
        "ambiguous",
    ]
    assert [f.passage.where for f in report.findings] == ["header", "paragraph", "paragraph", "table cell"]
    assert commented_copy.write(report, copy) == 3
    again = docx.Document(str(copy))
    comments = [comment.text for comment in again.comments]
    assert len(comments) == 3
    assert "页眉" in comments[0]
    assert "只有两款" in comments[1]
    words = [p.text for p in docx.Document(str(source)).paragraphs]
    assert [p.text for p in again.paragraphs] == words
    marked = again.element.body.xpath(".//w:commentRangeStart")
    assert len(marked) == 3
    assert source.read_bytes() != copy.read_bytes()


def test_notes_typed_below_a_rule_are_footnotes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("正文。\n————————\n注：甲。\n（印章）\n", encoding="utf-8")
    assert [p.where for p in open_text(path).passages] == ["paragraph", "paragraph", "footnote", "paragraph"]
