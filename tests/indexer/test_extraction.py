"""What duties a provision gives: rows of made-up provisions in the words of the trade."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import pytest

from corpus.document import Level, Provision
from corpus.place import Address
from indexer.extraction import extract
from indexer.obligation import Obligation

CHAPTER = ("第二章 经营单位的安全责任",)
PENALTIES = ("第五章 法律责任",)


def article(*rows: str, number: int = 1, headings: tuple[str, ...] = CHAPTER) -> list[Provision]:
    """Rows of one article: plain rows are paragraphs, （一）… items and 1.… subitems of the row before."""
    out: list[Provision] = []
    paragraph = item = subitem = 0
    for row in rows:
        marker = ""
        if row.startswith("（"):
            item, subitem, level = item + 1, 0, Level.ITEM
            marker = row[: row.index("）") + 1]
        elif row[:1].isdigit():
            subitem, level = subitem + 1, Level.SUBITEM
            marker = row[:2]
        else:
            paragraph, item, subitem, level = paragraph + 1, 0, 0, Level.PARAGRAPH
        address = Address(number, None, paragraph, item or None, subitem or None)
        out.append(Provision(address, level, row, marker, headings))
    return out


def duties(provisions: Sequence[Provision]) -> list[str]:
    return [_line(d) for d in extract(provisions, title="样例条例")]


def _line(duty: Obligation) -> str:
    a = duty.address
    place = f"{a.paragraph}" + (f".{a.item}" if a.item else "") + (f".{a.subitem}" if a.subitem else "")
    return f"{place} {duty.bearer} {duty.modality.value} {duty.action}"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # who is handed the work by 由, and who is told to do it without a word of force
        (
            ["重大事故由市人民政府组织事故调查组进行调查。"],
            ["1 市人民政府 must 重大事故由市人民政府组织事故调查组进行调查"],
        ),
        (
            ["对经许可的活动，公安机关根据需要组织相应警力，维持秩序。"],
            ["1 公安机关 must 根据需要组织相应警力，维持秩序"],
        ),
        (["本办法由市应急管理部门负责解释。"], []),
        (["设备的费用由使用单位承担。"], []),
        # 发现隐患的，应当责令改正 is an office's duty
        (
            ["街道办事处发现隐患的，应当责令改正，并报告有关部门。"],
            ["1 街道办事处 must 责令改正，并报告有关部门"],
        ),
        # a right the union had before is the union's again
        (
            ["工会发现违章指挥时，有权提出建议，经营单位应当及时答复；发现险情时，有权要求撤离。"],
            ["1 工会 entitled 提出建议", "1 经营单位 must 及时答复", "1 工会 entitled 要求撤离"],
        ),
        (
            ["工会有权参加事故调查，并要求追究有关人员的责任。"],
            ["1 工会 entitled 参加事故调查，并要求追究有关人员的责任"],
        ),
        (
            ["县级以上人民政府公安、交通运输、质量技术监督、水利、旅游等部门应当加强检查。"],
            ["1 县级以上人民政府公安、交通运输、质量技术监督、水利、旅游等部门 must 加强检查"],
        ),
        # the thing is subject, the one who does the rest does the whole
        (
            ["调查工作应当在六十日内完成，并由调查组提出报告。"],
            ["1 调查组 must 调查工作应当在六十日内完成，并由调查组提出报告"],
        ),
        (["国家推广新工艺，禁止生产不合格的产品。"], []),
        (
            ["除按下列规定可以转让外，证书不得转让：", "（一）持证人有权续期。", "（二）其他情形。"],
            ["1 证书 must_not 证书不得转让", "1.1 持证人 entitled 续期"],
        ),
        # one modal, one duty, to the end of the segment
        (
            ["经营单位应当建立制度，并组织落实，定期演练。"],
            ["1 经营单位 must 建立制度，并组织落实，定期演练"],
        ),
        (
            ["经营单位不得涂改证书，不得出借证书。"],
            ["1 经营单位 must_not 涂改证书", "1 经营单位 must_not 出借证书"],
        ),
        (
            ["经营单位应当专款专用，不得挪作他用。"],
            ["1 经营单位 must 专款专用", "1 经营单位 must_not 挪作他用"],
        ),
        # the documents' own force stays inside the action
        (["勘察单位应当进行勘察，提供的文件应当真实。"], ["1 勘察单位 must 进行勘察，提供的文件应当真实"]),
        (
            ["操作人员必须经过培训，取得证书后，方可上岗。"],
            ["1 操作人员 must 经过培训，取得证书后，方可上岗"],
        ),
        # conditions and omitted bearers
        (
            [
                "监理单位发现隐患的，应当要求整改；情况严重的，应当要求停工。施工单位拒不停工的，应当向主管部门报告。"
            ],
            ["1 监理单位 must 要求整改", "1 监理单位 must 要求停工", "1 监理单位 must 向主管部门报告"],
        ),
        (
            ["前款以外的其他经营单位，从业人员超过一百人的，应当设置机构。"],
            ["1 前款以外的其他经营单位 must 设置机构"],
        ),
        (["工程竣工后，应当由建设单位组织验收。"], ["1 建设单位 must 由建设单位组织验收"]),
        (["实行总承包的，由总承包单位对现场安全负总责。"], ["1 总承包单位 must 对现场安全负总责"]),
        (
            ["出租单位应当检测设备。", "禁止出租检测不合格的设备。"],
            ["1 出租单位 must 检测设备", "2 出租单位 must_not 出租检测不合格的设备"],
        ),
        (
            ["设计文件，必须经主管部门批准；不符合规范的，不得批准。"],
            ["1 设计文件 must 经主管部门批准", "1 主管部门 must_not 批准"],
        ),
        (["禁止任何单位和个人干扰检查。"], ["1 任何单位和个人 must_not 任何单位和个人干扰检查"]),
        (["经由道路运输样品的，应当经公安机关许可。"], ["1 经由道路运输样品的 must 经公安机关许可"]),
        (["船舶航行时，船员在甲板上作业的，应当穿着救生衣。"], ["1 船员 must 穿着救生衣"]),
        # rights, powers, duties without a modal word
        (
            ["职工有权提出批评，有权拒绝冒险作业。"],
            ["1 职工 entitled 提出批评", "1 职工 entitled 拒绝冒险作业"],
        ),
        (["主管部门可以委托检验机构检验。"], ["1 主管部门 may 委托检验机构检验"]),
        (
            ["职工有依法获得保障的权利，并应当履行义务。"],
            ["1 职工 entitled 依法获得保障", "1 职工 must 履行义务"],
        ),
        (["任何单位和个人都有维护消防安全的义务。"], ["1 任何单位和个人 must 维护消防安全"]),
        (
            ["经营单位主要负责人对本单位的安全工作全面负责。"],
            ["1 经营单位主要负责人 must 对本单位的安全工作全面负责"],
        ),
        (["主管部门对全县的样品安全实施监督管理。"], ["1 主管部门 must 对全县的样品安全实施监督管理"]),
        (["机构对知悉的秘密，负有保密义务。"], ["1 机构 must 负有保密义务"]),
        (
            ["乡镇人民政府和街道办事处，以及开发区等应当制定预案。"],
            ["1 乡镇人民政府和街道办事处，以及开发区 must 制定预案"],
        ),
        (
            ["运输单位，以及宾馆、商场等经营单位，应当报送预案。"],
            ["1 运输单位，以及宾馆、商场等经营单位 must 报送预案"],
        ),
        (
            ["用工单位使用被派遣劳动者的，被派遣劳动者享有职工的权利，并应当履行义务。"],
            ["1 被派遣劳动者 entitled 职工", "1 被派遣劳动者 must 履行义务"],
        ),
        (["承办者发现持假票的人员，应当拒绝其入场。"], ["1 承办者 must 拒绝其入场"]),
        (
            ["检验机构应当出具报告，并对其真实性承担法律责任。"],
            ["1 检验机构 must 出具报告，并对其真实性承担法律责任"],
        ),
        (
            ["审计机关发现违法情况的，应当移送有关机关依法追究责任。"],
            ["1 审计机关 must 移送有关机关依法追究责任"],
        ),
        (
            ["救援机构对材料进行审查；材料齐全的，应当予以许可。"],
            ["1 救援机构 must 予以许可"],
        ),
        (
            ["分包单位应当服从管理，分包单位不服从管理的，由分包单位承担主要责任。"],
            ["1 分包单位 must 服从管理"],
        ),
        # things
        (["经营单位的责任制应当明确责任人员。"], ["1 经营单位 must 责任制应当明确责任人员"]),
        (
            ["经营单位应当设置标志。安全标志必须符合标准。"],
            ["1 经营单位 must 设置标志", "1 经营单位 must 安全标志必须符合标准"],
        ),
    ],
)
def test_paragraphs(rows: list[str], expected: list[str]) -> None:
    assert duties(article(*rows)) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [
                "经营单位的主要负责人负有下列职责:",
                "（一）建立责任制；",
                "（二）报告事故。",
                "经营单位可以设置安全总监。",
            ],
            [
                "1.1 经营单位的主要负责人 must 建立责任制",
                "1.2 经营单位的主要负责人 must 报告事故",
                "2 经营单位 may 设置安全总监",
            ],
        ),
        (
            ["任何单位和个人不得有下列行为：", "（一）擅自拆除设施；"],
            ["1.1 任何单位和个人 must_not 擅自拆除设施"],
        ),
        (["职工享有下列权利：", "（一）接受培训；"], ["1.1 职工 entitled 接受培训"]),
        (["主管部门有权采取下列措施：", "（一）进入现场检查；"], ["1.1 主管部门 entitled 进入现场检查"]),
        (["主管部门可以行使下列职权：", "（一）进入现场检查；"], ["1.1 主管部门 may 进入现场检查"]),
        # negative items under a positive lead
        (
            [
                "承运人应当遵守下列规定：",
                "（一）随车携带证件；",
                "（二）不得超载；",
                "（三）装载样品的车厢不得载人。",
            ],
            [
                "1.1 承运人 must 随车携带证件",
                "1.2 承运人 must_not 超载",
                "1.3 承运人 must_not 装载样品的车厢不得载人",
            ],
        ),
        # items are the bearers
        (
            ["下列单位应当建立专职消防队：", "（一）大型电厂；", "（二）大型仓库、基地。"],
            ["1.1 大型电厂 must 建立专职消防队", "1.2 大型仓库、基地 must 建立专职消防队"],
        ),
        # items are things, or conditions
        (
            ["经营单位必须对下列隐患采取预防措施:", "（一）冒顶；", "（二）火灾。"],
            ["1 经营单位 must 对下列隐患采取预防措施"],
        ),
        (["申请人应当提交下列材料：", "（一）申请书；"], ["1 申请人 must 提交下列材料"]),
        (["合同应当载明下列事项：", "（一）当事人名称；"], ["1 合同 must 合同应当载明下列事项"]),
        (["有下列情形之一的，经营单位应当修订预案：", "（一）人员变化；"], ["1 经营单位 must 修订预案"]),
        # items with bearers of their own, and subitems
        (
            [
                "有关部门依照下列规定履行职责：",
                "（一）应急管理部门负责综合监督；",
                "（二）公安机关负责道路安全。",
            ],
            ["1.1 应急管理部门 must 负责综合监督", "1.2 公安机关 must 负责道路安全"],
        ),
        (
            [
                "经营单位应当遵守下列规定：",
                "（一）储存样品应当符合下列要求：",
                "1.分类存放；",
                "2.专人看管；",
                "（二）建立台账。",
            ],
            ["1.1.1 经营单位 must 分类存放", "1.1.2 经营单位 must 专人看管", "1.2 经营单位 must 建立台账"],
        ),
    ],
)
def test_leads_and_items(rows: list[str], expected: list[str]) -> None:
    assert duties(article(*rows)) == expected


@pytest.mark.parametrize(
    "row",
    [
        "为了加强安全管理，保障人民群众生命和财产安全，制定本条例。",
        "本条例所称经营单位，是指从事生产经营活动、应当取得许可的单位。",
        "在本市从事生产经营活动，必须遵守本条例。",
        "样品的检验，不适用本条例。",
        "安全生产工作应当以人为本，坚持安全第一、预防为主的方针。",
        "安全生产工作实行管行业必须管安全、管业务必须管安全。",
        "国家鼓励经营单位应用先进技术。",
        "国家对危及安全的工艺实行淘汰制度，具体目录由主管部门制定并公布。",
        "违反本条例规定，经营单位未建立制度的，责令限期改正，可以处一万元以下的罚款。",
        "经营单位有前款行为，构成犯罪的，应当依法追究刑事责任。",
        "安全生产费用的提取办法由财政部门制定。",
        "本条例自2024年1月1日起施行。",
        "对有突出贡献的单位和个人，应当给予表彰和奖励。",
        "造成损失的，应当依法承担赔偿责任。",
    ],
)
def test_sentences_that_are_no_duty(row: str) -> None:
    assert duties(article(row)) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("经营单位拒不改正的，可以停止供电。", []),
        ("负责人五年内不得担任同类职务。", []),
        ("举报人有权要求保密。", ["1 举报人 entitled 要求保密"]),
    ],
)
def test_a_chapter_of_penalties_gives_consequences_not_duties(row: str, expected: list[str]) -> None:
    assert duties(article(row, headings=PENALTIES)) == expected


def test_a_heading_names_the_bearer_a_whole_chapter_omits() -> None:
    rows = article("经营单位应当建立制度。", number=1) + article("样品必须分类存放。", number=2)
    found = extract(rows, title="样例条例")
    assert [(d.bearer, d.bearer_source) for d in found] == [
        ("经营单位", "explicit"),
        ("经营单位", "text_context"),
    ]


def test_where_no_one_is_named_the_thing_stands_and_says_so() -> None:
    (found,) = extract(article("样品包装必须符合标准。", headings=()), title="样例条例")
    assert (found.bearer, found.bearer_source) == ("样品包装", "thing")


@pytest.mark.parametrize(
    ("row", "condition", "deadline", "exception", "thing"),
    [
        ("经营单位在停业前，应当公告。", "在停业前", None, None, None),
        (
            "经营单位应当自验收合格之日起三十日内，将报告报送主管部门备案。",
            None,
            "自验收合格之日起三十日内",
            None,
            "报告",
        ),
        ("经营单位应当每年至少组织一次演练。", None, "每年至少组织一次", None, None),
        ("经营单位应当立即报告。", None, "立即", None, None),
        ("经营单位应当取得许可，但法律另有规定的除外。", None, None, "但法律另有规定的除外", None),
        ("经营单位对重大危险源应当登记。", None, None, None, None),
        ("经营单位应当在规定期限内整改。", None, None, None, None),
    ],
)
def test_qualifiers_are_slices(
    row: str, condition: str | None, deadline: str | None, exception: str | None, thing: str | None
) -> None:
    (found,) = extract(article(row), title="样例条例")
    assert (found.condition, found.deadline, found.exception, found.object) == (
        condition,
        deadline,
        exception,
        thing,
    )


def test_a_notice_reads_yao_and_gives_sections() -> None:
    rows = [
        Provision(Address(section="1"), Level.CLAUSE, "一、加强领导", "一、"),
        Provision(Address(section="1.1"), Level.CLAUSE, "（一）各级人民政府要落实责任。", "（一）"),
    ]
    (found,) = extract(rows, title="样例通知")
    assert (found.address.section, found.bearer, found.action) == ("1.1", "各级人民政府", "落实责任")


@pytest.mark.parametrize(
    "text", ["", "应当", "不得。", "；；。", "，（应当", "由由由应当由", "的的的应当的", "，应当，"]
)
def test_debris_is_survived(text: str) -> None:
    for found in extract(article(text or " "), title="样例"):
        assert found.action in text


WORDS = (
    "应当",
    "不得",
    "可以",
    "有权",
    "禁止",
    "的",
    "，",
    "；",
    "。",
    "：",
    "由",
    "对",
    "在",
    "单位",
    "部门",
    "人员",
    "负责",
    "下列",
    "职责",
    "依法",
    "规定",
    "（一）",
    "《某法》",
    "“",
    "”",
    "(",
    "、",
    "和",
    "以及",
    "等",
    "之日起",
    "三十日内",
    "除",
    "外",
    "经",
    "批准",
    "未经",
    "方可",
    "本条例",
    "适用",
    "处罚",
    "责任",
    "时",
    "前",
    "＿",
    " ",
    "一",
)


def test_its_own_keywords_in_any_order_neither_break_nor_stall_it() -> None:
    shuffled = random.Random(20261122)
    start = time.process_time()
    for _ in range(300):
        text = "".join(shuffled.choices(WORDS, k=120))
        for found in extract(article(text.lstrip("（一）1")), title="样例"):
            assert found.action in text
            assert found.quote in text
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "repeated", ["＿", "（某某）", "《某某法》", "、单位", "的单位", "按照规定", "，应当", "等有关部门"]
)
def test_long_repetitions_do_not_stall_it(repeated: str) -> None:
    start = time.process_time()
    extract(article("经营单位" + repeated * 400 + "应当报告。"), title="样例")
    assert time.process_time() - start < 5
