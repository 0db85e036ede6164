"""The whole day's work in one process, where there is no network: -m tests.reliability.offline_run FOLDER

Adds the sample corpus, indexes, asks, lists duties, writes a letter and checks it, then opens every page of
the app as a session does. Prints how many steps ended well.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from pathlib import Path

from tests.reliability.stage import ROOT, SAMPLES

PAGES = ("home", "ask", "duties", "rectify", "study", "check", "library")


def commands(folder: Path) -> int:
    """The commands, each with the exit status it must have."""
    import cli

    data = ["--data", str(folder / "d")]
    letter, fields = str(folder / "整改通知书.docx"), str(ROOT / "examples" / "letters" / "整改通知书.yaml")
    steps: list[tuple[list[str], tuple[int, ...]]] = [
        (["add", str(SAMPLES), "--no-index", *data], (0,)),
        (["index", *data], (0,)),
        (["ask", "生产经营单位的主要负责人有哪些职责", *data], (0, 3)),
        (["duties", "--post", "主要负责人", "-o", str(folder / "清单.docx"), *data], (0, 3)),
        (["duties", "--post", "主要负责人", "-o", str(folder / "清单.xlsx"), *data], (0, 3)),
        (["letter", "整改通知书", "--input", fields, "-o", letter, *data], (0,)),
        (["check", letter, "-o", str(folder / "核对.docx"), *data], (0,)),
        (["status", "--verify", *data], (0,)),
        (["doctor", *data], (0, 1)),
    ]
    for words, expected in steps:
        status = cli.main(words)
        if status not in expected:
            raise SystemExit(f"{words[0]} ended with {status}")
    return len(steps)


def pages(folder: Path) -> int:
    """Every page of the app, run as a session runs it."""
    from streamlit.testing.v1 import AppTest

    os.environ["ZEREN_DATA"] = str(folder / "d")
    for name in PAGES:
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        page.run()  # the driver's own verb knows only pages that are files
        found = {info["url_pathname"]: key for key, info in page._registered_pages.items()}
        page._page_hash = found["" if name == "home" else name]
        page.run()
        if page.exception:
            raise SystemExit(f"the page {name} ended with {page.exception[0].message}")
    return len(PAGES)


def server(folder: Path) -> int:
    """The server itself: started as `zeren serve` starts it, asked for its page, stopped."""
    import subprocess

    from commands.serve import APP

    words = [sys.executable, "-m", "cli", "serve", "--port", "8599", "--data", str(folder / "d")]
    process = subprocess.Popen(words, cwd=APP.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                with urllib.request.urlopen("http://127.0.0.1:8599/_stcore/health", timeout=2) as answer:
                    return int(answer.read() == b"ok")
            except OSError:
                time.sleep(0.5)
    finally:
        process.terminate()
        process.wait(timeout=20)
    raise SystemExit("the server did not answer")


def main() -> None:
    folder = Path(sys.argv[1])
    done = commands(folder) + pages(folder) + server(folder)
    sys.stdout.write(f"well {done}\n")


if __name__ == "__main__":
    main()
