"""What the browser tests share: one server on a first start, one Chromium, a tab for each test.

Drives Debian's Chromium through Playwright; skipped loudly where either is absent. With ZEREN_SHOTS=1 the
screenshots of docs/screenshots are made anew.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "docs" / "screenshots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]  # fmt: skip
LAPTOP = {"width": 1366, "height": 768}
HEAVIEST = 200 * 1024  # bytes of a screenshot in the repository

Go = Callable[[Any, str], None]
Shoot = Callable[[Any, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A click or a key that falls into the moment in which Streamlit draws the page anew is lost, and a walk
    waits in vain: it is walked again, twice at most. Whatever else fails fails at once."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2, only_rerun=["TimeoutError", "does not close"]))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(data: Path, *, more: tuple[str, ...] = (), **environment: str) -> Iterator[str]:
    """`zeren serve` on a data folder, as a user starts it; its address once the port answers."""
    port = free_port()
    words = [sys.executable, str(ROOT / "cli.py"), "serve", "--data", str(data), "--port", str(port), *more]
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    try:
        for _ in range(240):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, "the server ended"
                time.sleep(0.25)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty data folder with a name that needs quoting: the first start fills it with the sample."""
    return tmp_path_factory.mktemp("first") / "数据 目录"


@pytest.fixture(scope="session")
def server(data: Path) -> Iterator[str]:
    with serving(data) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("SKIPPED LOUDLY: no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="SKIPPED LOUDLY: Playwright is absent")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


def new_tab(browser: Any, address: str, *, size: dict[str, int] | None = None, dark: bool = False) -> Any:
    """A tab of its own session, on the first page; light or dark as the reader's system asks."""
    scheme = "dark" if dark else "light"
    tab = browser.new_page(
        viewport=size or LAPTOP, accept_downloads=True, color_scheme=scheme, locale="zh-CN"
    )
    tab.set_default_timeout(60_000)
    tab.goto(address)
    tab.get_by_text("已收录文本").wait_for()
    return tab


@pytest.fixture
def page(browser: Any, server: str) -> Iterator[Any]:
    tab = new_tab(browser, server)
    yield tab
    tab.close()


@pytest.fixture
def go() -> Go:
    """Opens a page by its name in the side bar."""

    def to(page: Any, name: str) -> None:
        page.get_by_role("link", name=name, exact=True).click()
        page.get_by_role("heading", name=name, exact=True).wait_for()

    return to


@pytest.fixture
def shoot() -> Shoot:
    """A screenshot for the README and the docs; made only when ZEREN_SHOTS is set."""
    return shot


def shot(page: Any, name: str) -> None:
    if not os.environ.get("ZEREN_SHOTS"):
        return
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(800)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= HEAVIEST:
            break
    (SHOTS / f"{name}.png").write_bytes(out.getvalue())
