# ruff: noqa: E501 - rows of a table stay on one line, however wide Chinese is counted
"""Mastheads: title, kind, number, maker, region and dates, each from the words alone."""

from __future__ import annotations

from typing import Any

import pytest

from corpus import dating, issuers, regions
from corpus.document import Masthead
from corpus.reading import plain_lines
from corpus.structure import parse

BODY = "第一条 为了加强管理，制定本规定。\n第二条 本规定自2020年1月1日起施行。"


def head(text: str, *, name: str = "x.txt", folder: str = "", **given: Any) -> Masthead:
    return parse(
        plain_lines(f"{text}\n{given.pop('body', BODY)}"), name=name, folder=folder, **given
    ).masthead


ROWS = [
    pytest.param(
        "中华人民共和国用电法\n2002年6月29日 第九届全国人民代表大会常务委员会第二十八次会议通过\n"
        "2021年6月10日 第十三届全国人民代表大会常务委员会第二十九次会议《关于修改〈中华人民共和国用电法〉的决定》第三次修正",
        {
            "title": "中华人民共和国用电法", "kind": "法律", "region": None, "passed": "2002-06-29",
            "amended": ("2021-06-10",), "version": "2021-06-10", "issuer": "全国人民代表大会常务委员会",
            "effective": "2020-01-01", "effective_stated": "article 2",
        },
        id="law",
    ),
    pytest.param(
        "用电安全管理条例\n2006年1月11日 国务院第121次常务会议通过\n2006年1月21日 中华人民共和国国务院令第455号公布\n2006年3月1日 施行",
        {
            "kind": "行政法规", "issuer": "国务院", "number": "中华人民共和国国务院令第455号", "passed": "2006-01-11",
            "version": "2006-01-21", "effective": "2006-03-01", "effective_stated": "masthead",
            "versions": ("2006-01-11", "2006-01-21"),
        },
        id="administrative regulation",
    ),
    pytest.param(
        "青岛市用电条例\n2019年8月28日 青岛市第十六届人民代表大会常务委员会第十九次会议通过\n"
        "2019年9月27日 山东省第十三届人民代表大会常务委员会第十四次会议批准",
        {"kind": "地方性法规", "region": "山东", "issuer": "青岛市人民代表大会常务委员会", "passed": "2019-08-28", "version": "2019-08-28"},
        id="city regulation approved by the province",
    ),
    pytest.param(
        "最高人民法院、最高人民检察院\n关于办理用电刑事案件适用法律若干问题的解释\n法释〔2022〕19号\n"
        "（2022年9月19日最高人民法院审判委员会第1875次会议、2022年10月25日最高人民检察院第十三届检察委员会第一百零六次会议通过，自2022年12月19日起施行）",
        {
            "title": "最高人民法院、最高人民检察院关于办理用电刑事案件适用法律若干问题的解释", "kind": "司法解释",
            "number": "法释〔2022〕19号", "issuer": "最高人民法院、最高人民检察院", "effective": "2022-12-19",
        },
        id="judicial interpretation, title on two lines",
    ),
    pytest.param(
        "国务院安委会办公室关于加强用电安全工作的通知\n安委办〔2023〕7号",
        {"kind": "规范性文件", "number": "安委办〔2023〕7号", "region": None},
        id="notice",
    ),
    pytest.param(
        "市场用电监督办法\n（2022年5月26日国家市场监督管理总局令第57号公布 自2022年7月1日起施行）",
        {"kind": "部门规章", "number": "国家市场监督管理总局令第57号", "effective": "2022-07-01"},
        id="ministry rule",
    ),
    pytest.param(
        "中华人民共和国主席令\n第八十八号\n《全国人民代表大会常务委员会关于修改〈中华人民共和国用电法〉的决定》已由中华人民共和国"
        "第十三届全国人民代表大会常务委员会第二十九次会议于2021年6月10日通过，现予公布，自2021年9月1日起施行。\n"
        "中华人民共和国主席　张某某\n2021年6月10日\n中华人民共和国用电法\n"
        "（2002年6月29日第九届全国人民代表大会常务委员会第二十八次会议通过）",
        {
            "title": "中华人民共和国用电法", "kind": "法律", "number": "中华人民共和国主席令第八十八号",
            "passed": "2002-06-29", "amended": ("2021-06-10",), "effective": "2021-09-01",
        },
        id="order above the title",
    ),
    pytest.param("用电条例\n２０１８年１１月２５日 国务院令第１４９号公布", {"versions": ("2018-11-25",)}, id="full-width figures"),
    pytest.param("用电条例\n2014年9月26\n日国务院令第9号公布", {"versions": ("2014-09-26",)}, id="a date broken over two lines"),
    pytest.param(
        "用电暂行规定\n一九九五年三月二十六日 国务院发布", {"versions": ("1995-03-26",), "kind": "行政法规"}, id="Chinese date"
    ),
    pytest.param("用电条例", {"passed": None, "versions": (), "version": None, "kind": "行政法规"}, id="nothing stated"),
    pytest.param("样例·虚构：用电规定", {"sample": True}, id="a sample says so"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_masthead(text: str, expected: dict[str, Any]) -> None:
    found = head(text)
    assert {key: getattr(found, key) for key in expected} == expected


def test_original_commencement_is_kept_for_an_amended_text() -> None:
    """The last article of an amended law still shows the first commencement: kept, and where it stands said."""
    found = head(
        "中华人民共和国用电法\n2002年6月29日 第九届全国人民代表大会通过\n2021年6月10日 全国人民代表大会修正"
    )
    assert (found.effective, found.effective_stated, found.version) == (
        "2020-01-01",
        "article 2",
        "2021-06-10",
    )


@pytest.mark.parametrize(
    ("clause", "effective"),
    [
        ("第一条 甲。\n第二条 本条例自公布之日起施行。", "2006-01-21"),
        ("第一条 甲。\n第二条 本条例自1995年8月l日起施行。", "1995-08-01"),
        ("第一条 甲。\n第二条 本条例自一九九三年五月一日起施行。", "1993-05-01"),
        (
            "第一条 甲。\n第二条 本条例自2024年5月1日起施行。《乙条例》（2001年1月1日起施行）同时废止。",
            "2024-05-01",
        ),
        ("第一条 甲。\n第二条 乙。", None),
    ],
)
def test_commencement(clause: str, effective: str | None) -> None:
    found = head("用电条例\n2006年1月21日 中华人民共和国国务院令第455号公布", body=clause)
    assert found.effective == effective


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("用电条例(2016-02-06).md", "2016-02-06"),  # the masthead stops before: remarked
        ("用电条例(2006-02-10).md", "2006-01-21"),  # a few days of printing are no new version
        ("用电条例.md", "2006-01-21"),
    ],
)
def test_version_is_checked_against_the_file_name(name: str, version: str) -> None:
    assert head("用电条例\n2006年1月21日 国务院令第455号公布", name=name).version == version


