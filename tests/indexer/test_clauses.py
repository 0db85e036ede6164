"""Sentences, segments and clauses are offsets into the text, and brackets hide their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.clauses import BLANK, mask, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲应当报告；乙应当处理。丙不得拒绝。", [[["甲应当报告"], ["乙应当处理"]], [["丙不得拒绝"]]]),
        ("甲，乙：丙", [[["甲", "乙", "丙"]]]),
        ("应当缴纳1,000元,并公布。", [[["应当缴纳1,000元", "并公布"]]]),
        ("依照《甲法；乙法》的规定，报告。", [[["依照《甲法；乙法》的规定", "报告"]]]),
        ("  \u3000。", []),
        ("", []),
    ],
)
def test_splits_by_marks_outside_brackets(text: str, expected: list[list[list[str]]]) -> None:
    masked = mask(text)
    found = [
        [[text[c.start : c.end] for c in segment.clauses] for segment in sentence.segments]
        for sentence in sentences(masked)
    ]
    assert found == expected


def test_mask_blanks_brackets_and_keeps_the_length() -> None:
    text = "单位（以下统称（甲）单位）应当“负责”《某法》。"
    masked = mask(text)
    assert len(masked) == len(text)
    assert masked.replace(BLANK, "") == "单位应当。"


def test_an_unclosed_bracket_hides_nothing() -> None:
    assert mask("甲（乙应当报告。") == "甲（乙应当报告。"


@given(st.text(alphabet="甲乙应当不得，；。：（）《》“”、的 \n1,", max_size=60))
def test_every_clause_is_a_trimmed_slice_in_order(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    last = 0
    for sentence in sentences(masked):
        assert last <= sentence.start <= sentence.end <= len(text)
        for segment in sentence.segments:
            for clause in segment.clauses:
                assert last <= clause.start < clause.end <= len(text)
                assert text[clause.start : clause.end].strip() == text[clause.start : clause.end]
                last = clause.end
