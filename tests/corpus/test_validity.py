"""Since when and until when: versions, first days, repeals that are real and repeals that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.derived import known_dates
from corpus.document import Edition, Level, Masthead, Provision
from corpus.library import Library
from corpus.place import Address, Status
from corpus.structure import read_document
from corpus.validity import Repeal, derive, effective_from, is_date, repeals_in
from corpus.works import work_key


def edition(
    key: str, title: str, version: str | None, effective: str | None = None, **more: object
) -> Edition:
    versions = (version,) if version else ()
    masthead = Masthead(title, version=version, versions=versions, effective=effective, **more)  # type: ignore[arg-type]
    return Edition(key, f"{key}.md", work_key(title, version), masthead)


def clause(text: str, *, title: str = "新条例", effective: str | None = "2024-05-01") -> list[Repeal]:
    masthead = Masthead(title, version="2024-01-24", versions=("2024-01-24",), effective=effective)
    row = Provision(Address(76, None, 1, sole=True), Level.PARAGRAPH, text)
    return list(repeals_in(masthead, [row]))


CLAUSES = [
    ("本条例自2024年5月1日起施行。《甲条例》和《乙规定》同时废止。", [("甲条例", None), ("乙规定", None)]),
    ("本条例自2024年5月1日起施行，《甲条例》同时废止。", [("甲条例", None)]),
    ("1999年3月2日国务院发布的《中华人民共和国甲条例》同时废止。", [("甲条例", 1999)]),
    ("自本条例施行之日起，《甲条例》（某发〔2000〕5号）即行废止。", [("甲条例", None)]),
    (
        "1990年1月1日发布的《甲办法》、1995年2月2日发布的《乙办法》同时废止。",
        [("甲办法", 1990), ("乙办法", 1995)],
    ),
    ("《某市实施〈中华人民共和国甲法〉办法》同时废止。", [("某市实施甲法办法", None)]),
    ("《甲条例》中有关收费的规定同时废止。", []),
    ("《甲条例》第三条同时废止。", []),
    ("根据《甲法》制定本条例。", []),
    ("许可证自行废止的，应当公告。", []),
    ("依照《甲条例》办理；以前的通知同时废止。", []),
]


@pytest.mark.parametrize(("text", "expected"), CLAUSES)
def test_repeal_clauses(text: str, expected: list[tuple[str, int | None]]) -> None:
    assert [(found.title, found.year) for found in clause(text)] == expected


def test_a_list_of_repealed_titles() -> None:
    masthead = Masthead("某决定", version="2021-09-24", versions=("2021-09-24",))
    rows = [
        Provision(Address(1, None, 1), Level.PARAGRAPH, "下列法规自本决定施行之日起予以废止："),
        Provision(Address(1, None, 1, 1), Level.ITEM, "（一）《甲条例》；", "（一）"),
        Provision(Address(1, None, 1, 2), Level.ITEM, "（二）《乙条例》。", "（二）"),
        Provision(Address(2, None, 1), Level.PARAGRAPH, "《丙条例》另行修改。"),
    ]
    found = repeals_in(masthead, rows)
    assert [(r.title, r.since) for r in found] == [("甲条例", "2021-09-24"), ("乙条例", "2021-09-24")]


def test_the_day_of_a_repeal_is_the_one_beside_it() -> None:
    (found,) = clause("本条例自2024年7月1日起施行。《甲条例》同时废止。", effective="2024-05-01")
    assert found.since == "2024-07-01"
    assert found.clause == "《新条例》第七十六条"


FIRST_DAYS = [
    ("stated after the version", "2021-06-10", "2021-09-01", None, ("2021-09-01", "stated")),
    ("stated is that of the first enactment", "2021-06-10", "2002-11-01", None, ("2021-06-10", "version")),
    ("the user says so", "2021-06-10", "2020-01-01", "given", ("2020-01-01", "stated")),
    ("only the version is known", "2021-06-10", None, None, ("2021-06-10", "version")),
    ("only the first day is known", None, "2021-09-01", None, ("2021-09-01", "stated")),
    ("nothing is known", None, None, None, (None, "unknown")),
]


@pytest.mark.parametrize(("why", "version", "effective", "stated", "expected"), FIRST_DAYS)
def test_first_days(
    why: str, version: str | None, effective: str | None, stated: str | None, expected: tuple[str | None, str]
) -> None:
    assert (
        effective_from(edition("k", "甲法", version, effective, effective_stated=stated), {}) == expected
    ), why


def test_a_first_day_from_the_catalogue() -> None:
    held = edition("k", "中华人民共和国安全生产法", "2021-06-10", "2002-11-01")
    assert effective_from(held, known_dates()) == ("2021-09-01", "catalogue")


def states(held: list[Edition], repeals: dict[str, list[Repeal]], on: str) -> dict[str, Status]:
    return {e.key: e.status(on) for e in derive(held, repeals, {})}


def test_a_newer_version_ends_the_older_on_its_first_day() -> None:
    held = [
        edition("old", "甲法", "2007-08-30", "2007-11-01"),
        edition("new", "甲法", "2024-06-28", "2024-11-01"),
    ]
    assert states(held, {}, "2007-10-31") == {"old": Status.NOT_YET, "new": Status.NOT_YET}
    assert states(held, {}, "2024-10-31") == {"old": Status.IN_FORCE, "new": Status.NOT_YET}
    assert states(held, {}, "2024-11-01") == {"old": Status.AMENDED, "new": Status.IN_FORCE}


def test_copies_and_volumes_of_one_version_end_nothing() -> None:
    held = [edition("a", "甲法典", "2020-05-28"), edition("b", "甲法典", "2020-05-28")]
    assert set(states(held, {}, "2026-01-01").values()) == {Status.IN_FORCE}


def test_a_version_without_a_date_of_its_own_is_ordered_by_its_first_day() -> None:
    held = [edition("old", "甲条例", None, "2005-03-01"), edition("new", "甲条例", "2024-12-31")]
    assert states(held, {}, "2026-01-01") == {"old": Status.AMENDED, "new": Status.IN_FORCE}


def test_a_repeal_needs_title_and_dates_to_agree() -> None:
    spy = edition("spy", "反间谍法", "2014-11-01", "2014-11-01")
    old = edition("old", "国家安全法", "1993-02-22", "1993-02-22")
    new = edition("new", "国家安全法", "2015-07-01", "2015-07-01")
    repeal = {"spy": [Repeal("国家安全法", "2014-11-01", "《反间谍法》第四十条", 1993)]}
    assert states([spy, old, new], repeal, "2014-12-01")["old"] is Status.REPEALED
    assert states([spy, new], repeal, "2026-01-01")["new"] is Status.IN_FORCE
    wrong_year = {"spy": [Repeal("国家安全法", "2016-01-01", "《某法》第一条", 1993)]}
    assert states([spy, new], wrong_year, "2026-01-01")["new"] is Status.IN_FORCE


def test_the_older_version_that_the_newer_repeals_is_repealed() -> None:
    held = [edition("old", "甲条例", "1988-07-18"), edition("new", "甲条例", "2004-08-01", "2004-10-01")]
    repeal = {"new": [Repeal("甲条例", "2004-10-01", "《甲条例》第五十条", 1988)]}
    assert states(held, repeal, "2004-09-30")["old"] is Status.IN_FORCE
    assert states(held, repeal, "2004-10-01") == {"old": Status.REPEALED, "new": Status.IN_FORCE}


@pytest.mark.parametrize(
    ("text", "right"), [("2026-01-31", True), ("2026-13-01", False), ("26-1-1", False), ("", False)]
)
def test_dates(text: str, right: bool) -> None:
    assert is_date(text) is right


REAL = [
    ("行政法规/煤矿安全监察条例(2013-07-18).md", "2024-04-30", Status.IN_FORCE),
    ("行政法规/煤矿安全监察条例(2013-07-18).md", "2024-05-01", Status.REPEALED),
    ("行政法规/国务院关于预防煤矿生产安全事故的特别规定(2013-07-18).md", "2024-05-01", Status.REPEALED),
    ("行政法规/煤矿安全生产条例(2024-01-24).md", "2024-04-30", Status.NOT_YET),
    ("行政法规/煤矿安全生产条例(2024-01-24).md", "2024-05-01", Status.IN_FORCE),
    ("宪法相关法/国家安全法(2015-07-01).md", "2026-01-01", Status.IN_FORCE),
    ("行政法/反间谍法(2014-11-01).md", "2023-06-30", Status.IN_FORCE),
    ("行政法/反间谍法(2014-11-01).md", "2023-07-01", Status.AMENDED),
    ("社会法/安全生产法(2021-06-10).md", "2021-08-31", Status.NOT_YET),
    ("社会法/安全生产法(2021-06-10).md", "2021-09-01", Status.IN_FORCE),
    ("DLC/北京地方法规/地方性法规/北京/北京市安全生产条例.md", "2026-01-01", Status.AMENDED),
    ("DLC/北京地方法规/地方性法规/北京/北京市安全生产条例(2022-05-25).md", "2026-01-01", Status.IN_FORCE),
    ("行政法/突发事件应对法(2007-08-30).md", "2024-10-31", Status.IN_FORCE),
    ("行政法/突发事件应对法(2007-08-30).md", "2024-11-01", Status.AMENDED),
]


@pytest.fixture(scope="module")
def library(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = Library.open(tmp_path_factory.mktemp("validity") / "data", create=True)
    extra = ("行政法/反间谍法(2023-04-26).md", "行政法/突发事件应对法(2024-06-28).md")
    for source in sorted({*extra, *(source for source, _, _ in REAL)}):
        path = next(p for p in (shared / "laws" / source, _elsewhere(shared, source)) if p.exists())
        library.add(read_document(path, source=source), path.read_bytes(), source=source)
    return library


def _elsewhere(shared: Path, source: str) -> Path:
    return next((shared / "laws").rglob(Path(source).name))


@pytest.mark.shared
@pytest.mark.parametrize(("source", "on", "status"), REAL)
def test_real_texts(library: Library, source: str, on: str, status: Status) -> None:
    held = library.by_source(source)
    assert held is not None
    assert held.status(on) is status
