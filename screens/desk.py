"""The opened library and index, shared by all sessions: cached by data folder and generation.

Nothing here remembers a user; what a user does lives in st.session_state.
"""

from __future__ import annotations

import contextlib
import gc
import os
import threading
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from corpus.errors import ZerenError
from corpus.library import Library
from indexer.generations import current
from indexer.taxonomy import Taxonomy, load
from screens import holdings
from screens.wording import plain, t

if TYPE_CHECKING:  # what searches is imported when it is first needed: the first page does not wait for it
    from retriever.answer import Desk
    from retriever.basis import Grounds
    from retriever.duties import Book
    from retriever.search import Retriever


def data() -> Path:
    """The data folder this server was started with."""
    return Path(os.environ.get("ZEREN_DATA") or "data")


def today() -> str:
    return date.today().isoformat()


@st.cache_resource(max_entries=2, show_spinner=False)
def _retriever(folder: str, generation: str) -> Retriever:  # noqa: ARG001 - the generation keys the cache
    from retriever.search import Retriever

    return Retriever.open(Path(folder))


def retriever() -> Retriever:
    """The open retriever of the newest index generation."""
    return _retriever(str(data()), str(current(data())))


@st.cache_resource(max_entries=2, show_spinner=False)
def _answers(folder: str, generation: str) -> Desk:
    from retriever.answer import Desk

    return Desk.open(_retriever(folder, generation))


def answers() -> Desk:
    """The desk that answers questions over the newest index generation."""
    return _answers(str(data()), str(current(data())))


@st.cache_resource(max_entries=2, show_spinner=False)
def _library(folder: str) -> Library:
    return Library.open(Path(folder))


def library() -> Library:
    """The library alone, opened once: pages that only read texts wait for no index."""
    return _library(str(data()))


@st.cache_resource(max_entries=2, show_spinner=False)
def _taxonomy(folder: str) -> Taxonomy:
    return load(Path(folder))


def taxonomy() -> Taxonomy:
    """The posts and industries of this data folder."""
    return _taxonomy(str(data()))


@st.cache_data(max_entries=2, show_spinner=False)
def _added_at(folder: str, content: str) -> dict[str, str]:  # noqa: ARG001 - the hash keys the cache
    return holdings.added_at(_library(folder))


def added_at() -> dict[str, str]:
    """When each text was added, by its key; read anew when the texts change."""
    return _added_at(str(data()), library().content_hash())


def warm() -> None:
    """Opens index and encoder behind the first page, so that the first question finds them open."""
    if current(data()) is not None:
        _warmed(str(data()), str(current(data())))


@st.cache_resource(max_entries=2, show_spinner=False)
def _warmed(folder: str, generation: str) -> threading.Thread:
    def open_all() -> None:
        with contextlib.suppress(ZerenError):  # the page that needs it says what is wrong
            _answers(folder, generation)
            _retriever(folder, generation).search("安全生产")  # compiles its loops, once after installation
            _book(folder, generation)
        # Streamlit collects all garbage after every run of a page; what was opened once is none and is left
        # out of the count: an answer then costs a third of the processor time.
        gc.collect()
        gc.freeze()

    thread = threading.Thread(target=open_all, name="warm", daemon=True)
    add_script_run_ctx(thread, get_script_run_ctx())
    thread.start()
    return thread


@st.cache_resource(max_entries=2, show_spinner=False)
def _book(folder: str, generation: str) -> Book:
    from retriever.duties import Book

    return Book.of(_retriever(folder, generation))


def book() -> Book:
    """Library, register and taxonomy for duties, beside the open retriever."""
    return _book(str(data()), str(current(data())))


@st.cache_resource(max_entries=2, show_spinner=False)
def _grounds(folder: str, generation: str) -> Grounds:
    from retriever.basis import Grounds

    held = _book(folder, generation)
    return Grounds(held.library, held.register, held.taxonomy)


def grounds() -> Grounds:
    """What findings are held against."""
    return _grounds(str(data()), str(current(data())))


def has_library() -> bool:
    return (data() / "corpus.db").exists()


def page(show: Callable[[], None]) -> Callable[[], None]:
    """A page whose errors are one sentence and the next step, never a traceback."""

    @wraps(show)
    def guarded() -> None:
        if not has_library() and show.__module__ not in ("screens.library", "screens.home"):
            st.info(t("no_library"))
            return
        try:
            show()
        except ZerenError as error:
            st.error(plain(error.message))
            if error.next_step:
                st.caption(f"{t('next')}: {plain(error.next_step)}")

    return guarded


def status_words(status: str) -> str:
    return t(f"status_{status}")


STATUS_COLOURS = {
    "in_force": "green",
    "not_yet": "blue",
    "amended": "orange",
    "repealed": "red",
    "unknown": "gray",
}


def status_badge(status: str) -> str:
    """A coloured Streamlit badge, e.g. :green-badge[现行有效]."""
    return f":{STATUS_COLOURS[status]}-badge[{status_words(status)}]"
