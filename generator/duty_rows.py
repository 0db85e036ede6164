"""From the duties that apply to the rows of a list, and from a list to its file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.document import RANK, Document, Edition
from corpus.errors import WrongUsage
from corpus.library import Library
from corpus.place import Place, Status
from generator.duty_list import Basis, DutyList, ListKind, ListRow, advise, draw_up, save
from generator.duty_paper import table_paper, text_paper
from generator.paper import typeset
from generator.sheet import write_paper
from indexer.obligation import Obligation
from retriever.duties import DutyResult, DutyRow

FORMS = ("table", "text")
_CLAUSE = 160  # characters: a bearer or condition farther away belongs to another clause
_LEADERS = ("党政", "分管", "领导")


def list_of(
    result: DutyResult,
    library: Library,
    *,
    kind: ListKind | None = None,
    title: str = "",
    missing: Sequence[str] = (),
) -> DutyList:
    """A list drawn up from the duties found. Raises WrongUsage when they are too many for one list."""
    if result.too_many:
        raise WrongUsage(
            f"适用的责任共{result.total}项，超过一份清单的2000行。", "请加上岗位、行业或地域缩小范围。"
        )
    chosen = kind or kind_for(result.post or result.text or "")
    who = "、".join(filter(None, (result.industry, result.post))) or (result.text or "")
    shown = title or (f"{who}{chosen.value}" if who else chosen.value)
    return draw_up(
        rows_of(result, library),
        kind=chosen,
        title=shown,
        as_of=result.as_of,
        post=result.post or "",
        industry=result.industry or "",
        region=result.region or "",
        missing=missing,
    )


def list_of_file(
    document: Document, duties: Sequence[Obligation], *, source: str, status: Status, on: str
) -> DutyList:
    """The duties of one parsed file as a list, without a library: each row on its own article or section."""
    mast = document.masthead
    rank = RANK.get(mast.kind, 9)
    rows = []
    for duty in duties:
        place = Place(source, mast.title, mast.version, status, duty.address)
        base = Basis(place.citation, place.version, status.value, rank, duty.quote, source)
        rows.append(
            ListRow(_key(source, place.label, duty.action), "", duty.bearer, duty.modality.value,
                    clause(duty), (base,), duty.deadline, (), advise(duty.action, duty.modality.value))
        )  # fmt: skip
    title = f"《{mast.title}》责任清单"
    return draw_up(rows, kind=ListKind.POST, title=title, as_of=on)


def kind_for(post: str) -> ListKind:
    """The list an official would expect for a post when none is named."""
    if any(word in post for word in _LEADERS):
        return ListKind.LEADERS
    if (
        any(word in post for word in ("部门", "机关", "机构", "政府", "局", "街道"))
        and "安全生产管理" not in post
    ):
        return ListKind.AGENCY
    return ListKind.POST


def rows_of(result: DutyResult, library: Library) -> tuple[ListRow, ...]:
    """One row a duty; the same duty in other texts stands among its bases."""
    ranks = {edition.source: edition for edition in library.editions()}
    return tuple(_row(row, result.post or "", ranks) for row in result.rows)


def _row(row: DutyRow, post: str, editions: dict[str, Edition]) -> ListRow:
    duty = row.obligation
    return ListRow(
        key=_key(row.key, row.place.label, duty.action),
        post=post or (row.posts[0] if row.posts else duty.bearer),
        bearer=duty.bearer,
        modality=duty.modality.value,
        duty=clause(duty),
        bases=(_basis(row.place, duty.quote, editions), *(_basis(p, "", editions) for p in row.also)),
        deadline=duty.deadline,
        penalties=tuple(_basis(one.place, one.text, editions) for one in row.penalties),
        advice=advise(duty.action, duty.modality.value),
        general=row.general,
    )


def _key(*parts: str) -> str:
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:12]


def clause(duty: Obligation) -> str:
    """The duty as one verbatim slice of its sentence: from its bearer or condition to the end of the action.

    An item whose lead words stand elsewhere is the action alone.
    """
    end = duty.quote.find(duty.action)
    if end < 0:
        return duty.action
    starts = (duty.quote.rfind(words, 0, end) for words in (duty.bearer, duty.condition) if words)
    near = [start for start in starts if 0 <= end - start <= _CLAUSE and start >= 0]
    return duty.quote[min(near, default=end) : end + len(duty.action)]


def _basis(place: Place, text: str, editions: dict[str, Edition]) -> Basis:
    edition = editions.get(place.source)
    rank = edition.rank if edition else 9
    return Basis(place.citation, place.version, place.status.value, rank, text, place.source)


def write_list(drawn: DutyList, path: Path, *, form: str = "table", hidden: Iterable[str] = ()) -> Path:
    """Writes .docx, .xlsx or .json by the ending of `path`. Raises WrongUsage for another ending or form."""
    if form not in FORMS:
        raise WrongUsage(f"没有“{form}”这种版式。", f"可用：{'、'.join(FORMS)}。")
    paper = table_paper(drawn, hidden=tuple(hidden)) if form == "table" else text_paper(drawn)
    match path.suffix.lower():
        case ".docx":
            return typeset(paper, path)
        case ".xlsx":
            return write_paper(table_paper(drawn, hidden=tuple(hidden)), path)
        case ".json":
            save(drawn, path)
            return path
    raise WrongUsage(f"不支持的输出格式：{path.name}。", "请以 .docx、.xlsx 或 .json 结尾。")
