"""Recognises scans and photographs with RapidOCR, whose models come inside its package: nothing is fetched.

A recognised text is never certain: every reading carries its mean confidence and the doubtful rows as
remarks, and `page_image` gives the page to check against.
"""

from __future__ import annotations

import functools
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from corpus.document import Line, Reading, Remark
from corpus.errors import InputRefused
from corpus.layout import Row, Sheet, paragraphs
from corpus.limits import GIB, MAX_PAGES, allow_memory, allow_time, page_done

LONG_SIDE = 1800  # pixels: A4 at 150 dpi reads as well as at 200 and twice as fast (measured)
MAX_PIXELS = 80_000_000
DOUBTFUL = 0.8
_SHOWN = 20
_MEMORY = 3 * GIB  # address space; measured 1.7 GiB at 200 dpi, 0.8 GiB of it in use
_SECONDS = 120.0  # a page of LONG_SIDE takes 4 s on two cores, 9 s on two busy ones
_N = r"[0-9０-９一二三四五六七八九十百千零〇]+"
_GLUED = re.compile(rf"^(第{_N}(?:编|分编|章|节|条(?:之{_N})?))[ 　]?(?=[^\s之的至、，。和规款第])")
_PAIR = re.compile(r"[（(]([^（()）]*)[)）]")
_STOP = re.compile(r"(?<=[\u4e00-\u9fff）])·(?=[\u4e00-\u9fff])")
_MISREAD = str.maketrans({"丶": "、", "﹑": "、", "､": "、", "﹐": "，", "﹔": "；", "﹕": "："})


def read(path: Path) -> Reading:
    """The paragraphs of an image (each frame of a TIFF is a page). Raises InputRefused when it is none."""
    remarks: list[Remark] = []
    sheets: list[Sheet] = []
    scores: list[float] = []
    try:
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise InputRefused(
                    f"图片有 {image.width}×{image.height} 像素，太大。", "请缩小到 A4 纸 300 dpi 以内再试。"
                )
            count = getattr(image, "n_frames", 1)
            if count > MAX_PAGES:
                raise InputRefused(f"图片有 {count} 页，超过 {MAX_PAGES} 页的上限。", "请拆分后再添加。")
            for number, frame in enumerate(_frames(image), 1):
                sheet, score = recognise(frame, number, remarks)
                sheets.append(sheet)
                scores.append(score)
                page_done(number, count)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise InputRefused("图片已损坏或格式不支持。", "请另存为 PNG 或 JPEG 后再试。") from error
    return Reading(spaced(paragraphs(sheets)), "image", (*confidence_remarks(scores), *remarks), len(sheets))


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    if image.format == "TIFF":
        for frame in ImageSequence.Iterator(image):
            yield frame.copy()
    else:
        yield image


def page_image(path: Path, number: int) -> bytes:
    """PNG of page `number` (1-based) of a PDF or image, to check a recognised text against.

    Raises InputRefused when there is no such page.
    """
    out = io.BytesIO()
    with path.open("rb") as stream:
        is_pdf = b"%PDF-" in stream.read(1024)
    try:
        if is_pdf:
            from corpus.pdf import page_picture

            page_picture(path, number).save(out, "PNG")
        else:
            with Image.open(path) as image:
                image.seek(number - 1)
                _upright(image).save(out, "PNG")
    except (IndexError, EOFError, OSError, ValueError) as error:
        raise InputRefused(f"{path.name}：没有第{number}页的图像。", "请检查页码。") from error
    return out.getvalue()


