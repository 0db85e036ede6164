"""The measuring tools measure: on the sample corpus, in seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import growth, peers, report, speed
from corpus.library import Library
from corpus.structure import read_document
from indexer import dense
from indexer.build import build_index
from indexer.embedding import open_encoder
from indexer.passage import units

STARTER = Path(__file__).parents[2] / "corpus" / "sources" / "starter"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speed") / "data"
    with Library.open(folder, create=True) as library:
        for path in sorted(STARTER.iterdir()):
            library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)
    build_index(folder)
    return folder


def test_warm_figures_and_what_lies_on_disk(data: Path) -> None:
    told = speed.warm(data, ["安全生产", "夜间施工要提前几天公告"], 1)
    assert told["search_ms"]["p50"] > 0
    assert told["threads_8_per_s"] > 0
    found = speed.disk(data)
    assert found["index_bytes"] == sum(found["files"].values())
    assert found["texts"] == len(list(STARTER.iterdir()))


def test_kept_vectors_find_what_exact_ones_find(data: Path) -> None:
    assert speed.recall(data, ["安全生产", "夜间施工要提前几天公告"])["@10"] >= 0.9


def test_copies_say_other_things_and_are_all_indexed(data: Path) -> None:
    told = growth.measured(data, 2, 5)
    assert told["recall@10"] >= 0.9
    with Library.open(data) as library:
        texts = list(growth.Grown(library, 2).all_provisions())
        assert len(texts) == 2 * len(library.editions())
    (first, once), (second, again) = texts[:2]
    assert first.key != second.key
    assert all(a.text != b.text for a, b in zip(once, again, strict=True) if a.text)


def test_beside_lists_the_same_is_told_with_every_vector_looked_at(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "DRAWINGS", tmp_path)
    asked = growth.measured(data, 1, 5)
    assert not any(name.startswith("exact_") for name in asked)
    monkeypatch.setattr(dense, "EXACT", 100)
    told = growth.measured(data, 1, 5)
    assert told["vectors"]["kind"] == "lists"
    assert told["exact_recall@10"] == asked["recall@10"] >= told["recall@10"]
    table = report.growth({"machine": speed.machine(), "1x": told, "old": asked})
    searched, lists = told["vectors"]["searched"], told["vectors"]["lists"]
    assert f"| {searched} of {lists} lists | " in table
    assert f"| {told['recall@10']} ({told['exact_recall@10']}) |" in table
    assert f"| all | {asked['vectors_p50_ms']} | " in table


def test_systems_answer_the_same_question(data: Path) -> None:
    with Library.open(data) as library:
        held = [u for e, rows in library.all_provisions() for u in units(e, rows)]
    words = [peers._spelled(unit.text) for unit in held]
    encoder = open_encoder()
    vectors = encoder.encode([unit.text for unit in held])
    shared = peers.Shared(held, words, vectors, encoder)
    asked = [peers.Asked(held[3].text[:40], frozenset([3]))]
    told = peers.measured(shared, asked, ["zeren", "FAISS", "SQLite FTS5"])
    assert [told[name]["hit@10"] for name in ("zeren", "FAISS", "SQLite FTS5")] == [1, 1, 1]
