"""核验: every citation and quotation of a document against the library; what could not be checked is red."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import streamlit as st

from corpus.errors import InputRefused
from generator import citation_check, commented_copy
from generator.citation_check import UNCHECKED, Report, Verdict
from screens import check_report, desk, export, saved
from screens.access import require_editor
from screens.progress import go_on, stopped, working
from screens.uploads import as_file, file_name
from screens.wording import plain, t
from screens.work import SavedWork

KIND = "check"
_CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Checked:
    """A document checked: its name, the report as kept, and the commented copy where there is one."""

    name: str
    digest: str
    report: dict[str, Any]
    copy: bytes | None = None


def show_page() -> None:
    require_editor()
    st.title(t("check"))
    saved.reopen_asked(_show_saved)
    saved.say_error()
    left, right = st.columns([4, 1])
    upload = left.file_uploader(t("check_upload"), type=["docx", "pdf", "txt", "md"], key="check_upload")
    day = right.date_input(t("as_of"), key="check_day", format="YYYY-MM-DD")
    if upload is not None:
        _check(upload, str(day))
    checked: Checked | None = st.session_state.get(_CHECKED)
    if checked is None:
        st.caption(t("check_teach"))
    else:
        _result(checked)
    saved.saved_works(KIND, _show_saved)


show = desk.page(show_page)


def _check(upload: Any, day: str) -> None:
    """Checks an upload once for each day asked; what was found stays until another file comes."""
    digest = hashlib.sha256(upload.getvalue() + day.encode()).hexdigest()
    if digest != st.session_state.get("check_digest"):
        st.session_state["check_digest"] = digest
        st.session_state.pop(_CHECKED, None)
        saved.forget(KIND)
        go_on(KIND)
    if st.session_state.get(_CHECKED) is not None or stopped(KIND):
        return
    with as_file(upload) as path, working(t("checking"), key=KIND) as step:
        report = citation_check.check(path, desk.library(), on=day, progress=step)
        copy = _commented(report, path.with_name("commented.docx"))
    st.session_state[_CHECKED] = Checked(str(upload.name), digest, report.as_json(), copy)


def _commented(report: Report, path: Any) -> bytes | None:
    if report.document.word is None or not report.findings:
        return None
    try:
        commented_copy.write(report, path)
    except InputRefused:
        return None
    return bytes(path.read_bytes())


def _result(checked: Checked) -> None:
    found = checked.report["findings"]
    st.markdown(
        f"**{plain(checked.name)}** :small[:gray[{t('as_of')} {plain(str(checked.report['as_of']))}]]"
    )
    if not found:
        st.info(t("check_none"))
        return
    _counts(found)
    left, right, _ = st.columns([2, 1, 3])
    if checked.copy is not None:
        export.offer(
            t("check_copy"), checked.copy, file_name=file_name(f"{checked.name}-{t('check')}", ".docx"),
            place=left, key="check_copy", type="primary",
        )  # fmt: skip
    right.button(
        t("save"), icon=":material/save:", key="check_save", disabled=saved.saved_id(KIND) is not None,
        on_click=saved.save, args=(KIND, checked.name, {"name": checked.name, "report": checked.report}),
    )  # fmt: skip
    check_report.show(found)


def _counts(found: list[dict[str, Any]]) -> None:
    """How many are right, wrong, and could not be checked; the last is never green."""
    unchecked = sum(Verdict(one["status"]) in UNCHECKED for one in found)
    right = sum(one["status"] == Verdict.MATCH for one in found)
    wrong = len(found) - right - unchecked
    for place, label, number in zip(
        st.columns(4),
        ("check_total", "check_right", "check_wrong", "check_unchecked"),
        (len(found), right, wrong, unchecked),
        strict=True,
    ):
        place.metric(t(label), number)
    if unchecked or wrong:
        st.error(t("check_bad", wrong=wrong, unchecked=unchecked))
    else:
        st.success(t("check_good", n=right))


def _show_saved(held: SavedWork) -> None:
    """A report kept: its findings as they were on their day; the document itself is not kept."""
    st.session_state[_CHECKED] = Checked(str(held.payload["name"]), "", held.payload["report"])
    saved.hold(KIND, held)
