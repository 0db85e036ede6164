"""What an article is about, read from its wording."""

from __future__ import annotations

import pytest

from indexer.traits import Trait, traits_of_text

ROWS = [
    (
        "违反本条例规定的，处一万元以上五万元以下罚款。",
        "第六章 法律责任",
        Trait.PENALTY | Trait.LIABILITY_CHAPTER,
    ),
    ("安全生产许可证的有效期为3年。", "", Trait.NUMBER | Trait.LICENCE),
    ("本条例所称有限空间，是指封闭或者部分封闭的空间。", "", Trait.DEFINITION),
    ("为了加强安全生产工作，制定本条例。", "第一章 总则", Trait.PURPOSE),
    ("本条例自2024年1月1日起施行。", "附则", Trait.CLOSING),
    ("任何单位不得占用消防通道。", "", Trait.PROHIBITION),
    ("从业人员有权拒绝违章指挥。", "", Trait.RIGHT),
    ("由县级人民政府应急管理主管部门负责监督管理。", "", Trait.COMPETENT),
]


@pytest.mark.parametrize(("text", "headings", "held"), ROWS)
def test_traits(text: str, headings: str, held: Trait) -> None:
    assert traits_of_text(text, 1, headings) & held == held


def test_absent_traits_are_absent() -> None:
    found = traits_of_text("国家鼓励和支持安全生产科学技术研究。", 1, "第一章 总则")
    assert not found & (Trait.PENALTY | Trait.NUMBER | Trait.PROHIBITION | Trait.LIST | Trait.CLOSING)
    assert Trait.LIST in traits_of_text("应当：", 5, "")
