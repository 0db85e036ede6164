"""The reply, one block a recommendation in the same order: measure, who, until when, evidence, status."""

from __future__ import annotations

import streamlit as st

from corpus.errors import ZerenError
from generator.reply_basis import PROVISIONS, with_provisions
from screens import letter_state
from screens.letter_fields import FormRow, add_button, rows_of, say_faults
from screens.letter_state import ANSWER, PROGRESS, Filling
from screens.wording import plain, t

_ADVICE = {"措施": "建议措施", "责任部门": "建议责任岗位"}
_NEEDED = {"已完成": "证据附件号", "未采纳": "理由", "推进中": "计划"}


def show(filling: Filling) -> None:
    faults = filling.faults()
    rows = rows_of(filling, PROGRESS, faults)
    say_faults(faults, PROGRESS)
    if not rows:
        st.info(t("answers_teach" if filling.slot == ANSWER else "progress_teach"))
    for row in rows:
        _one(row, reply=filling.slot == ANSWER)
    if filling.slot != ANSWER:
        add_button(filling, PROGRESS)


def _one(row: FormRow, *, reply: bool) -> None:
    with st.container(border=True):
        if reply:
            st.markdown(f"**{row.number + 1}\\. {plain(str(row.cells.get('建议') or ''))}**")
        else:
            row.show("建议")
            row.removable()
        _law(row)
        row.show("措施")
        for place, name in zip(st.columns(3), ("责任部门", "完成时间", "状态"), strict=True):
            with place:
                row.show(name)
        needed = _NEEDED.get(str(row.cells.get("状态") or "推进中"), "计划")
        left, right = st.columns(2)
        with left:
            row.show(needed)
            st.caption(t(f"needed_{needed}"))
        with right:
            row.show("依据")
            st.caption(t("answer_basis_help"))


def _law(row: FormRow) -> None:
    """The provisions a measure may rest on, verbatim, and our proposal, taken only when a person says so."""
    filling, cells = row.filling, row.cells
    sources = letter_state.sources(filling.day)
    try:
        told = with_provisions(
            {PROGRESS: [cells]}, sources.library, sources.search, sources.obligations, on=filling.day
        )[PROGRESS][0]
    except ZerenError as error:
        st.markdown(f":red[{plain(error.message)}] :small[{plain(error.next_step)}]")
        return
    for line in told.get(PROVISIONS) or ():
        st.caption(f"{t('answer_law')} {plain(line)}")
    given = {name: told[key] for name, key in _ADVICE.items() if told.get(key) and not cells.get(name)}
    if given:
        words, button = st.columns([5, 1], vertical_alignment="center")
        said = "；".join(f"{name}：{value}" for name, value in given.items())
        words.caption(f"{t('advice')} {plain(said)}")
        button.button(
            t("advice_take"), key=f"answer_advice_{filling.revision}_{row.number}", on_click=_take,
            args=(row, given),
        )  # fmt: skip


def _take(row: FormRow, given: dict[str, str]) -> None:
    row.cells.update(given)
    row.filling.revision += 1
