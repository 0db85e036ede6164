"""The findings of a letter with their law: what the user named is resolved, else the library proposes.

Every provision quoted is read from the library; a citation that does not resolve is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from corpus.citing import resolve
from corpus.errors import InputRefused
from corpus.library import Library
from generator.letter import Cited, Finding
from retriever.basis import Basis

Propose = Callable[[str, str | None, str | None], Basis]  # finding, industry, region


def findings_with_law(
    fields: Mapping[str, Any], *, library: Library | None, propose: Propose | None, on: str
) -> tuple[Finding, ...]:
    """The findings of the input, each with the provisions it breaches and the penalties.

    Without a library nothing is proposed and named citations cannot be verified: they are refused.
    """
    rows = fields.get("问题") or []
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise InputRefused("“问题”应当是一组问题。", "每条问题写明“内容”，可加“位置”“期限”等。")
    return tuple(
        _finding(row, n, fields, library=library, propose=propose, on=on) for n, row in enumerate(rows, 1)
    )


def _finding(
    row: Any,
    number: int,
    fields: Mapping[str, Any],
    *,
    library: Library | None,
    propose: Propose | None,
    on: str,
) -> Finding:
    if isinstance(row, str):
        row = {"内容": row}
    if not isinstance(row, Mapping):
        raise InputRefused(f"第{number}条问题的写法无法识别。", "请写成“内容：……”的形式。")
    words = {name: str(value).strip() for name, value in row.items() if value is not None}
    text = words.get("内容", "")
    named = words.get("依据", "")
    breached: tuple[Cited, ...] = ()
    penalties: tuple[Cited, ...] = ()
    if named:
        breached = _named(named, number, library, on)
    elif propose is not None and text:
        industry = words.get("行业") or str(fields.get("行业") or "") or None
        region = str(fields.get("地域") or "") or None
        found = propose(text, industry, region)
        breached = tuple(_cited(one.place, one.text) for one in found.breached[:1])
        penalties = tuple(_cited(one.place, one.text) for one in found.penalties[:1])
    return Finding(
        text, words.get("位置", ""), words.get("证据编号", ""), words.get("等级", ""), breached, penalties,
        words.get("整改要求", ""), words.get("责任人", ""), words.get("期限", ""), words.get("资金", ""),
        words.get("预案", ""), words.get("复查结果", ""),
    )  # fmt: skip


def _named(citation: str, number: int, library: Library | None, on: str) -> tuple[Cited, ...]:
    if library is None:
        raise InputRefused(f"第{number}条问题的依据“{citation}”无法核对。", "请先用 zeren add 建立语料库。")
    found = resolve(library, citation, on=on)
    if not found.targets:
        raise InputRefused(
            f"第{number}条问题的依据“{citation}”查不到：{found.message}", "请核对引用，或删去依据由程序提出。"
        )
    return tuple(_cited(t.place, library.text(t.key, t.place.address)) for t in found.targets)


def _cited(place: Any, text: str) -> Cited:
    return Cited(place.citation, text.replace("\n", ""), place.version, place.status.value)
