"""Ask and Library in a real browser: from a question to the text and back; from an upload to a question."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

import pytest
from docx import Document

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
FRESH = """# 望川市样例电梯安全规定（样例·虚构）

2026年3月1日 望川市样例委员会通过

<!-- INFO END -->

第一条 电梯使用单位应当每十五日对曳引钢丝绳检查一次，并保存检查记录三年。

第二条 本规定自2026年4月1日起施行。
"""


def ask(page: Any, go: Any, text: str) -> None:
    go(page, "问答")
    page.get_by_label("请输入问题").fill(text)
    page.get_by_label("请输入问题").press("Enter")


def test_a_question_its_text_versions_links_duties_and_citation(page: Any, go: Any, shoot: Any) -> None:
    ask(page, go, "望川市安全生产条例第十一条")
    page.get_by_text("每月对配送车辆的电池").first.wait_for()
    shoot(page, "ask")
    page.get_by_role("button", name="打开原文").first.click()
    window = page.get_by_role("dialog")
    window.get_by_text("现场管理").wait_for()
    shoot(page, "open")
    window.get_by_role("tab", name="版本").click()
    window.get_by_text("正在看的版本").wait_for()
    window.get_by_text("新增的字加底色").or_(window.get_by_text("文字相同")).or_(
        window.get_by_text("新版本增加的")
    ).first.wait_for()
    shoot(page, "versions")
    window.get_by_role("tab", name="引用关系").click()
    window.get_by_text("引用本条的条文").wait_for()
    window.get_by_role("tab", name="责任与罚则").click()
    window.get_by_text("相应的罚则").wait_for()
    window.get_by_role("tab", name="复制引用").click()
    window.get_by_text("公文式").wait_for()
    window.get_by_test_id("stCode").nth(2).wait_for()
    close(page, window)


def close(page: Any, window: Any) -> None:
    """Escape in the window; where its drawing has just taken the keyboard from it, Tab gives it back."""
    for _ in range(5):
        with contextlib.suppress(Exception):
            window.press("Escape", timeout=3000)
            window.wait_for(state="hidden", timeout=3000)
        if not window.is_visible():
            return
        page.keyboard.press("Tab")
    raise AssertionError("the window does not close")


def test_a_filter_narrows_the_answer(page: Any, go: Any, shoot: Any) -> None:
    ask(page, go, "安全生产检查多久一次？")
    page.get_by_role("button", name="打开原文").first.wait_for()
    page.get_by_text("筛选", exact=True).click()
    page.get_by_text("只看现行有效", exact=True).click()
    page.get_by_text("筛选（已用 1 项）").wait_for()
    shoot(page, "filters")


def test_what_is_not_found_is_said(page: Any, go: Any) -> None:
    ask(page, go, "今天望川市的猪肉多少钱一斤？")
    page.get_by_text("没有找到能够回答的条文").wait_for()
    page.get_by_text("最接近的条文（不构成答案）").wait_for()


def test_a_follow_up_and_the_history(page: Any, go: Any) -> None:
    ask(page, go, "望川市安全生产条例第十一条")
    page.get_by_role("button", name="《望川市安全生产条例（样例·虚构）》").first.click()
    page.get_by_text("只在这部法规里找：").wait_for()
    page.get_by_label("请输入问题").fill("望川市安全生产条例第十二条")
    page.get_by_label("请输入问题").press("Enter")
    page.get_by_text("第十二条", exact=True).first.wait_for()
    page.reload()
    page.get_by_text("我的提问记录").click()
    page.get_by_role("button", name="望川市安全生产条例第十二条").first.wait_for()


def test_the_keyboard_alone_asks_and_opens(page: Any, go: Any) -> None:
    go(page, "问答")
    page.get_by_label("请输入问题").focus()
    page.keyboard.type("望川市安全生产条例第十一条")
    page.keyboard.press("Enter")
    opener = page.get_by_role("button", name="打开原文").first
    opener.wait_for()
    for _ in range(40):
        page.keyboard.press("Tab")
        if opener.evaluate("node => node === document.activeElement"):
            break
    else:
        raise AssertionError("the button is not reached by Tab")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()


def test_every_control_has_a_name_for_a_screen_reader(page: Any, go: Any) -> None:
    for name in ("首页", "问答", "语料库"):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_timeout(1500)
        unnamed = page.evaluate(
            """() => [...document.querySelectorAll('main input, main textarea, main button')]
                .filter(node => node.offsetParent && node.type != 'hidden' && node.tabIndex >= 0)
                .filter(node => !node.textContent.trim() && !node.getAttribute('aria-label')
                    && !node.labels?.length && !node.title && !node.getAttribute('aria-labelledby'))
                .map(node => node.outerHTML.slice(0, 160))"""
        )
        assert unnamed == [], name


def test_a_law_is_uploaded_and_asked_about(page: Any, go: Any, shoot: Any, tmp_path: Path) -> None:
    file = tmp_path / "望川市样例电梯安全规定（样例·虚构）(2026-03-01).md"
    file.write_text(FRESH, encoding="utf-8")
    go(page, "语料库")
    page.get_by_role("tab", name="添加").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(file))
    page.get_by_text("望川市样例电梯").first.wait_for()
    page.get_by_role("button", name="收录", exact=True).click()
    page.get_by_role("tab", name="添加").click()
    page.get_by_text("已完成，索引是最新的。").or_(page.get_by_text("收录报告：")).first.wait_for()
    shoot(page, "library_add")
    ask(page, go, "电梯的曳引钢丝绳多少天检查一次？")
    page.get_by_text("每十五日对曳引钢丝绳检查一次").first.wait_for()


def test_coverage_is_drawn(page: Any, go: Any, shoot: Any) -> None:
    go(page, "语料库")
    page.get_by_role("tab", name="覆盖情况").click()
    page.locator("canvas, svg.marks").first.wait_for()
    shoot(page, "library")


def test_the_answer_comes_as_paper(page: Any, go: Any, tmp_path: Path) -> None:
    ask(page, go, "望川市安全生产条例第十一条")
    with page.expect_download() as started:
        page.get_by_role("button", name="下载答复单（Word）").click()
    saved = tmp_path / "sheet.docx"
    started.value.save_as(saved)
    text = "\n".join(paragraph.text for paragraph in Document(str(saved)).paragraphs)
    assert "《望川市安全生产条例（样例·虚构）》第十一条规定：“" in text


def test_the_first_page_is_there_in_five_seconds(browser: Any, server: str) -> None:
    """After the server is up: a new person's first useful page, texts counted."""
    started = time.monotonic()
    tab = browser.new_page(viewport={"width": 1366, "height": 768})
    tab.goto(server)
    tab.get_by_text("已收录文本").wait_for(timeout=20_000)
    taken = time.monotonic() - started
    tab.close()
    assert taken < 5.0, f"{taken:.1f} s"
