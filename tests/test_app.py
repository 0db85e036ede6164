"""The page, run by Streamlit's own test driver over the sample corpus, its index and its encoder."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indexer.build import build_index
from indexer.intake import STARTER, take_in

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
APP = str(Path(__file__).resolve().parents[1] / "app.py")
PAYLOAD = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    report = take_in(data, [STARTER], workers=1)
    assert len(report.added) + len(report.new_version) >= 10
    assert report.refused == []
    build_index(data)
    return data


@pytest.fixture
def app(sample: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("ZEREN_DATA", str(sample))
    return AppTest.from_file(APP, default_timeout=60)


def everything(app: AppTest) -> str:
    shown = [*app.title, *app.markdown, *app.caption, *app.warning, *app.error, *app.info, *app.subheader]
    return "\n".join(str(element.value) for element in shown)


def test_home_says_what_is_held_and_that_it_is_a_sample(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert int(app.metric[0].value) >= 10
    assert "样例·虚构" in everything(app)
    assert "2027\\-01\\-01" in everything(app), "the text that takes effect later is announced"


def test_english_switch(app: AppTest) -> None:
    app.run()
    app.button(key="switch_language").click().run()
    assert not app.exception
    assert "Texts held" in [metric.label for metric in app.metric]


def one_page(name: str) -> AppTest:
    return AppTest.from_string(f"from screens import {name}\n{name}.show()", default_timeout=60)


@pytest.mark.parametrize("name", ["home", "ask", "duties", "rectify", "check", "library"])
@pytest.mark.usefixtures("app")
def test_every_page_opens(name: str) -> None:
    page = one_page(name).run()
    assert not page.exception
    assert page.title[0].value


@pytest.mark.usefixtures("app")
def test_a_citation_is_answered_with_its_words_and_place() -> None:
    page = one_page("ask").run()
    page.text_area(key="question").input("望川市安全生产条例第十一条").run()
    page.button[0].click().run()
    assert not page.exception
    shown = everything(page)
    assert "电动配送平台企业应当每月对配送车辆的电池进行一次检查" in shown
    assert "现行有效" in shown


@pytest.mark.usefixtures("app")
def test_what_no_text_says_is_not_answered() -> None:
    page = one_page("ask").run()
    page.text_area(key="question").input("今天望川市的猪肉多少钱一斤？").run()
    page.button[0].click().run()
    assert "没有找到能够回答的条文" in everything(page)


@pytest.mark.usefixtures("app")
def test_payloads_are_shown_as_text() -> None:
    page = one_page("ask").run()
    page.text_area(key="question").input(PAYLOAD).run()
    page.button[0].click().run()
    assert not page.exception
    assert not any(element.allow_html for element in page.markdown)


@pytest.mark.usefixtures("app")
def test_a_duty_list_of_the_principal() -> None:
    page = one_page("duties").run()
    page.selectbox(key="post").select("主要负责人").run()
    page.button[0].click().run()
    assert not page.exception
    assert any("共" in str(caption.value) for caption in page.caption)


def test_an_empty_data_folder_teaches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_DATA", str(tmp_path))
    page = one_page("ask").run()
    assert not page.exception
    assert "还没有语料库" in everything(page)


@pytest.mark.usefixtures("app")
def test_a_letter_names_what_is_missing() -> None:
    page = one_page("rectify").run()
    page.selectbox(key="letter_kind").select("隐患整改通知单").run()
    page.button(key="letter_button").click().run()
    assert not page.exception
    assert "缺少必填项" in everything(page)


@pytest.mark.usefixtures("app")
def test_a_reply_of_an_empty_table_is_refused_by_name() -> None:
    page = one_page("rectify").run()
    page.selectbox(key="letter_kind").select("检察建议整改落实情况复函").run()
    page.text_input(key="letter_检察建议整改落实情况复函_发文机关").input("望川市应急管理局").run()
    page.button(key="letter_button").click().run()
    assert "检察建议" in everything(page)
