"""Child processes that read: results come back whole, limits end a reader, the parent goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import isolation, reading, structure, wire
from corpus.document import Line, Reading, Remark
from corpus.errors import InputRefused
from corpus.isolation import Reader
from corpus.limits import MIB, Limits

LAW = "某市消防办法\n第一条 为了安全，制定本办法。\n第二条 单位应当：\n（一）培训；\n（二）检查。\n"


def law(folder: Path, name: str, text: str = LAW) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_child_reads_what_the_parent_would(tmp_path: Path) -> None:
    path = law(tmp_path, "地方法规/某市消防办法(2020-01-02).txt")
    source = "地方法规/某市消防办法(2020-01-02).txt"
    with Reader() as reader:
        there = reader.read_document(path, source=source)
        assert reader.read(path).lines == reading.read(path).lines
    assert there == structure.read_document(path, source=source)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["社会法/安全生产法(2021-06-10).md", "行政法规/飞行基本规则(2007-10-18).md"])
def test_a_document_survives_the_wire(shared: Path, name: str) -> None:
    document = structure.read_document(shared / "laws" / name, source=name)
    body = wire.document_to_json(document)
    assert wire.document_from_json(body) == document
    with pytest.raises((ValueError, KeyError, TypeError)):
        wire.document_from_json(body[:-40] + b"]}")


TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(TEXT, st.booleans())), st.lists(st.tuples(TEXT, TEXT)))
def test_a_reading_survives_the_wire(lines: list[tuple[str, bool]], remarks: list[tuple[str, str]]) -> None:
    """Any text at all, lone surrogates and controls too."""
    rows = tuple(Line(text, number, table=table) for number, (text, table) in enumerate(lines))
    value = Reading(rows, "txt", tuple(Remark(code, message) for code, message in remarks), None)
    assert wire.reading_from_json(wire.reading_to_json(value)) == value


def test_a_folder_in_order_with_refusals_between(tmp_path: Path) -> None:
    paths = [law(tmp_path, f"子 目录/办法{n}.txt") for n in range(12)]
    paths[3].write_bytes(b"")
    paths[7] = law(tmp_path, "坏.pdf", "%PDF-1.4 nothing")
    paths[9] = tmp_path / "没有.txt"
    with Reader(workers=2) as reader:
        results = list(reader.read_all(iter(paths), root=tmp_path))
    assert [path for path, _ in results] == paths
    refused = {path.name: result for path, result in results if isinstance(result, InputRefused)}
    assert sorted(refused) == sorted(["办法3.txt", "坏.pdf", "没有.txt"])
    for name, refusal in refused.items():
        assert name in refusal.message
        assert refusal.next_step


def test_closing_early_leaves_no_child(tmp_path: Path) -> None:
    paths = [law(tmp_path, f"{n}.txt") for n in range(40)]
    with Reader(workers=2) as reader:
        results = reader.read_all(paths)
        next(results)
        children = [child._process for child in reader._children]
    assert all(child is not None and child.poll() is not None for child in children)


CHILD = """
import sys, time
sys.path.insert(0, {root!r})
from corpus import reading
def read(path):
    {act}
reading.read = read
from corpus.isolated import serve
serve()
"""
MISDEEDS = [
    ("sleeps", "time.sleep(60)", "秒内没有读完"),
    ("eats memory", "x = [bytearray(1 << 26) for _ in range(400)]", "内存超过上限"),
    ("recurses", "(f := lambda: f())()", "内存超过上限"),
    ("dies", "import os; os._exit(9)", "意外结束"),
    ("raises", "raise ZeroDivisionError('x')", "ZeroDivisionError"),
    (
        "floods",
        "from corpus.document import Line, Reading; return Reading((Line('字' * (1 << 23), 1),), 'x')",
        "展开后的内容超过",
    ),
    ("prints", "print('P' * 9999); import os; os.write(1, b'R' * 99); raise SystemExit", "意外结束"),
]


@pytest.mark.parametrize(("what", "act", "words"), MISDEEDS, ids=[row[0] for row in MISDEEDS])
def test_a_reader_that_misbehaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, act: str, words: str
) -> None:
    """Each ends in one sentence, in time; the same Reader then reads an honest file in a fresh child."""
    if sys.platform == "win32" and what == "eats memory":
        pytest.skip("SKIPPED LOUDLY: this platform cannot limit a process's memory")
    path, honest = law(tmp_path, "恶意.txt"), law(tmp_path, "好.txt")
    begun = time.monotonic()
    with Reader(limits=Limits(step_seconds=3, output=8 * MIB)) as reader:
        with monkeypatch.context() as patched:
            patched.setattr(
                isolation, "_SERVE", CHILD.replace("{act}", act.replace("{", "{{").replace("}", "}}"))
            )
            with pytest.raises(InputRefused, match=words) as refusal:
                reader.read(path)
            reader._children[0]._end()
        assert reader.read(honest).lines
    assert "恶意.txt" in str(refusal.value)
    assert refusal.value.next_step
    assert time.monotonic() - begun < 20


def test_a_worn_child_is_replaced(tmp_path: Path) -> None:
    path = law(tmp_path, "a.txt")
    with Reader(limits=Limits(files_per_worker=2)) as reader:
        seen = set()
        for _ in range(6):
            assert reader.read(path).lines
            process = reader._children[0]._process
            assert process is not None
            seen.add(process.pid)
    assert len(seen) == 3


def test_a_killed_child_costs_one_file(tmp_path: Path) -> None:
    path = law(tmp_path, "a.txt")
    with Reader() as reader:
        reader.read(path)
        process = reader._children[0]._process
        assert process is not None
        process.kill()
        process.wait()
        assert reader.read(path).lines


def test_no_temporary_folder_is_left(tmp_path: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(isolation.ROOT)!r})\n"
        "from pathlib import Path\nfrom corpus.isolation import Reader\n"
        f"with Reader() as r: r.read(Path({str(law(tmp_path, 'a.txt'))!r}))\n"
    )
    folder = tmp_path / "tmp"
    folder.mkdir()
    environment = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, timeout=60)
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="SKIPPED LOUDLY: looks processes up in /proc")
def test_a_child_does_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    busy = CHILD.replace("{act}", "time.sleep(60)")
    program = (
        f"import sys; sys.path.insert(0, {str(isolation.ROOT)!r})\n"
        f"from pathlib import Path\nfrom corpus import isolation\nisolation._SERVE = {busy!r}\n"
        "r = isolation.Reader()\nprint(r._children[0]._running().pid, flush=True)\n"
        f"r.read(Path({str(law(tmp_path, 'a.txt'))!r}))\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment)
    assert parent.stdout is not None
    child = Path("/proc") / parent.stdout.readline().decode().strip()
    time.sleep(0.7)
    assert child.exists()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while child.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not child.exists()
