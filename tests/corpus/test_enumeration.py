"""Lists in prose: which marks open entries, and which are words of a sentence."""

from __future__ import annotations

import pytest

from corpus.enumeration import split, strip_end
from corpus.recommendation_body import LABEL


@pytest.mark.parametrize(
    ("paragraphs", "texts"),
    [
        (["一是甲；二是乙；三是丙。"], ["甲", "乙", "丙"]),
        (["首先，甲。其次，乙。最后，丙。"], ["甲", "乙", "丙"]),
        (["（一）甲：1.子；2.丑。", "（二）乙。"], ["甲：1.子；2.丑", "乙"]),
        (["1.5吨叉车失修。", "第二台起重机失修。"], ["1.5吨叉车失修", "第二台起重机失修"]),
        (["一、甲", "续。", "二、乙"], ["甲\n续", "乙"]),
        (["甲有三点：一是子；二是丑。", "乙。"], ["甲有三点：一是子；二是丑", "乙"]),
        (["一、关于人员方面", "1.甲。", "2.乙。", "二、关于设备方面", "3.丙。"], ["甲", "乙", "丙"]),
        (["First, a.", "The second is b.", "more of b.", "Finally, c."], ["a", "b.\nmore of b", "c"]),
        (["①甲；②乙。"], ["甲", "乙"]),
        (["其一，甲；其二，乙。"], ["甲", "乙"]),
        ([], []),
    ],
)
def test_split(paragraphs: list[str], texts: list[str]) -> None:
    assert [entry.text for entry in split(paragraphs, label=LABEL)] == texts


@pytest.mark.parametrize(
    ("text", "bare"), [("甲；", "甲"), ("甲。 ", "甲"), ("a b.", "a b"), ("（甲）", "（甲）")]
)
def test_strip_end(text: str, bare: str) -> None:
    assert strip_end(text) == bare
