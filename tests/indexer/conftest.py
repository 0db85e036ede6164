"""The sample corpus as a library, built once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.library import Library
from corpus.structure import read_document

STARTER = Path(__file__).parents[2] / "corpus" / "sources" / "starter"


def add_all(library: Library, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        library.add(read_document(path, source=path.name), path.read_bytes(), source=path.name)


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """A data folder with the sample corpus and no index yet."""
    with Library.open(tmp_path / "data", create=True) as library:
        add_all(library, STARTER)
    return tmp_path / "data"
