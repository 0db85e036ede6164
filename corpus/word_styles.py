"""What a .docx's styles say of a paragraph: its heading depth and its automatic numbering, inherited."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from corpus.archive import local
from corpus.word_numbering import attribute, child, number

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录)\s*[1-9]", re.IGNORECASE)
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str | None
    outline: int | None
    num: str | None
    level: int | None


class Styles:
    """The styles part of one document; all lookups follow w:basedOn."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._default: str | None = None
        for element in root if root is not None else ():
            if local(element) != "style":
                continue
            key = attribute(element, "styleId") or ""
            self._styles[key] = _style(element)
            if attribute(element, "default") in ("1", "true") and attribute(element, "type") == "paragraph":
                self._default = key

    def lists(self) -> dict[str, str]:
        """Numbering styles: style id → the w:num it names."""
        return {key: style.num for key, style in self._styles.items() if style.num is not None}

    def of(self, properties: etree._Element | None) -> str | None:
        """The paragraph's style id."""
        named = child(properties, "pStyle") if properties is not None else None
        return (attribute(named) if named is not None else None) or self._default

    def _chain(self, style: str | None) -> list[tuple[str, _Style]]:
        chain: list[tuple[str, _Style]] = []
        while style in self._styles and len(chain) < _DEEPEST:
            chain.append((style, self._styles[style]))
            style = self._styles[style].based_on
        return chain

    def heading(self, properties: etree._Element | None, style: str | None) -> int | None:
        """1-based depth of a heading paragraph, by outline level or built-in style name; else None."""
        own = child(properties, "outlineLvl") if properties is not None else None
        if own is not None:
            level = number(attribute(own), 9)
            return level + 1 if level < 9 else None
        for _, each in self._chain(style):
            if each.outline is not None:
                return each.outline + 1 if each.outline < 9 else None
            named = _HEADING.fullmatch(each.name)
            if named:
                return int(named.group(1))
        return None

    def is_contents(self, style: str | None) -> bool:
        """Whether the style is one of a table of contents (toc 1 …): its page numbers are layout."""
        return any(_CONTENTS.fullmatch(each.name) for _, each in self._chain(style))

    def numbering(
        self, properties: etree._Element | None, style: str | None
    ) -> tuple[str, int | None, str | None] | None:
        """(w:num, level or None, the style that names the list or None); None when not numbered.

        A w:num of 0 takes the numbering of the style away (ECMA-376 Part 1, 17.9.18).
        """
        own = child(properties, "numPr") if properties is not None else None
        num, level = _list_of(own)
        holder = style if level is None else None
        for key, each in self._chain(style):
            if num is None and each.num is not None:
                num, holder = each.num, key
                if level is None:
                    level = each.level
                break
        return None if num in (None, "0") else (str(num), level, holder)


def _style(element: etree._Element) -> _Style:
    name, based = child(element, "name"), child(element, "basedOn")
    properties = child(element, "pPr")
    outline = child(properties, "outlineLvl") if properties is not None else None
    num, level = _list_of(child(properties, "numPr") if properties is not None else None)
    return _Style(
        name=(attribute(name) if name is not None else None) or "",
        based_on=attribute(based) if based is not None else None,
        outline=number(attribute(outline), 9) if outline is not None else None,
        num=num,
        level=level,
    )


def _list_of(properties: etree._Element | None) -> tuple[str | None, int | None]:
    """(w:numId, w:ilvl) of a w:numPr."""
    if properties is None:
        return None, None
    num, level = child(properties, "numId"), child(properties, "ilvl")
    return (
        attribute(num) if num is not None else None,
        number(attribute(level), 0) if level is not None else None,
    )
