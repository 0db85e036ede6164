"""What every command shares at the terminal: the data folder, JSON out, batches in, exit statuses."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from corpus.errors import InputRefused, WrongUsage, ZerenError

Row = dict[str, Any]


def data_folder(args: argparse.Namespace) -> Path:
    """--data, else $ZEREN_DATA, else ./data."""
    return Path(args.data or os.environ.get("ZEREN_DATA") or "data")


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="data folder (default $ZEREN_DATA, else ./data)")


def add_reading(parser: argparse.ArgumentParser, *, batch: bool = False) -> None:
    """The options of every reading command: --data, --json and, where it applies, --batch."""
    add_data(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout, nothing else")
    if batch:
        parser.add_argument("--batch", metavar="FILE.jsonl", help='lines {"id", "text", …}')


def print_json(value: Row) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def show(text: str) -> None:
    """A line of the result, on stdout."""
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """Progress and notes: stderr, so that stdout stays the result."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def read_batch(path: str) -> Iterator[Row]:
    """The lines of a batch file; a line that is no JSON object yields {"id": None, "error": …}."""
    file = Path(path)
    if not file.is_file():
        raise WrongUsage(f"找不到批处理文件：{path}。", "请检查 --batch 的路径。")
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _batch_row(line, number)


def _batch_row(line: str, number: int) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        return {"id": None, "error": f"第{number}行不是 JSON 对象"}
    return row


def run_batch(path: str, answer: Callable[[Row], Row]) -> int:
    """One JSON line an input line, same order, each with its id. Returns the exit status."""
    status = 0
    for row in read_batch(path):
        try:
            if "error" in row:
                raise InputRefused(str(row["error"]))
            result = answer(row)
        except ZerenError as error:
            status = 1
            say(f"{row.get('id')}: {error}")
            result = {"error": str(error)}
        print_json({"id": row.get("id"), **result})
        sys.stdout.flush()
    return status
