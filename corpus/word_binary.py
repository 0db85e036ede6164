"""Reads .doc, .rtf, .wps and Word 2003 XML: LibreOffice converts to .docx in a throwaway profile.

The profile forbids macros, active content and updating of links; it lies in a temporary folder that is
deleted when this process ends. Without LibreOffice one sentence says what to do.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from corpus import word
from corpus.document import Reading, Remark
from corpus.errors import InputRefused
from corpus.limits import GIB, more_memory, page_done
from corpus.sniff import OLE

SECONDS = 25
_MEMORY = 6 * GIB  # LibreOffice maps far more than it uses
_FIB = b"\xec\xa5"  # the magic of Word's file information block, at the start of the stream WordDocument
_ENCRYPTED = 0x01  # bit 8 of the flags at offset 10 (MS-DOC 2.5.2, fEncrypted)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
 oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def read(path: Path) -> Reading:
    """The lines of an old Word file. Raises InputRefused without LibreOffice and for what it cannot open."""
    program = find_libreoffice()
    if program is None:
        raise InputRefused(
            "旧版 .doc 文件需要 LibreOffice 转换，本机没有安装。",
            "请安装 LibreOffice，或在 Word 中另存为 .docx。",
        )
    _refuse_encrypted(path)
    page_done(0, 1)  # the conversion is one step; the time of what came before is not its own
    with tempfile.TemporaryDirectory(prefix="zeren-doc-") as folder:
        converted = _convert(program, path, Path(folder))
        reading = word.read(converted)
    remarks = (Remark("converted", "旧版 Word 格式，经 LibreOffice 转换后读取"), *reading.remarks)
    return replace(reading, format="doc", remarks=remarks)


@functools.cache
def find_libreoffice() -> str | None:
    """The path of LibreOffice's program; None when it is not installed."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return found
    usual = {
        "darwin": ["/Applications/LibreOffice.app/Contents/MacOS/soffice"],
        "win32": [
            rf"{root}\LibreOffice\program\soffice.com"
            for root in (os.environ.get("PROGRAMFILES", ""), os.environ.get("PROGRAMFILES(X86)", ""))
        ],
    }
    return next((p for p in usual.get(sys.platform, []) if Path(p).is_file()), None)


def _refuse_encrypted(path: Path) -> None:
    with path.open("rb") as stream:
        if not stream.read(8).startswith(OLE):
            return
        stream.seek(512)  # the header fills the first sector
        while sector := stream.read(512):
            if sector.startswith(_FIB) and len(sector) > 11:
                if sector[11] & _ENCRYPTED:
                    raise InputRefused("文件已用密码加密。", "请先在 Word 中去掉密码再导入。")
                return


@functools.cache
def _profile() -> Path:
    """This process's own LibreOffice profile; made once because a fresh one costs seconds."""
    folder = Path(tempfile.mkdtemp(prefix="zeren-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    return folder


def _convert(program: str, path: Path, folder: Path) -> Path:
    """A .docx made from a copy whose name says nothing, so that no name can be an option or an address."""
    with path.open("rb") as stream:
        head = stream.read(8)
    source = folder / f"in{'.doc' if head.startswith(OLE) else '.rtf' if head.startswith(b'{') else '.xml'}"
    shutil.copyfile(path, source)
    words = [
        program,
        f"-env:UserInstallation={_profile().as_uri()}",
        "--headless",
        "--invisible",
        "--norestore",
    ]
    words += ["--nologo", "--nodefault", "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML"]
    words += ["--outdir", str(folder / "out"), str(source)]
    environment = {k: v for k, v in os.environ.items() if k.lower() not in ("http_proxy", "https_proxy")}
    try:
        with more_memory(_MEMORY):
            subprocess.run(
                words,
                check=False,
                timeout=SECONDS,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=environment,
            )
    except subprocess.TimeoutExpired as error:
        raise InputRefused(
            f"LibreOffice {SECONDS} 秒内没有转换完。", "请在 Word 中另存为 .docx 后再试。"
        ) from error
    made = next(iter((folder / "out").glob("*.docx")), None) if (folder / "out").is_dir() else None
    if made is None:
        raise InputRefused(
            "LibreOffice 打不开这个文件（可能已损坏或有密码）。", "请在 Word 中另存为 .docx 后再试。"
        )
    return made
