"""zeren study: handout, exam paper, answer sheet, slides and item banks, made of provisions in force."""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path
from typing import Any

from commands.console import Row, add_reading, data_folder, print_json, say
from corpus.errors import WrongUsage


def register(commands: Any) -> None:
    """Registers the command on the terminal's router."""
    parser = commands.add_parser("study", help="study material: handout, exam, item bank, slides")
    add_reading(parser)
    parser.add_argument(
        "--work", action="append", default=[], metavar="W", help="a text, e.g. 安全生产法; may repeat"
    )
    parser.add_argument("--industry", metavar="I", help="adds the national texts of an industry, e.g. 煤矿")
    parser.add_argument("--post", metavar="P", help="only what concerns a post, e.g. 主要负责人")
    parser.add_argument("--types", metavar="T,…", help="single,multiple,truefalse,cloze,short (default all)")
    parser.add_argument("--difficulty", metavar="N,…", help="1 easy, 2 middle, 3 hard (default all)")
    parser.add_argument("--count", type=int, metavar="N", help="number of items (default all sound ones)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="same seed, same items (default 1)")
    parser.add_argument("--as-of", metavar="DATE", help="the law of this day (default today)")
    parser.add_argument("--title", metavar="T", help="title of the papers")
    parser.add_argument("--columns", metavar="FILE.toml", help="column map of an exam platform")
    parser.add_argument(
        "--update", metavar="题库.json", help="bring a saved bank up to date with the library"
    )
    parser.add_argument("-o", "--output", metavar="DIR", help="folder for the files")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from corpus.library import Library

    day = _day(args.as_of)
    with Library.open(data_folder(args)) as library:
        report = _update(args, library, day) if args.update else _draw(args, library, day)
    if args.json:
        print_json(report)
    return 0


def _day(words: str | None) -> str:
    try:
        return (date.fromisoformat(words) if words else date.today()).isoformat()
    except ValueError as error:
        raise WrongUsage(f"日期写法不对：{words}。", "请写成 2026-01-31。") from error


def _draw(args: argparse.Namespace, library: Any, day: str) -> Row:
    from generator import study_files
    from generator.study_makers import Wanted, choose, draw_up, kinds_of
    from indexer.taxonomy import load

    started = time.perf_counter()
    taxonomy = load(data_folder(args))
    post = taxonomy.post(args.post) if args.post else None
    if args.count is not None and args.count < 1:
        raise WrongUsage("--count 应是正整数。", "例如 --count 100。")
    wanted = Wanted(
        kinds_of(args.types) if args.types else (), (), post, _difficulties(args.difficulty), args.count
    )
    works = [part for name in args.work for part in name.replace("，", ",").split(",") if part.strip()]
    texts = choose(library, taxonomy, works=works, industry=args.industry, on=day)
    drawn = draw_up(library, texts, wanted=wanted, seed=args.seed, on=day, taxonomy=taxonomy)
    title = args.title or study_files.title_for(texts, post)
    report = study_files.report(drawn, library)
    if args.output:
        columns = study_files.columns_from(args.columns)
        files = study_files.write_all(
            drawn.bank, texts, Path(args.output), title=title, post=post, taxonomy=taxonomy, columns=columns
        )
        report["files"] = [str(path) for path in files]
    report["seconds"] = round(time.perf_counter() - started, 2)
    _tell(report, quiet=args.json)
    return report


def _difficulties(words: str | None) -> tuple[int, ...]:
    names = {"1": 1, "2": 2, "3": 3, "易": 1, "中": 2, "难": 3}
    parts = [part.strip() for part in (words or "").replace("，", ",").split(",") if part.strip()]
    for part in parts:
        if part not in names:
            raise WrongUsage(f"没有“{part}”这一难度。", "可用：1（易）、2（中）、3（难）。")
    return tuple(names[part] for part in parts)


def _tell(report: Row, *, quiet: bool) -> None:
    if report.get("shortage"):
        say(f"提示：{report['shortage']}")
    if quiet:
        return
    kinds = "、".join(f"{name}{number}" for name, number in report["kinds"].items())
    say(
        f"共{report['count']}题（{kinds}）；可出{report['available']}题；拒绝{sum(report['refused'].values())}处。"
    )
    for name in report.get("files", ()):
        say(f"已写入 {name}")


def _update(args: argparse.Namespace, library: Any, day: str) -> Row:
    from generator import study_files, study_upkeep

    path = Path(args.update)
    found = study_upkeep.refresh(study_upkeep.load(path), library, on=day)
    folder = Path(args.output) if args.output else path.parent
    columns = study_files.columns_from(args.columns)
    files = study_files.write_banks(found.bank, folder, columns=columns)
    say(f"未变{found.kept}题，重新出题{found.reissued}题，已过期且无新题{found.retired}题。")
    return {
        "as_of": day,
        "count": len(found.bank.items),
        "kept": found.kept,
        "reissued": found.reissued,
        "retired": found.retired,
        "expired": [
            {"id": item.id, "citation": item.place.citation, "version": item.version}
            for item in found.bank.expired
        ],
        "files": [str(one) for one in files],
    }
