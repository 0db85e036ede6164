"""The register of an index generation: every obligation with its bearer, field of work and penalties.

A read-only SQLite file beside the other files of the generation. `write` reads the library text by text,
on two processes where the library is large; `Register` answers by bearer, by word and by provision.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from corpus.errors import DamagedData
from corpus.place import Address
from indexer import generations, register_rows, stock
from indexer.obligation import BearerType, Modality, Obligation
from indexer.register_rows import signature
from indexer.register_writer import DUTY_BITS, FILE, UNIT_BITS, VERSION, write
from indexer.stock import TextWords
from indexer.taxonomy import Post, Taxonomy

__all__ = ["FILE", "VERSION", "DutyKey", "Held", "Punished", "Register", "TextFacts", "write"]
UnitKey = tuple[str, int | None, int | None, str | None, int | None]
DutyKey = tuple[int, int, int, int, int]  # duty, text, unit, bearer, whether the bearer is guessed
_TEXT_SHIFT = UNIT_BITS + DUTY_BITS
_NUMBERS = f"d.id, d.id >> {_TEXT_SHIFT}, d.id >> {DUTY_BITS}, d.bearer, d.guessed"
_KEYS = f"SELECT {_NUMBERS} FROM duty AS d"  # noqa: S608 - our own names
_DUTY = (
    "d.id, d.bearer, b.words, d.kind, d.industries, d.article, d.suffix, d.paragraph, d.item, d.subitem, d.section,"  # noqa: E501
    " d.annex, d.sole, h.words, d.modality, d.pieces, d.source, d.implicit"
)

_PENALTIES = (
    "SELECT l.text, l.duty, p.article, p.suffix, p.paragraph, p.item, p.subitem, p.section, p.annex, p.sole,"
    " h.words, p.pieces, l.score, l.explicit FROM link l JOIN penalty p ON p.id = l.penalty"
    " JOIN heading h ON h.id = p.heading WHERE (l.text, l.duty) IN (VALUES {})"
    " ORDER BY l.text, l.duty, l.place"
)
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Held:
    """A duty of the register: its number, text, unit (article or section) and the obligation itself."""

    number: int
    text: int
    unit: int
    bearer_number: int
    industries: tuple[str, ...]
    headings: tuple[str, ...]
    obligation: Obligation


@dataclass(frozen=True, slots=True)
class Punished:
    """A penalty linked to a duty provision."""

    address: Address
    headings: tuple[str, ...]
    words: str
    score: float
    explicit: bool


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What the register knows of a text: edition key, industries by title, general for all industries, the
    works it carries out, how many articles it has and how many of them hold no duty.
    """

    number: int
    key: str
    title: str
    industries: tuple[str, ...]
    general: bool
    bases: tuple[str, ...] = ()
    articles: int = 0
    silent: int = 0


