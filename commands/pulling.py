"""zeren pull flk: texts from the national database, only when asked for."""

from __future__ import annotations

from typing import Any


def register(commands: Any) -> None:
    """Registers pull on the terminal's router."""
