"""Ways to narrow a list that is too long: regions and industries, with the number of duties each leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from corpus.document import Edition
from indexer.register import Register
from retriever.duty_match import Candidate
from retriever.duty_result import MOST, Narrower

_OFFERED = 6


def narrower(
    register: Register, editions: Mapping[int, Edition], found: Sequence[Candidate]
) -> tuple[Narrower, ...]:
    """The regions and industries that would leave most of the duties found, at most MOST each."""
    texts = Counter(one.text for one in found)
    regions: Counter[str] = Counter()
    industries: Counter[str] = Counter()
    national = 0
    for text, count in texts.items():
        region = editions[text].masthead.region
        if region is None:
            national += count
        else:
            regions[region] += count
        for name in register.texts[text].industries:
            industries[name] += count
    offered = [Narrower("region", name, count + national) for name, count in regions.items()]
    kinds = [Narrower("industry", name, count) for name, count in industries.items()]
    return (*_best(offered), *_best(kinds))


def _best(offered: Sequence[Narrower]) -> list[Narrower]:
    fitting = [one for one in offered if one.count <= MOST]
    return sorted(fitting, key=lambda one: -one.count)[:_OFFERED]
