"""Slides for a lesson: one duty or one number a slide, with its reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Cm, Pt

from generator.paper import clean
from generator.study_item import Bank, Item, Kind, Rule
from generator.study_text import StudyText
from indexer.obligation import Obligation

MOST = 60
WIDE, HIGH = 33.867, 19.05  # centimetres, 16:9
HEAD_FONT, LAW_FONT = "黑体", "楷体"
_DARK = RGBColor(0x1F, 0x2D, 0x3D)  # type: ignore[no-untyped-call]
_GREY = RGBColor(0x66, 0x66, 0x66)  # type: ignore[no-untyped-call]
_RED = RGBColor(0xB0, 0x1E, 0x1E)  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Slide:
    """`head` says whose duty or which number, `law` is verbatim, `foot` the reference with the version."""

    head: str
    law: str
    foot: str
    strong: str = ""


def slides_of(bank: Bank, duties: Sequence[tuple[StudyText, Obligation]]) -> list[Slide]:
    """Duties first, then numbers and penalties, at most MOST, each provision's words once."""
    share = MOST // 2
    first = list(_duty_slides(duties))[:share]
    numbers = list(_number_slides(bank.items))
    return [*first, *numbers[: MOST - len(first)]]


def _duty_slides(duties: Sequence[tuple[StudyText, Obligation]]) -> Iterator[Slide]:
    seen: set[str] = set()
    for text, one in duties:
        if one.quote in seen or len(one.quote) > 240:
            continue
        seen.add(one.quote)
        version = text.version
        foot = f"《{text.edition.title}》{one.address.label}（{version}文本）"
        yield Slide(one.bearer, one.quote, foot)


def _number_slides(items: Sequence[Item]) -> Iterator[Slide]:
    seen: set[tuple[str, str]] = set()
    for item in items:
        if item.rule not in (Rule.NUMBER, Rule.PENALTY) or item.kind is Kind.TRUEFALSE:
            continue
        said = "".join(part.text for part in item.parts)
        key = (item.keys[0].text, said)
        if key in seen:
            continue
        seen.add(key)
        foot = f"{item.place.citation}（{item.version or '版本日期不详'}文本）"
        yield Slide(item.rule.chinese, said, foot, item.keys[0].text)


def write(slides: Sequence[Slide], path: Path, *, title: str, validity: Sequence[str]) -> Path:
    """The presentation: a title, the validity of the texts, then the slides."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Cm(WIDE), Cm(HIGH)
    blank = deck.slide_layouts[6]
    front = deck.slides.add_slide(blank)
    _box(front, title, (2, 6.5, WIDE - 4, 3.5), size=40, font=HEAD_FONT, colour=_DARK)
    _box(front, "\n".join(validity), (2, 10.5, WIDE - 4, 6.5), size=18, font=LAW_FONT, colour=_GREY)
    for one in slides:
        page = deck.slides.add_slide(blank)
        _box(
            page,
            one.head,
            (1.8, 1.2, WIDE - 3.6, 2.6),
            size=28 if len(one.head) <= 50 else 20,
            font=HEAD_FONT,
            colour=_DARK,
        )
        if one.strong:
            _box(
                page,
                one.strong,
                (1.8, 4.0, WIDE - 3.6, 2.6),
                size=36,
                font=HEAD_FONT,
                colour=_RED,
            )
        top = 6.8 if one.strong else 4.2
        size = 28 if len(one.law) < 70 else 24 if len(one.law) < 140 else 20
        _box(page, one.law, (1.8, top, WIDE - 3.6, 16.4 - top), size=size, font=LAW_FONT, colour=_DARK)
        _box(page, one.foot, (1.8, 16.8, WIDE - 3.6, 1.4), size=16, font=HEAD_FONT, colour=_GREY)
    core = deck.core_properties
    core.title, core.author = clean(title), "Zeren"
    core.created = core.modified = datetime(2026, 1, 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    deck.save(str(path))
    return path


def _box(
    page: Any, text: str, place: tuple[float, float, float, float], *, size: int, font: str, colour: Any
) -> None:
    box = page.shapes.add_textbox(*(Cm(value) for value in place))
    frame = box.text_frame
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for number, line in enumerate(clean(text).split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size = Pt(size)
        run.font.color.rgb = colour
        run.font.name = font
        east = run._r.get_or_add_rPr().makeelement(qn("a:ea"), {"typeface": font})
        run._r.get_or_add_rPr().append(east)
