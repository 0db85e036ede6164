"""Who may use the page, and as what: settings/access.toml of the data folder.

claim = "email"          # the claim of the identity token that names the person
hours = 12               # after so many hours a person logs in again
[users]
"li@office.example" = "reader"
"wang@office.example" = "editor"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from corpus.errors import DamagedData, InputRefused

FILE = Path("settings") / "access.toml"
SECRETS = Path("settings") / "secrets.toml"  # the provider's address and keys, read by Streamlit
ROLES = ("reader", "editor")
Role = Literal["reader", "editor"]


@dataclass(frozen=True, slots=True)
class User:
    """A person at the page. `name` is the claim's value, which owns saved work and stands in the log."""

    name: str
    role: Role


LOCAL = User("本机", "editor")  # where nobody logs in: the page is open to this machine only


@dataclass(frozen=True, slots=True)
class AccessList:
    """The allow-list: names in small letters → role."""

    claim: str
    hours: float
    users: Mapping[str, Role]


def read(data: Path) -> AccessList:
    """The list of this data folder. Raises DamagedData where it is missing or cannot be understood."""
    path = data / FILE
    fix = f"请按 docs/access.md 改正 {FILE}。"
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DamagedData(f"已启用登录，但数据文件夹里没有使用名单 {FILE}。", fix) from error
    except (OSError, ValueError) as error:
        raise DamagedData(f"使用名单 {FILE} 读不懂：{error}。", fix) from error
    users, hours = held.get("users"), held.get("hours", 12)
    if not isinstance(users, dict) or not isinstance(hours, int | float) or hours <= 0:
        raise DamagedData(f"使用名单 {FILE} 缺少 [users] 或 hours 不是正数。", fix)
    for name, role in users.items():
        if role not in ROLES:
            raise DamagedData(f"使用名单 {FILE} 里 {name} 的角色“{role}”不是 reader 或 editor。", fix)
    roles = {str(name).strip().casefold(): cast(Role, role) for name, role in users.items()}
    return AccessList(str(held.get("claim", "email")), float(hours), roles)


def admit(listed: AccessList, claims: Mapping[str, Any], *, now: float) -> User:
    """The user an identity token names. Raises InputRefused with the reason where it admits nobody.

    An address the provider calls unverified is refused (OpenID Connect Core 1.0, 5.7: `email` alone is no
    identity), and so is a token issued more than `hours` ago: the page's cookie outlives it.
    """
    name = str(claims.get(listed.claim) or "").strip()
    if not name:
        raise InputRefused(
            f"身份提供方没有给出“{listed.claim}”，无法知道您是谁。",
            "请管理员检查 access.toml 的 claim 和 secrets.toml 的 scope。",
        )
    if listed.claim == "email" and claims.get("email_verified") in (False, "false"):
        raise InputRefused(f"身份提供方没有确认邮箱 {name} 属于您。", "请先在身份提供方那里验证邮箱。")
    issued = claims.get("iat")
    if isinstance(issued, int | float) and now - issued > listed.hours * 3600:
        raise InputRefused("登录已过期。", "请重新登录。")
    role = listed.users.get(name.casefold())
    if role is None:
        raise InputRefused(f"您已登录为 {name}，但不在使用名单里。", "请管理员把这个账号写进 access.toml。")
    return User(name.casefold(), role)
