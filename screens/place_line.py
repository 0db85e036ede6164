"""One line that says where words stand: title, 条款项, version, status, rank."""

from __future__ import annotations

from corpus.document import Provision
from corpus.place import Place
from screens import desk
from screens.wording import plain, t


def place_line(place: Place, *, kind: str = "") -> str:
    """The Markdown of a reference chip: 《title》 [第…条第…款] [status] [rank] version."""
    label = f" :blue-badge[{plain(place.label)}]" if place.label else ""
    rank = f" :gray-badge[{plain(kind)}]" if kind else ""
    version = f" :small[{t('version')} {plain(place.version)}]" if place.version else ""
    return f"**《{plain(place.title)}》**{label} {desk.status_badge(place.status)}{rank}{version}"


def row_label(row: Provision) -> str:
    """What stands before a row: the article before its first paragraph, a small 款 before the others; an item
    has its own marker and stands indented."""
    address = row.address
    if address.item is not None:
        return "\u2003" if address.subitem is None else "\u2003\u2003"
    if address.article is None:
        return "" if row.marker else f":small[{plain(address.label)}] "
    if address.sole or address.paragraph in (None, 1):
        return f"**{plain(address.whole().label)}** "
    return f"\u2003:small[{plain(address.label.removeprefix(address.whole().label))}] "
