"""A whole run where there is no network: nothing fails for want of it, and nothing even tries."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.conftest import Figures
from tests.reliability.stage import ROOT

ATTEMPT = """
import socket
try:
    socket.create_connection(("192.0.2.7", 443), timeout=0.2)
except OSError as error:
    print(error)
"""


def isolated(words: list[str], shim: Path, net: Path) -> subprocess.CompletedProcess[str]:
    """A command in a network namespace of its own with only its loopback, every attempt noted."""
    probe = ["unshare", "-rn", "sh", "-c", "ip link set lo up"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("SKIPPED LOUDLY: this machine makes no network namespaces (unshare -rn, ip)")
    inside = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *words]
    watched = {**os.environ, "LD_PRELOAD": str(shim), "FAULT_NET": str(net), "OMP_NUM_THREADS": "1"}
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        watched.pop(name, None)  # the program must see to it itself
    return subprocess.run(
        inside, cwd=ROOT, env=watched, capture_output=True, text=True, check=False, timeout=600
    )


@pytest.mark.long
def test_a_whole_run_tries_no_connection(tmp_path: Path, shim: Path, figures: Figures) -> None:
    net = tmp_path / "net"
    folder = tmp_path / "run"
    folder.mkdir()
    ran = isolated([sys.executable, "-m", "tests.reliability.offline_run", str(folder)], shim, net)
    assert ran.returncode == 0, ran.stderr[-2000:]
    attempts = net.read_text().splitlines()
    figures(steps=int(ran.stdout.rpartition("well ")[2]), attempts=attempts)
    assert attempts == []


@pytest.mark.long
def test_a_question_tries_no_connection(tmp_path: Path, shim: Path) -> None:
    net, data = tmp_path / "net", str(tmp_path / "d")
    sample = str(ROOT / "corpus" / "sources" / "starter")
    steps = [["add", sample, "--data", data], ["ask", "谁负责检查", "--data", data]]
    code = f"import cli\nfor words in {steps!r}: cli.main(words)"
    ran = isolated([sys.executable, "-c", code], shim, net)
    assert "Traceback" not in ran.stderr
    assert ran.stdout
    assert net.read_text() == ""


def test_control_an_attempt_is_seen_and_fails(tmp_path: Path, shim: Path) -> None:
    net = tmp_path / "net"
    ran = isolated([sys.executable, "-c", ATTEMPT], shim, net)
    assert "unreachable" in ran.stdout.lower()
    assert "connect 192.0.2.7" in net.read_text().splitlines()
