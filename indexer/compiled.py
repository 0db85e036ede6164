"""Inner loops as machine code: Numba, and the only module that imports it.

Compiled at the first call after installation, in seconds, then read from the folder `__pycache__` beside the
module, or from the user's own cache folder where that is read-only. The loops run without Python's lock, so
that several questions are answered at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])


_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy", "boundscheck": False}


def compiled(function: Loop) -> Loop:
    """The function as machine code: arrays in, arrays filled; no index is checked in it."""
    made: Any = numba.njit(**_OPTIONS)(function)
    return made  # type: ignore[no-any-return]


def compiled_sums(function: Loop) -> Loop:
    """The same where the order in which numbers are added is free, so that eight are added at once."""
    made: Any = numba.njit(**_OPTIONS, fastmath={"reassoc", "contract", "nsz"})(function)
    return made  # type: ignore[no-any-return]
