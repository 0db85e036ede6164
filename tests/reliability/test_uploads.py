"""Every file of an outsider, at every command that opens one: limits, no network, nothing read or carried."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from corpus import archive
from corpus.errors import InputRefused
from corpus.word_binary import find_libreoffice
from tests.reliability import hostile_files as hostile
from tests.reliability.conftest import Figures
from tests.reliability.stage import ROOT, SAMPLES, Theatre

SECONDS, MEMORY = 30, 1 << 30
FILE = "{file}"
DOORS: dict[str, tuple[str, tuple[str, ...]]] = {  # command → suffix of the file, words
    "check": (".docx", ("check", FILE)),
    "recommendation": (".docx", ("recommendation", FILE)),
    "record": (".docx", ("letter", "整改通知书", "--record", FILE, "-o", "{out}")),
    "workbook": (".xlsx", ("letter", "整改通知书", "--record", FILE, "-o", "{out}")),
    "input": (".xlsx", ("letter", "整改通知书", "--input", FILE, "-o", "{out}")),
    "add": (".docx", ("add", FILE, "--no-index")),
    "parse": (".docx", ("parse", FILE)),
    "disguised": (".txt", ("parse", FILE)),
}
QUICK = (("check", "lying"),)
# What may be read after all, within the bounds: parts nobody looks at, and six million empty paragraphs
# where a child with limits reads them.
HARMLESS = {(door, bomb) for door in DOORS for bomb in ("many parts", "inflating")} | {
    (door, "many paragraphs") for door in ("add", "parse", "disguised")
}
# VmHWM begins anew with the program; ru_maxrss keeps what the process that started it held.
MEASURED = (
    "import sys, cli; status = cli.main(sys.argv[1:]); "
    "held = [line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')]; "
    "print(held[0], file=sys.stderr); sys.exit(status)"
)


def some(names: Iterable[str], *quick: str) -> list[Any]:
    """Every name as a parameter; those not `quick` are for the long run."""
    return [name if name in quick else pytest.param(name, marks=pytest.mark.long) for name in sorted(names)]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("library") / "d"
    words = [sys.executable, "-m", "cli", "add", str(SAMPLES), "--no-index", "--data", str(data)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    return data


def through(door: str, body: bytes, folder: Path, data: Path) -> tuple[int, str, int, float]:
    """A hostile file at one command: status, what it said, the parent's memory, seconds."""
    suffix, words = DOORS[door]
    file = folder / f"来文{suffix}"
    file.write_bytes(body)
    given = [word.format(file=file, out=folder / "out.docx") for word in words]
    begun = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED, *given, *(["--data", str(data)] if door != "disguised" else [])],
        cwd=ROOT, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    said, _, memory = ran.stderr.strip().rpartition("\n")
    return ran.returncode, said, 1024 * int(memory or 0), time.monotonic() - begun


def ends_well(door: str, bomb: str, folder: Path, data: Path) -> str:
    """ "" when the bomb was refused in a sentence, in time and in bounds; else what was wrong."""
    status, said, memory, seconds = through(door, hostile.WORD_BOMBS[bomb](), folder, data)
    if (status == 0 and (door, bomb) not in HARMLESS) or status not in (0, 1, 2, 3):
        return f"status {status}: {said[-200:]}"
    if "Traceback" in said or (status and "。" not in said):
        return f"no sentence: {said[-200:]}"
    if (folder / "out.docx").exists():
        return "a paper was written"
    return f"{seconds:.0f} s, {memory >> 20} MiB" if seconds > SECONDS or memory > MEMORY else ""


@pytest.mark.parametrize(("door", "bomb"), QUICK)
def test_a_bomb_at_a_door(door: str, bomb: str, tmp_path: Path, library: Path) -> None:
    assert ends_well(door, bomb, tmp_path, library) == ""


@pytest.mark.long
def test_every_bomb_at_every_door(tmp_path: Path, library: Path, figures: Figures) -> None:
    wrong = {}
    for door in DOORS:
        for bomb in hostile.WORD_BOMBS:
            folder = tmp_path / f"{door} {bomb}"
            folder.mkdir()
            if words := ends_well(door, bomb, folder, library):
                wrong[f"{door}: {bomb}"] = words
    figures(doors=len(DOORS), bombs=len(hostile.WORD_BOMBS), wrong=wrong)
    assert wrong == {}


