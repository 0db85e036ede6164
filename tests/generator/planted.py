"""Documents with right citations and planted faults, made from whatever library is given, seeded.

Every fault changes one thing a careless writer changes; what the checker must answer is known by
construction. Used by the tests and by the measurement of the README.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.document import Edition, Level, Provision
from corpus.library import Library
from corpus.numeral import to_chinese
from corpus.place import Address, Status


@dataclass(frozen=True, slots=True)
class Planted:
    """One citation in a sentence: what is written, and the status the checker must give."""

    citation: str
    quote: str | None
    status: str
    fault: str
    sentence: str
    cells: tuple[str, ...] = ()


_FRAMES = (
    "{c}规定，“{q}”，各单位应当对照落实。",
    "根据{c}“{q}”的规定，现将有关要求通知如下。",
    "{c}明确：“{q}”检查发现仍有单位没有做到。",
    "有关单位应当做到“{q}”（{c}）。",
    "检查中发现的问题违反了{c}，即“{q}”。",
    "对照{c}要求，企业“{q}”。",
)
_BARE = ("依据{c}，立案查处3起。", "以上行为违反了{c}的规定。", "按照{c}处理。", "上述情形适用{c}。")
_MODALS = (("应当", "可以"), ("不得", "可以"), ("必须", "应当"), ("禁止", "限制"), ("应当", "必须"))
_DIGITS = "一二三四五六七八九"


class Planter:
    """Draws provisions from the texts of a library in force on `on`."""

    def __init__(self, library: Library, *, on: str, seed: int) -> None:
        self._library, self._on, self._random = library, on, random.Random(seed)
        self._now = [e for e in library.editions() if self._usable(e, Status.IN_FORCE)]
        self._ended = [e for e in library.editions() if self._only_ended(e)]

    def _usable(self, edition: Edition, status: Status) -> bool:
        lone = library_names(self._library, edition.title) == 1
        if status is Status.IN_FORCE and self._library.in_force(edition.work, on=self._on) != edition:
            return False
        return (
            lone
            and edition.status(self._on) is status
            and "《" not in edition.title
            and len(edition.title) <= 40
        )

    def _only_ended(self, edition: Edition) -> bool:
        versions = self._library.versions(edition.work)
        return self._usable(edition, Status.REPEALED) and all(
            v.status(self._on) is Status.REPEALED for v in versions
        )

    def right(self, count: int) -> Iterator[Planted]:
        """Right citations, with and without quotation, in several forms of writing."""
        made = 0
        while made < count:
            edition, row = self._row(self._now)
            if row is None or edition is None:
                continue
            made += 1
            cited = self._cite(edition, row.address)
            if made % 5 == 0:
                yield self._bare(cited, "match", "right")
            elif made % 5 == 1:
                words = self._words(row)
                yield Planted(cited, words, "match", "right", "", (cited, words, "已落实"))
            else:
                yield self._quoted(cited, self._words(row), "match", "right")

    def faults(self, count: int) -> Iterator[Planted]:
        """Planted faults, every kind in turn."""
        kinds = (
            self._modal,
            self._number,
            self._dropped,
            self._wrong_article,
            self._no_article,
            self._no_paragraph,
            self._no_item,
            self._repealed,
            self._unknown_work,
            self._undeclared,
            self._unreadable,
            self._cell,
        )
        made = tries = 0
        while made < count and tries < count * 200:
            tries += 1
            planted = kinds[made % len(kinds)]()
            if planted is not None:
                made += 1
                yield planted

    # -- drawing ---------------------------------------------------------------------------------

    def _row(self, among: list[Edition]) -> tuple[Edition | None, Provision | None]:
        edition = self._random.choice(among)
        rows = [
            row
            for row in self._library.provisions(edition.key)
            if row.address.article is not None
            and row.address.annex is None
            and row.level in (Level.PARAGRAPH, Level.ITEM)
            and 20 <= len(row.words) <= 160
            and not re.search(r"[“”\"：:…《\n]", row.words)
        ]
        unique = [row for row in rows if sum(row.words in other.text for other in rows) == 1]
        return (edition, self._random.choice(unique)) if unique else (None, None)

    def _cite(self, edition: Edition, address: Address) -> str:
        title = edition.title
        shorter = title.removeprefix("中华人民共和国")
        if shorter != title and self._random.random() < 0.5 and library_names(self._library, shorter) == 1:
            title = shorter
        return f"《{title}》{address.label}"

    def _words(self, row: Provision) -> str:
        words = row.words.rstrip("。；;")
        clauses = [c for c in re.split(r"(?<=[，；。])", words) if c]
        if len(clauses) > 2 and self._random.random() < 0.4:
            start = self._random.randrange(len(clauses) - 1)
            part = "".join(clauses[start : start + 2]).strip("，；。")
            if len(part) >= 14:
                return part
        return words

    def _quoted(self, cited: str, quote: str, status: str, fault: str) -> Planted:
        frame = self._random.choice(_FRAMES)
        return Planted(cited, quote, status, fault, frame.format(c=cited, q=quote))

    def _bare(self, cited: str, status: str, fault: str) -> Planted:
        return Planted(cited, None, status, fault, self._random.choice(_BARE).format(c=cited))

    # -- faults ----------------------------------------------------------------------------------

    def _modal(self) -> Planted | None:
        edition, row = self._row(self._now)
        if edition is None or row is None:
            return None
        words = row.words.rstrip("。；;")
        for old, new in _MODALS:
            if old in words:
                changed = words.replace(old, new, 1)
                return self._differing(edition, row, changed, "modal")
        return None

    def _number(self) -> Planted | None:
        edition, row = self._row(self._now)
        if edition is None or row is None:
            return None
        words = row.words.rstrip("。；;")
        match = re.search(r"[一二三四五六七八九\d](?=十?[百千万]|[日年月人倍元%]|个月|万元|次)", words)
        if match is None:
            return None
        others = _DIGITS if match.group() in _DIGITS else "123456789"
        new = self._random.choice([d for d in others if d != match.group()])
        return self._differing(edition, row, words[: match.start()] + new + words[match.end() :], "number")

    def _dropped(self) -> Planted | None:
        edition, row = self._row(self._now)
        if edition is None or row is None:
            return None
        words = row.words.rstrip("。；;")
        pieces = [m for m in re.finditer(r"、[\u4e00-\u9fff]{2,6}(?=[、，和的])", words)]
        if not pieces:
            return None
        piece = self._random.choice(pieces)
        return self._differing(edition, row, words[: piece.start()] + words[piece.end() :], "dropped")

    def _differing(self, edition: Edition, row: Provision, changed: str, fault: str) -> Planted | None:
        if any(changed in other.text for other in self._library.provisions(edition.key)):
            return None
        return self._quoted(self._cite(edition, row.address), changed, "text_differs", fault)

    def _wrong_article(self) -> Planted | None:
        edition, row = self._row(self._now)
        if edition is None or row is None or row.address.article is None:
            return None
        rows = self._library.provisions(edition.key)
        others = [
            r
            for r in rows
            if r.address.article not in (row.address.article, None)
            and r.address.annex is None
            and r.level is Level.PARAGRAPH
            and row.words.rstrip("。；;") not in r.text
        ]
        if not others:
            return None
        other = self._random.choice(others)
        return self._quoted(
            self._cite(edition, other.address), row.words.rstrip("。；;"), "text_differs", "wrong_article"
        )

    def _no_article(self) -> Planted | None:
        edition = self._random.choice(self._now)
        ranges = self._library.article_ranges(edition.key)
        if len(ranges) != 1 or len(self._library.versions(edition.work)) > 1:
            return None
        cited = self._cite(edition, Address(ranges[0][1] + self._random.randint(1, 30)))
        return self._bare(cited, "no_such_provision", "article_absent")

    def _no_paragraph(self) -> Planted | None:
        edition, row = self._row(self._now)
        if edition is None or row is None:
            return None
        a = row.address
        last = max(
            r.address.paragraph or 0
            for r in self._library.provisions(edition.key)
            if (r.address.article, r.address.article_suffix) == (a.article, a.article_suffix)
        )
        cited = self._cite(edition, Address(a.article, a.article_suffix, last + self._random.randint(1, 3)))
        return self._bare(cited, "no_such_provision", "paragraph_absent")

    def _no_item(self) -> Planted | None:
        edition, row = self._row(self._now)
        if edition is None or row is None or row.address.item is None:
            return None
        a = row.address
        last = max(
            r.address.item or 0
            for r in self._library.provisions(edition.key)
            if (r.address.article, r.address.article_suffix, r.address.paragraph)
            == (a.article, a.article_suffix, a.paragraph)
        )
        cited = self._cite(edition, Address(a.article, a.article_suffix, a.paragraph, last + 2, sole=a.sole))
        return self._bare(cited, "no_such_provision", "item_absent")

    def _repealed(self) -> Planted | None:
        if not self._ended:
            return None
        edition, row = self._row(self._ended)
        if edition is None or row is None:
            return None
        return self._quoted(
            self._cite(edition, row.address), row.words.rstrip("。；;"), "repealed", "repealed"
        )

    def _unknown_work(self) -> Planted | None:
        place = self._random.choice(("云岭市", "鹤川县", "临澜市", "青泽省"))
        name = self._random.choice(
            ("安全生产条例", "消防安全管理办法", "燃气安全规定", "特种设备监督管理条例")
        )
        cited = f"《{place}{name}》第{to_chinese(self._random.randint(1, 40))}条"
        return self._bare(cited, "not_in_library", "not_in_library")

    def _undeclared(self) -> Planted | None:
        name = self._random.choice(("条例", "办法", "规定", "实施细则"))
        return self._bare(
            f"《{name}》第{to_chinese(self._random.randint(1, 40))}条", "ambiguous", "ambiguous"
        )

    def _unreadable(self) -> Planted | None:
        edition = self._random.choice(self._now)
        return self._bare(
            f"《{edition.title}》第十百{self._random.choice(_DIGITS)}条", "unrecognised", "unrecognised"
        )

    def _cell(self) -> Planted | None:
        planted = self._modal()
        if planted is None or planted.quote is None:
            return None
        cells = (planted.citation, planted.quote, "已落实")
        return Planted(planted.citation, planted.quote, "text_differs", "table_cell", "", cells)


def library_names(library: Library, name: str) -> int:
    """How many works a name may mean."""
    return len(library.find_works(name))
