"""How fast the page is: first page, one person's answer, and many people asking at the same moment.

    python -m bench.page --data DIR [--people 20] [--rounds 3]

Starts `zeren serve` and speaks to it as a browser does (Streamlit's own messages over a web socket), so that
the server alone is measured: from sending the question to the last message of its answer. Every person asks
another question; an answer counts only when it holds a provision to open.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases" / "qa.jsonl"
PATIENCE = 60.0  # seconds for one run of the page


class Person:
    """One browser tab: a web socket, and the ids of the widgets it was shown."""

    def __init__(self, address: str) -> None:
        self._ending = ExitStack()
        tab = connect(
            f"ws://{address}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            proxy=None,
        )
        self._socket: ClientConnection = self._ending.enter_context(tab)
        self.widgets: dict[str, str] = {}
        self.openers = 0

    def open(self, page: str) -> float:
        """Opens a page; seconds until it is whole."""
        return self._run(page, [])

    def ask(self, text: str) -> float:
        """Puts a question on the Ask page; seconds until its answer is whole."""
        states = [
            WidgetState(id=self.widgets["question"], string_value=text),
            WidgetState(id=self.widgets["ask_form"], trigger_value=True),
        ]
        return self._run("ask", states)

    def close(self) -> None:
        self._ending.close()

    def _run(self, page: str, states: list[WidgetState]) -> float:
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.widget_states.widgets.extend(states)
        self.openers = 0
        started = time.perf_counter()
        self._socket.send(message.SerializeToString())
        while True:
            heard = ForwardMsg()
            heard.ParseFromString(self._socket.recv(timeout=PATIENCE, decode=False))
            self._note(heard)
            if heard.WhichOneof("type") == "script_finished":
                return time.perf_counter() - started

    def _note(self, heard: ForwardMsg) -> None:
        """Remembers the box, the button of its form, and counts the provisions that can be opened."""
        element = heard.delta.new_element
        if element.HasField("text_input") and element.text_input.id.endswith("-question"):
            self.widgets["question"] = element.text_input.id
        if element.HasField("button"):
            button = element.button
            if button.is_form_submitter and button.form_id.endswith("ask_form"):
                self.widgets["ask_form"] = button.id
            self.openers += "-open_s" in button.id


@contextmanager
def serving(data: Path) -> Iterator[tuple[str, int]]:
    """The page on a free port, once its port answers; its address and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [sys.executable, str(ROOT / "cli.py"), "serve", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit("the server did not start") from None
                time.sleep(0.05)
        yield f"127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def processor_seconds(pid: int) -> float:
    """What a process has used of the processors (Linux): a figure that other programs do not blur."""
    cells = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(cells[11]) + int(cells[12])) / float(os.sysconf("SC_CLK_TCK"))


def questions(count: int, *, start: int = 0) -> list[str]:
    """Answerable questions of tests/cases/qa.jsonl, every one another."""
    rows = (json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines())
    held = [str(row["question"]) for row in rows if row.get("answerable", True)]
    return [held[(start + number) % len(held)] for number in range(count)]


def alone(address: str, count: int) -> tuple[list[float], int]:
    """One person asks one question after another; seconds of each, and how many were answered."""
    person = Person(address)
    person.open("ask")
    taken, answered = [], 0
    for text in questions(count):
        taken.append(person.ask(text))
        answered += person.openers > 0
    person.close()
    return taken, answered


def together(address: str, people: int, *, start: int) -> tuple[list[float], int]:
    """Many people, each with a page open, ask at the same moment; seconds of each, and how many answered."""
    tabs = [Person(address) for _ in range(people)]
    for tab in tabs:
        tab.open("ask")
    barrier, taken = threading.Barrier(people), [0.0] * people

    def one(number: int, text: str) -> None:
        barrier.wait()
        taken[number] = tabs[number].ask(text)

    threads = [threading.Thread(target=one, args=row) for row in enumerate(questions(people, start=start))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answered = sum(tab.openers > 0 for tab in tabs)
    for tab in tabs:
        tab.close()
    return taken, answered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    with serving(args.data) as (address, pid):
        first = Person(address)
        print(f"first page after the server is up: {first.open(''):.2f} s")
        print(
            f"first Ask page and first answer: {first.open('ask'):.2f} s, {first.ask(questions(1)[0]):.2f} s"
        )
        first.close()
        before = processor_seconds(pid)
        taken, answered = alone(address, 30)
        each = (processor_seconds(pid) - before) / len(taken)
        print(
            f"one person, 30 questions: median {statistics.median(taken):.2f} s, longest {max(taken):.2f} s, "
            f"{answered} answered; {each:.3f} s of processor time each"
        )
        for number in range(args.rounds):
            taken, answered = together(address, args.people, start=40 + number * args.people)
            print(
                f"{args.people} people at once, round {number + 1}: median {statistics.median(taken):.2f} s, "
                f"longest {max(taken):.2f} s, {answered} answered"
            )
            if answered < 0.9 * args.people:
                raise SystemExit("too few questions were answered: these are no timings of answers")


if __name__ == "__main__":
    main()
