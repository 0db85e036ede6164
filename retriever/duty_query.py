"""Free text → what is wanted: posts, industries, other words, place and date.

乡镇人民政府 安全生产职责; 总承包单位与分包单位的安全责任怎么划分; 剧毒化学品 购买 使用单位. Names of posts
and
industries are taken from the taxonomy, longest first; a noun phrase that ends like a bearer is a post too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from indexer.bearers import HEAD
from indexer.taxonomy import Post, Taxonomy
from retriever.question import as_of, fold
from retriever.regions import region_of


@dataclass(frozen=True, slots=True)
class Named:
    """A post as the text names it; `post` is None where the taxonomy has none of that name."""

    words: str
    post: Post | None


@dataclass(frozen=True, slots=True)
class DutyQuery:
    """`topics` are the words left over; `safety` says that the text speaks of safety in general."""

    text: str
    posts: tuple[Named, ...] = ()
    industries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    region: str | None = None
    city: str | None = None
    on: str | None = None
    safety: bool = False
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)


_SPAN = re.compile(r"[\u4e00-\u9fff、（）A-Za-z]+")
_ASKING = re.compile(
    r"怎么划分|如何划分|怎么办|怎么|如何|怎样|有哪些|有什么|是什么|哪些|什么|哪个|谁来|谁|吗(?=$|？|\?)|呢(?=$|？|\?)|请问"
)
# Words every duty has to do with: they tell nothing apart.
_EMPTY = re.compile(
    r"(?:安全)?(?:主体|法定|岗位|监管|监督管理|管理|主要|具体|法律)?(?:责任|职责|义务|权利|职权|任务)(?:制(?!度)|要求|规定|事项)?|要求|规定|事项|应该|需要|包括|内容|依据|各自|分别|履行|承担"
    r"|负有|应当|必须|不得|可以|相关|有关|方面|情况|清单|做好|开展|进行|落实|以及|对于|关于|享有|其中|安全管理(?=$)|工作(?=$)|管理(?=$)|制度(?=$)"
)
# Names of industries too common as plain words to stand for the industry in a free text.
_VAGUE = frozenset(
    [
        "运输",
        "交通",
        "物流",
        "教育",
        "卫生",
        "施工",
        "建筑",
        "用电",
        "供电",
        "发电",
        "火灾",
        "防火",
        "灭火",
        "游览",
        "食堂",
        "派遣用工",
        "商场",
        "宾馆",
        "酒店",
        "超市",
        "爆破",
        "客运",
        "货运",
        "码头",
        "机场",
        "港口",
        "船舶",
        "住宿",
        "医院",
        "实验室",
        "饭店",
        "餐馆",
        "景区",
    ]
)
_CUT = re.compile(
    r"[\s，,。；;：:？?！!、（）()]|的|和|与|及|或者|或|在|对|中(?![小央])|时|前|后(?!勤)|内(?!部|河|蒙)|从事|由|向|为"
)
_WORK = r"(?:生产|储存|贮存|使用|经营|运输|购买|销售|批发|零售|装卸|进口|充装)"
# 从事烟花爆竹批发的企业 → 批发企业 烟花爆竹; 储存危险化学品的单位 → 储存单位 危险化学品
_OF_WORK = re.compile(rf"从事([\u4e00-\u9fff]{{2,12}}?)({_WORK})的(企业|单位|经营者)")
_RELATIVE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?={_WORK})(?:(?={_WORK}([\u4e00-\u9fff]{{2,14}}?)的))({_WORK})[\u4e00-\u9fff]{{2,14}}?的(?:单位|企业)"
)
_TAKEN = "■"
_SAFE = re.compile(r"安全|事故|隐患|应急")


def understand(text: str, taxonomy: Taxonomy) -> DutyQuery:
    """What a free text asks for. Never raises; a text without any name gives topics only."""
    plain = " ".join(fold(part) for part in text.split())
    place = region_of(plain)
    rest = plain.replace(place.words, _TAKEN) if place else plain
    rest = re.sub(r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:以后|起|前|后)?", _TAKEN, rest)
    rest = _ASKING.sub(" ", rest)
    rest = _RELATIVE.sub(
        lambda m: f"{m[2]}单位 {m[1]} ", _OF_WORK.sub(lambda m: f"{m[2]}{m[3]} {m[1]} ", rest)
    )
    posts, industries, rest = _names(rest, taxonomy)
    topics: list[str] = []
    for chunk in _chunks(rest):
        if _is_post(chunk):
            posts.append(Named(chunk, None))
        elif chunk not in topics:
            topics.append(chunk)
    return DutyQuery(
        text,
        tuple(posts),
        tuple(industries),
        tuple(topics),
        place.province if place else None,
        place.city if place else None,
        as_of(plain),
        bool(_SAFE.search(plain)),
    )


def _names(text: str, taxonomy: Taxonomy) -> tuple[list[Named], list[str], str]:
    """Posts and industries named, and the text with them taken out (a mark is left in their place)."""
    posts: list[Named] = []
    industries: list[str] = []
    at, rest, joined = 0, "", False
    while at < len(text):
        post = next((w for w in taxonomy.post_words if text.startswith(w, at) and len(w) > 1), "")
        field_of = next((w for w in taxonomy.industry_words if text.startswith(w, at) and len(w) > 1), "")
        field_of = "" if field_of in _VAGUE else field_of
        if post and len(post) >= len(field_of) and _ends_name(text, at + len(post)):
            found = Named(post, taxonomy.find_post(post))
            if joined and posts:
                _own(posts.pop(), industries, taxonomy)
            posts.append(found)
            at, rest, joined = at + len(post), rest + _TAKEN, True
        elif field_of:
            found_industry = taxonomy.find_industry(field_of)
            if found_industry and field_of in found_industry.kinds:
                rest += f" {field_of} "
            elif found_industry and not field_of.isascii():
                _add(industries, found_industry.name)
                rest += _TAKEN
            at, joined = at + len(field_of), False
        else:
            joined = joined and text[at] == "的"
            rest += text[at]
            at += 1
    for found in posts if not industries else ():
        _implied(found, industries, taxonomy)
    return posts, industries, rest


def _ends_name(text: str, at: int) -> bool:
    """企业 in 企业标准 is no post: no more of a compound follows."""
    return not re.match(r"标准|文化|名称|利益|培训|会议|登记|规章|代码|宣传|制度", text[at:])


def _own(owner: Named, industries: list[str], taxonomy: Taxonomy) -> None:
    """煤矿企业主要负责人, 渔业船舶船员: what stands before a person says in which industry."""
    found = taxonomy.find_industry(owner.words)
    if found is not None and owner.words not in found.kinds:
        _add(industries, found.name)
    _implied(owner, industries, taxonomy)


def _implied(named: Named, industries: list[str], taxonomy: Taxonomy) -> None:
    inside = [w for w in taxonomy.industry_words if len(w) > 1 and w in named.words and not w.isascii()]
    for word in inside[:1]:
        found = taxonomy.find_industry(word)
        if found is not None and named.words != word and word not in found.kinds:
            _add(industries, found.name)
    if not inside and named.post is not None and named.post.industry and named.words != named.post.name:
        _add(industries, named.post.industry)


def _add(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)


def _chunks(rest: str) -> list[str]:
    """The words left over, cut at joints, without words that say nothing."""
    out: list[str] = []
    for piece in _CUT.split(rest.replace(_TAKEN, " ")):
        for chunk in _EMPTY.sub(" ", piece).split():
            if len(chunk) > 1 and _SPAN.fullmatch(chunk) and chunk not in ("安全", "生产", "企业", "国家"):
                out.append(chunk)
    return list(dict.fromkeys(out))


_POST_END = re.compile(f"(?:{HEAD.pattern})$")


def _is_post(chunk: str) -> bool:
    return len(chunk) > 2 and bool(_POST_END.search(chunk))
