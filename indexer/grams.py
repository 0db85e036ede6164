"""Texts to character 1- and 2-grams in bulk: the tokens of the encoder and of BM25.

A gram is a 64-bit key: a Han unigram is its code point, a bigram first << 32 | second, a Latin word or
a number a hash with the top bit pattern WORD. Traditional characters are folded, so 責任 meets 责任.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.charsmap import HAN_RANGES, MARK, WORD_PATTERN, simplified_forms

Keys = npt.NDArray[np.int64]
WORD = 1 << 61
_WORDS = re.compile(WORD_PATTERN)
_FOLD = str.maketrans(simplified_forms())
_BREAK = "\n"


def normalise(text: str) -> str:
    """NFKC, lower case, simplified characters."""
    return unicodedata.normalize("NFKC", text).lower().translate(_FOLD)


def word_key(word: str) -> int:
    """The key of a Latin word or number: 56 bits of two checksums, marked WORD."""
    data = word.encode()
    return WORD | zlib.crc32(data) << 24 | (zlib.adler32(data) & 0xFFFFFF)


def key_of(token: str) -> int:
    """The key of a vocabulary token: MARK + character, two Han characters, or a word."""
    if token[0] == MARK:
        return ord(token[1])
    if len(token) == 2 and not token.isascii():
        return ord(token[0]) << 32 | ord(token[1])
    return word_key(token)


def token_of(key: int) -> str | None:
    """The vocabulary token of a key; None for a word, whose letters a key does not hold."""
    if key >= WORD:
        return None
    return MARK + chr(key) if key < 1 << 32 else chr(key >> 32) + chr(key & 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Grams:
    """The grams of n texts: keys of text i are keys[starts[i]:starts[i + 1]], unigrams first."""

    keys: Keys
    starts: npt.NDArray[np.int64]

    def of(self, number: int) -> Keys:
        return self.keys[self.starts[number] : self.starts[number + 1]]


def grams(texts: Sequence[str]) -> Grams:
    """The grams of every text."""
    joined = _BREAK.join([*(text.replace(_BREAK, " ") for text in texts), ""])
    plain = normalise(joined)
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    owner = np.cumsum(codes == ord(_BREAK))
    han = np.zeros(len(codes), bool)
    for low, high in HAN_RANGES:
        han |= (codes >= low) & (codes < high)
    pair = han[:-1] & han[1:]
    words = [(match.start(), word_key(match.group())) for match in _WORDS.finditer(plain)]
    places, word_keys = np.array(words, np.int64).reshape(-1, 2).T
    keys = np.concatenate([codes[han], (codes[:-1] << 32 | codes[1:])[pair], word_keys])
    owners = np.concatenate([owner[han], owner[:-1][pair], owner[places]])
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], np.arange(len(texts) + 1))
    return Grams(keys[order], starts)
