"""The inputs that coverage-guided fuzzing kept (atheris_parser.py), replayed: no exception, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import structure
from tests.reliability.atheris_parser import KEPT, text_of, try_one

INPUTS = tuple(bytes.fromhex(line) for line in KEPT.read_text("ascii").split())


def test_every_kept_input_parses() -> None:
    assert len(INPUTS) > 50
    for data in INPUTS:
        try_one(data)


def test_control_a_parser_that_loses_a_letter_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from corpus import proof

    whole = proof.tree_text
    monkeypatch.setattr(proof, "tree_text", lambda nodes: whole(nodes)[:-1])
    longest = max(INPUTS, key=len)
    assert text_of(longest).strip()
    with pytest.raises(AssertionError):
        try_one(longest)
    assert structure.parse.__module__ == "corpus.structure"


def test_the_inputs_are_ours(tmp_path: Path) -> None:
    """Bytes that name pieces of our own table: no sentence of any law lies in the repository with them."""
    assert KEPT.stat().st_size < 200_000
    assert all(len(text_of(data)) < 12_000 for data in INPUTS)
