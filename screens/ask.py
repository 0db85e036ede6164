"""问答: one box; verbatim statements, each with its place, version and status; a click opens the text."""

from __future__ import annotations

import streamlit as st

from screens import ask_answer, ask_filters, asked, desk
from screens.access import current_user
from screens.asked import AGAIN, Asked, put_again
from screens.wording import plain, t

EXAMPLES = (
    "动火作业要不要安排专人在现场？",
    "特种作业人员没有证能上岗吗？",
    "发生事故后单位负责人要在多长时间内报告？",
    "主要负责人未履行职责怎么处罚？",
)
ONE = "asked_now"  # the question on the page, with its answer


def show_page() -> None:
    st.title(t("ask"), anchor=False)
    again = st.session_state.pop(AGAIN, "")
    if again:
        st.session_state["question"] = again
    ask_filters.show_within()
    with st.form("ask_form", border=False):
        box, button = st.columns([6, 1], vertical_alignment="bottom")
        text = box.text_input(t("question"), placeholder=t("question_hint"), key="question")
        pressed = button.form_submit_button(
            t("ask_button"), type="primary", icon=":material/search:", width="stretch"
        )
    filters = ask_filters.choose(desk.taxonomy(), desk.library().editions())
    one: Asked | None = st.session_state.get(ONE)
    wanted = text.strip() if pressed or again else ""
    if wanted:
        with st.spinner(t("searching")):
            one = asked.put(desk.answers(), wanted, filters)
        asked.remember(desk.data(), current_user().name, one)
    elif one is not None and one.filters != filters:
        one = asked.put(desk.answers(), one.text, filters)
    if one is None:
        _teach()
        return
    st.session_state[ONE] = one
    off = ask_answer.show(one)
    _history()
    if set(off) != set(one.off):
        st.session_state[ONE] = asked.put(desk.answers(), one.text, filters, off=off, before=one)
        st.rerun()


show = desk.page(show_page)


def _teach() -> None:
    """What an empty page says: what may be asked, with examples to press."""
    st.markdown(f"**{t('teach_ask_head')}**")
    st.markdown(t("teach_ask"))
    st.caption(t("examples"))
    for number, example in enumerate(EXAMPLES):
        st.button(
            example, key=f"example_{number}", on_click=put_again, args=(example,), icon=":material/help:"
        )
    _history()


def _history() -> None:
    """The user's own questions; nobody else sees them."""
    owner = current_user().name
    if not (held := asked.history(desk.data(), owner)):
        return
    box = st.expander(
        t("history_n", n=len(held)), icon=":material/history:", key="ask_history", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        for one in held[:30]:
            found = t("history_found") if one.payload.get("found") else t("history_none")
            st.button(
                f"{plain(one.name)} :small[{plain(one.saved_at[:16].replace('T', ' '))} · {found}]",
                key=f"history_{one.id}", type="tertiary", on_click=put_again, args=(one.payload["text"],),
            )  # fmt: skip
        st.button(t("history_forget"), key="history_forget", on_click=asked.forget, args=(desk.data(), owner))
