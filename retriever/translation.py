"""An English question put into the words of Chinese provisions, term by term, in its order.

No translation of sentences: the terms of the glossary and the asking words of english_words.toml, the
longest first. What has no term is left out, and the share that was put over says how much was lost.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from retriever.vocabulary import Expansion, content_words, english_words, glossary, stem

DATA = Path(__file__).with_name("english_words.toml")
LONGEST = 9  # words of a term
Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Translated:
    """The Chinese words of an English question.

    `terms` pairs the English words with the Chinese ones, `share` is the part of its words that carry
    meaning and were put over.
    """

    text: str
    terms: tuple[Expansion, ...]
    share: float


@lru_cache(maxsize=1)
def _table() -> dict[Stems, str]:
    """English words, as stems → Chinese; the words of questions before the glossary's terms."""
    with DATA.open("rb") as file:
        data: dict[str, dict[str, str]] = tomllib.load(file)
    table: dict[Stems, str] = {}
    for part in ("titles", "asking", "words"):
        for english, chinese in data[part].items():
            table.setdefault(_stems(english), chinese)
    ranked = (
        (place, chinese, form) for chinese, forms in glossary().items() for place, form in enumerate(forms)
    )
    for _, chinese, form in sorted(ranked, key=lambda row: row[0]):
        table.setdefault(_stems(form), chinese)
    return table


def _stems(text: str) -> Stems:
    return tuple(stem(word) for word in english_words(text))


def translate(text: str) -> Translated:
    """The terms of an English question in Chinese.

    >>> translate("How long is a work safety licence valid?").text
    '多长时间 安全生产许可证 有效期'
    """
    words = _stems(text)
    told = list(_terms(words))
    meaning = set(content_words(text))
    put_over = {word for english, _ in told for word in english}
    share = len(meaning & put_over) / len(meaning) if meaning else 1.0
    chinese = dict.fromkeys(found for _, found in told if found)
    terms = tuple(Expansion(" ".join(english), (found,)) for english, found in told if found)
    return Translated(" ".join(chinese), terms, share)


def _terms(words: Stems) -> Iterator[tuple[Stems, str]]:
    table = _table()
    start = 0
    while start < len(words):
        for length in range(min(LONGEST, len(words) - start), 0, -1):
            english = words[start : start + length]
            if english in table:
                yield english, table[english]
                start += length
                break
        else:
            start += 1
