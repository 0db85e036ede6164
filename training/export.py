"""Trained vectors → a sentence-transformers folder: 8-bit weights, a scale a token, the gram tokenizer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file

from indexer.charsmap import UNKNOWN, build_tokenizer
from indexer.model_folder import write_pin

_MODULES = "sentence_transformers.sentence_transformer.modules"


def quantise(vectors: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Each row as 8-bit numbers and the factor that restores it."""
    scale = np.abs(vectors).max(axis=1) / 127
    whole = np.round(vectors / np.maximum(scale, 1e-12)[:, None]).astype(np.int8)
    return whole, scale.astype(np.float32)


def write_model(folder: Path, tokens: Sequence[str], vectors: npt.NDArray[np.float32], card: str) -> None:
    """Writes the model, replacing the folder. Token i has row i; the unknown token is put in front."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    static = fresh / "0_StaticEmbedding"
    (fresh / "1_Normalize").mkdir(parents=True)
    static.mkdir()
    whole, scale = quantise(np.vstack([np.zeros((1, vectors.shape[1]), np.float32), vectors]))
    save_file({"embeddings": whole, "weights": scale}, static / "model.safetensors", {"format": "pt"})
    build_tokenizer([UNKNOWN, *tokens]).save(str(static / "tokenizer.json"), pretty=False)
    (static / "model.safetensors").chmod(0o644)
    modules = [
        {"idx": 0, "name": "0", "path": static.name, "type": f"{_MODULES}.static_embedding.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{_MODULES}.normalize.Normalize"},
    ]
    settings = {"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"}
    _write_json(fresh / "modules.json", modules)
    _write_json(fresh / "config_sentence_transformers.json", settings)
    (fresh / "README.md").write_text(card, "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    write_pin(folder)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")
