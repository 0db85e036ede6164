"""The page's catalogue: both languages for every key, and every key a page uses is there."""

from __future__ import annotations

import ast
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


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.name)
def test_every_family_of_keys_a_page_builds_exists(source: Path) -> None:
    families = re.findall(r"\bt\(\s*f?\"(\w+_)(?:\{|\" \+)", source.read_text(encoding="utf-8"))
    assert [family for family in families if not any(key.startswith(family) for key in CATALOGUE)] == []


SHOWN = {
    "title", "header", "subheader", "markdown", "caption", "write", "info", "warning", "error", "success",
    "button", "form_submit_button", "text_input", "text_area", "selectbox", "multiselect", "checkbox",
    "radio", "toggle", "pills", "segmented_control", "date_input", "number_input", "file_uploader",
    "expander", "popover", "metric", "toast", "dialog", "spinner", "progress", "offer",
}  # fmt: skip


def words_in(node: ast.AST) -> list[str]:
    """The texts written out in an expression, but for the keys by which it looks something up."""
    if isinstance(node, ast.Subscript):
        return words_in(node.value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        return words_in(node.func.value)
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    return [word for child in ast.iter_child_nodes(node) for word in words_in(child)]


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.name)
def test_no_word_on_the_page_stands_outside_the_catalogue(source: Path) -> None:
    """A drawing call's first argument holds no Chinese of its own: it would have no English."""
    found = []
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = [word for word in words_in(node.args[0]) if re.search("[\u4e00-\u9fff]", word)]
            if name in SHOWN and words:
                found.append((name, words))
    assert found == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.name)
def test_every_download_goes_through_the_log(source: Path) -> None:
    if source.name != "export.py":
        assert "download_button" not in source.read_text(encoding="utf-8")
