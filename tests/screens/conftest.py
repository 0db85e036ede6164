"""What the page tests share: the sample corpus with its index, copied for each test; a page run alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from indexer.build import build_index
from indexer.intake import STARTER, take_in
from retriever.search import Retriever
from screens import access
from screens.access import User

Open = Callable[[str], AppTest]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("pages") / "data"
    take_in(data, [STARTER], workers=1)
    build_index(data)
    return data


@pytest.fixture
def data(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of the test's own: what it saves is seen by no other test."""
    folder = tmp_path / "data"
    shutil.copytree(built, folder)
    monkeypatch.setenv("ZEREN_DATA", str(folder))
    opened: list[Retriever] = []
    really = Retriever.open

    def noted(where: Path) -> Retriever:
        opened.append(really(where))
        return opened[-1]

    monkeypatch.setattr(Retriever, "open", noted)
    yield folder
    st.cache_resource.clear()
    for one in opened:
        one.close()


@pytest.fixture
def open_page(data: Path) -> Open:
    """A page in a fresh session, as after a restart of the server or for another person."""

    def opened(name: str) -> AppTest:
        return AppTest.from_string(f"from screens import {name}\n{name}.show()", default_timeout=60).run()

    return opened


@pytest.fixture
def as_user(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Makes the person at the page somebody else."""

    def become(name: str, role: str) -> None:
        user = User(name, "editor" if role == "editor" else "reader")
        for module in ("access", "saved", "duty_state", "export"):
            monkeypatch.setattr(f"screens.{module}.current_user", lambda: user)
        monkeypatch.setattr(access, "current_user", lambda: user)

    return become


@pytest.fixture
def offers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What the page offers to download, by file name: each a callable that makes the file."""
    made: dict[str, Callable[[], bytes]] = {}

    def offer(label: str, content: Any, *, file_name: str, **more: Any) -> None:
        made[file_name] = content if callable(content) else lambda: content

    monkeypatch.setattr("screens.export.offer", offer)
    return made
