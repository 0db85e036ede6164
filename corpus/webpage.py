"""Reads .html: the article of a government site's page as lines; navigation, sharing and footers dropped.

The body is the element that holds most of the text in paragraphs (text density less link density, as
readability and trafilatura do it), with the names Chinese government publishing systems give it as a hint.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from corpus.archive import local
from corpus.document import Line, Reading, Remark
from corpus.errors import InputRefused
from corpus.limits import MIB, check_lines

MAX_BYTES = 64 * MIB
_NO_TEXT = """script style noscript template iframe object embed svg canvas form button select option input
    textarea nav footer head video audio map dialog"""
_OWN_LINE = """p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd section article main blockquote pre center figure
    figcaption header aside body address hr fieldset details summary caption table tbody tr td th html"""
_DROPPED, _BLOCKS = frozenset(_NO_TEXT.split()), frozenset(_OWN_LINE.split())
_BODY = re.compile(
    r"zoom|TRS_(?:Editor|UEDITOR)|pages?_content|article|arti[-_]?con|con(?:tent)?(?:[-_]?(?:txt|text|body|main))?$"
    r"|UCAP-CONTENT|view\s*TRS|news[-_]?con|detail|txt[-_]?con|main[-_]?text|bt[-_]content|Custom_UnionStyle",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:share|bdshare|nav|crumb|breadcrumb|location|menu|side(?:bar)?|foot(?:er)?|copyright|comment|"
    r"related?|recommend|toolbar|tools?|print|pager|pagination|login|search|banner|advert?|qrcode|top|bottom|header)"
    r"(?:$|[\s_-]|\d|bar|box|list)",
    re.IGNORECASE,
)
_CHROME = re.compile(
    r"^[【\[（(\s]*(?:当前位置[:：]|您(?:现在|当前)?(?:所在)?的?位置|发布(?:时间|日期|机构)[:：]|(?:信息)?来源[:：]|字\s*[号体][:：]"
    r"|(?:浏览|点击|阅读)(?:次数|数|率|量)?[:：]|访问量|分享到?[:：]?(?:$|微)|打印(?:本页|[】\]\s]|$)|关闭(?:窗口|本页|[】\]\s]|$)"
    r"|[大中小][】\]\s]*$|上一[篇条][:：]|下一[篇条][:：]|责任编辑[:：]|编辑[:：]|扫一扫|主办(?:单位)?[:：]|承办(?:单位)?[:：]"
    r"|版权所有|网站标识码|网站地图|联系我们|返回顶部|收藏(?:本页|$)|.{0,6}ICP备|.{0,12}公网安备|首页(?:$|\s|>)"
    r"|相关(?:链接|文章|阅读|解读)[:：]?$|附件下载[:：]?$|索\s*引\s*号[:：]|主题分类[:：])"
)
_EDGE = 12
Found = tuple[str, int | None, bool]
_EMPTY = frozenset({"（）", "()", "（ ）", "|"})  # a template's brackets with nothing filled in
_SPACES = re.compile(r"[ \t\r\n\f]+")


def read(path: Path) -> Reading:
    """The lines of a web page. Raises InputRefused when it holds no text or is too large."""
    if path.stat().st_size > MAX_BYTES:
        raise InputRefused(f"网页超过 {MAX_BYTES // MIB} MiB。", "请把正文另存为 .txt 或 .docx。")
    root = _parse(_markup(path.read_bytes(), path.name))
    title = _page_title(root)
    for element in [e for e in root.iter() if not isinstance(e.tag, str) or local(e) in _DROPPED]:
        _drop(element)
    main = _main_element(root)
    lines = list(_lines(main))
    lines = _without_chrome(lines) or lines
    dropped = sum(1 for _ in _lines(root)) - len(lines)
    heading = _heading_outside(root, main, title, lines)
    rows = ([(heading, 1, False)] if heading else []) + lines
    check_lines(len(rows))
    found = tuple(Line(text, n, heading=depth, table=row) for n, (text, depth, row) in enumerate(rows, 1))
    remarks = (Remark("page_chrome", f"网页的导航、分享、页脚等 {dropped} 行未读入"),) if dropped > 0 else ()
    return Reading(found, "html", remarks)


def _markup(data: bytes, name: str) -> str:
    """The page's text, by its byte order mark, its meta charset, or its bytes; MHTML's HTML part."""
    if re.match(rb"\s*(?:From:|MIME-Version:)", data, re.IGNORECASE):
        message = email.message_from_bytes(data, policy=email.policy.default)
        part = next((p for p in message.walk() if p.get_content_type() == "text/html"), None)
        if part is None:
            raise InputRefused("网页存档里没有网页正文。", "请在浏览器中另存为网页（仅 HTML）。")
        data = bytes(part.get_payload(decode=True) or b"")
    declared = re.search(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", data[:4096], re.IGNORECASE)
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        charset = declared.group(1).decode("ascii").lower()
        charset = "gb18030" if charset in ("gb2312", "gbk", "x-gbk", "gb_2312-80") else charset
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass  # the page says one thing and is another: its bytes decide
    from corpus.reading import decode

    return decode(data, name=name)[0]


def _parse(markup: str) -> etree._Element:
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.lstrip("\ufeff").replace("\x00", ""))
    try:
        root = html.document_fromstring(text, parser=parser, ensure_head_body=True)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise InputRefused("网页没有内容或已损坏。", "请在浏览器中打开确认，并重新保存。") from error
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        reason = "网页的标签嵌套过深（多半没有闭合），照读会丢失文字。"
        raise InputRefused(reason, "请在浏览器中打开，把正文复制到 .txt 或打印为 PDF。")
    return root


def _drop(element: etree._Element) -> None:
    """Removes an element, keeping the words that follow it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _page_title(root: etree._Element) -> str:
    found = root.find(".//title")
    return _clean("".join(map(str, found.itertext()))) if found is not None else ""


