"""The encoder's tokens: which grams and words it knows, and texts as numbers of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.charsmap import WORD_PATTERN
from indexer.grams import Keys, grams, normalise, token_of, word_key

LEAST = 4  # units a gram must stand in
MOST = 160_000
_WORD = re.compile(WORD_PATTERN)
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bags:
    """Texts as token numbers: those of text i are ids[starts[i]:starts[i + 1]]."""

    ids: npt.NDArray[np.int32]
    starts: Numbers

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens sorted by key; `documents` counts the units each stands in."""

    keys: Keys
    tokens: tuple[str, ...]
    documents: Numbers

    def bags(self, texts: Sequence[str]) -> Bags:
        """The known tokens of each text."""
        found = grams(texts)
        at = np.minimum(np.searchsorted(self.keys, found.keys), len(self.keys) - 1)
        known = self.keys[at] == found.keys
        upto = np.concatenate([[0], np.cumsum(known)])
        return Bags(at[known].astype(np.int32), upto[found.starts].astype(np.int64))


def choose(texts: Sequence[str], english: Sequence[str]) -> Vocabulary:
    """Grams and words of at least LEAST units, the commonest MOST; every word of the English texts."""
    found = grams(texts)
    keys, ids = np.unique(found.keys, return_inverse=True)
    owner = np.repeat(np.arange(len(texts)), np.diff(found.starts))
    documents = np.bincount(np.unique(ids * np.int64(len(texts)) + owner) // len(texts), minlength=len(keys))
    names = _words(texts, english)
    count = dict(zip(keys.tolist(), documents.tolist(), strict=True))
    kept = {key: n for key, n in count.items() if n >= LEAST and (token_of(key) or key in names)}
    for word in set(_WORD.findall(" ".join(map(normalise, english)))):
        kept.setdefault(word_key(word), count.get(word_key(word), 1))
    best = sorted(sorted(kept, key=lambda key: -kept[key])[:MOST])
    tokens = tuple(token_of(key) or names[key] for key in best)
    return Vocabulary(np.array(best, np.int64), tokens, np.array([kept[key] for key in best], np.int64))


def _words(texts: Sequence[str], english: Sequence[str]) -> dict[int, str]:
    """The spelling of every word's key."""
    seen: Counter[str] = Counter()
    for text in (*texts, *english):
        seen.update(set(_WORD.findall(normalise(text))))
    return {word_key(word): word for word in seen}
