"""Questions as understood: rows of what was written and what must be read from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import WrongUsage
from retriever.question import IGNORABLE, as_of, fold, language_of, understand
from retriever.question_kinds import Kind, any_of, kinds_of
from retriever.regions import region_of
from retriever.titles import Titles
from retriever.vocabulary import content_words, expand, glossary, to_chinese

CASES = Path(__file__).resolve().parent.parent / "cases"
NAMES = {
    name: (name,)
    for name in (
        "安全生产法",
        "刑法",
        "民法典",
        "消防法",
        "安全生产许可证条例",
        "危险化学品安全管理条例",
        "特种设备安全法",
        "特种设备安全监察条例",
        "北京市安全生产条例",
        "生产安全事故应急条例",
        "食品安全法",
        "食品安全法实施条例",
    )
} | {"危化品条例": ("危险化学品安全管理条例",)}  # fmt: skip

KINDS = [
    ("事故单位瞒报，罚款区间是多少？", {Kind.PENALTY, Kind.NUMBER}),
    ("生产、储存危化品的企业隔几年要做一次安全评价？", {Kind.NUMBER}),
    ("企业一把手在安全生产上有哪些法定职责？", {Kind.LIST, Kind.DUTY}),
    ("什么叫重大危险源？", {Kind.DEFINITION}),
    ("较大事故由哪一级政府负责调查？", {Kind.COMPETENT}),
    ("工人能拒绝违章指挥吗？", {Kind.RIGHT, Kind.PROHIBITION, Kind.YES_NO}),
    ("危险品仓库楼上能住员工吗？", {Kind.PROHIBITION, Kind.YES_NO}),
    ("剧毒品在运输路上丢了，司机要怎么办？", {Kind.PROCEDURE}),
    ("办燃气经营许可证要哪些条件，哪个部门发？", {Kind.LICENCE, Kind.LIST, Kind.COMPETENT}),
]


@pytest.mark.parametrize(("text", "wanted"), KINDS)
def test_kinds_are_recognised(text: str, wanted: set[Kind]) -> None:
    assert wanted <= set(kinds_of(text, language="zh"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("What are the reasons for work safety accidents?", Kind.LIST),
        ("How many comprehensive inspection teams will be formed?", Kind.NUMBER),
        ("Who has to review the plan?", Kind.COMPETENT),
        ("Which document do the government measures come from?", None),
    ],
)
def test_english_kinds(text: str, wanted: Kind | None) -> None:
    found = kinds_of(text, language="en")
    assert (wanted in found) if wanted else Kind.LIST not in found


def test_an_empty_alternative_is_refused() -> None:
    with pytest.raises(ValueError, match="empty alternative"):
        any_of(["罚", ""])


@pytest.mark.parametrize(
    ("text", "province", "city"),
    [
        ("北京的企业安委会多久开一次会", "北京", None),
        ("在深圳办演唱会要什么手续", "广东", "深圳"),
        ("宁波市学校安全怎么管", "浙江", "宁波"),
        ("确保定期检验怎么做", None, None),
        ("东西安全放在哪里", None, None),
        ("生产经营单位怎么办", None, None),
        ("山东省规定哪些企业要设安全总监？", "山东", None),
    ],
)
def test_places(text: str, province: str | None, city: str | None) -> None:
    region = region_of(text)
    assert (region.province if region else None, region.city if region else None) == (province, city)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020年时安全生产许可证能用几年", "2020-12-31"),
        ("2019年6月以前怎么规定", "2019-06-30"),
        ("2021年9月1日前瞒报怎么罚", "2021-09-01"),
        ("2023年全国发生多少起事故", None),
        ("2021年13月的时候", None),
        ("处一年以下有期徒刑吗", None),
    ],
)
def test_dates(text: str, day: str | None) -> None:
    assert as_of(text) == day


TITLES = [
    ("《中华人民共和国安全生产法》怎么说", ("安全生产法",), (), ()),
    ("按安全生产法，老板有哪些职责", ("安全生产法",), (), ()),
    ("危化品条例对运输怎么规定", ("危险化学品安全管理条例",), (), ()),
    ("难民法是什么", (), (), ()),
    ("安权生产法里主要负责人有哪些职责", (), (), ("安全生产法",)),
    ("安全生产许可条例的有效期", (), (), ("安全生产许可证条例",)),
    (
        "《特种作业人员安全技术培训考核管理规定》里证书几年复审？",
        (),
        ("特种作业人员安全技术培训考核管理规定",),
        (),
    ),
    ("生产安全事故应急预案管理办法规定预案几年评估一次？", (), ("生产安全事故应急预案管理办法",), ()),
    ("山东省规定哪些企业要设安全总监？", (), (), ()),
    ("食品安全法实施条例有没有规定", ("食品安全法实施条例",), (), ()),
    ("单位违反规定怎么办", (), (), ()),
]


@pytest.mark.parametrize(("text", "works", "missing", "meant"), TITLES)
def test_titles(text: str, works: tuple[str, ...], missing: tuple[str, ...], meant: tuple[str, ...]) -> None:
    named = Titles(NAMES).named_in(text)
    assert (named.works, named.missing, tuple(title for _, title in named.meant)) == (works, missing, meant)


def test_a_misspelling_near_two_titles_is_left_open() -> None:
    titles = Titles({"甲市消防条例": ("a",), "乙市消防条例": ("b",)})
    assert titles.nearest("丙市消防条例") is None


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("　安全生產許可證　能用幾年？", "安全生产许可证能用几年？"),
        ("ＫＴＶ開門", "KTV开门"),
        ("What  is\n this", "What is this"),
        ("第２１条", "第21条"),
    ],
)
def test_letters_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("KTV能开吗", "zh"),
        ("What does the law say?", "en"),
        ("？？？", "zh"),
        ("GB 18218里氯气的临界量", "zh"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_lay_words_add_and_never_replace() -> None:
    question = understand("KTV开门营业前，消防上要走什么手续？")
    assert question.query.startswith(question.plain)
    assert "公众聚集场所" in question.query


def test_every_recognition_can_be_undone() -> None:
    text = "北京市2020年时《安全生产法》第二十一条，KTV老板罚多少"
    full = understand(text, titles=Titles(NAMES))
    assert full.region
    assert full.on
    assert full.named.works
    assert full.citation
    assert full.expansions
    bare = understand(text, titles=Titles(NAMES), ignore=IGNORABLE)
    assert (bare.region, bare.on, bare.named.works, bare.citation, bare.expansions, bare.kinds) == (
        None, None, (), None, (), ()
    )  # fmt: skip
    assert bare.query == bare.plain


@pytest.mark.parametrize("text", ["", "   \n", "字" * 10_001])
def test_what_cannot_be_a_question_is_wrong_usage(text: str) -> None:
    with pytest.raises(WrongUsage):
        understand(text)


def test_an_unknown_ignore_is_refused_by_name() -> None:
    with pytest.raises(WrongUsage, match="colour"):
        understand("罚多少", ignore=["colour"])


def test_marks_alone_are_empty_but_understood() -> None:
    assert understand("？？！…").empty
    assert not understand("罚").empty


def test_glossary_is_large_and_goes_both_ways() -> None:
    terms = glossary()
    assert len(terms) >= 300
    assert all(forms and all(forms) for forms in terms.values())
    added = {word for e in to_chinese("Who reports a production safety accident?") for word in e.added}
    assert "生产安全事故" in added
    assert content_words("the measures are required") == ["measur", "requir"]


def test_a_longer_lay_word_hides_the_shorter_in_it() -> None:
    assert [e.word for e in expand("煤气罐漏了")] == ["煤气罐"]


def test_own_questions_are_whole() -> None:
    rows = [json.loads(line) for line in (CASES / "qa.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 190
    assert sum(1 for row in rows if not row["answerable"]) >= 40
    for row in rows:
        assert bool(row["gold"]) == row["answerable"]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.text(
        alphabet=st.sampled_from("罚款第二十一条《》安全生产法北京2020年时多少KTV？！ a\n（）　「」"),
        min_size=1,
        max_size=300,
    )
)
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        question = understand(text, titles=Titles(NAMES))
    except WrongUsage:
        assert not text.strip()
    else:
        assert json.dumps(question.as_json(), ensure_ascii=False)
