"""One line that says where words stand: title, 条款项, version, status, rank."""

from __future__ import annotations

from corpus.library import Library
from corpus.place import Place
from screens import desk
from screens.wording import plain, t


def place_line(place: Place, *, kind: str = "") -> str:
    """The Markdown of a reference chip: 《title》 [第…条第…款] [status] [rank] version."""
    label = f" :blue-badge[{plain(place.label)}]" if place.label else ""
    rank = f" :gray-badge[{plain(kind)}]" if kind else ""
    version = f" :small[{t('version')} {plain(place.version)}]" if place.version else ""
    return f"**《{plain(place.title)}》**{label} {desk.status_badge(place.status)}{rank}{version}"


def kind_of(library: Library, key: str) -> str:
    """The rank word of a text: 法律, 行政法规 …"""
    return library.edition(key).masthead.kind
