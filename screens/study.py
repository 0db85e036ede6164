"""学习材料: choose texts, post and types; preview, edit, drop, regenerate; download; practise."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import streamlit as st

from corpus.library import Library
from corpus.place import Status
from generator import study_files, study_upkeep
from generator.study_item import Item, Kind, Rule
from generator.study_makers import Drawn, Wanted, choose, draw_up
from generator.study_practice import mark
from indexer.taxonomy import load
from screens import desk
from screens.wording import plain, t

SHOWN = 20
_FORGET = ("study_zip", "study_at", "study_marks")


@st.cache_resource(max_entries=2, show_spinner=False)
def _library(folder: str) -> Library:
    """The library alone: making items needs no index."""
    return Library.open(Path(folder))


def show_page() -> None:
    st.title(t("study"))
    _ask()
    drawn: Drawn | None = st.session_state.get("study")
    if drawn is None:
        return
    if drawn.shortage:
        st.warning(plain(drawn.shortage))
    st.caption(plain("、".join(drawn.bank.texts)))
    items, practise, files = st.tabs([t("study_items"), t("study_practise"), t("study_files")])
    with items:
        _show_items(drawn)
    with practise:
        _practise(drawn)
    with files:
        _files(drawn)


show = desk.page(show_page)


def _ask() -> None:
    library, taxonomy = _library(str(desk.data())), load(desk.data())
    none = t("none_chosen")
    day = desk.today()
    titles = sorted({e.title for e in library.editions() if e.status(day) is Status.IN_FORCE})
    works = st.multiselect(t("study_works"), titles, key="study_works")
    left, middle, right = st.columns(3)
    post = left.selectbox(t("post"), [none, *(p.name for p in taxonomy.posts)], key="study_post")
    industry = middle.selectbox(
        t("industry"), [none, *(i.name for i in taxonomy.industries)], key="study_field"
    )
    on = right.date_input(t("as_of"), value=date.today(), key="study_day")
    kinds = st.pills(
        t("study_kinds"),
        list(Kind),
        default=list(Kind),
        selection_mode="multi",
        format_func=_kind_words,
        key="study_kinds",
    )
    left, middle, right = st.columns(3)
    count = left.number_input(t("study_count"), 1, 5000, 50, key="study_count")
    seed = middle.number_input(t("study_seed"), 0, 10**6, 1, key="study_seed")
    levels = right.pills(
        t("study_difficulty"), [1, 2, 3], default=[1, 2, 3], selection_mode="multi", key="study_levels"
    )
    if st.button(t("study_draw"), type="primary", icon=":material/quiz:"):
        with st.spinner(t("study_drawing")):
            texts = choose(
                library, taxonomy, works=works, industry=None if industry == none else industry, on=str(on)
            )
            wanted = Wanted(
                tuple(kinds), (), None if post == none else taxonomy.post(post), tuple(levels), int(count)
            )
            drawn = draw_up(library, texts, wanted=wanted, seed=int(seed), on=str(on), taxonomy=taxonomy)
        st.session_state["study"], st.session_state["study_texts"] = drawn, texts
        st.session_state["study_for"] = wanted.post
        _forget()


def _kind_words(kind: Kind) -> str:
    return t(f"study_{kind.value}")


def _forget() -> None:
    for key in _FORGET:
        st.session_state.pop(key, None)


def _keep(drawn: Drawn) -> None:
    st.session_state["study"] = drawn
    st.session_state.pop("study_zip", None)


def _show_items(drawn: Drawn) -> None:
    total = len(drawn.bank.items)
    pages = max(1, -(-total // SHOWN))
    page = st.number_input(t("study_page", n=pages), 1, pages, 1, key="study_page") if pages > 1 else 1
    for number in range((page - 1) * SHOWN, min(total, page * SHOWN)):
        _show_item(drawn, number, drawn.bank.items[number])
    if drawn.bank.refused:
        with st.expander(t("study_refused", n=sum(drawn.bank.refused.values()))):
            for reason, times in drawn.bank.refused.items():
                st.markdown(f"- {plain(reason)} × {times}")


def _show_item(drawn: Drawn, number: int, item: Item) -> None:
    with st.container(border=True):
        st.markdown(f"**{number + 1}\\.** :blue-badge[{_kind_words(item.kind)}] {plain(item.stem)}")
        if item.kind is not Kind.TRUEFALSE:
            for position, option in enumerate(item.options):
                strong = "**" if position in item.answer else ""
                st.markdown(f"{strong}{'ABCDEFGH'[position]}\\. {plain(option)}{strong}")
        st.caption(plain(f"{t('study_answer')}：{item.answer_words}"))
        st.caption(plain(item.explanation))
        _edit(drawn, item)
        again, drop, _ = st.columns([1, 1, 6])
        if again.button(t("study_again"), key=f"again_{item.id}"):
            _regenerate(drawn, item)
        if drop.button(t("study_drop"), key=f"drop_{item.id}"):
            bank = drawn.bank.without(frozenset({item.id}))
            _keep(Drawn(bank, drawn.available, drawn.by_kind, drawn.shortage))
            st.rerun()


def _edit(drawn: Drawn, item: Item) -> None:
    """Our own words of an item: those before the law's, the difficulty, plain words; never the law's."""
    with st.expander(t("study_edit")):
        lead = st.text_input(
            t("study_lead"), item.lead, key=f"lead_{item.id}", disabled=item.rule is Rule.TOPIC
        )
        level = st.segmented_control(
            t("study_difficulty"), [1, 2, 3], default=item.difficulty, key=f"level_{item.id}"
        )
        note = st.text_input(t("study_note"), item.note, key=f"note_{item.id}")
    edited = replace(item, lead=lead, difficulty=level or item.difficulty, note=note)
    if edited != item:
        _keep(_with(drawn, edited))
        st.rerun()


def _with(drawn: Drawn, item: Item) -> Drawn:
    """The bank with one item put in the place of the one with its id."""
    return Drawn(drawn.bank.with_item(item), drawn.available, drawn.by_kind, drawn.shortage)


def _regenerate(drawn: Drawn, item: Item) -> None:
    texts = st.session_state["study_texts"]
    for seed in range(item.seed + 1, item.seed + 6):
        fresh = study_upkeep.regenerate(
            item, _library(str(desk.data())), texts, seed=seed, on=drawn.bank.as_of
        )
        if fresh is not None and (fresh.options, fresh.stem) != (item.options, item.stem):
            _keep(_with(drawn, fresh))
            st.rerun()
    st.toast(t("study_no_other"))


# -- practise ----------------------------------------------------------------------------------------


def _practise(drawn: Drawn) -> None:
    items = drawn.bank.items
    marks: dict[str, tuple[float, int]] = st.session_state.setdefault("study_marks", {})
    at = min(int(st.session_state.setdefault("study_at", 0)), len(items) - 1)
    if not items:
        st.info(t("study_none"))
        return
    progress = st.empty()
    item = items[at]
    st.markdown(f":blue-badge[{_kind_words(item.kind)}] {plain(item.stem)}")
    chosen, words = _given(item)
    left, right = st.columns(2)
    if left.button(t("study_submit"), type="primary", key=f"submit_{item.id}"):
        marked = mark(item, chosen=chosen, words=words)
        marks[item.id] = (marked.score, marked.full)
        st.session_state["study_shown"] = (item.id, marked)
    shown = st.session_state.get("study_shown")
    if shown and shown[0] == item.id:
        marked = shown[1]
        (st.success if marked.right else st.error)(
            plain(t("study_marked", score=f"{marked.score:g}", full=marked.full, answer=item.answer_words))
        )
        st.info(plain(item.explanation))
    score, full = sum(one for one, _ in marks.values()), sum(of for _, of in marks.values())
    words = t("study_progress", at=at + 1, of=len(items), score=f"{score:g}", full=full)
    progress.progress((at + 1) / len(items), text=words)
    if right.button(t("study_next"), key=f"next_{item.id}"):
        st.session_state["study_at"] = (at + 1) % len(items)
        st.rerun()


def _lettered(number: int, option: str) -> str:
    return f"{'ABCDEFGH'[number]}\\. {plain(option)}"


def _given(item: Item) -> tuple[tuple[int, ...], str]:
    """What the person has ticked or written."""
    key = f"given_{item.id}"
    if item.kind is Kind.MULTIPLE:
        ticked = [
            st.checkbox(_lettered(n, option), key=f"{key}_{n}") for n, option in enumerate(item.options)
        ]
        return tuple(n for n, on in enumerate(ticked) if on), ""
    if item.options:
        position = st.radio(
            t("study_answer"), range(len(item.options)), index=None, key=key,
            format_func=lambda n: _lettered(n, item.options[n]), label_visibility="collapsed",
        )  # fmt: skip
        return (() if position is None else (position,)), ""
    if item.kind is Kind.CLOZE:
        return (), st.text_input(t("study_answer"), key=key)
    return (), st.text_area(t("study_answer"), key=key)


# -- files -------------------------------------------------------------------------------------------


def _files(drawn: Drawn) -> None:
    left, right = st.columns(2)
    left.download_button(
        t("study_save"), json.dumps(drawn.bank.as_json(), ensure_ascii=False), file_name=study_upkeep.FILE,
        icon=":material/save:", key="study_save",
    )  # fmt: skip
    if right.button(t("study_make_files"), icon=":material/folder_zip:") and drawn.bank.items:
        with st.spinner(t("study_drawing")):
            st.session_state["study_zip"] = _packed(drawn)
    if packed := st.session_state.get("study_zip"):
        st.download_button(
            t("study_download"), packed, file_name="学习材料.zip", icon=":material/download:", key="study_get"
        )
    upload = st.file_uploader(t("study_update"), type=["json"], key="study_upload")
    if upload is not None:
        _update(upload.getvalue())


def _packed(drawn: Drawn) -> bytes:
    texts, post = st.session_state["study_texts"], st.session_state.get("study_for")
    title = study_files.title_for(texts, post)
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in study_files.write_all(
            drawn.bank, texts, Path(folder), title=title, post=post, taxonomy=load(desk.data())
        ):
            archive.write(path, path.name)
    return out.getvalue()


def _update(content: bytes) -> None:
    """A saved bank, brought up to date with the library and ready to download again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / study_upkeep.FILE
        path.write_bytes(content)
        found = study_upkeep.refresh(study_upkeep.load(path), _library(str(desk.data())), on=desk.today())
    st.info(t("study_updated", kept=found.kept, reissued=found.reissued, retired=found.retired))
    st.download_button(
        t("study_save"), json.dumps(found.bank.as_json(), ensure_ascii=False), file_name=study_upkeep.FILE,
        icon=":material/save:", key="study_save_updated",
    )  # fmt: skip
