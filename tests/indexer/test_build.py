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
from indexer import dense, generations, register
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
    words = np.load(folder / FILE)
    changed = "".join(map(chr, words)).replace("应当", "可以")
    np.save(folder / FILE, np.array([ord(c) for c in changed], np.uint16))
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


AMENDED = EXTRA.replace("提前三日", "提前五日") + "\n第三条 本规定𠀀由望川市住房和城乡建设局解释。\n"
STEPS = {
    "one more": ([("夜间施工(2025-03-01).md", EXTRA)], []),
    "first of all, and last": ([("0甲.md", EXTRA), ("鿿乙.md", AMENDED)], []),
    "a new wording": ([("夜间施工(2025-03-01).md", EXTRA), ("夜间施工(2025-03-01).md", AMENDED)], []),
    "two go, one comes": ([("夜间施工(2025-03-01).md", EXTRA)], [0, 3]),
    "one without articles or words": ([("空.md", "# 关于空的通知\n\n2025年1月1日\n")], []),
    "all go": ([], list(range(100))),
}


def keep(data: Path, name: str, text: str) -> None:
    path = data.parent / name
    path.write_text(text)
    with Library.open(data) as library:
        library.add(read_document(path, source=name), path.read_bytes(), source=name)


@pytest.mark.parametrize("step", STEPS)
def test_texts_put_in_and_taken_out_leave_what_a_new_build_would(step: str, starter: Path) -> None:
    added, removed = STEPS[step]
    first = build_index(starter)
    for name, text in added:
        keep(starter, name, text)
        build_index(starter)
    with Library.open(starter) as library:
        for key in [edition.key for n, edition in enumerate(library.editions()) if n in removed]:
            library.remove(key)
    spliced = build_index(starter)
    assert spliced != first
    assert added == [] or facts(spliced)["reused"]
    shutil.copytree(starter, starter.parent / "anew", ignore=shutil.ignore_patterns("index"))
    whole = build_index(starter.parent / "anew")
    assert {p.name for p in whole.iterdir()} == {p.name for p in spliced.iterdir()}
    for path in sorted(whole.iterdir()):
        if path.name not in ("manifest.json", register.FILE):
            assert path.read_bytes() == (spliced / path.name).read_bytes(), path.name
    assert told(spliced) == told(whole)


def test_a_library_above_the_bound_is_searched_by_lists(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the generation before was exact: it serves as it is, and what follows it lies in lists."""
    from retriever.search import Retriever

    def found() -> list[tuple[str, str]]:
        with Retriever.open(starter) as retriever:
            hits = retriever.search("夜间施工应当提前几日公告", k=3)
        return [(hit.place.title, hit.place.address.label) for hit in hits]

    assert facts(build_index(starter))["vectors"] == {"kind": "exact"}
    exact = found()
    monkeypatch.setattr(dense, "EXACT", 100)
    assert found() == exact
    add_extra(starter)
    spliced = build_index(starter)
    lists = facts(spliced)["vectors"]
    assert lists == {**DenseIndex.open(spliced).facts, "kind": "lists"}
    put_in = ("望川市夜间施工管理规定（样例·虚构）", "第一条")
    assert found()[0] == put_in
    assert put_in not in exact
    shutil.copytree(starter, starter.parent / "anew", ignore=shutil.ignore_patterns("index"))
    whole = build_index(starter.parent / "anew")
    assert (whole / dense.FILE).read_bytes() == (spliced / dense.FILE).read_bytes()
    keep(starter, "夜间施工(2025-03-01).md", AMENDED)
    assert facts(build_index(starter))["vectors"] == lists  # the centres are kept


def told(folder: Path) -> list[object]:
    """Everything the register says, without its numbers."""
    book = register.Register(folder / register.FILE)
    held = book.duties(row[0] for row in book.rows_of_texts(book.numbers.values()))
    out: list[object] = []
    for number in sorted(held):
        one = held[number]
        punished = book.penalties(one.text, one.obligation.address)
        words = book.words_of([one.unit])[one.unit]
        key = next(facts.key for facts in book.texts if facts.number == one.text)
        same = [held[n].obligation.quote for n, *_ in sorted(book.rows_in([one.unit]))]
        out.append((key, one.obligation, one.headings, one.industries, punished, words, same))
    for word in ("安全", "夜间施工", "住房"):
        out.append(sorted(book.words_of(book.units_with(word)).values()))
    out.append([(facts.key, facts.industries, facts.general) for facts in book.texts])
    out.append(sorted(cut for word in ("单位", "局") for cut in live(book, word)))
    book.close()
    return out


def live(book: register.Register, word: str) -> set[tuple[str, ...]]:
    """The bearers with a word that have a duty."""
    found = book.bearers_with(word)
    return {found[bearer] for *_, bearer, _ in book.rows_of(found)}
