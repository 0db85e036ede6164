"""Word's automatic numbering written out: numbering.xml → 第一条, （一）, 1.

Follows ECMA-376 Part 1, 17.9 (numbering): a paragraph names a list instance (w:num) and a level; the instance
points to an abstract list whose levels hold start, format and text; instances of one abstract list count on
together unless one overrides its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from corpus.archive import local
from corpus.numeral import to_chinese

LEVELS = 9
_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_TENS = ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC")
_HUNDREDS = ("", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM")
_FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_FORMAL_OLD = str.maketrans("零一二三四五六七八九十百千", "零壹貳參肆伍陸柒捌玖拾佰仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def _decimal(n: int) -> str:
    return str(n)


def _chinese(n: int) -> str:
    """Statutes write 一百零一; every Chinese counting format of Word agrees with that below 100."""
    return to_chinese(n) if 0 <= n <= 9999 else str(n)


def _digits(n: int) -> str:
    return str(n).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


def _wide(n: int) -> str:
    return str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


def _roman(n: int) -> str:
    if not 0 < n < 4000:
        return str(n)
    return "M" * (n // 1000) + _HUNDREDS[n // 100 % 10] + _TENS[n // 10 % 10] + _ONES[n % 10]


def _letter(n: int) -> str:
    """A … Z, AA, BB … as Word counts letters."""
    return chr(65 + (n - 1) % 26) * min((n - 1) // 26 + 1, 8) if n > 0 else str(n)


def _run(first: str, size: int) -> Callable[[int], str]:
    """Enclosed figures that stand in one run of Unicode: ① … ⑳."""
    return lambda n: chr(ord(first) + n - 1) if 0 < n <= size else str(n)


def _circled(n: int) -> str:
    for start, first in ((1, "①"), (21, "㉑"), (36, "㊱")):
        size = {1: 20, 21: 15, 36: 15}[start]
        if start <= n < start + size:
            return chr(ord(first) + n - start)
    return str(n)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda n: signs[(n - 1) % len(signs)] if n > 0 else str(n)


def _sexagenary(n: int) -> str:
    return _STEMS[(n - 1) % 10] + _BRANCHES[(n - 1) % 12] if n > 0 else str(n)


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": _decimal,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalHalfWidth": _decimal,
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda n: _letter(n).lower(),
    "numberInDash": lambda n: f"- {n} -",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _run("⒈", 20),
    "decimalEnclosedParen": _run("⑴", 20),
    "ideographEnclosedCircle": _run("㊀", 10),
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "koreanDigital2": _digits,
    "taiwaneseDigital": _digits,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    "chineseLegalSimplified": lambda n: _chinese(n).translate(_FORMAL),
    "ideographLegalTraditional": lambda n: _chinese(n).translate(_FORMAL_OLD),
    "japaneseLegal": lambda n: _chinese(n).translate(_FORMAL_OLD),
    "none": lambda _: "",
} | dict.fromkeys(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "koreanCounting",
    ),
    _chinese,
)


@dataclass(frozen=True, slots=True)
class Grade:
    """One level of a list: where it starts, how a figure is written, the text around it."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    after: str = "tab"  # tab | space | nothing
    legal: bool = False
    restart: int | None = None  # 1-based level whose number restarts this one; 0 = never; None = any above
    style: str | None = None


@dataclass(slots=True)
class _List:
    """An abstract list: its levels and the counters that run through the document."""

    grades: dict[int, Grade]
    counts: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


