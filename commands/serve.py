"""`zeren serve`: the page. First start loads the sample corpus so that a newcomer sees the whole job."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from commands.console import add_data, data_folder, say
from corpus.errors import WrongUsage

APP = Path(__file__).resolve().parent.parent / "app.py"
SECRETS = Path("settings") / "secrets.toml"  # the login provider's address and keys; docs/access.md
LOCAL = ("127.0.0.1", "::1", "localhost")
# glibc gives every thread an arena, and what an old generation leaves free in one serves no other thread:
# memory grew by a sixth over thirty rebuilds, with two arenas by a fiftieth.
FLAT = {"MALLOC_ARENA_MAX": "2"}


def register(commands: Any) -> None:
    parser = commands.add_parser("serve", help="打开网页（默认 127.0.0.1:8501）")
    add_data(parser)
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--address", default="127.0.0.1", help="默认只对本机开放")
    parser.add_argument("--open", action="store_true", help="对外地址上不要求登录（任何人都能改语料库）")
    parser.add_argument("--no-sample", action="store_true", help="首次启动不载入样例")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    data = data_folder(args)
    secrets = (data / SECRETS).resolve()
    if args.address not in LOCAL and not secrets.exists() and not args.open:
        raise WrongUsage(
            f"{args.address} 对其他机器开放，但没有配置登录（{SECRETS}）。",
            "请按 docs/access.md 配置登录；确要不登录就开放，请加 --open。",
        )
    if not (data / "corpus.db").exists() and not args.no_sample:
        _load_sample(data)
    say(f"网页地址：http://{args.address}:{args.port}（按 Ctrl+C 停止）")
    environment = {**FLAT, **os.environ, "ZEREN_DATA": str(data.resolve())}
    words = [sys.executable, "-m", "streamlit", "run", str(APP), *options(args.address, args.port, secrets)]
    if os.name == "posix":  # the server takes this process's place: stopping one leaves no other behind
        sys.stdout.flush()
        os.execve(sys.executable, words, environment)  # noqa: S606
    return subprocess.run(words, env=environment, check=False).returncode


def _load_sample(data: Path) -> None:
    from indexer.build import build_index
    from indexer.intake import STARTER, take_in

    say("首次启动：载入样例语料（样例·虚构）……")
    take_in(data, [STARTER], workers=1)
    build_index(data)


def options(address: str, port: int, secrets: Path) -> list[str]:
    """The server's settings: local by default, XSRF on, no statistics, no error details on the page."""
    settings = {
        "server.address": address,
        "server.port": port,
        "server.headless": "true",
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "server.maxUploadSize": 200,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "theme.light.primaryColor": "#9c1f1f",
        "theme.dark.primaryColor": "#cf4f4a",
        "secrets.files": secrets,
    }
    return [word for name, value in settings.items() for word in (f"--{name}", str(value))]
