"""Last step of study material: all files in one archive, the first page of a paper, a bank's upkeep."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from functools import partial
from pathlib import Path

import streamlit as st

from generator import study_files, study_upkeep
from generator.paper import typeset
from generator.study_handout import duties_of, handout
from generator.study_item import Bank
from generator.study_makers import Drawn
from generator.study_paper import answer_sheet, answers, exam_paper
from screens import desk, export, study_state
from screens.preview import show_first_page
from screens.uploads import file_name
from screens.wording import plain, t

PAPERS = ("exam", "sheet", "answers", "handout")


def show(drawn: Drawn) -> None:
    left, right = st.columns([2, 3])
    with left:
        if st.button(t("study_make_files"), icon=":material/folder_zip:", type="primary", key="study_make"):
            with st.spinner(t("study_packing")):
                st.session_state["study_zip"] = _packed(drawn)
        if packed := st.session_state.get("study_zip"):
            export.offer(
                t("study_download"), packed, file_name=file_name(study_state.name(), ".zip"), key="study_get"
            )
        _offer_bank(drawn.bank, "study_bank")
        if st.button(t("study_refresh"), icon=":material/update:", key="study_refresh"):
            _refresh(drawn.bank)
        if told := st.session_state.get("study_updated"):
            st.info(told)
    with right:
        paper = st.segmented_control(
            t("study_paper"), PAPERS, default=PAPERS[0], required=True, key="study_paper",
            format_func=lambda one: t(f"study_paper_{one}"), label_visibility="collapsed",
        )  # fmt: skip
        if drawn.bank.items:
            show_first_page(partial(_paper, drawn.bank, str(paper)), alt=t(f"study_paper_{paper}"))


def _offer_bank(bank: Bank, key: str) -> None:
    words = json.dumps(bank.as_json(), ensure_ascii=False)
    export.offer(t("study_save"), words, file_name=study_upkeep.FILE, icon=":material/save:", key=key)


def _paper(bank: Bank, paper: str) -> bytes:
    """A paper as Word; only its first page will be looked at."""
    texts, post = study_state.texts(), study_state.post()
    title = study_files.title_for(texts, post)
    if paper == "handout":
        duties = duties_of(texts, post, desk.taxonomy())
        made = handout(bank, texts, duties, title=title.replace("测试", "讲义"), post=post)
    else:
        made = {"exam": exam_paper, "sheet": answer_sheet, "answers": answers}[paper](bank, title=title)
    with tempfile.TemporaryDirectory() as folder:
        return typeset(made, Path(folder) / "paper.docx").read_bytes()


def _packed(drawn: Drawn) -> bytes:
    texts, post = study_state.texts(), study_state.post()
    title = study_files.title_for(texts, post)
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in study_files.write_all(
            drawn.bank, texts, Path(folder), title=title, post=post, taxonomy=desk.taxonomy()
        ):
            archive.write(path, path.name)
    return out.getvalue()


def _refresh(bank: Bank) -> None:
    """The bank held against the library as it is today; items of changed texts are re-issued or retire."""
    found = study_upkeep.refresh(bank, study_state.library(), on=desk.today())
    study_state.put_bank(found.bank)
    st.session_state["study_updated"] = t(
        "study_updated", kept=found.kept, reissued=found.reissued, retired=found.retired
    )
    st.rerun()


def show_update() -> None:
    """A bank saved as a file, brought up to date with the library and ready to download again."""
    with st.expander(t("study_update"), icon=":material/update:"):
        upload = st.file_uploader(t("study_update_file"), type=["json"], key="study_upload")
        if upload is None:
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / study_upkeep.FILE
            path.write_bytes(upload.getvalue())
            found = study_upkeep.refresh(study_upkeep.load(path), study_state.library(), on=desk.today())
        st.info(plain(t("study_updated", kept=found.kept, reissued=found.reissued, retired=found.retired)))
        _offer_bank(found.bank, "study_bank_updated")
