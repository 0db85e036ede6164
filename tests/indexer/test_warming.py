"""The builder is loaded beside other work, and what it lacks is no one's business until it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from indexer import warming

ROOT = Path(__file__).parents[2]
SCRIPT = "import sys\nfrom indexer.warming import loading\n{}print('indexer.build' in sys.modules)"


@pytest.mark.parametrize(
    ("body", "said"), [("with loading():\n    pass\n", "True"), ("", "False")], ids=["beside", "control"]
)
def test_the_builder_is_there_when_the_block_ends(body: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(body)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == said


def test_a_missing_encoder_says_nothing_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZEREN_ENCODER", str(tmp_path / "nowhere"))
    with warming.loading():
        done = True
    assert done


def test_what_fails_inside_comes_out() -> None:
    with pytest.raises(OSError, match="disk"), warming.loading():
        raise OSError("disk")
