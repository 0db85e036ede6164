"""The checked document with a Word comment at every citation that is not right.

Word allows no comments in headers and footers: those stand at the first paragraph of the body, named.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from corpus.archive import active_content
from corpus.errors import InputRefused
from generator.checked_text import FOOTER, FOOTNOTE, HEADER, runs_of
from generator.citation_check import WORDS, Finding, Report, Verdict

AUTHOR = "责任·引用核对"
INITIALS = "核"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_T = f"{_W}t"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def write(report: Report, path: Path, *, everything: bool = False) -> int:
    """Writes the commented copy; returns the number of comments. `everything` remarks on right ones too.

    Raises InputRefused when the document checked was no Word file.
    """
    document = report.document.word
    if document is None:
        raise InputRefused("只有 .docx 能写出带批注的副本。", "请先把文件另存为 .docx 再核对。")
    body = [p for p in document.element.body.iter(f"{_W}p") if any(True for _ in runs_of(p))]
    written = 0
    for finding in report.findings:
        if finding.verdict is Verdict.MATCH and not everything:
            continue
        runs = _runs(finding, document, body)
        if runs:
            document.add_comment(runs=runs, text=_comment(finding), author=AUTHOR, initials=INITIALS)
            written += 1
    document.save(str(path))
    if carried := active_content(path):
        path.unlink()
        raise InputRefused(
            f"文档含有{'、'.join(carried)}，没有写出副本。", "请先在 Word 中去掉它们另存，再加 -o。"
        )
    return written


def _comment(finding: Finding) -> str:
    outside = finding.passage.where in (HEADER, FOOTER, FOOTNOTE) and _unanchored(finding)
    place = f"【{finding.passage.position}】{finding.mention.text}：" if outside else ""
    lines = [f"{place}{WORDS[finding.verdict]}。{finding.message}".rstrip("。") + "。"]
    lines += [f"{target.place.citation}：{target.text[:300]}" for target in finding.targets[:2]]
    return "\n".join(lines)


def _unanchored(finding: Finding) -> bool:
    element = finding.passage.element
    return element is None or element.getroottree().getroot().tag != f"{_W}document"


def _runs(finding: Finding, document: Any, body: list[Any]) -> list[Any]:
    """The runs of the citation itself, cut out where it begins and ends inside one."""
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    element = finding.passage.element
    if element is None or _unanchored(finding):
        return [Run(next(runs_of(body[0]))[0], Paragraph(body[0], document))] if body else []
    start, end = finding.mention.start, finding.mention.end
    out, position = [], 0
    for run, text in list(runs_of(element)):
        low, high = position, position + len(text)
        position = high
        if high <= start or low >= end or not text:
            continue
        inner = _cut(run, text, max(start - low, 0), min(end - low, len(text)))
        out.append(inner)
    same = [run for run in out if run.getparent() is out[0].getparent()] if out else []
    parent = Paragraph(element, document)
    return [Run(run, parent) for run in same]


def _cut(run: Any, text: str, start: int, end: int) -> Any:
    """Splits a run of plain text so that text[start:end] is a run of its own; other runs stay whole."""
    pieces = [child for child in run if child.tag != f"{_W}rPr"]
    if len(pieces) != 1 or pieces[0].tag != _T or (start == 0 and end == len(text)):
        return run
    for words, before in ((text[:start], True), (text[end:], False)):
        if not words:
            continue
        other = deepcopy(run)
        _set(other, words)
        if before:
            run.addprevious(other)
        else:
            run.addnext(other)
    _set(run, text[start:end])
    return run


def _set(run: Any, words: str) -> None:
    node = next(child for child in run if child.tag == _T)
    node.text = words
    node.set(_SPACE, "preserve")
