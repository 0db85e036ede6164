"""zeren list · show: the texts held, and a text or provision with its context."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from typing import Any

from commands.console import Row, add_reading, data_folder, print_json, show
from corpus import finding
from corpus.citing import Outcome, Target, resolve
from corpus.document import Edition, Provision
from corpus.errors import NothingFound, WrongUsage
from corpus.library import Library
from corpus.links import Link
from corpus.place import Address, Status
from corpus.validity import is_date

STATUS_WORD = {
    Status.IN_FORCE: "有效",
    Status.NOT_YET: "尚未施行",
    Status.AMENDED: "已修改",
    Status.REPEALED: "已废止",
    Status.UNKNOWN: "效力不明",
}


def day_of(text: str | None) -> str:
    """The day validity is judged on: the one given, else today. Raises WrongUsage."""
    if text is None:
        return date.today().isoformat()
    if not is_date(text):
        raise WrongUsage(f"日期写法不对：{text}。", "请写成 2026-01-31 的样子。")
    return text


def register(commands: Any) -> None:
    """Registers list and show on the terminal's router."""
    listing = commands.add_parser("list", help="texts and versions held")
    add_reading(listing)
    listing.add_argument("title", nargs="?", help="only titles containing this")
    listing.add_argument("--kind")
    listing.add_argument("--region")
    listing.add_argument("--on", metavar="DATE", help="validity on this day (default today)")
    listing.set_defaults(run=run_list)
    showing = commands.add_parser("show", help="a text or provision with its context")
    add_reading(showing)
    showing.add_argument("ref", metavar="REF", help="a citation, a title, a key or a source path")
    showing.add_argument("--on", metavar="DATE", help="the version in force on this day (default today)")
    showing.set_defaults(run=run_show)


def run_list(args: argparse.Namespace) -> int:
    """Every text held, or those that match."""
    on = day_of(args.on)
    with Library.open(data_folder(args)) as library:
        held = [e for e in library.editions() if _wanted(e, args)]
    if not held:
        raise NothingFound("没有符合条件的文本。", "请放宽条件，或先运行 zeren add。")
    if args.json:
        print_json({"on": on, "texts": [edition_json(e, on=on) for e in held]})
        return 0
    for e in held:
        m = e.masthead
        words = (e.key, m.version or "版本不明　", STATUS_WORD[e.status(on)], m.kind, e.title, e.source)
        show("  ".join(words))
    return 0


def _wanted(edition: Edition, args: argparse.Namespace) -> bool:
    m = edition.masthead
    return (
        (not args.title or args.title in m.title or args.title in edition.work)
        and (not args.kind or m.kind == args.kind)
        and (not args.region or (m.region or "全国") == args.region)
    )


def edition_json(edition: Edition, *, on: str) -> Row:
    """A text as lists show it."""
    m = edition.masthead
    return {
        "key": edition.key,
        "source": edition.source,
        "also_sources": list(edition.also_sources),
        "title": m.title,
        "work": edition.work,
        "kind": m.kind,
        "issuer": m.issuer,
        "number": m.number,
        "region": m.region,
        "version": m.version,
        "status": edition.status(on).value,
        "effective_from": edition.effective_from,
        "effective_basis": edition.effective_basis,
        "effective_to": edition.effective_to,
        "ended_reason": edition.ended_reason,
        "sample": m.sample,
    }


def run_show(args: argparse.Namespace) -> int:
    """A text or provision with headings, neighbours, versions and links."""
    on = day_of(args.on)
    with Library.open(data_folder(args)) as library:
        shown = [_card(library, key, address, on) for key, address in _meant(library, args.ref, on)]
    if args.json:
        print_json({"on": on, "shown": shown})
        return 0
    for card in shown:
        _tell(card)
    return 0


