"""Chinese and Arabic numerals as statutes use them."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_VALUE = {c: i for i, c in enumerate(_DIGITS)} | {"〇": 0, "○": 0, "两": 2, "壹": 1, "－": 1}
_UNIT = {"十": 10, "百": 100, "千": 1000}
_FULLWIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def to_chinese(number: int) -> str:
    """The numeral of an article or paragraph: 1 → 一, 12 → 十二, 101 → 一百零一, 1260 → 一千二百六十.

    Raises ValueError below 0 or above 9999.
    """
    if not 0 <= number <= 9999:
        raise ValueError(f"no article number: {number}")
    if number < 10:
        return _DIGITS[number]
    out, pending_zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            out += ("零" if pending_zero and out else "") + _DIGITS[digit] + name
            pending_zero = False
        elif out:
            pending_zero = True
    return out.removeprefix("一") if 10 <= number < 20 else out


def from_chinese(text: str) -> int | None:
    """The value of a numeral in Chinese, Arabic or full-width figures; None when it is none.

    >>> from_chinese("一百零一"), from_chinese("二十"), from_chinese("３７"), from_chinese("二〇二六")
    (101, 20, 37, 2026)
    """
    text = text.translate(_FULLWIDTH)
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    if all(c in _VALUE for c in text):
        return _positional(text)
    return _with_units(text)


def _positional(text: str) -> int:
    value = 0
    for c in text:
        value = value * 10 + _VALUE[c]
    return value


def _with_units(text: str) -> int | None:
    total, digit, last_unit = 0, None, 10_000
    for c in text:
        if c in _VALUE:
            if digit:
                return None
            digit = _VALUE[c]
        elif c in _UNIT and _UNIT[c] < last_unit:
            last_unit = _UNIT[c]
            total += (1 if digit is None else digit) * last_unit
            digit = None
        else:
            return None
    return total + (digit or 0)
