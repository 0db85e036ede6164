"""The terminal's router: `zeren …` (each group of commands lives in commands/)."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from commands.console import data_folder, say
from commands.journal import Entry, noted
from corpus.errors import ZerenError

BROKEN = "程序出错"
# name → (module, one-line help). Modules are imported on use: `zeren cite` needs no torch.
GROUPS = {
    "add": "commands.library",
    "index": "commands.library",
    "status": "commands.library",
    "list": "commands.library",
    "show": "commands.library",
    "remove": "commands.library",
    "pull": "commands.library",
    "cite": "commands.library",
    "backup": "commands.library",
    "restore": "commands.library",
    "doctor": "commands.library",
    "parse": "commands.reading",
    "recommendation": "commands.rectify",
    "extract": "commands.extract",
    "duties": "commands.duties",
    "penalties": "commands.duties",
    "impact": "commands.duties",
    "duty-list": "commands.duties",
    "search": "commands.asking",
    "ask": "commands.asking",
    "basis": "commands.rectify",
    "letter": "commands.letters",
    "check": "commands.rectify",
    "study": "commands.study",
    "serve": "commands.serve",
}


def build_parser(only: str | None = None) -> argparse.ArgumentParser:
    """The parser of every command, or of one (so that a command pays only for its own imports)."""
    parser = argparse.ArgumentParser(
        prog="zeren", description="找责任，出文书：每一行都是条文原文。 Find the duty, draft the document."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = [GROUPS[only]] if only in GROUPS else list(dict.fromkeys(GROUPS.values()))
    for name in wanted:
        importlib.import_module(name).register(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Returns 0 done, 1 some inputs failed, 2 wrong usage, 3 nothing found, 4 bad data."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    words = list(sys.argv[1:] if argv is None else argv)
    args = build_parser(words[0] if words else None).parse_args(words)
    with noted(data_folder(args) if hasattr(args, "data") else None, str(args.command)) as entry:
        entry.status = _run(args, entry)
    return entry.status


def _run(args: argparse.Namespace, entry: Entry) -> int:
    try:
        return int(args.run(args))
    except ZerenError as error:
        entry.blame(error)
        say(f"zeren: {error}")
        return error.exit_status
    except KeyboardInterrupt:
        say("zeren: 已中断；已保存的内容不受影响，可再次运行同一命令继续。")
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        entry.blame(error)
        if os.environ.get("ZEREN_DEBUG"):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        say(f"zeren: {BROKEN}（{reason}，{entry.at}）。 请检查磁盘和文件；仍出错请把这一行报告给维护人员。")
        return 1


if __name__ == "__main__":
    sys.exit(main())
