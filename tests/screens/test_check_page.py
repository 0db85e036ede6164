"""The check page: what is right, wrong or unchecked; words that differ; the commented copy; kept reports."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from screens import work
from screens.access_list import LOCAL

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
Open = Callable[[str], AppTest]
LAW = "《望川市安全生产条例（样例·虚构）》"
FAULTY = (
    f"按照{LAW}第十一条“电动配送平台企业应当每年对配送车辆的电池进行一次检查”的规定，请予整改。",
    f"依照{LAW}第九百条处理。",
    "依照《不存在的条例》第三条处理。",
    f"按照{LAW}第六条的规定办理。",
)


def everything(page: AppTest) -> str:
    kinds = (page.title, page.markdown, page.caption, page.warning, page.error, page.info, page.success)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def docx(*paragraphs: str) -> tuple[str, bytes, str]:
    document = Document()
    for words in paragraphs:
        document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return "通知.docx", out.getvalue(), "application/octet-stream"


def test_a_faulty_document(open_page: Open, data: Path, offers: dict[str, Callable[[], bytes]]) -> None:
    page = open_page("check")
    assert "上传写好的文件" in everything(page)
    page.file_uploader[0].set_value(docx(*FAULTY)).run()
    assert not page.exception
    assert {metric.label: metric.value for metric in page.metric} == {
        "引用": "4", "一致": "1", "有误": "2", "未能核对": "1",
    }  # fmt: skip
    shown = everything(page)
    assert "文件写作 :red-background[年] → 条文为 :green-background[月]" in shown
    assert ":red-badge[库中没有该文本（未核）]" in shown, "what could not be checked is red"
    assert page.error
    assert not page.success
    (copy,) = offers.values()
    comments = [c.text for c in Document(io.BytesIO(copy())).comments]
    assert len(comments) == 3

    page.button(key="check_save").click().run()
    (saved,) = work.owned(data, LOCAL.name, "check")
    again = open_page("check")
    again.button(key=f"again_check_{saved.id}").click().run()
    assert {m.label: m.value for m in again.metric}["有误"] == "2"


def test_a_document_without_fault_is_green(open_page: Open) -> None:
    page = open_page("check")
    page.file_uploader[0].set_value(docx(FAULTY[3])).run()
    assert "1 处引用全部一致" in page.success[0].value


def test_views_narrow_the_findings(open_page: Open) -> None:
    page = open_page("check")
    page.file_uploader[0].set_value(docx(*FAULTY)).run()
    page.segmented_control(key="check_view").set_value("unchecked").run()
    assert "不存在的条例" in everything(page)
    assert "第九百条" not in everything(page)


def test_no_citation_is_said(open_page: Open) -> None:
    page = open_page("check")
    page.file_uploader[0].set_value(docx("没有引用的一段话。")).run()
    assert "没有找到引用" in everything(page)


def test_a_damaged_file_is_one_sentence(open_page: Open) -> None:
    page = open_page("check")
    page.file_uploader[0].set_value(("坏.docx", b"PK\x03\x04 broken", "application/octet-stream")).run()
    assert not page.exception
    assert page.error
