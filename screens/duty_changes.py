"""What amendments did to a saved list since: old and new words, and the list on the new text."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import streamlit as st

from corpus.document import Edition
from corpus.library import Library
from corpus.place import Status
from generator import duty_editing as editing
from generator.duty_list import DutyList, ListRow
from generator.list_impact import EFFECT_WORDS, ListImpact, report, revise
from generator.paper import typeset
from retriever.impact import Effect, Impact, between
from screens import desk, duty_state, export
from screens.uploads import file_name
from screens.wording import plain, t

SHOWN = 30  # changes; the report has them all
_PROPOSED = "duty_proposed"


def show(drawn: DutyList) -> None:
    """Nothing where every text of the list is still in force."""
    library = desk.library()
    for edition in _outdated(drawn, library):
        now = library.in_force(edition.work, on=desk.today())
        if now is None:
            st.warning(
                t("duty_text_gone", title=plain(edition.title), version=edition.masthead.version or "—")
            )
        else:
            impact = _impact(edition.work, edition.effective_from or edition.masthead.version or "")
            _show(drawn, impact, revise(drawn, impact, library))
    _proposals(drawn)


def _outdated(drawn: DutyList, library: Library) -> Iterator[Edition]:
    """The texts rows rest on that were amended or repealed, each once."""
    seen: set[str] = set()
    for row in drawn.rows:
        source = row.bases[0].source if row.bases else ""
        edition = library.by_source(source) if source and source not in seen else None
        seen.add(source)
        if edition is not None and edition.status(desk.today()) in (Status.AMENDED, Status.REPEALED):
            yield edition


def _impact(work: str, start: str) -> Impact:
    """Held for the session: it reads both texts through."""
    held: dict[tuple[str, str, str], Impact] = st.session_state.setdefault("duty_impacts", {})
    key = (work, start, desk.today())
    if key not in held:
        held[key] = between(desk.library(), work, start=start, end=desk.today())
    return held[key]


def _show(drawn: DutyList, impact: Impact, found: ListImpact) -> None:
    changed = [one for one in found.changes if one.effect is not Effect.SAME]
    st.warning(
        t(
            "duty_text_changed", title=plain(impact.after.title), old=impact.before.masthead.version or "—",
            new=impact.after.masthead.version or "—", n=len(changed), more=len(found.proposed),
        )
    )  # fmt: skip
    with st.expander(t("duty_changes", n=len(changed)), expanded=True):
        for one in changed[:SHOWN]:
            with st.container(border=True):
                st.markdown(f":orange-badge[{EFFECT_WORDS[one.effect]}] {plain(one.row.duty)}")
                left, right = st.columns(2)
                left.caption(t("duty_old_words"))
                left.markdown(plain(one.old or "—"))
                right.caption(t("duty_new_words"))
                right.markdown(plain(one.new or t("duty_no_longer")))
        left, right = st.columns(2)
        left.button(
            t("duty_take_new"), type="primary", key=f"take_{impact.after.key}", on_click=_take, args=(found,)
        )
        export.offer(
            t("duty_changes_word"), partial(_word, found, impact), place=right,
            key=f"report_{impact.after.key}",
            file_name=file_name(f"{drawn.title}-{impact.after.title}修改影响", ".docx"),
        )  # fmt: skip


def _take(found: ListImpact) -> None:
    duty_state.change(lambda _: found.revised)
    st.session_state[_PROPOSED] = tuple(one.row for one in found.proposed)


def _word(found: ListImpact, impact: Impact) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return typeset(report(found, impact), Path(folder) / "impact.docx").read_bytes()


def _proposals(drawn: DutyList) -> None:
    """Duties the new text adds: proposed one by one, entered only by a person."""
    held = {row.key for row in drawn.rows}
    proposed: list[ListRow] = [row for row in st.session_state.get(_PROPOSED, ()) if row.key not in held]
    if not proposed:
        return
    with st.expander(t("duty_proposed", n=len(proposed)), expanded=True):
        for row in proposed:
            words, button = st.columns([6, 1], vertical_alignment="center")
            words.markdown(f"{plain(row.duty)}  \n:small[{plain(row.bases[0].citation)}]")
            button.button(
                t("duty_add_this"), key=f"add_{row.key}", on_click=duty_state.change,
                args=(partial(editing.add_row, row=row, by=duty_state.who(), at=duty_state.now()),),
            )  # fmt: skip
