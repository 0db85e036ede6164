"""From a recommendation to the draft of a reply: one row a recommendation, same order and count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from corpus.errors import InputRefused
from corpus.recommendation import Recommendation, parse, reply_due
from generator.letter import Letter
from generator.letter_kind import REPLY


def draft_reply(read: Recommendation) -> dict[str, Any]:
    """The fields of a reply the letter itself fills; what only the addressee knows stays empty."""
    return {
        "发文机关": read.addressee or "",
        "制发检察院": read.issuer or "",
        "检察建议": "《检察建议书》",
        "检察建议文号": read.number or "",
        "问题核查": [{"问题": problem.text, "核查": ""} for problem in read.problems],
        "落实情况": [
            {
                "建议": entry.text,
                "措施": "",
                "责任部门": "",
                "完成时间": "",
                "证据附件号": "",
                "状态": "推进中",
            }
            for entry in read.recommendations
        ],
    }


def complete(fields: dict[str, Any], read: Recommendation) -> dict[str, Any]:
    """The user's fields over the draft. Raises InputRefused when rows do not answer one to one."""
    merged = draft_reply(read) | {name: value for name, value in fields.items() if value}
    answered = len(merged["落实情况"])
    if answered != len(read.recommendations):
        raise InputRefused(
            f"检察建议共{len(read.recommendations)}条，落实情况写了{answered}条。",
            "请按建议的顺序逐条填写，一条建议对应一条落实情况。",
        )
    return merged


@dataclass(frozen=True, slots=True)
class ReplyTerm:
    """The last day for a reply (ISO, None when it cannot be counted), its rule, and what to tell the user."""

    day: str | None
    rule: str
    notes: tuple[str, ...]


def reply_term(letter: Letter, read: Recommendation | None) -> ReplyTerm | None:
    """The term of a reply from its day of receipt; None for other kinds of letter.

    Without the recommendation itself the general rule is used and said to be so.
    """
    if letter.kind.name != REPLY:
        return None
    received = letter.get("收到日期")
    due = reply_due(read or parse([]), date.fromisoformat(received) if received else None)
    day = due.day.isoformat() if due.day else None
    notes = [f"回复到期日：{day or '（不能计算）'}。规则：{due.rule}。"]
    if read is None:
        notes.append("没有读入检察建议书（--recommendation），建议书另载期限的，以建议书为准。")
    else:
        notes += due.warnings
    written = letter.get("成文日期")
    if day and written and written > day:
        notes.append(f"成文日期{written}已超过回复到期日{day}。")
    return ReplyTerm(day, due.rule, tuple(notes))
