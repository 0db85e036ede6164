"""zeren duties · penalties · impact: who must do what, at what price, and what an amendment changes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from commands import duty_lists
from commands.console import Row, add_reading, data_folder, print_json, run_batch, say
from corpus.errors import DamagedData, NothingFound, WrongUsage


def register(commands: Any) -> None:
    """Registers the group on the terminal's router."""
    duties = commands.add_parser("duties", help="the duties of a post in an industry and region")
    add_reading(duties, batch=True)
    duties.add_argument("text", nargs="?", help="free text, e.g. 乡镇人民政府 安全生产职责")
    duties.add_argument("--post", metavar="P", help="a post, e.g. 主要负责人")
    duties.add_argument("--industry", metavar="I", help="an industry, e.g. 煤矿, or its GB/T 4754 code")
    duties.add_argument("--region", metavar="R", help="a province or city; national texts always count")
    duties.add_argument("--as-of", metavar="DATE", help="the law of this day (default today)")
    duties.add_argument("--all", action="store_true", help="repealed and not yet effective texts too")
    duties.add_argument("-o", "--output", metavar="FILE", help="write the list as .docx, .xlsx or .json")
    lists = ("全员安全生产责任制清单", "岗位责任清单", "一岗双责清单", "权力和责任清单")
    duties.add_argument("--list", choices=lists, help="which list -o writes (default by the post)")
    duties.add_argument("--form", choices=("table", "text"), default="table", help="table or numbered text")
    duties.add_argument("--title", help="the title of the list")
    duties.set_defaults(run=run_duties)
    penalties = commands.add_parser("penalties", help="the penalties for a duty provision")
    add_reading(penalties)
    penalties.add_argument("ref", help="e.g. 安全生产法第三十五条")
    penalties.add_argument("--as-of", metavar="DATE", help="the law of this day (default today)")
    penalties.add_argument("--region", metavar="R", help="regional texts that carry the law out too")
    penalties.set_defaults(run=run_penalties)
    impact = commands.add_parser("impact", help="what an amendment changes in duties")
    add_reading(impact)
    impact.add_argument("work", help="the title of a law or regulation")
    impact.add_argument("--from", dest="start", metavar="DATE", required=True, help="the old text's day")
    impact.add_argument("--to", dest="end", metavar="DATE", required=True, help="the new text's day")
    impact.add_argument("--list", metavar="FILE.json", help="a saved duty list: its rows on the new text")
    impact.add_argument("-o", "--output", metavar="X.docx", help="with --list: the report as Word")
    impact.set_defaults(run=run_impact)
    duty_lists.register(commands)


def run_duties(args: argparse.Namespace) -> int:
    from retriever.duties import Book

    if args.batch and (args.text or args.output):
        raise WrongUsage("--batch 不能与一句话或 -o 同用。", "请只留一个。")
    book = Book.open(data_folder(args))
    if args.batch:
        return run_batch(args.batch, lambda row: _answer(book, row, args))
    result = _find(book, vars(args))
    if args.output:
        return _write(result, book, args)
    if args.json:
        print_json(result.as_json())
    else:
        _show(result)
    return 0 if result.rows else NothingFound.exit_status


def _answer(book: Any, row: Row, args: argparse.Namespace) -> Row:
    """One line of a batch: its own options, else those of the command line."""
    options = {**vars(args), **{key.replace("-", "_"): value for key, value in row.items()}}
    return dict(_find(book, options).as_json())


def _find(book: Any, options: Row) -> Any:
    from retriever.duties import find

    wanted = {key: _words(options, key) for key in ("text", "post", "industry", "region")}
    return find(book, **wanted, on=_words(options, "as_of"), everything=bool(options.get("all")))


def _words(options: Row, key: str) -> str | None:
    value = options.get(key)
    if value is not None and not isinstance(value, str):
        raise WrongUsage(f"{key} 应是文字。", '例如 {"id": 1, "text": "劳动者 职业卫生权利和义务"}。')
    return value or None


def _write(result: Any, book: Any, args: argparse.Namespace) -> int:
    from generator.duty_list import ListKind
    from generator.duty_rows import list_of, write_list

    kind = ListKind(args.list) if args.list else None
    drawn = list_of(result, book.library, kind=kind, title=args.title or "", book=book)
    path = write_list(drawn, Path(args.output), form=args.form)
    say(f"已写入 {path}：{len(drawn.rows)} 项。")
    if args.json:
        print_json(result.as_json())
    return 0 if drawn.rows else NothingFound.exit_status


def _show(result: Any) -> None:
    out = sys.stdout
    for row in result.rows:
        one = row.obligation
        mark = "（通用）" if row.general else ""
        out.write(f"{row.place.citation}{mark}\n  {one.bearer}｜{one.quote}\n")
        for penalty in row.penalties[:1]:
            out.write(f"  罚则：{penalty.place.citation}（{penalty.score:.2f}）\n")
        if row.also:
            out.write(f"  同样规定：{'、'.join(place.citation for place in row.also[:3])}\n")
    for note in result.notes:
        say(note)
    say(f"共{result.total}项（{result.as_of}有效的规定）。")


