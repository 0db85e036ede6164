"""The editor in a real browser: duty list, letter, reply, quiz and check, each to the file it ends in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
LAW = "《望川市安全生产条例（样例·虚构）》"
FAULTY = (
    f"按照{LAW}第十一条“电动配送平台企业应当每年对配送车辆的电池进行一次检查”的规定，请予整改。",
    f"依照{LAW}第九百条处理。",
    "依照《不存在的条例》第三条处理。",
    f"按照{LAW}第六条的规定办理。",
)
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


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def step(page: Any, name: str) -> None:
    """A step of the row of steps."""
    page.get_by_role("radio", name=name).click()


def word(page: Any, folder: Path, label: str = "下载 Word") -> Any:
    """The Word file a button hands out, reopened."""
    with page.expect_download() as started:
        press(page, label)
    saved = folder / "saved.docx"
    started.value.save_as(saved)
    return Document(str(saved))


def drawn(page: Any) -> None:
    """Waits for the picture of the first page."""
    page.get_by_test_id("stImage").wait_for()


def test_a_duty_list_is_edited_approved_downloaded_and_reopened(
    page: Any, go: Any, shoot: Any, tmp_path: Path
) -> None:
    go(page, "责任清单")
    shoot(page, "duties-scope")
    page.get_by_label("或直接描述").fill("生产经营单位主要负责人")
    page.get_by_label("或直接描述").press("Enter")
    press(page, "列出责任")
    table = page.get_by_test_id("stDataFrame")
    table.locator("canvas").first.wait_for()
    shoot(page, "duties")
    fill_cell(page, table, 700, 85, "每日巡查并签字")
    step(page, "逐行审定")
    page.get_by_label("怎么做").wait_for()
    assert page.get_by_label("怎么做").input_value() == "每日巡查并签字"
    shoot(page, "duties-approve")
    press(page, "审定这一行")
    page.get_by_text("已审定 1/").wait_for()
    step(page, "导出")
    drawn(page)
    shoot(page, "duties-export")
    made = word(page, tmp_path)
    assert len(made.tables[0].rows) > 5
    assert made.tables[0].rows[1].cells[3].text == "每日巡查并签字"
    assert LAW in made.tables[0].rows[1].cells[2].text
    press(page, "保存")
    page.get_by_text("之后的改动自动保存").wait_for()
    page.reload()
    go(page, "责任清单")
    page.get_by_text("我保存的（1）").click()
    page.get_by_role("button", name="打开", exact=True).click()
    page.get_by_text("已审定 1/").wait_for()


def fill_cell(page: Any, table: Any, x: int, y: int, words: str) -> None:
    """Types into a cell of the table, by its place in pixels: the table is drawn on a canvas."""
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    editor = page.locator("#portal textarea")
    for _ in range(5):  # a slow browser draws the table again after the first click
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(300)
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        if editor.count():
            break
    editor.fill(words)
    page.keyboard.press("Enter")
    editor.wait_for(state="detached")
    page.wait_for_timeout(800)


def test_a_letter_is_drafted_from_findings(page: Any, go: Any, shoot: Any, tmp_path: Path) -> None:
    go(page, "整改文书")
    press(page, "下一步")
    page.get_by_label("检查发现的问题").fill("电动配送平台没有每月检查电池\n未建立事故隐患排查治理台账")
    press(page, "加入")
    page.get_by_text("将引用").first.wait_for()
    press(page, "采用建议")
    shoot(page, "letter-findings")
    press(page, "下一步")
    for name, words in (("发文机关", "望川市应急管理局"), ("被检查单位", "望川市快送配送有限公司")):
        page.get_by_label(name).first.fill(words)
        page.get_by_label(name).first.press("Enter")
    day = page.get_by_label("检查日期").first
    day.click()
    page.keyboard.type("20261110")
    page.keyboard.press("Escape")
    press(page, "下一步")
    drawn(page)
    shoot(page, "letter")
    words = "\n".join(p.text for p in word(page, tmp_path).paragraphs)
    assert "望川市快送配送有限公司" in words
    assert f"违反{LAW}第十一条" in words


def test_a_recommendation_is_answered(page: Any, go: Any, shoot: Any, tmp_path: Path) -> None:
    letter = tmp_path / "检察建议书.txt"
    letter.write_text(ASKING, encoding="utf-8")
    go(page, "整改文书")
    step(page, "回复检察建议")
    page.locator("input[type=file]").set_input_files(letter)
    page.get_by_text("检察建议（2 条").wait_for()
    page.get_by_label("收到日期").first.click()
    page.keyboard.type("20261010")
    page.keyboard.press("Escape")
    page.get_by_text("2026-12-10").first.wait_for()
    shoot(page, "reply-read")
    press(page, "下一步")
    page.get_by_label("措施").first.fill("开展专项检查")
    page.get_by_label("措施").first.press("Control+Enter")
    shoot(page, "reply")
    step(page, "预览与下载")
    drawn(page)
    words = "\n".join(p.text for p in word(page, tmp_path).paragraphs)
    assert words.index("加强对危险化学品企业的监督检查") < words.index("督促整改电动自行车充电场所隐患")
    assert "开展专项检查" in words


def test_items_are_made_and_practised(page: Any, go: Any, shoot: Any) -> None:
    go(page, "学习资料")
    page.get_by_label("选择文本").click()
    page.keyboard.type("望川市安全生产条例")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    press(page, "出题")
    page.get_by_text("答案：").first.wait_for()
    shoot(page, "study")
    step(page, "练习")
    page.get_by_role("button", name="提交").wait_for()
    page.locator("label").filter(has_text="A.").first.click()
    press(page, "提交")
    page.get_by_text("满分 1 分。答案").wait_for()
    shoot(page, "quiz")
    press(page, "下一题")
    page.get_by_text("第 2 题").wait_for()


def test_a_faulty_document_is_checked(page: Any, go: Any, shoot: Any, tmp_path: Path) -> None:
    document = Document()
    for words in FAULTY:
        document.add_paragraph(words)
    document.save(str(tmp_path / "通知.docx"))
    go(page, "核验")
    page.locator("input[type=file]").set_input_files(tmp_path / "通知.docx")
    page.get_by_text("2 处有误，1 处未能核对").wait_for()
    page.get_by_test_id("stDataFrame").locator("canvas").first.wait_for()
    page.get_by_text("文件写作").wait_for()
    shoot(page, "check")
    assert len(list(word(page, tmp_path, "下载带批注的副本").comments)) == 3