class Register:
    """An opened register. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._bearers: dict[str, frozenset[int]] = {}
        self._posts: tuple[Sequence[Post], dict[int, tuple[str, ...]]] | None = None
        try:
            found = self._all(
                "SELECT id, key, title, industries, general, bases, articles, silent FROM text ORDER BY id"
            )
            self._names = dict(self._all("SELECT id, words FROM name"))
            self._words = TextWords.open(path.parent)
        except (OSError, ValueError, KeyError) as error:
            raise _damaged() from error
        self.texts: tuple[TextFacts, ...] = tuple(
            TextFacts(number, key, title, _split(names), bool(general), _split(bases), articles, silent)
            for number, (_, key, title, names, general, bases, articles, silent) in enumerate(found)
        )
        # Outside, a text is known by its place in `texts`; in the file, by a number that never changes.
        self._ids = [row[0] for row in found]
        self._places = {number: place for place, number in enumerate(self._ids)}
        self.numbers: dict[str, int] = {facts.key: facts.number for facts in self.texts}

    @classmethod
    def open(cls, folder: Path) -> Register:
        """The register of an index generation, checked against its manifest. Raises DamagedData."""
        path = folder / FILE
        if not path.is_file():
            raise DamagedData("索引中没有责任登记。", "请运行 zeren index 重建索引。")
        manifest = generations.read_manifest(folder)
        for name in (FILE, stock.FILE, stock.TEXTS):
            if not _whole(folder / name, manifest.get("files", {}).get(name)):
                raise _damaged()
        return cls(path)

    def rescope(self, taxonomy: Taxonomy) -> None:
        """Sorts the texts into industries anew: the user's own may have come after the index was made."""
        self.texts = tuple(
            replace(facts, industries=scope.industries, general=scope.general)
            for facts in self.texts
            for scope in (taxonomy.scope(facts.title),)
        )

    def close(self) -> None:
        held = getattr(self._local, "db", None)
        if held is not None:
            held.close()
            self._local.db = None

    def _db(self) -> sqlite3.Connection:
        held = getattr(self._local, "db", None)
        if held is None:
            uri = f"file:{quote(str(self._path.resolve()))}?mode=ro&immutable=1"
            held = self._local.db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        return held

    def _all(self, query: str, cells: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db().execute(query, cells).fetchall()
        except sqlite3.Error as error:
            raise _damaged() from error

    # -- by bearer ---------------------------------------------------------------------------------

    def bearers_of(self, post: Post) -> frozenset[int]:
        """The numbers of the bearers that are this post; worked out anew when the user changed the post."""
        held = self._bearers.get(post.name)
        if held is None:
            row = self._all("SELECT id, signature FROM post WHERE name = ?", (post.name,))
            if row and row[0][1] == signature(post):
                found = self._all("SELECT bearer FROM bearer_post WHERE post = ?", (row[0][0],))
                held = frozenset(number for (number,) in found)
            else:
                found = self._all("SELECT id, words, coalesce(parts, words) FROM bearer")
                held = frozenset(number for number, words, cut in found if post.borne_by(words, cut))
            self._bearers[post.name] = held
        return held

    def posts_by_bearer(self, posts: Sequence[Post]) -> dict[int, tuple[str, ...]]:
        """The names of the posts each bearer means, in the order of `posts`; worked out once."""
        if self._posts is None or self._posts[0] is not posts:
            held: dict[int, list[str]] = {}
            for post in posts:
                for number in self.bearers_of(post):
                    held.setdefault(number, []).append(post.name)
            self._posts = (posts, {number: tuple(names) for number, names in held.items()})
        return self._posts[1]

    def bearers_with(self, words: str) -> dict[int, tuple[str, ...]]:
        """Every bearer whose name holds the words (的 does not count), by number, each taken apart."""
        found = self._all(
            "SELECT id, coalesce(parts, words) FROM bearer WHERE instr(replace(words, '的', ''), ?)",
            (words.replace("的", ""),),
        )
        return {number: tuple(cut.split("\n")) for number, cut in found}

    def rows_of(self, bearers: Iterable[int]) -> list[DutyKey]:
        """The numbers of every duty these bearers have."""
        return self._placed(self._in(_KEYS + " WHERE bearer IN ({})", bearers))

    def places_of(self, bearers: Iterable[int]) -> frozenset[UnitKey]:
        """The articles and sections where these bearers have a duty: edition key, article, suffix, section,
        annex.
        """
        return frozenset(
            self._in(
                "SELECT DISTINCT t.key, article, suffix, section, annex FROM duty d"  # noqa: S608 - our own names
                f" JOIN text t ON t.id = d.id >> {_TEXT_SHIFT} WHERE bearer IN ({{}})",
                bearers,
            )
        )

    def rows_in(self, units: Iterable[int]) -> list[DutyKey]:
        """The numbers of every duty in these articles or sections."""
        return self._under(units, DUTY_BITS)

    def rows_of_texts(self, texts: Iterable[int]) -> list[DutyKey]:
        """The numbers of every duty of these texts."""
        return self._under((self._ids[text] for text in texts), _TEXT_SHIFT)

    def _under(self, numbers: Iterable[int], bits: int) -> list[DutyKey]:
        """The duties whose number begins with one of these."""
        query = (
            f"SELECT {_NUMBERS} FROM json_each(?) AS w"  # noqa: S608 - our own names
            f" JOIN duty AS d ON d.id >= w.value << {bits} AND d.id < (w.value + 1) << {bits} ORDER BY w.id"
        )
        return self._placed(self._all(query, (json.dumps(sorted(map(int, numbers))),)))

    def _placed(self, found: list[tuple[Any, ...]]) -> list[DutyKey]:
        places = self._places
        return [(duty, places[text], unit, bearer, guessed) for duty, text, unit, bearer, guessed in found]

    def _key(self, text: int) -> str:
        return self.texts[self._places[text]].key

    def rows(self, duties: Iterable[int]) -> list[DutyKey]:
        """The numbers of these duties."""
        return self._placed(self._in(_KEYS + " WHERE id IN ({})", duties))

    def quotes(self, duties: Iterable[int]) -> dict[int, str]:
        """The sentence of each of these duties."""
        found = self._in("SELECT id, pieces FROM duty WHERE id IN ({})", duties)
        words = self.words_of({number >> DUTY_BITS for number, _ in found})
        cut = ((number, register_rows.cut(pieces, words[number >> DUTY_BITS])[1]) for number, pieces in found)
        return {number: quote or "" for number, quote in cut}

    def words_of(self, units: Iterable[int]) -> dict[int, str]:
        """The words of articles or sections, one line a row."""
        found = self._in("SELECT id, pieces FROM article WHERE id IN ({})", units)
        return {unit: self._words.read(self._key(unit >> UNIT_BITS), where) for unit, where in found}

    def limits(self, duties: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """The industries a duty of a general text is limited to, where it is."""
        found = self._in("SELECT id, industries FROM duty WHERE industries <> '' AND id IN ({})", duties)
        return {number: _split(names) for number, names in found}

    def duties(self, numbers: Iterable[int]) -> dict[int, Held]:
        """The duties with these numbers."""
        found = self._in(
            f"SELECT {_DUTY} FROM duty d JOIN bearer b ON b.id = d.bearer JOIN heading h ON h.id = d.heading"  # noqa: S608
            " WHERE d.id IN ({})",
            numbers,
        )
        words = self.words_of({row[0] >> DUTY_BITS for row in found})
        return {row[0]: self._held(row, words[row[0] >> DUTY_BITS]) for row in found}

    def _held(self, row: tuple[Any, ...], words: str) -> Held:
        number, bearer, bearer_words, kind, industries = row[:5]
        headings, modality, pieces, source, implicit = row[13:]
        action, quote, condition, exception, thing, deadline = register_rows.cut(pieces, words)
        obligation = Obligation(
            _address(row[5:13]),
            bearer_words,
            BearerType(self._names[kind]),
            Modality(self._names[modality]),
            action or "",
            quote or "",
            condition,
            exception,
            thing,
            deadline,
            self._names[source],
            bool(implicit),
        )
        unit = number >> DUTY_BITS
        return Held(
            number,
            self._places[unit >> UNIT_BITS],
            unit,
            bearer,
            _split(industries),
            tuple(json.loads(headings)),
            obligation,
        )

    # -- by word -----------------------------------------------------------------------------------

    def units_with(self, words: str) -> frozenset[int]:
        """The articles and sections that hold every character pair of the words (text or headings)."""
        return self.units_with_all([words])

    def units_with_all(self, words: Sequence[str]) -> frozenset[int]:
        """The articles and sections that hold all of these words."""
        query = register_rows.query(*words)
        if not query:
            return frozenset()
        found = self._all("SELECT rowid FROM words WHERE words MATCH ?", (query,))
        # Rows of texts taken out stay in the full-text index; no article bears their number any more.
        return frozenset(self._by_seq[n] for (n,) in found if n in self._by_seq)

    @cached_property
    def _by_seq(self) -> dict[int, int]:
        return dict(self._all("SELECT seq, id FROM article"))

    def shares(self, units: Iterable[int]) -> dict[int, float]:
        """By text, the share of its articles that these units are."""
        found = Counter(unit >> UNIT_BITS for unit in units)
        return {self._places[text]: count / self._sizes[text] for text, count in found.items()}

    @cached_property
    def _sizes(self) -> dict[int, int]:
        return dict(self._all(f"SELECT id >> {UNIT_BITS} AS text, count(*) FROM article GROUP BY text"))  # noqa: S608

    @property
    def unit_count(self) -> int:
        return int(self._all("SELECT count(*) FROM article")[0][0])

    # -- by provision ------------------------------------------------------------------------------

    def penalties(self, text: int, address: Address) -> tuple[Punished, ...]:
        """The penalties linked to a provision of a text, best first."""
        return self.penalties_of([(text, address)]).get((text, address), ())

    def penalties_of(
        self, wanted: Iterable[tuple[int, Address]]
    ) -> dict[tuple[int, Address], tuple[Punished, ...]]:
        """The penalties linked to each of these provisions, best first, in a few reads."""
        keys = {(self._ids[text], register_rows.address_key(at)): (text, at) for text, at in wanted}
        listed, held = list(keys), defaultdict(list)
        for start in range(0, len(listed), _AT_ONCE):
            part = listed[start : start + _AT_ONCE]
            marks = ",".join(["(?,?)"] * len(part))
            for row in self._all(_PENALTIES.format(marks), [cell for pair in part for cell in pair]):
                held[keys[row[0], row[1]]].append(
                    Punished(
                        _address(row[2:10]),
                        tuple(json.loads(row[10])),
                        self._words.read(self._key(row[0]), row[11]),
                        row[12],
                        bool(row[13]),
                    )
                )
        return {place: tuple(found) for place, found in held.items()}

    def _in(self, query: str, numbers: Iterable[int]) -> list[tuple[Any, ...]]:
        listed = ",".join(str(int(number)) for number in numbers)
        return self._all(query.format(listed))


def _address(cells: Sequence[Any]) -> Address:
    article, suffix, paragraph, item, subitem, section, annex, sole = cells
    return Address(article, suffix, paragraph, item, subitem, section, annex, bool(sole))


def _whole(path: Path, entry: Any) -> bool:
    try:
        with path.open("rb") as file:
            return bool(entry) and hashlib.file_digest(file, "sha256").hexdigest() == entry.get("sha256")
    except OSError:
        return False


def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split("|")) if names else ()


def _damaged() -> DamagedData:
    return DamagedData("索引中的责任登记已损坏。", generations.REBUILD)
