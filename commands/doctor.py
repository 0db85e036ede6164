"""zeren doctor: what is missing on this machine, and what that costs."""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from commands.console import Row, add_reading, data_folder, print_json, show
from corpus.errors import ZerenError
from corpus.word_binary import find_libreoffice

FONTS = ("仿宋_GB2312", "楷体_GB2312", "方正小标宋简体", "黑体")
SPACE = 2 * 2**30
# module → what is lost without it, and whether the program is of no use then
PACKAGES = (
    ("numpy", "不能建立索引和检索", True),
    ("faiss", "不能建立索引和语义检索", True),
    ("numba", "不能检索", True),
    ("safetensors", "不能载入编码模型", True),
    ("tokenizers", "不能载入编码模型", True),
    ("lxml", "不能读 Word、OFD 和网页文件", True),
    ("docx", "不能读写 Word 文件", True),
    ("docxtpl", "不能用本单位的文书模板", False),
    ("openpyxl", "不能读写 Excel 文件", True),
    ("pdfplumber", "不能读 PDF 文件", True),
    ("rapidocr_onnxruntime", "不能识别扫描件和图片中的文字", False),
    ("streamlit", "不能打开网页界面", True),
    ("sentence_transformers", "只能用随程序的编码模型，不能换用其他模型（ZEREN_ENCODER）", False),
    ("torch", "只能用随程序的编码模型，不能换用其他模型（ZEREN_ENCODER）", False),
    ("genanki", "不能导出 Anki 卡片", False),
    ("pptx", "不能导出幻灯片", False),
)


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Registers the command on the terminal's router."""
    doctor = commands.add_parser("doctor", help="what is missing on this machine, and what that costs")
    add_reading(doctor)
    doctor.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One row a check. Exit status 1 when something is missing that the program cannot do without."""
    rows = list(checks(data_folder(args)))
    if args.json:
        print_json({"checks": rows})
    else:
        for row in rows:
            show(f"{'有' if row['ok'] else '缺'}　{row['name']}{'' if row['ok'] else '：' + row['cost']}")
    return 1 if any(row["needed"] and not row["ok"] for row in rows) else 0


def checks(data: Path) -> Iterator[Row]:
    """Every check of this machine."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield _row(f"Python {version}", sys.version_info >= (3, 11), "需要 Python 3.11 以上", needed=True)
    for module, cost, needed in PACKAGES:
        yield _row(module, importlib.util.find_spec(module) is not None, cost, needed=needed)
    yield _encoder()
    yield _recognition()
    office = find_libreoffice() is not None
    yield _row("LibreOffice", office, "不能读 .doc、.rtf 和 .wps（可先另存为 .docx），网页上没有文书预览")
    yield from _fonts()
    limits = sys.platform != "win32"
    yield _row("读取进程的内存上限", limits, "来路不明的大文件可能占满内存（时间和大小仍有限制）")
    yield _space(data)


def _row(name: str, ok: bool, cost: str, *, needed: bool = False) -> Row:
    return {"name": name, "ok": ok, "cost": "" if ok else cost, "needed": needed}


def _encoder() -> Row:
    from indexer.embedding import open_encoder

    name = "编码模型" + ("（ZEREN_ENCODER）" if os.environ.get("ZEREN_ENCODER") else "")
    try:
        open_encoder()
    except ZerenError as error:
        return _row(name, False, f"不能建立索引和检索：{error}", needed=True)
    return _row(name, True, "", needed=True)


def _recognition() -> Row:
    """The models of the recogniser come with its package; a package stripped of them recognises nothing."""
    spec = importlib.util.find_spec("rapidocr_onnxruntime")
    home = Path(spec.origin).parent if spec is not None and spec.origin else None
    models = list(home.rglob("*.onnx")) if home else []
    return _row("文字识别模型", len(models) >= 2, "不能识别扫描件和图片中的文字；请先换成有文字层的文件")


def _fonts() -> Iterator[Row]:
    cost = "文书在本机显示为替代字体；文件里写的仍是规定字体，装有该字体的电脑会正常显示"
    found = _installed_fonts()
    if found is None:
        yield _row("字体检查（fc-list）", False, "不能检查本机字体；" + cost)
        return
    for font in FONTS:
        yield _row(f"字体 {font}", font in found, cost)
    chinese = any(
        word in found for word in ("CJK", "Han", "Song", "宋", "SimSun", "Ming", "WenQuanYi", "Fang")
    )
    yield _row("任一中文字体", chinese, "打印和网页预览会出现方框")


def _installed_fonts() -> str | None:
    """The names of the fonts here, None where that cannot be told."""
    if os.name == "nt":
        return _windows_fonts(Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts")
    lister = shutil.which("fc-list")
    if lister is None:
        return None
    return subprocess.run([lister, ":", "family"], capture_output=True, text=True, check=False).stdout


def _windows_fonts(folder: Path) -> str:
    known = {"simfang.ttf": "仿宋_GB2312", "simkai.ttf": "楷体_GB2312", "simhei.ttf": "黑体 Song"}
    known["fzxbsjw.ttf"] = "方正小标宋简体"
    files = {path.name.lower() for path in folder.glob("*")} if folder.is_dir() else set()
    return " ".join(name for file, name in known.items() if file in files)


def _space(data: Path) -> Row:
    folder = next(path for path in (data.absolute(), *data.absolute().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    ok = free > SPACE and bool(os.access(folder, os.W_OK))
    cost = "需要 2 GiB 以上空间和写入权限，用于文本库和索引"
    return _row(f"数据文件夹 {data}（可用 {free / 2**30:.1f} GiB）", ok, cost, needed=True)
