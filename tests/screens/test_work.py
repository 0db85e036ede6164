"""Saved work: each owner sees their own and nobody else's, whatever id they hold."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.errors import DamagedData, InputRefused
from screens import work

PAYLOAD = {"标题": "责任清单", "rows": [1, 2], "day": None}


def test_work_reopens_as_it_was_kept(tmp_path: Path) -> None:
    saved = work.keep(tmp_path, "li", "list", "张三的清单", PAYLOAD)
    assert work.reopen(tmp_path, "li", saved.id) == saved
    assert work.owned(tmp_path, "li") == (saved,)
    assert work.owned(tmp_path, "li", "letter") == ()


def test_saving_again_under_its_id_replaces(tmp_path: Path) -> None:
    first = work.keep(tmp_path, "li", "list", "甲", PAYLOAD)
    second = work.keep(tmp_path, "li", "list", "乙", {"x": 1}, id=first.id)
    assert work.owned(tmp_path, "li") == (second,)


@pytest.mark.parametrize(
    "verb",
    [
        lambda data, id: work.reopen(data, "wang", id),
        lambda data, id: work.discard(data, "wang", id),
        lambda data, id: work.keep(data, "wang", "list", "抢走", {}, id=id),
    ],
    ids=["reopen", "discard", "keep"],
)
def test_another_owner_is_refused_as_if_there_were_nothing(
    tmp_path: Path, verb: Callable[[Path, str], object]
) -> None:
    saved = work.keep(tmp_path, "li", "list", "甲", PAYLOAD)
    with pytest.raises(InputRefused) as of_another:
        verb(tmp_path, saved.id)
    with pytest.raises(InputRefused) as of_nobody:
        verb(tmp_path, "no-such-id")
    assert str(of_another.value) == str(of_nobody.value)
    assert work.owned(tmp_path, "wang") == ()
    assert work.reopen(tmp_path, "li", saved.id) == saved


def test_discard_removes(tmp_path: Path) -> None:
    saved = work.keep(tmp_path, "li", "list", "甲", PAYLOAD)
    work.discard(tmp_path, "li", saved.id)
    assert work.owned(tmp_path, "li") == ()


def test_newest_stands_first_and_an_empty_name_gets_one(tmp_path: Path) -> None:
    work.keep(tmp_path, "li", "list", "旧", {})
    work.keep(tmp_path, "li", "list", "  ", {})
    assert [saved.name for saved in work.owned(tmp_path, "li")] == ["list", "旧"]


def test_many_save_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: work.keep(tmp_path, f"u{n % 4}", "list", str(n), {"n": n}), range(80)))
    assert [len(work.owned(tmp_path, f"u{n}")) for n in range(4)] == [20] * 4


def test_only_the_server_account_reads_the_file(tmp_path: Path) -> None:
    work.keep(tmp_path, "li", "list", "甲", PAYLOAD)
    assert (tmp_path / work.FILE).stat().st_mode & 0o077 == 0


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "settings").mkdir()
    (tmp_path / work.FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(DamagedData, match="已存文稿"):
        work.owned(tmp_path, "li")


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert work.owned(tmp_path, "li") == ()
    assert not (tmp_path / work.FILE).exists()
