"""Fifty scripts in titles, names and texts: shown as the characters they are, none ever run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
CASES = Path(__file__).resolve().parents[1] / "cases" / "script_payloads.txt"
PAYLOADS = CASES.read_text(encoding="utf-8").splitlines()
WATCH = "window.ran = []; window.fired = n => { window.ran.push(n) }"


@pytest.fixture
def watched(page: Any) -> Iterator[Any]:
    """A tab that notes what runs; nothing may."""
    page.context.add_init_script(WATCH)
    dialogs: list[str] = []

    def note(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.reload()
    page.get_by_text("已收录文本").wait_for()
    yield page
    assert page.evaluate("window.ran") == []
    assert dialogs == []


def shown(page: Any) -> str:
    """Every word on the page, and what its fields hold, without the spaces between."""
    words = page.locator("body").inner_text()
    held = page.locator("input, textarea").evaluate_all("all => all.map(one => one.value).join('\\n')")
    return "".join((words + held).replace("\u2060", "").split())


def missing(page: Any) -> list[str]:
    words = shown(page)
    return [one for one in PAYLOADS if "".join(one.split()) not in words]


def test_fifty_payloads_there_are() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 50


def test_findings_and_a_letter(watched: Any, go: Any) -> None:
    go(watched, "整改文书")
    watched.get_by_role("radio", name="查找依据").click()
    watched.get_by_label("检查发现的问题").fill("\n".join(PAYLOADS))
    watched.get_by_label("检查发现的问题").press("Control+Enter")
    watched.get_by_role("button", name="查找依据").click()
    watched.get_by_role("button", name="用这些问题起草文书").wait_for()
    watched.get_by_label("检查发现的问题").fill("")
    assert missing(watched) == []


@pytest.mark.long
def test_a_duty_list_its_title_and_its_saved_name(watched: Any, go: Any) -> None:
    go(watched, "责任清单")
    watched.get_by_label("或直接描述").fill("生产经营单位主要负责人")
    watched.get_by_label("或直接描述").press("Enter")
    watched.get_by_role("button", name="列出责任").click()
    watched.get_by_role("tab", name="增加本单位自定责任").click()
    watched.get_by_label("责任事项", exact=True).fill("\n".join(PAYLOADS))
    watched.get_by_role("button", name="加入", exact=True).click()
    watched.get_by_role("radio", name="导出").click()
    watched.get_by_label("标题").fill(PAYLOADS[2])
    watched.get_by_label("标题").press("Enter")
    watched.get_by_role("button", name="保存").click()
    watched.get_by_text("之后的改动自动保存").wait_for()
    watched.get_by_role("radio", name="逐行审定").click()
    watched.get_by_role("button", name="上一行").wait_for()
    row = watched.get_by_role("combobox", name="第几行")
    row.click()
    row.fill("script")
    row.press("Enter")
    watched.get_by_text("本单位自定（不是法律规定）").wait_for()
    assert missing(watched) == []
    watched.get_by_role("link", name="首页", exact=True).click()
    watched.get_by_text(PAYLOADS[2]).first.wait_for()


@pytest.mark.long
def test_a_checked_document_and_its_name(watched: Any, go: Any, tmp_path: Path) -> None:
    document = Document()
    for one in PAYLOADS:
        document.add_paragraph(f"按照《{one}》第一条“{one}”的规定办理。")
    path = tmp_path / "<img src=x onerror=fired(0)>.docx"
    document.save(str(path))
    go(watched, "核验")
    watched.locator("input[type=file]").set_input_files(path)
    watched.get_by_text("未能核对，请逐处处理").wait_for()
    assert "<imgsrc=xonerror=fired(0)>" in shown(watched)
    for number in range(2, 6):
        link = watched.get_by_role("button", name=str(number), exact=True)
        if link.count():
            link.click()
            watched.wait_for_timeout(400)
