"""问答: one box; verbatim statements, each with its place, version and status; a click opens the text."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from corpus.document import Edition
from retriever.hit import Hit
from retriever.stated import Answer, Statement
from screens import desk
from screens.wording import marked, plain, t

EXAMPLES = (
    "动火作业要不要安排专人在现场？",
    "特种作业人员没有证能上岗吗？",
    "发生事故后单位负责人要在多长时间内报告？",
    "主要负责人未履行职责怎么处罚？",
)


def show_page() -> None:
    st.title(t("ask"))
    text = st.text_area(t("question"), placeholder=t("question_hint"), height=80, key="question")
    with st.expander(t("filters")):
        left, right = st.columns(2)
        day = left.date_input(t("as_of"), value=date.today(), key="ask_day")
        only = right.checkbox(t("in_force_only"), value=False, key="ask_only")
    asked = st.button(t("ask_button"), type="primary", icon=":material/search:")
    picked = st.pills(t("examples"), EXAMPLES, key="example")
    wanted = text.strip() if asked and text.strip() else (picked or "")
    if wanted:
        with st.spinner(t("searching")):
            answer = desk.answers().ask(wanted, on=str(day))
        st.session_state.setdefault("asked", []).append(wanted)
        st.session_state["answer"] = answer
    shown: Answer | None = st.session_state.get("answer")
    if shown:
        _show_answer(shown, in_force_only=only)
    if history := st.session_state.get("asked"):
        with st.expander(t("history")):
            for line in dict.fromkeys(reversed(history)):
                st.markdown(f"- {plain(line)}")


show = desk.page(show_page)


def _show_answer(answer: Answer, *, in_force_only: bool) -> None:
    if notes := understood(answer):
        st.caption(f"{t('understood')}: {plain(notes)}")
    if answer.found:
        st.subheader(t("answer"))
        for number, statement in enumerate(answer.statements):
            if not in_force_only or statement.place.status == "in_force":
                _show_statement(number, statement)
    else:
        st.warning(plain(f"{t('not_found')} {answer.reason or ''}"))
    hits = [hit for hit in answer.hits if not in_force_only or hit.place.status == "in_force"]
    if hits:
        st.subheader(t("more_hits") if answer.found else t("nearest"))
        for number, hit in enumerate(hits):
            _show_hit(number, hit)


def understood(answer: Answer) -> str:
    """How the question was read, in one line."""
    question = answer.question
    parts = []
    if question.named.works:
        parts.append(f"{t('works')}：{'、'.join(question.named.works)}")
    if question.region:
        parts.append(f"{t('region')}：{question.region.city or question.region.province}")
    if question.on:
        parts.append(f"{t('as_of')}：{question.on}")
    parts += [f"{e.word} → {'、'.join(e.added)}" for e in question.expansions]
    return "；".join(parts)[:300]


def _place_line(place: Any) -> str:
    version = f" · {t('version')} {place.version}" if place.version else ""
    return f"**{plain(place.citation)}** {desk.status_badge(place.status)}{plain(version)}"


def _show_statement(number: int, statement: Statement) -> None:
    words = tuple(statement.text[a:b] for a, b in statement.decisive)
    with st.container(border=True):
        st.markdown(marked(statement.text, words))
        line, button = st.columns([5, 1])
        line.markdown(_place_line(statement.place))
        if button.button(t("open"), key=f"open_s{number}"):
            open_text(statement.key, statement.place.address.whole().label)


def _show_hit(number: int, hit: Hit) -> None:
    with st.container(border=True):
        line, button = st.columns([5, 1])
        line.markdown(_place_line(hit.place))
        st.markdown(plain(hit.text[:300]))
        if hit.also:
            st.caption(f"{t('also_in')}: " + plain("、".join(same.place.citation for same in hit.also[:5])))
        if button.button(t("open"), key=f"open_h{number}"):
            open_text(hit.key, hit.place.address.whole().label)


@st.dialog("原文", width="large")
def open_text(key: str, label: str) -> None:
    """The text of an edition around a provision: its chapter, neighbours and other versions."""
    library = desk.library()
    edition: Edition = library.edition(key)
    status = edition.status(desk.today())
    st.markdown(
        f"**{plain(edition.title)}** {desk.status_badge(status)} {plain(edition.masthead.version or '')}"
    )
    rows = library.provisions(key)
    at = next((n for n, row in enumerate(rows) if row.address.whole().label == label), 0)
    for heading in rows[at].headings:
        st.caption(plain(heading))
    for row in rows[max(0, at - 4) : at + 16]:
        here = row.address.whole().label == label
        mark = ":red[▌]" if here else ""
        st.markdown(f"{mark}**{plain(row.address.label)}** {plain(row.text)}")
    others = [e for e in library.versions(edition.work) if e.key != key]
    for other in others:
        st.caption(plain(f"{t('version')} {other.masthead.version} · {other.status(desk.today())}"))
