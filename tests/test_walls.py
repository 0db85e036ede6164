"""The walls of docs/architecture.md that import-linter cannot say: each library has one home."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("corpus", "indexer", "retriever", "generator", "commands", "screens")
HOMES = {
    "streamlit": {"app.py", "screens/"},
    "faiss": {"indexer/dense.py"},
    "numba": {"indexer/compiled.py"},
    "sentence_transformers": {"indexer/embedding.py"},
    "pymilvus": {"retriever/milvus_store.py"},
    "lightgbm": {"retriever/ranker.py"},
    "pdfplumber": {"corpus/pdf.py"},
    "rapidocr_onnxruntime": {"corpus/ocr.py"},
    "sqlite3": {
        "corpus/database.py",
        "corpus/migrations.py",
        "corpus/saved_work.py",  # what users keep: many save at once, and it is no part of corpus.db
        "indexer/register.py",
        "indexer/register_writer.py",
        "indexer/register_update.py",
    },
    "docx": {"corpus/", "generator/"},
}
SOURCES = sorted(
    [p for name in PACKAGES for p in (ROOT / name).rglob("*.py")] + [ROOT / "app.py", ROOT / "cli.py"]
)


def imported(source: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("library", sorted(HOMES))
def test_each_library_has_one_home(library: str) -> None:
    users = {str(p.relative_to(ROOT)) for p in SOURCES if library in imported(p)}
    strays = [user for user in users if not any(user.startswith(home) for home in HOMES[library])]
    assert strays == []
    assert users or library == "lightgbm", f"{library} is used nowhere: take it out of the walls"


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_readable(source: Path) -> None:
    assert len(source.read_text(encoding="utf-8").splitlines()) <= 400
    assert source.stem not in {"utils", "helpers", "common", "base", "manager"}
