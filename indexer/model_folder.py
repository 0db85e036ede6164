"""What may lie in a model folder: weights and settings, nothing that runs; and the pin that vouches for it.

A pin is the file `<folder>.pin` beside the folder with its fingerprint. The shipped model has one; whoever
brings a model of their own (ZEREN_ENCODER) may lay one beside it too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import DamagedData, WrongUsage

_ALLOWED = {".json", ".safetensors", ".md", ".txt", ".model"}
_OURS = "sentence_transformers."
_REMOTE = ("auto_map", "custom_pipelines", "trust_remote_code")
_ONLY = "只接受 safetensors 权重和配置文件，不运行模型自带的程序。"


def refuse_code(folder: Path) -> None:
    """Raises WrongUsage when a model folder holds anything but weights and settings, or names code to run."""
    for file in sorted(folder.rglob("*")):
        if file.is_symlink() or (file.is_file() and file.suffix not in _ALLOWED):
            raise WrongUsage(f"编码模型里有不允许的文件：{file.name}。", _ONLY)
        if file.name.startswith("config") and file.suffix == ".json":
            settings = _read(file)
            if isinstance(settings, dict) and any(name in settings for name in _REMOTE):
                raise WrongUsage(f"编码模型的 {file.name} 要求运行外来程序。", _ONLY)
    for module in _modules(folder):
        path = Path(str(module.get("path", "")))
        if not str(module.get("type", "")).startswith(_OURS) or path.is_absolute() or ".." in path.parts:
            raise WrongUsage("编码模型的 modules.json 指定了不允许的程序。", _ONLY)


def _modules(folder: Path) -> Iterator[dict[str, Any]]:
    found = _read(folder / "modules.json")
    return (module for module in found if isinstance(module, dict)) if isinstance(found, list) else iter(())


def _read(file: Path) -> Any:
    """A settings file; None where it cannot be read (whoever needs it says so)."""
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def fingerprint(folder: Path) -> str:
    """16 hex digits over the names and bytes of the model's files (the model card left out)."""
    digest = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".md"):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def pin_of(folder: Path) -> Path:
    """Where a folder's pin lies."""
    return folder.with_name(f"{folder.name}.pin")


def write_pin(folder: Path) -> None:
    """Vouches for a folder as it is now: called by whoever made the model."""
    pin_of(folder).write_text(fingerprint(folder) + "\n", "utf-8")


def check_pin(folder: Path, name: str, *, needed: bool) -> None:
    """Raises DamagedData when a folder's fingerprint is not that of its pin, or a needed pin is missing."""
    try:
        pinned = pin_of(folder).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        if not needed:
            return
        pinned = ""
    if pinned != name:
        raise DamagedData(
            f"编码模型与发布时不一致：{folder.name}。", "请重新安装程序，或核对模型的来源和 .pin 文件。"
        )
