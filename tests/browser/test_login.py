"""Login end to end: our page, a local OpenID Connect provider, a real browser; who is let in, and to what."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from docx import Document

from indexer.build import build_index
from indexer.intake import STARTER, take_in
from screens import access_list, audit, work

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{name}_of_login", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


oidc, shared_browser = beside("oidc_provider"), beside("conftest")
ACCOUNTS = {
    "李读者": {"sub": "1", "email": "li@office.example", "email_verified": True},
    "王编辑": {"sub": "2", "email": "wang@office.example", "email_verified": True},
    "赵编辑": {"sub": "3", "email": "zhao@office.example", "email_verified": True},
    "路人": {"sub": "4", "email": "someone@elsewhere.example", "email_verified": True},
    "冒名者": {"sub": "5", "email": "wang@office.example", "email_verified": False},
}
LIST = """
[users]
"li@office.example" = "reader"
"wang@office.example" = "editor"
"zhao@office.example" = "editor"
"""
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "a-cookie-secret-of-the-tests-0123456789"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def office_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("office")
    take_in(data, [STARTER], workers=1)
    build_index(data)
    (data / "settings").mkdir(exist_ok=True)
    (data / access_list.FILE).write_text(LIST, encoding="utf-8")
    work.keep(data, "wang@office.example", "duty_list", "王编辑的清单", {})
    return data


@pytest.fixture(scope="module")
def office(office_data: Path) -> Iterator[str]:
    with oidc.running(oidc.Provider(ACCOUNTS)) as provider:
        text = SECRETS.format(client=oidc.CLIENT, secret=oidc.SECRET, issuer=provider.issuer)
        (office_data / "settings" / "secrets.toml").write_text(text, encoding="utf-8")
        with shared_browser.serving(office_data, NO_PROXY="127.0.0.1", no_proxy="127.0.0.1") as address:
            yield address


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A tab with cookies of its own: one person."""
    context = browser.new_context(viewport=shared_browser.LAPTOP, accept_downloads=True)
    context.set_default_timeout(40_000)
    yield context.new_page()
    context.close()


def log_in(tab: Any, address: str, account: str) -> None:
    tab.goto(address)
    tab.get_by_role("button", name="登录", exact=True).click()
    tab.get_by_role("heading", name="选择账号").wait_for()
    tab.get_by_role("link", name=account).click()
    tab.wait_for_url(f"{address}/**")


def test_nothing_is_shown_before_login(tab: Any, office: str) -> None:
    for path in ("", "/library", "/ask"):
        tab.goto(office + path)
        tab.get_by_text("请先登录").wait_for()
        assert tab.get_by_text("望川市").count() == 0
        assert tab.get_by_role("link", name="问答", exact=True).count() == 0


def test_a_reader_sees_the_readers_pages(tab: Any, office: str) -> None:
    log_in(tab, office, "李读者")
    tab.get_by_text("已收录文本").wait_for()
    names = [link.inner_text() for link in tab.get_by_test_id("stSidebarNavLink").all()]
    assert [name.split("\n")[-1] for name in names] == ["首页", "问答", "学习资料", "语料库"]
    assert tab.get_by_text("li@office.example · 读者").is_visible()


@pytest.mark.parametrize("path", ["duties", "rectify", "check"])
def test_a_reader_opening_an_editors_page_by_its_address_is_refused(tab: Any, office: str, path: str) -> None:
    log_in(tab, office, "李读者")
    tab.get_by_text("已收录文本").wait_for()
    tab.goto(f"{office}/{path}")
    tab.get_by_text("这一页只对“编辑”开放").wait_for()
    assert tab.get_by_role("textbox").count() == 0
    assert tab.get_by_role("button", name="列出责任").count() == 0


def test_an_editor_sees_every_page_and_the_log(tab: Any, office: str, office_data: Path) -> None:
    log_in(tab, office, "王编辑")
    tab.get_by_text("王编辑的清单").wait_for()
    assert tab.get_by_test_id("stSidebarNavLink").count() == 7
    tab.goto(f"{office}/duties")
    tab.get_by_role("button", name="列出责任").wait_for()


def test_nobody_sees_anothers_work(tab: Any, office: str) -> None:
    log_in(tab, office, "赵编辑")
    tab.get_by_text("已收录文本").wait_for()
    tab.wait_for_timeout(500)
    assert tab.get_by_text("王编辑的清单").count() == 0


@pytest.mark.parametrize(
    ("account", "sentence"),
    [("路人", "您已登录为 someone@elsewhere.example，但不在使用名单里。"), ("冒名者", "没有确认邮箱")],
)
def test_a_stranger_is_refused_with_a_sentence(tab: Any, office: str, account: str, sentence: str) -> None:
    log_in(tab, office, account)
    tab.get_by_text(sentence).wait_for()
    assert tab.get_by_test_id("stSidebarNavLink").count() == 0
    tab.goto(f"{office}/library")
    tab.get_by_text(sentence).wait_for()
    assert tab.get_by_text("望川市").count() == 0


def test_logging_out_closes_the_page(tab: Any, office: str) -> None:
    log_in(tab, office, "王编辑")
    tab.get_by_text("已收录文本").wait_for()
    tab.get_by_role("button", name="退出登录").click()
    tab.get_by_text("请先登录").wait_for()
    tab.goto(f"{office}/ask")
    tab.get_by_text("请先登录").wait_for()


def test_a_forged_cookie_opens_nothing(tab: Any, office: str) -> None:
    value = "2|1:0|10:1700000000|15:_streamlit_user|8:e30=|" + "0" * 64
    tab.context.add_cookies([{"name": "_streamlit_user", "value": value, "url": office}])
    tab.goto(office)
    tab.get_by_text("请先登录").wait_for()


def test_exports_and_changes_stand_in_the_log(
    tab: Any, office: str, office_data: Path, tmp_path: Path
) -> None:
    log_in(tab, office, "李读者")
    tab.get_by_text("已收录文本").wait_for()
    tab.get_by_role("link", name="问答", exact=True).click()
    tab.get_by_text("主要负责人未履行职责怎么处罚？").wait_for()  # the page is drawn to its end
    tab.get_by_label("请输入问题").fill("望川市安全生产条例第十一条")
    tab.get_by_role("button", name="查找条文").click()
    with tab.expect_download() as started:
        tab.get_by_role("button", name="下载答复单（Word）").click()
    saved = tmp_path / "sheet.docx"
    started.value.save_as(saved)
    assert "第十一条规定：“" in "".join(paragraph.text for paragraph in Document(str(saved)).paragraphs)
    newest = audit.entries(office_data)[0]
    assert (newest.user, newest.action) == ("li@office.example", "导出")
    assert newest.subject.startswith("条文答复单-")
    assert tab.get_by_role("link", name="责任清单", exact=True).count() == 0


def test_removing_the_sample_is_asked_twice_and_logged(tab: Any, office: str, office_data: Path) -> None:
    log_in(tab, office, "王编辑")
    tab.get_by_text("已收录文本").wait_for()
    tab.get_by_role("link", name="语料库", exact=True).click()
    tab.get_by_role("tab", name="索引与样例").click()
    tab.get_by_role("button", name="移除样例").click()
    tab.get_by_role("button", name="确认移除").click()
    tab.get_by_text("已完成，索引是最新的。").wait_for()
    tab.get_by_role("tab", name="索引与样例").click()
    tab.get_by_text("没有载入样例").wait_for()
    found = audit.entries(office_data)
    assert "移除样例" in {entry.action for entry in found}
    assert {entry.user for entry in found[:2]} == {"wang@office.example"}
