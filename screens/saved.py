"""What a user saved on a page: saved again on every change, reopened, removed; only their own is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from corpus.errors import ZerenError
from screens import desk, work
from screens.access import current_user
from screens.wording import plain, t

Open = Callable[[work.SavedWork], None]
SHOWN = 50


def reopen_asked(show: Open) -> None:
    """Opens the work another page (Home) has asked for; a refusal is one sentence."""
    asked = st.session_state.pop("reopen", None)
    if asked:
        _open(asked, show)


def saved_works(kind: str, show: Open) -> None:
    """The user's saved works of a kind, each to reopen or to remove."""
    held = work.owned(desk.data(), current_user().name, kind)
    with st.expander(t("saved_works", n=len(held)), icon=":material/folder_open:"):
        if not held:
            st.caption(t("saved_none"))
        for one in held[:SHOWN]:
            name, when, again, gone = st.columns([6, 3, 1.4, 1.4], vertical_alignment="center")
            name.markdown(plain(one.name))
            when.caption(plain(one.saved_at[:16].replace("T", " ")))
            again.button(t("saved_open"), key=f"again_{kind}_{one.id}", on_click=_open, args=(one.id, show))
            with gone.popover(t("saved_remove"), key=f"gone_{kind}_{one.id}"):
                st.markdown(t("saved_sure"))
                st.button(
                    t("saved_remove_yes"), key=f"gone_yes_{kind}_{one.id}", on_click=_remove, args=(one.id,)
                )


def save(kind: str, name: str, payload: dict[str, Any], *, slot: str = "") -> None:
    """Keeps the work under the id it was opened with, else under a new one.

    `slot` tells apart two works of one kind that are open at a time.
    """
    at = slot or kind
    held = work.keep(desk.data(), current_user().name, kind, name, payload, id=saved_id(at))
    _hold(at, held.id, payload)


def save_again(kind: str, name: str, payload: dict[str, Any], *, slot: str = "") -> None:
    """Keeps changes of a work that was saved before; one that never was stays unsaved."""
    at = slot or kind
    if saved_id(at) and st.session_state.get(f"saved_words_{at}") != payload:
        save(kind, name, payload, slot=slot)


def saved_id(slot: str) -> str | None:
    """The id of the work now open, None while it was never saved."""
    held: str | None = st.session_state.get(f"saved_{slot}")
    return held


def hold(slot: str, saved: work.SavedWork) -> None:
    """The work now open is this saved one."""
    _hold(slot, saved.id, saved.payload)


def forget(slot: str) -> None:
    """What is on the page from now on is new work."""
    st.session_state.pop(f"saved_{slot}", None)
    st.session_state.pop(f"saved_words_{slot}", None)


def say_error() -> None:
    """The error a callback left, said once."""
    error = st.session_state.pop("saved_error", None)
    if error is not None:
        raise error


def _hold(slot: str, id: str, payload: dict[str, Any]) -> None:
    st.session_state[f"saved_{slot}"] = id
    st.session_state[f"saved_words_{slot}"] = payload


def _open(id: str, show: Open) -> None:
    """As a callback: the page is drawn after it, so an error is left for it to say."""
    try:
        show(work.reopen(desk.data(), current_user().name, id))
    except ZerenError as error:
        st.session_state["saved_error"] = error


def _remove(id: str) -> None:
    work.discard(desk.data(), current_user().name, id)
    for slot in [name for name, held in st.session_state.items() if held == id]:
        forget(str(slot).removeprefix("saved_"))
