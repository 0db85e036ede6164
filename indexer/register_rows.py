"""What the register keeps of one text, worked out in a process of its own: duties, grams, penalties,
links.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.document import Edition, Provision
from corpus.library import Library
from corpus.place import Address
from indexer import implementing, penalty_links
from indexer.extraction import extract
from indexer.obligation import Obligation
from indexer.passage import units
from indexer.taxonomy import Post

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
FIELDS = ("action", "quote", "condition", "exception", "object", "deadline")
_library: Library | None = None


@dataclass(frozen=True, slots=True)
class TextRows:
    """Rows of a text. `units` are words and grams of every article or section that holds a duty; `duties`
    name their unit by its place in that list, with their fields as pieces of its words; `links` are
    (duty key, place, number in `penalties`, score, explicit). `bases` are the works the text carries out;
    `articles` counts its articles or sections.
    """

    key: str
    title: str
    units: tuple[tuple[str, str], ...]
    duties: tuple[tuple[int, tuple[str, ...], Obligation, str], ...]
    penalties: tuple[tuple[Address, tuple[str, ...], str], ...]
    links: tuple[tuple[str, int, int, float, bool], ...]
    bases: tuple[str, ...] = ()
    articles: int = 0


def open_library(data: str) -> None:
    """Opens the library in a worker process."""
    global _library  # noqa: PLW0603 - one library a worker
    _library = Library.open(Path(data))


def of_key(key: str) -> TextRows:
    """The rows of a text of the worker's library."""
    assert _library is not None, "open_library comes first"
    return of(_library.edition(key), _library.provisions(key))


def of(edition: Edition, provisions: Sequence[Provision]) -> TextRows:
    """The rows of a text."""
    title = edition.title
    obligations = extract(provisions, title=title, language=edition.masthead.language)
    headings = {provision.address: provision.headings for provision in provisions}
    borne = {_unit(one.address) for one in obligations}
    numbers: dict[Address, int] = {}
    rows: dict[Address, list[Provision]] = {}
    for provision in provisions:
        unit = _unit(provision.address)
        if unit in borne:
            numbers.setdefault(unit, len(numbers))
            rows.setdefault(unit, []).append(provision)
    layout = _Layout(edition, provisions)
    texts = {unit: "\n".join(row.text for row in rows[unit]) for unit in numbers}
    duties = tuple(
        (numbers[unit], headings.get(one.address, ()), one, pieces(one, texts[unit]))
        for one, unit in ((one, _unit(one.address)) for one in obligations)
    )
    penalties, links = _links(provisions, obligations, headings, layout)
    kept = tuple(
        (
            layout.where(texts[unit], rows[unit][0]),
            _gram_line([" ".join(rows[unit][0].headings), texts[unit]]),
        )
        for unit in numbers
    )
    articles = len({_unit(provision.address) for provision in provisions})
    bases = implementing.bases(title, provisions)
    return TextRows(edition.key, title, kept, duties, penalties, links, bases, articles)


class _Layout:
    """The words of a text as `indexer.stock` keeps them, and where each of its rows begins."""

    def __init__(self, edition: Edition, provisions: Sequence[Provision]) -> None:
        parts = []
        self._starts: dict[int, int] = {}
        self._lines: dict[str, int] = {}
        at = 0
        for unit in units(edition, provisions):
            for row in unit.rows:
                self._starts[id(row)] = at
                self._lines.setdefault(row.text, at)
                at += len(row.text) + 1
            at -= 1
            parts.append(unit.text)
        self._words = "".join(parts)
        self._even = not self._words or max(self._words) <= "\uffff"

    def where(self, text: str, first: Provision | None = None) -> str:
        """Where words stand, as at+size in UTF-16 units: in one piece that begins with the row `first`, else
        line by line; "=" and the words themselves where one of their lines stands nowhere.
        """
        at = self._lines.get(text) if first is None else self._starts.get(id(first))
        if at is not None and self._words.startswith(text, at):
            return self._piece(at, text)
        lines = [(self._lines.get(line), line) for line in text.split("\n")]
        if any(at is None for at, _ in lines):
            return f"={text}"
        return " ".join(self._piece(at or 0, line) for at, line in lines)

    def _piece(self, at: int, text: str) -> str:
        return f"{self._size(self._words[:at])}+{self._size(text)}"

    def _size(self, text: str) -> int:
        return len(text) if self._even else len(text.encode("utf-16-le", "surrogatepass")) // 2


