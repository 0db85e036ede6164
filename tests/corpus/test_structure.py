# ruff: noqa: E501 - rows of a table stay on one line, however wide Chinese is counted
"""The tree of small texts, one row a case of damage or of form; the words are our own."""

from __future__ import annotations

import pytest

from corpus.document import Document, Level
from corpus.proof import lines_text, tree_text
from corpus.reading import markdown_lines, plain_lines
from corpus.structure import parse

TITLE = "某某市用电安全条例"


def read(text: str, *, title: str = TITLE) -> Document:
    """Parses plain lines under a title, and proves at once that no word was lost."""
    lines = plain_lines(f"{title}\n{text.strip()}")
    document = parse(lines, name="x.txt")
    assert tree_text(document.nodes) == lines_text(lines)
    return document


def shape(document: Document) -> list[str]:
    """One string a row: its address and the first words of its text."""
    return [f"{row.address.label} {row.text[:8]}" for row in document.provisions]


def codes(document: Document) -> set[str]:
    return {remark.code for remark in document.remarks}


ARTICLES = [
    pytest.param(
        "第一条 甲应当登记。\n第二条 乙应当报告。",
        ["第一条 甲应当登记。", "第二条 乙应当报告。"],
        set(),
        id="one space",
    ),
    pytest.param("第一条　甲。\n第二条　乙。", ["第一条 甲。", "第二条 乙。"], set(), id="ideographic space"),
    pytest.param(
        "第一条甲应当登记。\n第二条乙应当报告。",
        ["第一条 甲应当登记。", "第二条 乙应当报告。"],
        {"no_space_after_head"},
        id="no space",
    ),
    pytest.param("第1条 甲。\n第2条 乙。", ["第一条 甲。", "第二条 乙。"], set(), id="arabic heads"),
    pytest.param(
        "第一条 甲。\n第二 条乙。", ["第一条 甲。", "第二条 乙。"], {"damaged_head"}, id="space in the number"
    ),
    pytest.param(
        "第一条 甲。\n笫二条 乙。", ["第一条 甲。", "第二条 乙。"], {"damaged_head"}, id="wrong character"
    ),
    pytest.param(
        "第十条 甲。\n第十－条 乙。",
        ["第十条 甲。", "第十一条 乙。"],
        {"damaged_head", "first_article"},
        id="dash for one",
    ),
    pytest.param(
        "第一条 甲应当登记。 第二条乙应当报告。\n第三条 丙。",
        ["第一条 甲应当登记。", "第二条 乙应当报告。", "第三条 丙。"],
        {"head_inside_line", "no_space_after_head"},
        id="glued to the paragraph before",
    ),
    pytest.param(
        "第一条 甲按照第二条的规定登记。\n第二条 乙。",
        ["第一条 甲按照第二条的规", "第二条 乙。"],
        set(),
        id="a reference is no head",
    ),
    pytest.param(
        "第一条 甲。第三条规定的除外。\n第二条 乙。\n第三条 丙。",
        ["第一条 甲。第三条规定的", "第二条 乙。", "第三条 丙。"],
        set(),
        id="a reference at a sentence's front",
    ),
    pytest.param(
        "第一条 甲。\n第二条 乙。\n丙应当服从。\n第四条 丁。",
        ["第一条 甲。", "第二条第一款 乙。", "第二条第二款 丙应当服从。", "第四条 丁。"],
        {"article_missing", "article_sequence"},
        id="a lost number is remarked, never invented",
    ),
    pytest.param(
        "第十七条 甲。\n第十七条之一 乙。\n第十七条之二 丙。\n第十八条 丁。",
        ["第十七条 甲。", "第十七条之一 乙。", "第十七条之二 丙。", "第十八条 丁。"],
        {"first_article"},
        id="之N",
    ),
    pytest.param("第一条 （删去）\n第二条 乙。", ["第一条 （删去）", "第二条 乙。"], set(), id="deleted"),
    pytest.param(
        "第一条\n甲应当登记。\n乙应当报告。\n第二条 丙。",
        ["第一条第一款 甲应当登记。", "第一条第二款 乙应当报告。", "第二条 丙。"],
        set(),
        id="words on the line below the head",
    ),
]


@pytest.mark.parametrize(("text", "expected", "remarked"), ARTICLES)
def test_articles(text: str, expected: list[str], remarked: set[str]) -> None:
    document = read(text)
    assert shape(document) == expected
    assert codes(document) == remarked


