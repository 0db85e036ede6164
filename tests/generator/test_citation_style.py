"""The three styles of a citation: each is read back as the provision it names."""

from __future__ import annotations

import pytest

from corpus.place import Address, Place, Status
from corpus.reference import Reference
from generator.citation_style import Style, cite

PLACE = Place("a.md", "样例安全条例", "2021-06-10", Status.IN_FORCE, Address(21, None, 1, 5))
ROWS = [
    (PLACE, None, Style.SHORT, "《样例安全条例》第二十一条第一款第（五）项"),
    (PLACE, None, Style.FULL, "《样例安全条例》第二十一条第一款第（五）项（2021-06-10版本，现行有效）"),
    (
        PLACE,
        "样令第3号",
        Style.FULL,
        "《样例安全条例》第二十一条第一款第（五）项（样令第3号，2021-06-10版本，现行有效）",
    ),
    (PLACE, None, Style.QUOTED, "《样例安全条例》第二十一条第一款第（五）项规定：“（五）组织演练。”"),
    (
        Place("b.md", "样例通知", None, Status.UNKNOWN, Address(section="2.1")),
        None,
        Style.FULL,
        "《样例通知》二、（一）（效力未知）",
    ),
]


@pytest.mark.parametrize(("place", "number", "style", "written"), ROWS)
def test_styles(place: Place, number: str | None, style: Style, written: str) -> None:
    assert cite(place, "（五）组织演练。", number=number)[style] == written


def test_every_style_begins_with_a_citation_that_parses_back() -> None:
    for written in cite(PLACE, "（五）组织演练。").values():
        assert written.startswith(str(Reference.parse(PLACE.citation)))
