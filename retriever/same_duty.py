"""The same duty in several texts: the first row in order stays, the others stand under its `also`.

Two duties are the same when their bearers share a post (or a name), their modality is the same, and their
actions have all but the same words. Within one text nothing is joined.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.place import Place

if TYPE_CHECKING:
    from retriever.duties import DutyRow

ALIKE = 0.9
_ANCHORS = 5
_NOISE = re.compile(r"[^\u4e00-\u9fff0-9A-Za-z]|本(?:法|条例|办法|规定)|按照|依照|应当|必须|国家|有关|规定")


def join(rows: Sequence[DutyRow]) -> list[DutyRow]:
    """The rows in order, later ones that say the same moved under the first."""
    kept: list[DutyRow] = []
    grams: list[frozenset[str]] = []
    also: dict[int, list[Place]] = defaultdict(list)
    index: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        own = _grams(row.obligation.action)
        anchors = _anchors(own)
        at = _match(row, own, anchors, kept, grams, index=index)
        if at is not None:
            if row.place not in also[at]:
                also[at].append(row.place)
            continue
        for anchor in anchors:
            index[anchor].append(len(kept))
        kept.append(row)
        grams.append(own)
    return [replace(row, also=tuple(also[at])) if at in also else row for at, row in enumerate(kept)]


def _grams(action: str) -> frozenset[str]:
    plain = _NOISE.sub("", action)
    return frozenset(plain[i : i + 3] for i in range(max(len(plain) - 2, 1)))


def _anchors(own: frozenset[str]) -> list[int]:
    """A few grams picked by their hash: two sets that are all but the same share one of them."""
    return sorted(map(_hash, own))[:_ANCHORS]


@lru_cache(maxsize=1 << 16)
def _hash(gram: str) -> int:
    return zlib.crc32(gram.encode())


def _match(
    row: DutyRow,
    own: frozenset[str],
    anchors: Sequence[int],
    kept: Sequence[DutyRow],
    grams: Sequence[frozenset[str]],
    *,
    index: dict[int, list[int]],
) -> int | None:
    if len(own) < 4:
        return None
    seen: set[int] = set()
    for anchor in anchors:
        for at in index.get(anchor, ()):
            if at in seen:
                continue
            seen.add(at)
            if kept[at].key != row.key and _same(own, grams[at]) and _one_bearer(row, kept[at]):
                return at
    return None


def _same(a: frozenset[str], b: frozenset[str]) -> bool:
    return len(a & b) >= ALIKE * max(len(a), len(b))


def _one_bearer(a: DutyRow, b: DutyRow) -> bool:
    if a.obligation.modality is not b.obligation.modality:
        return False
    return a.obligation.bearer == b.obligation.bearer or bool(set(a.posts) & set(b.posts))