LISTS = [
    pytest.param(
        "第一条 甲应当具备下列条件：\n（一）有人；\n（二）有钱。\n乙参照执行。",
        [
            "第一条第一款 甲应当具备下列条",
            "第一条第一款第（一）项 （一）有人；",
            "第一条第一款第（二）项 （二）有钱。",
            "第一条第二款 乙参照执行。",
        ],
        set(),
        id="a paragraph after the items is the next 款",
    ),
    pytest.param(
        "第一条 甲应当具备下列条件:\n(一)有人;\n(二)有钱。",
        ["第一条 甲应当具备下列条", "第一条第（一）项 (一)有人;", "第一条第（二）项 (二)有钱。"],
        set(),
        id="half-width",
    ),
    pytest.param(
        "第一条 下列情形：\n（一)有人；\n(二）有钱。",
        ["第一条 下列情形：", "第一条第（一）项 （一)有人；", "第一条第（二）项 (二）有钱。"],
        {"mixed_brackets"},
        id="mixed brackets",
    ),
    pytest.param(
        "第一条 下列情形：\n（一）有人；\n有人的，应当登记。\n（二）有钱。",
        ["第一条 下列情形：", "第一条第（一）项 （一）有人；\n有", "第一条第（二）项 （二）有钱。"],
        {"item_continued"},
        id="an unnumbered continuation belongs to its item",
    ),
    pytest.param(
        "第一条 下列情形：\n有人；\n有地；\n（三）有钱。",
        [
            "第一条 下列情形：",
            "第一条第（一）项 有人；",
            "第一条第（二）项 有地；",
            "第一条第（三）项 （三）有钱。",
        ],
        {"item_number_lost"},
        id="items that lost their numbers",
    ),
    pytest.param(
        "第一条 下列情形：（一）有人；（二）有钱；\n（三）有地。",
        [
            "第一条 下列情形：",
            "第一条第（一）项 （一）有人；",
            "第一条第（二）项 （二）有钱；",
            "第一条第（三）项 （三）有地。",
        ],
        {"items_on_one_line"},
        id="several items on a line",
    ),
    pytest.param(
        "第一条 违反前款第（一）项、第（二）项规定的，责令改正；（二）项情节严重的除外。",
        ["第一条 违反前款第（一）"],
        set(),
        id="references to items are no items",
    ),
    pytest.param(
        "第一条 下列情形：\n（一）有人，包括：\n1.张三；\n2.李四。\n（二）有钱。",
        [
            "第一条 下列情形：",
            "第一条第（一）项 （一）有人，包括",
            "第一条第（一）项第1目 1.张三；",
            "第一条第（一）项第2目 2.李四。",
            "第一条第（二）项 （二）有钱。",
        ],
        set(),
        id="目",
    ),
    pytest.param(
        "第一条 下列情形：\n（一）有人：\n1、张三，提交：\n（1）证件；\n（2）照片。\n2、李四。",
        [
            "第一条 下列情形：",
            "第一条第（一）项 （一）有人：",
            "第一条第（一）项第1目 1、张三，提交：",
            "第一条第（一）项第2目 2、李四。",
        ],
        set(),
        id="a list inside a 目 stays in it",
    ),
    pytest.param(
        "第一条 甲分为：\n一、大的；\n二、小的。\n第二条 乙。",
        ["第一条 甲分为：", "第一条第（一）项 一、大的；", "第一条第（二）项 二、小的。", "第二条 乙。"],
        set(),
        id="items in 一、 of older statutes",
    ),
    pytest.param(
        "第一条 本条例下列用语的含义：\n大的，是指不小的。\n小的，是指不大的。",
        ["第一条第一款 本条例下列用语的", "第一条第二款 大的，是指不小的", "第一条第三款 小的，是指不大的"],
        set(),
        id="definitions as plain paragraphs",
    ),
    pytest.param(
        "第一条 委员会由下列人员组成：\n主任，\n副主任若干人，\n委员若干人。\n任期五年。",
        ["第一条第一款 委员会由下列人员", "第一条第二款 任期五年。"],
        {"line_broken"},
        id="a list of lines that end in commas",
    ),
    pytest.param(
        "第一条 任何单位和个人都有保护电力设施的义务，对破坏电力\n设施的行为，有权制止和检举。\n第二条 乙。",
        ["第一条 任何单位和个人都", "第二条 乙。"],
        {"line_broken"},
        id="a sentence broken over two lines",
    ),
    pytest.param(
        "第一条 甲：\n\u200b\n（一）有人；\n\u200b\n（二）有钱。\n\u200b\n第二条 乙。",
        ["第一条 甲：", "第一条第（一）项 （一）有人；", "第一条第（二）项 （二）有钱。", "第二条 乙。"],
        set(),
        id="zero-width lines are no 款",
    ),
]


@pytest.mark.parametrize(("text", "expected", "remarked"), LISTS)
def test_paragraphs_and_items(text: str, expected: list[str], remarked: set[str]) -> None:
    document = read(text)
    assert shape(document) == expected
    assert codes(document) == remarked


