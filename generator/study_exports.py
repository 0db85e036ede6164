"""A bank for other programs: Excel, CSV, Moodle GIFT and XML, Anki.

Every format carries the item's id, so that a later export of the same law updates a card instead of doubling
it; every text is escaped for the format it goes into.
"""

from __future__ import annotations

import csv
import html
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import genanki

from corpus.errors import InputRefused
from generator.paper import clean
from generator.sheet import plain, write_rows
from generator.study_item import BLANK, Bank, Item, Kind, digest

EXPIRED = "已过期"
CURRENT = "现行有效"
LETTERS = "ABCDEFGH"
# The generic columns of DOMAIN §5, then what lets a platform update an item.
FIELDS = (
    "题干", "题型", *(f"选项{letter}" for letter in LETTERS), "正确答案", "解析",
    "章节", "难度", "法条", "版本", "编号", "状态",
)  # fmt: skip
_DIFFICULTY = {1: "易", 2: "中", 3: "难"}
_STAMP = 1_767_225_600.0  # 2026-01-01: the same bank gives the same package
MODEL_ID = 1_607_392_001
DECK_ID = 2_059_400_001


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The columns of a platform, in order: its heading and the field of ours (one of FIELDS) under it."""

    columns: tuple[tuple[str, str], ...]

    @classmethod
    def generic(cls) -> ColumnMap:
        return cls(tuple((name, name) for name in FIELDS))


def read_columns(path: Path) -> ColumnMap:
    """A column-map file: `[[column]]` tables with `heading` and `field`.

    Raises InputRefused naming what is wrong.
    """
    try:
        rows = tomllib.loads(path.read_text("utf-8-sig"))["column"]
        columns = tuple((str(row["heading"]), str(row["field"])) for row in rows)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InputRefused(
            f"列对照文件 {path.name} 读不出来：{error}。", "请照 列对照.toml 的写法修改。"
        ) from error
    unknown = [field for _, field in columns if field not in FIELDS]
    if unknown or not columns:
        raise InputRefused(
            f"列对照文件中没有名为“{'、'.join(unknown)}”的字段。", f"可用字段：{'、'.join(FIELDS)}。"
        )
    return ColumnMap(columns)


def columns_text(columns: ColumnMap) -> str:
    """The column-map file for `columns`, to be edited for another platform."""
    head = "# 列对照：heading 是平台要求的列名，field 是本程序的内容；改名、换序、删行后用 --columns 指定。\n"
    quoted = (
        (heading.replace("\\", "\\\\").replace('"', '\\"'), field) for heading, field in columns.columns
    )
    return head + "".join(
        f'\n[[column]]\nheading = "{heading}"\nfield = "{field}"\n' for heading, field in quoted
    )


def fields_of(item: Item) -> dict[str, str]:
    """The item as the values of FIELDS; the options of a true-false item are left to the platform."""
    out = dict.fromkeys(FIELDS, "")
    if item.kind is not Kind.TRUEFALSE:
        out |= {f"选项{LETTERS[number]}": option for number, option in enumerate(item.options)}
    return out | {
        "题干": item.stem,
        "题型": item.kind.chinese,
        "正确答案": item.answer_words,
        "解析": item.explanation,
        "章节": item.chapter,
        "难度": _DIFFICULTY[item.difficulty],
        "法条": item.place.citation,
        "版本": item.version,
        "编号": item.id,
        "状态": EXPIRED if item.expired else CURRENT,
    }


def rows_of(items: Sequence[Item], columns: ColumnMap) -> list[list[str]]:
    out = []
    for item in items:
        values = fields_of(item)
        out.append([values[field] for _, field in columns.columns])
    return out


def exported(bank: Bank) -> tuple[Item, ...]:
    """The items, then those expired that no item of the same id has replaced."""
    held = {item.id for item in bank.items}
    return (*bank.items, *(item for item in bank.expired if item.id not in held))


def write_xlsx(bank: Bank, path: Path, *, columns: ColumnMap | None = None) -> Path:
    """The bank as one sheet, expired items marked; `columns` for another platform."""
    chosen = columns or ColumnMap.generic()
    return write_rows(
        [head for head, _ in chosen.columns], rows_of(exported(bank), chosen), path, title="题库"
    )


def write_csv(bank: Bank, path: Path, *, columns: ColumnMap | None = None) -> Path:
    """The same columns as CSV with a byte-order mark, as Excel and WPS open it."""
    chosen = columns or ColumnMap.generic()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([plain(head) for head, _ in chosen.columns])
        for row in rows_of(exported(bank), chosen):
            writer.writerow([plain(value) for value in row])
    return path


# -- Moodle ----------------------------------------------------------------------------------------


def gift(text: str) -> str:
    """Text escaped for GIFT: ~ = # { } : and the backslash; a line break is \\n."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", clean(text)).replace("\r", "").replace("\n", "\\n")


