"""The duties page: scope, table, row by row, export; saved lists reopen; what amendments changed is shown."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from corpus.library import Library
from corpus.structure import read_document
from generator.duty_list import DutyList, ListKind, ListRow, dump
from indexer.build import build_index
from screens import duty_table, work
from screens.access_list import LOCAL

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
Open = Callable[[str], AppTest]


def everything(page: AppTest) -> str:
    kinds = (page.title, page.markdown, page.caption, page.warning, page.error, page.info, page.success)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def listed(page: AppTest) -> AppTest:
    page.selectbox(key="duty_post").select("主要负责人")
    page.button(key="duty_find").click().run()
    assert not page.exception
    return page


def held(page: AppTest) -> DutyList:
    drawn: DutyList = page.session_state["duty_list"]
    return drawn


def step(page: AppTest, name: str) -> AppTest:
    page.session_state["duty_step"] = name
    page.run()
    assert not page.exception
    return page


def test_a_scope_gives_rows_to_edit(open_page: Open) -> None:
    page = listed(open_page("duties"))
    assert len(held(page).rows) >= 5
    assert "已审定 0/" in everything(page)


def test_nothing_asked_is_one_sentence(open_page: Open) -> None:
    page = open_page("duties")
    page.button(key="duty_find").click().run()
    assert "请先选择岗位或行业" in everything(page)


ASKING = """
from screens import desk, duty_scope
duty_scope._find(desk.book().taxonomy, duty_scope._Asked("主要付责人", "煤矿山", "", "", "2026-01-01", None))
"""


@pytest.mark.usefixtures("data")
def test_an_unknown_post_offers_the_nearest_names() -> None:
    page = AppTest.from_string(ASKING, default_timeout=60).run()
    assert "没有名为" in everything(page)
    page.button(key="near_duty_post_主要负责人").click().run()
    assert page.session_state["duty_post"] == "主要负责人"
    page.button(key="near_duty_industry_煤矿").click().run()
    assert page.session_state["duty_industry"] == "煤矿"


def test_a_row_is_settled_approved_and_an_edit_takes_the_approval_back(open_page: Open) -> None:
    page = step(listed(open_page("duties")), "approve")
    first = held(page).rows[0]
    page.text_area(key=f"cell_{first.key}_assessment").set_value("每半年考核一次").run()
    page.button(key="duty_approve").click().run()
    approved = held(page).rows[0]
    assert approved.advice.assessment == "每半年考核一次"
    assert approved.approval is not None
    assert approved.approval.who == LOCAL.name
    assert approved.approval.when[:2] == "20"
    assert page.session_state["duty_at"] == held(page).rows[1].key, "the next row is shown"
    page.session_state["duty_at"] = first.key
    page.run()
    assert f"{LOCAL.name} 于" in everything(page)
    page.text_area(key=f"cell_{first.key}_comment").set_value("另行通知").run()
    assert held(page).rows[0].approval is None


def test_a_row_is_removed_and_put_back(open_page: Open) -> None:
    page = step(listed(open_page("duties")), "approve")
    before = held(page).rows
    page.button(key="duty_remove_one").click().run()
    assert [row.key for row in held(page).rows] == [row.key for row in before[1:]]
    step(page, "edit")
    page.button(key=f"back_{before[0].key}").click().run()
    assert [row.key for row in held(page).rows] == [row.key for row in before]


def test_duties_of_the_law_and_own_ones_are_added(open_page: Open) -> None:
    page = listed(open_page("duties"))
    count = len(held(page).rows)
    page.text_input(key="duty_add_text").set_value("电动配送平台企业 电池检查")
    page.button(key="duty_add_find").click().run()
    offered = page.multiselect(key="duty_add_rows").options
    assert offered
    page.session_state["duty_add_rows"] = [next(iter(page.session_state["duty_found"]))]
    page.run()
    page.button(key="duty_add").click().run()
    assert len(held(page).rows) == count + 1
    page.text_area(key="duty_own_words").set_value("每日班前喊话")
    next(b for b in page.button if b.label == "加入").click().run()
    assert held(page).rows[-1].own
    assert held(page).rows[-1].duty == "每日班前喊话"


def test_cells_of_the_table_go_into_the_list_and_the_law_does_not(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = listed(open_page("duties"))
    drawn = held(page)
    state = {"duty_list": drawn, "t": {"edited_rows": {0: {"怎么做": "每日检查"}, 1: {"责任事项": "改写"}}}}
    monkeypatch.setattr("streamlit.session_state", state)
    duty_table._fold("t", tuple(row.key for row in drawn.rows))
    after = state["duty_list"]
    assert isinstance(after, DutyList)
    assert after.rows[0].advice.method == "每日检查"
    assert after.rows[1].duty == drawn.rows[1].duty
    assert "条文原文" in str(state["duty_error"])


def test_a_saved_list_reopens_after_a_restart_and_keeps_further_edits(open_page: Open, data: Path) -> None:
    page = step(listed(open_page("duties")), "approve")
    page.button(key="duty_step_save").click().run()
    first = held(page).rows[0]
    page.button(key="duty_approve").click().run()
    (saved,) = work.owned(data, LOCAL.name, "duty_list")

    again = open_page("duties")
    again.button(key=f"again_duty_list_{saved.id}").click().run()
    assert not again.exception
    assert held(again).rows[0].key == first.key
    assert held(again).rows[0].approval is not None
    assert len(work.owned(data, LOCAL.name)) == 1

    home = AppTest.from_string("from screens import duties\nduties.show()", default_timeout=60)
    home.session_state["reopen"] = saved.id
    home.run()
    assert held(home).title == saved.name


def test_an_altered_quotation_does_not_reopen(open_page: Open, data: Path) -> None:
    page = listed(open_page("duties"))
    payload = dump(held(page))
    payload["rows"][0]["duty"] += "并且"
    saved = work.keep(data, LOCAL.name, "duty_list", "改过的", payload)
    again = open_page("duties")
    again.button(key=f"again_duty_list_{saved.id}").click().run()
    assert not again.exception
    assert again.error


def test_a_removed_work_is_gone(open_page: Open, data: Path) -> None:
    saved = work.keep(data, LOCAL.name, "duty_list", "旧清单", {})
    page = open_page("duties")
    page.button(key=f"gone_yes_duty_list_{saved.id}").click().run()
    assert work.owned(data, LOCAL.name) == ()
    assert "还没有保存过" in everything(page)


def test_another_person_sees_none_of_it(
    open_page: Open, data: Path, as_user: Callable[[str, str], None]
) -> None:
    saved = work.keep(data, "甲", "duty_list", "甲的清单", {})
    as_user("乙", "editor")
    page = open_page("duties")
    assert "甲的清单" not in everything(page)
    other = AppTest.from_string("from screens import duties\nduties.show()", default_timeout=60)
    other.session_state["reopen"] = saved.id
    other.run()
    assert "不属于您" in everything(other)


@pytest.mark.parametrize("name", ["duties", "rectify", "check"])
def test_a_reader_is_refused_by_one_sentence(
    name: str, open_page: Open, as_user: Callable[[str, str], None]
) -> None:
    as_user("丙", "reader")
    page = open_page(name)
    assert not page.exception
    assert "只对“编辑”开放" in everything(page)
    assert not page.button


Offers = dict[str, Callable[[], bytes]]


def test_export_says_what_is_not_approved_and_offers_word_and_excel(open_page: Open, offers: Offers) -> None:
    page = step(listed(open_page("duties")), "export")
    count = len(held(page).rows)
    assert f"还有 {count} 行未审定" in everything(page)
    page.text_input(key="duty_title").set_value("主要负责人/清单").run()
    page.selectbox(key="duty_as").select(ListKind.COMPANY).run()
    assert held(page).kind is ListKind.COMPANY
    table = Document(io.BytesIO(offers["主要负责人_清单.docx"]())).tables[0]
    assert len(table.rows) == count + 1
    assert offers["主要负责人_清单.xlsx"]()[:2] == b"PK"


def test_a_company_list_without_an_assessment_is_refused_by_row(open_page: Open) -> None:
    page = listed(open_page("duties"))
    drawn = held(page)
    bare = replace(drawn.rows[0], advice=replace(drawn.rows[0].advice, assessment=""))
    page.session_state["duty_list"] = replace(drawn, kind=ListKind.COMPANY, rows=(bare, *drawn.rows[1:]))
    step(page, "export")
    assert "第1行没有考核标准" in everything(page)


OLD = """# 样例装卸条例

