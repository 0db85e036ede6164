"""Days as people write them in forms, as ISO dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from corpus.deadlines import read_date

DAY_FIELDS = ("检查日期", "复查日期", "收到日期", "成文日期", "印发日期")
AT_ONCE = "立即"
_AT_ONCE_FORMS = ("立即", "立即整改", "立即排除", "即刻", "当场")


def iso_day(written: str) -> str:
    """2026年12月1日, 2026/12/1, 2026.12.1 → 2026-12-01; 立即整改 → 立即; what is no day stays as written."""
    text = written.strip().rstrip("。前")
    if text in _AT_ONCE_FORMS:
        return AT_ONCE
    found = read_date(text.replace("/", "-").replace(".", "-"))
    return found if found is not None and len(text) <= len("2026年12月31日 00:00:00") else written.strip()


def with_iso_days(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with their days as ISO dates."""
    return {
        name: iso_day(str(value)) if name in DAY_FIELDS and value else value for name, value in fields.items()
    }


def chinese_date(iso: str) -> str:
    """2026-01-05 → 2026年1月5日 (GB/T 9704-2012 clause 7.3.5.4: Arabic figures, no leading zero)."""
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"


def shown_day(written: str) -> str:
    """A term in a cell: a day in Chinese form, 立即 and anything else as it stands."""
    try:
        return chinese_date(written)
    except ValueError:
        return written