def test_control_a_door_without_vetting_lets_a_bomb_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator import checked_text

    path = tmp_path / "来文.docx"
    path.write_bytes(hostile.docx(hostile.document(head='<!DOCTYPE d [<!ENTITY a "b">]>')))
    with pytest.raises(InputRefused):
        checked_text.open_text(path)
    monkeypatch.setattr(archive, "vet", lambda path: None)
    assert checked_text.open_text(path).passages, "python-docx opens it: only vetting keeps it out"


@pytest.mark.parametrize("name", some(hostile.SETTINGS_BOMBS, "aliases.yaml"))
def test_settings_that_explode_are_a_sentence(name: str, tmp_path: Path, library: Path) -> None:
    file = tmp_path / name
    file.write_bytes(hostile.SETTINGS_BOMBS[name]())
    words = [
        "letter",
        "整改通知书",
        "--input",
        str(file),
        "-o",
        str(tmp_path / "x.docx"),
        "--data",
        str(library),
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode in (1, 2), ran.stderr[-300:]
    assert "Traceback" not in ran.stderr
    assert not list(tmp_path.rglob("canary"))


def test_a_deep_line_in_a_batch_costs_that_line(tmp_path: Path, theatre: Theatre, library: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text("[" * 100_000 + '\n{"id": 2, "text": "望川市安全生产条例第二条"}\n', "utf-8")
    ran = theatre.run("cite", "--batch", file, "--data", library)
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.status, [row["id"] for row in rows]) == (1, [None, 2])
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("name", some(hostile.ACTIVE, "template", "dde"))
def test_active_content_is_neither_run_nor_fetched_nor_carried(
    name: str, tmp_path: Path, library: Path, shim: Path
) -> None:
    """Read, checked and copied with the network watched: no look-up, no connection, nothing in the copy."""
    file, out, net = tmp_path / "来文.docx", tmp_path / "副本.docx", tmp_path / "net"
    file.write_bytes(hostile.ACTIVE[name]())
    watched = {**os.environ, "LD_PRELOAD": str(shim), "FAULT_NET": str(net)}
    for words in (
        ["add", str(file), "--no-index", "--data", str(tmp_path / "d")],
        ["check", str(file), "-o", str(out), "--data", str(library)],
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "cli", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env=watched,
            check=False,
        )
        assert "Traceback" not in ran.stderr, ran.stderr[-300:]
        assert "root:" not in ran.stdout + ran.stderr
    assert net.read_text() == ""
    assert not (ROOT / "canary.xml").exists()
    assert not Path("/tmp/canary.xml").exists()
    assert not out.exists() or archive.active_content(out) == ()
    if out.exists():
        with zipfile.ZipFile(io.BytesIO(out.read_bytes())) as packed:
            assert not any(".." in entry or entry.startswith("/") for entry in packed.namelist())


WATCHED = "/etc/passwd"  # what the files ask for


def reached(words: list[str], folder: Path, shim: Path) -> list[str]:
    """What a program and its children read of WATCHED, and whom they tried to reach."""
    read, net = folder / "read", folder / "net"
    seen = {"LD_PRELOAD": str(shim), "FAULT_ROOT": WATCHED, "FAULT_PLAN": "read:0", "FAULT_NET": str(net)}
    seen["FAULT_LOG"] = str(read)
    subprocess.run(words, cwd=ROOT, env={**os.environ, **seen}, capture_output=True, check=False)
    return [*read.read_text().splitlines(), *net.read_text().splitlines()]


def rich(*fields: str) -> bytes:
    """An RTF file with fields that fetch; LibreOffice reads it."""
    made = "".join(rf"{{\field{{\*\fldinst {field}}}{{\fldrslt x}}}}\par " for field in fields)
    return rf"{{\rtf1\ansi Article 1. Check.\par {made}}}".encode("ascii")


OUTSIDE: dict[str, Callable[[], bytes]] = {
    "file picture.docx": hostile.ACTIVE["file picture"],
    "include.docx": hostile.ACTIVE["include"],
    "outside entity.docx": hostile.WORD_BOMBS["outside entity"],
    "page.html": lambda: (
        b'<html><body><iframe src="file:///etc/passwd"></iframe><img src="/etc/passwd">'
        b'<object data="/etc/passwd"></object><p>\xe7\xac\xac\xe4\xb8\x80\xe6\x9d\xa1</p></body></html>'
    ),
    "feed.xml": lambda: (
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>&x;</body></html>'
    ),
    "entity.ofd": lambda: hostile.zipped(
        {"OFD.xml": '<!DOCTYPE d [<!ENTITY x SYSTEM "/etc/passwd">]><OFD><DocRoot>&x;</DocRoot></OFD>'}
    ),
    "fields.rtf": lambda: rich(
        'INCLUDETEXT "file:///etc/passwd"', 'INCLUDETEXT "/etc/passwd"', f'INCLUDEPICTURE "{hostile.FAR}.png"'
    ),
    "path.ofd": lambda: hostile.zipped(
        {"OFD.xml": "<OFD><DocBody><DocRoot>../../../../../../etc/passwd</DocRoot></DocBody></OFD>"}
    ),
}


@pytest.mark.parametrize("name", some(OUTSIDE, "outside entity.docx"))
def test_nothing_outside_a_file_is_read(name: str, tmp_path: Path, shim: Path, library: Path) -> None:
    """Every reading of the file named and every connection is watched, in the program and its children."""
    if name.endswith(".rtf") and find_libreoffice() is None:
        pytest.skip("SKIPPED LOUDLY: LibreOffice is not installed")
    file = tmp_path / name
    file.write_bytes(OUTSIDE[name]())
    doors = [["parse", str(file)]]
    if name.endswith(".docx"):
        doors.append(["check", str(file), "-o", str(tmp_path / "副本.docx"), "--data", str(library)])
    for words in doors:
        assert reached([sys.executable, "-m", "cli", *words], tmp_path, shim) == []


def test_control_a_reader_that_follows_an_entity_is_seen(tmp_path: Path, shim: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(OUTSIDE["feed.xml"]())
    code = (
        "import sys; from lxml import etree; etree.parse(sys.argv[1], etree.XMLParser(resolve_entities=True))"
    )
    assert reached([sys.executable, "-c", code, str(file)], tmp_path, shim) != []


def test_control_active_content_is_seen_in_the_files_themselves(tmp_path: Path) -> None:
    seen = {}
    for name, make in hostile.ACTIVE.items():
        path = tmp_path / "x.docx"
        path.write_bytes(make())
        seen[name] = archive.active_content(path)
    assert [name for name, found in seen.items() if not found] == ["path names"]


def test_control_the_network_watch_sees_a_look_up_and_a_connection(tmp_path: Path, shim: Path) -> None:
    net = tmp_path / "net"
    code = (
        "import socket\n"
        "try: socket.create_connection(('192.0.2.7', 9), timeout=0.01)\nexcept OSError: pass\n"
        "try: socket.getaddrinfo('canary.invalid', 80)\nexcept OSError: pass\n"
        "s = socket.socket(type=socket.SOCK_DGRAM)\n"
        "try: s.sendto(b'x', ('192.0.2.7', 53))\nexcept OSError: pass\n"
    )
    watched = {**os.environ, "LD_PRELOAD": str(shim), "FAULT_NET": str(net)}
    subprocess.run([sys.executable, "-c", code], env=watched, check=True)
    kinds = [line.split()[0] for line in net.read_text().splitlines()]
    assert {"connect", "lookup", "sendto"} <= set(kinds)


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="SKIPPED LOUDLY: no symbolic links here")
def test_links_out_of_a_folder_are_not_followed(tmp_path: Path, theatre: Theatre) -> None:
    folder, secret = tmp_path / "in", tmp_path / "secret.txt"
    folder.mkdir()
    secret.write_text("机密规定\n第一条 机密。\n", "utf-8")
    (folder / "好.txt").write_text("某市规定\n第一条 应当检查。\n", "utf-8")
    (folder / "link.txt").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path)
    ran = theatre.run("add", folder, "--no-index", "--json", "--data", tmp_path / "d")
    assert json.loads(ran.out)["added"] == ["好.txt"]
