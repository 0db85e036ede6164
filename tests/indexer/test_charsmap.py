"""The gram tokenizer is plain data: it survives saving, folds, and knows nothing it was not given."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from indexer.charsmap import MARK, UNKNOWN, build_tokenizer

VOCABULARY = [UNKNOWN, "安全", "全生", f"{MARK}安", "责任", "gb", "9704", "2.5"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("安全生", ["安全", f"{MARK}安", "全生"]),
        ("安，全", [f"{MARK}安"]),
        ("責任", ["责任"]),
        ("ＧＢ/T 9704", ["gb", "9704"]),
        ("2.5米", ["2.5"]),
        ("GB安全", ["gb", "安全", f"{MARK}安"]),
        ("", []),
        ("₁安安", [f"{MARK}安", f"{MARK}安"]),
    ],
)
def test_overlapping_grams(text: str, tokens: list[str], tmp_path: Path) -> None:
    build_tokenizer(VOCABULARY).save(str(tmp_path / "t.json"))
    encoded = Tokenizer.from_file(str(tmp_path / "t.json")).encode(text)
    assert sorted(t for t in encoded.tokens if t != UNKNOWN) == sorted(tokens)


@pytest.mark.parametrize("vocabulary", [[], ["安全"], [UNKNOWN, "安全", "安全"]])
def test_a_wrong_vocabulary_is_refused(vocabulary: list[str]) -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        build_tokenizer(vocabulary)
