"""Reading .docx: what Word shows and what its file hides."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from corpus import structure, word
from corpus.document import Reading
from corpus.errors import InputRefused

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMES = (
    'xmlns:w="{w}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def make_docx(path: Path, body: str, *, w: str = W, **parts: str) -> Path:
    """A .docx of the given body XML; `numbering`, `styles`, `footnotes` are the inner XML of those parts."""
    names = NAMES.format(w=w)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {names}><w:body>{body}</w:body></w:document>")
        for name, inner in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {names}>{inner}</w:{name}>")
    return path


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def num(level: int, num_id: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'


def lvl(level: int, form: str, text: str, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


LAW = (
    '<w:abstractNum w:abstractNumId="7">'
    + lvl(0, "chineseCountingThousand", "第%1章")
    + lvl(1, "chineseCounting", "第%2条", '<w:lvlRestart w:val="0"/>')
    + lvl(2, "japaneseCounting", "（%3）")
    + lvl(3, "decimal", "%4.")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
)


def texts(reading: Reading) -> list[str]:
    return [line.text for line in reading.lines]


def codes(reading: Reading) -> list[str]:
    return [remark.code for remark in reading.remarks]


def test_articles_that_stand_only_in_the_numbering(tmp_path: Path) -> None:
    body = (
        p("某市安全管理办法")
        + p("总则", num(0))
        + p("为了安全，制定本办法。", num(1))
        + p("单位应当履行下列职责：", num(1))
    )
    body += p("建立制度；", num(2)) + p("组织培训。", num(2)) + p("目一；", num(3)) + p("没有编号的一款。")
    body += p("管理", num(0)) + p("应当检查。", num(1)) + p("记录；", num(2))
    path = make_docx(tmp_path / "某市安全管理办法.docx", body, numbering=LAW)
    reading = word.read(path)
    assert texts(reading) == [
        "某市安全管理办法",
        "第一章 总则",
        "第一条 为了安全，制定本办法。",
        "第二条 单位应当履行下列职责：",
        "（一）建立制度；",
        "（二）组织培训。",
        "1. 目一；",
        "没有编号的一款。",
        "第二章 管理",
        "第三条 应当检查。",
        "（一）记录；",
    ]
    assert codes(reading) == ["numbering"]
    document = structure.read_document(path, source=path.name)
    assert (document.counts.chapters, document.counts.articles, document.counts.items) == (2, 3, 3)


@pytest.mark.parametrize(
    ("form", "text", "count", "marker"),
    [
        ("chineseCountingThousand", "第%1条", 101, "第一百零一条"),
        ("chineseCounting", "%1、", 11, "十一、"),
        ("taiwaneseCountingThousand", "（%1）", 20, "（二十）"),
        ("ideographDigital", "%1", 10, "一〇"),
        ("decimalFullWidth", "%1．", 12, "１２．"),
        ("decimalEnclosedCircleChinese", "%1", 3, "③"),
        ("decimalEnclosedCircle", "%1", 21, "㉑"),
        ("decimalEnclosedParen", "%1", 2, "⑵"),
        ("decimalEnclosedFullstop", "%1", 2, "⒉"),
        ("ideographTraditional", "%1、", 3, "丙、"),
        ("ideographZodiac", "%1", 12, "亥"),
        ("chineseLegalSimplified", "%1", 12, "拾贰"),
        ("upperRoman", "%1.", 14, "XIV."),
        ("lowerLetter", "%1)", 28, "bb)"),
        ("decimalZero", "%1", 7, "07"),
        ("bullet", "●", 1, ""),
        ("none", "附", 1, "附"),
    ],
)
def test_every_way_of_counting(tmp_path: Path, form: str, text: str, count: int, marker: str) -> None:
    numbering = f'<w:abstractNum w:abstractNumId="1">{lvl(0, form, text)}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    body = "".join(p("甲", num(0)) for _ in range(count))
    last = texts(word.read(make_docx(tmp_path / "a.docx", body, numbering=numbering)))[-1]
    assert last.removesuffix("甲").strip() == marker


def test_restart_override_and_inheritance(tmp_path: Path) -> None:
    """One abstract list counts on over its instances; a startOverride restarts; numId 0 takes it away."""
    numbering = '<w:abstractNum w:abstractNumId="1">' + lvl(0, "decimal", "%1.") + lvl(1, "decimal", "%1.%2")
    numbering += '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    numbering += '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId '
    numbering += 'w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="条"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="B"><w:name w:val="heading 2"/>'
        '<w:basedOn w:val="A"/></w:style>'
    )
    body = p("甲", num(0)) + p("乙", num(1)) + p("丙", num(1)) + p("丁", num(0, 2)) + p("戊", num(1, 2))
    body += p("己", num(0, 3)) + p("庚", num(0, 3)) + p("辛", '<w:pStyle w:val="B"/>')
    body += p("壬", '<w:pStyle w:val="B"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    reading = word.read(make_docx(tmp_path / "a.docx", body, numbering=numbering, styles=styles))
    assert texts(reading) == [
        "1. 甲",
        "1.1 乙",
        "1.2 丙",
        "2. 丁",
        "2.1 戊",
        "5. 己",
        "6. 庚",
        "7. 辛",
        "壬",
    ]
    assert [line.heading for line in reading.lines[-3:]] == [None, 2, 2]


INS, DEL = '<w:ins w:id="1" w:author="a">', '<w:del w:id="2" w:author="a">'
ROWS = [
    (
        "revisions are read as accepted",
        f"<w:p><w:r><w:t>应当</w:t></w:r>{INS}<w:r><w:t>立即</w:t></w:r></w:ins>{DEL}<w:r><w:delText>及时"
        "</w:delText></w:r></w:del><w:r><w:t>报告。</w:t></w:r></w:p>",
        ["应当立即报告。"],
        ["revision"],
    ),
    (
        "a deleted paragraph mark joins two paragraphs",
        '<w:p><w:pPr><w:rPr><w:del w:id="3" w:author="a"/></w:rPr></w:pPr><w:r><w:t>前半句，</w:t></w:r>'
        "</w:p>" + p("后半句。"),
        ["前半句，后半句。"],
        ["revision"],
    ),
    (
        "only a field's result is read, also of a field inside a field",
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r><w:r>'
        '<w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DOCPROPERTY x</w:instrText></w:r><w:r>'
        '<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>条件</w:t></w:r><w:r><w:fldChar '
        'w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>结果</w:t>'
        '</w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>。</w:t></w:r></w:p>',
        ["结果。"],
        [],
    ),
    (
        "a line break parts two lines",
        "<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r></w:p>",
        ["甲", "乙"],
        [],
    ),
    (
        "content controls and hyperlinks are transparent",
        "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:hyperlink><w:r><w:t>第一条</w:t></w:r></w:hyperlink><w:sdt>"
        "<w:sdtContent><w:r><w:t>　正文</w:t></w:r></w:sdtContent></w:sdt></w:p></w:sdtContent></w:sdt>",
        ["第一条　正文"],
        [],
    ),
    (
        "a wrapper of a later version loses no words",
        f"<w:later><w:part><w:p><w:newer><w:r><w:t>新版</w:t></w:r></w:newer></w:p></w:part></w:later>{p('乙')}",
        ["新版", "乙"],
        [],
    ),
    (
        "formulas keep their characters",
        "<w:p><w:r><w:t>面积 </w:t></w:r><m:oMath><m:nary><m:e><m:r><m:t>a+b</m:t></m:r></m:e></m:nary>"
        "</m:oMath></w:p>",
        ["面积 a+b"],
        ["formula"],
    ),
    (
        "hidden words are not read",
        "<w:p><w:r><w:t>可见</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>",
        ["可见"],
        ["hidden"],
    ),
    (
        "a text box is read once, after its paragraph",
        "<w:p><w:r><w:t>锚</w:t><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        f"{p('框内')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"<w:txbxContent>{p('框内')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
        "</w:r></w:p>",
        ["锚", "框内"],
        ["textbox"],
    ),
    (
        "ruby, symbols and hyphens",
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase>"
        '</w:ruby></w:r><w:r><w:sym w:font="Wingdings" w:char="00FC"/><w:noBreakHyphen/></w:r></w:p>',
        ["拼ü-"],
        [],
    ),
]


@pytest.mark.parametrize(("what", "body", "lines", "remarks"), ROWS, ids=[row[0] for row in ROWS])
def test_what_word_shows(tmp_path: Path, what: str, body: str, lines: list[str], remarks: list[str]) -> None:
    reading = word.read(make_docx(tmp_path / "a.docx", body))
    assert (texts(reading), codes(reading)) == (lines, remarks)


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def test_tables(tmp_path: Path) -> None:
    """Rows with tabulators; a covered or merged cell stays an empty one; a frame of one cell is no table."""
    table = "<w:tbl><w:tr>" + cell("序号") + cell("事项", '<w:gridSpan w:val="2"/>') + "</w:tr><w:tr>"
    table += cell("1", "<w:vMerge/>") + cell("检查") + cell("每月") + "</w:tr></w:tbl>"
    framed = f"<w:tbl><w:tr><w:tc>{p('第一条　甲。')}{p('乙。')}</w:tc></w:tr></w:tbl>"
    reading = word.read(make_docx(tmp_path / "a.docx", p("表") + table + framed))
    assert [(line.text, line.table) for line in reading.lines] == [
        ("表", False),
        ("序号\t事项\t", True),
        ("\t检查\t每月", True),
        ("第一条　甲。", False),
        ("乙。", False),
    ]


def test_footnotes_are_kept_apart(tmp_path: Path) -> None:
    body = '<w:p><w:r><w:t>正文</w:t><w:footnoteReference w:id="2"/><w:t>。</w:t></w:r></w:p>'
    notes = f'<w:footnote w:id="2">{p("据2020年公报。")}</w:footnote>'
    reading = word.read(make_docx(tmp_path / "a.docx", body, footnotes=notes))
    assert texts(reading) == ["正文。"]
    assert [r.message for r in reading.remarks if r.code == "footnote"] == ["脚注1：据2020年公报。"]


def test_contents_lose_their_page_numbers(tmp_path: Path) -> None:
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    row = '<w:p><w:pPr><w:pStyle w:val="T"/></w:pPr><w:r><w:t>第一章 总则</w:t><w:tab/><w:t>12</w:t>'
    row += "</w:r></w:p>"
    assert texts(word.read(make_docx(tmp_path / "a.docx", row + p("甲"), styles=styles))) == [
        "第一章 总则",
        "甲",
    ]


def test_strict_namespace_reads_alike(tmp_path: Path) -> None:
    reading = word.read(make_docx(tmp_path / "a.docx", p("甲", num(1)), w=STRICT, numbering=LAW))
    assert texts(reading) == ["第一条 甲"]


def test_nothing_outside_is_followed(tmp_path: Path) -> None:
    """altChunk, external relationships and embedded objects: remarked, never opened."""
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    path = make_docx(tmp_path / "a.docx", p("甲") + "<w:altChunk/><w:p><w:r><w:object/></w:r></w:p>")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships><Relationship Id="1" Type="{kind}/numbering" Target="file://{secret}" '
            f'TargetMode="External"/><Relationship Id="2" Type="{kind}/styles" Target="../../{secret}"/>'
            "</Relationships>",
        )
    reading = word.read(path)
    assert texts(reading) == ["甲"]
    assert codes(reading) == ["embedded", "external"]


def test_no_word_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(InputRefused, match="正文"):
        word.read(path)
