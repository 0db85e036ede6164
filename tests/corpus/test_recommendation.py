"""检察建议书 of many forms, all invented, against the fields a reader would write down."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from corpus import recommendation

CASES = Path(__file__).resolve().parent.parent / "cases" / "recommendations"
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in CASES.joinpath("cases.jsonl").read_text(encoding="utf-8").splitlines()
]
FIELDS = (
    "number",
    "issuer",
    "addressee",
    "date",
    "case_type",
    "problems",
    "recommendations",
    "reply_deadline_text",
    "objection_text",
    "due",
    "objection_due",
)


def as_word(source: Path, target: Path) -> Path:
    """The same letter as .docx; a line that opens with ︙ becomes a table row, its cells split at ︙."""
    document = docx.Document()
    for line in source.read_text(encoding="utf-8").splitlines():
        document.add_paragraph(line)
    document.save(str(target))
    return target


def read(path: Path, received: str | None) -> dict[str, Any]:
    letter = recommendation.from_file(path)
    day = date.fromisoformat(received) if received else None
    return recommendation.as_json(letter, recommendation.reply_due(letter, day))


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
@pytest.mark.parametrize("form", ["txt", "docx", "md"])
def test_every_field_is_read_verbatim(row: dict[str, Any], form: str, tmp_path: Path) -> None:
    source = CASES / row["file"]
    path = tmp_path / f"letter.{form}"
    if form == "docx":
        as_word(source, path)
    else:
        gap = "\n" if form == "txt" else "\n\n"
        path.write_text(gap.join(source.read_text(encoding="utf-8").splitlines()), encoding="utf-8")
    found = read(path, row["received"])
    assert {key: found[key] for key in FIELDS} == {key: row[key] for key in FIELDS}


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_problems_and_recommendations_are_slices_of_the_letter(row: dict[str, Any]) -> None:
    words = "".join(CASES.joinpath(row["file"]).read_text(encoding="utf-8").split())
    for text in (*row["problems"], *row["recommendations"]):
        assert "".join(text.split()) in words


@pytest.mark.shared
def test_the_worked_example(shared: Path) -> None:
    folder = shared / "examples" / "letters"
    expected = json.loads(folder.joinpath("recommendations.jsonl").read_text(encoding="utf-8"))
    for received, due in expected["due"].items():
        found = read(folder / expected["file"], received)
        assert found["due"] == due
        assert found["objection_due"] == expected["objection_due"][received]
        assert found["problems"] == [row["text"] for row in expected["problems"]]
        assert found["recommendations"] == [row["text"] for row in expected["recommendations"]]
        for key in (
            "number",
            "issuer",
            "addressee",
            "date",
            "case_type",
            "reply_deadline_text",
            "reply_sentence",
        ):
            assert found[key] == expected[key], key
        assert found["objection_text"] == expected["objection_text"]
        assert found["reply_rule"] == expected["reply_rule"]


@pytest.mark.shared
def test_the_english_prose_form(shared: Path) -> None:
    found = read(shared / "policies" / "procuratorial-recommendation-8.en.txt", None)
    assert len(found["problems"]) == 4
    assert len(found["recommendations"]) == 4
    assert found["recommendations"][1].count("\n") == 2
    assert found["due"] is None
    assert found["issuer"] == "Supreme People's Procuratorate"


@pytest.mark.parametrize(
    ("lines", "missing"),
    [
        ([], 7),
        (["今天天气很好。"], 7),
        (["检察建议书", "某市甲局：", "提出如下检察建议：", "一、整改。"], 5),
        (["一是", "二是", "：：：", "。"], 7),
    ],
)
def test_what_is_missing_is_said(lines: list[str], missing: int) -> None:
    assert len(recommendation.parse(lines).remarks) == missing


@pytest.mark.parametrize(
    ("case", "urgent", "received", "due", "rule"),
    [
        ("行政诉讼法第二十五条", False, "2026-12-31", "2027-02-28", "两个月"),
        ("行政诉讼法第二十五条", True, "2026-12-31", "2027-01-15", "十五日"),
        ("行政诉讼法第二十五条", False, "2017-06-30", "2017-07-30", "一个月"),
        ("社会治理", False, "2027-12-31", "2028-02-29", "检察建议工作规定"),
    ],
)
def test_the_rule_follows_the_kind_of_case_and_the_date(
    case: str, urgent: bool, received: str, due: str, rule: str
) -> None:
    lines = [
        f"依据{case}。",
        "紧急情形。" if urgent else "",
        "提出如下检察建议：",
        "一、整改。",
        "二、报告。",
    ]
    result = recommendation.reply_due(recommendation.parse(lines), date.fromisoformat(received))
    assert str(result.day) == due
    assert rule in result.rule


def test_a_receipt_before_the_letter_is_remarked_on() -> None:
    letter = recommendation.parse(["甲市人民检察院", "2026年3月1日"])
    warnings = recommendation.reply_due(letter, date(2026, 2, 1)).warnings
    assert any("早于落款日期" in text for text in warnings)
