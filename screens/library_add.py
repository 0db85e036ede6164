"""Adding texts: upload or folder, with progress, cancelling and a report of every file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from corpus.document import RANK
from indexer import intake
from screens import desk
from screens.access import current_user, require_editor
from screens.library_job import Job, Workshop
from screens.uploads import as_folder
from screens.wording import plain, t

SUFFIXES = ["docx", "doc", "pdf", "ofd", "html", "htm", "txt", "md"]
WATCH = "watch_job"  # the next run of the page turns to the job
EVERY = 1.0  # seconds between two looks at a job


@st.cache_resource(show_spinner=False)
def workshop() -> Workshop:
    """The server's jobs, seen by every editor."""
    return Workshop()


def show() -> None:
    """The form, and what is under way or came of the last job."""
    _progress()
    st.markdown(t("add_teach"))
    uploads = st.file_uploader(t("add_upload"), type=SUFFIXES, accept_multiple_files=True, key="add_uploads")
    folder = st.text_input(t("add_folder"), key="add_folder", help=t("add_folder_help"))
    given = _given()
    row = st.container(horizontal=True)
    if row.button(t("add_button"), type="primary", icon=":material/upload:", key="add_button"):
        if uploads:
            _take_uploads(uploads, given)
        elif folder.strip():
            start([Path(folder.strip())], given)
        else:
            st.warning(t("add_nothing"))
    if not desk.has_library() and row.button(t("sample_add"), key="sample_add_first"):
        start([intake.STARTER], {})


def _given() -> dict[str, str]:
    """What the user says of the texts, where a text does not say it itself."""
    with st.expander(t("add_given")):
        left, middle, right = st.columns(3)
        kind = left.selectbox(
            t("kind"), list(RANK), index=None, placeholder=t("add_from_text"), key="add_kind"
        )
        region = middle.text_input(t("region"), placeholder=t("add_from_text"), key="add_region")
        day: date | None = right.date_input(t("effective_from"), value=None, key="add_effective")
    said = {"kind": kind, "region": region.strip(), "effective": day.isoformat() if day else ""}
    return {name: value for name, value in said.items() if value}


def _take_uploads(uploads: list[Any], given: dict[str, str]) -> None:
    folder = as_folder(uploads)
    start([Path(folder.name)], given, uploads=folder)


def start(paths: list[Path], given: dict[str, str], *, uploads: Any = None) -> None:
    """Starts a job; without paths it brings the index up to date."""
    require_editor()
    workshop().start(desk.data(), current_user().name, paths=paths, given=given, uploads=uploads)
    st.session_state["job_watched"] = st.session_state[WATCH] = True
    st.rerun()


def _progress() -> None:
    job = workshop().job(desk.data())
    if job is None:
        return
    if not job.ended:
        _watch()
    else:
        _report(job)


@st.fragment(run_every=EVERY)
def _watch() -> None:
    """The bar of the job under way; the page is drawn anew when it ends."""
    job = workshop().job(desk.data())
    if job is None or job.ended:
        st.rerun()
    done, of = job.count
    words = {
        "starting": t("job_starting"),
        "reading": t("reading", n=done, total=of),
        "indexing": t("indexing"),
    }[job.step]
    row = st.container(horizontal=True, vertical_alignment="center")
    row.progress(job.share, f"{plain(job.owner)} · {words}")
    if row.button(t("job_cancel"), icon=":material/cancel:", key="job_cancel"):
        job.cancel()


def _report(job: Job) -> None:
    """What became of the last job: once in full, then folded."""
    fresh = st.session_state.pop("job_watched", False)
    if job.cancelled:
        st.warning(t("job_cancelled"))
    elif job.error:
        st.error(plain(job.error[0]))
        st.caption(f"{t('next')}: {plain(job.error[1])}")
    elif fresh:
        st.success(t("job_done"))
    if not job.counts:
        return
    counts = "；".join(f"{intake.OUTCOMES.get(n, t('unproved'))} {c}" for n, c in job.counts.items() if c)
    with st.expander(f"{t('report')}：{counts}", expanded=fresh, icon=":material/description:"):
        if job.rows:
            heads = (t("file"), t("outcome"), t("reason"))
            st.dataframe(
                [dict(zip(heads, row, strict=True)) for row in job.rows], width="stretch", hide_index=True
            )
        else:
            st.caption(t("report_unchanged"))
