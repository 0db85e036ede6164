"""Inner loops as machine code: Numba, and the only module that imports it.

Compiled at the first call after installation, in seconds, then read from the folder `__pycache__` beside the
module, or from the user's own cache folder where that is read-only. Where nothing can be kept, or what was
kept is damaged, a loop is compiled anew in every process. The loops run without Python's lock, so that
several questions are answered at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "boundscheck": False}
_ANY_ORDER = frozenset({"reassoc", "contract", "nsz"})


def inlined(function: Loop) -> Loop:
    """A function that compiled loops call: compiled with each of them."""
    made: Any = njit(**_OPTIONS)(function)
    return made  # type: ignore[no-any-return]


def compiled(function: Loop) -> Loop:
    """The function as machine code: arrays in, arrays filled; no index is checked in it."""
    return _kept(function, _OPTIONS)


def compiled_sums(function: Loop) -> Loop:
    """The same where the order in which numbers are added is free, so that eight are added at once."""
    return _kept(function, {**_OPTIONS, "fastmath": set(_ANY_ORDER)})


def _kept(function: Loop, options: dict[str, Any]) -> Loop:
    try:
        made = njit(**options, cache=True)(function)
    except RuntimeError:  # no folder to keep it in
        made = njit(**options)(function)

    @wraps(function)
    def call(*cells: Any) -> Any:
        nonlocal made
        try:
            return made(*cells)
        except Exception:  # noqa: BLE001 - what a damaged file raises; a fault of ours is raised again
            made = njit(**options)(function)
            return made(*cells)

    return call  # type: ignore[return-value]
