"""Posts and industries as data: who a name means, which bearers a post goes by, which texts an industry has.

`posts.toml` and `industries.toml` are read from the package and then from the data folder, where a user may
add entries or replace ours by name. Everything else in the program asks a Taxonomy.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from corpus.errors import InputRefused, WrongUsage
from indexer.bearers import HEAD

_FIELDS = frozenset({"消防", "职业卫生", "劳务派遣", "危险物品"})


@dataclass(frozen=True, slots=True)
class Post:
    """A post: `bearers` and `excluded` are compiled from the file, `parents` are names of posts."""

    name: str
    group: str
    aliases: tuple[str, ...]
    bearers: re.Pattern[str]
    excluded: re.Pattern[str] | None
    parents: tuple[str, ...]
    industry: str | None = None
    generic: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)

    def borne_by(self, bearer: str, cut: str | None = None) -> bool:
        """A bearer as a text names it is this post; `cut` are its parts, one a line, where known."""
        if self.excluded is not None and self.excluded.search(bearer):
            return False
        return bool(self.bearers.search("\n".join(parts(bearer)) if cut is None else cut))


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry or field of work; `codes` are classes of GB/T 4754-2017, `kinds` narrower things in it."""

    name: str
    codes: tuple[str, ...]
    aliases: tuple[str, ...]
    titles: re.Pattern[str] | None
    words: re.Pattern[str] | None
    parent: str | None
    kinds: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases, *self.kinds)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a text is about: `industries` by its title, `general` when its duties apply in every industry."""

    industries: tuple[str, ...]
    general: bool


@dataclass(frozen=True)
class Taxonomy:
    """All posts and industries, in the order of the files."""

    posts: tuple[Post, ...]
    industries: tuple[Industry, ...]
    general: re.Pattern[str]
    own: bool = False  # the data folder has industries of its own
    _scopes: dict[str, Scope] = field(default_factory=dict, compare=False, repr=False)

    def post(self, name: str) -> Post:
        """The post of that name or alias. Raises WrongUsage with the nearest names."""
        found = self.find_post(name)
        if found is None:
            raise _unknown("岗位", name, [n for post in self.posts for n in post.names])
        return found

    def find_post(self, name: str) -> Post | None:
        return self._post_names.get(_tidy(name))

    def industry(self, name: str) -> Industry:
        """The industry of that name, alias or GB/T 4754 code. Raises WrongUsage with the nearest names."""
        found = self.find_industry(name)
        if found is None:
            raise _unknown("行业", name, [n for one in self.industries for n in one.names])
        return found

    def find_industry(self, name: str) -> Industry | None:
        return self._industry_names.get(_tidy(name))

    @cached_property
    def _post_names(self) -> dict[str, Post]:
        """Own names before aliases; the first entry of a name counts."""
        return _names((post.name, post.aliases, post) for post in self.posts)

    @cached_property
    def _industry_names(self) -> dict[str, Industry]:
        return _names((one.name, (*one.aliases, *one.kinds, *one.codes), one) for one in self.industries)

    @cached_property
    def post_words(self) -> tuple[str, ...]:
        """Every name of a post, longest first."""
        return tuple(sorted(self._post_names, key=lambda name: (-len(name), name)))

    @cached_property
    def industry_words(self) -> tuple[str, ...]:
        return tuple(sorted(self._industry_names, key=lambda name: (-len(name), name)))

    def posts_of(self, bearer: str) -> tuple[str, ...]:
        """The names of the posts a bearer means, in the order of the file."""
        return tuple(post.name for post in self.posts if post.borne_by(bearer))

    def ancestors(self, post: Post) -> tuple[Post, ...]:
        """The posts whose duties the post has too, nearest first."""
        out: list[Post] = []
        queue = list(post.parents)
        while queue:
            parent = self.find_post(queue.pop(0))
            if parent is not None and parent != post and parent not in out:
                out.append(parent)
                queue.extend(parent.parents)
        return tuple(out)

    def line(self, industry: str) -> tuple[str, ...]:
        """An industry and the wider fields it lies in."""
        out: list[str] = []
        name: str | None = industry
        while name and name not in out:
            out.append(name)
            found = self.find_industry(name)
            name = found.parent if found else None
        return tuple(out)

    def scope(self, title: str) -> Scope:
        """What a text of that title is about."""
        held = self._scopes.get(title)
        if held is None:
            names = tuple(one.name for one in self.industries if one.titles and one.titles.search(title))
            limiting = [name for name in names if name not in _FIELDS]
            held = Scope(names, bool(self.general.search(title)) and not limiting)
            self._scopes[title] = held
        return held

    def industries_in(self, words: str) -> tuple[str, ...]:
        """The industries a bearer or condition names."""
        return tuple(one.name for one in self.industries if one.words and one.words.search(words))


def load(data: Path | None = None) -> Taxonomy:
    """Our posts and industries, with the user's own from the data folder. Raises InputRefused on a bad
    file.
    """
    posts = _read("posts.toml", data, "post")
    industries = _read("industries.toml", data, "industry")
    packaged = tomllib.loads(resources.files("indexer").joinpath("industries.toml").read_text("utf-8"))
    general = _any(packaged["general"]["titles"])
    if general is None:
        raise ValueError("industries.toml: [general] titles is empty")
    own = data is not None and (data / "industries.toml").is_file()
    return Taxonomy(tuple(map(_post, posts)), tuple(map(_industry, industries)), general, own)


def _read(name: str, data: Path | None, key: str) -> list[dict[str, Any]]:
    held = tomllib.loads(resources.files("indexer").joinpath(name).read_text("utf-8"))[key]
    own = data / name if data else None
    if own is None or not own.is_file():
        return list(held)
    try:
        added = tomllib.loads(own.read_text("utf-8-sig")).get(key, [])
        replaced = {entry["name"] for entry in added}
        for entry in added:
            (_post if key == "post" else _industry)(entry)
    except (
        tomllib.TOMLDecodeError,
        UnicodeDecodeError,
        KeyError,
        TypeError,
        AttributeError,
        re.error,
    ) as error:
        raise InputRefused(
            f"数据目录中的 {name} 写法有误：{error}。", f"请改正或移走 {name} 后重试。"
        ) from error
    return [entry for entry in held if entry["name"] not in replaced] + list(added)


def _post(entry: dict[str, Any]) -> Post:
    aliases = tuple(entry.get("aliases", ()))
    words = entry.get("bearers") or [re.escape(word) for word in (entry["name"], *aliases)]
    ends = "(?:" + "|".join(words) + ")等?$"
    bearers = re.compile(ends.replace("[^，", "[^\n，"), re.MULTILINE)
    return Post(
        entry["name"],
        entry.get("group", "其他"),
        aliases,
        bearers,
        _any(entry.get("except", ())),
        tuple(entry.get("parents", ())),
        entry.get("industry"),
        bool(entry.get("generic", False)),
    )


def _industry(entry: dict[str, Any]) -> Industry:
    aliases = tuple(entry.get("aliases", ()))
    fallback = [re.escape(word) for word in (entry["name"], *aliases)]
    return Industry(
        entry["name"],
        tuple(entry.get("codes", ())),
        aliases,
        _any(entry.get("titles") or fallback),
        _any(entry.get("words") or fallback),
        entry.get("parent"),
        tuple(entry.get("kinds", ())),
    )


def _any(words: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(words)) if words else None


def _tidy(name: str) -> str:
    return re.sub(r"\s", "", name)


def _names(entries: Iterable[tuple[str, Sequence[str], Any]]) -> dict[str, Any]:
    rows = list(entries)
    out = {_tidy(name): value for name, _, value in rows}
    for _, aliases, value in rows:
        for alias in aliases:
            out.setdefault(_tidy(alias), value)
    return out


def _unknown(kind: str, name: str, known: Sequence[str]) -> WrongUsage:
    near = nearest(name, known)
    hint = f"最接近的有：{'、'.join(near)}。" if near else f"可在数据目录的 toml 文件中自行添加{kind}。"
    return WrongUsage(f"没有名为“{name}”的{kind}。", hint)


def nearest(name: str, known: Sequence[str], *, count: int = 5) -> tuple[str, ...]:
    """The known names most like a name, best first: shared characters and their order."""
    wanted = _tidy(name)

    def likeness(other: str) -> float:
        shared = len(set(wanted) & set(other)) / max(len(set(wanted) | set(other)), 1)
        return difflib.SequenceMatcher(None, wanted, other).ratio() + shared

    ranked = sorted(dict.fromkeys(known), key=likeness, reverse=True)
    return tuple(other for other in ranked[:count] if likeness(other) > 0.5)


_JOINED = re.compile(r"、|以及|及其|或者|和|与|及|或|，")
_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
_HEAD_END = re.compile(f"(?:{HEAD.pattern})(?:等)?$")
_OWNER = re.compile(
    r"(?:单位|企业|机构|部门|机关|政府|组织|公司|学校|场所|工程|设施|船舶|医院|者|人)的(?=[^的]{2,24}$)"
)
_ACTIONS = (
    "生产",
    "经营",
    "储存",
    "使用",
    "运输",
    "销售",
    "购买",
    "进口",
    "装卸",
    "检验",
    "检测",
    "评价",
    "认证",
    "建设",
    "勘察",
    "设计",
    "施工",
    "监理",
    "安装",
    "改造",
    "修理",
    "拆卸",
    "维护",
    "保养",
    "主办",
    "承办",
    "批发",
    "零售",
    "管理",
    "举办",
    "制造",
    "出租",
    "发包",
    "充装",
    "贮存",
    "处置",
    "收集",
    "供应",
    "开发",
    "运营",
    "团体",
    "机关",
    "事业",
)


@lru_cache(maxsize=65536)
def parts(bearer: str) -> tuple[str, ...]:
    """A bearer taken apart where it names several; a head noun they share is given to each.

    >>> parts("特种设备生产、经营、使用单位")
    ('特种设备生产单位', '特种设备经营单位', '特种设备使用单位')
    >>> parts("矿山、建筑施工单位的主要负责人和安全生产管理人员")
    ('矿山、建筑施工单位的主要负责人', '安全生产管理人员')
    """
    words = _BRACKETS.sub("", bearer)
    owner = next(reversed(list(_OWNER.finditer(words))), None)
    front = words[: owner.end()] if owner and _JOINED.search(words[: owner.end()]) else ""
    pieces = [piece for piece in _JOINED.split(words[len(front) :]) if piece]
    if not pieces:
        return (words,)
    pieces = _with_front(pieces)
    out = [_with_head(piece, pieces[index + 1 :]) for index, piece in enumerate(pieces)]
    out[0] = front + out[0]
    return tuple(out)


def _with_front(pieces: Sequence[str]) -> list[str]:
    """特种设备生产 | 经营 | 使用单位: what stands before the first action belongs to the others too."""
    out: list[str] = []
    front = ""
    for piece in pieces:
        action = next((a for a in _ACTIONS if piece.endswith(a) and len(piece) > len(a)), "")
        out.append(front + piece if front and piece.startswith(_ACTIONS) else piece)
        if _HEAD_END.search(piece):
            front = ""
        elif action and not front:
            front = piece[: -len(action)]
    return out


def _with_head(piece: str, after: Sequence[str]) -> str:
    """A piece without a head noun takes the tail of the next piece that has one: 经营 + 使用单位 →
    经营单位.
    """
    if _HEAD_END.search(piece):
        return piece
    for other in after:
        if not _HEAD_END.search(other):
            continue
        action = next((a for a in _ACTIONS if other.startswith(a)), "")
        if action and (piece.endswith(_ACTIONS)):
            return piece + other[len(action) :]
        found = _HEAD_END.search(other)
        return piece + (found[0] if found else "")
    return piece
