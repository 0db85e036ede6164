"""Posts and industries: names, bearers taken apart, scopes of texts, the user's own entries."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import InputRefused, WrongUsage
from indexer.taxonomy import load, parts

POSTS = load()


@pytest.mark.parametrize(
    ("bearer", "cut"),
    [
        ("特种设备生产、经营、使用单位", ("特种设备生产单位", "特种设备经营单位", "特种设备使用单位")),
        ("生产、储存危险化学品的单位", ("生产危险化学品的单位", "储存危险化学品的单位")),
        ("工程监理单位和监理工程师", ("工程监理单位", "监理工程师")),
        ("生产经营单位的主要负责人", ("生产经营单位的主要负责人",)),
    ],
)
def test_parts(bearer: str, cut: tuple[str, ...]) -> None:
    assert parts(bearer) == cut


@pytest.mark.parametrize(
    ("bearer", "post", "is_it"),
    [
        ("生产经营单位的主要负责人", "主要负责人", True),
        ("乡镇人民政府的主要负责人", "主要负责人", False),
        ("建设单位", "施工单位", False),
        ("特种设备生产、经营、使用单位", "特种设备使用单位", True),
        ("特种设备生产单位", "特种设备使用单位", False),
        ("从事烟花爆竹零售的经营者", "零售经营者", True),
        ("从事烟花爆竹批发的企业", "零售经营者", False),
        ("县级以上地方人民政府教育、公安、交通运输等有关部门", "公安机关", True),
    ],
)
def test_posts_of_a_bearer(bearer: str, post: str, is_it: bool) -> None:
    assert (post in POSTS.posts_of(bearer)) is is_it


@pytest.mark.parametrize(
    ("title", "industry", "general"),
    [
        ("中华人民共和国安全生产法", None, True),
        ("煤矿安全生产条例", "煤矿", False),
        ("建设工程安全生产管理条例", "建筑施工", False),
        ("中华人民共和国消防法", "消防", True),
    ],
)
def test_scope(title: str, industry: str | None, general: bool) -> None:
    scope = POSTS.scope(title)
    assert scope.general is general
    assert industry is None or industry in scope.industries


def test_unknown_names_offer_the_nearest() -> None:
    with pytest.raises(WrongUsage, match="主要负责人"):
        POSTS.post("主要负则人")
    with pytest.raises(WrongUsage, match="煤矿"):
        POSTS.industry("煤况")


def test_names_codes_and_fields() -> None:
    assert POSTS.post("董事长").name == "主要负责人"
    assert POSTS.industry("B06").name == "煤矿"
    assert POSTS.line("煤矿") == ("煤矿", "矿山")


def test_own_posts(tmp_path: Path) -> None:
    (tmp_path / "posts.toml").write_text('[[post]]\nname = "值守员"\nparents = ["从业人员"]\n', "utf-8")
    own = load(tmp_path)
    assert own.posts_of("泵站值守员") == ("值守员",)
    assert [p.name for p in own.ancestors(own.post("值守员"))] == ["从业人员"]
    (tmp_path / "posts.toml").write_text('[[post]]\nname = "坏"\nbearers = ["("]\n', "utf-8")
    with pytest.raises(InputRefused, match=r"posts\.toml"):
        load(tmp_path)
