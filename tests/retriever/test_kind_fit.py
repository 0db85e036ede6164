"""Of two provisions equally near in words, the one whose form, field and post fit comes first."""

from __future__ import annotations

from typing import Any

import pytest

from corpus.place import Address, Place, Status
from indexer.register import UnitKey
from indexer.taxonomy import load
from retriever.hit import Hit, Scores
from retriever.kind_fit import Fit
from retriever.question import understand
from retriever.subjects import Subjects

TAXONOMY = load(None)
SUBJECTS = Subjects.of(TAXONOMY)


class Borne:
    """Says which posts have a duty where, as the register does."""

    def __init__(self, *places: UnitKey) -> None:
        self.places = frozenset(places)

    def borne_by(self, _post: str) -> frozenset[UnitKey]:
        return self.places


def hit(text: str, title: str = "某办法", key: str = "k") -> Hit:
    place = Place(f"{key}.md", title, "2020-01-01", Status.IN_FORCE, Address(1), ())
    return Hit(key, place, text, 0.5, Scores())


def scores(question: str, *hits: Hit, borne: Borne | None = None) -> list[float]:
    narrowing: Any = borne or Borne()
    library: Any = None
    asked = understand(question, subjects=SUBJECTS)
    return [h.score for h in Fit(library, TAXONOMY, narrowing).scaled(asked, hits, [0.5] * len(hits))]


BETTER_AND_WORSE = [
    ("堵塞通道罚多少？", hit("处五千元以上罚款"), hit("应当保持通道畅通")),
    ("堵塞通道罚多少？", hit("处五千元以上五万元以下罚款"), hit("依法处以罚款")),
    ("安全员有哪些职责？", hit("履行下列职责：\n（一）检查；"), hit("应当恪尽职守，依法履行职责。")),
    ("什么叫重大危险源？", hit("重大危险源，是指长期地生产"), hit("对重大危险源应当登记建档")),
    ("算不算烟花爆竹？", hit("所称烟花爆竹，是指烟花爆竹制品"), hit("禁止生产烟花爆竹")),
    ("许可证几年有效？", hit("许可证有效期为3年"), hit("许可证由有关部门核发")),
    ("一级伤残给多少补助金？", hit("一级伤残为27个月"), hit("五级伤残为18个月")),
    ("重大事故由谁调查？", hit("重大事故由省级人民政府调查"), hit("一般事故由县级人民政府调查")),
    ("发现丢失应当怎么办？", hit("应当立即报告公安机关"), hit("不立即报告的，处以罚款")),
    ("应急预案多久演练一次？", hit("每年演练", "生产安全事故应急条例"), hit("每年演练", "校车安全管理条例")),
    ("校车司机多大年纪？", hit("不超过60周岁", "校车安全管理条例"), hit("不超过60周岁", "旅店业管理办法")),
    ("安全员有什么权力？", hit("安全生产管理人员有权制止"), hit("工会有权制止")),
]  # fmt: skip


@pytest.mark.parametrize(("question", "better", "worse"), BETTER_AND_WORSE)
def test_the_fitting_provision_gains(question: str, better: Hit, worse: Hit) -> None:
    first, second = scores(question, better, worse)
    assert first > second


def test_a_provision_that_binds_the_post_gains() -> None:
    here, there = hit("应当每月检查", key="a"), hit("应当每月检查", key="b")
    first, second = scores("矿长多久检查一次？", here, there, borne=Borne(("a", 1, None, None, None)))
    assert first > second


def test_what_carries_more_of_the_question_gains() -> None:
    asked = understand("动火作业安排谁")
    narrowing: Any = Borne()
    library: Any = None
    pair = Fit(library, TAXONOMY, narrowing).scaled(asked, [hit("甲"), hit("乙")], [0.9, 0.1])
    assert pair[0].score > pair[1].score


def test_nothing_is_removed_and_order_is_kept() -> None:
    hits = [hit(str(n)) for n in range(5)]
    asked = understand("随便问一句")
    narrowing: Any = Borne()
    library: Any = None
    assert [h.text for h in Fit(library, TAXONOMY, narrowing).scaled(asked, hits, [0.0] * 5)] == list("01234")
