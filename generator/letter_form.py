"""The form of a kind of letter for any face: its fields in order, a sample, and what is wrong with an input.

Fields and columns are data (letter_fields.toml); which of them a kind has stands in letter_kinds.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generator.letter_faults import Fault, find_faults
from generator.letter_input import read_input
from generator.letter_kind import Fields, LetterKind, find_kind

__all__ = ["Column", "Fault", "Field", "Form", "faults", "form", "sample"]
_SAMPLES = Path(__file__).resolve().parent.parent / "examples" / "letters"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table field. `shape`: text, day, long or choice."""

    name: str
    shape: str
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. `shape`: text, day, long, choice, lines (list of words), table (list of rows)."""

    name: str
    shape: str
    required: bool
    hint: str = ""
    columns: tuple[Column, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a kind: its fields in the order of the paper."""

    kind: LetterKind
    fields: tuple[Field, ...]


@cache
def _data() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("letter_fields.toml").read_text(encoding="utf-8"))


def form(kind_name: str) -> Form:
    """The form of that kind. Raises WrongUsage naming the kinds there are."""
    kind = find_kind(kind_name)
    return Form(kind, tuple(_field(name, required=name in kind.required) for name in kind.form))


def _field(name: str, *, required: bool) -> Field:
    told = _data()[name]
    columns = tuple(_column(written, str(told.get("main", ""))) for written in told.get("columns", ()))
    return Field(
        name,
        told.get("shape", "text"),
        required,
        told.get("hint", ""),
        columns,
        tuple(told.get("choices", ())),
    )


def _column(written: str, main: str) -> Column:
    """`等级:choice:|一般|重大` → its name, shape and choices."""
    name, _, rest = written.partition(":")
    shape, _, choices = rest.partition(":")
    return Column(name, shape or "text", name == main, tuple(choices.split("|")) if choices else ())


def sample(kind_name: str) -> dict[str, Any]:
    """A filled-in sample of that kind; empty where the samples were not installed."""
    found = sorted(_SAMPLES.glob(f"{find_kind(kind_name).name}.*"), key=lambda path: path.suffix == ".xlsx")
    return read_input(found[0]) if found else {}


def faults(kind_name: str, fields: Fields) -> tuple[Fault, ...]:
    """Everything wrong with an input, each fault with its field, row and column; empty when all is well."""
    return find_faults(find_kind(kind_name), fields)
