"""The decisive words of a statement, by kind of question."""

from __future__ import annotations

from itertools import pairwise

import pytest

from retriever.decisive import marked
from retriever.question_kinds import Kind
from retriever.statements import pairs

ROWS = [
    ("责令改正，处五千元以上五万元以下罚款", Kind.PENALTY, "处五千元以上五万元以下罚款"),
    ("对单位处5万元以上10万元以下罚款，对个人警告", Kind.PENALTY, "处5万元以上10万元以下罚款"),
    ("处十日以上十五日以下拘留，可以并处罚款", Kind.PENALTY, "处十日以上十五日以下拘留"),
    ("情节严重的，吊销其相应资质。", Kind.PENALTY, "吊销其相应资质"),
    ("应当至少每半年组织1次演练", Kind.NUMBER, "至少每半年"),
    ("许可证有效期为3年，期满前3个月延期", Kind.NUMBER, "3年"),
    ("不得少于2年", Kind.NUMBER, "不得少于2年"),
    ("处合同价款1倍以上3倍以下的罚款", Kind.PENALTY, "处合同价款1倍以上3倍以下的罚款"),
    ("任何单位不得占用疏散通道。", Kind.PROHIBITION, "不得占用疏散通道"),
    ("本法所称锅炉，是指对外输出热能的设备。", Kind.DEFINITION, "是指对外输出热能的设备"),
    ("较大事故由设区的市级人民政府负责调查。", Kind.COMPETENT, "由设区的市级人民政府"),
    ("从业人员有权拒绝违章指挥。", Kind.RIGHT, "有权拒绝违章指挥"),
]


@pytest.mark.parametrize(("text", "kind", "words"), ROWS)
def test_the_words_that_answer_are_marked(text: str, kind: Kind, words: str) -> None:
    spans = marked(text, kinds=[kind], wanted=())
    assert words in [text[a:b] for a, b in spans], [text[a:b] for a, b in spans]


def test_spans_are_in_order_and_apart() -> None:
    text = "应当每年至少进行一次全面检测，处一万元以上十万元以下罚款，不得停用消防设施。"
    spans = marked(text, kinds=list(Kind), wanted=pairs(text))
    assert all(a < b for a, b in spans)
    assert all(first[1] < second[0] for first, second in pairwise(spans))
    assert spans[-1][1] <= len(text)


def test_short_echoes_of_the_question_are_not_marked() -> None:
    assert marked("企业单位管理", kinds=[], wanted=pairs("企业")) == ()
    assert marked("消防安全重点单位的名录", kinds=[], wanted=pairs("消防安全重点单位")) == ((0, 8),)
