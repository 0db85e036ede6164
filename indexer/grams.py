"""Texts to character 1- and 2-grams in bulk: the tokens of the encoder and of BM25.

A gram is a 64-bit key: a Han unigram is its code point, a bigram first << 32 | second, a Latin word or
a number a hash with the top bit pattern WORD. Traditional characters are folded, so 責任 meets 责任.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from indexer.charsmap import HAN_RANGES, MARK, WORD_PATTERN, simplified_forms

Keys = npt.NDArray[np.int64]
WORD = 1 << 61
PAIR = 1 << 32  # the keys of single letters lie below
_WORDS = re.compile(WORD_PATTERN)
_FOLD = str.maketrans(simplified_forms())
_BREAK = "\n"
# ASCII, Latin-1, Greek, Cyrillic, punctuation, arrows, symbols, shapes, ideographic marks, full width.
_SETTLED = (
    (0x09, 0x7F), (0xA0, 0x180), (0x391, 0x3AA), (0x3B1, 0x3CA), (0x410, 0x450), (0x2010, 0x2028),
    (0x2030, 0x2060), (0x2100, 0x2190), (0x2190, 0x2200), (0x2460, 0x2500), (0x2500, 0x2700),
    (0x3000, 0x302A), (0xFF01, 0xFF61),
)  # fmt: skip
_UNSETTLED = frozenset("Σ")  # Σ has two small letters


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


def keys_of(tokens: Sequence[str]) -> Keys:
    """The keys of many vocabulary tokens."""
    keys = np.empty(len(tokens), np.int64)
    short = np.array([len(token) == 2 for token in tokens], bool)
    codes = np.frombuffer("".join(itertools.compress(tokens, short)).encode("utf-32-le"), np.uint32)
    first, second = codes.reshape(-1, 2).astype(np.int64).T
    letter = first == ord(MARK)
    pairs = np.where(letter, second, first << 32 | second)
    words = ~letter & (first < 128) & (second < 128)
    places = np.flatnonzero(short)
    keys[places] = pairs
    for place in [*np.flatnonzero(~short).tolist(), *places[words].tolist()]:
        keys[place] = key_of(tokens[place])
    return keys


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
    codes, plain = _plain([text.replace(_BREAK, " ") for text in texts])
    owner = np.cumsum(codes == ord(_BREAK))
    han = np.zeros(len(codes), bool)
    for low, high in HAN_RANGES:
        han |= (codes >= low) & (codes < high)
    pair = han[:-1] & han[1:]
    words = [(match.start(), word_key(match.group())) for match in _WORDS.finditer(plain)]
    places, word_keys = np.array(words, np.int64).reshape(-1, 2).T
    wide = codes.astype(np.int64)
    keys = np.concatenate([wide[han], (wide[:-1] << 32 | wide[1:])[pair], word_keys])
    if len(texts) == 1:
        return Grams(keys, np.array([0, len(keys)]))
    owners = np.concatenate([owner[han], owner[:-1][pair], owner[places]])
    order = np.argsort(owners, kind="stable")
    return Grams(keys[order], np.searchsorted(owners[order], np.arange(len(texts) + 1)))


def _plain(texts: list[str]) -> tuple[npt.NDArray[np.uint32], str]:
    """The texts normalised, each followed by a break: as codes and as a string."""
    table = letter_table()
    codes = _codes(texts)
    short = np.minimum(codes, len(table) - 1)
    plain = table[short]
    if plain.all():
        return plain, plain.tobytes().decode("utf-32-le", "surrogatepass")
    # A character that the table does not settle alone: its text goes the long way.
    odd = np.unique(np.cumsum(codes == ord(_BREAK))[plain == 0])
    texts = list(texts)
    for number in odd.tolist():
        texts[number] = normalise(texts[number]).replace(_BREAK, " ")
    settled = _codes(texts)
    held = table[np.minimum(settled, len(table) - 1)]
    plain = np.where(held == 0, settled, held)
    return plain, plain.tobytes().decode("utf-32-le", "surrogatepass")


def _codes(texts: Sequence[str]) -> npt.NDArray[np.uint32]:
    return np.frombuffer(_BREAK.join([*texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)


@lru_cache(maxsize=1)
def letter_table() -> npt.NDArray[np.uint32]:
    """What each character becomes; 0 where that depends on its neighbours or is not one character.

    Only blocks without combining characters are in it: there a text is normalised letter by letter.
    """
    table = np.zeros(0x10001, np.uint32)
    for low, high in HAN_RANGES:
        table[low:high] = np.arange(low, high)
    for low, high in _SETTLED:
        for code in range(low, high):
            form = unicodedata.normalize("NFKC", chr(code)).lower()
            if len(form) == 1 and chr(code) not in _UNSETTLED:
                table[code] = ord(form)
    for old, new in simplified_forms().items():
        if ord(old) < len(table) and table[ord(old)]:
            table[ord(old)] = ord(new)
    return table
