"""The national database of laws (flk.npc.gov.cn), as public clients used it in 2026.

One call a second at most, one page after another, and a stop with a sentence at the first answer that
is no data: a firewall's challenge page is never worked around. Nothing here runs unless asked for.
"""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corpus.errors import InputRefused, ZerenError

SITE = "https://flk.npc.gov.cn"
PAUSE = 1.0  # seconds between two calls, at least
PAGE = 20
LARGEST = 64 * 2**20
STATUS = {"1": "已废止", "2": "已修改", "3": "有效", "4": "尚未生效"}
_EM = re.compile(r"</?em[^>]*>")


class Challenged(ZerenError):
    """The site answered with something other than data."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of the database: its id there, and what the list says of it. Dates are ISO or None."""

    id: str
    title: str
    kind: str
    issuer: str | None
    published: str | None
    effective: str | None
    status: str | None


class Flk:
    """A polite client. `site` is another address in tests only."""

    def __init__(self, *, site: str = SITE, pause: float = PAUSE) -> None:
        self._site, self._pause = site.rstrip("/"), max(pause, 0.0)
        self._last = 0.0
        self._opener = urllib.request.build_opener(_NoRedirect())

    def search(self, words: str, *, kind: str | None = None, limit: int = 20) -> Iterator[Entry]:
        """The texts whose title holds the words, page by page, at most `limit`. Raises Challenged."""
        found, page = 0, 1
        while found < limit:
            answer = self._json("/law-search/search/list", body=_query(words, page))
            rows = answer.get("rows") or []
            for row in rows:
                entry = _entry(row)
                if kind is None or entry.kind == kind:
                    yield entry
                    found += 1
                    if found >= limit:
                        return
            if not rows or page * PAGE >= int(answer.get("total") or 0):
                return
            page += 1

    def details(self, entry: Entry) -> dict[str, Any]:
        """What the database says of one text (titles only: the words are in the file)."""
        where = "/law-search/search/flfgDetails?" + urllib.parse.urlencode({"bbbs": entry.id})
        return dict(self._json(where).get("data") or {})

    def download(self, entry: Entry) -> bytes:
        """The .docx of one text. Raises Challenged; InputRefused when there is no such file."""
        query = urllib.parse.urlencode({"format": "docx", "bbbs": entry.id, "fileId": ""})
        data = self._json("/law-search/download/pc?" + query).get("data") or {}
        address = str(data.get("url") or "")
        if not address.startswith(("http://", "https://")):
            raise InputRefused(
                f"《{entry.title}》没有可下载的文件。", "可在网站上手工下载后用 zeren add 加入。"
            )
        body, _ = self._call(urllib.request.Request(address, headers=_HEADERS))  # noqa: S310 — checked above
        if not body.startswith(b"PK"):
            raise _challenge()
        return body

    def _json(self, where: str, *, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {**_HEADERS, "Content-Type": "application/json;charset=utf-8", "Referer": self._site + "/"}
        data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        request = urllib.request.Request(self._site + where, data=data, headers=headers)  # noqa: S310
        answer, kind = self._call(request)
        try:
            value = json.loads(answer)
        except ValueError as error:
            raise _challenge() from error
        if "html" in kind or not isinstance(value, dict):
            raise _challenge()
        if value.get("code") not in (200, "200", None):
            raise Challenged(f"网站答复：{value.get('msg') or value.get('code')}。", "请稍后再试。")
        return value

    def _call(self, request: urllib.request.Request) -> tuple[bytes, str]:
        time.sleep(max(0.0, self._last + self._pause - time.monotonic()))
        try:
            with self._opener.open(request, timeout=30) as answer:
                body = answer.read(LARGEST + 1)
                kind = str(answer.headers.get("Content-Type") or "")
        except urllib.error.HTTPError as error:
            raise _challenge(error.code) from error
        except (OSError, http.client.HTTPException) as error:
            raise Challenged(f"连不上 {self._site}（{error}）。", "请检查网络后再运行同一命令。") from error
        finally:
            self._last = time.monotonic()
        if len(body) > LARGEST:
            raise InputRefused("文件超过 64 MiB。", "请在网站上手工下载。")
        return body, kind


_HEADERS = {"User-Agent": "zeren (offline reader of regulations)", "Accept": "application/json, */*"}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A redirect here is a challenge: not followed, so that it surfaces as an error."""


def _challenge(code: int | None = None) -> Challenged:
    said = f"（HTTP {code}）" if code else ""
    return Challenged(
        f"网站没有给出数据，而是要求验证{said}，已停止。", "请改在浏览器中下载文件，再用 zeren add 加入。"
    )


def _query(words: str, page: int) -> dict[str, Any]:
    """The body of the list call, every field as the site's own page sends it."""
    return {
        "searchRange": 1,
        "sxrq": [],
        "gbrq": [],
        "searchType": 2,
        "sxx": [],
        "gbrqYear": [],
        "flfgCodeId": [],
        "zdjgCodeId": [],
        "searchContent": words,
        "orderByParam": {"order": "-1", "sort": ""},
        "pageNum": page,
        "pageSize": PAGE,
    }


def _entry(row: dict[str, Any]) -> Entry:
    status = row.get("sxx")
    return Entry(
        id=str(row.get("bbbs") or ""),
        title=_EM.sub("", str(row.get("title") or "")).strip(),
        kind=str(row.get("flxz") or "其他"),
        issuer=row.get("zdjgName") or None,
        published=_date(row.get("gbrq")),
        effective=_date(row.get("sxrq")),
        status=STATUS.get(str(status)),
    )


def _date(value: object) -> str | None:
    match = re.match(r"\d{4}-\d{2}-\d{2}", str(value or ""))
    return match.group() if match else None
