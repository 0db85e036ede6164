"""The parts of a reply to a procuratorial recommendation and of a progress report.

One numbered block a recommendation, in the order and number of the recommendations.
"""

from __future__ import annotations

from collections.abc import Callable

from corpus.numeral import to_chinese
from generator.blocks import Block, Heading, Paragraph, Run
from generator.letter import Letter
from generator.letter_advice import ADVICE
from generator.letter_days import chinese_date, shown_day
from generator.letter_kind import REPLY

PROPOSED = {"措施": "建议措施", "责任部门": "建议责任岗位"}
BLANK = Run("\u00a0" * 16, "blank")


def _body(text: str) -> Paragraph:
    return Paragraph.of(text)


def _received(letter: Letter) -> list[Block]:
    day = chinese_date(letter.get("收到日期"))
    number = letter.get("检察建议文号")
    name = f"《检察建议书》（{number}）" if number else letter.get("检察建议")
    return [_body(f"我单位于{day}收到贵院{name}，高度重视，现将整改落实情况函复如下：")]


def _verified(letter: Letter) -> list[Block]:
    problems = letter.fields.get("问题核查") or []
    blocks: list[Block] = [Heading("一、问题核查情况")]
    for n, row in enumerate(problems, 1):
        said = str(row.get("核查") or "").rstrip("。")
        lead = Run(f"（{to_chinese(n)}）{str(row.get('问题') or '').rstrip('。')}。核查情况：")
        blocks.append(Paragraph((lead, Run(said) if said else BLANK, Run("。"))))
    return blocks if problems else [*blocks, _body("核查情况：　　　　　　。")]


def _implemented(letter: Letter) -> list[Block]:
    return [Heading("二、整改落实情况"), *_progress(letter)]


def _report(letter: Letter) -> list[Block]:
    return [Heading("一、整改进展"), *_progress(letter)]


def _progress(letter: Letter) -> list[Block]:
    """One numbered block a recommendation, same order and count."""
    blocks: list[Block] = []
    for n, row in enumerate(letter.rows("落实情况"), 1):
        blocks.append(Heading(f"（{to_chinese(n)}）{str(row.get('建议', '')).rstrip('。')}", 2))
        for name in ("措施", "责任部门", "完成时间", "证据附件号", "状态"):
            value = shown_day(str(row.get(name) or "").rstrip("。"))
            blocks.append(_body(f"{name}：{value}。") if value else Paragraph((Run(f"{name}："), BLANK)))
            proposed = "" if value else str(row.get(PROPOSED.get(name, "")) or "")
            if proposed:
                blocks.append(Paragraph((Run(f"{ADVICE}{proposed}。", "advice"),)))
        if row.get("状态") == "未采纳":
            blocks.append(_body(f"未采纳理由：{str(row.get('理由', '')).rstrip('。')}。"))
        blocks += [_body(f"相关规定（供核对）：{words}。") for words in row.get("相关规定") or ()]
    return blocks


def _unfinished(letter: Letter) -> list[Block]:
    number = "三" if letter.kind.name == REPLY else "二"
    open_rows = [
        (n, row)
        for n, row in enumerate(letter.rows("落实情况"), 1)
        if row.get("状态") not in ("已完成", "未采纳")
    ]
    blocks: list[Block] = [Heading(f"{number}、未完成事项及计划")]
    if not open_rows:
        return [*blocks, _body("无未完成事项。")]
    for n, row in open_rows:
        plan = str(row.get("计划") or row.get("措施") or "").rstrip("。")
        when = shown_day(str(row.get("完成时间") or ""))
        runs = (
            Run(f"第（{to_chinese(n)}）项，计划于"),
            Run(when) if when else BLANK,
            Run("完成："),
            Run(plan) if plan else BLANK,
            Run("。"),
        )
        blocks.append(Paragraph(runs))
    return blocks


def _lasting(letter: Letter) -> list[Block]:
    number = "四" if letter.kind.name == REPLY else "三"
    text = letter.get("长效机制")
    return [Heading(f"{number}、长效机制"), _body(text) if text else Paragraph((BLANK,))]


def _attachments(letter: Letter) -> list[Block]:
    names = letter.fields.get("附件") or []
    if not isinstance(names, list) or not names:
        return []
    if len(names) == 1:
        return [Paragraph.of("", "No Indent"), _body(f"附件：{names[0]}")]
    lines = [f"附件：1.{names[0]}", *(f"　　　{n}.{name}" for n, name in enumerate(names[1:], 2))]
    return [Paragraph.of("", "No Indent"), *map(_body, lines)]


PARTS: dict[str, Callable[[Letter], list[Block]]] = {
    "received": _received,
    "verified": _verified,
    "implemented": _implemented,
    "progress": _report,
    "unfinished": _unfinished,
    "lasting": _lasting,
    "attachments": _attachments,
}
