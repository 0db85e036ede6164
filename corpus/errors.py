"""Errors for people: one sentence, the next step, and the exit status of the command line."""

from __future__ import annotations


class ZerenError(Exception):
    """Base of every error a user may see. `message` is one sentence, `next_step` what to do now."""

    exit_status = 1

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class InputRefused(ZerenError):
    """A file or input cannot be used; the reason names it."""

    exit_status = 1


class WrongUsage(ZerenError):
    """The call's words are off: an unknown option value, an empty question."""

    exit_status = 2


class NothingFound(ZerenError):
    """The library holds nothing that answers."""

    exit_status = 3


class DamagedData(ZerenError):
    """The data folder is missing, not ours, newer than this program, or altered."""

    exit_status = 4