def test_file_name_and_folder_only_fill_what_the_text_leaves_open() -> None:
    bare = head("用电若干规定", folder="地方性法规/山东", name="用电若干规定(2020-05-06).md")
    assert (bare.kind, bare.region, bare.version) == ("地方性法规", "山东", "2020-05-06")
    told = head("用电若干规定\n2020年1月1日 国务院令第9号公布", folder="地方性法规/山东")
    assert (told.kind, told.region) == ("行政法规", None)


def test_what_the_caller_states_wins() -> None:
    found = head(
        "用电条例\n2006年1月21日 国务院令第9号公布", kind="部门规章", region="北京", effective="2030-01-01"
    )
    assert (found.kind, found.region, found.effective, found.effective_stated) == (
        "部门规章", "北京", "2030-01-01", "given",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("title", "province"),
    [
        ("杭州市用电条例", "浙江"), ("深圳经济特区用电条例", "广东"), ("彭水苗族土家族自治县用电条例", "重庆"),
        ("中国（山东）自由贸易试验区条例", "山东"), ("中华人民共和国海南自由贸易港法", None), ("内蒙古自治区用电条例", "内蒙古"),
        ("用电条例", None),
    ],
)  # fmt: skip
def test_region_of_a_title(title: str, province: str | None) -> None:
    assert regions.of_title(title) == province


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("最高人民法院以法发〔1993〕15号印发", "法发〔1993〕15号"),
        ("劳社部发[2008]3号", "劳社部发[2008]3号"),
        ("公安部令第127号修订发布", "公安部令第127号"),
        ("京朝检建〔2024〕5号", "京朝检建〔2024〕5号"),
        ("2020年1月1日 甲市人大通过", None),
    ],
)
def test_document_number(line: str, number: str | None) -> None:
    assert issuers.number([line]) == number


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2021年6月10日", ["2021-06-10"]), ("2020年2月30日", []), ("二〇二一年十二月三十一日", ["2021-12-31"]),
        ("2022-03-15", ["2022-03-15"]), ("1990年01月23日、1991年1月2日", ["1990-01-23", "1991-01-02"]), ("第12条", []),
    ],
)  # fmt: skip
def test_dates(text: str, days: list[str]) -> None:
    assert [day for day, _, _ in dating.find(text)] == days


def test_a_notice_is_dated_and_signed_at_its_end() -> None:
    text = (
        "某某市安全生产委员会文件\n某安委〔2024〕3号\n关于印发《用电整治方案》的通知\n各区：\n一、排查用电。\n二、按时报告。\n"
        "本通知自印发之日起执行。\n附件：1.任务清单\n某某市安全生产委员会\n2024年3月5日\n附件1\n任务清单如下。\n抄送：市委办公室。"
    )
    document = parse(plain_lines(text), name="x.txt")
    found = document.masthead
    assert (found.title, found.number) == ("关于印发《用电整治方案》的通知", "某安委〔2024〕3号")
    assert (found.issuer, found.version, found.effective) == (
        "某某市安全生产委员会",
        "2024-03-05",
        "2024-03-05",
    )
    rows = [(row.address.annex, row.address.section) for row in document.provisions]
    assert rows == [(None, "0.1"), (None, "1"), (None, "2"), (None, "0.2"), (1, None), (1, "0.1")]
