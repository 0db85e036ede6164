"""Which texts are the same work: titles compared the way people mean them.

A title is no identity: the same work appears with and without 中华人民共和国, （试行）, （2021年修正）, with
、 or a space between two issuers, with 《》 or 〈〉 inside. `title_key` undoes that and nothing more.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from corpus.numeral import from_chinese

STATE = "中华人民共和国"
_NOISE = re.compile(r"[\s\u200b-\u200f\ufeff《》〈〉<>«»“”\"'‘’「」『』、，,·•．。]")
_YEAR = r"(?:[12][0-9]{3}|[一二三四五六七八九〇零○]{4})"
_VERSION_TAG = re.compile(
    rf"\((?:{_YEAR}年?(?:版|修正|修订|修改|修正版|修订版|修正本|修订本|第[一二三四五六七八九十]+次修正)?"
    r"|样例虚构|试行|暂行|修正|修订|修正案文本|修正文本|修订草案|现行有效|全文|新版|新修订"
    rf"|{_YEAR}-?[0-9]{{2}}-?[0-9]{{2}}|{_YEAR}年[0-9]{{1,2}}月[0-9]{{1,2}}日(?:修正|修订|通过|公布)?)\)$"
)
_AMENDMENT = re.compile(r"修正案\([^)]*\)$|修正案$")
# Acts that amend or repeal others share their titles without being versions of one another.
_ONE_OFF = re.compile(r"关于(?:修改|废止|修订|修正|清理).*(?:决定|决议|公告|通知|令)$")
_VOLUME = re.compile(r"^(民法典)[-—:：]?(?:第[一二三四五六七八九十]+编)?.{0,8}(?:编|总则|分则|附则)$")


@lru_cache(maxsize=16384)
def title_key(title: str) -> str:
    """The identity of a title: what is left when marks, the state's name and version tags are gone.

    >>> title_key("《中华人民共和国安全生产法》（2021年修正）")
    '安全生产法'
    >>> title_key("北京市实施〈中华人民共和国水法〉办法")
    '北京市实施水法办法'
    >>> title_key("宪法修正案（2018年）")
    '宪法修正案(2018年)'
    """
    text = unicodedata.normalize("NFKC", title)
    text = _NOISE.sub("", text)
    bare = text.replace(STATE, "") or text
    while not _AMENDMENT.search(bare):
        shorter = _VERSION_TAG.sub("", bare)
        if shorter == bare or not shorter:
            break
        bare = shorter
    volume = _VOLUME.match(bare)
    return volume.group(1) if volume else bare


def work_key(title: str, version: str | None) -> str:
    """The key of the work a text belongs to; one-off acts carry their date, for titles repeat."""
    key = title_key(title)
    return f"{key}@{version}" if version and _ONE_OFF.search(key) else key


def bare_title(work: str) -> str:
    """The title in a work's key, without the date of a one-off act."""
    return work.partition("@")[0]


_ORDER = re.compile(
    r"^(?P<head>[\u4e00-\u9fff]{2,30}?)(?:令?\(?第?(?P<number>[0-9]+|[一二三四五六七八九十百千零〇]+)号\)?令?)$"
)


def number_key(number: str) -> str:
    """A document or order number, comparable: 国务院令第393号, 法释〔2022〕19号.

    >>> number_key("中华人民共和国国务院令第 393 号"), number_key("国务院第三百九十三号令")
    ('国务院令393号', '国务院令393号')
    >>> number_key("法释[2022]19号")
    '法释(2022)19号'
    """
    text = unicodedata.normalize("NFKC", number)
    text = re.sub(r"[\s《》]", "", text).replace(STATE, "")
    text = _ORDER.sub(lambda m: f"{m['head']}令{from_chinese(m['number'])}号", text)
    return re.sub(r"[\[〔【(（﹝]([0-9]{4})年?[\]〕】)）﹞]", r"(\1)", text)


def similar(name: str, known: dict[str, str], *, limit: int = 3) -> list[str]:
    """The titles (values of `known`, keyed by title_key) most like a name that was not found."""
    key = title_key(name)
    pairs = {key[i : i + 2] for i in range(len(key) - 1)}
    scored = []
    for other, title in known.items():
        shared = sum(1 for pair in pairs if pair in other)
        if shared * 2 >= len(pairs) or (len(key) <= 6 and shared):
            ratio = SequenceMatcher(None, key, other, autojunk=False).ratio()
            if ratio >= 0.6:
                scored.append((-ratio, title))
    return [title for _, title in sorted(scored)[:limit]]


_REGION = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,7}?(?:特别行政区|经济特区|自治区|自治州|自治县|省|市|州|县|区))+(?:人民代表大会常务委员会|人民政府)?"
)


def local_form(title: str) -> str | None:
    """A local title without its region: 北京市安全生产条例 → 安全生产条例; None when it names no region."""
    match = _REGION.match(title)
    return title[match.end() :] or None if match else None
