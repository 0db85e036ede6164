"""Nearest vectors: FAISS, the only module that imports it.

Vectors are kept in 8 bits a component over one fixed range: half the memory and three times the speed of
16 bits, with recall@10 of 0.99 (docs/performance.md), and a vector's code depends on nothing but itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from corpus.errors import DamagedData
from indexer.embedding import Vectors

FILE = "vectors.faiss"
# Components of unit vectors beyond this many standard deviations (1/√dimension) are cut off.
RANGE = 5.6
Numbers = npt.NDArray[np.int64]


class DenseIndex:
    """Unit vectors in the order of the passages."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    @property
    def kind(self) -> str:
        """How passages are found: exactly, or in the nearest of several lists."""
        return type(self._index).__name__

    @classmethod
    def build(cls, dimension: int, *, fine: bool = False) -> DenseIndex:
        """An empty index; `fine` keeps 16 bits a component, for encoders 8 bits were not measured with."""
        kind = faiss.ScalarQuantizer.QT_fp16 if fine else faiss.ScalarQuantizer.QT_8bit_uniform
        index = faiss.IndexScalarQuantizer(dimension, kind, faiss.METRIC_INNER_PRODUCT)
        reach = min(RANGE / dimension**0.5, 1.0)
        index.train(np.repeat(np.array([[-reach], [reach]], np.float32), dimension, axis=1))
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> DenseIndex:
        """Reads an index whose file the manifest has already vouched for. Raises DamagedData."""
        try:
            return cls(faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC))  # mapped, shared
        except RuntimeError as error:
            raise DamagedData("向量索引读不出来。", "请运行 zeren index 重建。") from error

    def save(self, folder: Path) -> None:
        faiss.write_index(self._index, str(folder / FILE))

    def add(self, vectors: Vectors) -> None:
        self._index.add(np.ascontiguousarray(vectors, np.float32))

    def add_from(self, other: DenseIndex, first: int, end: int) -> None:
        """Takes over passages first … end - 1 of an index of the same kind, bit by bit."""
        held: Any = other._index
        codes = faiss.vector_to_array(held.codes).reshape(len(other), -1)
        self._index.add_sa_codes(np.ascontiguousarray(codes[first:end]))

    def vectors(self, numbers: Sequence[int] | Numbers) -> Vectors:
        """The stored vectors of passages."""
        wanted = np.ascontiguousarray(numbers, np.int64)
        if not len(wanted):
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(self._index.reconstruct_batch(wanted), np.float32)

    def search(self, vectors: Vectors, k: int, *, allowed: Numbers | None = None) -> tuple[Vectors, Numbers]:
        """The k best passages of each vector: scores and numbers, -1 where fewer exist.

        `allowed` limits the search to these passages.
        """
        query = np.ascontiguousarray(vectors, np.float32)
        options = None
        if allowed is not None:
            mask = np.zeros((len(self) + 7) // 8 * 8, bool)
            mask[allowed] = True
            bits = np.packbits(mask, bitorder="little")
            selector: Any = faiss.IDSelectorBitmap
            parameters: Any = faiss.SearchParameters
            options = parameters(sel=selector(bits))
        return self._index.search(query, min(k, max(len(self), 1)), params=options)
