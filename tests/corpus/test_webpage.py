"""Web pages: the law stays, the site goes."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from corpus import reading, webpage
from corpus.errors import InputRefused

LAW = ["第一条　为了安全，制定本办法。", "关闭的企业擅自恢复生产的，依照前款处罚。", "首页应当公布举报电话。"]
BODY = "".join(f"<p>&emsp;&emsp;{text}</p>" for text in LAW)
NAV = '<div class="nav"><a href="/">首页</a> | <a href="/a">政务公开</a></div>'
FOOT = '<div class="foot">主办：某市政府　ICP备0号</div>'
ROWS = [
    ("div with id", f"{NAV}<h1>某市办法</h1><div id='zoom'>{BODY}</div>{FOOT}"),
    ("no names at all", f"<table><tr><td>{NAV}</td></tr><tr><td><h1>某市办法</h1>{BODY}</td></tr></table>"),
    (
        "chrome inside the body",
        f"<div class='TRS_Editor'><h2>某市办法</h2><p>发布时间：2024-01-01　来源：本网</p>{BODY}"
        "<p>【打印本页】【关闭窗口】</p><p>责任编辑：某</p></div>",
    ),
    ("line breaks for paragraphs", f"<h1>某市办法</h1><div class='content'>{'<br/>'.join(LAW)}</div>{FOOT}"),
    (
        "scripts and hidden words",
        f"<h1>某市办法</h1><script>alert('x')</script>{BODY}<p style='display:none'>隐</p>",
    ),
    (
        "long side lists of links",
        f"<h1>某市办法</h1><div class='main'>{BODY}</div><ul>"
        + "".join(f"<li><a href='/{n}'>关于印发某某通知的解读之{n}</a></li>" for n in range(60))
        + "</ul>",
    ),
    ("title only in the head", f"<div>{BODY}</div>"),
]


@pytest.mark.parametrize(("what", "markup"), ROWS, ids=[row[0] for row in ROWS])
def test_only_the_law_is_left(tmp_path: Path, what: str, markup: str) -> None:
    path = tmp_path / "a.html"
    head = "<head><meta charset='utf-8'><title>某市办法_某市政府网</title></head>"
    path.write_text(f"<!DOCTYPE html><html>{head}<body>{markup}</body></html>", encoding="utf-8")
    assert [line.text for line in webpage.read(path).lines] == ["某市办法", *LAW]


def test_data_table_stays_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    rows = "<tr><th>序号</th><th>事项</th></tr><tr><td>1</td><td>检查</td></tr>"
    path.write_text(
        f"<html><body><h1>某市清单</h1>{BODY}<table>{rows}</table></body></html>", encoding="utf-8"
    )
    lines = webpage.read(path).lines
    assert [line.text for line in lines if line.table] == ["序号\t事项", "1\t检查"]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("utf-8", "gb18030"), ("", "utf-16"), ("big5", "big5")],
)
def test_encodings(tmp_path: Path, declared: str, encoding: str) -> None:
    """Also where the page declares one and is another."""
    path = tmp_path / "a.html"
    text = "第一條　為了安全，制定本辦法。" if encoding == "big5" else LAW[0]
    meta = f"<meta http-equiv='Content-Type' content='text/html; charset={declared}'>" if declared else ""
    path.write_bytes(f"<html><head>{meta}</head><body><p>{text * 9}</p></body></html>".encode(encoding))
    assert reading.read(path).lines[0].text == text * 9


def test_page_archive(tmp_path: Path) -> None:
    """MHTML, as Word and browsers save it, under the name .doc."""
    path = tmp_path / "a.doc"
    part = "<html><body><h1>某市办法</h1>" + BODY + "</body></html>"
    path.write_bytes(
        b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\n'
        b'Content-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: base64\n\n'
        + base64.encodebytes(part.encode())
        + b"\n--x--\n"
    )
    assert [line.text for line in reading.read(path).lines] == ["某市办法", *LAW]


def test_tags_that_are_never_closed_lose_no_words(tmp_path: Path) -> None:
    """An editor that never closes <font> nests each paragraph in the one before, thousands deep."""
    path = tmp_path / "a.html"
    many = [f"第{n}款的内容应当遵守。" for n in range(900)]
    head = "<html><body><h1>某市办法</h1>"
    path.write_text(head + "".join(f"<div><font>{text}" for text in many), encoding="utf-8")
    assert [line.text for line in webpage.read(path).lines] == ["某市办法", *many]
    path.write_text(head + "".join(f"<div><font>{text}" for text in many * 2), encoding="utf-8")
    with pytest.raises(InputRefused, match="嵌套过深"):
        webpage.read(path)
