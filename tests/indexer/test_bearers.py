"""The bearer at the head of a clause, and its sort."""

from __future__ import annotations

import pytest

from indexer.bearers import after_ban, after_by, bearer_type, subject
from indexer.clauses import mask
from indexer.obligation import BearerType


@pytest.mark.parametrize(
    ("words", "bearer", "rest"),
    [
        ("施工单位", "施工单位", ""),
        ("施工单位对作业人员", "施工单位", "对作业人员"),
        ("建设单位、施工单位和监理单位", "建设单位、施工单位和监理单位", ""),
        ("生产经营单位的主要负责人", "生产经营单位的主要负责人", ""),
        ("生产经营单位的责任制度", "生产经营单位", "的责任制度"),
        ("县级以上地方人民政府应急管理部门", "县级以上地方人民政府应急管理部门", ""),
        ("国务院交通运输、水利、民航等有关部门", "国务院交通运输、水利、民航等有关部门", ""),
        (
            "县级以上人民政府负有安全监督管理职责的部门在检查时",
            "县级以上人民政府负有安全监督管理职责的部门",
            "在检查时",
        ),
        ("从事爆破作业的单位", "从事爆破作业的单位", ""),
        ("接到报告的部门", "接到报告的部门", ""),
        ("为工程提供机械设备的单位", "为工程提供机械设备的单位", ""),
        ("任何单位和个人", "任何单位和个人", ""),
        ("从业人员", "从业人员", ""),
        ("随车照管人员", "随车照管人员", ""),
        ("驾驶人员、押运人员", "驾驶人员、押运人员", ""),
        ("专职安全生产管理人员", "专职安全生产管理人员", ""),
        ("并且施工单位", "施工单位", ""),
        ("电梯、游乐设施等特种设备的运营使用单位", "电梯、游乐设施等特种设备的运营使用单位", ""),
        ("单位（以下统称经营单位）的负责人", "单位（以下统称经营单位）的负责人", ""),
        ("企业使用的设备", "企业", "使用的设备"),
    ],
)
def test_finds_the_bearer(words: str, bearer: str, rest: str) -> None:
    found = subject(mask(words), 0, len(words))
    assert found is not None
    assert words[found.start : found.end] == bearer
    assert words[found.end :] == rest


@pytest.mark.parametrize(
    "words",
    [
        "安全设备的设计、制造和安装",
        "对施工单位",
        "对未经体检的劳动者",
        "按照主管部门的规定",
        "人员密集场所的门窗",
        "学校、幼儿园周边",
        "在发现隐患后",
        "",
    ],
)
def test_finds_none_where_the_words_begin_otherwise(words: str) -> None:
    assert subject(mask(words), 0, len(words)) is None


def test_the_bearer_after_by_and_after_a_ban() -> None:
    by = "由建设单位负责组织验收"
    found = after_by(by, 0, len(by))
    assert found is not None
    assert by[found.start : found.end] == "建设单位"
    ban = "任何单位和个人干扰检查"
    banned = after_ban(ban, 0, len(ban))
    assert banned is not None
    assert ban[banned.start : banned.end] == "任何单位和个人"
    assert after_ban("生产不合格的产品", 0, 8) is None


@pytest.mark.parametrize(
    ("bearer", "kind"),
    [
        ("生产经营单位", BearerType.ENTERPRISE),
        ("生产列入国家目录的产品的企业", BearerType.ENTERPRISE),
        ("机关、团体、企业、事业等单位", BearerType.ENTERPRISE),
        ("生产经营单位的主要负责人", BearerType.PRINCIPAL_PERSON),
        ("矿长", BearerType.PRINCIPAL_PERSON),
        ("专职安全生产管理人员", BearerType.SAFETY_MANAGER),
        ("安全总监", BearerType.SAFETY_MANAGER),
        ("生产经营单位的安全生产管理机构", BearerType.SAFETY_DEPT),
        ("从业人员", BearerType.EMPLOYEE),
        ("县级以上地方人民政府", BearerType.GOVERNMENT),
        ("乡镇人民政府和街道办事处", BearerType.GOVERNMENT),
        ("县级以上人民政府应急管理部门", BearerType.REGULATOR_DEPT),
        ("国务院有关部门", BearerType.REGULATOR_DEPT),
        ("检验检测机构", BearerType.SERVICE_AGENCY),
        ("承担安全评价、认证、检测、检验职责的机构", BearerType.SERVICE_AGENCY),
        ("生产经营单位的工会", BearerType.UNION),
        ("任何单位和个人", BearerType.OTHER),
        ("危险化学品的包装", BearerType.OTHER),
    ],
)
def test_sorts_bearers(bearer: str, kind: BearerType) -> None:
    assert bearer_type(bearer) is kind
