"""The kind of a text, from its own words first; folders and habits of naming decide what they leave open."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus import regions

_FOLDER_KINDS = {
    "司法解释": "司法解释",
    "案例": "案例",
    "行政法规": "行政法规",
    "部门规章": "部门规章",
    "地方性法规": "地方性法规",
    "地方政府规章": "地方政府规章",
    "规范性文件": "规范性文件",
    "检察建议": "检察建议",
    "宪法": "宪法",
    "监察法规": "监察法规",
}
_LAW_FOLDERS = frozenset(
    ("刑法", "宪法相关法", "民法典", "民法商法", "社会法", "经济法", "行政法", "诉讼与非诉讼程序法", "法律")
)
_COURT = re.compile("(?:最高)?人民(?:法院|检察院)")
_COURT_WORDS = re.compile("解释|规定|批复|解答|规则|办法|决定|安排|意见|答复|细则")
_STATE_COUNCIL = re.compile(
    "国务院(?:、|和)?(?:中华人民共和国)?(?:中央军事委员会|中央军委)?(?:令|发布|公布|批准|颁布)|政务院"
    "|国务院[^，。]{0,12}常务会议通过|中央军事委员会令|中央军委(?:发布|公布)|国务院关于(?:废止和)?修改[^，。]{0,10}行政法规"
)
_NATIONAL_CONGRESS = re.compile("全国人民代表大会|全国人大常委会|中央人民政府委员会第")
_LOCAL_CONGRESS = re.compile("(?:省|市|区|县|州)(?:第[一二三四五六七八九十]+届)?(?:人民代表大会|人大)")
_LOCAL_PASSED = re.compile(
    "(?:省|市|区|县|州)第[一二三四五六七八九十]+届人民代表大会(?:常务委员会)?第[一二三四五六七八九十]+次会议(?:通过|修订|修正)"
)
_MINISTRY = re.compile(
    "(?:部|总局|委员会|局|署|银行|办公室)令|第[0-9０-９一二三四五六七八九十]+号令|部务会议|局务会议"
)
_CASE = re.compile(
    "(?:基本|简要)?案情(?:回顾)?$|裁判(?:结果|要旨|要点|理由)$|典型意义$|案例分析$|(?:原告诉讼|申请人)请求$"
)
_SOFT = re.compile("(?:通知|意见|措施|方案|要点|纪要|批复|函|通报|工作规则|指南|指引|通告)(?:[（(].*)?$")


def kind(title: str, texts: Sequence[str], number: str | None, folder: str, body: Sequence[str]) -> str:
    """One of the keys of document.RANK.

    `texts` are the masthead's lines, `number` the document number, `body` the first lines below.
    """
    words = "".join(texts[1:])
    if any(_CASE.match(text) for text in body):
        return "案例"
    return (
        _of_number(number or "")
        or _of_title(title, words)
        or _of_masthead(title, words)
        or _of_folder(folder)
        or _of_habit(title)
    )


def _of_number(number: str) -> str | None:
    """The kind a document number proves: 法释, 检建, 国务院令."""
    if number.startswith(("法释", "高检发释")):
        return "司法解释"
    if "检建" in number or "检建议" in number:
        return "检察建议"
    return "行政法规" if "国务院令" in number else None


def _of_title(title: str, words: str) -> str | None:
    if re.match("中华人民共和国宪法(?:修正案|[（(]|$)", title):
        return "宪法"
    if "检察建议书" in title or re.search("检察建议$", title):
        return "检察建议"
    if re.match("(?:关于)?", title) and _COURT.match(title) and _COURT_WORDS.search(title):
        return "司法解释"
    if re.search("最高人民(?:法院|检察院)[^，。]{0,20}(?:会议通过|委员会)", words):
        return "司法解释"
    return "监察法规" if re.search("国家监察委员会[^，。]{0,20}(?:公布|通过|公告)", words) else None


def _of_masthead(title: str, words: str) -> str | None:
    """The kind the maker proves, lowest maker first: a local congress names the national one in passing."""
    if _LOCAL_CONGRESS.search(words) and "全国人民代表大会常务委员会关于批准" not in words:
        known = regions.of_legislature(words) or regions.of_title(title)
        return "地方性法规" if known or _LOCAL_PASSED.search(words) else None
    if re.search("人民政府(?:令|第[0-9一二三四五六七八九十]+次|[^，。]{0,8}常务会议)", words):
        return "地方政府规章"
    if _NATIONAL_CONGRESS.search(words) and "国务院令" not in words:
        return "法律"
    if _STATE_COUNCIL.search(words):
        return "行政法规"
    return "部门规章" if _MINISTRY.search(words) else None


def _of_folder(folder: str) -> str | None:
    for part in reversed(folder.split("/")):
        if part in _FOLDER_KINDS:
            return _FOLDER_KINDS[part]
        if part in _LAW_FOLDERS:
            return "法律"
    return None


def _of_habit(title: str) -> str:
    """What naming alone suggests. National 条例 are the State Council's (行政法规制定程序条例第五条)."""
    local = regions.of_title(title) is not None
    if _SOFT.search(title):
        return "规范性文件"
    if re.search("条例(?:实施细则|实施办法)?(?:[（(].*)?$", title):
        return "地方性法规" if local else "行政法规"
    if re.match("中华人民共和国.*(?:(?<!办)法|法典)(?:[（(].*)?$", title):
        return "法律"
    if title.startswith("国务院关于"):
        return "行政法规"
    if local and re.search("人民代表大会|实施《|若干规定$", title):
        return "地方性法规"
    return "其他"
