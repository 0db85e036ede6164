"""The trees as we add them up are the trees as LightGBM does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DamagedData
from retriever import ranker
from retriever.features import NAMES

pytestmark = pytest.mark.filterwarnings("ignore")


def trained(folder: Path, names: list[str]) -> tuple[Path, Path, np.ndarray, np.ndarray]:
    import lightgbm

    chance = np.random.default_rng(1)
    matrix = chance.standard_normal((600, len(names))).astype(np.float32)
    label = (matrix[:, 0] + matrix[:, 1] * matrix[:, 2] > 0.5).astype(int)
    data = lightgbm.Dataset(matrix, label, group=[60] * 10, feature_name=names)
    parameters = {"objective": "lambdarank", "verbose": -1, "num_threads": 1, "min_data_in_leaf": 5}
    booster = lightgbm.train(parameters, data, num_boost_round=25)
    booster.save_model(str(folder / "ranker.txt"))
    (folder / "ranker.json").write_text(json.dumps({"slope": 2.0, "offset": -1.0}))
    return folder / "ranker.txt", folder / "ranker.json", matrix, np.asarray(booster.predict(matrix))


def test_same_scores_as_lightgbm(tmp_path: Path) -> None:
    model, calibration, matrix, theirs = trained(tmp_path, list(NAMES))
    ours = ranker.read(model, calibration)
    assert np.abs(ours.raw(matrix) - theirs).max() < 1e-5
    assert np.allclose(ours.log_odds(matrix), 2 * theirs - 1, atol=1e-4)


def test_other_features_are_refused(tmp_path: Path) -> None:
    model, calibration, _, _ = trained(tmp_path, ["x", *NAMES[1:]])
    with pytest.raises(DamagedData, match="特征"):
        ranker.read(model, calibration)
    with pytest.raises(DamagedData, match="缺失"):
        ranker.read(tmp_path / "none.txt", calibration)


def test_the_shipped_ranker_fits_the_program() -> None:
    odds = ranker.shipped().log_odds(np.zeros((3, len(NAMES)), np.float32))
    assert odds.shape == (3,)
    assert np.isfinite(odds).all()
