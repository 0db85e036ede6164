"""Fifty script payloads as title, file name and text: shown as text on every page, run nowhere."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from corpus.library import Library
from indexer.build import build_index
from indexer.intake import take_in
from screens.wording import plain
from tests.reliability.stage import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
TAGS = ("script", "img src=x onerror", "svg onload", "iframe src", "body onload", "a href", "input", "style")
DOES = ("alert(1)", "javascript:alert(1)", "fetch('//192.0.2.7')", "data:text/html,x", "eval(x)", "{{7*7}}")
PAYLOADS = (
    *(f"<{tag}={does}>" for tag, does in itertools.product(TAGS, DOES)),
    "[点此](javascript:alert(1))",
    "![x](http://192.0.2.7/x.png)",
    "$\\href{javascript:alert(1)}{x}$",
    ":material/home: :red[x]",
)


def laws(folder: Path) -> Path:
    """A regulation for each payload: in its title, in the name of its file and in its article."""
    folder.mkdir()
    for number, payload in enumerate(PAYLOADS, 1):
        text = f"望川市{payload}第{number}号规定\n第一条　第{number}号单位应当检查{payload}。"
        name = f"规定{number}[x](javascript:alert(1)){payload.replace('/', '&#47;')}.txt"
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("payloads")
    report = take_in(home / "d", [laws(home / "in")], workers=1)
    assert (len(report.added), report.refused) == (len(PAYLOADS), [])
    with Library.open(home / "d") as library:
        titles = "".join(edition.title for edition in library.editions())
        assert [payload for payload in PAYLOADS if payload not in titles] == []
    build_index(home / "d")
    return home / "d"


def elements(page: AppTest) -> Iterator[tuple[str, str, Any]]:
    """Everything on a page that is drawn from Markdown: its kind, its words, its message."""
    for kind in (
        "markdown",
        "caption",
        "title",
        "header",
        "subheader",
        "info",
        "warning",
        "error",
        "success",
    ):
        for element in page.get(kind):
            yield kind, str(getattr(element, "value", "")), element.proto
    for kind in ("html", "iframe"):
        for element in page.get(kind):
            yield kind, str(element.proto), element.proto


def unescaped(words: str) -> list[str]:
    """The payloads that stand in Markdown with nothing before their first mark."""
    return [payload for payload in PAYLOADS if payload in words and plain(payload) != payload]


@pytest.mark.long
@pytest.mark.parametrize("name", ["home", "ask", "duties", "rectify", "study", "check", "library"])
def test_no_page_draws_a_payload(name: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_DATA", str(data))
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.run()
    found = {info["url_pathname"]: key for key, info in page._registered_pages.items()}
    page._page_hash = found["" if name == "home" else name]
    page.run()
    if name == "ask":
        page.text_input(key="question").input(PAYLOADS[0] + "单位应当检查什么")
        next(button for button in page.button if button.label == "查找条文").click()
        page.run()
    assert not page.exception
    for kind, words, message in elements(page):
        assert not getattr(message, "allow_html", False)
        assert unescaped(words) == [], (kind, words)


def test_every_mark_of_a_payload_is_escaped() -> None:
    """What Markdown would read as more than letters has a backslash before it; the words stay the words."""
    assert len(PAYLOADS) >= 50
    for payload in PAYLOADS:
        shown = plain(payload)
        words = shown.replace("\\", "").replace("\u2060", "")  # a word joiner parts :name: from an icon
        assert words == payload.replace("\\", "")
        bare = [at for at, letter in enumerate(shown) if letter in "<[!$`*_~" and shown[at - 1 : at] != "\\"]
        assert bare == [], shown


def test_control_an_unescaped_payload_is_seen() -> None:
    assert unescaped(f"标题 {PAYLOADS[0]}") == [PAYLOADS[0]]
    assert unescaped(f"标题 {plain(PAYLOADS[0])}") == []
