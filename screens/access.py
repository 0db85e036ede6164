"""Who is at the page. One local editor where no login is set up; else the person the provider names.

Every verb that a page calls asks again: a page hidden from the menu is guarded too.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NoReturn

import streamlit as st

from corpus.errors import DamagedData, InputRefused, ZerenError
from screens import access_list
from screens.access_list import LOCAL, User
from screens.wording import plain, t

__all__ = ["User", "current_user", "login_is_set_up", "require_editor"]


def current_user() -> User:
    """The person at the page; a stranger sees one sentence and a button, and the page stops there."""
    data = Path(os.environ.get("ZEREN_DATA") or "data")
    try:
        if not login_is_set_up():
            return _local(data)
        listed = access_list.read(data)
        if not st.user.get("is_logged_in"):
            _ask_to_log_in()
        return access_list.admit(listed, st.user.to_dict(), now=time.time())
    except InputRefused as error:
        _refuse(error, other=True)
    except ZerenError as error:
        _refuse(error, other=False)


def require_editor() -> None:
    """Stops the page with one sentence where the person may only read."""
    if current_user().role != "editor":
        st.error(t("editors_only"))
        st.caption(f"{t('next')}: {t('editors_only_next')}")
        st.stop()


def login_is_set_up() -> bool:
    """Whether an OpenID Connect provider is configured ([auth] in secrets.toml)."""
    return bool(st.secrets.load_if_toml_exists() and "auth" in st.secrets)


def _local(data: Path) -> User:
    """Nobody logs in. Half a set-up (a list, or a file of secrets that cannot be read) lets nobody in."""
    for file in (access_list.FILE, access_list.SECRETS):
        if (data / file).exists():
            raise DamagedData(
                f"数据文件夹里有 {file}，但登录没有配置好。",
                f"请按 docs/access.md 写好 {access_list.SECRETS} 的 [auth] 再启动。",
            )
    return LOCAL


def _ask_to_log_in() -> NoReturn:
    st.title(t("app"))
    st.info(t("log_in_first"))
    st.button(t("log_in"), type="primary", icon=":material/login:", on_click=st.login, key="log_in")
    st.stop()


def _refuse(error: ZerenError, *, other: bool) -> NoReturn:
    st.title(t("app"))
    st.error(plain(error.message))
    st.caption(f"{t('next')}: {plain(error.next_step)}")
    if other:
        st.button(t("log_in_other"), icon=":material/logout:", on_click=st.logout, key="log_out")
    st.stop()
