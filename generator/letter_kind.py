"""What letter_kinds.toml says of a kind of letter, and who may issue it.

责令限期整改指令书, 现场处理措施决定书 and 整改复查意见书 are enforcement documents of an agency
(安全生产法 第六十五条 and 第六十七条); a company is refused and offered 隐患整改通知单.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import WrongUsage

HERE = Path(__file__).parent
REPLY = "检察建议整改落实情况复函"
ISSUERS = ("行政机关", "企业")
_COMPANY = re.compile(
    "公司|集团|(?:厂|商场|酒店|宾馆|矿业|煤矿|矿山|合作社|中心店|医院|学校|大学)(?=$|[^局委厅]{0,8}(?:部|科|处|室)$)"
    "|(?:居民|村民|业主)委员会$"
)
_AGENCY = re.compile(
    "(?:局|委员会|人民政府|厅|支队|大队|总队|办事处|管委会)$"
    "|^(?:中华人民共和国)?(?:应急管理|交通运输|公安|教育|水利|农业农村|自然资源|生态环境|住房和城乡建设|工业和信息化)部$"
)

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of letter as letter_kinds.toml describes it.

    `form` names every field a form offers, in order; `required` those it may not be without.
    `general_name` is the 总称 over an enforcement document; a 信函 has no page number on its first page.
    """

    name: str
    issuer: str
    required: tuple[str, ...]
    parts: tuple[str, ...]
    enforcement: bool
    form: tuple[str, ...] = ()
    instead: str = ""
    general_name: str = ""
    first_page_number: bool = True


@cache
def kinds() -> dict[str, LetterKind]:
    """Every kind of letter, by name."""
    raw = tomllib.loads((HERE / "letter_kinds.toml").read_text(encoding="utf-8"))
    return {
        name: LetterKind(
            name,
            k["issuer"],
            tuple(k["required"]),
            tuple(k["parts"]),
            k["enforcement"],
            tuple(k["form"]),
            k.get("instead", ""),
            k.get("general_name", ""),
            k.get("first_page_number", True),
        )
        for name, k in raw.items()
    }


def find_kind(name: str) -> LetterKind:
    """The kind of that name. Raises WrongUsage naming the kinds there are."""
    if name not in kinds():
        raise WrongUsage(f"没有“{name}”这种文书。", f"可用的文书：{'、'.join(kinds())}。")
    return kinds()[name]


def is_company(fields: Fields) -> bool:
    """Whether the issuer is a company: as stated in 机关类型, else by its name."""
    stated = str(fields.get("机关类型") or "")
    if stated:
        return stated in ("企业", "公司", "company")
    name = str(fields.get("发文机关") or "")
    return bool(_COMPANY.search(name)) or not _AGENCY.search(name)
