"""Kind, issuer, document number and region of a text, read from its own words first."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CHINESE_NUMBER = "[\\d０-９一二三四五六七八九十百零〇○]+"
_BRACKETED = re.compile(f"[一-鿿]{{1,12}}[〔\\[［(（]\\s*\\d{{4}}\\s*[〕\\]］)）]\\s*第?\\s*\\d+\\s*号")
_ORDER = re.compile(
    f"(?:中华人民共和国)?(?:国务院|主席|[一-鿿]{{2,20}}(?:部|委员会|总局|局|署|政府|会))?令\\s*第?\\s*{_CHINESE_NUMBER}\\s*号"
)
_ANNOUNCEMENT = re.compile(f"公告\\s*第?\\s*{_CHINESE_NUMBER}\\s*号")
PROVINCES = (
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西",
    "山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古",
    "广西", "西藏", "宁夏", "新疆", "香港", "澳门",
)  # fmt: skip
_FOLDER_KINDS = {
    "司法解释": "司法解释",
    "案例": "案例",
    "行政法规": "行政法规",
    "部门规章": "部门规章",
    "地方性法规": "地方性法规",
    "地方政府规章": "地方政府规章",
}
_LAW_FOLDERS = (
    "刑法",
    "宪法相关法",
    "民法典",
    "民法商法",
    "社会法",
    "经济法",
    "行政法",
    "诉讼与非诉讼程序法",
)
_COURT = re.compile("^最高人民(?:法院|检察院)|^人民检察院|^人民法院")


def number(texts: Sequence[str]) -> str | None:
    """法释〔2022〕19号, 国务院令第493号: the first document number of these lines."""
    for text in texts:
        for pattern in (_BRACKETED, _ORDER, _ANNOUNCEMENT):
            match = pattern.search(text)
            if match:
                return re.sub("\\s", "", match.group())
    return None


def kind(title: str, texts: Sequence[str], number_found: str | None, folder: str) -> str:
    """One of the keys of document.RANK."""
    words = "".join(texts[1:])
    found = _kind_of_text(title, words, number_found or "")
    if found is not None:
        return found
    parts = folder.split("/")
    for part in reversed(parts):
        if part in _FOLDER_KINDS:
            return _FOLDER_KINDS[part]
        if part in _LAW_FOLDERS:
            return "法律"
        if part == "宪法":
            return "宪法"
    return _kind_of_title(title)


def _kind_of_text(title: str, words: str, number_found: str) -> str | None:
    if title == "中华人民共和国宪法" or title.startswith("中华人民共和国宪法修正案"):
        return "宪法"
    if "检察建议书" in title:
        return "检察建议"
    if number_found.startswith(("法释", "高检发释")) or (
        _COURT.search(title) and re.search("解释|规定|批复|解答|规则|办法|决定|安排|意见", title)
    ):
        return "司法解释"
    if "监察委员会" in title and title.endswith("条例"):
        return "监察法规"
    if (
        re.search("国务院令|国务院发布|国务院批准|国务院[^，。]{0,12}常务会议通过", words)
        and "部令" not in words
    ):
        return "行政法规"
    if re.search("(?:省|市|自治区|自治县|自治州).{0,12}人民代表大会", words):
        return "地方性法规"
    if re.search("全国人民代表大会", words) and re.search("法(?:[（(].*)?$|决定$|修正案", title):
        return "法律"
    if re.search("(?:部|总局|委员会|局)令", words):
        return "部门规章"
    if re.search("人民政府令", words):
        return "地方政府规章"
    return None


def _kind_of_title(title: str) -> str:
    if re.match("中华人民共和国.*法(?:[（(].*)?$", title):
        return "法律"
    if re.search("通知|意见|措施|方案|要点|纪要|批复|函$", title):
        return "规范性文件"
    return "其他"


def region(title: str, texts: Sequence[str], folder: str, kind_found: str) -> str | None:
    """The province of a local text; None for a national one."""
    if kind_found in ("宪法", "法律", "行政法规", "监察法规", "司法解释", "部门规章"):
        return None
    for text in (title, "".join(texts[1:])):
        for name in PROVINCES:
            if re.search(f"{name}(?:省|市|自治区|壮族|回族|维吾尔|特别行政区)?", text) and name in text:
                return name
    for part in reversed(folder.split("/")):
        for name in PROVINCES:
            if part.startswith(name):
                return name
    return None


def issuer(title: str, texts: Sequence[str], number_found: str | None, words: str) -> str | None:
    """Who made the text, as the masthead or the title names it."""
    del texts
    match = re.match("((?:最高人民法院|最高人民检察院)(?:[、 ]?最高人民检察院)?|国务院|人民检察院)", title)
    if match:
        return match.group(1)
    match = re.search("(全国人民代表大会常务委员会|全国人民代表大会(?!代表))", words)
    if match:
        return match.group(1)
    match = re.search(
        "([一-鿿]{2,12}?(?:省|市|自治区|自治县|自治州))[^，。]{0,14}?人民代表大会(常务委员会)?", words
    )
    if match:
        return f"{match.group(1)}人民代表大会{match.group(2) or ''}"
    if "国务院" in words or "国务院" in (number_found or ""):
        return "国务院"
    return None
