"""Filters as a person writes them → filters the search understands, and hits that bear a post.

An industry becomes the texts of that field, of the wider fields and the general ones; a post becomes the
provisions in which the register found a duty on it. Unknown names are refused with the nearest known ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from corpus.document import RANK
from corpus.errors import WrongUsage
from corpus.library import Library
from indexer.register import Register, UnitKey
from indexer.taxonomy import Taxonomy
from retriever.hit import Filters, Hit
from retriever.regions import region_of

# What a person chooses as the rank of a text, and the masthead kinds it stands for.
RANKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("国家法律", ("宪法", "法律")),
    ("行政法规", ("行政法规", "监察法规")),
    ("司法解释", ("司法解释",)),
    ("地方性法规", ("地方性法规",)),
    ("部门规章", ("部门规章",)),
    ("地方政府规章", ("地方政府规章",)),
    ("规范性文件", ("规范性文件",)),
    ("案例", ("案例",)),
)
WIDE = 100  # provisions looked at where a post is asked for; those that do not bear it fall out


def kinds_of_ranks(names: Iterable[str]) -> tuple[str, ...]:
    """The masthead kinds of ranks named as in RANKS or as kinds. Raises WrongUsage.

    >>> kinds_of_ranks(["国家法律", "部门规章"])
    ('宪法', '法律', '部门规章')
    """
    known = dict(RANKS)
    kinds: list[str] = []
    for name in names:
        found = known.get(name) or ((name,) if name in RANK else ())
        if not found:
            raise WrongUsage(f"不认识的效力级别：{name}。", f"可用：{'、'.join(known)}。")
        kinds += found
    return tuple(dict.fromkeys(kinds))


@dataclass(slots=True)
class Narrowing:
    """The taxonomy and the register beside a library, for filters by industry and post."""

    library: Library
    taxonomy: Taxonomy
    folder: Path
    _register: Register | None = field(default=None, init=False)
    _borne: dict[str, frozenset[UnitKey]] = field(default_factory=dict, init=False)

    def settled(self, filters: Filters) -> Filters:
        """The filters with names resolved: region, ranks, day checked, industry and post as edition keys.

        Raises WrongUsage for a name or day that is not known.
        """
        changed = replace(
            filters,
            region=_province(filters.region),
            kinds=kinds_of_ranks(filters.kinds),
            as_of=_day(filters.as_of),
        )
        keys = [frozenset(part) for part in (filters.keys, *self._limits(filters)) if part is not None]
        if filters.industry or filters.post:
            keys = keys if filters.keys else keys[1:]
            within = frozenset.intersection(*keys)
            # A name that no text has keeps the filter from meaning "everything".
            return replace(changed, keys=within or frozenset({""}))
        return changed

    def _limits(self, filters: Filters) -> tuple[frozenset[str] | None, frozenset[str] | None]:
        fields = self._texts_of(filters.industry) if filters.industry else None
        posts = frozenset(place[0] for place in self.borne_by(filters.post)) if filters.post else None
        return fields, posts

    def _texts_of(self, industry: str) -> frozenset[str]:
        """The editions an industry has to keep: its own, those of wider fields, the general ones."""
        line = set(self.taxonomy.line(self.taxonomy.industry(industry).name))
        return frozenset(
            edition.key
            for edition in self.library.editions()
            if (scope := self.taxonomy.scope(edition.title)).general or line & set(scope.industries)
        )

    def borne_by(self, post: str) -> frozenset[UnitKey]:
        """The provisions in which a post, or a post it inherits from, has a duty. Raises WrongUsage."""
        found = self.taxonomy.post(post)
        held = self._borne.get(found.name)
        if held is None:
            bearers = {
                number
                for one in (found, *self.taxonomy.ancestors(found))
                for number in self.register.bearers_of(one)
            }
            held = self._borne[found.name] = self.register.places_of(bearers)
        return held

    @property
    def register(self) -> Register:
        """The register of the index, opened when first needed."""
        if self._register is None:
            self._register = Register.open(self.folder)
        return self._register

    def kept(self, filters: Filters, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """The hits that bear the post asked for; all where none is."""
        if not filters.post:
            return tuple(hits)
        borne = self.borne_by(filters.post)
        return tuple(hit for hit in hits if unit_key(hit) in borne)

    def close(self) -> None:
        if self._register is not None:
            self._register.close()


def unit_key(hit: Hit) -> UnitKey:
    """The article or section of a hit as the register names it."""
    unit = hit.address.whole()
    return hit.key, unit.article, unit.article_suffix, unit.section, unit.annex


def _province(name: str | None) -> str | None:
    if not name:
        return None
    found = region_of(name)
    if found is None:
        raise WrongUsage(f"不认识地区“{name}”。", "请写省级行政区或城市的名字，例如：山东、北京、深圳。")
    return found.province


def _day(value: str | None) -> str | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise WrongUsage(f"日期读不懂：{value}。", "请写成 2026-01-14 的样子。") from error
