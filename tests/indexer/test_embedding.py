"""The shipped encoder: same vectors as through sentence-transformers, no code, refusals by name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import DamagedData, WrongUsage
from indexer import embedding
from indexer.charsmap import MARK, UNKNOWN
from indexer.embedding import SHIPPED, StaticEncoder, open_encoder
from indexer.grams import grams
from indexer.model_folder import fingerprint

TEXTS = ["主要负责人有哪些安全职责", "《安全生產法》第21条", "GB/T 9704 safety", "", "？？"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_sentence_transformers_reads_the_shipped_folder() -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(SHIPPED), local_files_only=True, device="cpu").encode(TEXTS)
    ours = open_encoder().encode(TEXTS)
    assert np.abs(theirs - ours).max() < 1e-5
    assert np.allclose(np.linalg.norm(ours, axis=1), [1, 1, 1, 0, 0], atol=1e-5)


def test_traditional_characters_are_the_same_text() -> None:
    simplified, traditional = open_encoder().encode(["生产经营单位的责任", "生產經營單位的責任"])
    assert simplified @ traditional > 0.999


def test_meaning_is_nearer_than_chance() -> None:
    asked, near, far = open_encoder().encode(
        [
            "矿上死了人瞒着不报会怎样",
            "发生事故后迟报、漏报、谎报或者瞒报的，处罚款",
            "档案馆应当定期公布开放目录",
        ]
    )
    assert asked @ near > asked @ far + 0.2


def test_size_and_files() -> None:
    files = [p for p in SHIPPED.rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) <= 45_000_000
    assert {p.suffix for p in files} <= {".safetensors", ".json", ".md"}


def test_grams_and_tokenizer_agree_on_rows() -> None:
    encoder = open_encoder()
    assert isinstance(encoder, StaticEncoder)
    rows = encoder.gram_rows(grams(["安全生产许可证"]).keys)
    assert sorted(rows[rows > 0]) == sorted(i for i in encoder.ids(["安全生产许可证"])[0] if i > 0)


@pytest.mark.parametrize("name", ["modeling.py", "pytorch_model.bin", "x.pkl", "0_StaticEmbedding/run.so"])
def test_a_model_folder_with_code_is_refused(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    (folder / name).write_text("raise SystemExit('executed')")
    with pytest.raises(WrongUsage, match="不允许的文件"):
        open_encoder(folder)


def test_a_missing_or_broken_model_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEREN_ENCODER", str(tmp_path / "nowhere"))
    with pytest.raises(WrongUsage, match="找不到编码模型"):
        open_encoder()
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    weights = next(folder.rglob("model.safetensors"))
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(DamagedData):
        open_encoder(folder)


def test_the_fingerprint_follows_the_weights_not_the_card(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    (folder / "README.md").write_text("another card")
    assert fingerprint(folder) == fingerprint(SHIPPED)
    config = folder / "config_sentence_transformers.json"
    config.write_text(config.read_text() + " ")
    assert fingerprint(folder) != fingerprint(SHIPPED)


@pytest.mark.parametrize("few", [0, 100], ids=["at once", "one by one"])
def test_a_vector_is_the_same_to_the_bit_in_any_company(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["", "#", *TEXTS, "生产经营单位应当建立健全全员安全生产责任制。" * 20]
    alone = [open_encoder().encode([text])[0] for text in texts]
    monkeypatch.setattr(embedding, "_FEW", few)
    assert np.array_equal(open_encoder().encode(texts), np.stack(alone))


def test_the_tokenizer_itself_is_read_only_where_it_is_needed() -> None:
    """And says what the list of tokens said."""
    encoder = StaticEncoder(SHIPPED, "x")
    encoder.encode(TEXTS)
    assert "tokenizer" not in vars(encoder)
    assert encoder._vocabulary() == encoder.tokenizer.get_vocab()
    assert "tokenizer" in vars(encoder)


def other_model(folder: Path, alter: Callable[[dict[str, Any]], object]) -> StaticEncoder:
    shutil.copytree(SHIPPED, folder)
    path = folder / "0_StaticEmbedding" / "tokenizer.json"
    told = json.loads(path.read_text("utf-8"))
    alter(told)
    path.write_text(json.dumps(told), "utf-8")
    return StaticEncoder(folder, "x")


def test_a_model_that_counts_no_grams_goes_by_its_tokenizer(tmp_path: Path) -> None:
    """Its tokens carry no mark, so that they are words to look up and nothing to count."""

    def unmarked(told: dict[str, Any]) -> None:
        vocabulary = told["model"]["vocab"]
        told["model"]["vocab"] = {
            token.lstrip(MARK) + "x" * (token != UNKNOWN): n for token, n in vocabulary.items()
        }

    encoder = other_model(tmp_path / "unmarked", unmarked)
    assert not encoder.grams
    assert "tokenizer" in vars(encoder)
    assert encoder.encode(["安全"]).shape == (1, encoder.dimension)


@pytest.mark.parametrize("broken", [{}, {"vocab": 3}, {"type": "Nonsense", "vocab": []}])
def test_a_tokenizer_of_nonsense_is_one_sentence(broken: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(DamagedData, match="编码模型读不出来"):
        other_model(tmp_path / "broken", lambda told: told.update(model=broken))
