"""The page, run by Streamlit's own test driver over the sample corpus: every page and role."""

from __future__ import annotations

import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from corpus import saved_work
from corpus.library import Library
from corpus.place import Address
from indexer.build import build_index
from indexer.intake import STARTER, take_in
from screens import access_list, asked, audit, work

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
APP = str(Path(__file__).resolve().parents[1] / "app.py")
PAYLOAD = "<script>alert(1)</script>"
BATTERY = "电动配送平台企业应当每月对配送车辆的电池进行一次检查"
READERS = ("home", "ask", "study", "library")
EDITORS = ("duties", "rectify", "check")


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


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZEREN_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def office(sample: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The page with a login set up; `office(email)` is the page as that person sees it."""
    monkeypatch.setenv("ZEREN_DATA", str(sample))
    (sample / "settings").mkdir(exist_ok=True)
    listed = sample / access_list.FILE
    listed.write_text('[users]\n"li@o.example" = "reader"\n"wang@o.example" = "editor"\n', encoding="utf-8")

    def seen_by(email: str | None) -> AppTest:
        page = AppTest.from_file(APP, default_timeout=60)
        page.secrets["auth"] = {"client_id": "x"}
        page.user = {"is_logged_in": bool(email), "email": email or "", "iat": time.time()}
        return page

    yield seen_by
    listed.unlink()


def everything(app: AppTest) -> str:
    shown = [*app.title, *app.markdown, *app.caption, *app.warning, *app.error, *app.info, *app.subheader]
    return "\n".join(str(element.value) for element in shown)


def open_page(app: AppTest, name: str, *, tab: str | None = None) -> AppTest:
    """A page by its address, as a browser opens it, in a new session."""
    app.run()
    if tab:
        app.session_state["library_tab"] = tab
    return turn_to(app, name)


def turn_to(app: AppTest, name: str) -> AppTest:
    """Another page of the same session; the driver's own verb knows only pages that are files."""
    found = {info["url_pathname"]: key for key, info in app._registered_pages.items()}
    app._page_hash = found["" if name == "home" else name]
    return app.run()


def ask(app: AppTest, text: str) -> AppTest:
    open_page(app, "ask")
    app.text_input(key="question").input(text)
    next(button for button in app.button if button.label == "查找条文").click()
    return app.run()


# -- every page and role -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_in_both_languages(app: AppTest, language: str) -> None:
    app.session_state["language"] = language
    app.run()
    for name in (*READERS, *EDITORS):
        turn_to(app, name)
        assert not app.exception, name
        assert app.title[0].value, name


def test_an_editor_opens_every_page(office: Any) -> None:
    page = office("wang@o.example").run()
    for name in (*READERS, *EDITORS):
        turn_to(page, name)
        assert not page.exception, name
        assert "只对“编辑”开放" not in everything(page), name


def test_a_reader_opens_the_readers_pages_and_is_refused_the_others(office: Any) -> None:
    page = office("li@o.example").run()
    for name in READERS:
        turn_to(page, name)
        assert not page.exception, name
        assert "只对“编辑”开放" not in everything(page), name
    for name in EDITORS:
        turn_to(page, name)
        assert "只对“编辑”开放" in everything(page), name
        assert not page.title, name
        assert not page.text_area, name


def test_a_reader_sees_the_texts_but_no_way_to_change_them(office: Any) -> None:
    page = open_page(office("li@o.example"), "library")
    assert [tab.label for tab in page.tabs][:3] == ["文本", "覆盖情况", "缺什么"]
    assert not {"操作记录", "添加", "索引与样例"} & {tab.label for tab in page.tabs}


def test_an_editor_sees_the_log(office: Any, sample: Path) -> None:
    audit.record(sample, "li@o.example", "导出", "清单一.docx")
    page = open_page(office("wang@o.example"), "library", tab="操作记录")
    shown = [frame.value for frame in page.dataframe if "对象" in frame.value.columns]
    assert "清单一.docx" in set(shown[0]["对象"])


@pytest.mark.parametrize(
    ("email", "sentence"),
    [(None, "请先登录"), ("zhao@o.example", "不在使用名单"), ("", "请先登录")],
)
def test_nobody_else_sees_anything(office: Any, email: str | None, sentence: str) -> None:
    page = office(email).run()
    assert sentence in everything(page).replace("\\", "")
    assert "望川市" not in everything(page)
    assert not page.metric


def test_a_list_without_a_login_lets_nobody_in(office: Any) -> None:
    page = office("wang@o.example")
    page.secrets.clear()
    page.run()
    assert "登录没有配置好" in everything(page)
    assert not page.metric


def test_each_sees_their_own_work_and_questions(office: Any, sample: Path) -> None:
    work.keep(sample, "wang@o.example", "duty_list", "王的清单", {})
    ask(office("wang@o.example"), "望川市安全生产条例第十一条")
    mine = office("wang@o.example").run()
    assert "王的清单" in everything(mine)
    others = office("li@o.example").run()
    assert "王的清单" not in everything(others)
    assert asked.history(sample, "li@o.example") == ()
    assert [one.name for one in asked.history(sample, "wang@o.example")] == ["望川市安全生产条例第十一条"]


# -- home --------------------------------------------------------------------------------------------


def test_home_says_what_is_held_and_that_it_is_a_sample(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert int(app.metric[0].value) >= 10
    assert "样例·虚构" in everything(app)
    assert "2027\\-01\\-01" in everything(app), "the text that takes effect later is announced"


def test_home_asks_on_the_ask_page(app: AppTest) -> None:
    app.run()
    app.text_input(key="home_question").input("望川市安全生产条例第十一条")
    app.button[0].click().run()
    assert not app.exception
    assert BATTERY in everything(app)


def test_english_switch(app: AppTest) -> None:
    app.run()
    app.button(key="switch_language").click().run()
    assert not app.exception
    assert "Texts held" in [metric.label for metric in app.metric]


@pytest.mark.parametrize("name", READERS)
def test_an_empty_data_folder_teaches(empty: Path, name: str) -> None:
    page = open_page(AppTest.from_file(APP, default_timeout=60), name)
    assert not page.exception
    assert "还没有语料库" in everything(page)
    assert not (empty / "corpus.db").exists()


def test_what_changed_since_the_last_visit_is_said_all_through_a_visit(sample: Path, app: AppTest) -> None:
    app.run()
    assert "这是您第一次来" in everything(app)
    with sqlite3.connect(sample / work.FILE) as db:
        rows = db.execute(f"SELECT {saved_work.COLUMNS} FROM saved WHERE kind = 'visit'").fetchall()
        then = [(*row[:4], "2024-12-31T09:00:00.000+08:00", row[5]) for row in rows]
        words = "UPDATE saved SET saved_at = ?, seal = ? WHERE id = ?"
        db.executemany(words, [(row[4], saved_work.mark(row), row[0]) for row in then])
    db.close()
    for _ in range(2):  # a reload is the same visit
        page = AppTest.from_file(APP, default_timeout=60).run()
        shown = everything(page).replace("\\", "")
        assert "自 2024-12-31 09:00 起" in shown
        assert "开始施行" in shown
        assert "新收录" in shown


# -- ask ---------------------------------------------------------------------------------------------


def test_a_citation_is_answered_with_its_words_and_place(app: AppTest) -> None:
    ask(app, "望川市安全生产条例第十一条")
    assert not app.exception
    shown = everything(app)
    assert BATTERY in shown.replace(":orange-background[**", "").replace("**]", "")
    assert "现行有效" in shown
    assert "第十一条" in shown


def test_what_no_text_says_is_not_answered(app: AppTest) -> None:
    ask(app, "今天望川市的猪肉多少钱一斤？")
    assert "没有找到能够回答的条文" in everything(app)


def test_payloads_are_shown_as_text(app: AppTest) -> None:
    ask(app, PAYLOAD)
    assert not app.exception
    assert not any(element.allow_html for element in app.markdown)


def test_a_filter_asks_again_at_once(app: AppTest) -> None:
    ask(app, "安全生产检查多久一次")
    app.multiselect(key="ask_ranks").set_value(["司法解释"])
    app.run()
    assert not app.exception
    one = app.session_state["asked_now"]
    assert one.filters.kinds == ("司法解释",)
    library_kinds = {hit.place.title for hit in one.answer.hits}
    assert all("解释" in title for title in library_kinds)


def test_a_chip_let_go_is_asked_without(app: AppTest) -> None:
    ask(app, "望川市一把手的安全生产职责是什么？")
    pills = app.button_group[0] if app.button_group else None
    assert pills is not None
    first = app.session_state["asked_now"]
    kept = [chip.undo for chip in first.chips if chip.used][1:]
    pills.set_value(kept)
    app.run()
    second = app.session_state["asked_now"]
    assert len(second.off) == 1
    assert {chip.undo for chip in second.chips} >= {chip.undo for chip in first.chips}
    assert second.off[0] not in {chip.undo for chip in second.answer.question.recognised}


def test_a_follow_up_stays_within_the_text(app: AppTest) -> None:
    ask(app, "望川市安全生产条例第十一条")
    app.button(key="within_0").click().run()
    assert "只在这部法规里找" in everything(app)
    app.text_input(key="question").input("有限空间作业怎么审批？")
    next(button for button in app.button if button.label == "查找条文").click()
    app.run()
    one = app.session_state["asked_now"]
    assert {hit.place.title for hit in one.answer.hits} <= {"望川市安全生产条例（样例·虚构）"}
    app.button(key="ask_everywhere").click().run()
    assert app.session_state["asked_now"].filters.works == ()


def test_the_text_opens_at_its_place(app: AppTest) -> None:
    ask(app, "望川市安全生产条例第十一条")
    app.button(key="open_s0").click().run()
    assert not app.exception
    shown = everything(app)
    assert ":red[▌]**第十一条**" in shown
    assert "第十条" in shown
    assert "第十二条" in shown


@pytest.fixture
def window(sample: Path, app: AppTest) -> Any:
    """The window of a provision at one of its tabs."""
    with Library.open(sample) as library:
        versions = library.versions(library.find_works("望川市安全生产条例（样例·虚构）")[0])
        key = next(edition.key for edition in versions if edition.status("2026-11-22") == "in_force")

    def opened(tab: str, article: int) -> AppTest:
        page = AppTest.from_string("from screens import provision\nprovision._draw()", default_timeout=60)
        page.session_state["provision_trail"] = [(key, Address(article))]
        page.session_state["provision_tab"] = tab
        return page.run()

    return opened


def test_the_citation_is_offered_in_three_styles(window: Any) -> None:
    page = window("复制引用", 11)
    codes = [code.value for code in page.code]
    assert codes[0] == "《望川市安全生产条例（样例·虚构）》第十一条"
    assert "2024-09-27版本，现行有效" in codes[1]
    assert BATTERY in codes[2]


def test_versions_show_the_words_that_changed(window: Any) -> None:
    shown = "".join(everything(window("版本", number)) for number in range(1, 20))
    assert "2020\\-03\\-20" in shown
    assert ":red[~~" in shown
    assert ":green-background[**" in shown


def test_duties_and_penalties_of_the_article(window: Any) -> None:
    shown = "".join(everything(window("责任与罚则", number)) for number in range(8, 16))
    assert ":blue-badge[" in shown
    assert "相应的罚则" in shown


def test_a_link_is_followed_and_leads_back(window: Any) -> None:
    for number in range(1, 45):
        page = window("引用关系", number)
        links = [button for button in page.button if button.label == "打开原文"]
        if links:
            links[0].click().run()
            assert len(page.session_state["provision_trail"]) == 2
            page.button(key="trail_back").click().run()
            assert len(page.session_state["provision_trail"]) == 1
            return
    raise AssertionError("no article of the sample cites another")


def test_a_judgement_is_stored_with_its_reason(app: AppTest, sample: Path) -> None:
    ask(app, "望川市安全生产条例第十一条")
    next(radio for radio in app.radio if "有用" in str(radio.options)).set_value(False)
    app.run()
    next(box for box in app.text_input if box.label == "理由（可不填）").input("没有写期限")
    next(button for button in app.button if button.label == "记下").click()
    app.run()
    held = work.owned(sample, "本机", asked.JUDGEMENT)
    assert (held[0].payload["useful"], held[0].payload["reason"]) == (False, "没有写期限")
    assert held[0].payload["cited"]


def test_the_history_asks_again(app: AppTest) -> None:
    ask(app, "望川市安全生产条例第十一条")
    again = AppTest.from_file(APP, default_timeout=60)
    again.session_state["ask_history"] = True
    open_page(again, "ask")
    next(button for button in again.button if "望川市安全生产条例第十一条" in button.label).click()
    again.run()
    assert BATTERY in everything(again).replace(":orange-background[**", "").replace("**]", "")


@pytest.fixture
def text_window(sample: Path, app: AppTest) -> AppTest:
    """One text of the library, as an editor sees it when its row is ticked."""
    script = """
from screens import desk, library_texts
found = [e for e in desk.library().editions() if e.masthead.version == "2024-09-27"]
library_texts._one(desk.library(), found[0], editor=True)
"""
    return AppTest.from_string(script, default_timeout=60).run()


def test_a_text_shows_its_timeline_proofs_and_words(text_window: AppTest) -> None:
    assert not text_window.exception
    shown = everything(text_window).replace("\\", "")
    assert "2020-06-01 → 2025-01-01" in shown, "the version before, with its first and last day"
    assert any("核对通过" in str(ok.value) for ok in text_window.success)
    assert "SHA-256" in shown
    assert BATTERY in shown
    assert "确定移除《望川市安全生产条例（样例·虚构）》2024-09-27" in shown


# -- library -----------------------------------------------------------------------------------------


def wait_for_job(page: AppTest, seconds: float = 60) -> None:
    from screens.library_add import workshop

    started = time.monotonic()
    while time.monotonic() - started < seconds:
        job = workshop().job(Path(__import__("os").environ["ZEREN_DATA"]))
        if job is not None and job.ended:
            page.run()
            return
        time.sleep(0.2)
    raise AssertionError("the job did not end")


def test_a_folder_is_added_indexed_reported_and_logged(empty: Path, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("texts")
    for name in ("望川市安全生产条例（样例·虚构）(2024-09-27).md", "wangchuan-leaders-safety-guide.en.txt"):
        (folder / name).write_bytes((STARTER / name).read_bytes())
    (folder / "坏的.pdf").write_bytes(b"%PDF-1.4 nothing")
    page = open_page(AppTest.from_file(APP, default_timeout=60), "library")
    page.text_input(key="add_folder").input(str(folder))
    page.button(key="add_button").click().run()
    wait_for_job(page)
    assert not page.exception
    frames = [frame.value for frame in page.dataframe if "结果" in frame.value.columns]
    assert sorted(frames[0]["结果"]) == ["拒绝", "新加入", "新加入"]
    assert any("索引是最新的" in str(ok.value) for ok in page.success)
    actions = [entry.action for entry in audit.entries(empty)]
    assert actions == ["收录", "开始收录"]
    ask(page, "望川市安全生产条例第十一条")
    assert BATTERY in everything(page).replace(":orange-background[**", "").replace("**]", "")


def test_the_sample_goes_and_comes_back(empty: Path) -> None:
    page = open_page(AppTest.from_file(APP, default_timeout=60), "library")
    page.button(key="sample_add_first").click().run()
    wait_for_job(page)
    page.session_state["library_tab"] = "索引与样例"
    page.run()
    assert any("与文本一致" in str(ok.value) for ok in page.success)
    page.button(key="sample_remove").click().run()
    wait_for_job(page)
    assert not page.exception
    page.session_state["library_tab"] = "索引与样例"
    page.run()
    assert "没有载入样例" in everything(page)
    assert [entry.action for entry in audit.entries(empty)][:3] == ["更新索引", "开始更新索引", "移除样例"]


def test_an_index_that_does_not_open_is_said_and_made_anew(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample, data)
    monkeypatch.setenv("ZEREN_DATA", str(data))
    for file in (data / "index").glob("*/*"):
        if file.name != "manifest.json" and file.stat().st_size:
            file.write_bytes(b"of another program")
    page = open_page(AppTest.from_file(APP, default_timeout=60), "library", tab="索引与样例")
    assert not page.exception
    assert page.error
    page.button(key="index_now").click().run()
    wait_for_job(page)
    ask(page, "望川市安全生产条例第十一条")
    assert BATTERY in everything(page).replace(":orange-background[**", "").replace("**]", "")


def test_a_folder_that_is_not_there_is_said(empty: Path) -> None:
    page = open_page(AppTest.from_file(APP, default_timeout=60), "library")
    page.text_input(key="add_folder").input("/不存在/的/文件夹")
    page.button(key="add_button").click().run()
    wait_for_job(page)
    assert "找不到" in everything(page)
    assert not page.exception
