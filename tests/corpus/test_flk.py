"""The client of the national database, against a local server that speaks the same JSON."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import docx
import pytest

import cli
from corpus.errors import InputRefused
from corpus.library import Library
from corpus.sources.flk import Challenged, Flk

TEXTS = [
    ("a1", "试验省<em>安全</em>条例", "地方性法规", 3),
    ("b2", "试验<em>安全</em>生产法", "法律", 3),
    ("c3", "试验省消防<em>安全</em>规定", "地方性法规", 1),
]
DATES = {"gbrq": "2020-03-01", "sxrq": "2020-05-01"}
LINES = (
    "第一条　为了安全，制定本规定。",
    "第二条　单位应当检查设备。",
    "第三条　本规定自2020年5月1日起施行。",
)


class Site(BaseHTTPRequestHandler):
    """The three calls of the site; `challenge` is the call from which it wants a browser."""

    calls: list[tuple[float, str]]
    challenge: int | None
    how: str

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Referer"]
        assert self.headers["Content-Type"].startswith("application/json")
        assert body["searchType"] == 2
        size = 2  # a small page, so that two are read
        first = (body["pageNum"] - 1) * size
        rows = [
            {
                "bbbs": id_,
                "title": title,
                "gbrq": "2020-03-01",
                "sxrq": "2020-05-01",
                "sxx": state,
                "flxz": kind,
            }
            for id_, title, kind, state in TEXTS
            if body["searchContent"] in title
        ]
        self._answer(
            {
                "code": 200,
                "msg": "",
                "total": 21 if first == 0 else len(rows),
                "rows": rows[first : first + size],
            }
        )

    def do_GET(self) -> None:
        where = urlparse(self.path)
        if where.path == "/law-search/download/pc":
            id_ = parse_qs(where.query)["bbbs"][0]
            host = f"http://{self.headers['Host']}"
            self._answer({"code": 200, "data": {"url": f"{host}/files/{id_}.docx" if id_ != "c3" else None}})
        elif where.path.startswith("/files/"):
            self._send(paper(where.path[7:9]), "application/octet-stream")
        else:
            self._answer({"code": 200, "data": {"title": "试验", "content": None}})

    def _answer(self, value: dict[str, Any]) -> None:
        self._send(json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def _send(self, body: bytes, kind: str) -> None:
        Site.calls.append((time.monotonic(), self.path))
        if Site.challenge is not None and len(Site.calls) > Site.challenge:
            self.send_response({"redirect": 302, "script": 200, "forbidden": 403}[Site.how])
            self.send_header("Content-Type", "text/html")
            if Site.how == "redirect":
                self.send_header("Location", "/challenge")
            self.end_headers()
            self.wfile.write(b"<script>document.cookie='x'</script>")
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)


def paper(id_: str) -> bytes:
    title = (
        next(title for known, title, _, _ in TEXTS if known == id_).replace("<em>", "").replace("</em>", "")
    )
    document = docx.Document()
    for line in (
        title,
        "第一条　为了安全，制定本规定。",
        "第二条　单位应当检查设备。",
        "第三条　本规定自2020年5月1日起施行。",
    ):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def site() -> Iterator[str]:
    Site.calls, Site.challenge, Site.how = [], None, "script"
    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_list_is_read_page_by_page(site: str) -> None:
    client = Flk(site=site, pause=0)
    found = list(client.search("安全"))
    assert [(e.id, e.title, e.kind, e.effective, e.status) for e in found] == [
        ("a1", "试验省安全条例", "地方性法规", "2020-05-01", "有效"),
        ("b2", "试验安全生产法", "法律", "2020-05-01", "有效"),
        ("c3", "试验省消防安全规定", "地方性法规", "2020-05-01", "已废止"),
    ]
    assert [e.id for e in client.search("安全", kind="法律")] == ["b2"]
    assert [e.id for e in client.search("安全", limit=1)] == ["a1"]


def test_a_file_is_fetched_and_a_missing_one_is_said(site: str) -> None:
    client = Flk(site=site, pause=0)
    entries = {e.id: e for e in client.search("安全")}
    assert client.download(entries["a1"]).startswith(b"PK")
    assert client.details(entries["a1"])["title"] == "试验"
    with pytest.raises(InputRefused, match="没有可下载"):
        client.download(entries["c3"])


@pytest.mark.parametrize("how", ["redirect", "script", "forbidden"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_it_stops_at_the_first_challenge(site: str, how: str, after: int) -> None:
    Site.challenge, Site.how = after, how
    client = Flk(site=site, pause=0)
    with pytest.raises(Challenged, match="验证"):
        [client.download(entry) for entry in client.search("安全", limit=1)]
    assert len(Site.calls) == after + 1


def test_calls_are_a_second_apart(site: str) -> None:
    client = Flk(site=site)
    (entry,) = client.search("安全", limit=1)
    client.details(entry)
    (first, _), (second, _) = Site.calls
    assert second - first >= 0.95


def test_nothing_is_asked_unless_allowed(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_FLK", site)
    monkeypatch.delenv("ZEREN_ONLINE", raising=False)
    assert cli.main(["pull", "flk", "安全", "--data", str(tmp_path)]) == 2
    assert Site.calls == []


def test_pull_adds_and_goes_on_where_it_stopped(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZEREN_FLK", site)
    monkeypatch.setattr("corpus.sources.flk.PAUSE", 0)
    monkeypatch.setattr(Flk.__init__, "__kwdefaults__", {"site": site, "pause": 0.0})
    words = [
        "pull",
        "flk",
        "安全",
        "--limit",
        "2",
        "--online",
        "--no-index",
        "--json",
        "--data",
        str(tmp_path / "d"),
    ]
    Site.challenge = 3
    assert cli.main(words) == 1
    first = json.loads(capsys.readouterr().out)
    assert (first["added"], bool(first["stopped"])) == (["试验省安全条例"], True)
    Site.calls, Site.challenge = [], None
    assert cli.main(words) == 0
    second = json.loads(capsys.readouterr().out)
    assert (second["added"], second["held"], second["stopped"]) == (
        ["试验安全生产法"],
        ["试验省安全条例"],
        None,
    )
    with Library.open(tmp_path / "d") as library:
        held = {e.title: e for e in library.editions()}
        assert set(held) == {"试验省安全条例", "试验安全生产法"}
        assert held["试验安全生产法"].masthead.kind == "法律"
        assert held["试验省安全条例"].effective_from == "2020-05-01"
