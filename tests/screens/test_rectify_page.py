"""The rectify page: every kind of letter from its form, findings with their law, replies, kept drafts."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from generator.letter_form import form
from generator.letter_kind import REPLY, kinds
from screens import letter_findings, letter_state, work
from screens.access_list import LOCAL
from screens.letter_state import Filling

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
Open = Callable[[str], AppTest]
Offers = dict[str, Callable[[], bytes]]
LETTERS = [name for name in kinds() if name != REPLY]
ASKING = """检察建议书
川检建〔2026〕12号
望川市应急管理局：
本院在履行职责中发现，存在以下问题：
一是对危险化学品企业检查频次不足；
二是电动自行车充电场所隐患未及时整改。
根据有关规定，现提出如下检察建议：
一、加强对危险化学品企业的监督检查；
二、督促整改电动自行车充电场所隐患。
请于收到本建议书后两个月内书面回复本院。
望川市人民检察院
2026年10月8日
"""


def everything(page: AppTest) -> str:
    kinds_of = (page.title, page.markdown, page.caption, page.warning, page.error, page.info, page.success)
    return "\n".join(str(element.value) for kind in kinds_of for element in kind)


def filling(page: AppTest, slot: str = "letter") -> Filling:
    held: Filling = page.session_state[f"filling_{slot}"]
    return held


def step(page: AppTest, name: str, slot: str = "letter") -> AppTest:
    page.session_state[f"{slot}_step"] = name
    page.run()
    assert not page.exception
    return page


def chosen(page: AppTest, kind: str) -> AppTest:
    radio = next(one for one in page.radio if one.label == "文书种类")
    radio.set_value(kind).run()
    page.button(key="letter_sample").click().run()
    assert not page.exception
    return page


def paper(offers: Offers) -> Any:
    (name,) = (name for name in offers if name.endswith(".docx"))
    return Document(io.BytesIO(offers[name]()))


@pytest.mark.parametrize("kind", LETTERS)
def test_every_kind_is_walked_from_its_sample_to_the_paper(
    kind: str, open_page: Open, offers: Offers
) -> None:
    page = chosen(open_page("rectify"), kind)
    for name in filling(page).steps:
        step(page, name)
    assert not page.error
    words = "".join(p.text for p in paper(offers).paragraphs)
    assert filling(page).text("发文机关") in words


@pytest.mark.parametrize("kind", LETTERS)
def test_every_missing_field_is_named_beside_its_field(kind: str, open_page: Open) -> None:
    page = open_page("rectify")
    next(one for one in page.radio if one.label == "文书种类").set_value(kind).run()
    step(page, "paper")
    shown = everything(page)
    for field in form(kind).kind.required:
        assert f"缺少必填项“{field}”" in shown
    step(page, "fields")
    assert ":red[缺少必填项“发文机关”。]" in everything(page)


def test_a_company_is_refused_with_the_reason_and_offered_its_own_kind(open_page: Open) -> None:
    page = chosen(open_page("rectify"), "责令限期整改指令书")
    filling(page).fields["发文机关"] = "望川市平安五金制品有限公司"
    step(page, "paper")
    assert "只能由行政机关制作" in everything(page)
    page.button(key="letter_instead").click().run()
    assert filling(page).kind == "隐患整改通知单"
    assert filling(page).text("受检部门") == "望川市平安五金制品有限公司"
    assert len(filling(page).rows("问题")) == 3


def test_findings_typed_get_the_law_to_choose_from(open_page: Open) -> None:
    page = step(open_page("rectify"), "findings")
    assert "还没有问题" in everything(page)
    page.text_area(key="findings_text").set_value("电动配送平台没有每月检查电池\n\n今天天气很好")
    next(b for b in page.button if b.label == "加入").click().run()
    assert [row["内容"] for row in filling(page).rows("问题")] == [
        "电动配送平台没有每月检查电池",
        "今天天气很好",
    ]
    law = next(radio for radio in page.radio if radio.label == "违反的条文")
    assert "望川市安全生产条例" in law.options[0]
    assert "将引用" in everything(page)
    assert "库中没有找到" in everything(page)
    law.set_value("不引用").run()
    assert filling(page).rows("问题")[0]["依据"] == "不引用"


def test_a_citation_by_hand_is_verified(open_page: Open) -> None:
    page = step(open_page("rectify"), "findings")
    page.text_area(key="findings_text").set_value("没有按规定检查")
    next(b for b in page.button if b.label == "加入").click().run()
    law = next(radio for radio in page.radio if radio.label == "违反的条文")
    if law.value != letter_findings.BY_HAND:
        law.set_value("自己填写").run()
    words = next(one for one in page.text_input if one.label == "自己填写")
    words.set_value("《望川市安全生产条例（样例·虚构）》第九百条").run()
    assert "查不到" in everything(page)
    words = next(one for one in page.text_input if one.label == "自己填写")
    words.set_value("《望川市安全生产条例（样例·虚构）》第十一条").run()
    assert "将引用： 《望川市安全生产条例（样例·虚构）》第十一条" in everything(page)


def test_advice_is_taken_only_when_asked(open_page: Open) -> None:
    page = step(chosen(open_page("rectify"), "责令限期整改指令书"), "findings")
    assert not filling(page).rows("问题")[0].get("责任人")
    next(b for b in page.button if b.label == "采用建议").click().run()
    row = filling(page).rows("问题")[0]
    assert row["责任人"]
    assert row["整改要求"]
    assert row["期限"] == "立即", "what the person had written stays"


def record() -> bytes:
    book = Workbook()
    sheet = book.create_sheet()
    sheet.append(["被检查单位：望川市平安五金制品有限公司"])
    sheet.append(["检查日期：2026年11月10日"])
    sheet.append(["序号", "问题描述", "检查部位", "整改期限"])
    sheet.append([1, "安全出口被货物堵塞", "一车间", "2026-12-01"])
    sheet.append([2, "灭火器过期", "仓库", ""])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_record_fills_findings_and_facts(open_page: Open) -> None:
    page = step(open_page("rectify"), "findings")
    page.file_uploader[0].set_value(("记录.xlsx", record(), "application/octet-stream")).run()
    assert not page.exception
    assert [row["内容"] for row in filling(page).rows("问题")] == ["安全出口被货物堵塞", "灭火器过期"]
    assert filling(page).rows("问题")[0]["位置"] == "一车间"
    assert filling(page).text("被检查单位") == "望川市平安五金制品有限公司"
    assert filling(page).text("检查日期") == "2026-11-10"


def test_a_file_that_is_no_record_is_one_sentence(open_page: Open) -> None:
    page = step(open_page("rectify"), "findings")
    page.file_uploader[0].set_value(("记录.docx", b"not a file", "application/octet-stream")).run()
    assert not page.exception
    assert "记录" in page.error[0].value
    assert "下一步" in everything(page)


def reply(page: AppTest) -> AppTest:
    page.session_state["rectify_task"] = "reply"
    page.run()
    page.file_uploader[0].set_value(("检察建议书.txt", ASKING.encode(), "text/plain")).run()
    assert not page.exception
    return page


def test_a_recommendation_is_read_and_answered_one_to_one(open_page: Open, offers: Offers) -> None:
    page = reply(open_page("rectify"))
    assert "按检察建议书载明的期限" in everything(page)
    page.date_input[0].set_value(date(2026, 10, 10)).run()
    assert "回复到期日：2026\\-12\\-10" in everything(page)
    step(page, "answers", "reply")
    states = [one for one in page.selectbox if one.label == "状态"]
    assert len(states) == 2
    states[0].set_value("已完成").run()
    step(page, "paper", "reply")
    assert "没有证据附件号" in everything(page)
    step(page, "answers", "reply")
    assert ":red[第1条标为已完成，但没有证据附件号。]" in everything(page)
    next(one for one in page.text_input if one.label == "证据附件号").set_value("附件1").run()
    next(one for one in page.text_area if one.label == "措施").set_value("开展专项检查").run()
    step(page, "paper", "reply")
    assert not page.error
    words = "\n".join(p.text for p in paper(offers).paragraphs)
    assert words.index("加强对危险化学品企业的监督检查") < words.index("督促整改电动自行车充电场所隐患")
    assert "开展专项检查" in words


def test_what_is_typed_last_is_kept_when_the_next_step_is_pressed_at_once(open_page: Open) -> None:
    page = step(reply(open_page("rectify")), "answers", "reply")
    next(one for one in page.text_area if one.label == "措施").set_value("开展专项检查")
    step(page, "fields", "reply")
    assert filling(page, "reply").rows("落实情况")[0]["措施"] == "开展专项检查"


def test_what_was_read_can_be_corrected_and_the_count_follows(open_page: Open) -> None:
    page = reply(open_page("rectify"))
    page.button(key="reply_add").click().run()
    asks = [one for one in page.text_area if one.label == "3"]
    asks[0].set_value("建立长效机制").run()
    assert "原件读出 2 条，现为 3 条" in everything(page)
    page.date_input[0].set_value(date(2026, 10, 10)).run()
    step(page, "paper", "reply")
    assert not page.error


def test_a_draft_reopens_after_a_restart_with_its_recommendation(open_page: Open, data: Path) -> None:
    page = reply(open_page("rectify"))
    page.button(key="reply_step_save").click().run()
    page.date_input[0].set_value(date(2026, 10, 10)).run()
    (saved,) = work.owned(data, LOCAL.name, "letter")
    assert saved.payload["fields"]["收到日期"] == "2026-10-10", "changes of a saved draft are saved"

    again = open_page("rectify")
    again.session_state["reopen"] = saved.id
    again.run()
    assert not again.exception
    held = filling(again, "reply")
    assert held.kind == REPLY
    assert held.read is not None
    assert held.text("收到日期") == "2026-10-10"
    assert len(held.rows("落实情况")) == 2


def test_a_letter_and_a_reply_are_kept_apart(open_page: Open, data: Path) -> None:
    page = chosen(open_page("rectify"), "整改函")
    page.button(key="letter_step_save").click().run()
    reply(page)
    page.button(key="reply_step_save").click().run()
    assert {one.payload["kind"] for one in work.owned(data, LOCAL.name)} == {"整改函", REPLY}


def test_findings_alone_are_looked_up_and_go_on_into_a_letter(open_page: Open) -> None:
    page = open_page("rectify")
    page.session_state["rectify_task"] = "basis"
    page.run()
    page.text_area(key="basis_text").set_value("电动配送平台没有每月检查电池").run()
    page.button(key="find_basis_button").click().run()
    assert "望川市安全生产条例" in everything(page)
    page.button(key="basis_to_letter").click().run()
    assert filling(page).rows("问题") == [
        {"内容": "电动配送平台没有每月检查电池", **filling(page).rows("问题")[0]}
    ]


def test_the_payload_is_a_copy() -> None:
    held = Filling("letter", "整改函", {"问题": [{"内容": "甲"}]})
    kept = letter_state.payload(held)
    held.rows("问题")[0]["内容"] = "乙"
    assert kept["fields"]["问题"][0]["内容"] == "甲"
