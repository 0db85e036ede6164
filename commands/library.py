"""The library's commands: add index status list show remove pull cite backup restore doctor."""

from __future__ import annotations

from typing import Any

from commands import adding, citing, pulling, showing, upkeep


def register(commands: Any) -> None:
    """Registers the group on the terminal's router."""
    for group in (adding, citing, showing, upkeep, pulling):
        group.register(commands)
