"""The findings of a letter, typed or read from a record; for each the law to choose from, and what to do."""

from __future__ import annotations

from typing import Any

import streamlit as st

from corpus.errors import ZerenError
from generator.letter import Cited, Finding
from generator.letter_basis import NONE, findings_with_law
from generator.letter_input import read_record, record_facts
from retriever.basis import Basis, Offered
from screens import desk, letter_state
from screens.letter_fields import FormRow, rows_of, say_faults, take
from screens.letter_state import FINDINGS, Filling, is_current, widget_key
from screens.progress import stopped, working
from screens.uploads import as_file
from screens.wording import plain, t

PER_PAGE = 5
OFFERED = 5  # provisions to choose from
BY_HAND = "·"
_FACTS = ("内容", "位置", "证据编号", "等级")
_SETTLED = ("整改要求", "责任人", "期限", "资金", "预案")
_ADVICE = {
    "整改要求": "measure",
    "责任人": "person",
    "期限": "deadline",
    "资金": "funds",
    "预案": "precaution",
}


def show(filling: Filling) -> None:
    _enter(filling)
    faults = filling.faults()
    rows = rows_of(filling, FINDINGS, faults)
    say_faults(faults, FINDINGS)
    if not rows:
        st.info(t("findings_teach"))
        return
    left, right = st.columns(2)
    for place, name in ((left, "行业"), (right, "地域")):
        key = widget_key(filling, name)
        place.text_input(
            name, filling.text(name), key=key, help=t(f"findings_{name}"), on_change=take,
            args=(filling.fields, name, key),
        )  # fmt: skip
    pages = -(-len(rows) // PER_PAGE)
    page = st.pagination(pages, key=f"findings_page_{filling.revision}") if pages > 1 else 1
    shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    _look_up(filling, [row.cells for row in shown])
    for row in shown:
        _one(row)


# -- from words or a record --------------------------------------------------------------------------


def _enter(filling: Filling) -> None:
    typed, record = st.columns(2)
    with typed, st.form(f"{filling.slot}_findings", border=False, clear_on_submit=True):
        text = st.text_area(t("finding"), placeholder=t("finding_hint"), height=110, key="findings_text")
        if st.form_submit_button(t("findings_add"), icon=":material/add:"):
            _append(filling, [{"内容": line.strip()} for line in text.splitlines() if line.strip()])
            st.rerun()
    with record:
        upload = st.file_uploader(t("letter_record"), type=["xlsx", "docx"], key=f"record_{filling.revision}")
        if upload is not None:
            _take_record(filling, upload)


def _append(filling: Filling, rows: list[dict[str, Any]]) -> None:
    filling.rows(FINDINGS).extend(rows)
    filling.revision += 1


def _take_record(filling: Filling, upload: Any) -> None:
    """The findings of a record, and what it says of unit, place and day where these are still empty."""
    try:
        with as_file(upload) as path:
            rows, facts = read_record(path), record_facts(path)
    except ZerenError as error:
        st.error(plain(error.message))
        st.caption(f"{t('next')}: {plain(error.next_step)}")
        return
    names = {field.name for field in filling.form.fields}
    letter_state.fill(filling, {n: v for n, v in facts.items() if n in names and not filling.text(n)})
    _append(filling, [dict(row) for row in rows])
    st.toast(t("record_read", n=len(rows), facts="、".join(facts) or "—"))
    st.rerun()


# -- the law of one finding --------------------------------------------------------------------------


def _look_up(filling: Filling, rows: list[dict[str, Any]]) -> None:
    """Proposals of the rows shown that were not looked up yet, with a bar and a way out."""
    known: set[Any] = st.session_state.setdefault("looked_up", set())
    wanted = [row for row in rows if row.get("内容") and _key(filling, row) not in known]
    if not wanted or stopped("findings"):
        return
    with working(t("looking_up"), key="findings") as step:
        for done, row in enumerate(wanted):
            step(done, len(wanted))
            _proposal(filling, row)
            known.add(_key(filling, row))


def _known(row: FormRow) -> bool:
    return _key(row.filling, row.cells) in st.session_state.get("looked_up", ())


def _key(filling: Filling, row: dict[str, Any]) -> tuple[str, ...]:
    return (str(row.get("内容")), filling.text("行业"), filling.text("地域"), filling.day)


def _proposal(filling: Filling, row: dict[str, Any]) -> Basis:
    propose = letter_state.sources(filling.day).propose
    assert propose is not None
    text, *where = _key(filling, row)[:3]
    return propose(text, where[0] or None, where[1] or None)


def _one(row: FormRow) -> None:
    """The facts and what is to be done at the left, the law at the right."""
    with st.container(border=True):
        head, button = st.columns([8, 1], vertical_alignment="center")
        head.markdown(f"**{t('finding_number', n=row.number + 1)}**")
        with button:
            row.removable()
        ours, law = st.columns([2, 3], gap="medium")
        with law:
            finding = _law(row) if _known(row) else None
        with ours:
            for name in _FACTS:
                row.show(name)
            _settle(row, finding)


def _law(row: FormRow) -> Finding | None:
    """The provisions to choose from, verbatim; what will be printed, and the penalty that goes with it."""
    filling, cells = row.filling, row.cells
    offered = _proposal(filling, cells)
    for name, label, found in (
        ("依据", "breached", offered.breached),
        ("罚则", "penalties", offered.penalties),
    ):
        _choose(t(label), found[:OFFERED], cells, name, widget_key(filling, row.number, label))
    sources = letter_state.sources(filling.day)
    try:
        told = {FINDINGS: [cells], "行业": filling.text("行业"), "地域": filling.text("地域")}
        finding = findings_with_law(
            told, library=sources.library, propose=sources.propose, on=filling.day,
            obligations=sources.obligations,
        )[0]  # fmt: skip
    except ZerenError as error:
        st.markdown(f":red[{plain(error.message)}] :small[{plain(error.next_step)}]")
        return None
    _printed(finding)
    return finding


def _choose(label: str, offered: tuple[Offered, ...], cells: dict[str, Any], name: str, key: str) -> None:
    """A provision as a citation: the first by default (""), another, one written by hand, or none."""
    citations = tuple(one.place.citation for one in offered)
    chosen = str(cells.get(name) or "")
    options = [*citations, BY_HAND, NONE]
    if not offered:
        st.caption(f"{label}：{t('nothing_breached')}")
    first = chosen if chosen in options else BY_HAND if chosen or not offered else options[0]
    picked = st.radio(
        label, options, index=options.index(first), key=key, format_func=lambda one: plain(_named(one)),
        captions=[*(plain(one.text) for one in offered), t("by_hand_help"), t("none_help")],
        on_change=_pick, args=(cells, name, key, citations),
    )  # fmt: skip
    if picked == BY_HAND:
        st.text_input(
            t("by_hand"), "" if chosen in options else chosen, key=f"{key}_words",
            placeholder=t("by_hand_hint"), on_change=take, args=(cells, name, f"{key}_words"),
        )  # fmt: skip


def _pick(cells: dict[str, Any], name: str, key: str, citations: tuple[str, ...]) -> None:
    """The first one offered is what an empty field gives."""
    picked = st.session_state[key]
    if not is_current(key):
        return
    cells[name] = "" if picked == BY_HAND or picked in citations[:1] else str(picked)


def _named(option: str) -> str:
    return t("by_hand") if option == BY_HAND else t("cite_none") if option == NONE else option


def _printed(finding: Finding) -> None:
    """What the paper will say."""
    if not finding.breached:
        st.caption(t("prints_no_basis"))
        return
    for label, cited in (("prints_basis", finding.breached), ("prints_penalty", finding.penalties)):
        for one in cited:
            st.caption(f"{t(label)} {plain(_cited(one))} {desk.status_badge(one.status)}")


def _cited(one: Cited) -> str:
    return f"{one.citation}（{one.version or t('version_unknown')}）"


def _settle(row: FormRow, finding: Finding | None) -> None:
    """五落实: our advice above it, taken over only when the person says so."""
    advice = finding.advice if finding else None
    if advice is not None:
        said = "；".join(f"{name}：{getattr(advice, _ADVICE[name])}" for name in _SETTLED)
        st.caption(f"{t('advice')} {plain(said)}")
        given = {name: getattr(advice, _ADVICE[name]) for name in _SETTLED if not row.cells.get(name)}
        st.button(
            t("advice_take"), key=f"advice_{row.filling.revision}_{row.number}", disabled=not given,
            icon=":material/playlist_add_check:", on_click=_take, args=(row, given),
        )  # fmt: skip
    row.show("整改要求")
    for pair in (_SETTLED[1:3], _SETTLED[3:]):
        for place, name in zip(st.columns(2), pair, strict=True):
            with place:
                row.show(name)


def _take(row: FormRow, given: dict[str, str]) -> None:
    row.cells.update(given)
    row.filling.revision += 1
