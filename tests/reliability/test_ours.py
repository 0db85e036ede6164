"""What we ship: version floors, nothing run that is read, no raw HTML, a local server, formula cells."""

from __future__ import annotations

import ast
import csv
import io
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from packaging.requirements import Requirement
from packaging.version import Version

from commands.serve import options
from generator import sheet, study_exports
from generator.blocks import Cell, Column, Paper, Paragraph, Table, Title
from generator.study_item import Bank
from tests.reliability.stage import ROOT

PACKAGES = ("corpus", "indexer", "retriever", "generator", "commands", "screens", "training")
SHIPPED = sorted(
    [p for name in PACKAGES for p in (ROOT / name).rglob("*.py")] + [ROOT / "app.py", ROOT / "cli.py"]
)
FLOORS = {
    "pdfminer.six": "20260107",
    "lxml": "6.1",
    "streamlit": "1.67",
    "transformers": "5.3",
}
CALLS = frozenset(
    {
        "eval",
        "exec",
        "pickle.load",
        "pickle.loads",
        "marshal.load",
        "marshal.loads",
        "torch.load",
        "joblib.load",
    }
    | {"yaml.load", "yaml.unsafe_load", "os.system", "os.popen", "shelve.open", "dill.load", "dill.loads"}
)
FORMULAE: tuple[str, ...] = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://192.0.2.7")',
    "=cmd|' /C calc'!A0",
)
FORMULAE += tuple(f"{start}{body}" for start in "=+-@" for body in ("A1", "SUM(1)", "DDE()", '"x"&1', "1%"))
FORMULAE += ("==1", "=\n1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "\n=1+1")
SIGNS = tuple("=+-@\t\r\n＝＋－＠")


def calls(source: str) -> list[str]:
    """The calls in a source that run what they read, or a shell; yaml.load with our own loader is none."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        own = name == "yaml.load" and len(node.args) == 2 and ast.unparse(node.args[1]) == "_Yaml"
        if name in CALLS and not own:
            found.append(name)
        for word in node.keywords:
            truth = isinstance(word.value, ast.Constant) and word.value.value is True
            if truth and word.arg in ("shell", "allow_pickle", "unsafe_allow_html", "trust_remote_code"):
                found.append(f"{name}({word.arg})")
    return found


def test_nothing_we_ship_runs_what_it_reads() -> None:
    found = {str(path.relative_to(ROOT)): calls(path.read_text("utf-8")) for path in SHIPPED}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("import pickle\npickle.loads(x)", ["pickle.loads"]),
        ("import numpy as np\nnp.load(p, allow_pickle=True)", ["np.load(allow_pickle)"]),
        ("st.markdown(text, unsafe_allow_html=True)", ["st.markdown(unsafe_allow_html)"]),
        ("yaml.load(text, yaml.Loader)", ["yaml.load"]),
        ("subprocess.run(words, shell=True)", ["subprocess.run(shell)"]),
    ],
)
def test_control_a_planted_call_is_found(planted: str, found: list[str]) -> None:
    assert calls(planted) == found


def test_no_module_of_ours_imports_jieba() -> None:
    """Its dictionary cache is a marshal file in a shared folder: whoever writes there first runs code."""
    used = [p for p in SHIPPED if re.search(r"^\s*(?:import|from)\s+jieba\b", p.read_text("utf-8"), re.M)]
    assert used == []


@pytest.mark.long
def test_a_run_loads_no_jieba(tmp_path: Path) -> None:
    code = (
        "import sys, cli\n"
        f"for words in (['add', {str(ROOT / 'corpus/sources/starter')!r}], ['ask', '谁负责检查']):\n"
        f"    cli.main([*words, '--data', {str(tmp_path / 'd')!r}])\n"
        "sys.exit('jieba' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False).returncode
        == 0
    )


LOOP = """
from indexer.compiled import compiled

@compiled
def doubled(number):
    return 2 * number

print(doubled(21))
"""


def kept(folder: Path, home: Path, **more: str) -> list[Path]:
    """The files that a compiled loop leaves behind: pickles, as a .pyc is code."""
    (folder / "loop.py").write_text(LOOP, "utf-8")
    cleared = {name: words for name, words in os.environ.items() if not name.startswith(("NUMBA", "XDG"))}
    told = subprocess.run(
        [sys.executable, str(folder / "loop.py")],
        env={**cleared, "PYTHONPATH": str(ROOT), "HOME": str(home), **more},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stdout == "42\n", told.stderr
    return [path for path in folder.parent.rglob("*.nb[ic]") if path.is_file()]


def open_to_others(files: list[Path]) -> list[str]:
    """Files, or folders above them, that another account may write or owns."""
    mine = Path.home().stat().st_uid if sys.platform == "win32" else os.geteuid()
    places = {place for file in files for place in (file, file.parent)}
    return [str(p) for p in places if p.stat().st_mode & 0o022 or p.stat().st_uid != mine]


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files")
@pytest.mark.parametrize("locator", ["InTreeCacheLocator", "UserWideCacheLocator"])
def test_compiled_loops_are_kept_where_nobody_else_writes(locator: str, tmp_path: Path) -> None:
    """Beside the module, as its .pyc, or in the user's own cache; the control is a folder all may write."""
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    home.mkdir(mode=0o700)
    files = kept(folder, home, NUMBA_CACHE_LOCATOR_CLASSES=locator)
    assert files
    assert all(path.is_relative_to(folder if locator.startswith("InTree") else home) for path in files)
    assert open_to_others(files) == []
    files[0].parent.chmod(0o777)
    assert open_to_others(files) == [str(files[0].parent)]


def test_no_module_of_ours_moves_the_kept_loops() -> None:
    assert [p for p in SHIPPED if "NUMBA_CACHE" in p.read_text("utf-8")] == []


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_versions_with_known_holes_are_kept_out(name: str) -> None:
    """By the range in pyproject.toml and by what is installed; the control is the version below the floor."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    ranges = {Requirement(line).name: Requirement(line).specifier for line in stated}
    floor = FLOORS[name]
    below = str(int(floor) - 1) if "." not in floor else f"{floor.split('.')[0]}.0"
    assert floor in ranges[name]
    assert below not in ranges[name]
    assert Version(metadata.version(name)) >= Version(floor)


def pins() -> dict[str, Requirement]:
    """What constraints.txt says, by name."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    stated = [Requirement(line) for line in lines if line.strip() and not line.startswith(("#", "-"))]
    return {one.name.lower().replace("_", "-"): one for one in stated}


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_a_build_takes_no_version_below_a_floor(name: str) -> None:
    (pin,) = pins()[name].specifier
    assert pin.operator == "=="
    assert Version(pin.version) >= Version(FLOORS[name])


def test_every_dependency_is_pinned_for_a_build() -> None:
    """constraints.txt names the version of everything we require; a range alone would drift."""
    held = pins()
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = [Requirement(line).name.lower().replace("_", "-") for line in stated]
    loose = [n for n in names if n not in held or not str(held[n].specifier).startswith("==")]
    assert [n for n in loose if n != "torch"] == []  # torch: one exact version in pyproject itself


def test_the_server_is_local_protected_and_silent() -> None:
    words = " ".join(options("127.0.0.1", 8501, Path("secrets.toml")))
    for setting in (
        "--server.address 127.0.0.1",
        "--server.enableXsrfProtection true",
        "--server.enableCORS true",
        "--browser.gatherUsageStats false",
        "--client.showErrorDetails none",
        "--server.headless true",
    ):
        assert setting in words
    limit = re.search(r"--server\.maxUploadSize (\d+)", words)
    assert limit
    assert int(limit[1]) <= 200


def test_the_settings_file_says_the_same() -> None:
    """For whoever runs `streamlit run app.py` without `zeren serve`."""
    path = ROOT / ".streamlit" / "config.toml"
    if not path.exists():
        pytest.skip("SKIPPED LOUDLY: no .streamlit/config.toml; `zeren serve` sets every option")
    value = tomllib.loads(path.read_text("utf-8"))
    assert value["server"].get("enableXsrfProtection", True) is True
    assert value["browser"]["gatherUsageStats"] is False
    assert value["client"]["showErrorDetails"] in ("none", False)


def test_no_cell_becomes_a_formula(tmp_path: Path) -> None:
    """Thirty beginnings in every field of both kinds of sheet, as a spreadsheet opens them."""
    assert len(FORMULAE) >= 30
    for text in FORMULAE:
        rows = sheet.write_rows([text] * 4, [[text] * 4] * 3, tmp_path / "rows.xlsx", title="数据")
        table = Table((Column(text, 1.0), Column(text, 1.0)), ((Cell.of(text), Cell.of(text)),), text)
        paper = Paper((Title(text), table, Paragraph.of(text)), "表")
        for path, filled in ((rows, 16), (sheet.write_paper(paper, tmp_path / "paper.xlsx"), 7)):
            cells = [cell for row in load_workbook(path).worksheets[0].iter_rows() for cell in row]
            assert sum(cell.value is not None for cell in cells) == filled, text
            assert [cell.coordinate for cell in cells if cell.data_type == "f"] == [], text


def test_no_cell_of_a_csv_becomes_a_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A CSV has no kinds of cells: there the first letter decides. Every field, every beginning."""
    for text in FORMULAE:
        assert text.startswith(SIGNS), "the control: written as it is, it would be a formula"
        fields = [text] * len(study_exports.FIELDS)
        monkeypatch.setattr(study_exports, "rows_of", lambda *_, fields=fields: [fields])
        path = study_exports.write_csv(Bank((), 1, "2026-01-01"), tmp_path / "a.csv")
        _, cells = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
        assert len(cells) == len(fields)
        assert [cell for cell in cells if cell.startswith(SIGNS)] == [], text


def test_control_openpyxl_alone_makes_formulas(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "=1+1"
    book.save(tmp_path / "x.xlsx")
    assert load_workbook(tmp_path / "x.xlsx").worksheets[0]["A1"].data_type == "f"
