"""The page in a real browser: first start, ask, open the text, draw up a list, download and reopen it.

Drives Debian's Chromium through Playwright; skipped loudly where either is absent. With ZEREN_SHOTS=1
the screenshots of the README are made anew.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document

ROOT = Path(__file__).resolve().parents[1]
SHOTS = ROOT / "docs" / "screenshots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="SKIPPED LOUDLY: no Chromium on this machine"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`zeren serve` on an empty data folder, as a newcomer starts it."""
    data, port = tmp_path_factory.mktemp("first") / "数据 目录", free_port()
    words = [sys.executable, str(ROOT / "cli.py"), "serve", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(240):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, "the server ended"
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="SKIPPED LOUDLY: Playwright is absent")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, server: str) -> Iterator[Any]:
    tab = browser.new_page(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    tab.set_default_timeout(60_000)
    tab.goto(server)
    tab.get_by_text("已收录文本").wait_for()
    yield tab
    tab.close()


def shoot(page: Any, name: str) -> None:
    if os.environ.get("ZEREN_SHOTS"):
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(800)
        page.screenshot(path=str(SHOTS / f"{name}.png"))


def go(page: Any, name: str) -> None:
    page.get_by_role("link", name=name).click()
    page.get_by_role("heading", name=name, exact=True).wait_for()


def test_first_start_shows_the_sample(page: Any) -> None:
    assert page.get_by_text("样例·虚构").first.is_visible()
    shoot(page, "home")


def test_ask_then_open_the_text(page: Any) -> None:
    go(page, "问答")
    page.get_by_label("请输入问题").fill("望川市安全生产条例第十一条")
    page.get_by_role("button", name="查找条文").click()
    page.get_by_text("每月对配送车辆的电池").first.wait_for()
    shoot(page, "ask")
    page.get_by_role("button", name="打开原文").first.click()
    page.get_by_role("dialog").get_by_text("现场管理").wait_for()
    shoot(page, "open")


def test_duty_list_downloads_as_word(page: Any, tmp_path: Path) -> None:
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


def test_english_switch(page: Any) -> None:
    page.get_by_role("button", name="English").click()
    page.get_by_text("Texts held").wait_for()
