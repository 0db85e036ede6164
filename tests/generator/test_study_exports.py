"""Every export is read back with the program's own counts, and nothing escapes its format."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pptx
import pytest

from corpus.errors import InputRefused
from corpus.library import Library
from corpus.place import Address, Place, Status
from corpus.structure import read_document
from generator import study_exports, study_files
from generator.study_item import BLANK, TRUE_FALSE, Bank, Item, Kind, Rule, Slice
from generator.study_makers import Drawn, Wanted, choose, draw_up
from generator.study_paper import option_lines
from indexer.taxonomy import load

ON = "2026-11-22"
SOURCES = (
    "社会法/安全生产法(2021-06-10).md",
    "行政法规/煤矿安全生产条例(2024-01-24).md",
    "行政法规/危险化学品安全管理条例(2013-12-07).md",
)
NASTY = "=SUM(A1) ~{x}: <b>&amp;</b> #1 \\ “引号” -@\t尾"


def made(kind: Kind, *, number: int = 1, words: str = NASTY) -> Item:
    """An item whose every text is hostile to some format."""
    address = Address(number, paragraph=1, sole=True)
    key = Slice.of(address, words, 0, len(words))
    options = {
        Kind.SINGLE: (words, "甲", "乙", "丙"),
        Kind.MULTIPLE: (words, "甲", "乙", "丙"),
        Kind.TRUEFALSE: TRUE_FALSE,
    }.get(kind, ())
    answer = {Kind.SINGLE: (0,), Kind.MULTIPLE: (0, 1), Kind.TRUEFALSE: (1,)}.get(kind, ())
    place = Place("a.md", "样例<安全>:法", "2020-01-01", Status.IN_FORCE, address, ("第一章 =总则",))
    statement = f"{words}{BLANK}" if kind is not Kind.TRUEFALSE else words
    return Item(
        kind,
        Rule.NUMBER,
        "样例安全法",
        "k",
        place,
        f"{kind}",
        1,
        "=根据",
        statement,
        (key,),
        (key,),
        (key,),
        options,
        answer,
    )


@pytest.fixture(scope="module")
def nasty() -> Bank:
    return Bank(tuple(made(kind) for kind in Kind), 1, ON)


# -- readers, written for the tests ----------------------------------------------------------------


def unescape(text: str) -> str:
    return re.sub(r"\\([\\~=#{}:n])", lambda m: "\n" if m[1] == "n" else m[1], text)


def read_gift(text: str) -> list[dict[str, object]]:
    """A GIFT parser: title, stem, answers (mark, text) and feedback of each question."""
    out: list[dict[str, object]] = []
    lines = [line for line in text.split("\n") if not line.startswith(("//", "$CATEGORY"))]
    for block in re.split(r"\n\s*\n", "\n".join(lines)):
        if not block.strip():
            continue
        found = re.fullmatch(
            r"::(?P<title>.+?)::\[plain\](?P<head>(?:\\.|[^\\{}])*)\{(?P<body>(?:\\.|[^\\{}])*)\}(?P<tail>(?:\\.|[^\\{}])*)",
            block.strip(),
            re.DOTALL,
        )
        assert found is not None, block
        body, _, feedback = found["body"].partition("####")
        answers = re.findall(r"(=|~(?:%-?[\d.]+%)?)((?:\\.|[^\\~=#])*)", body)
        out.append(
            {
                "title": found["title"],
                "stem": unescape(found["head"] + "＿" + found["tail"]),
                "answers": [(mark, unescape(words.strip("\n"))) for mark, words in answers],
                "word": body.strip(),
                "feedback": unescape(feedback.strip("\n")),
            }
        )
    return out


def notes_of(path: Path) -> list[tuple[str, list[str], str]]:
    with zipfile.ZipFile(path) as archive:
        data = archive.read("collection.anki2")
    target = path.with_suffix(".anki2")
    target.write_bytes(data)
    db = sqlite3.connect(target)
    try:
        return [(g, f.split("\x1f"), t) for g, f, t in db.execute("SELECT guid, flds, tags FROM notes")]
    finally:
        db.close()


# -- escaping --------------------------------------------------------------------------------------


def test_excel_takes_nothing_for_a_formula(nasty: Bank, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(study_exports.write_xlsx(nasty, tmp_path / "a.xlsx")).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == study_exports.FIELDS
    assert len(rows) == 1 + len(nasty.items)
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert rows[1][2] == "'" + NASTY


def test_csv_reads_back(nasty: Bank, tmp_path: Path) -> None:
    path = study_exports.write_csv(nasty, tmp_path / "a.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert len(rows) == len(nasty.items)
    assert all(not value.startswith(("=", "+", "-", "@", "\t")) for row in rows for value in row.values())
    assert [row["题型"] for row in rows] == [item.kind.chinese for item in nasty.items]


def test_gift_reads_back_word_for_word(nasty: Bank, tmp_path: Path) -> None:
    found = read_gift(study_exports.write_gift(nasty, tmp_path / "a.txt").read_text("utf-8"))
    assert len(found) == len(nasty.items)
    by_title = {str(one["title"]): one for one in found}
    for item in nasty.items:
        one = by_title[item.id]
        assert one["feedback"] == item.explanation
        if item.kind in (Kind.SINGLE, Kind.MULTIPLE):
            answers = one["answers"]
            assert isinstance(answers, list)
            assert [words for _, words in answers] == list(item.options)
            right = [n for n, (mark, _) in enumerate(answers) if mark == "=" or mark.startswith("~%5")]
            assert tuple(right) == item.answer


def test_moodle_xml_reads_back(nasty: Bank, tmp_path: Path) -> None:
    root = ET.parse(study_exports.write_moodle_xml(nasty, tmp_path / "a.xml")).getroot()
    questions = [q for q in root if q.get("type") != "category"]
    assert sorted(q.findtext("idnumber") or "" for q in questions) == sorted(i.id for i in nasty.items)
    assert {q.get("type") for q in questions} == {"multichoice", "truefalse", "shortanswer", "essay"}
    texts = {q.findtext("questiontext/text") for q in questions}
    assert texts == {item.stem for item in nasty.items}
    for question in questions:
        fractions = [float(a.get("fraction") or 0) for a in question.iter("answer")]
        assert not fractions or sum(f for f in fractions if f > 0) == pytest.approx(100, abs=0.1)


def test_anki_escapes_and_keeps_its_ids(nasty: Bank, tmp_path: Path) -> None:
    one = notes_of(study_exports.write_anki(nasty, tmp_path / "a.apkg"))
    again = notes_of(study_exports.write_anki(nasty, tmp_path / "b.apkg"))
    assert sorted(one) == sorted(again)
    assert {guid for guid, _, _ in one} == {item.id for item in nasty.items}
    assert all("<b>" not in field for _, fields, _ in one for field in fields)


def test_a_column_map_renames_orders_and_drops(nasty: Bank, tmp_path: Path) -> None:
    plan = tmp_path / "map.toml"
    plan.write_text(
        '[[column]]\nheading = "试题"\nfield = "题干"\n[[column]]\nheading = "答案"\nfield = "正确答案"\n',
        encoding="utf-8",
    )
    columns = study_exports.read_columns(plan)
    sheet = openpyxl.load_workbook(
        study_exports.write_xlsx(nasty, tmp_path / "a.xlsx", columns=columns)
    ).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["试题", "答案"]
    generic = tmp_path / "generic.toml"
    generic.write_text(study_exports.columns_text(study_exports.ColumnMap.generic()), encoding="utf-8")
    assert study_exports.read_columns(generic) == study_exports.ColumnMap.generic()


@pytest.mark.parametrize("text", ["[[column]]\nheading='a'\nfield='没有的'", "column = 3", "[[column]", ""])
def test_a_bad_column_map_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputRefused):
        study_exports.read_columns(path)


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (("三日", "五日", "七日", "十日"), 1),
        (("生产经营单位甲", "县级人民政府", "工会", "国务院"), 2),
        (("长" * 30, "短", "中", "丁"), 4),
    ],
)
def test_options_stand_as_their_length_allows(options: tuple[str, ...], lines: int) -> None:
    held = option_lines(options)
    assert len(held) == lines
    assert all(f"{letter}．" in "".join(held) for letter in "ABCD")


# -- the whole folder ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Drawn, list[Path], float]]:
    folder = tmp_path_factory.mktemp("real")
    with Library.open(folder / "data", create=True) as library:
        for source in SOURCES:
            path = shared / "laws" / source
            library.add(read_document(path, source=source), path.read_bytes(), source=source)
        taxonomy = load()
        started = time.perf_counter()
        texts = choose(
            library, taxonomy, works=["安全生产法", "煤矿安全生产条例", "危险化学品安全管理条例"], on=ON
        )
        drawn = draw_up(library, texts, wanted=Wanted(count=1000), seed=7, on=ON, taxonomy=taxonomy)
        files = study_files.write_all(
            drawn.bank, texts, folder / "out", title="测试", post=None, taxonomy=taxonomy
        )
        report = study_files.report(drawn, library)
        yield drawn, files, time.perf_counter() - started
    assert report["verified"]["sound"]


@pytest.mark.shared
def test_a_thousand_items_and_all_exports_in_half_a_minute(real: tuple[Drawn, list[Path], float]) -> None:
    drawn, _, seconds = real
    assert len(drawn.bank.items) == 1000
    assert seconds <= 30


@pytest.mark.shared
def test_every_export_holds_every_item(real: tuple[Drawn, list[Path], float]) -> None:
    drawn, files, _ = real
    held = {path.name: path for path in files}
    count = len(drawn.bank.items)
    sheet = openpyxl.load_workbook(held["题库.xlsx"], read_only=True).active
    assert sheet is not None
    assert sum(1 for _ in sheet.iter_rows(min_row=2, values_only=True)) == count
    rows = list(csv.DictReader(io.StringIO(held["题库.csv"].read_text("utf-8-sig"))))
    assert {row["编号"] for row in rows} == {item.id for item in drawn.bank.items}
    assert len(read_gift(held["题库-Moodle.gift.txt"].read_text("utf-8"))) == count
    root = ET.parse(held["题库-Moodle.xml"]).getroot()
    assert sum(1 for question in root if question.get("type") != "category") == count
    assert len({guid for guid, _, _ in notes_of(held["题库.apkg"])}) == count
    assert len(json.loads(held["题库.json"].read_text("utf-8"))["items"]) == count


@pytest.mark.shared
def test_the_papers_hold_every_question(real: tuple[Drawn, list[Path], float]) -> None:
    drawn, files, _ = real
    held = {path.name: path for path in files}
    count = len(drawn.bank.items)
    exam = [p.text for p in docx.Document(str(held["试卷.docx"])).paragraphs]
    assert sum(bool(re.match(r"\d+．", line)) for line in exam) == count
    answers = docx.Document(str(held["参考答案.docx"]))
    assert sum(len(table.rows) - 1 for table in answers.tables) == count
    sheet = docx.Document(str(held["答题卡.docx"]))
    numbers = {int(c.text) for t in sheet.tables for r in t.rows for c in r.cells if c.text.strip().isdigit()}
    numbers |= {int(m[1]) for p in sheet.paragraphs if (m := re.match(r"(\d+)．$", p.text))}
    assert numbers == set(range(1, count + 1))
    handout = "\n".join(p.text for p in docx.Document(str(held["讲义.docx"])).paragraphs)
    for part in (
        "一、文本效力",
        "二、学习目标",
        "三、",
        "四、重点条文",
        "五、期限和数字",
        "六、违法行为与处罚",
        "七、自测题",
        "八、答案和依据",
    ):
        assert part in handout
    assert not any(item.explanation in line for line in exam for item in drawn.bank.items[:20])


@pytest.mark.shared
def test_every_slide_names_its_source(real: tuple[Drawn, list[Path], float]) -> None:
    _, files, _ = real
    deck = pptx.Presentation(str(next(path for path in files if path.suffix == ".pptx")))
    slides = list(deck.slides)
    assert 10 < len(slides) <= 61
    for slide in slides[1:]:
        words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert "《" in words[-1]
        assert "文本）" in words[-1]