def _meant(library: Library, ref: str, on: str) -> list[tuple[str, Address]]:
    for edition in library.editions():
        if ref in (edition.key, edition.source):
            return [(edition.key, Address())]
    found = resolve(library, ref, on=on)
    if found.status is not Outcome.OK:
        raise NothingFound(f"{found.message or '没有找到'}。", "请写全称和条款，或用 zeren list 查看。")
    return [_whole(target) for target in found.targets]


def _whole(target: Target) -> tuple[str, Address]:
    return target.key, target.place.address


def _card(library: Library, key: str, address: Address, on: str) -> Row:
    edition = library.edition(key)
    rows = finding.rows(library, finding.Where(key, address))
    if address == Address():
        rows = library.provisions(key)
    before, after = _neighbours(library.provisions(key), address)
    return {
        **edition.place(address, on=on).as_json(),
        "headings": list(rows[0].headings) if rows and address != Address() else [],
        "text": "\n".join(row.text for row in rows),
        "provisions": [_row(edition, row, on) for row in rows],
        "before": [_row(edition, row, on) for row in before],
        "after": [_row(edition, row, on) for row in after],
        "edition": edition_json(edition, on=on),
        "versions": [edition_json(e, on=on) for e in library.versions(edition.work)],
        "links_from": _links(library, library.links_from(key, address), on, to=True),
        "links_to": _links(library, library.links_to(key, address), on, to=False),
    }


def _row(edition: Edition, row: Provision, on: str) -> Row:
    return {**edition.place(row, on=on).as_json(), "text": row.text}


def _neighbours(
    rows: tuple[Provision, ...], address: Address
) -> tuple[tuple[Provision, ...], tuple[Provision, ...]]:
    """The articles (or sections) right before and after."""
    order = list(dict.fromkeys(row.address.whole() for row in rows))
    here = address.whole()
    if here not in order:
        return (), ()
    index = order.index(here)
    before = tuple(row for row in rows if index and row.address.whole() == order[index - 1])
    after = tuple(row for row in rows if row.address.whole() in order[index + 1 : index + 2])
    return before, after


def _links(library: Library, links: Iterable[Link], on: str, *, to: bool) -> list[Row]:
    ends = [(x.target_key, x.target) if to else (x.source_key, x.source) for x in links]
    return [library.edition(key).place(address, on=on).as_json() for key, address in dict.fromkeys(ends)]


def _tell(card: Row) -> None:
    edition = card["edition"]
    words = {status.value: word for status, word in STATUS_WORD.items()}
    show(f"{card['citation']}　版本 {card['version'] or '不明'}　{words[card['status']]}")
    show(f"施行：{edition['effective_from'] or '不明'}{_basis(edition)}　来源：{edition['source']}")
    if edition["ended_reason"]:
        show(f"{edition['effective_to']} 起失效：{edition['ended_reason']}")
    if card["headings"]:
        show(" › ".join(card["headings"]))
    show("")
    last: list[str] = card["headings"]
    for row in card["provisions"]:
        if row["headings"] != last and row["headings"]:
            show("\n" + " › ".join(row["headings"]))
        last = row["headings"]
        own = row["article"] and not row["item"] and not row["subitem"]
        show(f"{row['label']}　{row['text']}" if own else f"　　{row['text']}")
    others = [v for v in card["versions"] if v["key"] != edition["key"]]
    _list("其他版本", [f"{v['version'] or '不明'}（{words[v['status']]}，{v['key']}）" for v in others])
    _list("引用", [link["citation"] for link in card["links_from"]])
    _list("被引用于", [link["citation"] for link in card["links_to"]])
    show("")


def _basis(edition: Row) -> str:
    return {"version": "（文中未写明，按版本日期）", "catalogue": "（按目录）"}.get(
        edition["effective_basis"], ""
    )


def _list(label: str, items: list[str]) -> None:
    if items:
        more = f" 等{len(items)}处" if len(items) > 12 else ""
        show(f"{label}：" + "；".join(items[:12]) + more)
