"""Study items: what the makers ask, what they refuse, and what the independent verifier catches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import NothingFound, WrongUsage
from corpus.library import Library
from corpus.structure import read_document
from generator import study_numbers, study_penalties, study_subjects
from generator.study_item import BLANK, Item, Kind, Rule, bank_from
from generator.study_makers import Drawn, Wanted, choose, draw_up, kinds_of
from generator.study_practice import mark
from generator.study_verdict import uniform_p
from generator.study_verifier import Verifier
from indexer.taxonomy import load

ON = "2026-11-22"
SAMPLE = """# 样例安全管理条例

2020年3月1日 样例委员会通过

<!-- INFO END -->

## 第一章 总则

第一条 为了试验出题，制定本条例。

第二条 生产经营单位应当每年至少组织一次应急演练，并保存演练记录三年。

## 第二章 职责

第三条 生产经营单位的主要负责人对本单位安全生产工作负有下列职责：

（一）组织制定并实施本单位安全生产规章制度；

（二）组织制定并实施本单位教育培训计划；

（三）保证本单位安全生产投入的有效实施；

（四）督促检查本单位的隐患排查工作。

第四条 安全生产管理人员履行下列职责：

（一）如实记录从业人员的考核情况；

（二）制止和纠正违章指挥的行为；

（三）参与本单位应急救援演练；

（四）提出改进设备维护的建议。

第五条 从业人员发现事故隐患的，应当立即向现场安全生产管理人员报告。

第六条 县级人民政府应当自收到事故报告之日起十五日内公布调查进展。

第七条 应急管理部门应当自受理申请之日起三十日内作出决定。

第八条 工会对违反本条例的行为，有权要求纠正。

第九条 生产经营单位不得关闭报警装置。

第十条 检测机构应当自完成检测之日起七日内出具报告。

第十一条 县级人民政府可以设立举报奖励资金。

第十二条 应急管理部门应当自收到整改方案之日起六十日内组织复查。

第十三条 生产经营单位应当建立危险源台账，定期更新登记内容，并向从业人员公开。

## 第三章 罚则

第十四条 生产经营单位未建立台账的，责令限期改正，处一万元以上二万元以下的罚款。

第十五条 生产经营单位未组织演练的，责令限期改正，处三万元以上五万元以下的罚款。

第十六条 检测机构出具虚假报告的，处十万元以上二十万元以下的罚款。

第十七条 生产经营单位关闭报警装置的，处三十万元以上五十万元以下的罚款。

第十八条 从业人员违反操作规程的，处八十万元以上九十万元以下的罚款。

