"""Text PDF back into paragraphs: pages made with reportlab, read by corpus/pdf.py."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpus import layout, ocr, pdf
from corpus.errors import InputRefused
from corpus.layout import Row, Sheet

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:reportlab")
LEFT, PER_LINE, SIZE = 90.0, 26, 16
SENTENCE = "望川市的作业单位应当按照本办法和市里公布的目录备齐通风、检测、照明和救援所需的各种器材；"


def canvas(path: Path, **options: object) -> Canvas:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return Canvas(str(path), pagesize=A4, **options)


def put(page: Canvas, x: float, y: float, text: str, size: float = SIZE) -> None:
    page.setFont("STSong-Light", size)
    page.drawString(x, A4[1] - y, text)


def typeset(path: Path, paragraphs: list[str], rows_a_page: int = 20, **options: object) -> Path:
    """Paragraphs with an indent of two letters, broken at 26 letters, with a running head and numbers."""
    page = canvas(path, **options)
    rows = []
    for paragraph in paragraphs:
        text = "　　" + paragraph
        rows += [text[i : i + PER_LINE] for i in range(0, len(text), PER_LINE)]
    for number, start in enumerate(range(0, len(rows), rows_a_page), 1):
        put(page, 200, 40, "某某市应急管理局文件汇编", 10)
        for line, row in enumerate(rows[start : start + rows_a_page]):
            put(page, LEFT, 120 + 29 * line, row)
        put(page, 280, 810, f"— {number} —", 10)
        page.showPage()
    page.save()
    return path


def test_breaks_heads_and_page_numbers_are_undone(tmp_path: Path) -> None:
    """A sentence that crosses pages is whole, every 、 is kept, the page is where it begins."""
    paragraphs = [f"第{n}条　{SENTENCE * 3}" for n in "一二三四五六七八九"]
    reading = pdf.read(typeset(tmp_path / "a.pdf", paragraphs))
    assert [line.text for line in reading.lines] == paragraphs
    assert reading.pages == 3
    assert ocr.page_image(tmp_path / "a.pdf", 3).startswith(b"\x89PNG")
    with pytest.raises(InputRefused, match="第9页"):
        ocr.page_image(tmp_path / "a.pdf", 9)
    assert [line.page for line in reading.lines] == [1, 1, 1, 1, 2, 2, 2, 3, 3]


def test_contents_leaders_go(tmp_path: Path) -> None:
    page = canvas(tmp_path / "a.pdf")
    for n, name in enumerate(("第一章　总则", "第二章　监督管理")):
        put(page, LEFT, 120 + 30 * n, name + "…" * 14 + str(n + 1))
    page.save()
    assert [line.text for line in pdf.read(tmp_path / "a.pdf").lines] == ["第一章　总则", "第二章　监督管理"]


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    page = canvas(tmp_path / "a.pdf")
    put(page, 230, 90, "某某市公报", 22)
    left, right = (
        [f"左{n}甲乙丙丁戊己庚辛壬癸" for n in range(9)],
        [f"右{n}子丑寅卯辰巳午未申酉" for n in range(9)],
    )
    for n, (one, two) in enumerate(zip(left, right, strict=True)):
        put(page, 60, 140 + 30 * n, one)
        put(page, 330, 140 + 30 * n, two)
    page.save()
    words = "".join(line.text for line in pdf.read(tmp_path / "a.pdf").lines)
    assert words == "某某市公报" + "".join(left) + "".join(right)


def test_ruled_table(tmp_path: Path) -> None:
    page = canvas(tmp_path / "a.pdf")
    put(page, LEFT, 100, "附表")
    page.grid([90, 200, 400], [A4[1] - y for y in (130, 170, 210)])
    for n, (one, two) in enumerate((("序号", "事项"), ("1", "每月检查"))):
        put(page, 100, 155 + 40 * n, one)
        put(page, 210, 155 + 40 * n, two)
    put(page, LEFT, 300, "以上各项自公布之日起施行。")
    page.save()
    lines = [(line.text, line.table) for line in pdf.read(tmp_path / "a.pdf").lines]
    assert lines == [
        ("附表", False),
        ("序号\t事项", True),
        ("1\t每月检查", True),
        ("以上各项自公布之日起施行。", False),
    ]


def test_watermark_and_double_print(tmp_path: Path) -> None:
    page = canvas(tmp_path / "a.pdf")
    for shift in (0.0, 0.3):  # bold, drawn twice
        put(page, LEFT + shift, 120, "第一条　为了安全，制定本办法。")
    page.translate(200, 300)
    page.rotate(45)
    put(page, 0, A4[1], "草稿草稿", 40)
    page.save()
    reading = pdf.read(tmp_path / "a.pdf")
    assert [line.text for line in reading.lines] == ["第一条　为了安全，制定本办法。"]
    assert [remark.code for remark in reading.remarks] == ["watermark"]


def test_password(tmp_path: Path) -> None:
    """A password to open is refused by name; one that only forbids printing is no obstacle to reading."""
    locked = typeset(tmp_path / "锁.pdf", [SENTENCE], encrypt=StandardEncryption("secret", strength=128))
    with pytest.raises(InputRefused, match="密码"):
        pdf.read(locked)
    only_owner = StandardEncryption("", ownerPassword="owner", canPrint=0, strength=128)
    free = Canvas(str(tmp_path / "开.pdf"), encrypt=only_owner)
    free.drawString(90, 700, "Every unit shall train its staff.")
    free.save()
    assert pdf.read(tmp_path / "开.pdf").lines[0].text == "Every unit shall train its staff."


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 3], lambda _: b"%PDF-1.7\n"])
def test_damage(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = typeset(tmp_path / "a.pdf", [SENTENCE])
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputRefused):
        pdf.read(path)


def row(text: str, x0: float, x1: float, top: float, page: int = 1, size: float = 10.0) -> Row:
    return Row(text, x0, x1, top, top + size, size, page)


def test_rows_that_end_early_for_a_bracket_go_on() -> None:
    """（楼）、 cannot be broken, so the row before it ends four letters early and is full all the same."""
    rows = [
        row("第一条　储存场所与居民区学校", 20, 160, 100),
        row("（楼）、医院之间的安全距离应当", 0, 160, 120),
    ]
    rows = [rows[0], row("（楼）、医院之间的安全距离应当符", 0, 190, 120), row("合规定。", 0, 40, 140)]
    lines = layout.paragraphs([Sheet(1, 200, 300, tuple(rows))])
    assert [line.text for line in lines] == [
        "第一条　储存场所与居民区学校（楼）、医院之间的安全距离应当符合规定。"
    ]


def test_paragraphs_without_indent_are_parted_by_their_gap() -> None:
    rows = [row("为了加强管理工作制定本办法。", 0, 140, 0), row("各单位应当认真贯彻执行本办法", 0, 140, 30)]
    rows += [row("并且报告落实情况给上级机关。", 0, 140, 45), row("特此通知。", 0, 50, 75)]
    rows += [row("二〇二六年一月一日某某市政府办", 0, 140, 90), row("公室", 0, 20, 105)]
    lines = layout.paragraphs([Sheet(1, 200, 900, tuple(rows))])
    assert [line.text[:4] for line in lines] == ["为了加强", "各单位应", "特此通知", "二〇二六"]


def test_a_centred_heading_of_two_rows_is_one() -> None:
    """Ragged rows at the margin go on too, as long as no sentence has ended."""
    rows = [row("第二章　危险化学品生产、储存、使用、经营", 15, 185, 0), row("一般规定", 80, 120, 20)]
    rows += [
        row("第三条　单位应当在每年三月前", 20, 160, 40),
        row("完成“两重点一重大”装置的检查工作任务；", 0, 190, 60),
    ]
    rows += [row("逾期的，责令改正。", 20, 110, 80)]
    lines = layout.paragraphs([Sheet(1, 200, 900, tuple(rows))])
    assert [line.text for line in lines] == [
        "第二章　危险化学品生产、储存、使用、经营一般规定",
        "第三条　单位应当在每年三月前完成“两重点一重大”装置的检查工作任务；",
        "逾期的，责令改正。",
    ]


def test_a_page_whose_data_is_cut_says_so(tmp_path: Path) -> None:
    """pdfminer keeps what inflates and passes over the rest; half a page must not be lost in silence."""
    content = zlib.compress(b"BT /F 12 Tf 72 700 Td (" + bytes(range(65, 91)) * 40 + b") Tj ET")
    found = {}
    for name, body in {
        "whole": content,
        "cut": content[:-12],
        "altered": content[:-6] + b"\0" + content[-5:],
    }.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(flate_page(body))
        found[name] = [remark.code for remark in pdf.read(path).remarks]
    assert found == {"whole": [], "cut": ["page_damaged"], "altered": ["page_damaged"]}


def test_a_page_that_lost_its_content_says_so(tmp_path: Path) -> None:
    whole = flate_page(zlib.compress(b""))
    found = {}
    for name, body in {"blank": whole, "lost": whole.replace(b"/Contents 4 0 R", b"/Contentz 4 0 R")}.items():
        (tmp_path / f"{name}.pdf").write_bytes(body)
        found[name] = [remark.code for remark in pdf.read(tmp_path / f"{name}.pdf").remarks]
    assert found == {"blank": [], "lost": ["page_damaged"]}


def flate_page(content: bytes) -> bytes:
    """A PDF of one page with this deflated content stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer <</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
