"""Grams in bulk are the grams one by one, and those of the tokenizer."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.charsmap import UNKNOWN, build_tokenizer
from indexer.grams import _plain, grams, key_of, keys_of, normalise, token_of

TEXTS = st.text(alphabet="安全生产责任責產。，ab1.２Ｂ \n《》", max_size=30)


def spelled(text: str) -> Counter[str | None]:
    return Counter(token_of(int(key)) for key in grams([text]).keys)


def test_unigrams_and_bigrams_within_runs_of_han() -> None:
    assert spelled("安全，責任") == Counter(["₁安", "₁全", "₁责", "₁任", "安全", "责任"])


def test_words_and_numbers_are_whole() -> None:
    keys = grams(["GB/T 9704，PM2.5", "gb t 9704 pm 2.5"])
    assert sorted(keys.of(0)) == sorted(keys.of(1))
    assert key_of("gb") in keys.of(0)


@settings(deadline=None, max_examples=100)
@given(st.lists(TEXTS, max_size=6))
def test_bulk_is_one_by_one(texts: list[str]) -> None:
    found = grams(texts)
    for number, text in enumerate(texts):
        assert sorted(found.of(number)) == sorted(grams([text]).of(0))


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_the_tokenizer_sees_the_same(text: str) -> None:
    vocabulary = sorted({token for token in spelled(text) if token})
    tokenizer = build_tokenizer([UNKNOWN, *vocabulary])
    seen = Counter(token for token in tokenizer.encode(text).tokens if token != UNKNOWN)
    assert seen == Counter({token: n for token, n in spelled(text).items() if token})


ODD = st.text(alphabet="安責Σσςİ①㎡…Ⅲ℃é\u0301が\u3099ﾊﾞ한\u1100\u1161𠀀ｱ０Ａ～　\t\r", max_size=12)


@settings(deadline=None, max_examples=300)
@given(st.lists(ODD | TEXTS, max_size=4))
def test_letter_by_letter_is_the_whole_normalised(texts: list[str]) -> None:
    lines = [text.replace("\n", " ") for text in texts]
    codes, plain = _plain(lines)
    assert plain == "".join(normalise(line).replace("\n", " ") + "\n" for line in lines)
    assert "".join(map(chr, codes)) == plain


def test_keys_in_bulk_are_keys_one_by_one() -> None:
    tokens = ["₁安", "安全", "ab", "97", "gb", "2.5", "safety", "〇一", "₁〇", "a"]
    assert keys_of(tokens).tolist() == [key_of(token) for token in tokens]
    assert keys_of([]).tolist() == []


def test_token_and_key_are_inverse() -> None:
    assert all(token_of(key_of(token)) == token for token in ("₁安", "安全", "〇一"))
