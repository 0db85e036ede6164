"""核验: every citation and quotation of a document, checked against the library."""

from __future__ import annotations

import streamlit as st

from generator import citation_check, commented_copy
from generator.citation_check import Report, Verdict
from screens import desk
from screens.uploads import as_file
from screens.wording import plain, t

GOOD = Verdict.MATCH


def show_page() -> None:
    st.title(t("check"))
    upload = st.file_uploader(t("check_upload"), type=["docx", "pdf", "txt", "md"])
    day = st.date_input(t("as_of"), key="check_day")
    if upload is None:
        return
    with as_file(upload) as path:
        report = citation_check.check(path, desk.library(), on=str(day))
        _show_report(report)
        if path.suffix.lower() == ".docx" and report.findings:
            copy = path.with_name("commented.docx")
            commented_copy.write(report, copy)
            st.download_button(
                t("check_copy"),
                copy.read_bytes(),
                file_name=f"{path.stem}-{t('check')}.docx",
                icon=":material/download:",
            )


show = desk.page(show_page)


def _show_report(report: Report) -> None:
    if not report.findings:
        st.info(t("check_none"))
        return
    bad = sum(finding.verdict is not GOOD for finding in report.findings)
    line = t("check_all", n=len(report.findings), bad=bad)
    (st.error if bad else st.success)(line)
    for finding in report.findings:
        colour = "green" if finding.verdict is GOOD else "red"
        with st.container(border=True):
            st.markdown(
                f":{colour}-badge[{t('check_' + finding.verdict.value)}] **{plain(finding.mention.text)}**"
            )
            if finding.quote:
                st.caption(plain(f"{t('quotation')}：{finding.quote}"))
            if finding.message:
                st.markdown(plain(finding.message))
            for target in finding.targets[:2]:
                place = target.as_json()
                st.caption(plain(f"→ {place['citation']}（{place['version'] or ''}）{place.get('text', '')}"))
