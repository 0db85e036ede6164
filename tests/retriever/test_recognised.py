"""What is read into a question: posts and industries by name, each item with the word that undoes it."""

from __future__ import annotations

import time

import pytest

from corpus.errors import WrongUsage
from indexer.taxonomy import load
from retriever.question import understand
from retriever.recognised import IGNORABLE, LABELS
from retriever.subjects import Subjects
from retriever.titles import Titles

SUBJECTS = Subjects.of(load(None))
TITLES = Titles({"安全生产法": ("安全生产法",), "消防法": ("消防法",)})

NAMED = [
    ("安全员查出重大隐患怎么办", {"安全生产管理人员"}, set()),
    ("煤矿矿长几天下一次井", {"矿长"}, {"煤矿"}),
    ("总包单位和分包单位怎么分责任", {"总承包单位", "分包单位"}, set()),
    ("应急局查封设备要什么手续", {"应急管理部门"}, set()),
    ("物业公司对电梯有什么义务", {"物业服务企业"}, {"特种设备"}),
    ("企业违反规定怎么办", set(), set()),
    ("个人能不能举报", set(), set()),
    ("企业标准要不要备案", set(), set()),
    ("危化品企业多久评价一次", {"危险化学品单位"}, {"危险化学品"}),
    ("KTV开门前要办什么", set(), set()),
]


@pytest.mark.parametrize(("text", "posts", "industries"), NAMED)
def test_posts_and_industries(text: str, posts: set[str], industries: set[str]) -> None:
    question = understand(text, subjects=SUBJECTS)
    assert posts <= {one.name for one in question.posts}
    assert industries <= {one.name for one in question.industries}
    if not posts:
        assert not question.posts
    for one in (*question.posts, *question.industries):
        assert one.words in question.plain


FULL = "北京市2020年时，《安全生产法》第二十一条，煤矿安全员不报隐患罚多少？"


def test_every_item_can_be_switched_off_alone() -> None:
    full = understand(FULL, titles=TITLES, subjects=SUBJECTS)
    codes = {one.code for one in full.recognised}
    assert codes >= {"works", "citation", "region", "date", "kinds", "posts", "industries", "words"}
    for item in full.recognised:
        left = understand(FULL, titles=TITLES, subjects=SUBJECTS, ignore=[item.undo])
        assert item not in left.recognised
        others = {one for one in full.recognised if one.code != item.code}
        assert others - {*left.recognised} <= {one for one in others if one.code in ("citation", "words")}


def test_a_whole_kind_can_be_switched_off() -> None:
    for code in IGNORABLE:
        left = understand(FULL, titles=TITLES, subjects=SUBJECTS, ignore=[code])
        assert code not in {one.code for one in left.recognised}
    assert not understand(FULL, titles=TITLES, subjects=SUBJECTS, ignore=IGNORABLE).recognised


def test_items_have_labels_and_plain_words() -> None:
    for one in understand(FULL, titles=TITLES, subjects=SUBJECTS).recognised:
        assert one.code in LABELS
        assert one.words
        assert one.value
        assert one.as_json()["undo"].startswith(one.code)


def test_an_unknown_switch_is_refused() -> None:
    with pytest.raises(WrongUsage, match="colour"):
        understand("罚多少", ignore=["colour:red"])


def test_reading_is_cheap() -> None:
    """Issue: reading a question ≤ 2 ms; ten times that here, where other tests run beside."""
    texts = [text for text, _, _ in NAMED] * 20
    understand(texts[0], titles=TITLES, subjects=SUBJECTS)
    start = time.perf_counter()
    for text in texts:
        understand(text, titles=TITLES, subjects=SUBJECTS)
    assert (time.perf_counter() - start) / len(texts) < 0.02
