"""What the compiled loops see in stored words is what `indexer.grams` makes of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import word_marks
from indexer.grams import PAIR, grams
from indexer.keys import KeyTable, Tokens
from indexer.word_marks import Nearness, laid, marks

LETTERS = st.one_of(
    st.sampled_from("安全生产责任責任許可第一条，。 \n\tABCxyz０１２0123456789..ＫｔＶ①Ⅲ㎡〇々é́ß"),
    st.characters(),
)
TEXT = st.text(LETTERS, max_size=40)


def nobody() -> Nearness:
    tokens = Tokens(KeyTable(np.empty(0, np.int64)), np.zeros((1, 1), np.int8))
    return Nearness(tokens, np.zeros((0, 1), np.float32))


@settings(deadline=None, max_examples=400)
@given(TEXT, st.lists(TEXT, min_size=1, max_size=5))
def test_held_grams_are_those_of_grams(question: str, texts: list[str]) -> None:
    asked = np.unique(grams([question, texts[0]]).keys)
    found = marks(laid(texts), KeyTable(asked), nobody())
    for number, text in enumerate(texts):
        own = grams([text]).keys
        assert found.count[number] == len(own)
        assert (found.held[number] > 0).tolist() == np.isin(asked, own).tolist()


WORDS = [
    "abc",
    "GB 6441-1986",
    "1.5米",
    "3.",
    ".5",
    "1..2",
    "10.20.30号",
    "a1b22",
    "KTV能不能开",
    "",
    "第3条之1.2.x",
]


@pytest.mark.parametrize("text", WORDS)
def test_words_and_numbers(text: str) -> None:
    own = grams([text]).keys
    found = marks(laid([text]), KeyTable(np.unique(own)), nobody())
    assert found.held.all()
    assert found.count.tolist() == [len(own)]


@settings(deadline=None, max_examples=100)
@given(TEXT, st.lists(TEXT, min_size=1, max_size=4), st.sampled_from(["int8", "float32"]))
def test_nearest_is_the_best_cosine(question: str, texts: list[str], kind: str) -> None:
    chance = np.random.default_rng(5)
    every = np.unique(grams([question, *texts]).keys)
    known = every[::2]  # half of the grams are unknown: they share row 0
    vectors = chance.integers(-99, 99, (len(known) + 1, 16)).astype(kind)
    tokens = Tokens(KeyTable(known), vectors)
    asked = chance.standard_normal((3, 16)).astype(np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    found = marks(laid(texts), KeyTable(np.empty(0, np.int64)), Nearness(tokens, asked))
    for number, text in enumerate(texts):
        pairs = grams([text]).keys
        rows = vectors[tokens.table.places(pairs[pairs >= PAIR]) + 1].astype(np.float32)
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        wanted = (rows @ asked.T).max(axis=0) if len(rows) else np.zeros(3)
        assert np.allclose(found.nearest[number], wanted, atol=1e-5)


def test_a_text_read_letter_by_letter_where_it_may_not_be_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: ㎡ is two letters, m2, which its own code does not show."""
    text = "5㎡ 安全"
    own = grams([text]).keys
    asked = KeyTable(np.unique(own))
    assert marks(laid([text]), asked, nobody()).held.all()
    forms, kinds = word_marks._alphabet()
    monkeypatch.setattr(
        word_marks, "_alphabet", lambda: (forms, np.where(kinds == 4, 0, kinds).astype(np.uint8))
    )
    assert not marks(laid([text]), asked, nobody()).held.all()
