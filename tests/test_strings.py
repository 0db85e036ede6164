"""The page's catalogue: both languages for every key, and every key a page uses is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from screens.wording import strings

PAGES = Path(__file__).resolve().parents[1] / "screens"
CATALOGUE = strings()
SOURCES = sorted([*PAGES.glob("*.py"), PAGES.parent / "app.py"])


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_both_languages(key: str) -> None:
    words = CATALOGUE[key]
    assert set(words) == {"zh", "en"}
    assert all(words.values())
    assert re.findall(r"{\w+}", words["zh"]) == re.findall(r"{\w+}", words["en"])


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.name)
def test_every_key_a_page_uses_exists(source: Path) -> None:
    used = re.findall(r"\bt\(\s*\"(\w+)\"", source.read_text(encoding="utf-8"))
    assert [key for key in used if key not in CATALOGUE] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.name)
def test_no_page_allows_html(source: Path) -> None:
    assert "unsafe_allow_html" not in source.read_text(encoding="utf-8")
