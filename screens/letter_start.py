"""First step of a letter: its kind, or the recommendation that is answered; a sample; what was saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from corpus.errors import ZerenError
from corpus.recommendation import reply_due
from generator.letter_days import iso_day
from generator.letter_form import Fault, form, sample
from generator.letter_kind import find_kind
from generator.reply import draft_reply
from screens import letter_state, saved
from screens.letter_fields import take
from screens.letter_state import ANSWER, KIND, PROGRESS, Filling, widget_key
from screens.wording import plain, t


def show(filling: Filling) -> None:
    if filling.slot == ANSWER:
        _recommendation(filling)
    else:
        _kind(filling)
    saved.saved_works(KIND, letter_state.show_saved)


def _kind(filling: Filling) -> None:
    kinds = letter_state.letter_kinds()
    chosen = st.radio(
        t("letter_kind"), kinds, index=kinds.index(filling.kind), key=f"letter_kind_{filling.revision}",
        captions=[_about(name) for name in kinds], horizontal=False,
    )  # fmt: skip
    if chosen != filling.kind:
        filling.kind, filling.asked = str(chosen), False
        st.rerun()
    left, right = st.columns(2)
    left.button(
        t("letter_sample"), icon=":material/draft:", key="letter_sample", width="stretch",
        on_click=_take_sample, args=(filling,),
    )  # fmt: skip
    right.button(
        t("letter_new"), icon=":material/restart_alt:", key="letter_new", width="stretch",
        on_click=_anew, args=(filling,),
    )  # fmt: skip


def _about(name: str) -> str:
    """Who may issue the kind, and what it cannot do without."""
    kind = find_kind(name)
    who = t("letter_agency_only" if kind.issuer == "agency" else "letter_anyone")
    return f"{who} {t('letter_needs', fields='、'.join(kind.required))}"


def _anew(filling: Filling) -> None:
    letter_state.begin(filling.slot, filling.kind)


def _take_sample(filling: Filling) -> None:
    fresh = letter_state.begin(filling.slot, filling.kind)
    letter_state.fill(fresh, sample(fresh.kind))


def offer_instead(filling: Filling, faults: Sequence[Fault]) -> None:
    """A company that may not issue the kind gets the one it may, with what is filled in already."""
    instead = filling.form.kind.instead
    if instead and any(instead in fault.next_step for fault in faults):
        st.button(
            t("letter_instead", kind=instead), type="primary", key="letter_instead", on_click=_change_kind,
            args=(filling, instead),
        )  # fmt: skip


def _change_kind(filling: Filling, kind: str) -> None:
    """The other kind, its addressee under the name that kind has for it."""
    names = {field.name for field in form(kind).fields}
    addressee = next((filling.text(n) for n in ("被检查单位", "受检部门", "主送") if filling.text(n)), "")
    filling.kind, filling.asked = kind, False
    letter_state.fill(filling, {n: addressee for n in ("被检查单位", "受检部门", "主送") if n in names})


# -- the recommendation that is answered -------------------------------------------------------------


def _recommendation(filling: Filling) -> None:
    st.caption(t("reply_teach"))
    upload = st.file_uploader(
        t("recommendation_upload"),
        type=["docx", "doc", "pdf", "txt", "md"],
        key=f"reply_upload_{filling.slot}",
    )
    if upload is not None and (upload.name, upload.getvalue()) != filling.source:
        _read(filling, upload)
    if filling.read is None:
        return
    read = filling.read
    for remark in read.remarks:
        st.caption("⚠ " + plain(remark))
    _term(filling)
    left, right = st.columns(2)
    for place, name in ((left, "检察建议文号"), (right, "制发检察院"), (left, "发文机关")):
        key = widget_key(filling, "read", name)
        place.text_input(
            t(f"read_{name}"), filling.text(name), key=key, on_change=take, args=(filling.fields, name, key)
        )
    with st.expander(t("problems_read", n=len(read.problems)), expanded=False):
        for number, entry in enumerate(read.problems, 1):
            st.markdown(f"{number}\\. {plain(entry.text)}")
    _recommendations(filling, len(read.recommendations))


def _read(filling: Filling, upload: Any) -> None:
    try:
        read = letter_state.read_letter(filling, upload.name, upload.getvalue())
    except ZerenError as error:
        st.error(plain(error.message))
        st.caption(f"{t('next')}: {plain(error.next_step)}")
        return
    letter_state.fill(filling, draft_reply(read))
    if not read.recommendations:
        st.warning(t("reply_none_read"))


def _term(filling: Filling) -> None:
    """The day of receipt, and the day the reply is due with the rule that says so."""
    left, right = st.columns(2)
    written = iso_day(filling.text("收到日期"))
    key = widget_key(filling, "received")
    day = left.date_input(
        t("received"), value=date.fromisoformat(written) if written else None, format="YYYY-MM-DD", key=key,
        on_change=take, args=(filling.fields, "收到日期", key, "day"),
    )  # fmt: skip
    assert filling.read is not None
    due = reply_due(filling.read, day if isinstance(day, date) else None)
    with right:
        shown = due.day.isoformat() if due.day else t("due_unknown")
        st.markdown(f"**{t('due')}：{plain(shown)}**  \n:small[{plain(due.rule)}]")
        for warning in due.warnings if day else ():
            st.caption("⚠ " + plain(warning))


def _recommendations(filling: Filling, read: int) -> None:
    """What was read, to correct: the reply has one block for each, in this order."""
    rows = filling.rows(PROGRESS)
    st.markdown(f"**{t('recommendations_read', n=len(rows))}**")
    if len(rows) != read:
        st.caption(t("reply_count_changed", read=read, now=len(rows)))
    for number, row in enumerate(rows):
        words, button = st.columns([8, 1], vertical_alignment="center")
        key = widget_key(filling, "ask", number)
        words.text_area(
            f"{number + 1}", str(row.get("建议") or ""), key=key, height=90, on_change=take,
            args=(row, "建议", key),
        )  # fmt: skip
        button.button(
            t("row_remove"), key=f"ask_gone_{filling.revision}_{number}", type="tertiary",
            on_click=_drop, args=(filling, number),
        )  # fmt: skip
    st.button(t("reply_add"), icon=":material/add:", key="reply_add", on_click=_more, args=(filling,))


def _drop(filling: Filling, number: int) -> None:
    del filling.rows(PROGRESS)[number]
    filling.revision += 1


def _more(filling: Filling) -> None:
    filling.rows(PROGRESS).append({"状态": "推进中"})
    filling.revision += 1
