"""The page in a real browser: duty list, letter, reply, quiz and check, each walked as a user walks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_first_start_shows_the_sample(page: Any, go: Any, shoot: Any) -> None:
    assert page.get_by_text("样例·虚构").first.is_visible()
    shoot(page, "home")


def test_ask_then_open_the_text(page: Any, go: Any, shoot: Any) -> None:
    go(page, "问答")
    page.get_by_label("请输入问题").fill("望川市安全生产条例第十一条")
    page.get_by_role("button", name="查找条文").click()
    page.get_by_text("每月对配送车辆的电池").first.wait_for()
    shoot(page, "ask")
    page.get_by_role("button", name="打开原文").first.click()
    page.get_by_role("dialog").get_by_text("现场管理").wait_for()
    shoot(page, "open")


def test_duty_list_downloads_as_word(page: Any, go: Any, shoot: Any, tmp_path: Path) -> None:
    go(page, "责任清单")
    page.get_by_label("或直接描述").fill("生产经营单位主要负责人")
    page.get_by_label("或直接描述").press("Enter")
    page.get_by_role("button", name="列出责任").click()
    page.get_by_role("button", name="下载 Word").wait_for()
    shoot(page, "duties")
    with page.expect_download() as started:
        page.get_by_role("button", name="下载 Word").click()
    saved = tmp_path / "list.docx"
    started.value.save_as(saved)
    table = Document(str(saved)).tables[0]
    assert len(table.rows) > 5
    assert "《望川市安全生产条例（样例·虚构）》" in table.rows[1].cells[2].text


def test_english_switch(page: Any, go: Any, shoot: Any) -> None:
    page.get_by_role("button", name="English").click()
    page.get_by_text("Texts held").wait_for()
