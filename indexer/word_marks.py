"""Grams of stored words without making them: which asked grams stand there, and how near the others come.

The loops read the UTF-16 words of units where they lie and see the same grams as `indexer.grams`; a text
with a letter whose form depends on its neighbours is told, and read again from its normalised words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.charsmap import HAN_RANGES
from indexer.compiled import compiled, compiled_sums, inlined
from indexer.grams import PAIR, WORD, letter_table, normalise
from indexer.keys import FREE, MIX, KeyTable, Tokens

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Letters = npt.NDArray[np.uint16]
_HAN, _LATIN, _FIGURE, _ODD = 1, 2, 3, 4
_DOT = ord(".")


@dataclass(frozen=True, slots=True)
class Marks:
    """Of each text: `held` which asked grams stand in it (1 or 0), `count` how many grams it has, `nearest`
    the cosine of each asked vector and the nearest pair or word of the text (0 in a text without any)."""

    held: Floats
    count: Numbers
    nearest: Floats


@dataclass(frozen=True, slots=True)
class Nearness:
    """The unit vectors `asked` that pairs and words are held against; none to leave that out."""

    tokens: Tokens
    asked: Floats


class Texts(NamedTuple):
    """Texts letters[starts[n]:ends[n]], in UTF-16."""

    letters: Letters
    starts: Numbers
    ends: Numbers


class Alphabet(NamedTuple):
    """What each letter becomes, of what kind that is, and whether odd letters count as marks."""

    forms: Letters
    kinds: npt.NDArray[np.uint8]
    settled: bool


class Slots(NamedTuple):
    """A KeyTable: its rows of (key, place) and the logarithm of their number."""

    cells: Numbers
    bits: int


class Met(NamedTuple):
    """Room for the pairs and words of texts: each once in `keys`; `pairs` their places there, text by text,
    those of text n ending at `ends[n]`. No room: they are left out."""

    keys: Numbers
    pairs: Numbers
    ends: Numbers


class Out(NamedTuple):
    """What is found: `held` and `count` of Marks, and which texts were left out as `odd`."""

    held: Floats
    counted: Numbers
    odd: npt.NDArray[np.bool_]


def marks(texts: Texts, asked: KeyTable, near: Nearness) -> Marks:
    """Reads texts for the asked grams."""
    count = len(texts.starts)
    made = Marks(
        np.zeros((count, len(asked)), np.float32),
        np.zeros(count, np.int64),
        np.zeros((count, len(near.asked)), np.float32),
    )
    for number in np.flatnonzero(_fill(made, texts, asked, near, settled=False)).tolist():
        letters = texts.letters[texts.starts[number] : texts.ends[number]]
        plain = normalise(letters.tobytes().decode("utf-16-le", "surrogatepass"))
        at = slice(number, number + 1)
        one = Marks(made.held[at], made.count[at], made.nearest[at])
        _fill(one, laid([plain]), asked, near, settled=True)
    return made


def laid(texts: list[str]) -> Texts:
    """Texts one after the other."""
    letters = [text.encode("utf-16-le", "surrogatepass") for text in texts]
    ends = np.cumsum([len(one) // 2 for one in letters], dtype=np.int64)
    starts = np.append(np.zeros(1, np.int64), ends[:-1])
    return Texts(np.frombuffer(b"".join(letters), np.uint16), starts, ends)


def _fill(
    into: Marks, texts: Texts, asked: KeyTable, near: Nearness, *, settled: bool
) -> npt.NDArray[np.bool_]:
    """Fills the marks; which texts were left out as odd."""
    count = len(texts.starts)
    odd = np.zeros(count, np.bool_)
    room = int((texts.ends - texts.starts).sum()) if len(near.asked) else 0
    met = Met(np.empty(room, np.int64), np.empty(room, np.int64), np.zeros(count, np.int64))
    slots = Slots(asked.slots, asked.bits)
    used = _held(texts, Alphabet(*_alphabet(), settled), slots, met, Out(into.held, into.count, odd))
    if room:
        table = near.tokens.table
        known = Slots(table.slots, table.bits)
        cosines = _cosines(met.keys[:used], known, near.tokens.vectors, near.asked)
        _nearest(cosines, met, into.nearest)
    return odd


@lru_cache(maxsize=1)
def _alphabet() -> tuple[Letters, npt.NDArray[np.uint8]]:
    forms = letter_table()[: 1 << 16]
    kinds = np.zeros(len(forms), np.uint8)
    for low, high in HAN_RANGES:
        kinds[(forms >= low) & (forms < high)] = _HAN
    kinds[(forms >= ord("a")) & (forms <= ord("z"))] = _LATIN
    kinds[(forms >= ord("0")) & (forms <= ord("9"))] = _FIGURE
    kinds[forms == 0] = _ODD
    return forms.astype(np.uint16), kinds


def _crc_table() -> Numbers:
    """CRC-32 of every byte (ISO 3309), as zlib works it out."""
    table = np.arange(256, dtype=np.int64)
    for _ in range(8):
        table = np.where(table & 1, table >> 1 ^ 0xEDB88320, table >> 1)
    return table


_CRC = _crc_table()


@inlined
def _word_key(letters: Letters, start: int, end: int, forms: Letters) -> int:
    """`indexer.grams.word_key` of the letters."""
    crc, low, high = 0xFFFFFFFF, 1, 0
    for at in range(start, end):
        byte = int(forms[letters[at]])
        crc = int(_CRC[(crc ^ byte) & 255]) ^ crc >> 8
        low = (low + byte) % 65521
        high = (high + low) % 65521
    return WORD | (crc ^ 0xFFFFFFFF) << 24 | ((high << 16 | low) & 0xFFFFFF)


@inlined
def _word_end(letters: Letters, at: int, end: int, alphabet: Alphabet) -> int:
    """Where the Latin word or the number that begins at `at` ends: [a-z]+ or 1.2.3."""
    kinds = alphabet.kinds
    kind = kinds[letters[at]]
    while True:
        while at < end and kinds[letters[at]] == kind:
            at += 1
        dotted = kind == _FIGURE and at + 1 < end and alphabet.forms[letters[at]] == _DOT
        if not dotted or kinds[letters[at + 1]] != _FIGURE:
            return at
        at += 1


@inlined
def _keys(letters: Letters, alphabet: Alphabet, out: Numbers) -> int:
    """Writes the grams of a text; their number, or -1 where its letters are not settled one by one."""
    filled, at, end = 0, 0, len(letters)
    before = 0  # the Han letter just before, 0 for none
    while at < end:
        kind = alphabet.kinds[letters[at]]
        if kind == _ODD and not alphabet.settled:
            return -1
        if kind == _HAN:
            letter = int(alphabet.forms[letters[at]])
            out[filled] = letter
            filled += 1
            if before:
                out[filled] = before << 32 | letter
                filled += 1
            before = letter
            at += 1
            continue
        before = 0
        if kind in (_LATIN, _FIGURE):
            stop = _word_end(letters, at, end, alphabet)
            out[filled] = _word_key(letters, at, stop, alphabet.forms)
            filled += 1
            at = stop
        else:
            at += 1
    return filled


@inlined
def _slot(slots: Slots, key: int) -> Any:
    """The slot that holds a key, or the free one where it would stand."""
    slot: Any = np.int64((np.uint64(key) * MIX) >> np.uint64(64 - slots.bits))
    while slots.cells[slot, 0] != key and slots.cells[slot, 0] != FREE:
        slot = (slot + 1) & (len(slots.cells) - 1)
    return slot


@compiled
def _held(texts: Texts, alphabet: Alphabet, asked: Slots, met: Met, out: Out) -> int:
    """Fills `out` text by text, and `met`, whose keys are counted."""
    longest = 0
    for text in range(len(texts.starts)):
        longest = max(longest, texts.ends[text] - texts.starts[text])
    keys = np.empty(2 * longest, np.int64)
    bits = 4
    while 1 << bits < 2 * len(met.keys):
        bits += 1
    numbers = Slots(np.empty((1 << bits, 2), np.int64), bits)
    numbers.cells[:, 0] = FREE
    used = filled = 0
    for text in range(len(texts.starts)):
        size = _keys(texts.letters[texts.starts[text] : texts.ends[text]], alphabet, keys)
        out.odd[text] = size < 0
        out.counted[text] = max(size, 0)
        for at in range(size):
            key = keys[at]
            slot = _slot(asked, key)
            if asked.cells[slot, 0] == key:
                out.held[text, asked.cells[slot, 1]] = 1
            if len(met.keys) and key >= PAIR:
                slot = _slot(numbers, key)
                if numbers.cells[slot, 0] != key:
                    numbers.cells[slot, 0], numbers.cells[slot, 1] = key, used
                    met.keys[used] = key
                    used += 1
                met.pairs[filled] = numbers.cells[slot, 1]
                filled += 1
        met.ends[text] = filled
    return used


@compiled_sums
def _cosines(keys: Numbers, known: Slots, vectors: npt.NDArray[Any], asked: Floats) -> Floats:
    """The cosine of each gram's vector and each of the asked unit vectors."""
    count, wide = len(keys), asked.shape[1]
    # Brought together first: memory answers many short reads at once, but not while it is added up.
    rows = np.empty(count, np.int64)
    for at in range(count):
        rows[at] = known.cells[_slot(known, keys[at]), 1] + 1
    near = np.empty((count, wide), vectors.dtype)
    for at in range(count):
        row = rows[at]
        for cell in range(wide):
            near[at, cell] = vectors[row, cell]
    out = np.empty((count, len(asked)), np.float32)
    spare = np.empty(wide, np.float32)
    for at in range(count):
        square = np.float32(0)
        for cell in range(wide):
            spare[cell] = near[at, cell]
            square += spare[cell] * spare[cell]
        length = max(np.sqrt(square), np.float32(1e-9))
        for number in range(len(asked)):
            total = np.float32(0)
            for cell in range(wide):
                total += spare[cell] * asked[number, cell]
            out[at, number] = total / length
    return out


@compiled
def _nearest(cosines: Floats, met: Met, out: Floats) -> None:
    """The highest cosines of each text's pairs."""
    first = 0
    for text in range(len(out)):
        for at in range(first, met.ends[text]):
            for one in range(out.shape[1]):
                if at == first or cosines[met.pairs[at], one] > out[text, one]:
                    out[text, one] = cosines[met.pairs[at], one]
        first = met.ends[text]
