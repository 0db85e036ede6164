"""Nearest vectors: FAISS, the only module that imports it.

Vectors are kept in 8 bits a component over one fixed range: half the memory and three times the speed of
16 bits, with recall@10 of 0.99 (docs/performance.md), and a vector's code depends on nothing but itself.
Up to `EXACT` passages a search looks at all of them. Above, the same codes lie in lists around trained
centres, and a search looks at the nearest lists; centres are kept while texts come and go, and trained
anew by a whole build or once the passages have doubled or halved.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
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
EXACT = 600_000
# Of √n lists one in so many is searched: at 150,000, 450,000 and 1,500,000 passages that costs 0.003, 0.003
# and nothing of recall@10 (docs/performance.md).
SEARCHED = 5
_SAMPLE, _ROUNDS, _SEED = 64, 8, 7  # passages a list that the centres are trained on
_BLOCK = 50_000
_NEARLY_ALL = 0.9
_REBUILD = "请运行 zeren index 重建。"
Numbers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]


class DenseIndex:
    """Unit vectors in the order of the passages."""

    def __init__(self, index: Any) -> None:
        self._index = index  # IndexScalarQuantizer or IndexIVFScalarQuantizer
        self._old: DenseIndex | None = None  # whose centres are kept
        self._lists: list[Numbers] = []  # of every passage added, -1 where it is not known yet
        self._held: tuple[Codes, Numbers] | None = None

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    @property
    def lists(self) -> int:
        """Into how many lists the passages are parted; 0 where every search looks at all."""
        return int(self._index.nlist) if isinstance(self._index, faiss.IndexIVF) else 0

    @property
    def facts(self) -> dict[str, Any]:
        """How passages are found, for the manifest."""
        if not self.lists:
            return {"kind": "exact"}
        return {"kind": "lists", "lists": self.lists, "searched": int(self._index.nprobe)}

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
            index = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC)  # mapped, shared
        except RuntimeError as error:
            raise DamagedData("向量索引读不出来。", _REBUILD) from error
        if not isinstance(index, (faiss.IndexScalarQuantizer, faiss.IndexIVFScalarQuantizer)):
            raise DamagedData("向量索引是另一种索引。", _REBUILD)
        return cls(index)

    def save(self, folder: Path) -> dict[str, Any]:
        """Writes what was added, in lists where it is more than `EXACT`; the facts of what was written."""
        written = self if len(self) <= EXACT else DenseIndex(self._parted())
        faiss.write_index(written._index, str(folder / FILE))
        return written.facts

    def add(self, vectors: Vectors) -> None:
        self._index.add(np.ascontiguousarray(vectors, np.float32))
        self._lists.append(np.full(len(vectors), -1, np.int64))

    def add_from(self, other: DenseIndex, first: int, end: int) -> None:
        """Takes over passages first … end - 1 of an index of the same kind, bit by bit."""
        codes, lists = other._in_order()
        self._index.add_sa_codes(np.ascontiguousarray(codes[first:end]))
        self._old = self._old or other
        self._lists.append(lists[first:end] if other is self._old else np.full(end - first, -1, np.int64))

    def vectors(self, numbers: Sequence[int] | Numbers) -> Vectors:
        """The stored vectors of passages."""
        wanted = np.ascontiguousarray(numbers, np.int64)
        if not len(wanted):
            return np.empty((0, self.dimension), np.float32)
        if self.lists:
            codes = np.ascontiguousarray(self._in_order()[0][wanted])
            return np.asarray(self._index.sq.decode(codes), np.float32)
        return np.asarray(self._index.reconstruct_batch(wanted), np.float32)

    def search(self, vectors: Vectors, k: int, *, allowed: Numbers | None = None) -> tuple[Vectors, Numbers]:
        """The k best passages of each vector: scores and numbers, -1 where fewer exist.

        `allowed` limits the search to these passages; where it leaves out more than a few, all lists are
        searched, for what is nearest of the rest may lie anywhere.
        """
        query = np.ascontiguousarray(vectors, np.float32)
        told: dict[str, Any] = {}
        if allowed is not None:
            mask = np.zeros((len(self) + 7) // 8 * 8, bool)
            mask[allowed] = True
            selector: Any = faiss.IDSelectorBitmap
            told["sel"] = selector(np.packbits(mask, bitorder="little"))
        if self.lists and allowed is not None:
            told["nprobe"] = self.lists if len(allowed) < _NEARLY_ALL * len(self) else self._index.nprobe
        kind: Any = faiss.SearchParametersIVF if self.lists else faiss.SearchParameters
        options = kind(**told) if told else None
        with _alone(len(query) == 1):
            found = self._index.search(query, min(k, max(len(self), 1)), params=options)
        return found[0], found[1]

    # -- lists -------------------------------------------------------------------------------------

    def _in_order(self) -> tuple[Codes, Numbers]:
        """The code of every passage and the list it lies in, -1 where there are none."""
        if not self.lists:
            return self._flat_codes(), np.full(len(self), -1, np.int64)
        if self._held is None:
            size = int(self._index.code_size)
            codes, lists = np.empty((len(self), size), np.uint8), np.empty(len(self), np.int64)
            held = self._index.invlists
            for number in range(self.lists):
                if count := held.list_size(number):
                    ids = faiss.rev_swig_ptr(held.get_ids(number), count)
                    codes[ids] = faiss.rev_swig_ptr(held.get_codes(number), count * size).reshape(count, size)
                    lists[ids] = number
            self._held = codes, lists
        return self._held

    def _flat_codes(self) -> Codes:
        """The codes of an index without lists, not copied: good while it stays as it is."""
        held = self._index
        codes: Codes = faiss.rev_swig_ptr(held.codes.data(), len(self) * held.code_size)
        return codes.reshape(len(self), held.code_size)

    def _parted(self) -> Any:
        """What was added, in lists around the centres it came with or, where they do not fit, new ones."""
        lists = np.concatenate(self._lists)
        centres = self._kept_centres()
        if centres is None:
            centres, lists = self._trained(), np.full(len(self), -1, np.int64)
        for first in range(0, len(lists), _BLOCK):
            block = lists[first : first + _BLOCK]
            new = np.flatnonzero(block < 0)
            if len(new):
                block[new] = centres.search(self._index.reconstruct_batch(new + first), 1)[1][:, 0]
        return self._filled(centres, lists)

    def _kept_centres(self) -> Any:
        """The centres of the old index while it was trained on half to twice as many passages."""
        trained_on = self._old.lists**2 if self._old else 0
        fits = trained_on <= 2 * len(self) and len(self) <= 2 * trained_on
        return self._old._index.quantizer if self._old and fits else None

    def _trained(self) -> Any:
        """Centres for √n lists, from a sample that depends on n alone."""
        count = round(len(self) ** 0.5)
        chance = np.random.default_rng(_SEED)
        sample = np.sort(chance.choice(len(self), min(len(self), _SAMPLE * count), replace=False))
        clusters = faiss.Kmeans(
            self.dimension,
            count,
            niter=_ROUNDS,
            seed=_SEED,
            spherical=True,
            min_points_per_centroid=1,
            max_points_per_centroid=_SAMPLE,
        )
        clusters.train(self._index.reconstruct_batch(sample))
        centres = faiss.IndexFlatIP(self.dimension)
        centres.add(np.asarray(clusters.centroids, np.float32))
        return centres

    def _filled(self, centres: Any, lists: Numbers) -> Any:
        """The codes in their lists, in the order of the passages within each."""
        count, kind = int(centres.ntotal), self._index.sq.qtype
        parted: Any = faiss.IndexIVFScalarQuantizer
        index = parted(centres, self.dimension, count, kind, faiss.METRIC_INNER_PRODUCT, False)
        index.sq, index.is_trained, index.nprobe = self._index.sq, True, max(round(count / SEARCHED), 1)
        codes, order = self._flat_codes(), np.argsort(lists, kind="stable")
        ends = np.searchsorted(lists[order], np.arange(count + 1))
        for number in range(count):
            ids = order[ends[number] : ends[number + 1]]
            if len(ids):
                own = np.ascontiguousarray(codes[ids])
                index.invlists.add_entries(number, len(ids), faiss.swig_ptr(ids), faiss.swig_ptr(own))
        index.ntotal = len(self)
        return index


@contextlib.contextmanager
def _alone(one: bool) -> Iterator[None]:
    """One question is searched by one thread: a second finds nothing to do and burns time waiting."""
    before = faiss.omp_get_max_threads()
    if one:
        faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