def recognise(image: Image.Image, number: int, remarks: list[Remark]) -> tuple[Sheet, float]:
    """One page's rows and the mean confidence (0 to 1, by row); doubtful rows are added to `remarks`."""
    picture = np.asarray(_upright(image))
    allow_time(_SECONDS)
    found, _ = _engine()(picture)
    rows: list[Row] = []
    scores: list[float] = []
    doubtful: list[str] = []
    for box, text, score in found or ():
        xs, ys = [float(p[0]) for p in box], [float(p[1]) for p in box]
        words = text.translate(_MISREAD)
        rows.append(Row(words, min(xs), max(xs), min(ys), max(ys), max(ys) - min(ys), number))
        scores.append(float(score))
        if float(score) < DOUBTFUL:
            doubtful.append(words)
    if doubtful:
        shown = "；".join(f"“{words}”" for words in doubtful[:_SHOWN])
        remarks.append(
            Remark("ocr_doubtful", f"第{number}页有 {len(doubtful)} 处识别没有把握，请核对：{shown}")
        )
    height, width = picture.shape[:2]
    sheet = Sheet(number, float(width), float(height), tuple(_even(_merged(rows))))
    return sheet, mean(scores) if scores else 0.0


def confidence_remarks(scores: Sequence[float]) -> list[Remark]:
    """What to say of a recognised text as a whole."""
    if not any(scores):
        return []
    score = mean(score for score in scores if score)
    return [
        Remark("ocr", f"文字由图像识别得到（{len(scores)} 页，平均置信度 {score:.1%}），引用前请与原件核对")
    ]


def spaced(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Puts back what recognition drops or blurs in a paragraph, where the form leaves no doubt."""
    return tuple(replace(line, text=_mended(line.text)) for line in lines)


def _mended(text: str) -> str:
    """What recognition is known to blur: the space after a head, half a pair of brackets, 。 read as ·."""
    text = _PAIR.sub(lambda m: m[0] if _matched(m) else f"（{m[1]}）", text)
    return _GLUED.sub(r"\1 ", _STOP.sub("。", text))


def _matched(pair: re.Match[str]) -> bool:
    return (pair[0][0] == "(") == (pair[0][-1] == ")")


@functools.cache
def _engine() -> Any:
    allow_memory(_MEMORY)
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(intra_op_num_threads=max(1, min(4, os.cpu_count() or 1)))


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera held it, opaque, and LONG_SIDE pixels at most."""
    image.draft("RGB", (LONG_SIDE, LONG_SIDE))
    turned = ImageOps.exif_transpose(image)
    if turned.mode in ("RGBA", "LA", "P", "PA"):
        layer = turned.convert("RGBA")
        turned = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    opaque = turned.convert("RGB")
    if max(opaque.size) > LONG_SIDE:
        opaque.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    return opaque


def _merged(rows: list[Row]) -> list[Row]:
    """Boxes that stand on one line are one row: detection splits a row at a wide space."""
    out: list[Row] = []
    for row in sorted(rows, key=lambda r: (r.top + r.bottom) / 2):
        last = out[-1] if out else None
        if last is None or abs((last.top + last.bottom) - (row.top + row.bottom)) / 2 > 0.4 * min(
            last.size, row.size
        ):
            out.append(row)
            continue
        first, second = sorted((last, row), key=lambda r: r.x0)
        gap = " " if second.x0 - first.x1 > 0.5 * row.size else ""
        out[-1] = Row(
            first.text + gap + second.text,
            first.x0,
            max(first.x1, second.x1),
            min(first.top, second.top),
            max(first.bottom, second.bottom),
            max(first.size, second.size),
            row.page,
        )
    return out


def _even(rows: list[Row]) -> Iterator[Row]:
    """Letter sizes from the width of the words: a box's height wavers, its length does not."""
    widths = [(row.x1 - row.x0) / _letters(row.text) for row in rows if _letters(row.text) >= 6]
    usual = median(widths) if widths else median([row.size for row in rows] or [1.0])
    for row in rows:
        count = _letters(row.text)
        own = (row.x1 - row.x0) / count if count >= 4 else usual
        yield replace(row, size=usual if abs(own - usual) < 0.25 * usual else own)


def _letters(text: str) -> float:
    """The length of a text in full-width letters."""
    return sum(0.55 if c.isascii() else 1.0 for c in text) or 1.0
