"""The tree while it grows: mutable nodes that become the frozen Document's nodes and rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.document import Level, Line, Node, Provision, Remark
from corpus.heads import Head
from corpus.place import Address


@dataclass(slots=True)
class Draft:
    """A node in the making. `style` is the form of its marker; `open_end` that its last line broke off."""

    level: Level
    number: int | None = None
    suffix: int | None = None
    marker: str = ""
    gap: str = ""
    text: str = ""
    line: int | None = None
    page: int | None = None
    style: str = ""
    children: list[Draft] = field(default_factory=list)

    @classmethod
    def of(cls, level: Level, text: str, line: Line, *, number: int | None = None) -> Draft:
        """A node without marker."""
        return cls(level, number, text=text, line=line.number, page=line.page)

    @classmethod
    def headed(cls, level: Level, head: Head, line: Line) -> Draft:
        """A node with the marker and words of a head."""
        return cls(
            level,
            head.number,
            head.suffix,
            head.marker,
            head.gap,
            head.rest,
            line.number,
            line.page,
            head.style,
        )

    @property
    def full(self) -> str:
        """Marker and words as they stand in the text."""
        return f"{self.marker}{self.gap}{self.text}"

    def add(self, child: Draft) -> Draft:
        self.children.append(child)
        return child

    def go_on(self, text: str, *, joined: bool) -> None:
        """A continuation: `joined` when the line before broke off in mid-sentence."""
        if not self.text:
            self.text = text
        else:
            self.text += text if joined else f"\n{text}"

    def freeze(self) -> Node:
        children = tuple(child.freeze() for child in self.children)
        return Node(
            self.level, self.number, self.suffix, self.marker, self.text, children, self.page, self.line
        )

    def walk(self) -> Iterator[Draft]:
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


@dataclass(slots=True)
class Notes:
    """The remarks of one parse, in the order they were made."""

    remarks: list[Remark] = field(default_factory=list)

    def add(self, code: str, message: str, line: int | None = None) -> None:
        self.remarks.append(Remark(code, message, line))


def provision(node: Draft, address: Address, headings: tuple[str, ...]) -> Provision:
    return Provision(address, node.level, node.full, node.marker, headings, node.page)
