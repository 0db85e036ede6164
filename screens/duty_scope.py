"""First step of a duty list: whose duties, in which industry and region, on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from corpus.errors import WrongUsage
from generator.duty_list import ListKind
from generator.duty_rows import kind_for, list_of
from indexer.taxonomy import Taxonomy, nearest
from retriever import duties
from retriever.duties import DutyResult
from screens import desk, duty_state
from screens.wording import plain, t

EXAMPLES = ("生产经营单位主要负责人", "乡镇人民政府 安全生产职责", "劳动者 职业卫生权利和义务")
NEAR = 4  # names offered for an unknown one
NARROWER = 12  # regions and industries offered for a list that is too long


@dataclass(frozen=True, slots=True)
class _Asked:
    """The scope as filled in; "" and None mean not given."""

    post: str | None
    industry: str | None
    region: str
    text: str
    on: str
    kind: str | None


def show() -> None:
    taxonomy = desk.book().taxonomy
    left, middle, right, day = st.columns([3, 3, 2, 2])
    post = left.selectbox(
        t("post"), [post.name for post in taxonomy.posts], index=None, accept_new_options=True,
        placeholder=t("choose_or_type"), key="duty_post", persist_state="session",
    )  # fmt: skip
    industry = middle.selectbox(
        t("industry"), [one.name for one in taxonomy.industries], index=None, accept_new_options=True,
        placeholder=t("choose_or_type"), key="duty_industry", persist_state="session",
    )  # fmt: skip
    region = right.text_input(
        t("region"), placeholder=t("region_hint"), key="duty_region", persist_state="session"
    )
    on = day.date_input(t("as_of"), value=date.today(), key="duty_day", persist_state="session")
    text = st.text_input(
        t("free_text"), placeholder=t("free_text_hint"), key="duty_text", persist_state="session"
    )
    kind = st.segmented_control(
        t("list_kind"), [kind.value for kind in ListKind], key="duty_kind", help=t("list_kind_help"),
        persist_state="session",
    )  # fmt: skip
    asked = st.button(t("find_duties"), type="primary", icon=":material/checklist:", key="duty_find")
    picked = st.pills(t("duty_examples"), EXAMPLES, key="duty_example", on_change=_take_example)
    if asked:
        _find(taxonomy, _Asked(post, industry, region.strip(), text or picked or "", str(on), kind))


def _take_example() -> None:
    if chosen := st.session_state.get("duty_example"):
        st.session_state["duty_text"] = chosen


def _find(taxonomy: Taxonomy, asked: _Asked) -> None:
    if not (asked.post or asked.industry or asked.text.strip()):
        st.warning(t("duty_nothing_asked"))
        return
    try:
        with st.spinner(t("searching")):
            found = duties.find(
                desk.book(), post=asked.post or None, industry=asked.industry or None,
                region=asked.region or None, on=asked.on, text=asked.text or None,
            )  # fmt: skip
    except WrongUsage as error:
        st.error(plain(error.message))
        st.caption(f"{t('next')}: {plain(error.next_step)}")
        _offer_near(taxonomy, asked.post, asked.industry)
        return
    if not found.rows:
        st.info(t("no_duties"))
        for note in found.notes:
            st.caption(plain(note))
    elif found.too_many:
        _narrow(found)
    else:
        kind = ListKind(asked.kind) if asked.kind else kind_for(found.post or found.text or "")
        duty_state.start(list_of(found, desk.library(), kind=kind, book=desk.book()))
        st.session_state["duty_notes"] = found.notes
        st.rerun()


def _offer_near(taxonomy: Taxonomy, post: str | None, industry: str | None) -> None:
    """The nearest names of what is unknown, each a button that takes it."""
    names: list[tuple[str, str]] = []
    if post and taxonomy.find_post(post) is None:
        known = [name for one in taxonomy.posts for name in one.names]
        names += [("duty_post", name) for name in nearest(post, known, count=NEAR)]
    if industry and taxonomy.find_industry(industry) is None:
        known = [name for one in taxonomy.industries for name in one.names]
        names += [("duty_industry", name) for name in nearest(industry, known, count=NEAR)]
    if names:
        st.markdown(t("duty_near"))
    with st.container(horizontal=True):
        for field, name in names:
            st.button(plain(name), key=f"near_{field}_{name}", on_click=_take, args=(field, name))


def _narrow(found: DutyResult) -> None:
    """More than one list can hold: said, with what narrows it, each a button that takes it."""
    st.warning(t("duty_too_many", n=found.total))
    for note in found.notes:
        st.caption(plain(note))
    if found.narrow:
        st.markdown(t("duty_narrow"))
    with st.container(horizontal=True):
        for one in found.narrow[:NARROWER]:
            label = t("duty_narrow_one", name=plain(one.name), n=one.count)
            st.button(
                label, key=f"narrow_{one.by}_{one.name}", on_click=_take, args=(f"duty_{one.by}", one.name)
            )


def _take(field: str, name: str) -> None:
    st.session_state[field] = name
