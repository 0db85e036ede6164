"""Words of force, and the traps in which the same words carry none."""

from __future__ import annotations

import pytest

from indexer.deontic import any_of, modals


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("经营者应当报告", ["must:应当"]),
        ("经营者必须报告", ["must:必须"]),
        ("经营者应按规定报告", ["must:应"]),
        ("经营者须向主管部门报告", ["must:须"]),
        ("经营者不得隐瞒", ["must_not:不得"]),
        ("严禁携带火种", ["must_not:严禁"]),
        ("在库区内禁止吸烟", ["must_not:禁止"]),
        ("职工有权拒绝", ["entitled:有权"]),
        ("部门可以委托检验", ["may:可以"]),
        ("经验收合格后方可使用", ["must:方可"]),
        ("经营场所不得与住宅同处一楼", ["must_not:不得"]),
        ("出卖人应当将标的物交付买受人", ["must:应当"]),
        ("研制单位应当进行充分的论证", ["must:应当"]),
        ("证明书应当由取得资格的医师签署", ["must:应当"]),
        ("当事人可以向当地的仲裁机构申请仲裁", ["may:可以"]),
        ("可以循环利用的应当进行资源化利用", ["must:应当"]),
        ("公民有义务配合调查", ["must:有义务"]),
        ("应当真实准确但不得泄露秘密", ["must:应当", "must_not:不得"]),
    ],
)
def test_finds_the_words_of_force(clause: str, expected: list[str]) -> None:
    found = modals(clause, 0, len(clause), last=True)
    assert [f"{m.modality.value}:{clause[m.start : m.end]}" for m in found] == expected


@pytest.mark.parametrize(
    "clause",
    [
        "使用应当淘汰的工艺",  # attributive
        "告知应当采取的应急措施",
        "明确各自应当承担的责任",
        "存在应当召回而未召回的情形时",
        "管行业必须管安全、管业务必须管安全",  # slogan
        "经营者除应当履行前条规定的职责外",
        "应当经过批准而未经批准的",  # a condition
        "认为应当给予处理",
        "设置禁止吸烟标志",
        "主管部门规定应当申请验收的建设工程竣工",
        "依法应当进行验收的建设工程",
        "国家明令禁止使用的设备",
        "应急预案供应相应用品",  # 应 inside words
        "必需品由负责人保管",
        "有权机关依法作出决定",
        "所有权属于国家",
        "核发许可以及运输工具的检验",  # 许|可以
        "双方可以约定"[:2],
    ],
)
def test_refuses_words_without_force(clause: str) -> None:
    assert modals(clause, 0, len(clause), last=False) == []


def test_both_sides_may_is_a_permission() -> None:
    clause = "双方可以约定"
    (found,) = modals(clause, 0, len(clause), last=True)
    assert clause[found.start : found.end] == "可以"
    assert not found.only_then


@pytest.mark.parametrize(("notice", "count"), [(True, 1), (False, 0)])
def test_yao_has_force_in_notices_only(notice: bool, count: int) -> None:
    clause = "各级人民政府要加强领导"
    assert len(modals(clause, 0, len(clause), last=True, notice=notice)) == count


def test_yao_inside_a_word_has_none() -> None:
    clause = "主要负责人的要求"
    assert modals(clause, 0, len(clause), last=True, notice=True) == []


@pytest.mark.parametrize("words", [(), ("甲", "")])
def test_an_empty_alternative_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="empty alternative"):
        any_of(*words)