def _names(element: etree._Element) -> str:
    return f"{element.get('id') or ''} {element.get('class') or ''}"


def _main_element(root: etree._Element) -> etree._Element:
    """The smallest element that holds nearly all words of the page that stand in no link or aside."""
    body = root.find(".//body")
    body = root if body is None else body
    weights: dict[etree._Element, int] = {}
    for element in reversed(list(body.iter())):
        own = _weight(element.text)
        own += sum(weights[c] + _weight(c.tail) for c in element if c in weights)
        own += sum(_weight(c.tail) for c in element if c not in weights)
        aside = local(element) == "a" or (
            _ASIDE.search(_names(element)) and not _BODY.search(_names(element))
        )
        weights[element] = 0 if aside else own
    total = max(weights[body], 1)
    current = body
    while True:
        heavy = max(current, key=lambda c: weights.get(c, 0), default=None)
        if heavy is None or local(heavy) in ("p", "tr", "li", "span", "font", "td", "b", "strong"):
            return _named_body(current, weights, total)
        if weights.get(heavy, 0) < 0.8 * total:
            return _named_body(current, weights, total)
        current = heavy


def _named_body(element: etree._Element, weights: dict[etree._Element, int], total: int) -> etree._Element:
    """An element named like a body wins when it holds at least half of the words."""
    named = [e for e in element.iter() if e in weights and _BODY.search(_names(e).strip())]
    best = max(named, key=lambda e: weights[e], default=None)
    return best if best is not None and best is not element and weights[best] >= 0.7 * total else element


def _weight(text: str | None) -> int:
    return len(text.strip()) if text else 0


def _lines(main: etree._Element) -> Iterator[Found]:
    """(text, heading depth, is a table row) of each paragraph, in order; iterative, for deep pages."""
    buffer: list[str] = []
    depths: list[int | None] = [None]

    def flush() -> Iterator[Found]:
        text = _clean("".join(buffer))
        buffer.clear()
        if text and text not in _EMPTY:
            yield text, depths[-1], False

    walk = etree.iterwalk(main, events=("start", "end"))
    for event, element in walk:
        name = local(element)
        block = name in _BLOCKS or name == "br"
        if event == "start":
            if block:
                yield from flush()
            depths.append(int(name[1]) if re.fullmatch("h[1-6]", name) else depths[-1])
            if name == "table" and _is_data(element):
                yield from _rows(element)
                walk.skip_subtree()
            elif element is not main and name != "body" and _is_aside(element):
                walk.skip_subtree()
            elif element.text:
                buffer.append(_SPACES.sub(" ", element.text))
        else:
            if block:
                yield from flush()
            depths.pop()
            if element is not main and element.tail:
                buffer.append(_SPACES.sub(" ", element.tail))
    yield from flush()


def _without_chrome(lines: list[Found]) -> list[Found]:
    """Drops the publishing system's own short lines (source, font size, print) at the body's two ends."""
    end = len(lines) - _EDGE
    return [
        line
        for at, line in enumerate(lines)
        if _EDGE <= at < end or len(line[0]) > 90 or not _CHROME.match(line[0])
    ]


def _is_aside(element: etree._Element) -> bool:
    """Sharing, navigation and the like inside the body: named so, or links and nothing else."""
    names = _names(element)
    if _ASIDE.search(names) and not _BODY.search(names):
        return len("".join(map(str, element.itertext()))) < 300
    hidden = re.search(r"display\s*:\s*none", element.get("style") or "")
    return bool(hidden)


def _is_data(table: etree._Element) -> bool:
    """A table of data, not of layout: two rows or more of two cells or more, none with a table inside."""
    if any(local(e) == "table" for e in table.iterdescendants()):
        return False
    wide = [row for row in table.iter("tr") if sum(1 for c in row if local(c) in ("td", "th")) > 1]
    return len(wide) > 1


def _rows(table: etree._Element) -> Iterator[Found]:
    for row in table.iter("tr"):
        cells = [_clean(" ".join(map(str, c.itertext()))) for c in row if local(c) in ("td", "th")]
        if any(cells):
            yield "\t".join(cells), None, True


def _heading_outside(root: etree._Element, main: etree._Element, title: str, lines: list[Found]) -> str:
    """The page's h1, or the head of its title, when the body does not begin with it."""
    headings = [e for e in root.iter("h1", "h2") if main not in e.iterancestors()]
    candidates = [_clean("".join(map(str, e.itertext()))) for e in headings]
    candidates += [re.split(r"[_|]|\s[-–—]\s|--", title)[0].strip()]
    first = ["".join(text.split()) for text, _, _ in lines[:4]]
    for candidate in candidates:
        if len(candidate) >= 4 and not _CHROME.match(candidate):
            words = "".join(candidate.split())
            begun = any(line.startswith(words) for line in first) or "".join(first).startswith(words)
            return "" if begun else candidate
    return ""


def _clean(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" \t\u3000\xa0\u2002\u2003")
