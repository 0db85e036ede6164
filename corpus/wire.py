"""A Document or a Reading as JSON and back: how a child process hands over what it read.

JSON, not pickle: the child has read a file nobody vouches for, so nothing it sends may be executed.
Positional rows keep it small; the order of fields is the order in corpus/document.py.
"""

from __future__ import annotations

import json
from typing import Any

from corpus.document import Counts, Document, Level, Line, Masthead, Node, Provision, Reading, Remark
from corpus.place import Address

_LEVELS = {level.value: level for level in Level}


def document_to_json(document: Document) -> bytes:
    """The document as compact JSON (UTF-8)."""
    m, c = document.masthead, document.counts
    headings: dict[tuple[str, ...], int] = {}
    rows = [_provision_row(p, headings) for p in document.provisions]
    return _dump(
        {
            "masthead": {name: getattr(m, name) for name in Masthead.__slots__},
            "counts": [getattr(c, name) for name in Counts.__slots__],
            "nodes": [_node_row(node) for node in document.nodes],
            "provisions": rows,
            "paths": list(headings),
            "headings": document.headings,
            "remarks": _remark_rows(document.remarks),
        }
    )


def document_from_json(data: bytes) -> Document:
    """The document a child sent. Raises ValueError, KeyError or TypeError when it is none."""
    value = _load(data)
    paths = [tuple(path) for path in value["paths"]]
    masthead = value["masthead"]
    masthead["amended"], masthead["versions"] = tuple(masthead["amended"]), tuple(masthead["versions"])
    return Document(
        masthead=Masthead(**masthead),
        nodes=tuple(_node(row) for row in value["nodes"]),
        provisions=tuple(_provision(row, paths) for row in value["provisions"]),
        headings=tuple(value["headings"]),
        counts=Counts(*value["counts"]),
        remarks=_remarks(value["remarks"]),
    )


def reading_to_json(reading: Reading) -> bytes:
    """The reading as compact JSON (UTF-8)."""
    lines = [(line.text, line.number, line.page, line.heading, line.table) for line in reading.lines]
    return _dump(
        {
            "lines": lines,
            "format": reading.format,
            "remarks": _remark_rows(reading.remarks),
            "pages": reading.pages,
        }
    )


def reading_from_json(data: bytes) -> Reading:
    """The reading a child sent. Raises ValueError, KeyError or TypeError when it is none."""
    value = _load(data)
    lines = tuple(Line(*row) for row in value["lines"])
    return Reading(lines, value["format"], _remarks(value["remarks"]), value["pages"])


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _load(data: bytes) -> Any:
    return json.loads(data.decode("utf-8", "surrogatepass"))


def _remark_rows(remarks: tuple[Remark, ...]) -> list[tuple[str, str, int | None]]:
    return [(r.code, r.message, r.line) for r in remarks]


def _remarks(rows: list[list[Any]]) -> tuple[Remark, ...]:
    return tuple(Remark(*row) for row in rows)


def _node_row(node: Node) -> tuple[Any, ...]:
    children = [_node_row(child) for child in node.children]
    return (node.level, node.number, node.suffix, node.marker, node.text, children, node.page, node.line)


def _node(row: list[Any]) -> Node:
    level, number, suffix, marker, text, children, page, line = row
    return Node(
        _LEVELS[level],
        number,
        suffix,
        marker,
        text,
        tuple(map(_node, children)) if children else (),
        page,
        line,
    )


def _provision_row(p: Provision, headings: dict[tuple[str, ...], int]) -> tuple[Any, ...]:
    a = p.address
    path = headings.setdefault(p.headings, len(headings))
    address = (a.article, a.article_suffix, a.paragraph, a.item, a.subitem, a.section, a.annex, a.sole)
    return (address, p.level, p.text, p.marker, path, p.page)


def _provision(row: list[Any], paths: list[tuple[str, ...]]) -> Provision:
    address, level, text, marker, path, page = row
    return Provision(Address(*address), _LEVELS[level], text, marker, paths[path], page)