2020年3月1日 样例委员会通过

<!-- INFO END -->

第一条 装卸企业的主要负责人应当每年组织一次安全检查。

第二条 装卸企业的主要负责人应当建立安全台账。

第三条 本条例自2020年5月1日起施行。
"""
NEW = OLD.replace("2020年3月1日", "2026年1月5日").replace("每年组织一次", "每季度组织一次").replace(
    "第三条 本条例自2020年5月1日",
    "第三条 装卸企业的主要负责人应当公布值班电话。\n\n第四条 本条例自2026年3月1日",
)  # fmt: skip


def test_a_reopened_list_shows_what_an_amendment_changed(open_page: Open, data: Path, tmp_path: Path) -> None:
    with Library.open(data) as library:
        for name, text in (("样例装卸条例(2020-03-01).md", OLD), ("样例装卸条例(2026-01-05).md", NEW)):
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            library.add(read_document(path, source=name), path.read_bytes(), source=name)
    build_index(data)
    page = open_page("duties")
    page.text_input(key="duty_text").set_value("装卸企业主要负责人")
    page.date_input(key="duty_day").set_value(date(2025, 6, 1))
    page.button(key="duty_find").click().run()
    rows: tuple[ListRow, ...] = held(page).rows
    assert any("每年组织一次" in row.duty for row in rows)
    page.button(key="duty_step_save").click().run()

    (saved,) = work.owned(data, LOCAL.name)
    again = open_page("duties")
    again.button(key=f"again_duty_list_{saved.id}").click().run()
    shown = everything(again)
    assert not again.exception
    assert "每季度组织一次" in shown
    assert "《样例装卸条例》已由" in shown
    next(b for b in again.button if b.label.startswith("按新文本更新")).click().run()
    assert any("每季度组织一次" in row.duty for row in held(again).rows)
    proposed = next(b for b in again.button if str(b.key).startswith("add_"))
    proposed.click().run()
    assert any("值班电话" in row.duty for row in held(again).rows)
