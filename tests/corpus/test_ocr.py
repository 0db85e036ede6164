"""Recognition of images with RapidOCR, offline; one small page drawn here."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from corpus import ocr, reading
from corpus.document import Line
from corpus.errors import InputRefused
from corpus.limits import reporting

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "C:/Windows/Fonts/simsun.ttc",
    "/System/Library/Fonts/PingFang.ttc",
)
ROWS = ["　　第一条　为了加强安全生产，制", "定本办法。", "　　第二条　单位应当每年培训一次。"]


def picture(path: Path) -> Path:
    font = next((name for name in FONTS if Path(name).is_file()), None)
    if font is None:
        pytest.skip("SKIPPED LOUDLY: no Chinese font on this machine to draw a page with")
    page = Image.new("L", (760, 300), 255)
    draw = ImageDraw.Draw(page)
    for number, row in enumerate(ROWS):
        draw.text((60, 50 + 60 * number), row, fill=0, font=ImageFont.truetype(font, 38))
    page.save(path)
    return path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_small_page(tmp_path: Path) -> None:
    path = picture(tmp_path / "扫描.png")
    seen: list[tuple[int, int]] = []
    with reporting(lambda done, of: seen.append((done, of))):
        found = reading.read(path)
    assert [line.text for line in found.lines] == [
        "第一条 为了加强安全生产，制定本办法。",
        "第二条 单位应当每年培训一次。",
    ]
    assert [remark.code for remark in found.remarks][:1] == ["ocr"]
    assert "平均置信度 9" in found.remarks[0].message
    assert seen == [(1, 1)]
    assert ocr.page_image(path, 1).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("read", "mended"),
    [
        ("第十二条企业应当", "第十二条 企业应当"),
        ("第一百二十条之一组织", "第一百二十条之一 组织"),
        ("第二章监督管理", "第二章 监督管理"),
        ("第三条的规定", "第三条的规定"),
        ("第三条第一款规定", "第三条第一款规定"),
        ("（一)建立；(二）检查", "（一）建立；（二）检查"),
        ("(三)制定", "(三)制定"),
        ("为期3年·期满", "为期3年。期满"),
    ],
)
def test_what_recognition_blurs(read: str, mended: str) -> None:
    assert [line.text for line in ocr.spaced([Line(read, 1)])] == [mended]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0 nothing", b"GIF89a"])
def test_no_image_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with pytest.raises(InputRefused, match="图片"):
        ocr.read(path)
