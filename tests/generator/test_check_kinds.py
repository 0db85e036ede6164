"""The citation check on 60 faults and 60 right citations of kinds people write: a wrong 款 or 项, one letter
of a title, 第七十条之一, ranges, quotations within quotations, 该条例; and wherever Word can put words."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest

from corpus.library import Library
from corpus.structure import read_document
from generator import citation_check
from generator.checked_text import PARAGRAPH, Checked, Passage

pytestmark = pytest.mark.shared
ON = "2026-11-22"
CASES = Path(__file__).resolve().parents[1] / "cases" / "check_kinds.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
LAWS = (
    "安全生产法", "消防法", "特种设备安全法", "职业病防治法", "旅游法", "港口法", "石油天然气管道保护法",
    "劳动合同法", "行政复议法", "行政处罚法", "环境噪声污染防治法", "噪声污染防治法", "刑法",
    "渔港水域交通安全管理条例", "内河交通安全管理条例", "医疗废物管理条例", "危险化学品安全管理条例",
    "城镇燃气管理条例", "大型群众性活动安全管理条例", "女职工劳动保护特别规定", "娱乐场所管理条例",
    "工伤保险条例", "建设工程安全生产管理条例", "校车安全管理条例",
    "放射性同位素与射线装置安全和防护条例", "民用爆炸物品安全管理条例", "烟花爆竹安全管理条例",
    "煤矿安全生产条例", "物业管理条例", "生产安全事故应急条例", "生产安全事故报告和调查处理条例",
    "道路运输条例", "农业机械安全监督管理条例",
)  # fmt: skip


@pytest.fixture(scope="module")
def library(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    laws = shared / "laws"
    with Library.open(tmp_path_factory.mktemp("data"), create=True) as held:
        for folder in (
            "社会法",
            "行政法",
            "经济法",
            "行政法规",
            "民法典",
            "刑法",
            "诉讼与非诉讼程序法",
            "民法商法",
        ):
            for path in sorted((laws / folder).glob("*.md")):
                if path.name.partition("(")[0].removesuffix(".md") in LAWS:
                    source = str(path.relative_to(laws))
                    held.add(read_document(path, source=source), path.read_bytes(), source=source)
        yield held


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['kind']}-{n}" for n, row in enumerate(ROWS, 1)])
def test_every_fault_is_found_and_nothing_right_is_blamed(library: Library, row: dict[str, Any]) -> None:
    document = Checked((Passage(row["text"], PARAGRAPH, 1),))
    found = citation_check.check_passages(document, library, on=ON).findings
    assert [one.verdict.value for one in found] == row["status"]


NOTE = (
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:id="2"><w:p><w:r><w:t>见《消防法》第二</w:t></w:r><w:r><w:t>十八条第九款。</w:t></w:r>'
    "</w:p></w:footnote></w:footnotes>"
)
BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:rect><v:textbox><w:txbxContent><w:p><w:r>'
    "<w:t>《安全生产法》第一百三十条</w:t></w:r></w:p></w:txbxContent></v:textbox></v:rect></w:pict></w:r>"
)


def everywhere(path: Path) -> Path:
    """A document with one fault in each place Word has: header, runs, cell, text box, footnote, footer."""
    from docx.oxml.parser import parse_xml

    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "依据《安全生产法》第一百二十五条"
    section.footer.paragraphs[0].text = "《消防法》第八十条"
    split = document.add_paragraph()
    for part in ("《安全", "生产法》第四", "十二条", "第三款", "规定了出口。"):
        split.add_run(part).bold = len(part) % 2 == 0
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "《安全生产法》第四十五条"
    table.rows[0].cells[1].text = "生产经营单位可以为从业人员提供符合国家标准或者行业标准的劳动防护用品"
    document.add_paragraph("图示：")._p.append(parse_xml(BOX))
    plain = path.with_name("plain.docx")
    document.save(str(plain))
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/_rels/document.xml.rels":
                link = f'<Relationship Id="rIdN" Type="{kinds}" Target="footnotes.xml"/></Relationships>'
                data = data.replace(b"</Relationships>", link.encode())
            if name == "[Content_Types].xml":
                part = f'<Override PartName="/word/footnotes.xml" ContentType="{media}"/></Types>'
                data = data.replace(b"</Types>", part.encode())
            new.writestr(name, data)
        new.writestr("word/footnotes.xml", NOTE)
    return path


def test_wherever_word_puts_words(library: Library, tmp_path: Path) -> None:
    found = citation_check.check(everywhere(tmp_path / "x.docx"), library, on=ON).findings
    assert [(one.passage.where, one.mention.text, one.verdict.value) for one in found] == [
        ("header", "《安全生产法》第一百二十五条", "no_such_provision"),
        ("paragraph", "《安全生产法》第四十二条第三款", "no_such_provision"),
        ("table cell", "《安全生产法》第四十五条", "text_differs"),
        ("paragraph", "《安全生产法》第一百三十条", "no_such_provision"),
        ("footnote", "《消防法》第二十八条第九款", "no_such_provision"),
        ("footer", "《消防法》第八十条", "no_such_provision"),
    ]
