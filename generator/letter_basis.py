"""The findings of a letter with their law: what the user named is resolved, else the library proposes.

Every provision quoted is read from the library; a citation that does not resolve is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.citing import resolve
from corpus.errors import InputRefused
from corpus.library import Library
from corpus.place import Address, Place
from generator.letter import Cited, Finding
from generator.letter_advice import Advice, Obligations, advise
from generator.letter_days import iso_day
from retriever.basis import Basis
from retriever.penalties import for_provision

Propose = Callable[[str, str | None, str | None], Basis]  # finding, industry, region
NONE = "不引用"  # written as 依据 or 罚则: print none, propose none
OTHERS = 3  # further provisions named to the user beside the one printed
_BETWEEN = re.compile(r"[；;\n]+|、(?=《)")
_END = " 　；;。"


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where the law of a finding comes from, and for which trade, region and day."""

    library: Library | None
    propose: Propose | None
    industry: str | None
    region: str | None
    on: str
    obligations: Obligations | None = None


def findings_with_law(
    fields: Mapping[str, Any],
    *,
    library: Library | None,
    propose: Propose | None,
    on: str,
    obligations: Obligations | None = None,
) -> tuple[Finding, ...]:
    """The findings of the input, each with the provisions it breaches, the penalties, and what we suggest.

    Without a library nothing is proposed and named citations cannot be verified: they are refused.
    """
    rows = fields.get("问题") or []
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise InputRefused("“问题”应当是一组问题。", "每条问题写明“内容”，可加“位置”“期限”等。")
    industry, region = (str(fields.get(name) or "") or None for name in ("行业", "地域"))
    sources = _Sources(library, propose, industry, region, on, obligations)
    return tuple(_finding(row, n, sources) for n, row in enumerate(rows, 1))


def _finding(row: Any, number: int, sources: _Sources) -> Finding:
    if isinstance(row, str):
        row = {"内容": row}
    if not isinstance(row, Mapping):
        raise InputRefused(f"第{number}条问题的写法无法识别。", "请写成“内容：……”的形式。")
    words = {name: str(value).strip() for name, value in row.items() if value is not None}
    law = _law(words, number, sources)
    return Finding(
        words.get("内容", ""), words.get("位置", ""), words.get("证据编号", ""), words.get("等级", ""),
        law.breached, law.penalties, words.get("整改要求", ""), words.get("责任人", ""),
        iso_day(words.get("期限", "")), words.get("资金", ""), words.get("预案", ""),
        words.get("复查结果", ""), law.others, _advice(words.get("内容", ""), law, sources),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Law:
    """The provisions breached, the penalties, what else the user may choose, and where the first stands."""

    breached: tuple[Cited, ...] = ()
    penalties: tuple[Cited, ...] = ()
    others: tuple[str, ...] = ()
    first: tuple[str, Place] | None = None


def _law(words: Mapping[str, str], number: int, sources: _Sources) -> _Law:
    breached, targets = _named(words.get("依据", ""), f"第{number}条问题的依据", sources)
    penalties, _ = _named(words.get("罚则", ""), f"第{number}条问题的罚则", sources)
    library, text = sources.library, words.get("内容", "")
    asked = not penalties and words.get("罚则") != NONE and sources.propose is not None
    if breached and asked and library is not None:
        found = [one for key, place in targets for one in _penalties(sources, key, place)]
        penalties = tuple(cite(library, one.key, one.place) for one in found[:1])
    if breached or sources.propose is None or library is None or not text or words.get("依据") == NONE:
        return _Law(breached, penalties, (), targets[0] if targets else None)
    offered = sources.propose(text, words.get("行业") or sources.industry, sources.region)
    proposed = () if penalties or words.get("罚则") == NONE else offered.penalties[:1]
    return _Law(
        tuple(cite(library, one.key, one.place) for one in offered.breached[:1]),
        penalties or tuple(cite(library, one.key, one.place) for one in proposed),
        tuple(one.place.citation for one in offered.breached[1 : 1 + OTHERS]),
        next(((one.key, one.place) for one in offered.breached), None),
    )


def _advice(text: str, law: _Law, sources: _Sources) -> Advice | None:
    if law.first is None or sources.obligations is None or sources.library is None:
        return None
    key, place = law.first
    words = sources.library.text(key, place.address)
    return advise(place, words, sources.obligations(key, place.address), matter=text, on=sources.on)


def _penalties(sources: _Sources, key: str, place: Place) -> Sequence[Any]:
    assert sources.library is not None
    return for_provision(sources.library, key, place.address, on=sources.on)


def _named(
    written: str, what: str, sources: _Sources
) -> tuple[tuple[Cited, ...], tuple[tuple[str, Place], ...]]:
    """Citations a user wrote, each read from the library; several stand apart by ；or a line."""
    targets: list[tuple[str, Place]] = []
    if written == NONE:
        return (), ()
    for citation in filter(None, (part.strip() for part in _BETWEEN.split(written))):
        if sources.library is None:
            raise InputRefused(f"{what}“{citation}”无法核对。", "请先用 zeren add 建立语料库。")
        found = resolve(sources.library, citation, on=sources.on)
        if not found.targets:
            raise InputRefused(
                f"{what}“{citation}”查不到：{found.message}", "请核对引用，或删去依据由程序提出。"
            )
        targets += [(target.key, target.place) for target in found.targets]
    library = sources.library
    cited = tuple(cite(library, key, place) for key, place in targets) if library is not None else ()
    return cited, tuple(targets)


def cite(library: Library, key: str, place: Place) -> Cited:
    """A provision as a letter prints it, its words read from the library."""
    return Cited(place.citation, quotation(library, key, place.address), place.version, place.status.value)


def quotation(library: Library, key: str, address: Address) -> str:
    """The words to quote: an item after the lead it hangs on, …… where other items stand between.

    Verbatim but for line breaks and the final ；or 。.
    """
    words = library.text(key, address).replace("\n", "").strip(_END)
    rows = {row.address: row for row in library.provisions(key)}
    above, at = address.up(), address
    while above is not None and at.item is not None:
        lead = rows.get(above)
        if lead is not None:
            first = (at.subitem or at.item) == 1
            words = lead.text.strip() + ("" if first else "……") + words
        at, above = above, above.up()
    return words
