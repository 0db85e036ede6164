"""Terms read from sentences and counted by the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from corpus import deadlines
from corpus.deadlines import Term, TermKind
from corpus.errors import WrongUsage


@pytest.mark.parametrize(
    ("sentence", "kind", "n", "text"),
    [
        ("请自收到本检察建议书之日起两个月内回复", TermKind.MONTHS, 2, "自收到本检察建议书之日起两个月内"),
        ("请你单位在收到后1个月以内函复", TermKind.MONTHS, 1, "在收到后1个月以内"),
        ("应于签收之日起十五日内书面回复", TermKind.DAYS, 15, "于签收之日起十五日内"),
        ("三十个工作日内反馈", TermKind.WORKDAYS, 30, "三十个工作日内"),
        ("请在半个月内答复", TermKind.DAYS, 15, "半个月内"),
        ("自本建议书送达之日起６０日内", TermKind.DAYS, 60, "自本建议书送达之日起６０日内"),
    ],
)
def test_lengths(sentence: str, kind: TermKind, n: int, text: str) -> None:
    (term,) = deadlines.terms_in(sentence)
    assert (term.kind, term.n, term.text) == (kind, n, text)


@pytest.mark.parametrize(
    ("sentence", "written", "on"),
    [
        ("请于2026年3月31日前书面回复", None, "2026-03-31"),
        ("请于二〇二六年四月底前反馈", None, "2026-04-30"),
        ("请于3月15日前反馈", "2026-11-05", "2027-03-15"),
        ("请于12月31日前反馈", "2026-11-05", "2026-12-31"),
        ("于2028年2月底前", None, "2028-02-29"),
    ],
)
def test_fixed_days(sentence: str, written: str | None, on: str) -> None:
    (term,) = deadlines.terms_in(sentence, written=written)
    assert (term.kind, term.on) == (TermKind.DATE, on)


@pytest.mark.parametrize(
    ("kind", "n", "received", "last"),
    [
        (TermKind.MONTHS, 2, "2026-12-31", "2027-02-28"),
        (TermKind.MONTHS, 2, "2027-12-31", "2028-02-29"),
        (TermKind.MONTHS, 1, "2026-01-31", "2026-02-28"),
        (TermKind.MONTHS, 1, "2026-11-30", "2026-12-30"),
        (TermKind.MONTHS, 12, "2028-02-29", "2029-02-28"),
        (TermKind.DAYS, 15, "2028-02-20", "2028-03-06"),
        (TermKind.DAYS, 10, "2026-12-31", "2027-01-10"),
        (TermKind.WORKDAYS, 5, "2026-11-20", "2026-11-27"),
        (TermKind.WORKDAYS, 1, "2026-09-30", "2026-10-05"),
    ],
)
def test_counting(kind: TermKind, n: int, received: str, last: str) -> None:
    assert str(deadlines.due(Term(kind, n), date.fromisoformat(received))) == last


def test_months_agree_with_a_plain_calendar_for_every_day_of_four_years() -> None:
    day = date(2026, 1, 1)
    while day < date(2030, 1, 1):
        end = deadlines.add_months(day, 2)
        assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == 2
        following = date.fromordinal(end.toordinal() + 1)
        assert end.day == day.day or following.day == 1
        day = date.fromordinal(day.toordinal() + 1)


@pytest.mark.parametrize(
    ("day", "word"),
    [
        ("2027-02-28", "星期日"),
        ("2026-10-01", "法定节假日"),
        ("2027-02-06", "法定节假日"),
        ("2026-11-24", None),
    ],
)
def test_rest_days_are_remarked_on(day: str, word: str | None) -> None:
    warning = deadlines.rest_day_warning(date.fromisoformat(day), name="到期日")
    assert (warning is None) == (word is None)
    assert word is None or word in str(warning)


def test_a_bad_day_is_named() -> None:
    with pytest.raises(WrongUsage, match="收到日期"):
        deadlines.parse_day("昨天", name="收到日期")


def test_every_rule_has_source_and_dates() -> None:
    for name in ("letter", "public_interest", "public_interest_urgent", "general", "counting"):
        found = deadlines.rule(name, on="2026-11-22")
        assert found.source
        assert found.effective_from < "2026-11-22" <= found.checked_on
