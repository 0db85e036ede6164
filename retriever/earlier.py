"""What laypeople asked before, and which provisions answered: evidence of the ranker.

A question like an earlier one has, often enough, the answer of that one; and some provisions are asked
about again and again. The encoder's folder holds the earlier questions (STARD's training part) as vectors,
with hashes of the words and of the titles that answered them; no text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from corpus.errors import DamagedData
from corpus.works import title_key
from indexer.embedding import Encoder, StaticEncoder
from indexer.grams import Keys
from indexer.keys import KeyTable

FILE = "asked.safetensors"
FEATURES = (
    "asked_any",  # the cosine of the nearest earlier question, whatever answered it
    "asked_times",  # how many earlier questions these words answered (logarithm)
    "asked_nearest",  # the cosine of the nearest of them
    "asked_votes",  # the share of the weight of all earlier questions that they carry
    "asked_text_times",  # the same over all provisions of the text of this title
    "asked_text_nearest",
    "asked_text_votes",
)
SHARPNESS = 12.0  # how fast an earlier question loses weight as its cosine falls behind the nearest's
Floats = npt.NDArray[np.float32]


def words_key(text: str) -> int:
    """63 bits of a hash of the text without blanks: the same words in any layout."""
    return _key("".join(text.split()))


@lru_cache(maxsize=8192)
def title_hash(title: str) -> int:
    """The same of a title as people mean it (民法典 for 中华人民共和国民法典)."""
    return _key(title_key(title))


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


@dataclass(frozen=True, slots=True)
class Answered:
    """Which questions each key answered: those of the key at place n of `table` are
    questions[starts[n]:starts[n + 1]]."""

    table: KeyTable
    questions: Keys
    starts: Keys
    times: Floats  # how many questions each answered (logarithm), and a nought

    @classmethod
    def of(cls, keys: Keys, questions: Keys) -> Answered:
        """From pairs of a key and a question it answered."""
        pairs = np.unique(np.stack([keys, questions]), axis=1)
        held, starts = np.unique(pairs[0], return_index=True)
        starts = np.append(starts, len(pairs[1]))
        times = np.append(np.log1p(np.diff(starts)), 0).astype(np.float32)
        return cls(KeyTable(held), pairs[1], starts, times)

    def evidence(self, keys: Keys, cosines: Floats, weights: Floats) -> tuple[Floats, ...]:
        """Of each key: how many questions it answered (logarithm), the cosine of the nearest of them, the
        share of all weight they carry; noughts for a key that answered none."""
        if not len(self.questions):
            return (np.zeros(len(keys), np.float32),) * 3
        nearest = np.maximum.reduceat(cosines[self.questions], self.starts[:-1])
        votes = np.add.reduceat(weights[self.questions], self.starts[:-1])
        at = self.table.places(keys)  # -1, the nought at the end, for a key not held
        return (self.times[at], *(np.append(column, np.float32(0))[at] for column in (nearest, votes)))


@dataclass(frozen=True, slots=True)
class Earlier:
    """Earlier questions as unit vectors, and what answered them."""

    vectors: Floats
    words: Answered
    titles: Answered

    def evidence(self, question: Floats, words: Keys, titles: Keys) -> dict[str, Floats]:
        """The features `asked_*` of candidates with these keys, for the vector of a question."""
        cosines = self.vectors @ question
        weights = np.exp(SHARPNESS * (cosines - cosines.max(initial=-1.0))).astype(np.float32)
        weights /= max(float(weights.sum()), 1e-9)
        nearest = np.full(1, cosines.max(initial=0.0), np.float32)
        of_words = self.words.evidence(words, cosines, weights)
        of_titles = self.titles.evidence(titles, cosines, weights)
        return dict(zip(FEATURES, (nearest, *of_words, *of_titles), strict=True))


def earlier_of(encoder: Encoder) -> Earlier | None:
    """The earlier questions in the folder of an encoder; None where it has none. Raises DamagedData."""
    return _read(encoder.folder / FILE) if isinstance(encoder, StaticEncoder) else None


@lru_cache(maxsize=8)
def _read(file: Path) -> Earlier | None:
    if not file.is_file():
        return None
    try:
        held = load_file(file)
        vectors = held["vectors"].astype(np.float32) * held["scale"][:, None]
        return Earlier(
            vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9),
            Answered.of(held["words"], held["words_question"]),
            Answered.of(held["titles"], held["titles_question"]),
        )
    except (OSError, KeyError, SafetensorError) as error:
        raise DamagedData("编码模型不完整：asked.safetensors。", "请重新安装程序。") from error


def write(
    folder: Path, vectors: Floats, words: Sequence[Sequence[int]], titles: Sequence[Sequence[int]]
) -> None:
    """Puts questions into an encoder's folder, with the keys of the words and titles that answered each."""
    scale = np.abs(vectors).max(axis=1, initial=1e-9) / 127
    tensors = {
        "vectors": np.round(vectors / scale[:, None]).astype(np.int8),
        "scale": scale.astype(np.float32),
    }
    for name, keys in (("words", words), ("titles", titles)):
        pairs = [(key, number) for number, of in enumerate(keys) for key in of]
        tensors[name], tensors[f"{name}_question"] = np.array(pairs, np.int64).reshape(-1, 2).T.copy()
    save_file(tensors, folder / FILE)
    (folder / FILE).chmod(0o644)
