"""A download that stands in the audit log: every file a page hands out goes through here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from screens import audit, desk
from screens.access import current_user


def offer(
    label: str,
    content: bytes | str | Callable[[], bytes],
    *,
    file_name: str,
    action: str = "导出",
    place: Any = st,
    **more: Any,
) -> None:
    """A download button; pressing it logs `action` on the file's name, then hands the file out.

    The entry is written when the file is asked for and before its first byte leaves: where the log cannot be
    written nothing is handed out. `content` may be a callable, made only when the button is pressed. `place`
    is the column it stands in; the rest goes to Streamlit's button.
    """
    data, user = desk.data(), current_user().name

    def made() -> bytes:
        whole = content() if callable(content) else content
        audit.record(data, user, action, file_name)
        return whole.encode() if isinstance(whole, str) else whole

    settings = {"icon": ":material/download:", "on_click": "ignore", **more}
    place.download_button(label, made, file_name=file_name, **settings)
