"""A text changes version: its items are marked 已过期 and re-issued with the same id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import InputRefused
from corpus.library import Library
from corpus.structure import read_document
from generator import study_exports, study_upkeep
from generator.study_item import Bank, Kind, Rule
from generator.study_makers import Wanted, choose, draw_up
from generator.study_text import StudyText
from generator.study_verifier import Verifier
from indexer.taxonomy import load

OLD = """# 样例检测条例

2020年3月1日 样例委员会通过

<!-- INFO END -->

第一条 检测机构应当自完成检测之日起七日内出具报告。

第二条 县级人民政府应当自收到报告之日起十五日内公布结果。

第三条 应急管理部门应当自受理申请之日起三十日内作出决定。

第四条 生产经营单位应当自事故发生之日起六十日内完成整改。

第五条 工会应当自接到反映之日起九十日内答复职工本人。

第六条 本条例自2020年5月1日起施行。
"""
NEW = (
    OLD.replace("2020年3月1日 样例委员会通过", "2020年3月1日 样例委员会通过\n\n2024年3月1日 样例委员会修订")
    .replace("七日内出具", "十日内出具")
    .replace("2020年5月1日起施行", "2024年5月1日起施行")
)
BEFORE, AFTER = "2023-06-01", "2025-06-01"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "data", create=True) as held:
        put(held, OLD, tmp_path, "样例检测条例(2020-03-01).md")
        yield held


def put(library: Library, text: str, folder: Path, name: str) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    library.add(read_document(path, source=name), path.read_bytes(), source=name)


def drawn(library: Library) -> Bank:
    taxonomy = load()
    texts = choose(library, taxonomy, works=["样例检测条例"], on=BEFORE)
    return draw_up(library, texts, wanted=Wanted(), seed=5, on=BEFORE, taxonomy=taxonomy).bank


def test_nothing_changes_while_the_text_stands(library: Library) -> None:
    bank = drawn(library)
    found = study_upkeep.refresh(bank, library, on=BEFORE)
    assert (found.kept, found.reissued, found.retired) == (len(bank.items), 0, 0)
    assert found.bank == bank


def test_an_amendment_reissues_with_the_same_ids(library: Library, tmp_path: Path) -> None:
    bank = drawn(library)
    put(library, NEW, tmp_path, "样例检测条例(2024-03-01).md")
    found = study_upkeep.refresh(bank, library, on=AFTER)
    assert found.kept == 0
    assert found.reissued > len(bank.items) // 2
    assert found.reissued + found.retired == len(bank.items)
    assert {item.id for item in found.bank.items} <= {item.id for item in bank.items}
    assert {item.version for item in found.bank.items} == {"2024-03-01"}
    assert {item.version for item in found.bank.expired} == {"2020-03-01"}
    assert all(item.expired == AFTER for item in found.bank.expired)
    asked = [
        i for i in found.bank.items if i.rule is Rule.NUMBER and i.kind is Kind.CLOZE and "完成检测" in i.stem
    ]
    assert [item.keys[0].text for item in asked] == ["十日"]
    verifier = Verifier(library, on=AFTER)
    assert [verifier.problems(item) for item in found.bank.items if verifier.problems(item)] == []
    assert all(verifier.problems(item) for item in bank.items)


def test_exports_mark_what_has_expired_and_update_the_rest(library: Library, tmp_path: Path) -> None:
    bank = drawn(library)
    put(library, NEW, tmp_path, "样例检测条例(2024-03-01).md")
    now = study_upkeep.refresh(bank, library, on=AFTER).bank
    both = study_exports.exported(now)
    assert len({item.id for item in both}) == len(both) == len(bank.items)
    states = [row["状态"] for row in map(study_exports.fields_of, both)]
    assert states.count(study_exports.CURRENT) == len(now.items)
    assert states.count(study_exports.EXPIRED) == len(bank.items) - len(now.items)


def test_a_repealed_text_retires_its_items(library: Library) -> None:
    bank = drawn(library)
    library.remove(bank.items[0].edition)
    found = study_upkeep.refresh(bank, library, on=AFTER)
    assert (found.kept, found.reissued, found.retired) == (0, 0, len(bank.items))
    assert found.bank.items == ()
    assert len(found.bank.expired) == len(bank.items)


def test_a_bank_is_saved_and_read_back_whole(library: Library, tmp_path: Path) -> None:
    bank = drawn(library)
    path = study_upkeep.save(bank, tmp_path / "深" / "题库.json")
    assert study_upkeep.load(path) == bank
    assert [p.name for p in path.parent.iterdir()] == ["题库.json"]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"schema": 99}', b"\xff\xfe", b'{"schema": 1, "items": 3}']
)
def test_other_files_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(InputRefused):
        study_upkeep.load(path)
    with pytest.raises(InputRefused, match="找不到"):
        study_upkeep.load(tmp_path / "none.json")


def test_one_item_is_regenerated_with_its_id_and_note(library: Library) -> None:
    bank = drawn(library)
    edition = library.edition(bank.items[0].edition)
    texts = (StudyText(edition, library.provisions(edition.key), BEFORE),)
    item = replace(next(i for i in bank.items if i.kind is Kind.SINGLE), note="讲师的话")
    fresh = [study_upkeep.regenerate(item, library, texts, seed=seed, on=BEFORE) for seed in range(6, 12)]
    assert all(one is not None and one.id == item.id and one.note == "讲师的话" for one in fresh)
    assert len({one.options for one in fresh if one}) > 1
