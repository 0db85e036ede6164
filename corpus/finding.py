"""From an address as written to the provisions of a text: implied paragraphs, ranges, 前款, and misses.

第二十一条第（五）项 leaves its 款 out: it means the one paragraph of the article that has items. A miss
says which part does not exist and what the text has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.document import Edition, Level, Provision
from corpus.numeral import to_chinese as _in_figures
from corpus.place import Address
from corpus.within import covers
from corpus.written import Aim, Number

if TYPE_CHECKING:
    from corpus.library import Library  # it offers links itself: no import at run time


@dataclass(frozen=True, slots=True)
class Where:
    """A provision: the key of its text and its address."""

    key: str
    address: Address


@dataclass(frozen=True, slots=True)
class Miss:
    """Why an address leads nowhere: one of the statuses of `cite`, and a sentence."""

    status: str
    message: str
    candidates: tuple[str, ...] = ()


Found = list[Where] | Miss
LARGEST = 9999  # no numeral of a statute is larger
EVERY = 99  # 前几款, 前各项: as many as there are


def to_chinese(number: int) -> str:
    """The numeral for a sentence; a number no statute reaches stays in figures."""
    return _in_figures(number) if number <= LARGEST else str(number)


def rows(library: Library, where: Where) -> tuple[Provision, ...]:
    """The rows of a provision with everything below it; none for the text as a whole."""
    if where.address == Address():
        return ()
    return tuple(p for p in library.provisions(where.key) if covers(where.address, p.address))


def find(
    library: Library, editions: Sequence[Edition], aim: Aim, *, home: Where | None = None, words: str = ""
) -> Found:
    """The provisions an aim means in a text that may lie in several volumes.

    `home` is the provision the citation stands in, `words` the citation itself: where home is a whole
    article, its paragraph is the one that holds these words.
    """
    if aim.chapter is not None:
        return Miss("not_a_citation", f"引用应写到条，只写了{aim.chapter}")
    if not any(_has_articles(library, e) for e in editions):
        return _section(library, editions, aim)
    if aim.section is not None:
        return _section(library, editions, aim)
    placed = _placed(library, aim, home, words)
    if isinstance(placed, Miss):
        return placed
    if placed.article is None:
        return [Where(editions[0].key, Address())]
    return _article(library, editions, placed)


def _has_articles(library: Library, edition: Edition) -> bool:
    return bool(library.article_ranges(edition.key))


def _placed(library: Library, aim: Aim, home: Where | None, words: str) -> Aim | Miss:
    """The aim with what it leaves to its context filled in."""
    if aim.article is not None or not aim.relative or aim.annex is not None or aim.depth == 0:
        return aim
    if home is None or home.address.article is None:
        return Miss("no_work_given", "没有给出所在条文，无法确定所指的条")
    here = home.address
    if aim.article_back:
        return _earlier_articles(library, aim, home)
    filled = replace(aim, article=(here.article or 0, here.article_suffix), article_back=None)
    if aim.paragraph is not None or (aim.article_back == 0 and aim.paragraph_back is None):
        return filled
    if aim.paragraph_back is None and aim.item is None and aim.item_back is None:
        return filled
    return _earlier_paragraph(library, filled, home, words)


def _earlier_articles(library: Library, aim: Aim, home: Where) -> Aim | Miss:
    order = _order(library.provisions(home.key))
    here = (home.address.article or 0, home.address.article_suffix)
    index = order.index(here) if here in order else 0
    back = aim.article_back or 1
    if index < back and not (back == EVERY and index):
        return Miss("no_such_article", f"{_article_label(here)}前面没有{_before(back)}条")
    first = order[0 if back == EVERY else index - back]
    filled = replace(aim, article=first, article_back=None)
    if index - order.index(first) > 1:
        return replace(filled, through=order[index - 1], depth=1)
    return filled


def _earlier_paragraph(library: Library, aim: Aim, home: Where, words: str) -> Aim | Miss:
    """前款, 本款, 前两款, 第（一）项 and 前项, counted from the paragraph the citation stands in."""
    here = _home_paragraph(library, home, words, aim)
    if aim.paragraph_back is None and aim.item_back is None:
        listed = here is not None and any(
            p.address.item and covers(replace(home.address.whole(), paragraph=here), p.address)
            for p in library.provisions(home.key)
        )
        return replace(aim, paragraph=here if listed else None)
    if here is None:
        label = _article_label(aim.article or (0, None))
        return Miss("ambiguous", f"上下文只写到{label}，不能确定从哪一款数起")
    if aim.item_back is not None:
        return _earlier_items(aim, home, here)
    return _back_from(aim, here)


def _back_from(aim: Aim, here: int) -> Aim | Miss:
    back = aim.paragraph_back or 0
    if back == EVERY:
        back = here - 1
    if here - back < 1 or (aim.paragraph_back and not back):
        label = _article_label(aim.article or (0, None))
        sentence = f"{label}第{to_chinese(here)}款前面没有{_before(aim.paragraph_back or 0)}款"
        return Miss("no_such_paragraph", sentence)
    filled = replace(aim, paragraph=here - back, paragraph_back=None)
    if back > 1 and aim.item is None:
        return replace(filled, through=(here - 1, None), depth=2)
    return filled


def _earlier_items(aim: Aim, home: Where, here: int) -> Aim | Miss:
    item = home.address.item
    back = aim.item_back or 0
    if item is None:
        if back > 1:
            return replace(aim, paragraph=None, item=1, item_back=None, through=(back, None), depth=3)
        return Miss("ambiguous", "上下文没有写到项，不能确定从哪一项数起")
    if back == EVERY:
        back = item - 1
    if item - back < 1 or (aim.item_back and not back):
        return Miss("no_such_item", f"第（{to_chinese(item)}）项前面没有{_before(back)}项")
    filled = replace(aim, paragraph=here, item=item - back, item_back=None)
    return replace(filled, through=(item - 1, None), depth=3) if back > 1 else filled


def _home_paragraph(library: Library, home: Where, words: str, aim: Aim) -> int | None:
    """The paragraph a citation stands in: as given, the only one, or the one that holds its words."""
    if home.address.paragraph is not None:
        return home.address.paragraph
    inside = [p for p in library.provisions(home.key) if covers(home.address.whole(), p.address)]
    numbers = sorted({p.address.paragraph or 1 for p in inside})
    if len(numbers) == 1:
        return numbers[0]
    holding = sorted({p.address.paragraph or 1 for p in inside if words and words in p.text})
    if len(holding) == 1:
        return holding[0]
    if len(numbers) == 2 and aim.paragraph_back == 1:
        return 2
    return None


# -- articles ------------------------------------------------------------------------------------


def _order(provisions: Sequence[Provision], annex: int | None = None) -> list[Number]:
    """The articles of a text in order."""
    numbers = (
        (p.address.article, p.address.article_suffix)
        for p in provisions
        if p.address.article is not None and p.address.annex == annex
    )
    return list(dict.fromkeys(numbers))


def _article(library: Library, editions: Sequence[Edition], aim: Aim) -> Found:
    assert aim.article is not None
    if aim.depth == 1 and aim.through is not None:
        return _article_range(library, editions, aim)
    for edition in editions:
        inside = _inside(library, edition, aim.article, aim.annex)
        if inside:
            return _within(edition, inside, aim)
    return _no_article(library, editions, aim.article, aim.annex)


def _inside(library: Library, edition: Edition, article: Number, annex: int | None) -> list[Provision]:
    return [
        p
        for p in library.provisions(edition.key)
        if (p.address.article, p.address.article_suffix, p.address.annex) == (*article, annex)
    ]


def _article_range(library: Library, editions: Sequence[Edition], aim: Aim) -> Found:
    assert aim.article is not None
    assert aim.through is not None
    every = [(e, number) for e in editions for number in _order(library.provisions(e.key), aim.annex)]
    numbers = [number for _, number in every]
    for end in (aim.article, aim.through):
        if end not in numbers:
            return _no_article(library, editions, end, aim.annex)
    low, high = _rank(aim.article), _rank(aim.through)
    if low > high:
        return Miss("no_such_article", f"{_article_label(aim.article)}在{_article_label(aim.through)}之后")
    seen: dict[Number, Where] = {}
    for edition, number in every:
        if low <= _rank(number) <= high and number not in seen:
            seen[number] = Where(edition.key, Address(number[0], number[1], annex=aim.annex))
    return [seen[number] for number in sorted(seen, key=_rank)]


def _rank(number: Number) -> tuple[int, int]:
    return number[0], number[1] or 0


def _no_article(library: Library, editions: Sequence[Edition], article: Number, annex: int | None) -> Miss:
    lead = editions[0]
    name = f"《{lead.title}》" + (f"（{lead.masthead.version}）" if lead.masthead.version else "")
    numbers = [n for e in editions for n in _order(library.provisions(e.key), annex)]
    if not numbers:
        return Miss("no_such_article", f"{name}没有分条" if annex is None else f"{name}没有附件{annex}")
    last, first = max(n for n, _ in numbers), min(n for n, _ in numbers)
    label = _article_label(article)
    if article[1] is not None:
        kin = [n for n in numbers if n[0] == article[0]]
        known = "、".join(_article_label(n) for n in kin)
        return Miss("no_such_article", f"{name}没有{label}" + (f"，只有{known}" if known else ""))
    if article[0] > last:
        return Miss("no_such_article", f"{name}只有{to_chinese(last)}条，没有{label}")
    if article[0] < first:
        return Miss("no_such_article", f"{name}从{_article_label((first, None))}开始，没有{label}")
    return Miss("no_such_article", f"{name}没有{label}")


def _article_label(number: Number) -> str:
    suffix = "" if number[1] is None else f"之{to_chinese(number[1])}"
    return f"第{to_chinese(number[0])}条{suffix}"


# -- paragraphs, items, subitems -------------------------------------------------------------------


def _within(edition: Edition, inside: list[Provision], aim: Aim) -> Found:
    """The paragraph, item or subitem of an article."""
    number = aim.article or (0, None)
    label = _article_label(number)
    paragraphs = sorted({p.address.paragraph or 1 for p in inside})
    sole = len(paragraphs) == 1
    base = Address(number[0], number[1], annex=aim.annex)
    if aim.paragraph is None and aim.item is None and aim.subitem is None:
        return [Where(edition.key, base)]
    if aim.paragraph is not None:
        wanted = _span(aim.paragraph, aim.through if aim.depth == 2 else None)
        missing = [n for n in wanted if n not in paragraphs]
        if missing:
            have = "只有一款" if sole else f"只有{_count(len(paragraphs))}款"
            return Miss("no_such_paragraph", f"{label}{have}，没有第{to_chinese(missing[0])}款")
        places = [replace(base, paragraph=n, sole=sole) for n in wanted]
        if aim.item is None:
            return [Where(edition.key, place) for place in places]
        base = places[0]
    elif aim.item is None:  # a 目 right under the article: numbered 1. 2. without （一）
        base = replace(base, paragraph=next((p.address.paragraph for p in inside if p.address.subitem), 1))
        base = replace(base, sole=sole)
    else:
        implied = _implied(inside, aim, label)
        if isinstance(implied, Miss):
            return implied
        base = replace(base, paragraph=implied, sole=sole)
    return _items(edition, inside, aim, base)


def _implied(inside: list[Provision], aim: Aim, label: str) -> int | Miss:
    """The paragraph an item without 款 stands in. Several that have such an item are ambiguous."""
    items: dict[int, set[int]] = {}
    for p in inside:
        if p.address.item is not None:
            items.setdefault(p.address.paragraph or 1, set()).add(p.address.item)
    if not items:
        return Miss("no_such_item", f"{label}没有分项")
    top = aim.through[0] if aim.through and aim.depth == 3 else aim.item
    holding = [n for n, held in items.items() if aim.item in held and top in held]
    if len(holding) == 1:
        return holding[0]
    if not holding:
        most = max(max(held) for held in items.values())
        return Miss("no_such_item", f"{label}只有{_count(most)}项，没有第（{to_chinese(aim.item or 0)}）项")
    names = tuple(f"{label}第{to_chinese(n)}款第（{to_chinese(aim.item or 0)}）项" for n in holding)
    return Miss("ambiguous", f"{label}有{_count(len(holding))}款含该项：" + "、".join(names), names)


def _items(edition: Edition, inside: list[Provision], aim: Aim, base: Address) -> Found:
    here = [p for p in inside if (p.address.paragraph or 1) == base.paragraph]
    if aim.item is None:
        return _subitems(edition, here, aim, base)
    held = sorted({p.address.item for p in here if p.address.item is not None})
    wanted = _span(aim.item, aim.through if aim.depth == 3 else None)
    missing = [n for n in wanted if n not in held]
    if missing:
        have = f"只有{_count(max(held))}项" if held else "没有分项"
        return Miss("no_such_item", f"{base.label}{have}，没有第（{to_chinese(missing[0])}）项")
    places = [replace(base, item=n) for n in wanted]
    if aim.subitem is None:
        return [Where(edition.key, place) for place in places]
    return _subitems(edition, here, aim, places[0])


def _subitems(edition: Edition, here: list[Provision], aim: Aim, base: Address) -> Found:
    if aim.subitem is None:
        return [Where(edition.key, base)]
    under = {p.address.subitem for p in here if p.address.item == base.item and p.level is Level.SUBITEM}
    wanted = _span(aim.subitem, aim.through if aim.depth == 4 else None)
    missing = [n for n in wanted if n not in under]
    if missing:
        have = f"只有{_count(len(under))}目" if under else "没有分目"
        return Miss("no_such_item", f"{base.label}{have}，没有第{missing[0]}目")
    return [Where(edition.key, replace(base, subitem=n)) for n in wanted]


def _span(first: int, through: Number | None) -> list[int]:
    return list(range(first, through[0] + 1)) if through and through[0] >= first else [first]


def _before(back: int) -> str:
    """前面没有款, 前面没有两款: how the count of a 前…款 that leads nowhere reads."""
    return "" if back <= 1 or back == EVERY else _count(back)


def _count(number: int) -> str:
    return "两" if number == 2 else to_chinese(number)


# -- texts without articles ------------------------------------------------------------------------


def _section(library: Library, editions: Sequence[Edition], aim: Aim) -> Found:
    """二、（一）3., and 第二条 or 第二项 of a text numbered 一、二、."""
    path = aim.section
    if path is None:
        numbers = [n for n in (aim.article[0] if aim.article else None, aim.paragraph, aim.item) if n]
        if aim.article is not None:
            numbers = [n for n in (aim.article[0], aim.item, aim.subitem) if n]
        path = ".".join(str(n) for n in numbers)
    if not path:
        return [Where(editions[0].key, Address())]
    address = Address(section=path, annex=aim.annex)
    for edition in editions:
        if any(covers(address, p.address) for p in library.provisions(edition.key)):
            return [Where(edition.key, address)]
    tops = {
        str(p.address.section).split(".")[0]
        for e in editions
        for p in library.provisions(e.key)
        if p.address.section
    }
    have = f"有{len(tops - {'0'})}个一级部分" if tops - {"0"} else "没有编号的部分"
    status = "no_such_item" if "." in path else "no_such_article"
    return Miss(status, f"《{editions[0].title}》{have}，没有{address.label}")
