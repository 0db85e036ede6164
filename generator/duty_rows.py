"""From the duties that apply to the rows of a list, and from a list to its file."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.document import RANK, Document, Edition
from corpus.errors import WrongUsage
from corpus.library import Library
from corpus.place import Place, Status
from generator.duty_list import Basis, DutyList, ListKind, ListRow, advise, draw_up, save
from generator.duty_paper import table_paper, text_paper
from generator.paper import typeset
from generator.sheet import write_paper
from indexer.obligation import BearerType, Modality, Obligation
from retriever.accountability import general
from retriever.duties import Book, DutyResult, DutyRow
from retriever.penalties import Penalty
from retriever.penalties_elsewhere import Elsewhere

FORMS = ("table", "text")
EXPECTED = Path(__file__).parent / "duty_expected.toml"
_LOOKED_UP = 8  # texts in whose related texts penalties are looked for
_PUBLIC = (BearerType.GOVERNMENT, BearerType.REGULATOR_DEPT)
_BY = {"region": "地域", "industry": "行业"}
_CLAUSE = 160  # characters: a bearer or condition farther away belongs to another clause
_LEADERS = ("党政", "分管", "领导")


def list_of(
    result: DutyResult,
    library: Library,
    *,
    kind: ListKind | None = None,
    title: str = "",
    missing: Sequence[str] = (),
    book: Book | None = None,
) -> DutyList:
    """A list drawn up from the duties found. Raises WrongUsage when they are too many for one list.

    With `book` the list also counts the articles without duties, and names penalties of texts that carry
    out a duty's text (marked 实施文本, 上位法) where its own text has none, and for duties of public bodies
    the general accountability of officials (一般追责). `missing` adds to the texts that are expected in the
    field and not held.
    """
    if result.too_many:
        ways = "、".join(f"{_BY[one.by]}{one.name}（{one.count}项）" for one in result.narrow[:4])
        hint = f"请加上岗位、行业或地域缩小范围{f'，例如：{ways}' if ways else ''}。"
        raise WrongUsage(f"适用的责任共{result.total}项，超过一份清单的2000行。", hint)
    chosen = kind or kind_for(result.post or result.text or "")
    where = "、".join(filter(None, (result.region, result.industry)))
    shown = title or f"{result.post or result.text or ''}{chosen.value}" + (f"（{where}）" if where else "")
    result, remarks = _duties_only(result, chosen)
    rows = rows_of(result, library)
    return draw_up(
        rows if book is None else with_elsewhere(rows, result, book),
        kind=chosen,
        title=shown,
        as_of=result.as_of,
        post=result.post or "",
        industry=result.industry or "",
        region=result.region or "",
        missing=(*absent(library, result.industry), *missing),
        silent=_silent(rows, book) if book is not None else (0, 0),
        remarks=remarks,
    )


def _duties_only(result: DutyResult, kind: ListKind) -> tuple[DutyResult, tuple[str, ...]]:
    """Rights and powers are no duties of a post: only an agency's list of powers and duties has them."""
    if kind is ListKind.AGENCY:
        return result, ()
    kept = tuple(r for r in result.rows if r.obligation.modality in (Modality.MUST, Modality.MUST_NOT))
    left = len(result.rows) - len(kept)
    said = (f"另有{left}项“可以”“有权”的规定是权利或者权限，未列入责任。",) if left else ()
    return (replace(result, rows=kept), said) if kept else (result, ())


def absent(library: Library, industry: str | None) -> tuple[str, ...]:
    """The texts expected behind a list of the field (duty_expected.toml) that the library does not hold."""
    table = tomllib.loads(EXPECTED.read_text(encoding="utf-8"))
    titles = [*table["general"]["titles"], *table["industry"].get(industry or "", ())]
    return tuple(f"《{title}》" for title in titles if not library.find_works(title))


def _silent(rows: Sequence[ListRow], book: Book) -> tuple[int, int]:
    """Articles of the texts the rows come from, and those of them in which no duty was found."""
    sources = {basis.source for row in rows for basis in row.bases}
    keys = {edition.key for edition in book.library.editions() if edition.source in sources}
    facts = [one for one in book.register.texts if one.key in keys]
    return sum(one.articles for one in facts), sum(one.silent for one in facts)


def with_elsewhere(rows: Sequence[ListRow], result: DutyResult, book: Book) -> tuple[ListRow, ...]:
    """The rows; those without a penalty of their own text with the best ones of texts related to it, or, for
    public bodies, with the general accountability of officials.

    Only the texts with most such rows are looked up in others, so that a long list stays quick.
    """
    bare = Counter(row.key for row in result.rows if not row.penalties)
    asked = {key for key, _ in bare.most_common(_LOOKED_UP)}
    held = Elsewhere(book, on=result.as_of, region=result.region)
    editions = {edition.source: edition for edition in book.library.editions()}
    officials: dict[tuple[str, str], tuple[Penalty, ...]] = {}
    out: list[ListRow] = []
    for row, duty in zip(rows, _ordered(result, editions), strict=True):
        found: tuple[Penalty, ...] = ()
        if not row.penalties and duty.key in asked:
            found = held.of(duty.key, duty.place.address)[:2]
        if not row.penalties and not found and duty.obligation.bearer_type in _PUBLIC:
            named = (duty.key, duty.obligation.bearer)
            if named not in officials:
                officials[named] = general(book.library, *named, on=result.as_of)
            found = officials[named]
        bases = tuple(replace(_basis(p.place, p.text, editions), relation=p.relation) for p in found)
        out.append(replace(row, penalties=bases) if bases else row)
    return tuple(out)


def _ordered(result: DutyResult, editions: dict[str, Edition]) -> list[DutyRow]:
    """Own duties before a wider post's → rank of the text → particular before general → text → article."""

    def key(row: DutyRow) -> tuple[Any, ...]:
        edition = editions.get(row.place.source)
        at = row.place.address
        return (
            row.inherited, edition.rank if edition else 9, row.general, row.place.title, row.place.source,
            at.article or 0, at.article_suffix or 0, at.section or "", at.paragraph or 0, at.item or 0,
            at.subitem or 0,
        )  # fmt: skip

    return sorted(result.rows, key=key)


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
    editions = {edition.source: edition for edition in library.editions()}
    return tuple(_row(row, result.post or "", editions) for row in _ordered(result, editions))


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
        inherited=row.inherited,
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
