"""Words of people and words of the law: lay words, and the glossary between Chinese and English.

Both are data files beside this module (lay_words.toml, glossary.toml). Expansion adds words to the query
and never takes any away; what was added is shown to the user, who can switch it off.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
_WORD = re.compile(r"[a-z0-9]+(?:'s)?")
_ENDINGS = (
    *((e, 6) for e in ("ibilities", "ibility", "ilities")),
    *((e, 5) for e in ("ations", "ation", "ments", "ment")),
    *((e, 4) for e in ("ings", "ing")),
    ("ies", 3),
    *((e, 4) for e in ("ed", "es", "ly")),
    ("s", 3),
    *((e, 4) for e in ("e", "y")),
)


@dataclass(frozen=True, slots=True)
class Expansion:
    """A word of the question and the words added for it."""

    word: str
    added: tuple[str, ...]


@lru_cache(maxsize=1)
def _lay_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    with (FOLDER / "lay_words.toml").open("rb") as file:
        words: dict[str, list[str]] = tomllib.load(file)["words"]
    return tuple(sorted(((w, tuple(a)) for w, a in words.items()), key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=1)
def glossary() -> dict[str, tuple[str, ...]]:
    """Chinese term → English forms, the form to print first."""
    with (FOLDER / "glossary.toml").open("rb") as file:
        terms: dict[str, list[str]] = tomllib.load(file)["terms"]
    return {term: tuple(forms) for term, forms in terms.items()}


@lru_cache(maxsize=1)
def _english_terms() -> dict[tuple[str, ...], tuple[str, ...]]:
    """English form, as stems → the Chinese terms it stands for, the closest first."""
    terms: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    for chinese, forms in glossary().items():
        for place, form in enumerate(forms):
            terms.setdefault(tuple(stem(w) for w in english_words(form)), []).append((place, chinese))
    return {form: tuple(c for _, c in sorted(held)) for form, held in terms.items()}


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    with (FOLDER / "glossary.toml").open("rb") as file:
        return frozenset(tomllib.load(file)["english"]["stop"].split())


def english_words(text: str) -> list[str]:
    """The words of an English text in lower case, figures included."""
    return _WORD.findall(text.lower().replace("’", "'"))


def content_words(text: str) -> list[str]:
    """The stems of an English text's words that carry meaning."""
    return [stem(w) for w in english_words(text) if w not in _stop_words()]


def stem(word: str) -> str:
    """A light stem: plural and the commonest endings go (measures → measur, required → requir).

    >>> stem("measures"), stem("responsibilities"), stem("required"), stem("licensing")
    ('measur', 'responsibil', 'requir', 'licens')
    """
    word = word.removesuffix("'s")
    for ending, shortest in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            cut = word[: -len(ending)]
            return cut + "ibil" if ending.startswith("ibilit") else cut
    return word


def expand(text: str) -> tuple[Expansion, ...]:
    """The lay words in a Chinese question with what provisions write for them, longest words first."""
    rest = text.lower()
    found: list[Expansion] = []
    for word, added in _lay_words():
        if word in rest:
            rest = rest.replace(word, "\x00")
            new = tuple(a for a in added if a not in text)
            if new:
                found.append(Expansion(word, new))
    return tuple(found)


def to_chinese(text: str) -> tuple[Expansion, ...]:
    """The terms of the glossary in an English question, as Chinese words (longest terms first, one each)."""
    words = [stem(w) for w in english_words(text)]
    terms = _english_terms()
    found: list[Expansion] = []
    start = 0
    while start < len(words):
        for length in range(min(8, len(words) - start), 0, -1):
            chinese = terms.get(tuple(words[start : start + length]))
            if chinese:
                found.append(Expansion(" ".join(words[start : start + length]), chinese[:2]))
                start += length
                break
        else:
            start += 1
    return tuple(found)


def to_english(text: str) -> tuple[Expansion, ...]:
    """The terms of the glossary in a Chinese question, as English words (longest terms first)."""
    rest, found = text, []
    for term, forms in sorted(glossary().items(), key=lambda pair: -len(pair[0])):
        if term in rest:
            rest = rest.replace(term, "\x00")
            found.append(Expansion(term, forms[:2]))
    return tuple(found)
