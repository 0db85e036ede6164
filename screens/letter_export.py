"""Last step of a letter: what is still wrong, what to know, the letterhead, the first page, and the file."""

from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from generator import letter_draft
from generator.letter_draft import Draft
from generator.letterhead import find_letterhead, names
from screens import desk, export, letter_state
from screens.letter_start import offer_instead
from screens.letter_state import FINDINGS, PROGRESS, Filling
from screens.preview import show_first_page
from screens.progress import stopped, working
from screens.uploads import file_name
from screens.wording import plain, t

_STEP_OF = {FINDINGS: "findings", PROGRESS: "answers"}


def show(filling: Filling) -> None:
    filling.asked = True
    faults = filling.faults()
    if faults:
        st.error(t("letter_faults", n=len(faults)))
        for number, fault in enumerate(faults):
            words, button = st.columns([6, 1], vertical_alignment="center")
            words.markdown(f"{plain(fault.said)} :small[{plain(fault.next_step)}]")
            step = _STEP_OF.get(fault.field, "fields")
            button.button(
                t("go_there"), key=f"fault_{number}", on_click=letter_state.go, args=(filling, step)
            )
        offer_instead(filling, faults)
        return
    if not _looked_up(filling):
        return
    made = letter_state.drafted(filling)
    words, picture = st.columns([2, 3])
    with words:
        template = _letterhead()
        _files(filling, made, template)
        if made.term is not None:
            st.markdown(f"**{t('due')}：{plain(made.term.day or t('due_unknown'))}**")
        for note in made.notes:
            st.caption("⚠ " + plain(note))
    with picture:
        show_first_page(partial(_word, made, template), alt=filling.name)


def _looked_up(filling: Filling) -> bool:
    """Looks up every finding before the draft asks for it, so that a long letter shows how far it is.

    False where the person stopped it: the draft would go on asking.
    """
    rows = [row for row in filling.rows(FINDINGS) if FINDINGS in filling.told() and row.get("内容")]
    propose = letter_state.sources(filling.day).propose
    if propose is None or len(rows) < 2:
        return True
    if stopped("letter"):
        return False
    with working(t("looking_up"), key="letter") as step:
        for done, row in enumerate(rows):
            step(done, len(rows))
            if not row.get("依据"):
                propose(str(row["内容"]), filling.text("行业") or None, filling.text("地域") or None)
    return True


def _letterhead() -> Path | None:
    held = names(desk.data())
    if not held:
        return None
    chosen = st.selectbox(
        t("letterhead"), ["", *held], format_func=lambda n: n or t("letterhead_ours"), key="head"
    )
    return find_letterhead(desk.data(), str(chosen)) if chosen else None


def _files(filling: Filling, made: Draft, template: Path | None) -> None:
    export.offer(
        t("download_word"), partial(_word, made, template), file_name=file_name(filling.name, ".docx"),
        key="letter_word", type="primary",
    )  # fmt: skip
    shown = json.dumps(filling.told(), ensure_ascii=False, indent=1)
    export.offer(t("letter_save"), shown, file_name=file_name(filling.name, ".json"), key="letter_json")


def _word(made: Draft, template: Path | None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return letter_draft.write(made, Path(folder) / "letter.docx", letterhead=template).read_bytes()
