"""Text made safe to show: what a file or a user wrote is shown as it is, marks stand where they belong."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from screens.wording import marked_spans, plain

ROWS: list[tuple[str, Iterable[tuple[int, int]], str]] = [
    ("应当配备", [], "应当配备"),
    ("应当配备", [(0, 2)], ":orange-background[**应当**]配备"),
    ("应当配备", [(0, 2), (1, 4)], ":orange-background[**应当配备**]"),
    ("应当配备", [(2, 4), (0, 1)], ":orange-background[**应**]当:orange-background[**配备**]"),
    ("甲\n乙", [(0, 3)], ":orange-background[**甲**]  \n:orange-background[**乙**]"),
    ("*甲*", [(0, 3)], r":orange-background[**\*甲\***]"),
    ("应当", [(1, 1)], "应当"),
]


@pytest.mark.parametrize(("text", "spans", "shown"), ROWS)
def test_marks(text: str, spans: Iterable[tuple[int, int]], shown: str) -> None:
    assert marked_spans(text, spans) == shown


@given(some.text(max_size=60))
def test_no_sign_of_markdown_is_left_alone(text: str) -> None:
    shown = plain(text)
    bare = re.sub(r"\\[\\`*_{}\[\]()<>#+\-.!|~$:&]", "", shown)
    assert not re.search(r"[\\`*_{}\[\]()<>#+\-!|~$:&]", bare)


@given(
    some.text(alphabet="应当\n*[]<b>:", max_size=30),
    some.lists(some.tuples(some.integers(0, 30), some.integers(0, 30))),
)
def test_every_letter_survives_the_marks(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(min(a, b), min(max(a, b), len(text))) for a, b in spans if min(a, b) <= len(text)]
    shown = marked_spans(text, inside)
    bare = shown.replace(":orange-background[**", "").replace("**]", "").replace("  \n", "\n")
    bare = bare.replace("\u2060", "")  # a joiner without width keeps :b: from turning into a picture
    assert re.sub(r"\\(.)", r"\1", bare).replace(" ", "") == text.replace(" ", "")
