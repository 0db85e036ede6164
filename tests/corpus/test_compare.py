"""Two versions, article by article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.compare import Change, Kind, Op, changed_words, compare_provisions
from corpus.document import Level, Provision
from corpus.place import Address

OLD = {
    1: "为了加强安全生产工作，制定本条例。",
    2: "生产经营单位应当每年组织一次安全检查，并记录检查情况。",
    3: "生产经营单位的主要负责人对本单位安全生产工作全面负责。",
    4: "违反规定的，处一万元以上三万元以下罚款。",
    5: "本条例自二〇二〇年五月一日起施行。",
}
NEW = {
    1: "为了加强安全生产工作，制定本条例。",
    2: "生产经营单位应当建立危险作业审批制度，动火作业前须经书面批准。",
    3: "生产经营单位应当每季度组织一次安全检查，并记录检查情况。",
    4: "生产经营单位的主要负责人对本单位安全生产工作全面负责。",
    5: "违反规定的，处三万元以上十万元以下罚款。",
    6: "公民有权举报事故隐患。",
}


def rows(texts: dict[int, str]) -> list[Provision]:
    return [Provision(Address(n, None, 1, sole=True), Level.PARAGRAPH, text) for n, text in texts.items()]


def summary(change: Change) -> tuple[str, int | None, int | None]:
    old, new = change.old, change.new
    return change.kind.value, old.article if old else None, new.article if new else None


def test_articles_are_paired_by_their_words() -> None:
    found = compare_provisions(rows(OLD), rows(NEW))
    assert [summary(change) for change in found] == [
        ("added", None, 2),
        ("changed", 2, 3),
        ("moved", 3, 4),
        ("changed", 4, 5),
        ("removed", 5, None),
        ("added", None, 6),
    ]
    assert [p for p in found[1].pieces if p.op is not Op.SAME]
    assert found[1].moved


def test_equal_texts_differ_in_nothing() -> None:
    assert compare_provisions(rows(OLD), rows(OLD)) == ()


def test_the_words_that_changed() -> None:
    pieces = changed_words("处一万元以下罚款", "处三万元以下的罚款")
    assert [(p.op.value, p.text) for p in pieces] == [
        ("same", "处"),
        ("deleted", "一"),
        ("inserted", "三"),
        ("same", "万元以下"),
        ("inserted", "的"),
        ("same", "罚款"),
    ]


WORDS = st.text(alphabet="安全生产应当不得，。一二三", max_size=30)


@given(WORDS, WORDS)
def test_pieces_join_to_both_texts(old: str, new: str) -> None:
    pieces = changed_words(old, new)
    assert "".join(p.text for p in pieces if p.op is not Op.INSERTED) == old
    assert "".join(p.text for p in pieces if p.op is not Op.DELETED) == new


@pytest.mark.parametrize("turn", range(3))
def test_every_article_is_accounted_for(turn: int) -> None:
    old, new = rows(OLD), rows({n + turn: text for n, text in NEW.items()})
    found = compare_provisions(old, new)
    gone = {c.old for c in found if c.kind is Kind.REMOVED}
    come = {c.new for c in found if c.kind is Kind.ADDED}
    assert len(OLD) - len(gone) == len(NEW) - len(come)