class Numbering:
    """The lists of one document; `next_marker` is called once for each numbered paragraph, in order."""

    def __init__(self, root: etree._Element | None, style_lists: dict[str, str]) -> None:
        """`style_lists` maps the id of a numbering style to the w:num it names (w:numStyleLink)."""
        self._abstract: dict[str, _List] = {}
        self._linked: dict[str, str] = {}
        self._number_of: dict[str, str] = {}
        self._grades: dict[str, dict[int, Grade]] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self.unknown: set[str] = set()
        for element in root if root is not None else ():
            if local(element) == "abstractNum":
                self._read_abstract(element)
            elif local(element) == "num":
                self._read_instance(element)
        for abstract, style in self._linked.items():
            target = self._number_of.get(style_lists.get(style, ""), "")
            if target in self._abstract:
                self._abstract[abstract] = self._abstract[target]

    def _read_abstract(self, element: etree._Element) -> None:
        key = attribute(element, "abstractNumId") or ""
        grades = dict(_grades(element))
        self._abstract[key] = _List(grades)
        link = child(element, "numStyleLink")
        if link is not None:
            self._linked[key] = attribute(link) or ""

    def _read_instance(self, element: etree._Element) -> None:
        key = attribute(element, "numId") or ""
        named = child(element, "abstractNumId")
        self._number_of[key] = (attribute(named) if named is not None else None) or ""
        grades: dict[int, Grade] = {}
        restarts: dict[int, int] = {}
        for override in element:
            if local(override) != "lvlOverride":
                continue
            level = number(attribute(override, "ilvl"), 0)
            grades.update(_grades(override))
            start = child(override, "startOverride")
            if start is not None:
                restarts[level] = number(attribute(start), 1)
        self._grades[key], self._restarts[key] = grades, restarts

    def level_of_style(self, num: str, style: str) -> int | None:
        """The level of list `num` that is bound to a paragraph style (w:pStyle), if any."""
        listed = self._abstract.get(self._number_of.get(num, ""))
        grades = {**(listed.grades if listed else {}), **self._grades.get(num, {})}
        return next((level for level, grade in grades.items() if grade.style == style), None)

    def next_marker(self, num: str, level: int) -> str:
        """Counts one paragraph of list `num` and returns its marker with the space after it; "" for none."""
        listed = self._abstract.get(self._number_of.get(num, ""))
        if listed is None or not 0 <= level < LEVELS:
            return ""
        grades = {**listed.grades, **self._grades.get(num, {})}
        self._count(listed, grades, num, level)
        grade = grades.get(level, Grade())
        if grade.form == "bullet":
            return ""
        marker = self._fill(grade, grades, listed.counts)
        space = "" if grade.after == "nothing" or marker.endswith(("、", "）", ")", "．")) else " "
        return marker + space if marker else ""

    def _count(self, listed: _List, grades: dict[int, Grade], num: str, level: int) -> None:
        counts, restarts = listed.counts, self._restarts.get(num, {})
        for above in [n for n in restarts if n < level]:
            counts[above] = None
        if level in restarts:  # an override acts once, at first use
            counts[level] = restarts.pop(level) - 1
        current = counts[level]
        counts[level] = grades.get(level, Grade()).start if current is None else current + 1
        for deeper in range(level + 1, LEVELS):
            restart = grades.get(deeper, Grade()).restart
            if restart is None or level < restart:
                counts[deeper] = None

    def _fill(self, grade: Grade, grades: dict[int, Grade], counts: list[int | None]) -> str:
        text = grade.text
        for level in range(LEVELS):
            sign = f"%{level + 1}"
            if sign in text:
                own = grades.get(level, Grade())
                count = counts[level]
                value = own.start if count is None else count
                form = "decimal" if grade.legal else own.form
                if form not in FORMATS:
                    self.unknown.add(form)
                text = text.replace(sign, FORMATS.get(form, _decimal)(value))
        return text.strip()


def _grades(element: etree._Element) -> Iterator[tuple[int, Grade]]:
    for lvl in element:
        if local(lvl) == "lvl":
            yield number(attribute(lvl, "ilvl"), 0), _grade(lvl)


def _grade(lvl: etree._Element) -> Grade:
    grade = Grade()
    for part in lvl:
        name, value = local(part), attribute(part)
        if name == "start":
            grade = replace(grade, start=number(value, 1))
        elif name == "numFmt":
            grade = replace(grade, form=value or "decimal")
        elif name == "lvlText":
            grade = replace(grade, text=value or "")
        elif name == "suff":
            grade = replace(grade, after=value or "tab")
        elif name == "isLgl":
            grade = replace(grade, legal=value not in ("0", "false"))
        elif name == "lvlRestart":
            grade = replace(grade, restart=number(value, 0))
        elif name == "pStyle":
            grade = replace(grade, style=value)
        elif name == "AlternateContent":  # Word 2010 writes some formats (custom) inside one
            form = next((c for c in part.iter() if local(c) == "numFmt"), None)
            if form is not None and grade.form == "decimal":
                grade = replace(grade, form=attribute(form) or "decimal")
    return grade


def attribute(element: etree._Element, name: str = "val") -> str | None:
    """A w: attribute, in the transitional or the strict namespace of the element itself."""
    tag = element.tag
    namespace = tag.partition("}")[0] + "}" if isinstance(tag, str) and tag.startswith("{") else ""
    return element.get(namespace + name)


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that local name."""
    return next((c for c in element if local(c) == name), None)


def number(text: str | None, default: int) -> int:
    """The figure an attribute holds; the default when it holds none."""
    try:
        return int(text or "")
    except ValueError:
        return default
