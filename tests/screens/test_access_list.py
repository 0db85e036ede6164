"""The allow-list: who is admitted as what, and every reason to refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.errors import DamagedData, InputRefused
from screens import access_list
from screens.access_list import User

GOOD = '[users]\n"Li@Office.example" = "reader"\n"wang@office.example" = "editor"\n'


def listed(tmp_path: Path, text: str) -> access_list.AccessList:
    (tmp_path / "settings").mkdir(exist_ok=True)
    (tmp_path / access_list.FILE).write_text(text, encoding="utf-8")
    return access_list.read(tmp_path)


ADMITTED: list[tuple[str, dict[str, Any], User]] = [
    (GOOD, {"email": "li@office.example"}, User("li@office.example", "reader")),
    (
        GOOD,
        {"email": "WANG@office.example", "email_verified": True},
        User("wang@office.example", "editor"),
    ),
    ('claim = "sub"\n[users]\n"007" = "editor"\n', {"sub": "007"}, User("007", "editor")),
    (GOOD, {"email": "li@office.example", "iat": 1000 - 11 * 3600}, User("li@office.example", "reader")),
]


@pytest.mark.parametrize(("text", "claims", "user"), ADMITTED)
def test_admitted(tmp_path: Path, text: str, claims: dict[str, Any], user: User) -> None:
    assert access_list.admit(listed(tmp_path, text), claims, now=1000.0) == user


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (GOOD, {"email": "zhao@office.example"}, "不在使用名单"),
    (GOOD, {"email": "li@office.example", "email_verified": False}, "没有确认邮箱"),
    (GOOD, {"sub": "li@office.example"}, "没有给出"),
    (GOOD, {}, "没有给出"),
    (GOOD, {"email": "li@office.example", "iat": 1000 - 13 * 3600}, "登录已过期"),
    ("[users]\n", {"email": "li@office.example"}, "不在使用名单"),
]


@pytest.mark.parametrize(("text", "claims", "reason"), REFUSED)
def test_refused(tmp_path: Path, text: str, claims: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputRefused, match=reason):
        access_list.admit(listed(tmp_path, text), claims, now=1000.0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[users]\n"li" = "admin"\n', "admin"),
        ("users = 3\n", r"缺少 \[users\]"),
        ("hours = 0\n[users]\n", "hours"),
        ("[users", "读不懂"),
        ("", r"缺少 \[users\]"),
    ],
)
def test_a_bad_list_is_said_and_lets_nobody_in(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(DamagedData, match=reason):
        listed(tmp_path, text)


def test_a_missing_list_is_said(tmp_path: Path) -> None:
    with pytest.raises(DamagedData, match="没有使用名单"):
        access_list.read(tmp_path)
