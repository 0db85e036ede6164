"""A tokenizer that yields character 1- and 2-grams, as plain data.

A `tokenizers` pipeline cannot split a text into overlapping pieces, but it can first write every Han
character three times. The normaliser maps 全 to 全␟₁全␟全, so that 安全 becomes 安␟₁安␟安全␟₁全␟全; cut at ␟,
the marked pieces are the unigrams and the two-character pieces the overlapping bigrams, while the lone
characters at both ends are in no vocabulary. The map is a SentencePiece "precompiled charsmap" (a
double-array trie followed by the replacements), which every `tokenizers` runtime reads: the model loads
with no code of ours.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from importlib import resources

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

SEPARATOR = "␟"
# NFKC turns ₁ into 1, so that it cannot occur in a normalised text.
MARK = "₁"
UNKNOWN = "[UNK]"
HAN_RANGES = ((0x3007, 0x3008), (0x3400, 0x4DC0), (0x4E00, 0xA000))
WORD_PATTERN = r"[a-z]+|[0-9]+(?:\.[0-9]+)*"

_Trie = dict[int, "_Trie | int"]


def simplified_forms() -> dict[str, str]:
    """Traditional characters with their simplified form, one to one (OpenCC's table TSCharacters)."""
    table = resources.files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    forms = {old: new.split(" ")[0] for old, new in pairs}
    return {old: new for old, new in forms.items() if len(old) == len(new) == 1 and old != new}


def han_characters() -> list[str]:
    return [chr(code) for low, high in HAN_RANGES for code in range(low, high)]


def build_tokenizer(vocabulary: Sequence[str]) -> Tokenizer:
    """The tokenizer whose token i is vocabulary[i]; unigrams carry MARK, vocabulary[0] is UNKNOWN.

    Raises ValueError when the vocabulary does not begin with UNKNOWN or holds a token twice.
    """
    ids = {token: number for number, token in enumerate(vocabulary)}
    if not vocabulary or vocabulary[0] != UNKNOWN or len(ids) != len(vocabulary):
        raise ValueError("the vocabulary begins with [UNK] and holds every token once")
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Precompiled(tripling_map())]
    )
    pieces = Regex(rf"{WORD_PATTERN}|{MARK}?\p{{Han}}+")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(pieces, behavior="removed", invert=True)
    return tokenizer


def tripling_map() -> bytes:
    """The charsmap that folds traditional characters and writes every Han character three times."""
    forms = simplified_forms()
    tripled = {}
    for character in han_characters():
        plain = forms.get(character, character)
        tripled[character] = f"{plain}{SEPARATOR}{MARK}{plain}{SEPARATOR}{plain}"
    return charsmap(tripled)


def charsmap(mapping: Mapping[str, str]) -> bytes:
    """`mapping` as a precompiled charsmap: trie size, double-array trie, NUL-ended replacements."""
    blob = bytearray()
    root: _Trie = {}
    for source, target in mapping.items():
        node = root
        for byte in source.encode():
            child = node.setdefault(byte, {})
            assert isinstance(child, dict)
            node = child
        node[0] = len(blob)
        blob += target.encode() + b"\0"
    units = _double_array(root)
    trie = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(trie)) + trie + bytes(blob)


def _double_array(root: _Trie) -> list[int]:
    """A trie as Darts units: label in bits 0-7, has-leaf in bit 8, offset from bit 10; leaves have bit 31."""
    units = [0] * (1 << 20)
    used = bytearray(len(units))
    used[0] = 1
    lowest, top = 1, 0
    waiting: list[tuple[_Trie, int]] = [(root, 0)]
    while waiting:
        node, position = waiting.pop()
        base = lowest
        while any(used[base ^ label] for label in node):
            base += 1
        units[position] |= (base ^ position) << 10 | (0x100 if 0 in node else 0)
        for label, child in node.items():
            slot = base ^ label
            used[slot] = 1
            top = max(top, slot)
            if isinstance(child, int):
                units[slot] = child | 1 << 31
            else:
                units[slot] |= label
                waiting.append((child, slot))
        while used[lowest]:
            lowest += 1
    return units[: (top | 255) + 1]