def run_penalties(args: argparse.Namespace) -> int:
    from corpus.library import Library
    from retriever.duties import Book

    on = args.as_of or date.today().isoformat()
    try:
        book: Book | None = Book.open(data_folder(args))
    except DamagedData:
        book = None  # without an index the text's own penalties can still be worked out
    with book.library if book else Library.open(data_folder(args)) as library:
        targets = _targets(library, args.ref, on)
        found = _penalties(library, targets, on)
        elsewhere = _elsewhere(book, targets, on, args.region) if book else ()
    if args.json:
        value = {"penalties": found, "elsewhere": elsewhere}
        print_json({"ref": args.ref} | {k: [one.as_json() for one in v] for k, v in value.items()})
        return 0
    for one in (*found, *elsewhere):
        relation = f"〔{one.relation}〕" if one.relation else ""
        sys.stdout.write(f"{relation}{one.place.citation}（{one.score:.2f}）\n  {one.text}\n")
    if not found:
        say("同一文本中没有针对这一条的罚则。")
    return 0


def _targets(library: Any, ref: str, on: str) -> Any:
    from corpus.citing import resolve

    citation = resolve(library, ref, on=on)
    if not citation.targets:
        raise NothingFound(citation.message or f"没有找到“{ref}”。", "请用 zeren cite 核对引用。")
    return citation.targets


def _penalties(library: Any, targets: Any, on: str) -> tuple[Any, ...]:
    from retriever.penalties import for_provision

    return _best_places(
        one for target in targets for one in for_provision(library, target.key, target.place.address, on=on)
    )


def _elsewhere(book: Any, targets: Any, on: str, region: str | None) -> tuple[Any, ...]:
    from retriever.penalties_elsewhere import Elsewhere
    from retriever.regions import region_of

    place = region_of(region) if region else None
    held = Elsewhere(book, on=on, region=place.province if place else None)
    return _best_places(one for target in targets for one in held.of(target.key, target.place.address))


def _best_places(found: Iterable[Any]) -> tuple[Any, ...]:
    """Each penalty provision once, best first."""
    best: dict[Any, Any] = {}
    for one in found:
        held = best.get((one.key, one.place.address))
        if held is None or held.score < one.score:
            best[(one.key, one.place.address)] = one
    return tuple(sorted(best.values(), key=lambda one: -one.score))


_EFFECTS = {"added": "新增", "removed": "删去", "changed": "改动", "moved": "移位"}


def run_impact(args: argparse.Namespace) -> int:
    from corpus.library import Library
    from retriever.impact import between

    for day in (args.start, args.end):
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise WrongUsage(f"日期“{day}”写法不对。", "请写成 2026-01-31 这样。") from error
    with Library.open(data_folder(args)) as library:
        found = between(library, args.work, start=args.start, end=args.end)
        value = found.as_json()
        if args.list:
            return _revise_list(args, found, library)
    if args.json:
        print_json(value)
        return 0
    for change in value["changes"]:
        sides = [change[side] for side in ("old", "new") if change[side]]
        sys.stdout.write(f"【{_EFFECTS[change['effect']]}】{sides[-1]['citation']}\n")
        for side, name in (("old", "旧"), ("new", "新")):
            if change[side]:
                sys.stdout.write(f"  {name}（{change[side]['label']}）：{change[side]['quote']}\n")
    counts = value["counts"]
    say(
        "、".join(f"{name}{counts[effect]}项" for effect, name in _EFFECTS.items())
        + f"，未变{counts['same']}项。"
    )
    return 0


def _revise_list(args: argparse.Namespace, found: Any, library: Any) -> int:
    """--list FILE: the saved list on the new text, beside the old one, and the report as Word."""
    from generator.duty_list import reopen, save
    from generator.list_impact import report, revise
    from generator.paper import typeset

    path = Path(args.list)
    effect = revise(reopen(path), found, library)
    revised = path.with_name(f"{path.stem}-{found.on[1]}.json")
    save(effect.revised, revised)
    if args.output:
        typeset(report(effect, found), Path(args.output))
    changed = [c for c in effect.changes if c.effect.value != "same"]
    value = {
        "list": str(path),
        "revised": str(revised),
        "rows": [
            {"key": c.row.key, "effect": c.effect.value, "old": c.old, "new": c.new,
             "citation": c.row.bases[0].citation}
            for c in (*effect.changes, *effect.proposed)
        ],
    }  # fmt: skip
    if args.json:
        print_json(value)
    say(f"受影响{len(changed)}行（审定已取消），建议新增{len(effect.proposed)}行；新清单：{revised}。")
    return 0
