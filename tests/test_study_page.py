"""The study page: make items, drop one, ask one again, practise with the provision shown, make the files."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from corpus.library import Library
from corpus.structure import read_document

TEXT = """# 样例检测条例

2020年3月1日 样例委员会通过

<!-- INFO END -->

第一条 检测机构应当自完成检测之日起七日内出具报告。

第二条 县级人民政府应当自收到报告之日起十五日内公布结果。

第三条 应急管理部门应当自受理申请之日起三十日内作出决定。

第四条 生产经营单位应当自事故发生之日起六十日内完成整改。

第五条 工会应当自接到反映之日起九十日内答复职工本人。

第六条 本条例自2020年5月1日起施行。
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    with Library.open(tmp_path / "data", create=True) as library:
        path = tmp_path / "样例检测条例(2020-03-01).md"
        path.write_text(TEXT, encoding="utf-8")
        library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)
    monkeypatch.setenv("ZEREN_DATA", str(tmp_path / "data"))
    return AppTest.from_string("from screens import study\nstudy.show()", default_timeout=60).run()


def draw(page: AppTest, count: int = 5) -> AppTest:
    page.multiselect(key="study_works").set_value(["样例检测条例"])
    page.number_input(key="study_count").set_value(count)
    return press(page, "出题")


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click()
    return page.run()


def test_items_are_made_and_shown_with_their_provision(page: AppTest) -> None:
    draw(page)
    assert not page.exception
    assert len(page.session_state["study"].bank.items) == 5
    captions = "".join(caption.value for caption in page.caption)
    assert captions.count("答案：") == 5
    assert "样例检测条例》第" in captions


def test_an_item_is_dropped_and_another_asked_again(page: AppTest) -> None:
    draw(page)
    first = page.session_state["study"].bank.items[0]
    press(page, "删去")
    assert first.id not in {item.id for item in page.session_state["study"].bank.items}
    before = page.session_state["study"].bank.items[0]
    press(page, "换一题")
    after = page.session_state["study"].bank.items[0]
    assert after.id == before.id
    assert not page.exception


def test_a_note_of_the_trainer_is_kept_beside_the_law(page: AppTest) -> None:
    draw(page)
    item = page.session_state["study"].bank.items[0]
    page.text_input(key=f"note_{item.id}").set_value("讲师的话")
    page.run()
    kept = page.session_state["study"].bank.items[0]
    assert kept.note == "讲师的话"
    assert kept.basis == item.basis


def step(page: AppTest, name: str) -> AppTest:
    page.session_state["study_step"] = name
    return page.run()


def test_practising_marks_an_answer_and_shows_the_provision(page: AppTest) -> None:
    step(draw(page), "practise")
    item = page.session_state["study"].bank.items[0]
    page.radio(key=f"given_{item.id}").set_value(item.answer[0])
    press(page, "提交")
    assert "得 1 分" in page.success[0].value
    assert "《样例检测条例》" in page.info[0].value
    page.radio(key=f"given_{item.id}").set_value((item.answer[0] + 1) % 4)
    press(page, "提交")
    assert "得 0 分" in page.error[0].value
    press(page, "下一题")
    assert page.session_state["study_at"] == 1
    assert not page.exception


def test_a_bank_is_kept_and_reopens_after_a_restart(page: AppTest) -> None:
    draw(page)
    page.button(key="study_step_save").click().run()
    press(page, "删去")
    left = [item.id for item in page.session_state["study"].bank.items]
    again = AppTest.from_string("from screens import study\nstudy.show()", default_timeout=60).run()
    next(button for button in again.button if str(button.key).startswith("again_study_")).click().run()
    assert not again.exception
    assert [item.id for item in again.session_state["study"].bank.items] == left
    press(again, "换一题")
    step(again, "files")
    press(again, "按现行文本更新题库")
    assert "未变" in again.info[0].value


def test_practising_to_the_end_sums_the_marks(page: AppTest) -> None:
    page.pills(key="study_kinds").set_value(["single"])
    step(draw(page, 2), "practise")
    for item in page.session_state["study"].bank.items:
        page.radio(key=f"given_{item.id}").set_value(item.answer[0])
        press(page, "提交")
        done = any("全部做完：得 2 分" in box.value for box in page.success)
        press(page, "下一题")
    assert done
    press(page, "重新练习")
    assert page.session_state["study_at"] == 0


def test_all_files_in_one_archive(page: AppTest) -> None:
    step(draw(page), "files")
    press(page, "生成全部文件")
    assert not page.exception
    assert page.session_state["study_zip"][:2] == b"PK"


def test_nothing_chosen_is_one_sentence(page: AppTest) -> None:
    press(page, "出题")
    assert not page.exception
    assert "没有选择文本" in page.error[0].value


def test_too_many_asked_is_said(page: AppTest) -> None:
    draw(page, 900)
    assert "只有" in page.warning[0].value


def test_only_our_own_words_can_be_edited(page: AppTest) -> None:
    draw(page)
    item = next(one for one in page.session_state["study"].bank.items if one.rule != "topic")
    page.text_input(key=f"lead_{item.id}").set_value("按照现行规定，")
    page.run()
    kept = next(one for one in page.session_state["study"].bank.items if one.id == item.id)
    assert kept.lead == "按照现行规定，"
    assert kept.statement == item.statement
    assert kept.stem.startswith("按照现行规定，")
