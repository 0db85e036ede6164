"""An answer on the page: what was recognised, the statements, what to heed, nearest provisions, judgement."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import streamlit as st

from corpus.library import Library
from generator import answer_sheet
from retriever.hit import Hit
from retriever.recognised import LABELS, Recognised
from retriever.stated import Statement
from screens import ask_filters, asked, desk, provision
from screens.access import current_user
from screens.asked import Asked
from screens.export import offer
from screens.place_line import place_line
from screens.wording import marked_spans, plain, t

SHOWN_HITS = 4
LONGEST = 240  # characters of a nearest provision before it is opened


def show(one: Asked) -> tuple[str, ...]:
    """Draws the answer; returns what the user has switched off of what was recognised."""
    off = _chips(one)
    library = desk.library()
    kinds = {edition.key: edition.masthead.kind for edition in library.editions()}
    if one.answer.found:
        st.subheader(t("answer"), anchor=False)
        for number, statement in enumerate(one.answer.statements):
            _statement(number, statement, kinds)
        for note in one.answer.notes:
            st.info(plain(note.sentence), icon=":material/rule:")
        ask_filters.offer_within(asked.works_of(one.answer, library))
        _tools(one, library)
    else:
        _not_found(one)
    _hits(one, kinds)
    return off


def _chips(one: Asked) -> tuple[str, ...]:
    """One pill for everything recognised; a pill let go switches it off and the question is asked again."""
    used = {chip.undo: chip for chip in one.chips if chip.used}
    if not used:
        return ()
    kept = st.pills(
        t("understood"),
        list(used),
        default=[undo for undo in used if undo not in one.off],
        selection_mode="multi",
        format_func=lambda undo: _chip_words(used[undo]),
        key=f"chips_{hash((one.text, one.filters))}",
        help=t("understood_help"),
    )
    return tuple(undo for undo in used if undo not in kept)


def _chip_words(chip: Recognised) -> str:
    same = chip.code in ("kinds", "outside") or chip.words in ("", chip.value)
    words = chip.value if same else f"{chip.words} → {chip.value}"
    return plain(f"{LABELS[chip.code]}：{words[:40]}")


def _statement(number: int, statement: Statement, kinds: Mapping[str, str]) -> None:
    with st.container(border=True):
        st.markdown(marked_spans(statement.text, statement.decisive))
        row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
        row.markdown(place_line(statement.place, kind=kinds.get(statement.key, "")))
        if row.button(t("open"), key=f"open_s{number}", icon=":material/menu_book:"):
            provision.open_text(statement.key, statement.place.address)


def _not_found(one: Asked) -> None:
    st.warning(plain(f"{t('not_found')} {one.answer.reason or ''}"), icon=":material/search_off:")
    if st.session_state.get(ask_filters.WITHIN):
        st.button(t("within_leave_and_ask"), on_click=ask_filters.everywhere, key="not_found_everywhere")


def _hits(one: Asked, kinds: Mapping[str, str]) -> None:
    said = {(s.key, s.place.address.whole()) for s in one.answer.statements}
    hits = [hit for hit in one.answer.hits if (hit.key, hit.place.address.whole()) not in said]
    if not hits:
        return
    st.subheader(t("more_hits") if one.answer.found else t("nearest"), anchor=False)
    for number, hit in enumerate(hits[:SHOWN_HITS]):
        _hit(number, hit, kinds)
    if rest := hits[SHOWN_HITS:]:
        with st.expander(t("hits_rest", n=len(rest))):
            for number, hit in enumerate(rest, SHOWN_HITS):
                _hit(number, hit, kinds)


def _hit(number: int, hit: Hit, kinds: Mapping[str, str]) -> None:
    with st.container(border=True):
        row = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
        row.markdown(place_line(hit.place, kind=kinds.get(hit.key, "")))
        if row.button(t("open"), key=f"open_h{number}", icon=":material/menu_book:"):
            provision.open_text(hit.key, hit.place.address)
        cut = "……" if len(hit.text) > LONGEST else ""
        st.markdown(plain(hit.text[:LONGEST]) + cut)
        if hit.also:
            st.caption(f"{t('also_in')}: " + plain("、".join(same.place.citation for same in hit.also[:5])))


def _tools(one: Asked, library: Library) -> None:
    """The answer sheet, and whether the answer was useful."""
    day = one.filters.as_of or one.answer.question.on or desk.today()
    row = st.container(horizontal=True, vertical_alignment="center")
    offer(
        t("sheet_download"),
        partial(_sheet, one, library, day),
        file_name=f"{answer_sheet.TITLE}-{day}.docx",
        place=row,
        key="sheet_download",
    )
    _judgement(one)


def _sheet(one: Asked, library: Library, day: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return answer_sheet.write(one.answer, Path(folder) / "sheet.docx", library, on=day).read_bytes()


def _judgement(one: Asked) -> None:
    """Thumbs and a reason; stored in the data folder, nowhere else."""
    key = f"judged_{hash((one.text, one.filters))}"
    if st.session_state.get(key):
        st.caption(f":material/check: {t('judged')}")
        return
    with st.popover(t("judge"), icon=":material/thumbs_up_down:"):
        useful = st.radio(
            t("judge_question"), [True, False], format_func=lambda yes: t("useful" if yes else "not_useful"),
            index=None, horizontal=True, key=f"{key}_useful",
        )  # fmt: skip
        reason = st.text_input(t("judge_reason"), max_chars=500, key=f"{key}_reason")
        st.caption(t("judge_local"))
        if st.button(t("judge_store"), disabled=useful is None, key=f"{key}_store"):
            asked.judge(desk.data(), current_user().name, one, useful=bool(useful), reason=reason)
            st.session_state[key] = True
            st.rerun()
