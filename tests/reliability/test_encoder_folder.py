"""A model folder runs nothing: allow-listed, pinned, with canaries that would tell if anything ran."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import DamagedData, WrongUsage
from indexer import model_folder
from indexer.embedding import SHIPPED, open_encoder

STATIC = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"


class Canary:
    """Unpickled, it leaves a file behind."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return Path.write_text, (self.trace, "sang")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder)
    return folder


def with_json(name: str, change: Callable[[object], object]) -> Callable[[Path, Path], None]:
    def apply(folder: Path, trace: Path) -> None:
        path = folder / name
        value = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(change(value)))

    return apply


def code(name: str) -> Callable[[Path, Path], None]:
    def apply(folder: Path, trace: Path) -> None:
        (folder / name).write_text(f"from pathlib import Path\nPath({str(trace)!r}).write_text('sang')\n")

    return apply


def pickled(name: str) -> Callable[[Path, Path], None]:
    def apply(folder: Path, trace: Path) -> None:
        (folder / name).write_bytes(pickle.dumps(Canary(trace)))

    return apply


def linked(folder: Path, trace: Path) -> None:
    (folder / "link.json").symlink_to("/etc/passwd")


def module(**change: str) -> Callable[[Path, Path], None]:
    base = {"idx": 0, "name": "0", "path": "0_StaticEmbedding", "type": STATIC}
    return with_json("modules.json", lambda _: [{**base, **change}])


HARM: dict[str, Callable[[Path, Path], None]] = {
    "modeling.py": code("modeling.py"),
    "in a folder": code("0_StaticEmbedding/modeling_canary.py"),
    "weights.bin": pickled("pytorch_model.bin"),
    "pickle": pickled("0_StaticEmbedding/x.pkl"),
    "point": pickled("x.pt"),
    "joblib": pickled("x.joblib"),
    "h5": code("tf_model.h5"),
    "shared object": code("x.so"),
    "no suffix": code("run"),
    "link": linked,
    "foreign module": module(type="canary_package.Canary"),
    "module by file": module(type="modeling_canary.Canary"),
    "path out": module(path="../elsewhere"),
    "absolute path": module(path="/etc"),
    "auto_map": with_json("config.json", lambda _: {"auto_map": {"AutoModel": "modeling.Canary"}}),
}


@pytest.mark.parametrize("name", sorted(HARM))
def test_a_folder_that_would_run_something_is_refused(
    name: str, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "trace"
    HARM[name](model, trace)
    monkeypatch.setenv("ZEREN_ENCODER", str(model))
    with pytest.raises(WrongUsage) as refusal:
        open_encoder()
    assert refusal.value.next_step
    assert not trace.exists()


def test_control_the_canary_sings_when_unpickled(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Canary(tmp_path / "trace")))
    assert (tmp_path / "trace").exists()


def test_a_clean_folder_is_taken(model: Path) -> None:
    assert open_encoder(model).encode(["安全"]).any()


def test_the_shipped_model_is_the_one_that_was_published(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the control: one byte of the settings, or no pin at all, and it is not opened."""
    assert model_folder.pin_of(SHIPPED).read_text().strip() == model_folder.fingerprint(SHIPPED)
    from indexer import embedding

    monkeypatch.setattr(embedding, "SHIPPED", model)
    with pytest.raises(DamagedData, match="与发布时不一致"):
        open_encoder()
    model_folder.write_pin(model)
    assert open_encoder()
    settings = model / "config_sentence_transformers.json"
    settings.write_text(settings.read_text() + "\n")
    with pytest.raises(DamagedData, match="与发布时不一致"):
        open_encoder()


def test_a_pin_beside_any_other_model_holds_too(model: Path) -> None:
    model_folder.pin_of(model).write_text("0123456789abcdef\n")
    with pytest.raises(DamagedData, match="与发布时不一致"):
        open_encoder(model)
