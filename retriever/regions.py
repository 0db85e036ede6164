"""Places a question names: the province, and the city where one is named (北京市 → 北京, 深圳 → 广东)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).with_name("regions.toml")
_SUFFIX = ("省", "市", "区", "县", "州", "自治区", "自治州", "地区", "盟", "特区", "经济特区", "新区")
_BEFORE = set("在到于省市我从，。、：；！？ （(")
# Two-letter places that are also ends or beginnings of common words (确保定期, 东西安全).
_RISKY = {
    "保定",
    "西安",
    "大兴",
    "朝阳",
    "和田",
    "阿里",
    "红河",
    "文山",
    "大理",
    "安康",
    "白银",
    "通化",
    "海东",
    "海北",
}


@dataclass(frozen=True, slots=True)
class Region:
    """A province in its short form, and the city named; `words` is what stood in the text."""

    province: str
    city: str | None
    words: str


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[str, ...], dict[str, str]]:
    with DATA.open("rb") as file:
        provinces: dict[str, list[str]] = tomllib.load(file)["provinces"]
    cities = {city: province for province, held in provinces.items() for city in held}
    return tuple(provinces), cities


def region_of(text: str) -> Region | None:
    """The first place named in `text`, a city before its province; None when none is.

    >>> region_of("在北京搞有限空间作业要遵守什么规定？")
    Region(province='北京', city=None, words='北京')
    >>> region_of("深圳市的安全生产条例").province
    '广东'
    >>> region_of("确保定期检验") is None
    True
    """
    provinces, cities = _table()
    best: tuple[int, Region] | None = None
    for city, province in cities.items():
        at = text.find(city)
        if at >= 0 and _stands_alone(text, at, city) and (best is None or at < best[0]):
            best = (at, Region(province, city.removesuffix("市"), city))
    if best:
        return best[1]
    for province in provinces:
        at = text.find(province)
        if at >= 0 and (best is None or at < best[0]):
            best = (at, Region(province, None, province))
    return best[1] if best else None


def _stands_alone(text: str, at: int, name: str) -> bool:
    """Whether the letters are a place here: a suffix follows, or a boundary stands before them."""
    after = text[at + len(name) :]
    if after.startswith(_SUFFIX):
        return True
    if name in _RISKY or name.endswith(("市", "区")):
        return name.endswith(("市", "区"))
    return at == 0 or text[at - 1] in _BEFORE
