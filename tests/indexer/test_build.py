"""Library → index: whole, incremental, refusing a mix of encoders, rebuilt after damage."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DamagedData
from corpus.library import Library
from corpus.structure import read_document
from indexer import generations
from indexer.build import build_index, current
from indexer.dense import DenseIndex
from indexer.embedding import SHIPPED
from indexer.shelf import FILE, Shelf

EXTRA = """# 望川市夜间施工管理规定（样例·虚构）

2025年3月1日 望川市人民政府公布，自2025年4月1日起施行

<!-- INFO END -->

第一条 夜间施工的单位应当提前三日公告。

第二条 禁止在学校周边五十米内夜间施工。
"""


def facts(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "manifest.json").read_text()))


def add_extra(data: Path) -> None:
    path = data.parent / "夜间施工(2025-03-01).md"
    path.write_text(EXTRA)
    with Library.open(data) as library:
        library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)


def test_build_is_whole_and_reports_progress(starter: Path) -> None:
    seen: list[tuple[int, int]] = []
    folder = build_index(starter, progress=lambda done, of: seen.append((done, of)))
    assert current(starter) == folder
    assert seen == sorted(seen)
    manifest = generations.verify(folder)
    shelf = Shelf(folder)
    assert len(shelf) == manifest["units"]
    assert len(DenseIndex.open(folder)) == manifest["passages"] == len(shelf.passage_unit)
    with Library.open(starter) as library:
        for number in (0, len(shelf) // 2, len(shelf) - 1):
            (row,) = shelf.rows([number])
            assert row.text == library.text(shelf.keys[row.edition], row.address)
    shelf.close()


def test_nothing_changes_nothing_is_built(starter: Path) -> None:
    assert build_index(starter) == build_index(starter)


def test_one_text_more_reuses_every_vector(starter: Path) -> None:
    first = build_index(starter)
    old = DenseIndex.open(first)
    before = old.vectors(range(len(old)))
    add_extra(starter)
    second = build_index(starter)
    assert second != first
    assert facts(second)["reused"] == facts(first)["passages"]
    assert facts(second)["passages"] == int(str(facts(first)["passages"])) + 2
    new = DenseIndex.open(second)
    after = new.vectors(range(len(new)))
    assert all(np.abs(after - row).max(axis=1).min() < 1e-6 for row in before[:20])


def test_another_encoder_builds_anew(starter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from retriever.search import Retriever

    first = build_index(starter)
    other = tmp_path / "other model"
    shutil.copytree(SHIPPED, other)
    settings = other / "config_sentence_transformers.json"
    settings.write_text(settings.read_text() + "\n")
    monkeypatch.setenv("ZEREN_ENCODER", str(other))
    with pytest.raises(DamagedData, match="另一个编码模型"):
        Retriever.open(starter)
    second = build_index(starter)
    assert second != first
    assert facts(second)["reused"] == 0


def test_a_damaged_index_is_passed_over_and_rebuilt(starter: Path) -> None:
    from retriever.search import Retriever

    build_index(starter)
    add_extra(starter)
    second = build_index(starter)
    whole = (second / FILE).read_bytes()
    (second / FILE).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with Retriever.open(starter) as retriever:
        assert retriever.warning is not None
        assert FILE in retriever.warning
        assert retriever.search("安全生产")
    (second / "manifest.json").unlink()
    assert generations.verify(build_index(starter))


def test_an_altered_word_is_never_shown(starter: Path) -> None:
    folder = build_index(starter)
    import sqlite3

    with sqlite3.connect(folder / FILE) as db:
        db.execute("UPDATE unit SET body = replace(body, '应当', '可以')")
    db.close()
    shelf = Shelf(folder)
    altered = 0
    for number in range(len(shelf)):
        try:
            (row,) = shelf.rows([number])
        except DamagedData:
            altered += 1
        else:
            assert "可以" not in row.text or "应当" not in row.text
    assert altered > 0
    shelf.close()