def pieces(one: Obligation, words: str) -> str:
    """The fields of an obligation as at+size in the words of its unit, "" where it has none; as JSON where
    one of them does not stand there.

    >>> cut("0+2,,1+1", "甲乙丙")
    ['甲乙', None, '乙', None, None, None]
    """
    out = []
    texts = [getattr(one, name) for name in FIELDS]
    for text in texts:
        at = 0 if text is None else words.find(text)
        if at < 0:
            return json.dumps(texts, ensure_ascii=False)
        out.append("" if text is None else f"{at}+{len(text)}")
    return ",".join(out).rstrip(",")


def cut(written: str, words: str) -> list[str | None]:
    """The fields that `pieces` wrote."""
    if written.startswith("["):
        return list(json.loads(written))
    out: list[str | None] = []
    for piece in written.split(","):
        at, _, length = piece.partition("+")
        out.append(words[int(at) : int(at) + int(length)] if piece else None)
    return out + [None] * (len(FIELDS) - len(out))


def _unit(address: Address) -> Address:
    """The article, or the numbered section, that a duty lies in."""
    return address.whole()


def _links(
    provisions: Sequence[Provision],
    obligations: Sequence[Obligation],
    headings: dict[Address, tuple[str, ...]],
    layout: _Layout,
) -> tuple[tuple[tuple[Address, tuple[str, ...], str], ...], tuple[tuple[str, int, int, float, bool], ...]]:
    numbers: dict[Address, int] = {}
    penalties: list[tuple[Address, tuple[str, ...], str]] = []
    links: list[tuple[str, int, int, float, bool]] = []
    for duty, found in penalty_links.by_duty(penalty_links.link(provisions, obligations)).items():
        for place, one in enumerate(found):
            if one.penalty not in numbers:
                numbers[one.penalty] = len(penalties)
                penalties.append((one.penalty, headings.get(one.penalty, ()), layout.where(one.text)))
            links.append((address_key(duty), place, numbers[one.penalty], one.score, one.explicit))
    return tuple(penalties), tuple(links)


def address_key(address: Address) -> str:
    """A provision's address as one word, for lookup; 第一款 of a sole paragraph included."""
    cells = (address.article, address.article_suffix, address.paragraph, address.item, address.subitem)
    return ".".join("" if cell is None else str(cell) for cell in (*cells, address.section, address.annex))


def address_cells(address: Address) -> tuple[Any, ...]:
    """The columns of an address."""
    return (
        address.article,
        address.article_suffix,
        address.paragraph,
        address.item,
        address.subitem,
        address.section,
        address.annex,
        int(address.sole),
    )


def signature(post: Post) -> str:
    """Changes when the rules of a post change."""
    rules = (post.bearers.pattern, post.excluded.pattern if post.excluded else "")
    return hashlib.sha256(repr(rules).encode()).hexdigest()[:12]


def _gram_line(rows: Sequence[str]) -> str:
    return " ".join(_grams("\n".join(rows)))


def _grams(text: str) -> Iterator[str]:
    """Every pair of neighbouring Han characters once, and Latin words and numbers."""
    seen: set[str] = set()
    for run in _RUN.findall(text.lower()):
        pairs = [run] if run.isascii() else [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        for pair in pairs:
            if pair not in seen:
                seen.add(pair)
                yield pair


def query(*words: str) -> str:
    """The full-text query for words: all their character pairs. A single character finds nothing."""
    pairs = [pair for pair in _grams(" ".join(words)) if len(pair) > 1]
    return " AND ".join(f'"{pair}"' for pair in pairs)