def write_gift(bank: Bank, path: Path) -> Path:
    """Moodle GIFT, one category a law; a comment line carries the id number."""
    out: list[str] = []
    category = ""
    for item in sorted(bank.items, key=lambda one: one.place.title):
        if item.place.title != category:
            category = item.place.title
            out.append(f"$CATEGORY: $course$/top/责任/{category.replace('/', '／')}\n")
        out.append(f"// [id:{item.id}] [tag:{item.rule.chinese}]\n::{item.id}::[plain]{_gift_body(item)}\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(out), encoding="utf-8")
    return path


def _gift_body(item: Item) -> str:
    said = f"####{gift(item.explanation)}"
    match item.kind:
        case Kind.TRUEFALSE:
            return f"{gift(item.stem)}{{{'T' if item.answer == (0,) else 'F'}{said}}}"
        case Kind.CLOZE:
            before, _, after = item.stem.partition(BLANK)
            return f"{gift(before)}（{{={gift(item.keys[0].text)}{said}}}）{gift(after)}"
        case Kind.SHORT:
            return f"{gift(item.stem)}{{{said}}}"
    lines = []
    for number, option in enumerate(item.options):
        lines.append(f"{_gift_mark(item, number)}{gift(option)}")
    return f"{gift(item.stem)}{{\n" + "\n".join(lines) + f"\n{said}\n}}"


def _gift_mark(item: Item, number: int) -> str:
    if item.kind is Kind.SINGLE:
        return "=" if number in item.answer else "~"
    return f"~%{_fraction(item, number)}%"


def _fraction(item: Item, number: int) -> str:
    """Marks of an option in per cent, as Moodle knows them (33.33333 for a third)."""
    if number not in item.answer:
        return "-100"
    return f"{100 / len(item.answer):.5f}".rstrip("0").rstrip(".")


_MOODLE = {
    Kind.SINGLE: "multichoice",
    Kind.MULTIPLE: "multichoice",
    Kind.TRUEFALSE: "truefalse",
    Kind.CLOZE: "shortanswer",
    Kind.SHORT: "essay",
}


def write_moodle_xml(bank: Bank, path: Path) -> Path:
    """Moodle XML: multichoice, truefalse, shortanswer and essay questions with their id numbers."""
    quiz = ET.Element("quiz")
    category = ""
    for item in sorted(bank.items, key=lambda one: one.place.title):
        if item.place.title != category:
            category = item.place.title
            question = ET.SubElement(quiz, "question", type="category")
            name = f"$course$/top/责任/{category.replace('/', '／')}"
            _worded(ET.SubElement(question, "category"), name)
        _moodle_question(quiz, item)
    ET.indent(quiz)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(quiz).write(path, encoding="utf-8", xml_declaration=True)
    return path


def _worded(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = clean(text)


def _moodle_question(quiz: ET.Element, item: Item) -> None:
    question = ET.SubElement(quiz, "question", type=_MOODLE[item.kind])
    _worded(ET.SubElement(question, "name"), f"{item.place.citation} {item.id[:6]}")
    _worded(ET.SubElement(question, "questiontext", format="plain_text"), item.stem)
    _worded(ET.SubElement(question, "generalfeedback", format="plain_text"), item.explanation)
    ET.SubElement(question, "defaultgrade").text = "1"
    ET.SubElement(question, "idnumber").text = item.id
    if item.kind in (Kind.SINGLE, Kind.MULTIPLE):
        ET.SubElement(question, "single").text = "true" if item.kind is Kind.SINGLE else "false"
        ET.SubElement(question, "shuffleanswers").text = "true"
        ET.SubElement(question, "answernumbering").text = "ABCD"
        for number, option in enumerate(item.options):
            single = "100" if number in item.answer else "0"
            marks = _fraction(item, number) if item.kind is Kind.MULTIPLE else single
            _answer(question, option, marks)
    elif item.kind is Kind.TRUEFALSE:
        for number, word in enumerate(("true", "false")):
            _answer(question, word, "100" if number in item.answer else "0")
    elif item.kind is Kind.CLOZE:
        ET.SubElement(question, "usecase").text = "0"
        _answer(question, item.keys[0].text, "100")
    else:
        _worded(ET.SubElement(question, "graderinfo", format="plain_text"), item.answer_words)
    tags = ET.SubElement(question, "tags")
    for words in (item.rule.chinese, f"版本{item.version}"):
        _worded(ET.SubElement(tags, "tag"), words)


def _answer(question: ET.Element, text: str, fraction: str) -> None:
    _worded(ET.SubElement(question, "answer", fraction=fraction, format="plain_text"), text)


# -- Anki ------------------------------------------------------------------------------------------

_FRONT = '<div class="kind">{{题型}}</div><div class="stem">{{题干}}</div><div class="options">{{选项}}</div>'
_BACK = '{{FrontSide}}<hr id="answer"><div class="key">{{答案}}</div><div class="law">{{解析}}</div>'
_CSS = (
    ".card{font-family:'Noto Sans CJK SC','Microsoft YaHei',sans-serif;font-size:18px;line-height:1.6;"
    "text-align:left}.kind{color:#888;font-size:14px}.options{margin-top:.6em}"
    ".key{font-weight:bold;margin:.4em 0}.law{font-size:16px}"
)


def _model() -> genanki.Model:
    names = ("编号", "题型", "题干", "选项", "答案", "解析", "法条", "版本")
    return genanki.Model(
        MODEL_ID,
        "责任 Zeren 法条题",
        fields=[{"name": name} for name in names],
        templates=[{"name": "题目", "qfmt": _FRONT, "afmt": _BACK}],
        css=_CSS,
    )


def write_anki(bank: Bank, path: Path) -> Path:
    """An Anki package: one deck a law; notes are known by law, article and slot, so a re-import updates."""
    model = _model()
    decks: dict[str, genanki.Deck] = {}
    for item in exported(bank):
        name = item.work
        deck = decks.get(name)
        if deck is None:
            deck = decks[name] = genanki.Deck(_deck_id(name), f"责任 Zeren::{item.place.title}")
        deck.add_note(_note(model, item))
    path.parent.mkdir(parents=True, exist_ok=True)
    genanki.Package(list(decks.values())).write_to_file(path, timestamp=_STAMP)
    return path


def _deck_id(work: str) -> int:
    """A fixed deck id a law: the same over every export."""
    return DECK_ID + int(digest(work)[:7], 16)


def _note(model: genanki.Model, item: Item) -> genanki.Note:
    options = [] if item.kind is Kind.TRUEFALSE else item.options
    lines = [f"{LETTERS[number]}. {option}" for number, option in enumerate(options)]
    answer = item.letters if item.options else "\n".join(key.text for key in item.keys)
    kind = f"{EXPIRED} · {item.kind.chinese}" if item.expired else item.kind.chinese
    values = (
        item.id, kind, item.stem, "\n".join(lines), answer, item.explanation,
        item.place.citation, item.version,
    )  # fmt: skip
    tags = [item.rule.chinese, item.kind.chinese, *([EXPIRED] if item.expired else [])]
    return genanki.Note(model=model, fields=[_card(value) for value in values], guid=item.id, tags=tags)


def _card(text: str) -> str:
    return html.escape(clean(text)).replace("\n", "<br>")
