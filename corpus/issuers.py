"""Who made a text, and its document number."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FIGURES = "[\\d０-９一二三四五六七八九十百零〇○]{1,9}"
_LONGEST = 400
"""Characters of a line looked through: a masthead's line is short, a flattened chapter's may be huge."""
_BRACKETED = re.compile("[一-鿿]{1,12}\\s*[〔\\[［(（]\\s*\\d{4}\\s*[〕\\]］)）]\\s*第?\\s*\\d+\\s*号")
_ORDER = re.compile(
    f"(?:中华人民共和国)?(?:国务院|主席|[一-鿿、]{{2,24}}(?:部|委员会|总局|局|署|银行|政府|会|院))?"
    f"(?:令\\s*第?\\s*{_FIGURES}\\s*号|第?\\s*{_FIGURES}\\s*号令)"
)
_ANNOUNCEMENT = re.compile(f"公告\\s*[（(]?\\s*第?\\s*{_FIGURES}\\s*号")
_VERB_BEFORE = re.compile("^.*(?:以|于|由|根据|经|文件|发布|印发|《|的|日)(?=.)")
_SHORT = re.compile("[一-鿿]{1,9}[〔\\[［(（]")
_COURTS = re.compile(
    "((?:最高人民法院|最高人民检察院)(?:[、\\s]*(?:最高人民法院|最高人民检察院))?(?:[、\\s]*公安部)?)"
)
_CONGRESS = re.compile(
    "([一-鿿]{2,14}?(?:省|市|自治区|自治县|自治州|特区))[^，。《]{0,16}?人民代表大会(常务委员会)?"
)
_GOVERNMENT = re.compile("([一-鿿]{2,10}?(?:省|市|自治区|县|区)人民政府)")
_MINISTRY = re.compile(
    "(?:中华人民共和国)?([一-鿿]{2,16}?(?:部|委员会|总局|局|署|银行|办公室))(?:令|、|公告|部务会议|第)"
)


def number(texts: Sequence[str]) -> str | None:
    """法释〔2022〕19号, 国务院令第493号: the first document number of these lines.

    An order's number may stand on a line of its own: 中华人民共和国主席令 / 第八十八号.
    """
    pairs = [
        f"{a}{b}" if a.endswith(("令", "公告")) else a for a, b in zip(texts, [*texts[1:], ""], strict=False)
    ]
    for text in (pair[:_LONGEST] for pair in pairs):
        for pattern in (_BRACKETED, _ORDER, _ANNOUNCEMENT):
            match = pattern.search(text)
            if match:
                found = _VERB_BEFORE.sub("", re.sub("\\s", "", match.group()))
                if pattern is not _BRACKETED or _SHORT.match(found):
                    return found
    return None


def issuer(title: str, words: str, number_found: str | None, kind: str) -> str | None:
    """The maker the masthead's `words`, the title or the number names; None when none does."""
    court = _COURTS.match(title) or (_COURTS.search(words) if kind == "司法解释" else None)
    if court:
        return "、".join(re.findall("最高人民法院|最高人民检察院|公安部", court.group(1)))
    if kind == "行政法规":
        named = "国务院" in words or "国务院" in title or "国务院" in (number_found or "")
        return "国务院" if named else None
    return _maker(words, number_found or "", kind) or ("国务院" if title.startswith("国务院") else None)


def _maker(words: str, number_found: str, kind: str) -> str | None:
    """The congress, government or ministry the masthead names."""
    if kind in ("案例", "其他"):
        return None
    if kind in ("法律", "宪法"):
        found = re.search("全国人民代表大会常务委员会|全国人民代表大会", words)
        return found.group() if found else None
    if kind == "地方性法规":
        congress = _CONGRESS.search(words)
        return f"{congress.group(1)}人民代表大会{congress.group(2) or ''}" if congress else None
    if kind == "地方政府规章":
        government = _GOVERNMENT.search(words)
        return government.group(1) if government else None
    ministry = _MINISTRY.search(number_found) or _MINISTRY.search(words)
    return ministry.group(1) if ministry else None
