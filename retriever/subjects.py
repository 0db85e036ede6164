"""Who and which field of work a question speaks of: posts and industries of the taxonomy, by their names.

安全员查出重大隐患… → 安全生产管理人员. Words that every question may hold (企业, 单位) name nobody
(subjects.toml). Read in one pass over the letters: an index by first letter, longest names first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.taxonomy import Taxonomy

DATA = Path(__file__).with_name("subjects.toml")
Names = Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A post or an industry: the words of the question and the taxonomy's name for them."""

    words: str
    name: str


@dataclass(frozen=True, slots=True)
class Subjects:
    """The names of a taxonomy, ready to be recognised."""

    posts: Names
    industries: Names
    compound: re.Pattern[str]

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> Subjects:
        """The index of a taxonomy."""
        with DATA.open("rb") as file:
            data = tomllib.load(file)
        anybody, anything = (frozenset(data[key].split()) for key in ("anybody", "anything"))
        posts = ((name, post.name) for post in taxonomy.posts for name in post.names)
        fields = ((name, one.name) for one in taxonomy.industries for name in one.names)
        compound = re.compile("|".join(data["compound"]))
        return cls(_by_letter(posts, anybody), _by_letter(fields, anything), compound)

    def posts_in(self, text: str) -> tuple[Heard, ...]:
        """The posts named, in the order of the text."""
        return _heard(text, self.posts, self.compound)

    def industries_in(self, text: str) -> tuple[Heard, ...]:
        """The industries named, in the order of the text."""
        return _heard(text, self.industries, None)


def _by_letter(names: Iterable[tuple[str, str]], leave: frozenset[str]) -> Names:
    table: dict[str, dict[str, str]] = {}
    for word, name in names:
        if len(word) > 1 and not word.isascii() and word not in leave:
            table.setdefault(word[0], {}).setdefault(word, name)
    return {
        letter: tuple(sorted(held.items(), key=lambda pair: -len(pair[0]))) for letter, held in table.items()
    }


def _heard(text: str, names: Names, compound: re.Pattern[str] | None) -> tuple[Heard, ...]:
    """The names in a text; none of which a longer word goes on (`compound`)."""
    found: dict[str, Heard] = {}
    at = 0
    while at < len(text):
        for word, name in names.get(text[at], ()):
            after = at + len(word)
            if text.startswith(word, at) and not (compound and compound.match(text, after)):
                found.setdefault(name, Heard(word, name))
                at = after
                break
        else:
            at += 1
    return tuple(found.values())
