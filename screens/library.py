"""语料库: what is held, adding and removing texts, what did not prove, coverage."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import streamlit as st

from corpus.document import Edition
from corpus.library import Library
from indexer import intake
from indexer.build import build_index
from screens import desk
from screens.wording import plain, t

SUFFIXES = ["docx", "doc", "pdf", "ofd", "html", "htm", "txt", "md"]


def show_page() -> None:
    st.title(t("library"))
    _add()
    if not desk.has_library():
        st.info(t("no_library"))
        if st.button(t("sample_add")):
            _take_in([intake.STARTER])
        return
    with Library.open(desk.data()) as library:
        editions = library.editions()
        _sample(library, editions)
        _coverage(editions)
        _texts(library, editions)


show = desk.page(show_page)


def _add() -> None:
    with st.expander(t("add_files"), expanded=not desk.has_library()):
        uploads = st.file_uploader(t("add_upload"), type=SUFFIXES, accept_multiple_files=True)
        folder = st.text_input(t("add_folder"))
        if st.button(t("add_button"), type="primary"):
            if uploads:
                _take_uploads(uploads)
            elif folder:
                _take_in([Path(folder)])


def _take_uploads(uploads: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        for upload in uploads:
            # the name is a label only: it never chooses a folder
            (Path(name) / Path(upload.name).name).write_bytes(upload.getvalue())
        _take_in([Path(name)])


def _take_in(paths: list[Path]) -> None:
    bar = st.progress(0.0)

    def reading(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), t("reading", n=done, total=total))

    def indexing(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), t("indexing"))

    report = intake.take_in(desk.data(), paths, progress=reading)
    build_index(desk.data(), progress=indexing)
    bar.empty()
    st.session_state["add_report"] = report.rows()
    st.rerun()


def _sample(library: Library, editions: tuple[Edition, ...]) -> None:
    if rows := st.session_state.pop("add_report", None):
        st.subheader(t("report"))
        heads = (t("file"), t("outcome"), t("reason"))
        st.dataframe([dict(zip(heads, row, strict=True)) for row in rows], width="stretch")
    samples = [edition for edition in editions if edition.masthead.sample]
    if samples:
        st.warning(t("sample_note"))
        if st.button(t("sample_remove")):
            for edition in samples:
                library.remove(edition.key)
            build_index(desk.data())
            st.toast(t("sample_removed"))
            st.rerun()


def _coverage(editions: tuple[Edition, ...]) -> None:
    with st.expander(t("coverage")):
        kinds = Counter(edition.masthead.kind for edition in editions)
        regions = Counter(edition.masthead.region or "全国" for edition in editions)
        left, right = st.columns(2)
        left.bar_chart(dict(kinds.most_common()), horizontal=True)
        right.bar_chart(dict(regions.most_common(12)), horizontal=True)


def _texts(library: Library, editions: tuple[Edition, ...]) -> None:
    st.subheader(f"{t('documents')} · {len(editions)}")
    wanted = st.text_input(t("find_title"), key="find_title")
    shown = [edition for edition in editions if wanted in edition.title][:500]
    rows = [
        {
            t("title_column"): edition.title,
            t("version"): edition.masthead.version,
            t("status"): desk.status_words(edition.status(desk.today())),
            t("effective_from"): edition.effective_from,
            t("kind"): edition.masthead.kind,
            t("region"): edition.masthead.region or "全国",
            t("file"): edition.source,
        }
        for edition in shown
    ]
    picked = st.dataframe(
        rows, width="stretch", on_select="rerun", selection_mode="single-row", key="texts", hide_index=True
    )
    chosen = picked["selection"]["rows"]
    if chosen:
        _one(library, shown[chosen[0]])


def _one(library: Library, edition: Edition) -> None:
    st.subheader(plain(edition.title))
    record = library.record(edition.key)
    st.caption(plain(f"{edition.source} · {edition.masthead.number or ''} · {edition.masthead.issuer or ''}"))
    for remark in record.remarks[:20]:
        st.caption("⚠ " + plain(remark.message))
    versions = [e for e in library.versions(edition.work) if e.key != edition.key]
    for other in versions:
        st.caption(plain(f"{t('version')} {other.masthead.version} · {other.title}"))
    with st.container(height=420):
        for provision in library.provisions(edition.key):
            st.markdown(f"**{plain(provision.address.label)}** {plain(provision.text)}")
    if st.button(t("remove"), key=f"remove_{edition.key}"):
        library.remove(edition.key)
        build_index(desk.data())
        st.rerun()