HEADINGS = [
    pytest.param(
        "第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。",
        (0, 2, 0),
        ["第一章 总则", "第二章 附则"],
        set(),
        id="plain",
    ),
    pytest.param(
        "第一章　总　　则\n第一条 甲。\n第二章“特区”\n第二条 乙。",
        (0, 2, 0),
        ["第一章　总　　则", "第二章“特区”"],
        set(),
        id="spaces and none",
    ),
    pytest.param(
        "目　录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。",
        (0, 2, 0),
        ["第一章 总则", "第二章 附则"],
        set(),
        id="contents with a title",
    ),
    pytest.param(
        "目录\n第一章 总则……………1\n第二章 附则……………9\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。",
        (0, 2, 0),
        ["第一章 总则", "第二章 附则"],
        set(),
        id="contents with page numbers",
    ),
    pytest.param(
        "第一章 总则 第二章 附则\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。",
        (0, 2, 0),
        ["第一章 总则", "第二章 附则"],
        set(),
        id="contents on one line",
    ),
    pytest.param(
        "第一章 总则\n第二章 用电\n第三章 附则\n总则\n第一条 甲。\n用电\n第二条 乙。\n附则\n第三条 丙。",
        (0, 3, 0),
        ["总则", "用电", "附则"],
        {"heading_number_lost"},
        id="headings whose numbers only the contents know",
    ),
    pytest.param(
        "第一章 总则\n第一条 甲。\n第二章 城市、县城、集镇和乡村的\n用电安全管理\n第二条 乙。",
        (0, 2, 0),
        ["第一章 总则", "第二章 城市、县城、集镇和乡村的用电安全管理"],
        {"heading_wrapped"},
        id="wrapped",
    ),
    pytest.param(
        "第一条 甲。\n第二章 用电\n第二条 乙。\n法律责任\n第三条 丙。",
        (0, 1, 0),
        ["第二章 用电"],
        {"heading_number_lost", "chapter_sequence"},
        id="a heading without number is kept and not counted",
    ),
    pytest.param(
        "第一章 用电\n第一节 家庭\n第一条 甲。\n第二节 工厂\n第二条 乙。\n第二章 附则\n第三条 丙。",
        (0, 2, 2),
        ["第一章 用电", "第一节 家庭", "第二节 工厂", "第二章 附则"],
        set(),
        id="sections",
    ),
    pytest.param(
        "第一编 总则\n第一章 任务\n第一条 甲。\n第二编 分则\n第一章 罪\n第二条 乙。",
        (2, 2, 0),
        ["第一编 总则", "第一章 任务", "第二编 分则", "第一章 罪"],
        set(),
        id="parts",
    ),
    pytest.param(
        "一、受理\n第一条 甲。\n二、审理\n第二条 乙。",
        (0, 0, 0),
        [],
        set(),
        id="一、 above articles is no chapter",
    ),
    pytest.param(
        "第一章 总则 第一条 甲。 第二条 乙。 第三条 丙。 第二章 附则 第四条 丁。",
        (0, 2, 0),
        ["第一章 总则", "第二章 附则"],
        {"head_inside_line"},
        id="chapters flattened on one line",
    ),
]


@pytest.mark.parametrize(("text", "counts", "headings", "remarked"), HEADINGS)
def test_headings(text: str, counts: tuple[int, int, int], headings: list[str], remarked: set[str]) -> None:
    document = read(text)
    assert (document.counts.parts, document.counts.chapters, document.counts.sections) == counts
    assert list(document.headings) == headings
    assert codes(document) == remarked


def test_headings_above_an_article_stand_in_its_rows() -> None:
    document = read("第一章 用电\n第一节 家庭\n第一条 甲。\n第二章 附则\n第二条 乙。")
    assert [row.headings for row in document.provisions] == [("第一章 用电", "第一节 家庭"), ("第二章 附则",)]


ANNEXES = [
    pytest.param(
        "第一条 甲。\n第二条 本条例自2020年1月1日起施行。\n附件：\n用电等级\n1.高压；\n2.低压。",
        1,
        id="titled",
    ),
    pytest.param(
        "第一条 甲。\n第二条 本条例自2020年1月1日起施行。\n用电等级划分标准\n1.高压；\n2.低压。",
        1,
        id="untitled",
    ),
    pytest.param(
        "第一条 甲。\n第二条 本条例自2020年1月1日起施行。\n附件：1.样式 2.标准\n附件1\n样式如下。\n附件2\n标准如下。",
        2,
        id="list, then two",
    ),
]


