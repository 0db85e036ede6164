"""zeren search · ask: ranked provisions, and answers made of verbatim statements."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from commands.console import Row, add_reading, data_folder, print_json, run_batch, say
from corpus.errors import WrongUsage
from corpus.place import Status
from retriever.answer import Desk
from retriever.hit import Filters, Hit
from retriever.narrowing import RANKS
from retriever.recognised import IGNORABLE, LABELS, Recognised
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
        help=f"undo a recognition: {', '.join(IGNORABLE)}, or one of a kind: posts:安全员",
    )
    _options(ask)
    ask.set_defaults(run=run_ask)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--region", help="texts of this province, and national ones")
    parser.add_argument("--region-only", action="store_true", help="no national texts beside the region's")
    parser.add_argument("--industry", help="texts of this field of work, and general ones")
    parser.add_argument("--post", help="provisions that put a duty on this post")
    parser.add_argument(
        "--rank",
        action="append",
        metavar="RANK",
        help=f"texts of this rank only: {', '.join(name for name, _ in RANKS)}",
    )
    parser.add_argument("--text-of", action="append", metavar="TITLE", help="only this text, by its title")
    parser.add_argument("--in-force", action="store_true", help="only texts in force on the day")
    parser.add_argument("--as-of", "--on", dest="as_of", metavar="DATE", help="the law of this day (today)")


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


def _filters(desk: Desk, row: Row, args: argparse.Namespace) -> Filters:
    """The limits of a row of a batch, each from the row where it has one, else from the options."""

    def words(name: str) -> str | None:
        value = row.get(name, getattr(args, name))
        if value is not None and not isinstance(value, str):
            raise WrongUsage(f"{name} 应是一段文字。")
        return value or None

    def several(name: str) -> list[str]:
        value = row.get(name, getattr(args, name)) or []
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise WrongUsage(f"{name} 应是一个名字或一个列表。")
        return value

    return Filters(
        works=tuple(work for title in several("text_of") for work in _works(desk, title)),
        region=words("region"),
        region_only=bool(row.get("region_only", args.region_only)),
        kinds=tuple(several("rank")),
        in_force_only=bool(row.get("in_force", args.in_force)),
        industry=words("industry"),
        post=words("post"),
        as_of=words("as_of") if "as_of" in row or "on" not in row else str(row["on"]),
    )


def _works(desk: Desk, title: str) -> tuple[str, ...]:
    found = desk.searcher.library.find_works(title.strip("《》 "))
    if not found:
        raise WrongUsage(f"库里没有《{title.strip('《》 ')}》。", "请用 zeren list 查看已有的文本。")
    return found


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
        filters=_filters(desk, row, args),
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
    if not isinstance(ignore, list) or not all(isinstance(one, str) for one in ignore):
        raise WrongUsage("ignore 应是一个列表。", f"可用：{'、'.join(IGNORABLE)}。")
    return desk.ask(text, ignore=ignore, filters=_filters(desk, row, args))


def _show_answer(answer: Answer) -> None:
    understood = _understood(answer)
    if understood:
        _say(f"理解为：{understood}")
    for statement in answer.statements:
        place = statement.place
        status = STATUS_WORD[place.status]
        _say(f"\n{place.citation}（{place.version or '版本不明'}，{status}）")
        _say("  " + _with_marks(statement.text, statement.decisive).replace("\n", "\n  "))
    for note in answer.notes:
        _say(f"\n注意：{note.sentence}")
    if not answer.found:
        _say(f"没有答案：{answer.reason}")
        _show_nearest(answer.hits)


def _show_nearest(hits: Sequence[Hit]) -> None:
    for hit in hits[:5]:
        head = hit.text.split("\n", 1)[0]
        _say(f"  {hit.place.citation}：{head[:60]}{'…' if len(head) > 60 else ''}")


def _understood(answer: Answer) -> str:
    """What was read into the question, one line, with the names --ignore takes."""
    shown = [one for one in answer.question.recognised if one.code != "outside"]
    parts = []
    for code, label in LABELS.items():
        held = [one for one in shown if one.code == code]
        if held:
            parts.append(f"{label}（{code}）：{'、'.join(map(_read_as, held))}")
    return "　".join(parts)


def _read_as(one: Recognised) -> str:
    plain = one.code == "kinds" or one.words == one.value
    return one.value if plain else f"{one.words}→{one.value}"


def _with_marks(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with its decisive spans in bold on a terminal; the bare text elsewhere."""
    if not sys.stdout.isatty():
        return text
    for start, stop in reversed(spans):
        text = f"{text[:start]}{BOLD}{text[start:stop]}{PLAIN}{text[stop:]}"
    return text


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
