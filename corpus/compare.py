"""Two versions of a text, article by article: what was added, removed, changed, moved, and which words.

Articles are paired by their words, not their numbers: an insertion renumbers everything after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from corpus.document import Provision
from corpus.library import Library
from corpus.place import Address

ALIKE = 0.5  # share of common character pairs from which two articles are one, reworded
ALIKE_IN_PLACE = 0.3  # the same, for articles of the same number
JOIN = 2  # equal stretches shorter than this do not interrupt a change


class Kind(StrEnum):
    """What became of an article."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Op(StrEnum):
    """What became of a stretch of words."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words of a changed article."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One article between two versions; `pieces` join to the old text without what was inserted, and to
    the new text without what was deleted. A changed article may also have another number."""

    kind: Kind
    old: Address | None
    new: Address | None
    old_text: str = ""
    new_text: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether the article has another number now."""
        return self.old is not None and self.new is not None and self.old != self.new


@dataclass(frozen=True, slots=True)
class _Article:
    address: Address
    text: str
    pairs: frozenset[str]


def compare(library: Library, old_key: str, new_key: str) -> tuple[Change, ...]:
    """The articles that differ between two texts, in the order of the new one; what was removed stands
    where it stood. Raises NothingFound for an unknown key."""
    return compare_provisions(library.provisions(old_key), library.provisions(new_key))


def compare_provisions(old: Sequence[Provision], new: Sequence[Provision]) -> tuple[Change, ...]:
    """The same, for the rows of two texts."""
    before, after = _articles(old), _articles(new)
    partner = _pair(before, after)
    changes: list[tuple[float, int, Change]] = []
    taken = set(partner.values())
    for index, article in enumerate(after):
        if index not in taken:
            change = Change(Kind.ADDED, None, article.address, new_text=article.text)
            changes.append((float(index), 1, change))
    for number, article in enumerate(before):
        if number not in partner:
            change = Change(Kind.REMOVED, article.address, None, old_text=article.text)
            changes.append((_standing(number, partner), 0, change))
            continue
        other = after[partner[number]]
        if article.text != other.text:
            changes.append((float(partner[number]), 1, _changed(article, other)))
        elif article.address != other.address:
            change = Change(Kind.MOVED, article.address, other.address, article.text, other.text)
            changes.append((float(partner[number]), 1, change))
    return tuple(change for _, _, change in sorted(changes, key=lambda entry: entry[:2]))


def _articles(provisions: Iterable[Provision]) -> list[_Article]:
    texts: dict[Address, list[str]] = {}
    for p in provisions:
        texts.setdefault(p.address.whole(), []).append(p.text)
    joined = {address: "\n".join(parts) for address, parts in texts.items()}
    return [_Article(address, text, _pairs(text)) for address, text in joined.items()]


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def _pair(before: Sequence[_Article], after: Sequence[_Article]) -> dict[int, int]:
    """Which article of the new text continues which of the old: first equal words, then the most alike."""
    partner: dict[int, int] = {}
    by_text: dict[str, list[int]] = {}
    for index, article in enumerate(after):
        by_text.setdefault(article.text, []).append(index)
    for number, article in enumerate(before):
        same = by_text.get(article.text)
        if same:
            partner[number] = same.pop(0)
    free = set(range(len(after))) - set(partner.values())
    scores = []
    for number, article in enumerate(before):
        if number in partner:
            continue
        for index in free:
            score = _alike(article, after[index])
            in_place = article.address == after[index].address
            if score >= (ALIKE_IN_PLACE if in_place else ALIKE):
                scores.append((-score - 0.05 * in_place, abs(number - index), number, index))
    for _, _, number, index in sorted(scores):
        if number not in partner and index in free:
            partner[number] = index
            free.discard(index)
    return partner


def _alike(one: _Article, other: _Article) -> float:
    whole = len(one.pairs) + len(other.pairs)
    return 2 * len(one.pairs & other.pairs) / whole if whole else 0.0


def _standing(number: int, partner: dict[int, int]) -> float:
    """Where a removed article stood, among the new ones: after the partner of the one before it."""
    before = [partner[earlier] for earlier in range(number) if earlier in partner]
    return (before[-1] + 0.5) if before else -0.5


def _changed(old: _Article, new: _Article) -> Change:
    pieces = changed_words(old.text, new.text)
    return Change(Kind.CHANGED, old.address, new.address, old.text, new.text, pieces)


def changed_words(old: str, new: str) -> tuple[Piece, ...]:
    """The stretches that stayed, went and came."""
    out: list[Piece] = []
    deleted = inserted = ""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (tag, i1, i2, j1, j2) in enumerate(blocks):
        inner = 0 < number < len(blocks) - 1
        if tag == "equal" and not (inner and i2 - i1 < JOIN):
            out += _pieces(deleted, inserted)
            deleted = inserted = ""
            out.append(Piece(Op.SAME, old[i1:i2]))
        else:
            deleted += old[i1:i2]
            inserted += new[j1:j2]
    out += _pieces(deleted, inserted)
    return tuple(out)


def _pieces(deleted: str, inserted: str) -> list[Piece]:
    found = [Piece(Op.DELETED, deleted), Piece(Op.INSERTED, inserted)]
    return [piece for piece in found if piece.text]
