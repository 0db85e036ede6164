"""zeren recommendation, check, basis: from papers and findings to the law they rest on."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from commands.console import add_reading, data_folder, print_json, run_batch, say
from corpus import deadlines, recommendation
from corpus.errors import WrongUsage
from corpus.library import Library


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the commands of this group to the terminal's parser."""
    letter = commands.add_parser("recommendation", help="读检察建议书：问题、建议、回复期限与到期日")
    letter.add_argument("file", metavar="FILE", help=".docx .pdf .txt .md")
    letter.add_argument("--received", metavar="DATE", help="收到日期，如 2026-01-14")
    add_reading(letter)
    letter.set_defaults(run=_recommendation)
    basis = commands.add_parser("basis", help="检查发现的问题 → 违反的条款与罚则")
    basis.add_argument("text", nargs="?", metavar="TEXT", help="问题描述")
    basis.add_argument("--industry", metavar="I", help="被检查单位的行业")
    basis.add_argument("--region", metavar="R", help="所在地区；不写则不提供地方性法规")
    basis.add_argument("--as-of", metavar="DATE", help="按哪一天的效力（默认今天）")
    add_reading(basis, batch=True)
    basis.set_defaults(run=_basis)
    check = commands.add_parser("check", help="核对文件中的每一处引用和引文")
    check.add_argument("file", metavar="FILE", help=".docx .pdf .txt .md")
    check.add_argument("-o", "--output", metavar="COPY.docx", help="另存带批注的副本")
    check.add_argument("--as-of", metavar="DATE", help="按哪一天的效力核对（默认今天）")
    add_reading(check)
    check.set_defaults(run=_check)


def _recommendation(args: argparse.Namespace) -> int:
    received = deadlines.parse_day(args.received, name="收到日期") if args.received else None
    letter = recommendation.from_file(Path(args.file))
    due = recommendation.reply_due(letter, received)
    result = recommendation.as_json(letter, due)
    if args.json:
        print_json(result)
    else:
        _print_recommendation(result, received)
    for warning in due.warnings:
        say(f"注意：{warning}")
    return 0 if letter.recommendations else 3


def _basis(args: argparse.Namespace) -> int:
    from retriever.basis import Basis, Grounds, find
    from retriever.duties import Book

    if not args.batch and not (args.text or "").strip():
        raise WrongUsage("没有给出检查发现的问题。", '例如：zeren basis "安全出口被锁闭" --industry 纺织')
    book = Book.open(data_folder(args))
    grounds = Grounds(book.library, book.register, book.taxonomy)

    def ask(row: dict[str, Any]) -> Basis:
        day = row.get("as_of") or row.get("as-of") or args.as_of
        return find(
            grounds,
            str(row.get("text") or row.get("finding") or ""),
            industry=row.get("industry") or args.industry,
            region=row.get("region") or args.region,
            on=deadlines.parse_day(str(day), name="效力日期（--as-of）").isoformat() if day else None,
        )

    if args.batch:
        return run_batch(args.batch, lambda row: ask(row).as_json())
    found = ask({"text": args.text})
    if args.json:
        print_json(found.as_json())
    else:
        _print_basis(found.as_json())
    return 0 if found.breached else 3


def _print_basis(result: dict[str, Any]) -> None:
    lines = []
    for name, key in (("违反的条款", "breached"), ("罚则", "penalties")):
        lines.append(f"{name}：" if result[key] else f"{name}：文本库中没有找到。")
        for number, row in enumerate(result[key], 1):
            lines.append(f"  {number}. {row['citation']}（{row['version'] or '版本日期不详'}）")
            lines += [f"     {line}" for line in row["text"].split("\n")]
    if result["breached"]:
        lines.append("以上由程序按文字相近程度提出，由检查人员核对选用。")
    print("\n".join(lines))  # noqa: T201


def _check(args: argparse.Namespace) -> int:
    from generator import citation_check, commented_copy

    day = deadlines.parse_day(args.as_of, name="核对日期（--as-of）").isoformat() if args.as_of else None
    source = Path(args.file)
    if args.output and Path(args.output).resolve() == source.resolve():
        raise WrongUsage("副本不能覆盖原文件。", "请给 -o 换一个文件名。")
    with Library.open(data_folder(args)) as library:
        report = citation_check.check(source, library, on=day)
    if args.output:
        written = commented_copy.write(report, Path(args.output))
        say(f"已写出带批注的副本：{args.output}（{written} 条批注）。")
    if args.json:
        print_json({"file": source.name, **report.as_json()})
    else:
        print(citation_check.summary(report))  # noqa: T201
    return 0


def _print_recommendation(result: dict[str, Any], received: date | None) -> None:
    heads = (
        ("文号", "number"),
        ("制发", "issuer"),
        ("被建议单位", "addressee"),
        ("日期", "date"),
        ("类型", "case_type"),
    )
    lines = [f"{name}：{result[key] or '（未识别）'}" for name, key in heads]
    for name, key in (("存在的问题", "problems"), ("检察建议", "recommendations")):
        lines.append(f"{name}（{len(result[key])}项）：")
        lines += [f"  {number}. {text}" for number, text in enumerate(result[key], 1)]
    lines.append(f"回复期限：{result['reply_deadline_text'] or '（文中未载明）'}")
    lines.append(f"异议：{result['objection_text'] or '（文中未载明）'}")
    if received is not None:
        lines.append(f"收到日期：{received.isoformat()}")
    lines.append(f"回复到期日：{result['due'] or '（需要收到日期）'}")
    lines.append(f"规则：{result['rule']}")
    print("\n".join(lines))  # noqa: T201
