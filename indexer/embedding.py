"""Texts to vectors: the shipped encoder, or any sentence-transformers model named by ZEREN_ENCODER.

A static model (one vector a token, averaged) is read directly: tokenizer and weights, no torch, so that
a cold question does not wait for it. Every other model goes through sentence-transformers, offline.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from corpus.errors import DamagedData, WrongUsage
from indexer.charsmap import MARK, UNKNOWN
from indexer.grams import Keys, grams, keys_of
from indexer.keys import KeyTable, Tokens
from indexer.model_folder import check_pin, fingerprint, refuse_code

SHIPPED = Path(__file__).parent / "model"
STATIC = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
_BATCH = 2048
_FEW = 16  # texts
Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into unit vectors. `name` identifies the model by the content of its files."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of length 1, or 0 where the model knows no token of it."""


def open_encoder(path: str | Path | None = None) -> Encoder:
    """The encoder at `path`, else $ZEREN_ENCODER, else the shipped one. Raises WrongUsage, DamagedData."""
    folder = Path(path or os.environ.get("ZEREN_ENCODER") or SHIPPED)
    if not folder.is_dir():
        raise WrongUsage(f"找不到编码模型：{folder}。", "请检查 ZEREN_ENCODER 指的文件夹。")
    refuse_code(folder)
    name = fingerprint(folder)
    check_pin(folder.resolve(), name, needed=folder.resolve() == SHIPPED.resolve())
    return _opened(folder.resolve(), name)


@lru_cache(maxsize=2)
def _opened(folder: Path, name: str) -> Encoder:
    return StaticEncoder(folder, name) if _is_static(folder) else TransformerEncoder(folder, name)


def _modules(folder: Path) -> list[dict[str, Any]]:
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedData(
            f"编码模型不完整：{folder.name}/modules.json。", "请重新安装程序或改用别的模型。"
        ) from error
    return list(modules)


def _is_static(folder: Path) -> bool:
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in _modules(folder)]
    return kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"])


class StaticEncoder:
    """A StaticEmbedding folder read with numpy alone; same vectors as through sentence-transformers."""

    def __init__(self, folder: Path, name: str) -> None:
        from safetensors.numpy import load_file

        home = folder / str(_modules(folder)[0].get("path", ""))
        self.name = name
        self.folder = folder
        self._tokens_at = home / "tokenizer.json"
        try:
            weights = load_file(home / "model.safetensors")
            vocabulary = self._vocabulary()
        except Exception as error:  # the Rust readers raise bare Exception
            raise DamagedData(
                f"编码模型读不出来：{folder.name}。", "请重新安装程序或改用别的模型。"
            ) from error
        self.weights: npt.NDArray[Any] = weights[
            "embeddings" if "embeddings" in weights else "embedding.weight"
        ]
        scale = weights.get("weights")
        self.scale = np.ones(len(self.weights), np.float32) if scale is None else scale.astype(np.float32)
        self.dimension = int(self.weights.shape[1])
        self.grams = _of_grams(vocabulary)
        tokens = sorted(vocabulary, key=lambda token: vocabulary[token])[1:] if self.grams else []
        self._known = KeyTable(keys_of(tokens))
        if self.weights.dtype == np.float16:  # no processor adds these
            self.weights = self.weights.astype(np.float32)

    def _vocabulary(self) -> dict[str, int]:
        """Its tokens with their numbers. A gram model needs no more of its tokenizer, and the list alone is
        read in a fifth of the time."""
        told = json.loads(self._tokens_at.read_bytes())
        held = told["model"]["vocab"]
        if isinstance(held, dict) and not told.get("added_tokens") and _of_grams(held):
            return held
        known: dict[str, int] = self.tokenizer.get_vocab()
        return known

    @cached_property
    def tokenizer(self) -> Any:
        """The tokenizer itself, for models that do not count grams."""
        from tokenizers import Tokenizer

        read = Tokenizer.from_file(str(self._tokens_at))
        read.no_padding()
        read.no_truncation()
        return read

    @property
    def tokens(self) -> Tokens:
        """The vectors of its grams, laid out for loops."""
        return Tokens(self._known, self.weights)

    def gram_rows(self, keys: Keys) -> Keys:
        """The token of each gram (indexer.grams), 0 for one the model does not know."""
        return self._known.places(keys) + 1

    def ids(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """The token numbers of each text."""
        encoded = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(one.ids, np.int64) for one in encoded]

    def rows(self, ids: npt.NDArray[np.int64]) -> Vectors:
        """The vectors of tokens."""
        return self.weights[ids].astype(np.float32) * self.scale[ids][:, None]

    def encode(self, texts: Sequence[str]) -> Vectors:
        out = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            self._fill(
                out[start : start + _BATCH], *(self._gram_ids(batch) if self.grams else self._ids(batch))
            )
        return out

    def _gram_ids(self, texts: Sequence[str]) -> tuple[Keys, Keys]:
        """The tokens of a gram model without its tokenizer, five times faster; those of text i stand at
        starts[i]:starts[i + 1]."""
        found = grams(texts)
        return self.gram_rows(found.keys), found.starts

    def _ids(self, texts: Sequence[str]) -> tuple[Keys, Keys]:
        ids = self.ids(texts)
        return np.concatenate([np.empty(0, np.int64), *ids]), np.cumsum([0, *map(len, ids)])

    def _fill(self, out: Vectors, ids: Keys, starts: Keys) -> None:
        """Sums and normalises a batch: each token's vector is read once, then one sparse product.

        A few texts are summed one by one, to the same bits: scipy takes a while to import.
        """
        if not len(ids):
            return
        if len(out) <= _FEW:
            for number, (start, end) in enumerate(itertools.pairwise(starts.tolist())):
                out[number] = self.rows(ids[start:end]).sum(axis=0)
        else:
            from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

            used, local = np.unique(ids, return_inverse=True)
            counts = csr_matrix((np.ones(len(ids), np.float32), local, starts), shape=(len(out), len(used)))
            out[:] = counts @ self.rows(used)
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)


def _of_grams(vocabulary: dict[str, int]) -> bool:
    """Whether tokens are grams (indexer.grams), each with its row of the weights, the unknown one first."""
    numbered = sorted(vocabulary.values()) == list(range(len(vocabulary)))
    return numbered and vocabulary.get(UNKNOWN) == 0 and any(token[:1] == MARK for token in vocabulary)


class TransformerEncoder:
    """Any other sentence-transformers model, loaded offline and without remote code."""

    def __init__(self, folder: Path, name: str) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self.name = name
        self.dimension = int(self.model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = self.model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, np.float32)
