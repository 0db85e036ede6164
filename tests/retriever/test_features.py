"""Each feature measures what its name says."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.library import Library
from retriever.features import NAMES
from retriever.question import understand
from retriever.search import Retriever

QUESTION = "有限空间作业审批由谁负责，违反的罚多少"


@pytest.fixture(scope="module")
def table(retriever: Retriever) -> tuple[dict[str, np.ndarray], list[str], list[str]]:
    question = understand(QUESTION, titles=retriever.titles)
    standing = retriever.standing("2026-01-01")
    picked, rows = retriever.engine.picked(question, standing)
    matrix = retriever.engine.features(question, standing, picked, rows)
    assert matrix.shape == (len(picked), len(NAMES))
    assert np.isfinite(matrix).all()
    columns = {name: matrix[:, n] for n, name in enumerate(NAMES)}
    return columns, [row.text for row in rows], [standing.edition(row).title for row in rows]


def test_names_are_unique() -> None:
    assert len(set(NAMES)) == len(NAMES)


def test_shares_are_shares(table: tuple[dict[str, np.ndarray], list[str], list[str]]) -> None:
    columns, _, _ = table
    for name in ("covered", "covered_pairs", "covered_title", "covered_heading", "covered_anywhere", "fused"):
        assert (columns[name] >= 0).all()
        assert (columns[name] <= 1 + 1e-6).all()
    assert (columns["covered_anywhere"] >= columns["covered"] - 1e-6).all()
    assert (np.abs(columns["late"]) <= 1 + 1e-5).all()


def test_coverage_follows_the_words(table: tuple[dict[str, np.ndarray], list[str], list[str]]) -> None:
    columns, texts, titles = table
    with_words = [n for n, text in enumerate(texts) if "有限空间作业" in text]
    without = [n for n, text in enumerate(texts) if "有限" not in text and "作业" not in text]
    assert with_words
    assert without
    assert columns["covered_pairs"][with_words].min() > columns["covered_pairs"][without].mean()
    named = [n for n, title in enumerate(titles) if "有限空间" in title]
    others = [n for n, title in enumerate(titles) if "有限" not in title]
    assert columns["covered_title"][named].min() > columns["covered_title"][others].max()


def test_kinds_meet_traits(table: tuple[dict[str, np.ndarray], list[str], list[str]]) -> None:
    columns, texts, _ = table
    assert (columns["asks_penalty"] == 1).all()
    for n, text in enumerate(texts):
        if "罚款" in text:
            assert columns["fits_penalty"][n] == 1
            assert columns["is_penalty"][n] == 1
    assert columns["fits_penalty"].min() == -1


def test_places_count_from_nought(table: tuple[dict[str, np.ndarray], list[str], list[str]]) -> None:
    columns, _, _ = table
    for name in ("fused", "dense", "lexical"):
        assert columns[f"{name}_place"][np.argmax(columns[name])] == 0
        assert columns[f"{name}_gap"].min() == 0


def test_status_and_place_flags(retriever: Retriever) -> None:
    question = understand("北京的安全生产条例 主要负责人", titles=retriever.titles)
    standing = retriever.standing("2026-01-01")
    picked, rows = retriever.engine.picked(question, standing)
    matrix = retriever.engine.features(question, standing, picked, rows)
    flag = {name: matrix[:, NAMES.index(name)] for name in ("in_force", "passed_over", "place_asked")}
    assert (flag["place_asked"] == 1).all()
    for n, row in enumerate(rows):
        status = standing.edition(row).status("2026-01-01")
        assert flag["in_force"][n] == (status == "in_force")
        assert flag["passed_over"][n] == (status in ("amended", "repealed"))


def test_the_library_is_the_sample(retriever: Retriever) -> None:
    assert isinstance(retriever.library, Library)
