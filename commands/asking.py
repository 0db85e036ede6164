"""zeren search · ask: ranked provisions, and answers made of verbatim statements."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from commands.console import Row, add_reading, data_folder, print_json, run_batch, say
from corpus.errors import WrongUsage
from corpus.place import Status
from retriever.answer import Desk
from retriever.hit import Filters, Hit
from retriever.question import IGNORABLE
from retriever.stated import Answer

MOST = 100
STATUS_WORD = {
    Status.IN_FORCE: "有效",
    Status.NOT_YET: "尚未施行",
    Status.AMENDED: "已被修改",
    Status.REPEALED: "已废止",
    Status.UNKNOWN: "效力不明",
}
BOLD, PLAIN = "\033[1m", "\033[0m"


def register(commands: Any) -> None:
    """Registers the group on the terminal's router."""
    search = commands.add_parser("search", help="ranked provisions")
    add_reading(search, batch=True)
    search.add_argument("text", nargs="?", help="what to look for")
    search.add_argument("-k", type=int, default=10, help="how many provisions (default 10)")
    search.add_argument("--level", choices=("article", "item"), default="article")
    _options(search)
    search.set_defaults(run=run_search)
    ask = commands.add_parser("ask", help="an answer of verbatim statements, or not found")
    add_reading(ask, batch=True)
    ask.add_argument("text", nargs="?", help="a question, Chinese or English")
    ask.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="WHAT",
        help=f"undo a recognition: {', '.join(IGNORABLE)}",
    )
    _options(ask)
    ask.set_defaults(run=run_ask)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--region", help="texts of this province, and national ones")
    parser.add_argument("--on", metavar="DATE", help="the law of this day (default today)")


def _one_text(args: argparse.Namespace) -> str:
    if args.batch and args.text:
        raise WrongUsage("--batch 和一句话不能同时给。", "请只留一个。")
    if not args.batch and args.text is None:
        raise WrongUsage("没有写要问的话。", "例如：zeren ask 安全生产许可证能用几年？")
    return str(args.text or "")


@contextmanager
def _desk(data: Path) -> Iterator[Desk]:
    """The desk over a data folder, its files held while it is used."""
    from retriever.search import Retriever

    with Retriever.open(data) as retriever:
        if retriever.warning:
            say(f"注意：{retriever.warning}")
        yield Desk.open(retriever)


def _text_of(row: Row) -> str:
    text = row.get("text", row.get("question"))
    if not isinstance(text, str):
        raise WrongUsage("这一行没有 text。", '每行应是 {"id": …, "text": "…"}。')
    return text


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
        raise WrongUsage(f"k 应是 1 到 {MOST} 的整数。")
    return value


def _day(value: Any) -> str | None:
    """An ISO date, or None for today."""
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise WrongUsage(f"日期读不懂：{value}。", "请写成 2026-01-14 的样子。") from error


# -- search --------------------------------------------------------------------------------------


def run_search(args: argparse.Namespace) -> int:
    """Ranked provisions for one text or a batch."""
    text = _one_text(args)
    _count(args.k)
    with _desk(data_folder(args)) as desk:
        if args.batch:
            return run_batch(args.batch, lambda row: _found(desk, _text_of(row), row, args))
        result = _found(desk, text, {}, args)
    if args.json:
        print_json(result)
    else:
        _show_hits(result["hits"])
    return 0 if result["hits"] else 3


def _found(desk: Desk, text: str, row: Row, args: argparse.Namespace) -> Row:
    hits = desk.search(
        text,
        k=_count(row.get("k", args.k)),
        on=_day(row.get("on", args.on)),
        filters=Filters(region=row.get("region", args.region)),
        level=str(row.get("level", args.level)),
    )
    return {"query": text, "hits": [hit.as_json() for hit in hits]}


def _show_hits(hits: Sequence[Row]) -> None:
    for number, hit in enumerate(hits, 1):
        status = STATUS_WORD[Status(hit["status"])]
        _say(f"{number}. {hit['citation']}（{hit['version'] or '版本不明'}，{status}） {hit['score']:.2f}")
        _say("   " + hit["text"].replace("\n", "\n   "))
        for same in hit["also"]:
            _say(f"   同文：{same['citation']}")
    if not hits:
        _say("没有找到相近的条文。")


# -- ask -----------------------------------------------------------------------------------------


def run_ask(args: argparse.Namespace) -> int:
    """Answers one question or a batch; 3 when the one question is not answered."""
    text = _one_text(args)
    with _desk(data_folder(args)) as desk:
        if args.batch:
            return run_batch(args.batch, lambda row: _answered(desk, _text_of(row), row, args).as_json())
        answer = _answered(desk, text, {}, args)
    if args.json:
        print_json(answer.as_json())
    else:
        _show_answer(answer)
    return 0 if answer.found else 3


def _answered(desk: Desk, text: str, row: Row, args: argparse.Namespace) -> Answer:
    ignore = row.get("ignore", args.ignore)
    if not isinstance(ignore, list):
        raise WrongUsage("ignore 应是一个列表。", f"可用：{'、'.join(IGNORABLE)}。")
    day, region = _day(row.get("on", args.on)), row.get("region", args.region)
    return desk.ask(text, ignore=ignore, on=day, region=region)


def _show_answer(answer: Answer) -> None:
    understood = _understood(answer)
    if understood:
        _say(f"理解为：{understood}")
    for statement in answer.statements:
        place = statement.place
        status = STATUS_WORD[place.status]
        _say(f"\n{place.citation}（{place.version or '版本不明'}，{status}）")
        _say("  " + _with_marks(statement.text, statement.decisive).replace("\n", "\n  "))
    if not answer.found:
        _say(f"没有答案：{answer.reason}")
        _show_nearest(answer.hits)


def _show_nearest(hits: Sequence[Hit]) -> None:
    for hit in hits[:5]:
        head = hit.text.split("\n", 1)[0]
        _say(f"  {hit.place.citation}：{head[:60]}{'…' if len(head) > 60 else ''}")


def _understood(answer: Answer) -> str:
    """What was read into the question, one line, with the names --ignore takes."""
    question = answer.question
    parts = []
    if question.named.works:
        parts.append(f"文件（works）：{'、'.join(question.named.works)}")
    if question.region:
        parts.append(f"地方（region）：{question.region.city or question.region.province}")
    if question.on:
        parts.append(f"日期（date）：{question.on}")
    if question.expansions:
        added = "；".join(f"{e.word}→{'、'.join(e.added)}" for e in question.expansions)
        parts.append(f"用语（words）：{added}")
    return "　".join(parts)


def _with_marks(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with its decisive spans in bold on a terminal; the bare text elsewhere."""
    if not sys.stdout.isatty():
        return text
    for start, stop in reversed(spans):
        text = f"{text[:start]}{BOLD}{text[start:stop]}{PLAIN}{text[stop:]}"
    return text


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