@pytest.mark.parametrize(("text", "annexes"), ANNEXES)
def test_annex_is_kept_apart_from_the_last_article(text: str, annexes: int) -> None:
    document = read(text)
    assert document.counts.articles == 2
    assert sum(node.level is Level.ANNEX for node in document.nodes) == annexes
    last = [row for row in document.provisions if row.address.article == 2]
    assert [row.text for row in last] == ["本条例自2020年1月1日起施行。"]
    assert all(row.address.annex for row in document.provisions[2:])


def test_attached_text_with_articles_of_its_own() -> None:
    document = read(
        "第一条 现发布办法。\n第二条 各地执行。\n第三条 本规定自发布之日起施行。\n用电办法\n第一条 甲。\n第二条 乙。"
    )
    assert document.counts.articles == 3
    assert [(row.address.annex, row.address.article) for row in document.provisions][3:] == [
        (1, None),
        (1, 1),
        (1, 2),
    ]


def test_receivers_and_footnotes_are_no_provisions() -> None:
    document = read(
        "第一条 甲。\n第二条 本条例自2020年1月1日起施行。\n抄送：市政府、市法院。\n市人大常委会办公厅 2020年1月2日印"
    )
    assert shape(document) == ["第一条 甲。", "第二条 本条例自2020"]
    assert sum(node.level is Level.TEXT for node in document.nodes) == 2


SECTIONS = [
    pytest.param(
        "各区人民政府：\n现通知如下：\n一、加强领导\n各区应当重视。\n（一）明确责任。\n1.定人；\n（1）有名；\n二、严格检查\n特此通知。",
        ["0.1", "0.2", "1", "1.1", "1.1.1", "1.1.1.1", "2"],
        id="notice",
    ),
    pytest.param("现答复如下：\n同意你院意见。\n此复。", ["0.1", "0.2", "0.3"], id="reply without numbers"),
    pytest.param(
        "一、管辖\n1.甲由乙管。\n2.丙由丁管。\n二、执行\n3.戊由己执行。",
        ["1", "1.1", "1.2", "2", "2.3"],
        id="figures run on",
    ),
    pytest.param(
        "一、问：谁管？\n答：甲管。\n二、问：何时？\n答：明天。", ["1", "2"], id="questions and answers"
    ),
    pytest.param(
        "一、将第二条修改为：“甲。\n“乙。\n“（一）丙。”\n二、删去第三条。\n本决定自公布之日起施行。",
        ["1", "2", "0.1"],
        id="amendment: quoted lines are its section's",
    ),
]


@pytest.mark.parametrize(("text", "sections"), SECTIONS)
def test_sections(text: str, sections: list[str]) -> None:
    title = "关于修改用电条例的决定" if "修改为" in text else "关于加强用电安全工作的通知"
    document = read(text, title=title)
    assert [row.address.section for row in document.provisions] == sections


def test_markers_stand_in_front_of_the_text_and_nowhere_else() -> None:
    document = read("第一条 下列情形：\n（一） 有人；\n1. 张三。")
    for row in document.provisions:
        assert row.text.startswith(row.marker)
    assert [row.words for row in document.provisions] == ["下列情形：", "有人；", "张三。"]


def test_quoted_articles_are_not_articles() -> None:
    document = read(
        "第一条 总纲修改为：“甲。”\n第二条 增加一节，作为第七节“监察”；增加五条：\n第七节 监察\n第一百二十三条 乙。\n丙。\n第三条 删去丁。",
        title="某某法修正案",
    )
    assert document.counts.articles == 3
    assert document.counts.sections == 0
    assert [row.address.article for row in document.provisions] == [1, 2, 3]


def test_cases_quote_articles_without_having_any() -> None:
    lines = markdown_lines(
        "# 甲诉乙案\n## 基本案情\n甲买电。\n## 裁判要旨\n第六条 经营者应当赔偿。\n法院支持。"
    )
    document = parse(lines, name="案.md")
    assert document.counts.articles == 0
    assert document.masthead.kind == "案例"
    assert [row.address.section for row in document.provisions] == ["1", "2"]


def test_tables_stay_tables() -> None:
    document = parse(
        markdown_lines("# 甲规定\n第一条 见下表。\n| 级 | 伏 |\n|---|---|\n| 高 | 千 |"), name="x.md"
    )
    rows = [row for row in document.provisions if row.level is Level.TABLE]
    assert [row.text for row in rows] == ["级\t伏\n高\t千"]
    assert document.counts.paragraphs == 1


def test_a_table_between_paragraphs_moves_no_number() -> None:
    text = "# 甲规定\n第一条 见下表。\n| 高 | 千 |\n|---|---|\n乙参照执行。\n第二条 丙。"
    document = parse(markdown_lines(text), name="x.md")
    rows = [(row.level.value, row.address.paragraph) for row in document.provisions]
    assert rows == [("paragraph", 1), ("table", 3), ("paragraph", 2), ("paragraph", 1)]
