"""Third step: each row in full – the law's words, its penalties, our advice to settle – and its approval."""

from __future__ import annotations

from functools import partial

import streamlit as st

from generator import duty_editing as editing
from generator.duty_columns import columns_of, modality_mark
from generator.duty_list import Basis, DutyList, ListRow
from screens import desk, duty_state
from screens.wording import plain, t

_AT = "duty_at"
LABEL = 40  # characters of a duty in the list of rows


def show(drawn: DutyList) -> None:
    open_only = st.toggle(t("duty_open_only"), key="duty_open_only", persist_state="session")
    keys = [row.key for row in drawn.rows if not (open_only and row.approval)]
    if not keys:
        st.success(t("duty_all_approved") if drawn.rows else t("duty_no_rows"))
        return
    row = editing.row_of(drawn, _chosen(drawn, keys))
    law, ours = st.columns([3, 2])
    with law:
        _law(row)
    with ours:
        _ours(drawn, row)
        _approval(row, keys)


def _chosen(drawn: DutyList, keys: list[str]) -> str:
    """The row shown: chosen from the list, or with the buttons beside it."""
    numbers = {row.key: n for n, row in enumerate(drawn.rows, 1)}
    labels = {row.key: f"{numbers[row.key]}. {row.duty[:LABEL]}" for row in drawn.rows}
    if st.session_state.get(_AT) not in keys:
        st.session_state[_AT] = keys[0]
    back, list_of_rows, forward = st.columns([1, 6, 1], vertical_alignment="bottom")
    at = str(st.session_state[_AT])
    place = keys.index(at)
    list_of_rows.selectbox(
        t("duty_row_of", n=len(keys)), keys, index=place, format_func=labels.__getitem__, key=f"row_{at}",
        on_change=_pick, args=(f"row_{at}",),
    )  # fmt: skip
    back.button(
        t("back"), icon=":material/arrow_back:", disabled=place == 0, key="duty_back", width="stretch",
        on_click=_move, args=(keys[max(0, place - 1)],),
    )  # fmt: skip
    forward.button(
        t("forward"), icon=":material/arrow_forward:", disabled=place == len(keys) - 1, key="duty_forward",
        width="stretch", on_click=_move, args=(keys[min(len(keys) - 1, place + 1)],),
    )  # fmt: skip
    return at


def _pick(widget: str) -> None:
    _move(str(st.session_state[widget]))


def _move(key: str) -> None:
    st.session_state[_AT] = key


def _law(row: ListRow) -> None:
    """The law's words: shown, never editable."""
    with st.container(border=True):
        st.caption(t("duty_own_row") if row.own else t("duty"))
        st.markdown(f"**{plain(modality_mark(row) + row.duty)}**")
        for basis in row.bases:
            _basis(basis)
    if not row.own:
        with st.container(border=True):
            st.caption(t("penalty"))
            if not row.penalties:
                st.markdown(t("duty_no_penalty"))
            for basis in row.penalties:
                _basis(basis)


def _basis(basis: Basis) -> None:
    version = basis.version or t("version_unknown")
    st.markdown(f"{plain(basis.citation)} {desk.status_badge(basis.status)} :small[{plain(version)}]")
    if basis.text:
        st.caption(plain(basis.text))


def _ours(drawn: DutyList, row: ListRow) -> None:
    """What the unit may fill in; each cell is kept when the person leaves it."""
    for column in columns_of(drawn.kind):
        if column.editable or (row.own and column.key == "duty"):
            key = f"cell_{row.key}_{column.key}"
            st.text_area(
                column.head, value=column.value(row), height=68, key=key,
                on_change=_keep, args=(row.key, column.key, key),
            )  # fmt: skip


def _keep(row: str, column: str, key: str) -> None:
    text = str(st.session_state[key])
    at = duty_state.now()
    duty_state.change(
        partial(editing.set_cell, key=row, column=column, text=text, by=duty_state.who(), at=at)
    )


def _approval(row: ListRow, keys: list[str]) -> None:
    if row.approval:
        st.success(
            t("duty_approved_by", who=plain(row.approval.who), when=row.approval.when[:16].replace("T", " "))
        )
        st.button(
            t("duty_withdraw"), key="duty_withdraw", on_click=duty_state.change,
            args=(partial(editing.withdraw, key=row.key),),
        )  # fmt: skip
    else:
        st.button(
            t("duty_approve_next"), type="primary", icon=":material/check:", key="duty_approve",
            on_click=_approve, args=(row.key, tuple(keys)),
        )  # fmt: skip
    with st.popover(t("duty_remove_row"), icon=":material/delete:"):
        st.button(t("duty_remove_yes"), key="duty_remove_one", on_click=_remove, args=(row.key, tuple(keys)))


def _approve(key: str, keys: tuple[str, ...]) -> None:
    duty_state.change(partial(editing.approve, key=key, by=duty_state.who(), at=duty_state.now()))
    _move(_after(key, keys))


def _remove(key: str, keys: tuple[str, ...]) -> None:
    duty_state.change(partial(editing.remove_row, key=key, by=duty_state.who(), at=duty_state.now()))
    _move(_after(key, keys))


def _after(key: str, keys: tuple[str, ...]) -> str:
    """The next row; the last one stays."""
    return keys[min(keys.index(key) + 1, len(keys) - 1)]
