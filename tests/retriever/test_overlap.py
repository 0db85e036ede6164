"""Vectors of short texts are worked out once, and stay those of the encoder."""

from __future__ import annotations

import numpy as np
import pytest

from retriever import overlap
from retriever.earlier import words_key
from retriever.overlap import Overlap
from retriever.search import Retriever


@pytest.fixture
def fresh(retriever: Retriever) -> Overlap:
    engine = retriever.engine
    return Overlap.of(engine.shelf, engine.lexical, engine.encoder)


def test_kept_vectors_are_those_of_the_encoder(fresh: Overlap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlap, "_LAST", 2)
    for text in ("安全生产", "消防", "安全生产", "档案", "校车", "消防"):
        assert np.array_equal(fresh.vector(text), fresh.encoder.encode([text])[0])


def test_titles_beyond_the_room_are_worked_out_again(fresh: Overlap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlap, "_KEPT", 1)
    units = np.arange(4)
    titles = ["甲条例", "乙条例", "甲条例", "丙办法"]
    first = fresh.features("甲条例的安全生产", units, titles)
    again = fresh.features("甲条例的安全生产", units, titles)
    for name in overlap.NAMES:
        assert np.array_equal(first[name], again[name])
    assert first["covered_title"].argmax() in (0, 2)
    assert first["covered_title"][0] == first["covered_title"][2]


def test_keys_are_those_of_the_words(fresh: Overlap) -> None:
    for units in ([3, 1, 1], [1, 2, 3], []):
        wanted = np.array(units, np.int64)
        words = [words_key(text) for text in fresh.shelf.texts(wanted)]
        assert fresh.keys(wanted).tolist() == words