第十九条 本条例自2020年5月1日起施行。
"""


def put(library: Library, text: str, folder: Path, name: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return library.add(read_document(path, source=name), path.read_bytes(), source=name).key


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("study")
    with Library.open(folder / "data", create=True) as held:
        put(held, SAMPLE, folder, "样例安全管理条例(2020-03-01).md")
        yield held


def draw(library: Library, *, seed: int = 3, **options: object) -> Drawn:
    taxonomy = load()
    texts = choose(library, taxonomy, works=["样例安全管理条例"], on=ON)
    wanted = Wanted(**options)  # type: ignore[arg-type]
    return draw_up(library, texts, wanted=wanted, seed=seed, on=ON, taxonomy=taxonomy)


@pytest.fixture(scope="module")
def items(library: Library) -> tuple[Item, ...]:
    """Every sound item over several seeds, each id and truth value once."""
    found = {(i.id, i.stem, i.options): i for seed in range(6) for i in draw(library, seed=seed).bank.items}
    return tuple(found.values())


def first(items: tuple[Item, ...], rule: Rule, kind: Kind, **wanted: object) -> Item:
    for item in items:
        if item.rule is rule and item.kind is kind and all(getattr(item, k) == v for k, v in wanted.items()):
            return item
    raise AssertionError(f"no item {rule} {kind} {wanted}")


@pytest.mark.parametrize("rule", list(Rule))
def test_every_maker_asks(items: tuple[Item, ...], rule: Rule) -> None:
    assert [item for item in items if item.rule is rule]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_made(items: tuple[Item, ...], kind: Kind) -> None:
    assert [item for item in items if item.kind is kind]


def test_every_word_judged_by_stands_in_the_stored_text(library: Library, items: tuple[Item, ...]) -> None:
    for item in items:
        for key in item.keys:
            stored = next(p for p in library.provisions(item.edition) if p.address == key.address)
            assert stored.text[key.start : key.end] == key.text
            assert key.text in item.explanation
        assert item.version == "2020-03-01"
        assert item.place.citation in item.explanation


def test_the_verifier_finds_every_item_sound(library: Library, items: tuple[Item, ...]) -> None:
    verifier = Verifier(library, on=ON)
    assert {item.stem: verifier.problems(item) for item in items if verifier.problems(item)} == {}


def test_the_same_seed_gives_the_same_items_and_another_seed_the_same_ids(library: Library) -> None:
    one, two, other = draw(library, seed=3), draw(library, seed=3), draw(library, seed=4)
    assert one.bank == two.bank
    assert one.bank != other.bank
    shared = {i.id for i in one.bank.items if i.kind is not Kind.TRUEFALSE and i.kind is not Kind.MULTIPLE}
    assert shared <= {i.id for i in other.bank.items}


def test_a_bank_survives_its_file(library: Library) -> None:
    bank = draw(library).bank
    assert bank_from(bank.as_json()) == bank


VALUES = {"三十日": 30, "六十日": 60, "十五日": 15, "七日": 7, "三年": 3}
BAD: list[tuple[str, Rule, Kind, Callable[[Item], Item], str]] = [
    (
        "a key that is not the text",
        Rule.NUMBER,
        Kind.SINGLE,
        lambda i: replace(i, keys=(replace(i.keys[0], text="九日"),)),
        "不是",
    ),
    (
        "a hash of other words",
        Rule.NUMBER,
        Kind.CLOZE,
        lambda i: replace(i, keys=(replace(i.keys[0], sha256="0" * 64),)),
        "与文本库不一致",
    ),
    (
        "an older version",
        Rule.NUMBER,
        Kind.CLOZE,
        lambda i: replace(i, place=replace(i.place, version="2001-01-01")),
        "版本与文本库不一致",
    ),
    (
        "two options that NFKC makes one",
        Rule.NUMBER,
        Kind.SINGLE,
        lambda i: replace(i, options=(i.options[i.answer[0]], "３日", "3日", "九日"), answer=(0,)),
        "选项重复",
    ),
    (
        "an option equal to the key in value",
        Rule.NUMBER,
        Kind.SINGLE,
        lambda i: replace(
            i,
            options=(i.options[i.answer[0]], f"{VALUES[i.options[i.answer[0]]]}日", "九日", "八日"),
            answer=(0,),
        ),
        "也成立或与答案重叠",
    ),
    (
        "a fine that overlaps",
        Rule.PENALTY,
        Kind.SINGLE,
        lambda i: replace(
            i,
            options=(i.keys[0].text, "一元以上九百万元以下", "一亿元以上二亿元以下", "三亿元以上四亿元以下"),
            answer=(0,),
        ),
        "也成立或与答案重叠",
    ),
    (
        "a wrong option called right",
        Rule.SUBJECT,
        Kind.SINGLE,
        lambda i: replace(i, answer=((i.answer[0] + 1) % 4,)),
        "正确选项不是条文原文",
    ),
    (
        "a synonym called false",
        Rule.MODALITY,
        Kind.TRUEFALSE,
        lambda i: replace(i, statement=said(i).replace("应当", "必须"), answer=(1,), swap=("应当", "必须")),
        "同义或更严",
    ),
    (
        "a stricter word called false",
        Rule.MODALITY,
        Kind.TRUEFALSE,
        lambda i: replace(i, statement=said(i).replace("应当", "不得不"), answer=(1,), swap=("可以", "应当")),
        "更严",
    ),
    (
        "a true statement called false",
        Rule.NUMBER,
        Kind.TRUEFALSE,
        lambda i: replace(i, statement=said(i), answer=(1,), swap=(i.keys[0].text, i.keys[0].text)),
        "与条文相同",
    ),
    (
        "a stricter deadline called false",
        Rule.NUMBER,
        Kind.TRUEFALSE,
        lambda i: replace(
            i, statement=said(i).replace(i.keys[0].text, "一日"), answer=(1,), swap=(i.keys[0].text, "一日")
        ),
        "更严",
    ),
    (
        "a false statement called true",
        Rule.NUMBER,
        Kind.TRUEFALSE,
        lambda i: replace(i, statement=said(i).replace(i.keys[0].text, "九十日"), answer=(0,), swap=None),
        "不是条文原文",
    ),
    (
        "an item of the list as a distractor",
        Rule.LIST,
        Kind.SINGLE,
        lambda i: replace(
            i, options=tuple(o if n in i.answer else sibling(i, n) for n, o in enumerate(i.options))
        ),
        "与列举事项相近",
    ),
    (
        "a topic of another article",
        Rule.TOPIC,
        Kind.SINGLE,
        lambda i: replace(i, lead=i.lead.replace("第", "第九十", 1)),
        "不一致",
    ),
    (
        "a short answer without its points",
        Rule.DUTY,
        Kind.SHORT,
        lambda i: replace(i, keys=i.keys[:1]),
        "要点不足两个",
    ),
]
LISTED = (
    "组织制定并实施本单位安全生产规章制度",
    "组织制定并实施本单位教育培训计划",
    "保证本单位安全生产投入的有效实施",
    "督促检查本单位的隐患排查工作",
    "如实记录从业人员的考核情况",
    "制止和纠正违章指挥的行为",
    "参与本单位应急救援演练",
    "提出改进设备维护的建议",
)


def said(item: Item) -> str:
    return "".join(part.text for part in item.parts)


def sibling(item: Item, number: int) -> str:
    """Another item of the same list."""
    own = LISTED[:4] if item.keys[0].text in LISTED[:4] else LISTED[4:]
    return [words for words in own if words != item.keys[0].text][number % 3]


@pytest.mark.parametrize(("name", "rule", "kind", "spoil", "words"), BAD, ids=[row[0] for row in BAD])
def test_the_verifier_catches(
    library: Library,
    items: tuple[Item, ...],
    name: str,
    rule: Rule,
    kind: Kind,
    spoil: Callable[[Item], Item],
    words: str,
) -> None:
    found = [one for one in items if one.rule is rule and one.kind is kind]
    if "deadline" in name or "in value" in name:
        found = [one for one in found if "日内" in said(one)]
    if name == "a synonym called false":
        found = [one for one in found if said(one).count("应当") == 1]
    problems = Verifier(library, on=ON).problems(spoil(found[0]))
    assert any(words in problem for problem in problems), problems


def test_an_item_another_article_answers_is_refused(library: Library, items: tuple[Item, ...]) -> None:
    """The same words in a second article: the makers refuse, and the verifier would."""
    twice = SAMPLE.replace(
        "第十九条", "第十八条之一 检测机构应当自完成检测之日起九日内出具报告。\n\n第十九条"
    )
    folder = library.path.parent.parent / "twice"
    folder.mkdir(exist_ok=True)
    with Library.open(folder / "data", create=True) as other:
        put(other, twice, folder, "样例安全管理条例(2020-03-01).md")
        drawn = draw(other)
        assert not [i for i in drawn.bank.items if "完成检测" in i.stem and i.rule is Rule.NUMBER]
        assert any("另有条文" in reason for reason in drawn.bank.refused)
    sound = next(i for i in items if "完成检测" in i.stem and i.rule is Rule.NUMBER and i.kind is Kind.CLOZE)
    assert Verifier(library, on=ON).problems(sound) == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("应当自收到之日起七日内报告，保存三年", ["七日", "三年"]),
        ("从业人员超过一百人的", ["一百人"]),
        ("每半年至少检测一次，比例不低于百分之五", ["每半年", "百分之五"]),
        ("2021年9月1日起，第三十日的", []),
        ("依照第二十一条第三款", []),
        ("在24小时内，高度不超过3.5米", ["24小时", "3.5米"]),
    ],
)
def test_quantities(text: str, wanted: list[str]) -> None:
    assert [one.text for one in study_numbers.quantities(text)] == wanted


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("一万元以上三万元以下", "二万元以上五万元以下", True),
        ("一万元以上三万元以下", "三万元以上五万元以下", True),
        ("一万元以上三万元以下", "五万元以上十万元以下", False),
        ("五万元以下", "十万元以下", True),
        ("1万元以上3万元以下", "二万元以上四万元以下", True),
        ("二倍以上五倍以下", "六倍以上十倍以下", False),
        ("百分之三十", "百分之六十", False),
    ],
)
def test_ranges(one: str, other: str, overlap: bool) -> None:
    left, right = study_penalties.spans(one)[0], study_penalties.spans(other)[0]
    assert (left.text, right.text) == (one, other)
    assert left.overlaps(right) is overlap


@pytest.mark.parametrize(
    ("bearer", "kind"),
    [
        ("生产经营单位", "unit"),
        ("生产经营单位的主要负责人", "principal"),
        ("生产经营单位的安全生产管理人员", "safety"),
        ("县级以上地方各级人民政府", "government"),
        ("国务院应急管理部门", "ministry"),
        ("负有安全生产监督管理职责的部门", "department"),
        ("任何单位和个人", ""),
        ("从业人员", "employee"),
    ],
)
def test_classes_of_bearers(bearer: str, kind: str) -> None:
    assert study_subjects.class_of(bearer) == kind


def test_the_stem_never_holds_its_answer(items: tuple[Item, ...]) -> None:
    for item in items:
        if BLANK in item.statement and item.rule is not Rule.MODALITY:
            assert all(key.text not in item.stem for key in item.keys), item.stem


def test_more_items_than_exist_says_how_many_and_why(library: Library) -> None:
    drawn = draw(library, count=5000)
    assert len(drawn.bank.items) == drawn.available < 5000
    assert str(drawn.available) in drawn.shortage
    assert "主要原因" in drawn.shortage


@pytest.mark.parametrize("words", ["single,essay", "选择", ""])
def test_unknown_types_are_refused_by_name(words: str) -> None:
    with pytest.raises(WrongUsage, match="题型"):
        kinds_of(words)


def test_types_by_either_name() -> None:
    assert kinds_of("single，判断题、填空") == (Kind.SINGLE, Kind.TRUEFALSE, Kind.CLOZE)


def test_texts_not_in_force_give_nothing(library: Library) -> None:
    with pytest.raises(NothingFound, match="不出题"):
        choose(library, load(), works=["样例安全管理条例"], on="2019-01-01")
    with pytest.raises(NothingFound, match="没有"):
        choose(library, load(), works=["不存在的法"], on=ON)
    with pytest.raises(WrongUsage):
        choose(library, load(), on=ON)


def test_a_post_with_nothing_gives_nothing(library: Library) -> None:
    with pytest.raises(NothingFound, match="没有可以出题的条文"):
        draw(library, post=load().post("特种作业人员"), rules=(Rule.LIST,))


def test_key_positions_are_dealt_evenly() -> None:
    assert uniform_p([25, 25, 25, 25]) == pytest.approx(1.0)
    assert uniform_p([60, 20, 10, 10]) < 0.001
    assert uniform_p([]) == 1.0


@pytest.mark.parametrize(
    ("rule", "kind", "right", "wrong"),
    [
        (Rule.NUMBER, Kind.CLOZE, "{key}", "九九日"),
        (Rule.NUMBER, Kind.CLOZE, " {key}。", ""),
        (Rule.DUTY, Kind.SHORT, "{all}", "与职责无关的话"),
    ],
)
def test_marking_words(items: tuple[Item, ...], rule: Rule, kind: Kind, right: str, wrong: str) -> None:
    item = first(items, rule, kind)
    words = right.format(key=item.keys[0].text, all="，".join(key.text for key in item.keys))
    assert mark(item, words=words).right
    missed = mark(item, words=wrong)
    assert missed.score == 0
    assert len(missed.missed) == len(item.keys)


def test_marking_choices(items: tuple[Item, ...]) -> None:
    item = first(items, Rule.NUMBER, Kind.SINGLE)
    assert mark(item, chosen=item.answer).right
    assert not mark(item, chosen=((item.answer[0] + 1) % 4,)).right
    assert not mark(item).right


@pytest.mark.shared
def test_the_work_safety_law(shared: Path, tmp_path: Path) -> None:
    """At least 400 sound items, keys evenly seated and of like length."""
    with Library.open(tmp_path / "data", create=True) as held:
        source = "社会法/安全生产法(2021-06-10).md"
        path = shared / "laws" / source
        held.add(read_document(path, source=source), path.read_bytes(), source=source)
        taxonomy = load()
        texts = choose(held, taxonomy, works=["安全生产法"], on=ON)
        drawn = draw_up(held, texts, wanted=Wanted(), seed=7, on=ON, taxonomy=taxonomy)
        verdict = Verifier(held, on=ON).bank(drawn.bank.items)
    assert drawn.available >= 400
    assert verdict.unsound == {}
    assert verdict.duplicates == ()
    assert verdict.p_value > 0.01
    assert verdict.length_gap <= 0.15
    assert sum(drawn.bank.refused.values()) > 0
