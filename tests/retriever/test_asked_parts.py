"""Questions of two things, and questions that only look so."""

from __future__ import annotations

import pytest

from retriever.asked_parts import MOST, parts_of, topic

PARTED = [
    ("单位堵塞出口罚多少，重点单位多久巡查一次？", ("单位堵塞出口罚多少", "重点单位多久巡查一次")),
    ("拖拉机证几年有效，多大年纪要注销？", ("拖拉机证几年有效", "拖拉机证年有效 多大年纪要注销")),
    ("要报给谁？多长时间内报？", ("要报给谁", "报谁 多长时间内报")),
    ("特种设备没办使用登记，逾期不改罚多少？", ()),
    ("安全生产许可证能用几年？", ()),
    ("发生事故后，现场有人受伤，单位负责人多长时间内上报？", ()),
    ("？？，，", ()),
    ("谁、怎么、几天、多少、在哪、什么", ()),
]


@pytest.mark.parametrize(("text", "parts"), PARTED)
def test_parts(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text) == parts
    assert len(parts_of(text)) <= MOST


def test_a_topic_is_what_is_left_without_the_asking() -> None:
    assert topic("安全生产许可证能用几年") == "安全生产许可证用年"
