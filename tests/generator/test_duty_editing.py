"""Duty lists under a person's hand: filling in, adding, removing, approving, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.errors import InputRefused, WrongUsage
from generator import duty_editing as editing
from generator.duty_columns import columns_of
from generator.duty_list import Basis, DutyList, ListKind, ListRow, advise, draw_up, dump, load, restore, save
from generator.duty_paper import table_paper, text_paper

BASIS = Basis("《甲法》第三条", "2021-06-10", "in_force", 1, "单位应当组织演练。", "甲法.md")
AT = "2026-11-22T09:00"


def row(key: str, duty: str = "组织演练") -> ListRow:
    return ListRow(key, "安全员", "单位", "must", duty, (BASIS,), None, (), advise(duty, "must"))


@pytest.fixture
def drawn() -> DutyList:
    return draw_up([row("a"), row("b"), row("c")], kind=ListKind.COMPANY, title="清单", as_of="2026-11-22")


@pytest.mark.parametrize("kind", list(ListKind))
def test_every_column_is_shown_and_either_editable_or_refused(drawn: DutyList, kind: ListKind) -> None:
    listed = editing.change_kind(drawn, kind)
    for column in columns_of(kind):
        assert column.key in editing.rows(listed)[0].shown
        if column.editable:
            done = editing.set_cell(listed, "b", column.head, "本单位的写法")
            assert editing.rows(done)[1].values[column.key] == "本单位的写法"
            assert "本单位的写法" in editing.rows(done)[1].shown[column.key]
        else:
            with pytest.raises(InputRefused, match="备注"):
                editing.set_cell(listed, "b", column.key, "改写")


def test_what_the_unit_sets_is_no_suggestion_any_more(drawn: DutyList) -> None:
    assert editing.rows(drawn)[0].shown["assessment"].startswith("建议：")
    done = editing.set_cell(drawn, "a", "考核标准", "每季度得分90分以上", by="李某", at=AT)
    assert editing.rows(done)[0].shown["assessment"] == "每季度得分90分以上"
    assert done.rows[0].edited is not None
    assert done.rows[0].edited.who == "李某"
    often = editing.set_cell(drawn, "a", "频次/时限", "每季度一次")
    assert editing.rows(often)[0].shown["frequency"] == "法律未规定频次，本单位规定：每季度一次"


def test_approval_names_who_and_when_and_falls_with_an_edit(drawn: DutyList) -> None:
    done = editing.approve(drawn, "b", by="王某", at=AT)
    mark = editing.rows(done)[1].approval
    assert mark is not None
    assert (mark.who, mark.when) == ("王某", AT)
    assert editing.rows(done)[0].approval is None
    assert editing.set_cell(done, "b", "责任人员", "", by="李某") is done
    assert editing.set_cell(done, "b", "责任人员", "赵某").rows[1].approval is None
    assert editing.withdraw(done, "b").rows[1].approval is None
    with pytest.raises(WrongUsage, match="审定人"):
        editing.approve(drawn, "b", by=" ", at=AT)


def test_rows_come_and_go(drawn: DutyList) -> None:
    gone = editing.remove_row(drawn, "b", by="李某", at=AT)
    assert [r.key for r in gone.rows] == ["a", "c"]
    assert gone.removed[0].mark.who == "李某"
    assert [r.key for r in editing.put_back(gone, "b").rows] == ["a", "b", "c"]
    own = editing.own_row("安全员", "每天巡视车间", at=AT)
    more = editing.add_row(drawn, own, by="李某", at=AT, after="a")
    assert [r.own for r in more.rows] == [False, True, False, False]
    assert "本单位自定" in editing.rows(more)[1].shown["basis"]
    assert editing.set_cell(more, own.key, "责任事项", "每班巡视车间").rows[1].duty == "每班巡视车间"
    with pytest.raises(WrongUsage):
        editing.add_row(drawn, row("a"))
    with pytest.raises(WrongUsage):
        editing.remove_row(drawn, "z")


def test_an_own_row_without_assessment_keeps_a_company_list_from_paper(drawn: DutyList) -> None:
    own = editing.own_row("安全员", "每天巡视车间")
    more = editing.add_row(drawn, own)
    with pytest.raises(InputRefused, match="第4行没有考核标准"):
        table_paper(more)
    done = editing.set_cell(more, own.key, "考核标准", "无遗漏")
    assert table_paper(done).title == text_paper(done).title == "清单"


def test_a_saved_list_reopens_whole_and_a_changed_quotation_is_refused(
    drawn: DutyList, tmp_path: Path
) -> None:
    path = tmp_path / "list.json"
    made = editing.approve(editing.remove_row(drawn, "b"), "a", by="王某", at=AT)
    save(made, path)
    assert load(path) == made
    assert restore(dump(made)) == made
    for name, words in (("duty", "组织一次演练"), ("deadline", "每月")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["rows"][1][name] = words
        with pytest.raises(InputRefused, match="第2行的条文文字"):
            restore(raw)
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["rows"][0]["bases"][0]["text"] = "单位可以组织演练。"
    with pytest.raises(InputRefused, match="第1行的条文文字"):
        restore(raw)
