"""The sample corpus with its index, opened once a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.structure import read_document
from indexer.build import build_index
from retriever.search import Retriever

STARTER = Path(__file__).parents[2] / "corpus" / "sources" / "starter"


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample corpus and its index."""
    data = tmp_path_factory.mktemp("indexed") / "数据 folder"
    with Library.open(data, create=True) as library:
        for path in sorted(STARTER.iterdir()):
            library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)
    build_index(data)
    return data


@pytest.fixture(scope="session")
def retriever(indexed: Path) -> Iterator[Retriever]:
    with Retriever.open(indexed) as opened:
        yield opened
