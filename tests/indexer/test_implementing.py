"""Which works a text carries out, by its title and its first article."""

from __future__ import annotations

import pytest

from corpus.document import Level, Provision
from corpus.place import Address
from indexer.implementing import bases, named_in_title


def provision(text: str) -> Provision:
    return Provision(Address(1, None, 1), Level.PARAGRAPH, text, "", ())


@pytest.mark.parametrize(
    ("title", "first", "wanted"),
    [
        ("甲省实施《中华人民共和国乙法》办法", "为了实施，制定本办法。", ("中华人民共和国乙法",)),
        ("中华人民共和国乙法实施条例", "根据《中华人民共和国乙法》，制定本条例。", ("中华人民共和国乙法",)),
        ("甲市乙条例", "根据《乙法》、《丙法》等法律，结合本市实际，制定本条例。", ("乙法", "丙法")),
        ("甲市乙条例", "为了加强管理，制定本条例。", ()),
        ("甲条例", "根据《甲条例》，制定本条例。", ()),
    ],
)
def test_bases(title: str, first: str, wanted: tuple[str, ...]) -> None:
    assert bases(title, [provision(first)]) == wanted


def test_a_title_names_what_it_carries_out() -> None:
    assert named_in_title("丙丁乙法实施细则") == ("丙丁乙法",)
    assert named_in_title("乙法") == ()
